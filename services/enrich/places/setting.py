"""What a document as a whole says about where it is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from services.enrich.lexicon.countries import countries
from services.enrich.places.gazetteer import Candidate, distance
from services.enrich.places.layout import ADMIN1, CITY, COUNTRY, NAME, WEAK
from services.enrich.places.toponym import Toponym

_DOUBT: Final = 1.0  # a single vote for a country says less than many
_AGAIN: Final = 0.25  # what naming the same place again adds to what it says of the country
_BESIDE, _CLOSE = 0.5, 1000.0  # km
_ANCHORS: Final = 12  # cities that closeness is measured to; the first ones named


class Setting:
    """What the document as a whole says about where it is."""

    def __init__(
        self,
        toponyms: Sequence[Toponym],
        votes: Mapping[str, float],
        senses: Mapping[int, Candidate],
        keys: Mapping[int, set[int]],
    ) -> None:
        weight: defaultdict[str, float] = defaultdict(float)
        for country, vote in votes.items():
            weight[country] += 1.0 + _AGAIN * (vote - 1.0)
        self._senses = senses
        self.named: Counter[int] = Counter()
        # Which names speak of a division, itself or a city in it; and which are a city's of it.
        self.admins: defaultdict[int | None, set[int]] = defaultdict(set)
        self.seats: defaultdict[int, set[int]] = defaultdict(set)
        anchors: dict[int, Candidate] = {}
        for toponym in toponyms:
            sense = senses.get(id(toponym)) or _plain(toponym)
            if sense is None:
                continue
            if sense.country and (len(toponym.candidates) == 1 or not _two_lands(toponym)):
                vote = 2.0 if sense.kind is COUNTRY else 1.0
                weight[sense.country] += vote * _AGAIN if self.named[sense.record] else vote
            self.named[sense.record] += 1
            if sense.admin1 is not None and sense.kind is CITY:
                self.admins[sense.admin1].add(toponym.key)
                self.seats[sense.admin1].add(toponym.key)
            if sense.kind is ADMIN1:
                self.admins[sense.record].add(toponym.key)
            if sense.kind is CITY and len(anchors) < _ANCHORS:
                anchors.setdefault(sense.record, sense)
        top = max(weight.values(), default=0.0)
        self.share = {country: vote / (top + _DOUBT) for country, vote in weight.items()}
        self._near: dict[str, float] = {}  # of each country the greatest share of its neighbours
        for country, share in self.share.items():
            for other in _neighbours(country):
                if share > self._near.get(other, 0.0):
                    self._near[other] = share
        self.anchors = tuple((anchor.record, anchor.lat, anchor.lon) for anchor in anchors.values())
        self.keys = keys
        self.contained = _contained(toponyms, senses)

    def beside(self, country: str) -> float:
        """What a country that the document does not speak of gets of the share of its neighbours."""
        return _BESIDE * self._near.get(country, 0.0)

    def sense(self, toponym: Toponym) -> Candidate | None:
        """What the round before took ``toponym`` for."""
        return self._senses.get(id(toponym))


def keys_of(toponyms: Sequence[Toponym]) -> dict[int, set[int]]:
    """The keys that each record is named by in the document, each record by its number."""
    keys: dict[int, set[int]] = {}
    once = {(toponym.key, id(toponym.candidates)): toponym.candidates for toponym in toponyms}
    for (key, _), candidates in once.items():
        for candidate in candidates:
            if candidate.quality is NAME or len(candidates) == 1:
                keys.setdefault(candidate.record, set()).add(key)
    return keys


@cache
def _neighbours(country: str) -> frozenset[str]:
    """The countries whose middles are less than a thousand kilometres from that of this one, itself among them."""
    here = countries().get(country)
    if here is None:
        return frozenset()
    return frozenset(
        other for other, there in countries().items() if distance(here.lat, here.lon, there.lat, there.lon) < _CLOSE
    )


def _contained(toponyms: Sequence[Toponym], senses: Mapping[int, Candidate]) -> dict[int, int]:
    """The record of each key that the document once names with its container, where that is always the same one."""
    found: dict[int, set[int]] = {}
    for toponym in toponyms:
        sense = senses.get(id(toponym))
        if toponym.container and sense:
            found.setdefault(toponym.key, set()).add(sense.record)
    return {key: next(iter(records)) for key, records in found.items() if len(records) == 1}


def _two_lands(toponym: Toponym) -> bool:
    """Whether the name is a country's and also a division's of another: "Georgia" must not vote for itself."""
    lands = {c.country for c in toponym.candidates if not c.quality and c.kind in (COUNTRY, ADMIN1)}
    return len(lands) > 1


def _plain(toponym: Toponym) -> Candidate | None:
    """The sense of a name that hardly has another."""
    first = toponym.candidates[0]
    if len(toponym.candidates) == 1:
        return first
    if first.kind is COUNTRY and first.quality is not WEAK:
        return first
    return None
