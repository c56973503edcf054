"""All names of an article, decided and resolved."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from newswire.enriched import Field
from services.enrich.entities.chains import mentions
from services.enrich.entities.decide import decide
from services.enrich.entities.join import Joiner
from services.enrich.entities.knowledge import Knowledge
from services.enrich.entities.mention import Mention
from services.enrich.entities.patterns import formed
from services.enrich.entities.scan import Scan, scan
from services.enrich.lexicon.countries import countries
from services.enrich.model import Name, Text
from services.enrich.places.collect import identity as identity_of
from services.enrich.places.gazetteer import Candidate, Gazetteer
from services.enrich.places.layout import ADMIN1, ADMIN2, COUNTRY, NAME
from services.enrich.places.lists import Placed, lists
from services.enrich.places.resolve import Worth, resolve
from services.enrich.places.spellings import bare
from services.enrich.places.toponym import Toponym
from services.enrich.tagger.choice import Namer
from services.enrich.text.fold import matching

_FIELDS: Final[tuple[Field, ...]] = ("title", "dateline", "caption", "body")
# A container stands right after the place it contains: "Paris, Texas", "Paris (Texas)", "Paris, in the state of Texas".
_WITHIN: Final = re.compile(
    r", | \(|(,?(?: located| situated| based|, an?(?: [a-z-]+){1,4})? in (?:the )?"
    r"(?:(?:[a-z-]+ ){0,3}[a-z]+ of |(?:[a-z-]+ern|central|neighbou?ring) )?"
    r"| (?:area|section|part|district|suburb|neighbou?rhood) of )"
)
_SAID_IN: Final = 0.5  # as sure as "in" is: "Moscow in Ukraine" is no town
# What bears a place's name is not the place: the West Nile virus, Lassa fever, US$5.
_NAMED_AFTER: Final = re.compile(
    r"\$|[ -](?:ebola|hanta)?virus(?:es)?\b| (?:ha?emorrhagic )?fever\b| Flu\b| encephalitis\b| syndrome\b"
)
_DATELINE: Final = 6.0
_LARGE: Final = 100_000


class Ruled(NamedTuple):
    """The fields of an article, and the mentions that lexicons and rules found in them, in order."""

    scans: list[Scan]
    mentions: list[Mention]


class Finder:
    """Finds names; built once per process, holds no state between articles."""

    def __init__(self, gazetteer: Gazetteer, tagger: Namer | None = None) -> None:
        """Without a ``tagger`` the lexicons and rules decide alone."""
        self._gazetteer = gazetteer
        self._knowledge = Knowledge()
        self._joiner = Joiner(tagger, self._knowledge, gazetteer) if tagger else None
        self._capitals = frozenset(c.capital_id for c in countries().values() if c.capital_id)
        self._worth = Worth(self._capitals)

    def find(self, text: Text, language: str | None = None) -> tuple[list[Name], list[Toponym]]:
        """The names of all fields in the order title, dateline, caption, body, and the toponyms behind the places.

        ``language`` is the article's (BCP 47), None for English. In another language
        the rules for English do not hold: only large and unmistakable places are named.
        """
        scans, decided = self.rules(text, language)
        if self._joiner and _english(language):
            decided = self._joiner.join(scans, {one.field: self._starts(text, one.field) for one in scans}, decided)
        plains = {one.field: one.plain for one in scans}
        for mention in decided:
            if mention.type == "place" and _NAMED_AFTER.match(plains[mention.field], mention.end):
                mention.type, mention.toponym, mention.canonical = "other", None, None
        places = [mention for mention in decided if mention.type == "place" and mention.toponym]
        votes: Counter[str] = Counter(mention.country for mention in decided if mention.country)
        toponyms = [mention.toponym for mention in places if mention.toponym]
        lists([Placed(plains[m.field], m.start, m.end, m.toponym) for m in places if m.toponym])
        resolve(toponyms, votes, self._worth)
        return [self._name(mention) for mention in decided], toponyms

    def rules(self, text: Text, language: str | None = None) -> Ruled:
        """What lexicons and rules alone find; the tagger reads it, and is trained on it."""
        scans = [
            scan(field, content, self._starts(text, field), self._knowledge, self._gazetteer)
            for field in _FIELDS
            if (content := getattr(text, field))
        ]
        found: list[Mention] = []
        for scanned in scans:
            of_form, of_words = list(_formed(scanned)), mentions(scanned)
            found += _without_overlaps([*of_form, *of_words]) if of_form else of_words
        self._cue_datelines(text, found)
        _contain(scans, found)
        return Ruled(scans, decide(found) if _english(language) else _unmistakable(found))

    def _starts(self, text: Text, field: Field) -> Sequence[int]:
        if field != "body":
            return [0]
        return [sentence.start for sentence in text.sentences] or [0]

    def _cue_datelines(self, text: Text, found: Sequence[Mention]) -> None:
        for mention in found:
            in_body = mention.field == "body" and text.head and mention.start < text.head[1]
            if (mention.field == "dateline" or in_body) and mention.toponym:
                mention.place += _DATELINE
                mention.certain = True  # in capitals throughout, so that the tagger sees no name

    def _name(self, mention: Mention) -> Name:
        sense = mention.toponym.sense if mention.toponym else None
        entry = mention.entry
        canonical = mention.canonical or mention.text
        identity = entry.id if entry else mention.identity
        country = entry.country if entry else mention.country
        state = entry.state_actor if entry else False
        geonameid = None
        if mention.type == "place" and sense:
            country, geonameid = sense.country, sense.geonameid
            state = sense.kind is COUNTRY or sense.geonameid in self._capitals
            identity = identity_of(sense)
            canonical = _division_name(mention, sense) if sense.kind in (ADMIN1, ADMIN2) else sense.name
        return Name(
            mention.start,
            mention.end,
            mention.field,
            mention.text,
            mention.type or "other",
            canonical,
            identity,
            country,
            geonameid,
            state,
        )


def _english(language: str | None) -> bool:
    return language is None or language.lower().partition("-")[0] in ("en", "eng", "")


def _unmistakable(found: Sequence[Mention]) -> list[Mention]:
    """Countries, divisions and cities of 100,000 and more, by their own names, within a sentence."""
    kept = []
    for mention in found:
        if mention.toponym is None or mention.shy:
            continue
        plain_names = [c for c in mention.toponym.candidates if c.quality is NAME and c.population >= _LARGE]
        if plain_names:
            mention.type = "place"
            kept.append(mention)
    return kept


def _division_name(mention: Mention, sense: Candidate) -> str:
    """A division as the article calls it, "Donetsk region", where it uses the division's own name."""
    if matching(bare(sense.name)) != mention.surface:
        return sense.name
    return f"{bare(sense.name)} {mention.noun}".rstrip()


def _formed(scanned: Scan) -> Iterator[Mention]:
    for name in formed(scanned.plain):
        yield Mention(
            start=name.start,
            end=name.end,
            field=scanned.field,
            text=scanned.original[name.start : name.end],
            surface=name.canonical,
            words=2,
            type=name.type,
            canonical=name.canonical,
            country=name.country,
            identity=name.id,
            certain=True,
        )


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    """The longest of those that overlap; what comes first in ``found`` where they are equally long."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda mention: (mention.start, mention.start - mention.end)):
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start:
                kept[-1] = mention
        else:
            kept.append(mention)
    return kept


def _contain(scans: Sequence[Scan], found: Sequence[Mention]) -> None:
    """Tell each place of the place named right after it, after a comma; "Calif." counts only there."""
    plains = {scanned.field: scanned.plain for scanned in scans}
    for mention, after in pairwise(found):
        if mention.field != after.field or mention.toponym is None or after.toponym is None:
            continue
        between = _WITHIN.fullmatch(plains[mention.field], mention.end, after.start)
        if between is None:
            continue
        inner, outer = mention.toponym, after.toponym
        if any(
            (one.kind is COUNTRY and one.country == other.country and other.kind is not COUNTRY)
            or other.admin1 == one.record
            for one in outer.candidates
            for other in inner.candidates
        ):
            inner.container, outer.holds = outer, inner
            if between[1]:
                inner.inside = _SAID_IN
            else:
                mention.place += 3.0
                after.place += 3.0


__all__ = ["Finder"]
