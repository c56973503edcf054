"""The tree of a query: what has to hold of an article."""

from collections.abc import Iterator
from dataclasses import dataclass

from newswire.search.fields import BOX, Field


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or what white space holds together: ``9/11``, ``e-mail``, an address."""

    text: str
    field: Field = BOX


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, ``slop`` others in between."""

    text: str
    slop: int = 0
    field: Field = BOX


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with wildcards."""

    text: str
    field: Field = BOX


@dataclass(frozen=True, slots=True)
class Like:
    """A word in up to so many other letters."""

    text: str
    edits: int
    field: Field = BOX


@dataclass(frozen=True, slots=True)
class Between:
    """A span of days or numbers, as written; an empty end is open. ``low_in`` and ``high_in``: inclusive."""

    low: str
    high: str
    field: Field
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Needed:
    """What ``+`` stands before."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Without:
    """What must not be there."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """All parts; ``strict`` where the person wrote AND."""

    parts: tuple["Node", ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part."""

    parts: tuple["Node", ...]


Leaf = Word | Phrase | Pattern | Like | Between
Node = Leaf | Needed | Without | Every | Either


def wanted(node: Node | None) -> Iterator[Leaf]:
    """The leaves of ``node`` that an article is to have, in their order; none of what it must not have."""
    match node:
        case Every(parts) | Either(parts):
            for part in parts:
                yield from wanted(part)
        case Needed(part):
            yield from wanted(part)
        case Without() | None:
            return
        case _:
            yield node
