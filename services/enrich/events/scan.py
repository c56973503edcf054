"""Reads a body once and gives each sentence what was found in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import msgspec

from services.enrich.events.phrases import Hit, Phrases, normalised
from services.enrich.events.wording import words
from services.enrich.model import Name, Sentence, Text, Time

_PLACE, _COUNTRY, _GROUP, _PERSON, _ORGANIZATION = (1 << at for at in range(5))
_areas: Final = words("areas")
# No phrase and hardly a name has so many characters: what starts farther back than this cannot reach up to a place.
LONGEST: Final = 100
_types: Final = {"place": _PLACE, "group": _GROUP, "person": _PERSON, "organization": _ORGANIZATION}


def is_country(name: Name) -> bool:
    """Whether the mention is of a state itself, not of a town in it."""
    return (name.id or "").startswith("country:")


def is_region(name: Name) -> bool:
    """Whether the mention is of a part of a state that is called one, "Kharkiv region", not of a town."""
    return name.canonical.rpartition(" ")[2] in _areas


def classes_of(name: Name) -> int:
    """The classes a name brings into its sentence, as bits."""
    bits = _types.get(name.type, 0)
    if name.state_actor or name.type == "nationality" or is_country(name):
        bits |= _COUNTRY
    return bits


class Clause(msgspec.Struct):
    """A sentence with the phrases, names and times in it, each in order; ``lower`` is its normalised text.

    ``spoken`` is the same with spaces for the names.
    """

    at: int
    sentence: Sentence
    lower: str
    spoken: str
    hits: list[Hit] = []
    names: list[Name] = []
    times: list[Time] = []
    mask: int = 0

    def add(self, hit: Hit) -> None:
        """Take in a phrase that stands in this sentence, behind those taken in before."""
        self.hits.append(hit)
        self.mask |= hit.classes

    def around(self, hit: Hit, far: int, near: int) -> dict[str, int]:
        """The classes by where they stand seen from ``hit``: the signs of a rule's condition.

        Looks at no more hits than stand near it, however many the sentence has.
        """
        after = before = near_after = near_before = 0
        hits = self.hits
        at = bisect_left(hits, hit)
        for here in range(at, len(hits)):
            other = hits[here]
            gap = other.start - hit.end
            if gap > far:
                break
            if gap >= 0:
                after |= other.classes
                if gap <= near:
                    near_after |= other.classes
        farthest = hit.start - far - LONGEST
        for here in range(at - 1, -1, -1):
            other = hits[here]
            if other.start < farthest:
                break
            gap = hit.start - other.end
            if 0 <= gap <= far:
                before |= other.classes
                if gap <= near:
                    near_before |= other.classes
        return {">": after, "<": before, ">>": near_after, "<<": near_before}

    def text(self, start: int, end: int) -> str:
        """The normalised text between two offsets of the body, cut at the sentence."""
        base = self.sentence.start
        first, last = start - base, end - base
        return self.lower[first if first > 0 else 0 : last if last > 0 else 0]


def without(lower: str, names: Sequence[Name]) -> str:
    """A text with spaces for the names in it, which are given in order."""
    pieces: list[str] = []
    at = 0
    for name in names:
        pieces += lower[at : name.start], " " * (name.end - max(at, name.start))
        at = max(at, name.end)
    return "".join([*pieces, lower[at:]])


def read(text: Text, names: list[Name], times: list[Time], phrases: Phrases) -> list[Clause]:
    """Cut what was found by sentences. Names of the body become hits beside the phrases."""
    lower = normalised(text.body)
    starts = [sentence.start for sentence in text.sentences]
    ends = [sentence.end for sentence in text.sentences]
    named = [name for name in names if name.field == "body"]
    spoken = without(lower, named)
    clauses = [
        Clause(at, sentence, lower[start:end], spoken[start:end])
        for at, (sentence, start, end) in enumerate(zip(text.sentences, starts, ends, strict=True))
    ]

    def clause_at(start: int, end: int) -> Clause | None:
        at = bisect_right(starts, start) - 1
        return clauses[at] if at >= 0 and end <= ends[at] else None

    at, last = 0, len(clauses)
    for hit in phrases.find(lower):
        while at < last and ends[at] < hit.end:
            at += 1
        if at < last and starts[at] <= hit.start:
            clause = clauses[at]
            clause.hits.append(hit)
            clause.mask |= hit.classes
    for name in named:
        if there := clause_at(name.start, name.end):
            there.names.append(name)
    for time in times:
        if there := clause_at(time.start, time.end):
            there.times.append(time)
    for clause in clauses:
        if clause.names:
            for name in clause.names:
                clause.add(Hit(name.start, name.end, classes_of(name), -1))
            clause.hits.sort()
    return clauses
