"""What is marked in the fields of an article, and how marks that overlap are nested."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from newswire.enriched import ENTITY_TYPES, Enriched

DATE: Final = "date"
# What a mark is called where there is no colour, and what stands behind it in the page.
CODES: Final = {
    "person": "PER",
    "organization": "ORG",
    "place": "LOC",
    "group": "GRP",
    "nationality": "NAT",
    "event": "EVT",
    "work": "WRK",
    "other": "OTH",
    DATE: "DATE",
}
KINDS: Final = (*ENTITY_TYPES, DATE)


class Mark(NamedTuple):
    """A stretch of one field; ``kind`` is one of `KINDS`, ``told`` is what is known about it, one line."""

    start: int
    end: int
    kind: str
    told: str


class Run(NamedTuple):
    """A stretch of text with the marks that all of it lies in, the outermost first."""

    text: str
    marks: tuple[Mark, ...]


def marks(document: Enriched) -> dict[str, list[Mark]]:
    """The marks of every field that has some, in the order of their beginnings, longer ones first."""
    found: dict[str, list[Mark]] = {}
    for entity in document.entities:
        known = f", {entity.id}" if entity.id else ""
        told = f"{entity.type}: {entity.name}{known}"
        for mention in entity.mentions:
            found.setdefault(mention.field, []).append(Mark(mention.start, mention.end, entity.type, told))
    for date in document.dates:
        told = f"{date.type.lower()}: {date.value}"
        found.setdefault("body", []).append(Mark(date.start, date.end, DATE, told))
    return {field: sorted(several, key=lambda one: (one.start, -one.end)) for field, several in found.items()}


def runs(text: str, ordered: Sequence[Mark], start: int = 0, end: int | None = None) -> Iterator[Run]:
    """``text[start:end]`` cut at every beginning and end of a mark; ``ordered`` as `marks` gives them.

    Of marks that cross, the later one is cut in two, so that each run is properly
    nested. A mark that reaches out of the text is cut at its edge.
    """
    end = len(text) if end is None else min(end, len(text))
    inside = [mark for mark in ordered if mark.start < end and start < mark.end and mark.start < mark.end]
    edges = {start, end, *(max(mark.start, start) for mark in inside), *(min(mark.end, end) for mark in inside)}
    active: list[Mark] = []
    following = 0
    for at, until in pairwise(sorted(edges)):
        active = [mark for mark in active if mark.end > at]
        while following < len(inside) and inside[following].start <= at:
            active.append(inside[following])
            following += 1
        yield Run(text[at:until], tuple(active))


class Change(NamedTuple):
    """Between two runs: the marks that end, the innermost first, and those that begin."""

    closed: tuple[Mark, ...]
    opened: tuple[Mark, ...]


def change(before: tuple[Mark, ...], after: tuple[Mark, ...]) -> Change:
    """What has to be closed and opened; marks around one that ends are closed and opened again with it."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    return Change(before[same:][::-1], after[same:])
