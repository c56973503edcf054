"""Precision, recall and F1, and how each kind of finding is counted.

Names: exact span and type. Toponyms: exact span; the resolved ones by distance.
Time expressions: exact span, any overlap, and the value of those that overlap.
Events: the type of the first event against the text's one.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from bench.quality.answers import Answer, Located
from bench.quality.labels import GROUPS, LABELS
from bench.quality.sample import NAME_TYPES, Expression, Named, Sample, Span, Toponym

# The mean diameter of the earth.
EARTH = 12742.0176  # kilometres


class Score(NamedTuple):
    """Each from 0 to 1; nothing found where nothing was to be found is right."""

    precision: float
    recall: float
    f1: float


def score(right: int, found: int, wanted: int) -> Score:
    """``right`` of ``found`` are among the ``wanted``."""
    precision = right / found if found else float(not wanted)
    recall = right / wanted if wanted else float(not found)
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def names(samples: Sequence[Sample], answers: Mapping[str, Collection[Named]]) -> dict[str, Score]:
    """By type, and over all of them (micro-averaged)."""
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for sample in samples:
        gold = sample.names or frozenset()
        answer = {name for name in answers[sample.id] if name.type in NAME_TYPES}
        right.update(name.type for name in gold & answer)
        found.update(name.type for name in answer)
        wanted.update(name.type for name in gold)
    by_type = {kind: score(right[kind], found[kind], wanted[kind]) for kind in NAME_TYPES}
    return by_type | {"all": score(right.total(), found.total(), wanted.total())}


def recognition(samples: Sequence[Sample], answers: Mapping[str, Collection[Span]]) -> Score:
    """Toponyms by exact span; what overlaps an optional one, and only that, is neither right nor wrong."""
    right = found = wanted = 0
    for sample in samples:
        gold = {one.span for one in sample.toponyms or () if not one.optional}
        optional = {one.span for one in sample.toponyms or () if one.optional} - gold
        answer = {span for span in answers[sample.id] if span in gold or not any(_meet(span, one) for one in optional)}
        right += len(gold & answer)
        found += len(answer)
        wanted += len(gold)
    return score(right, found, wanted)


class Resolution(NamedTuple):
    """Shares of the toponyms whose position is known.

    ``right``: of those recognised; ``end_to_end``: of all. ``median`` is how far
    off the recognised ones are, in kilometres.
    """

    right: float
    end_to_end: float
    median: float | None
    recognised: int
    wanted: int


def resolution(samples: Sequence[Sample], answers: Mapping[str, Answer]) -> Resolution:
    """How many of the toponyms with a known position were put where they are."""
    right = recognised = wanted = 0
    distances: list[float] = []
    for sample in samples:
        for toponym in sample.toponyms or ():
            if toponym.optional or (toponym.lat is None and toponym.country is None):
                continue
            wanted += 1
            places = answers[sample.id].places
            if toponym.span in places:
                recognised += 1
                place = places[toponym.span]
                right += place is not None and _there(place, toponym)
                if place is not None and (away := _away(place, toponym)) is not None:
                    distances.append(away)
    return Resolution(
        right / recognised if recognised else 0.0,
        right / wanted if wanted else 0.0,
        sorted(distances)[len(distances) // 2] if distances else None,
        recognised,
        wanted,
    )


class Times(NamedTuple):
    """``value``: the share of the overlapping ones that have the right value."""

    strict: Score
    relaxed: Score
    value: float


def times(samples: Sequence[Sample], answers: Mapping[str, Answer]) -> Times:
    """Time expressions: each of the gold set is paired with the one that overlaps it most."""
    exact = overlapping = valued = found = wanted = 0
    for sample in samples:
        gold, answer = list(sample.times or ()), list(answers[sample.id].times)
        exact += len({one[:2] for one in gold} & {one[:2] for one in answer})
        found += len(answer)
        wanted += len(gold)
        for expression in gold:
            best = max(answer, key=lambda one: (_overlap(one, expression), one[:2] == expression[:2]), default=None)
            if best is None or _overlap(best, expression) <= 0:
                continue
            answer.remove(best)
            overlapping += 1
            valued += _plain(best.value) == _plain(expression.value)
    return Times(
        score(exact, found, wanted),
        score(overlapping, found, wanted),
        valued / overlapping if overlapping else 0.0,
    )


class Events(NamedTuple):
    """Of one event a text: the share that is right, the mean F1 over kinds, and the share whose group is right.

    ``among`` is the share of the texts with an event in which it is at least one of
    those found; None where that was not asked.
    """

    accuracy: float
    macro_f1: float
    group_accuracy: float
    among: float | None = None


def labels(samples: Sequence[Sample], answers: Mapping[str, Answer]) -> Events:
    """The first event's label against the text's; a text without one has the label ``NONE``."""
    pairs = [(sample.label or "", LABELS.get(answers[sample.id].event or "", "NONE")) for sample in samples]
    return _agreement(pairs, lambda label: GROUPS.get(label, "NONE"))


def tags(samples: Sequence[Sample], answers: Mapping[str, Answer]) -> Events:
    """The first event's tag against that of the headline; the texts that say nothing of it are left out."""
    asked = [sample for sample in samples if sample.tag]
    pairs = [(sample.tag or "", answers[sample.id].event or "none") for sample in asked]
    with_event = [sample for sample in asked if sample.tag != "none"]
    among = sum(sample.tag in answers[sample.id].tags for sample in with_event) / max(len(with_event), 1)
    return _agreement(pairs, lambda tag: tag.rpartition(".")[0])._replace(among=among)


def _agreement(pairs: Sequence[tuple[str, str]], group: Callable[[str], str]) -> Events:
    kinds = sorted({gold for gold, _ in pairs})
    by_kind = [
        score(
            sum(gold == kind == answer for gold, answer in pairs),
            sum(answer == kind for _, answer in pairs),
            sum(gold == kind for gold, _ in pairs),
        ).f1
        for kind in kinds
    ]
    return Events(
        sum(gold == answer for gold, answer in pairs) / len(pairs),
        sum(by_kind) / len(by_kind),
        sum(group(gold) == group(answer) for gold, answer in pairs) / len(pairs),
    )


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle between two points (latitude, longitude)."""
    lat, lon, other_lat, other_lon = map(math.radians, (*one, *other))
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return EARTH * math.asin(min(1.0, math.sqrt(half)))


def _there(place: Located, toponym: Toponym) -> bool:
    if toponym.country:
        return place.kind == "country" and place.country == toponym.country
    away = _away(place, toponym)
    return away is not None and away <= toponym.within


def _away(place: Located, toponym: Toponym) -> float | None:
    if place.lat is None or place.lon is None or toponym.lat is None or toponym.lon is None:
        return None
    return kilometres((place.lat, place.lon), (toponym.lat, toponym.lon))


def _meet(one: Span, other: Span) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _overlap(one: Expression, other: Expression) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _plain(value: str) -> str:
    """A value without what only says UTC or full minute."""
    return re.sub(r"(?:Z|:00)$", "", value.strip())
