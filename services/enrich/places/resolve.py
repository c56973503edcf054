"""Which place a name means, given everything the document names.

Each sense of a name scores by how many live there, how good a name it is for it,
the countries the document speaks of, the places close by, the division or country
named right after it, and whether the same place goes by another of its names in the
document. Two rounds: the first settles what is plain, the second lets that speak.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from services.enrich.places.gazetteer import Candidate
from services.enrich.places.layout import (
    ACRONYM,
    ADMIN1,
    ADMIN2,
    ALIAS,
    CITY,
    COUNTRY,
    NAME,
    OTHER,
    REGION,
    WEAK,
    Kind,
    Quality,
)
from services.enrich.places.setting import Setting, keys_of
from services.enrich.places.toponym import Toponym

_QUALITY: Final = {NAME: 0.5, ALIAS: -0.2, WEAK: -1.3, ACRONYM: 0.5}
# What is meant when a name alone stands for several kinds: countries before cities before divisions.
_KIND: Final = {
    COUNTRY: 3.2,
    CITY: 0.0,
    ADMIN1: 0.8,
    ADMIN2: -2.0,
    REGION: 2.6,
    OTHER: 2.0,
}
# A division that bears its city's name is not what the bare name means: New York, Donetsk.
_SHARED_NAME: Final = 1.9
_A_DECADE: Final = 0.9  # for each ten times as many inhabitants
# Regions and seas have no inhabitants to count; this is what they weigh.
FLOOR: Final = {REGION: 20_000_000, OTHER: 2_000_000}
_CAPITAL, _SMALL_CAPITAL, _LARGE = 2.0, 1.0, 200_000
_REMEMBERED: Final = 20_000  # names
# Readers anywhere know it; of a small place of its name they have to be told.
_WORLD_CITY, _KNOWN_ANYWHERE = 500_000, 0.8
_CUED: Final = 4.0  # "region", "province": a division; "city", "town": a city
_OTHER_LEVEL: Final = 1.5
_WITHIN: Final = 6.0  # the place named right after contains it: "Paris, Texas"
_HOLDS: Final = 3.0  # "Buffalo, New York" is in the state, not in the city
_WITHIN_CITY: Final = 60.0  # km; "Brooklyn, New York" is in both
_SAID_BEFORE: Final = 3.0  # "Paris, Texas" and then "Paris"
_LISTED: Final = {COUNTRY: 3.5, ADMIN1: 4.0, ADMIN2: 2.5, CITY: 0.5, REGION: 1.0, OTHER: 1.0}
_MOST: Final = 0.5
_COUNTRY_VOTES: Final = 3.0
_SAME_ADMIN: Final = 1.2
_SAME_PLACE: Final = 4.0
_NEAR: Final = ((60.0, 1.4), (200.0, 0.9), (500.0, 0.4))  # km, bonus
_FAR: Final = 4.6  # degrees of latitude; farther apart than any bonus reaches
_UNNAMED: Final = 4.0  # a division by less than its name, where the text does not say "district"


def resolve(toponyms: Sequence[Toponym], votes: Mapping[str, float], worth: "Worth") -> None:
    """Give each toponym its sense and confidence.

    ``votes`` are the countries the document speaks of besides (nationalities,
    organisations) with their weight; ``worth`` is kept from document to document.
    """
    senses: dict[int, Candidate] = {}
    keys = keys_of(toponyms)
    for final in (False, True):
        setting = Setting(toponyms, votes, senses, keys)
        answered: dict[tuple[int, int, bool, int | None, int | None, int | None], tuple[Candidate | None, float]] = {}
        recent: dict[int, Candidate] = {}
        for toponym in toponyms:
            if not final and len(toponym.candidates) == 1:
                toponym.sense = toponym.candidates[0]
                continue
            question = (
                toponym.key,
                toponym.division,
                toponym.city,
                toponym.container.key if toponym.container else None,
                toponym.holds.key if toponym.holds else None,
                id(toponym.listed) if toponym.listed else None,
            )
            if question not in answered:
                answered[question] = _best(toponym, setting, worth)
            toponym.sense, toponym.confidence = answered[question]
            _follow(toponym, recent)
        senses = {id(toponym): toponym.sense for toponym in toponyms if toponym.sense}


def _has_seat(division: Candidate, candidates: tuple[Candidate, ...]) -> bool:
    return any(
        city.kind is CITY and city.admin1 == division.record and city.population * 12 >= division.population
        for city in candidates
    )


class Worth:
    """What the candidates of a gazetteer's names are worth whatever the document speaks of; worked out once."""

    def __init__(self, capitals: frozenset[int] = frozenset()) -> None:
        """``capitals`` are the geonameids of capitals."""
        self._capitals = capitals
        self._known: dict[tuple[int, int, bool, int, int, Quality], list[float]] = {}

    def of(self, toponym: Toponym) -> list[float]:
        """A number for each candidate."""
        if not toponym.candidates:
            return []
        # The key alone does not tell: in capitals a name has other candidates, or fewer.
        first, count = toponym.candidates[0], len(toponym.candidates)
        question = (toponym.key, toponym.division, toponym.city, count, first.record, first.quality)
        known = self._known.get(question)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[question] = [self._one(candidate, toponym) for candidate in toponym.candidates]
        return known

    def _one(self, candidate: Candidate, toponym: Toponym) -> float:
        kind, population = candidate.kind, candidate.population
        worth = _standing(population, kind, candidate.quality) + _kind(candidate, toponym)
        if candidate.geonameid in self._capitals:
            return worth + (_CAPITAL if population >= _LARGE else _SMALL_CAPITAL)
        return worth + (_KNOWN_ANYWHERE if kind is CITY and population >= _WORLD_CITY else 0.0)


def _best(toponym: Toponym, setting: Setting, worth: Worth) -> tuple[Candidate | None, float]:
    scored = list(zip(_scores(toponym, setting, worth), toponym.candidates, strict=True))
    if not scored:
        return None, 0.0
    if len(scored) > 1:
        if toponym.listed:
            scored = _among_its_like(scored, toponym, setting)
        scored.sort(key=lambda pair: (-pair[0], pair[1].record))
    score, best = scored[0]
    # The city and the division of one name are rivals in kind, not in place.
    rival = score - 4.0
    for other, candidate in scored:
        if candidate is not best and not _akin(best, candidate):
            rival = other
            break
    certainty = 1.0 / (1.0 + math.exp(rival - score))
    support = 1.0 / (1.0 + math.exp(1.5 - score))
    return best, round(certainty * (0.5 + 0.5 * support), 4)


def _scores(toponym: Toponym, setting: Setting, worth: Worth) -> list[float]:
    """What each candidate is worth, and what the document adds to it."""
    key, container = toponym.key, toponym.container
    said_before = None if container else setting.contained.get(key)
    scores = []
    for own, candidate in zip(worth.of(toponym), toponym.candidates, strict=True):
        record, kind, country = candidate.record, candidate.kind, candidate.country
        score = 0.0
        if country:
            share = setting.share.get(country)
            if share is None:
                share = 0.0 if kind is COUNTRY else setting.beside(country)
            score = _COUNTRY_VOTES * share
        said_by = setting.admins.get(candidate.admin1) or (setting.seats.get(record) if kind is ADMIN1 else None)
        if said_by and (len(said_by) > 1 or key not in said_by):
            score += _SAME_ADMIN
        if container:
            if any(_contains(outer, candidate) for outer in container.candidates):
                score += _WITHIN * toponym.inside
        elif said_before == record:
            score += _SAID_BEFORE
        if toponym.holds and kind is not CITY and _holds(candidate, toponym, setting):
            score += _HOLDS
        keys = setting.keys.get(record)
        if keys and (len(keys) > 1 or key not in keys):
            score += _SAME_PLACE
        if kind is CITY and setting.anchors:
            score += _near(record, candidate.lat, candidate.lon, setting.anchors)
        scores.append(own + score)
    return scores


@lru_cache(maxsize=20_000)
def _standing(population: int, kind: Kind, quality: Quality) -> float:
    """What a candidate is worth in any document."""
    return _A_DECADE * math.log10(max(population, FLOOR.get(kind, 10))) + _QUALITY[quality]


def _kind(candidate: Candidate, toponym: Toponym) -> float:
    """What the kind of a candidate is worth where the words around the name speak of a kind, or of none."""
    kind = candidate.kind
    division = kind is ADMIN1 or kind is ADMIN2
    if toponym.division and kind is not COUNTRY:
        if not division:
            return 0.0
        level = 1 if kind is ADMIN1 else 2
        return _CUED - (0.0 if level == toponym.division else _OTHER_LEVEL)
    score = _KIND[kind]
    if kind is ADMIN1 and _has_seat(candidate, toponym.candidates):
        score -= _SHARED_NAME
    if toponym.city and kind is CITY:
        score += _CUED
    if division and candidate.quality is WEAK and len(toponym.candidates) > 1:
        score -= _UNNAMED
    return score


def _near(record: int, lat: float, lon: float, anchors: tuple[tuple[int, float, float], ...]) -> float:
    """The bonus of a city for the nearest of the ``anchors`` (record number, latitude, longitude) but itself."""
    nearest = 1e9
    for anchor, north, east in anchors:
        if -_FAR < north - lat < _FAR and anchor != record:
            nearest = min(nearest, _km(lat, lon, north, east))
    for limit, bonus in _NEAR:
        if nearest <= limit:
            return bonus
    return 0.0


def _akin(one: Candidate, other: Candidate) -> bool:
    return one.admin1 == other.record or other.admin1 == one.record or (one.admin1 == other.admin1 is not None)


def _holds(outer: Candidate, toponym: Toponym, setting: Setting) -> bool:
    """Whether a division or country is what the place named right before it lies in, rather than a city of its name."""
    if toponym.holds is None:
        return False
    inner = setting.sense(toponym.holds)
    if inner is None:
        return any(_contains(outer, one) for one in toponym.holds.candidates)
    cities = (one for one in toponym.candidates if one.kind is CITY)
    return _contains(outer, inner) and not any(
        _km(city.lat, city.lon, inner.lat, inner.lon) < _WITHIN_CITY for city in cities if city.quality is not WEAK
    )


def _among_its_like(
    scored: list[tuple[float, Candidate]], toponym: Toponym, setting: Setting
) -> list[tuple[float, Candidate]]:
    """The scores with what the other names of its list add to a candidate of their kind and country."""
    others = [setting.sense(other) or other.candidates[0] for other in toponym.listed if other is not toponym]
    kin = Counter((other.kind, None if other.kind is COUNTRY else other.country) for other in others)
    raised = []
    for score, candidate in scored:
        if candidate.quality is WEAK:
            raised.append((score, candidate))
            continue
        share = kin[candidate.kind, None if candidate.kind is COUNTRY else candidate.country] / len(others)
        raised.append((score + _LISTED[candidate.kind] * share if share >= _MOST else score, candidate))
    return raised


def _contains(outer: Candidate, inner: Candidate) -> bool:
    if outer.kind is COUNTRY:
        return inner.country == outer.country and inner.kind is not COUNTRY
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


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    # Flat within the few hundred kilometres that count; the date line is far from any pair that does.
    north = (lat - other_lat) * 111.2
    east = (lon - other_lon) * 111.2 * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(north, east)
