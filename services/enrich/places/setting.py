"""What a document as a whole says about where it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from services.enrich.places.gazetteer import Candidate
from services.enrich.places.layout import ADMIN1, CITY, COUNTRY, NAME, WEAK
from services.enrich.places.toponym import Toponym

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
        weight: Counter[str] = Counter()
        for country, vote in votes.items():
            weight[country] += vote  # type: ignore[assignment]
        self.named: Counter[int] = Counter()
        self.admins: set[int] = set()
        self.divisions: set[int] = set()
        anchors: dict[int, Candidate] = {}
        for toponym in toponyms:
            sense = senses.get(id(toponym)) or _plain(toponym)
            if sense is None:
                continue
            if sense.country and not _two_lands(toponym):
                weight[sense.country] += 2 if sense.kind is COUNTRY else 1
            self.named[sense.record] += 1
            if sense.admin1 is not None and sense.kind is CITY:
                self.admins.add(sense.admin1)
                self.divisions.add(sense.admin1)
            if sense.kind is ADMIN1:
                self.admins.add(sense.record)
            if sense.kind is CITY and len(anchors) < _ANCHORS:
                anchors.setdefault(sense.record, sense)
        top = max(weight.values(), default=0)
        self.share = {country: vote / (top + 1.0) for country, vote in weight.items()}
        self.anchors = tuple((anchor.record, anchor.lat, anchor.lon) for anchor in anchors.values())
        self.keys = keys


def keys_of(toponyms: Sequence[Toponym]) -> dict[int, set[int]]:
    """The keys that each record is named by in the document, each record by its number."""
    keys: dict[int, set[int]] = {}
    once = {(toponym.key, id(toponym.candidates)): toponym.candidates for toponym in toponyms}
    for (key, _), candidates in once.items():
        for candidate in candidates:
            if candidate.quality is NAME or len(candidates) == 1:
                keys.setdefault(candidate.record, set()).add(key)
    return keys


def _two_lands(toponym: Toponym) -> bool:
    """Whether the name is a country's and also a division's of another: "Georgia" must not vote for itself."""
    if len(toponym.candidates) == 1:
        return False
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
