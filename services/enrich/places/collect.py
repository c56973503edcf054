"""The resolved places of an article, each once, with all its mentions."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from newswire.enriched import Location, Place, PlaceKind, Span
from services.enrich.model import Name
from services.enrich.places.gazetteer import Candidate, Gazetteer
from services.enrich.places.layout import Kind
from services.enrich.places.toponym import Toponym
from services.enrich.text.fold import matching

_BETWEEN_WORDS: Final = re.compile(r"\W+")
_KINDS: Final[dict[Kind, PlaceKind]] = {
    Kind.CITY: "city",
    Kind.ADMIN1: "admin1",
    Kind.ADMIN2: "admin2",
    Kind.COUNTRY: "country",
    Kind.REGION: "region",
    Kind.OTHER: "other",
}


def places(names: Sequence[Name], toponyms: Sequence[Toponym], gazetteer: Gazetteer) -> list[Place]:
    """The places behind ``names``, in the order of their first mention; ``toponyms`` came with ``names``."""
    mentions: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.type == "place" and name.id is not None:
            mentions[name.id].append(name)
    senses: dict[str, tuple[Candidate, float]] = {}
    for toponym in toponyms:
        sense = toponym.sense
        if sense:
            key = identity(sense)
            known = senses.get(key)
            senses[key] = (sense, max(toponym.confidence, known[1] if known else 0.0))
    return [_place(found, *senses[key], gazetteer) for key, found in mentions.items() if key in senses]


def identity(sense: Candidate) -> str:
    """The id of a place across articles: ``country:UA``, ``geonames:709354``, or our own ``region:black-sea``."""
    if sense.kind is Kind.COUNTRY:
        return f"country:{sense.country}"
    if sense.geonameid is not None:
        return f"geonames:{sense.geonameid}"
    return f"region:{_BETWEEN_WORDS.sub('-', matching(sense.name).lower()).strip('-')}"


def _place(found: Sequence[Name], sense: Candidate, confidence: float, gazetteer: Gazetteer) -> Place:
    admin1 = None
    if sense.kind is Kind.ADMIN1:
        admin1 = sense.name
    elif sense.admin1 is not None:
        admin1 = gazetteer.name(sense.admin1)
    located = sense.lat != 0.0 or sense.lon != 0.0
    return Place(
        geonameid=sense.geonameid,
        name=sense.name,
        kind=_KINDS[sense.kind],
        country=sense.country,
        admin1=admin1,
        location=Location(lat=sense.lat, lon=sense.lon) if located else None,
        confidence=confidence,
        mentions=[Span(start=name.start, end=name.end, field=name.field) for name in found],
    )
