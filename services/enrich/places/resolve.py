"""Which place a name means, given everything the document names.

Each sense of a name scores by how many live there, how good a name it is for it,
the countries the document speaks of, the places close by, the division or country
named right after it, and whether the same place goes by another of its names in the
document. Two rounds: the first settles what is plain, the second lets that speak.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from services.enrich.places.gazetteer import Candidate
from services.enrich.places.layout import Kind, Quality
from services.enrich.places.setting import Setting
from services.enrich.places.toponym import Toponym

_QUALITY: Final = {Quality.NAME: 0.5, Quality.ALIAS: 0.1, Quality.WEAK: -1.3, Quality.ACRONYM: 0.5}
# What is meant when a name alone stands for several kinds: countries before cities before divisions.
_KIND: Final = {
    Kind.COUNTRY: 3.2,
    Kind.CITY: 0.0,
    Kind.ADMIN1: 0.8,
    Kind.ADMIN2: -2.0,
    Kind.REGION: 2.6,
    Kind.OTHER: 2.0,
}
# A division that bears its city's name is not what the bare name means: New York, Donetsk.
_SHARED_NAME: Final = 1.9
# Regions and seas have no inhabitants to count; this is what they weigh.
_FLOOR: Final = {Kind.REGION: 20_000_000, Kind.OTHER: 2_000_000}
_CAPITAL: Final = 1.0
_CUED: Final = 4.0  # "region", "province": a division; "city", "town": a city
_OTHER_LEVEL: Final = 1.5
_WITHIN: Final = 6.0  # the place named right after contains it: "Paris, Texas"
_COUNTRY_VOTES: Final = 2.6
_SAME_ADMIN: Final = 1.2
_SAME_PLACE: Final = 4.0
_NEAR: Final = ((60.0, 1.4), (200.0, 0.9), (500.0, 0.4))  # km, bonus
_UNNAMED: Final = 4.0  # a division by less than its name, where the text does not say "district"
_NONE: Final[set[int]] = set()


def resolve(toponyms: Sequence[Toponym], votes: Mapping[str, float], capitals: frozenset[int]) -> None:
    """Give each toponym its sense and confidence.

    ``votes`` are the countries the document speaks of besides (nationalities,
    organisations) with their weight; ``capitals`` the geonameids of capitals.
    """
    senses: dict[int, Candidate] = {}
    for _ in range(2):
        setting = Setting(toponyms, votes, senses)
        answered: dict[tuple[int, int, bool, int | None], tuple[Candidate | None, float]] = {}
        recent: dict[int, Candidate] = {}
        for toponym in toponyms:
            question = (
                toponym.key,
                toponym.division,
                toponym.city,
                toponym.container.key if toponym.container else None,
            )
            if question not in answered:
                answered[question] = _best(toponym, setting, capitals)
            toponym.sense, toponym.confidence = answered[question]
            _follow(toponym, recent)
        senses = {id(toponym): toponym.sense for toponym in toponyms if toponym.sense}


def _has_seat(division: Candidate, candidates: tuple[Candidate, ...]) -> bool:
    return any(
        city.kind is Kind.CITY and city.admin1 == division.record and city.population * 12 >= division.population
        for city in candidates
    )


def _best(toponym: Toponym, setting: Setting, capitals: frozenset[int]) -> tuple[Candidate | None, float]:
    scored = [(_score(candidate, toponym, setting, capitals), candidate) for candidate in toponym.candidates]
    if not scored:
        return None, 0.0
    scored.sort(key=lambda pair: (-pair[0], pair[1].record))
    score, best = scored[0]
    # The city and the division of one name are rivals in kind, not in place.
    rival = next((other for other, candidate in scored[1:] if not _akin(best, candidate)), score - 4.0)
    certainty = 1.0 / (1.0 + math.exp(rival - score))
    support = 1.0 / (1.0 + math.exp(1.5 - score))
    return best, round(certainty * (0.5 + 0.5 * support), 4)


def _score(candidate: Candidate, toponym: Toponym, setting: Setting, capitals: frozenset[int]) -> float:
    population = max(candidate.population, _FLOOR.get(candidate.kind, 10))
    score = 0.55 * math.log10(population) + _QUALITY[candidate.quality] + _kind(candidate, toponym)
    score += _CAPITAL * (candidate.geonameid in capitals)
    if candidate.country:
        score += _COUNTRY_VOTES * setting.share.get(candidate.country, 0.0)
    if candidate.admin1 in setting.admins or (candidate.kind is Kind.ADMIN1 and candidate.record in setting.divisions):
        score += _SAME_ADMIN
    if toponym.container:
        score += _WITHIN * any(_contains(outer, candidate) for outer in toponym.container.candidates)
    if setting.keys.get(candidate.record, _NONE) - {toponym.key}:
        score += _SAME_PLACE
    if candidate.kind is Kind.CITY and setting.anchors:
        score += _near(candidate, setting.anchors)
    return score


def _kind(candidate: Candidate, toponym: Toponym) -> float:
    """What the kind of a candidate is worth where the words around the name speak of a kind, or of none."""
    division = candidate.kind in (Kind.ADMIN1, Kind.ADMIN2)
    if toponym.division and candidate.kind is not Kind.COUNTRY:
        if not division:
            return 0.0
        level = 1 if candidate.kind is Kind.ADMIN1 else 2
        return _CUED - (0.0 if level == toponym.division else _OTHER_LEVEL)
    score = _KIND[candidate.kind]
    if candidate.kind is Kind.ADMIN1 and _has_seat(candidate, toponym.candidates):
        score -= _SHARED_NAME
    if toponym.city and candidate.kind is Kind.CITY:
        score += _CUED
    if division and candidate.quality is Quality.WEAK and len(toponym.candidates) > 1:
        score -= _UNNAMED
    return score


def _near(candidate: Candidate, anchors: tuple[Candidate, ...]) -> float:
    nearest = min((_km(candidate, anchor) for anchor in anchors if anchor.record != candidate.record), default=1e9)
    return next((bonus for limit, bonus in _NEAR if nearest <= limit), 0.0)


def _akin(one: Candidate, other: Candidate) -> bool:
    return one.admin1 == other.record or other.admin1 == one.record or (one.admin1 == other.admin1 is not None)


def _contains(outer: Candidate, inner: Candidate) -> bool:
    if outer.kind is Kind.COUNTRY:
        return inner.country == outer.country and inner.kind is not Kind.COUNTRY
    return inner.admin1 == outer.record


def _follow(toponym: Toponym, recent: dict[int, Candidate]) -> None:
    """A bare name means what the same name with "region" or "city" meant last, if that was a division of that name."""
    if toponym.sense is None:
        return
    if toponym.division or toponym.city:
        recent[toponym.key] = toponym.sense
    elif toponym.key in recent:
        sense = recent[toponym.key]
        if _akin(sense, toponym.sense) and any(candidate.record == sense.record for candidate in toponym.candidates):
            toponym.sense = sense


def _km(one: Candidate, other: Candidate) -> float:
    # Flat within the few hundred kilometres that count; the date line is far from any pair that does.
    north = (one.lat - other.lat) * 111.2
    east = (one.lon - other.lon) * 111.2 * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(north, east)
