"""Enrichment of one article: text → language → names and places → times → events. Pure: no clock but for timing.

A step that fails leaves what the others found: the document is then ``partial`` and
carries the reason. Nothing an article contains makes this raise.
"""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from newswire.article import Article, Source
from newswire.enriched import Dateline, DateMention, Enriched, Entity, Event, Location, Place
from newswire.reasons import Reason
from services.enrich.core import MODEL, VERSION, bare
from services.enrich.dates import find_times
from services.enrich.entities import Finder
from services.enrich.entities.salience import entities
from services.enrich.events import detect
from services.enrich.model import Name, Text, Time
from services.enrich.places import gazetteer
from services.enrich.places.collect import places
from services.enrich.places.gazetteer import Gazetteer
from services.enrich.places.toponym import Toponym
from services.enrich.tagger import Tagger
from services.enrich.text import build
from services.enrich.text.language import language, primary

# Twenty times a long read: what is longer is a table or an archive, and would hold up its partition.
TEXT_CAP = 200_000

_log = logging.getLogger(__name__)

_FIRST = Article(
    id="0" * 32,
    revision=0,
    title="First",
    body="On Friday France's foreign ministry said that two people were killed in Paris.",
    source=Source(path="", format="", bytes=0, sha256=""),
)

_Found = TypeVar("_Found")


class Enricher:
    """Everything enrichment knows, loaded once per process; ``enrich`` keeps no state between articles."""

    def __init__(self, *, text_cap: int = TEXT_CAP, places: Gazetteer | None = None) -> None:
        """Load the gazetteer (building it at the very first use) and the lexicon.

        Raises ``gazetteer.GazetteerMissing`` where there is none and its sources are
        not installed.
        """
        self._cap = text_cap
        self._gazetteer = places or gazetteer.load()
        self._finder = Finder(self._gazetteer, Tagger())
        # What the steps load on demand is loaded now, not at the cost of the first article.
        self.enrich(_FIRST)

    def enrich(self, article: Article) -> Enriched:
        """The document of ``article``; the same article gives the same document but for ``milliseconds``."""
        if article.pubstatus == "canceled":
            return bare(article, "skipped", [])
        began = time.perf_counter()
        steps = _Steps()
        empty = Text(article.body, article.title, article.caption, article.dateline, [], None)
        text: Text = steps.run(lambda: build(article, cap=self._cap), empty)
        told: str | None = steps.run(lambda: language(text.body, article.language), primary(article.language))
        nothing: tuple[list[Name], list[Toponym]] = ([], [])
        names, toponyms = steps.run(lambda: self._finder.find(text, told), nothing)
        found_places: list[Place] = steps.run(lambda: places(names, toponyms, self._gazetteer), [])
        times: list[Time] = steps.run(lambda: find_times(text, told), [])
        # The rules for events are English; on another language they would only invent.
        events: list[Event] = steps.run(lambda: detect(text, names, times) if told in (None, "en") else [], [])
        found_entities: list[Entity] = steps.run(lambda: entities(names, text), [])
        document = bare(article, "partial" if steps.failed else "ok", [Reason.ENRICHMENT_CRASH] if steps.failed else [])
        document = msgspec.structs.replace(
            document,
            updated_at=article.updated_at,
            language=told,
            dateline=_dateline(text, names),
            entities=found_entities,
            places=found_places,
            dates=_dates(times),
            events=events,
            **_flat(names, found_places, events),
        )
        enrichment = msgspec.structs.replace(
            document.enrichment,
            version=VERSION,
            model=MODEL,
            milliseconds=round((time.perf_counter() - began) * 1000),
            truncated=len(text.body) < len(article.body),
        )
        return msgspec.structs.replace(document, enrichment=enrichment)


class _Steps:
    """Runs the steps one by one and remembers whether one failed."""

    def __init__(self) -> None:
        self.failed = False

    def run(self, step: Callable[[], _Found], otherwise: _Found) -> _Found:
        try:
            return step()
        except Exception as error:  # whatever a step does wrong, the article goes on without it
            # Not the exception's own words: they may quote a text that must stay out of the log.
            last = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("a step of enrichment failed: %s at %s:%s", type(error).__name__, last.filename, last.lineno)
            self.failed = True
            return otherwise


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
