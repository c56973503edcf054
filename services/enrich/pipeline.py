"""Enrichment of one article: text → language → names and places → times → quotations → events.

Pure: no clock but for timing. A step that fails leaves what the others found: the document is then ``partial`` and
carries the reason. Nothing an article contains makes this raise.
"""

import logging
import time
import traceback
from collections.abc import Callable, Sequence

import msgspec

from newswire.article import Article, Source
from newswire.enriched import Dateline, DateMention, Enriched, EnrichmentStatus, Entity, Event, Location, Place, Quote
from newswire.reasons import Reason
from services.enrich.core import MODEL, VERSION, SoFar, bare, nobody
from services.enrich.dates import find_times
from services.enrich.entities import Finder
from services.enrich.entities.salience import entities
from services.enrich.events import detect
from services.enrich.model import Name, Text, Time
from services.enrich.places import gazetteer
from services.enrich.places.collect import places
from services.enrich.places.gazetteer import Gazetteer
from services.enrich.places.toponym import Toponym
from services.enrich.settings import OWN
from services.enrich.tagger import choice
from services.enrich.text import build
from services.enrich.text.language import language, primary
from services.enrich.text.quotes import find_quotes

# Twenty times a long read: what is longer is a table or an archive, and would hold up its partition.
TEXT_CAP = 200_000
# A hundred times a usual article: what takes longer may never end.
SLOW = 1.0  # seconds

_log = logging.getLogger(__name__)

_FIRST = Article(
    id="0" * 32,
    revision=0,
    title="First",
    body="On Friday France's foreign ministry said that two people were killed in Paris.",
    source=Source(path="", format="", bytes=0, sha256=""),
)


class Enricher:
    """Everything enrichment knows, loaded once per process; ``enrich`` keeps no state between articles."""

    def __init__(
        self, *, text_cap: int = TEXT_CAP, tagger: str = OWN, slow: float = SLOW, places: Gazetteer | None = None
    ) -> None:
        """Load the gazetteer (building it at the very first use) and the lexicon.

        ``tagger`` is a value of NEWSWIRE_TAGGER; an article that takes more than ``slow``
        seconds is told of while it is at work. Raises ``gazetteer.GazetteerMissing`` where
        there is none and its sources are not installed, ``spacy.SpacyMissing`` likewise.
        """
        self._cap = text_cap
        self._slow = slow
        self._gazetteer = places or gazetteer.load()
        self._finder = Finder(self._gazetteer, choice.tagger(tagger))
        self._model = MODEL if tagger == OWN else tagger
        # What the steps load on demand is loaded now, not at the cost of the first article.
        self.enrich(_FIRST)

    def enrich(self, article: Article, so_far: SoFar = nobody) -> Enriched:
        """The document of ``article``; the same article gives the same document but for ``milliseconds``.

        ``so_far`` is given the ``partial`` document after each step of an article that is
        slow: whoever stops waiting has that.
        """
        if article.pubstatus == "canceled":
            return bare(article, "skipped", [])
        began = time.perf_counter()
        found = _Findings(article)

        def tell() -> None:
            if time.perf_counter() - began > self._slow:
                so_far(self._document(found, "partial", [Reason.ENRICHMENT_TIMEOUT], began))

        steps = _Steps(tell)
        steps.run(lambda: found.read(build(article, cap=self._cap)))
        steps.run(lambda: found.in_language(language(found.text.body, article.language)))
        steps.run(lambda: found.named(self._finder))
        steps.run(lambda: found.located(self._gazetteer))
        steps.run(found.told_apart)
        steps.run(found.timed)
        steps.run(found.quoted)
        steps.run(found.reported)
        if steps.failed:
            return self._document(found, "partial", [Reason.ENRICHMENT_CRASH], began)
        return self._document(found, "ok", [], began)

    def _document(self, found: "_Findings", status: EnrichmentStatus, errors: list[str], began: float) -> Enriched:
        """What was found as a document."""
        article, text = found.article, found.text
        document = msgspec.structs.replace(
            bare(article, status, errors),
            updated_at=article.updated_at,
            language=found.language,
            dateline=_dateline(text, found.names),
            entities=found.entities,
            places=found.places,
            dates=_dates(found.times),
            quotes=found.quotes,
            events=found.events,
            **_flat(found.names, found.places, found.events),
        )
        enrichment = msgspec.structs.replace(
            document.enrichment,
            version=VERSION,
            model=self._model,
            milliseconds=round((time.perf_counter() - began) * 1000),
            truncated=len(text.body) < len(article.body),
        )
        return msgspec.structs.replace(document, enrichment=enrichment)


class _Findings:
    """What the steps found of an article so far; each adds its own, all of it or nothing."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = Text(article.body, article.title, article.caption, article.dateline, [], None)
        self.language = primary(article.language)
        self.names: list[Name] = []
        self.toponyms: list[Toponym] = []
        self.entities: list[Entity] = []
        self.places: list[Place] = []
        self.times: list[Time] = []
        self.quotes: list[Quote] = []
        self.events: list[Event] = []

    def read(self, text: Text) -> None:
        """The text, divided."""
        self.text = text

    def in_language(self, told: str | None) -> None:
        """The language it is in."""
        self.language = told

    def named(self, finder: Finder) -> None:
        """Names."""
        self.names, self.toponyms = finder.find(self.text, self.language)

    def located(self, known: Gazetteer) -> None:
        """Where the places among them are."""
        self.places = places(self.names, self.toponyms, known)

    def told_apart(self) -> None:
        """Which names are one and the same."""
        self.entities = entities(self.names, self.text)

    def timed(self) -> None:
        """Time expressions."""
        self.times = find_times(self.text, self.language)

    def quoted(self) -> None:
        """What is quoted, and of whom."""
        self.quotes = find_quotes(self.text, self.entities, self.language)

    def reported(self) -> None:
        """Events; the rules for them are English, and on another language they would only invent."""
        if self.language in (None, "en"):
            self.events = detect(self.text, self.names, self.times)


class _Steps:
    """Runs the steps one by one and remembers whether one failed; ``done`` is called after each."""

    def __init__(self, done: Callable[[], None]) -> None:
        self.failed = False
        self._done = done

    def run(self, step: Callable[[], None]) -> None:
        """One step; whatever it does wrong, the article goes on without it."""
        try:
            step()
        except Exception as error:
            # Not the exception's own words: they may quote a text that must stay out of the log.
            last = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("a step of enrichment failed: %s at %s:%s", type(error).__name__, last.filename, last.lineno)
            self.failed = True
        self._done()


def _dateline(text: Text, names: Sequence[Name]) -> Dateline | None:
    """The dateline as written, and the first of its places that was resolved."""
    if text.dateline:
        written, inside = text.dateline, [name for name in names if name.field == "dateline"]
    elif text.head:
        start, end = text.head
        written = text.body[start:end]
        inside = [name for name in names if name.field == "body" and start <= name.start < end]
    else:
        return None
    place = next((name for name in inside if name.type == "place" and name.id is not None), None)
    return Dateline(
        text=written, place=place.canonical if place else None, geonameid=place.geonameid if place else None
    )


def _dates(times: Sequence[Time]) -> list[DateMention]:
    return [
        DateMention(text=time.text, start=time.start, end=time.end, type=time.type, value=time.value)  # type: ignore[arg-type]
        for time in sorted(times)
    ]


def _flat(
    names: Sequence[Name], found: Sequence[Place], events: Sequence[Event]
) -> dict[str, list[str] | list[Location]]:
    """The lists that Kibana filters on; sorted, without duplicates."""
    organizations = {name.canonical for name in names if name.type in ("organization", "group")}
    countries = {place.country for place in found} | {name.country for name in names if name.type == "nationality"}
    positions = sorted({(place.location.lat, place.location.lon) for place in found if place.location})
    return {
        "event_tags": sorted({event.type for event in events}),
        "people": sorted({name.canonical for name in names if name.type == "person"}),
        "organizations": sorted(organizations),
        "place_names": sorted({place.name for place in found}),
        "countries": sorted(country for country in countries if country),
        "locations": [Location(lat=lat, lon=lon) for lat, lon in positions],
    }


__all__ = ["TEXT_CAP", "Enricher"]
