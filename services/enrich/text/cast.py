"""The names of a body that may speak, by their places in it."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, NamedTuple

from newswire.enriched import Entity

_SPEAKING: Final = frozenset({"person", "organization", "group", "place"})


class Speaker(NamedTuple):
    """Words of the body that name who speaks; ``entity`` where they are a name, ``pronoun`` where they are one."""

    start: int
    end: int
    entity: Entity | None = None
    pronoun: str | None = None

    @property
    def place(self) -> bool:
        """Whether it is the name of a place."""
        return self.entity is not None and self.entity.type == "place"


# Not a place in the text: whoever the sentence is about.
SENTENCE: Final = Speaker(-1, -1)


class Cast:
    """The names of a body that may speak, by their places in it."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_end = {
            mention.end: (mention.start, entity)
            for entity in entities
            if entity.type in _SPEAKING
            for mention in entity.mentions
            if mention.field == "body"
        }
        self._ends = sorted(self._by_end)

    def ending_at(self, end: int) -> Speaker | None:
        """The name that ends there."""
        found = self._by_end.get(end)
        return Speaker(found[0], end, found[1]) if found else None

    def within(self, start: int, end: int) -> list[Speaker]:
        """The names between two places, in order."""
        first, last = bisect_left(self._ends, start + 1), bisect_left(self._ends, end + 1)
        several = [Speaker(self._by_end[at][0], at, self._by_end[at][1]) for at in self._ends[first:last]]
        return [one for one in several if one.start >= start]
