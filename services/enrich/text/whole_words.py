"""Many names at once in a folded text: the longest from each start, whole words only.

The automaton knows nothing of words. A match that ends inside one hides the shorter
names that begin with it and those that begin within it; these are looked for again
in the stretch it covered.
"""

from typing import Final

from daachorse import CharwiseDoubleArrayAhoCorasick

LONGEST: Final = 64  # code points of a name at most

# What mostly stands before a name; here it needs no closer look.
_APART: Final = frozenset(("", " ", "\n", '"', "("))

Match = tuple[int, int, int]  # start, end, number of the name


def find(automaton: CharwiseDoubleArrayAhoCorasick, folded: str) -> list[Match]:
    """The names in ``folded`` (``text.fold.matching``), in order, without overlaps."""
    return _within(automaton, folded, 0, len(folded), len(folded))


def _within(automaton: CharwiseDoubleArrayAhoCorasick, folded: str, at: int, until: int, reach: int) -> list[Match]:
    """The names that begin in ``folded[at:until]``, looking as far as ``reach``."""
    found: list[Match] = []
    cover = at
    length = len(folded)
    whole = at == 0 and reach == length
    for start, end, name in automaton.find(folded if whole else folded[at:reach]):
        if at:
            start, end = start + at, end + at  # noqa: PLW2901 - from the stretch to the text
        if start >= until:
            break
        if start < cover or (folded[start - 1 : start] not in _APART and _inside(folded, start)):
            continue
        if end == length or not folded[end].isalnum():
            found.append((start, end, name))
            cover = end
        elif end < reach or reach == length:
            found += _again(automaton, folded, start, end)
            cover = max(cover, found[-1][1] if found else cover)
    return found


def _again(automaton: CharwiseDoubleArrayAhoCorasick, folded: str, start: int, end: int) -> list[Match]:
    """The names in the stretch of a match that ended inside a word."""
    if folded[start:end].isalnum():  # a single word: no other begins or ends in it
        return []
    cut = max(folded.rfind(" ", start, end), folded.rfind("-", start, end))
    found: list[Match] = []
    while cut > start and not found:
        found = [match for match in _within(automaton, folded, start, start + 1, cut) if match[0] == start]
        cut = max(folded.rfind(" ", start, cut), folded.rfind("-", start, cut))
    after = found[-1][1] if found else start + 1
    return found + _within(automaton, folded, after, end, min(len(folded), end + LONGEST))


def _inside(folded: str, start: int) -> bool:
    """Whether ``start`` is within a word: after a letter, or after the apostrophe of "O'Hara"."""
    before = folded[start - 1 : start]
    return before.isalnum() or (before == "'" and folded[start - 2 : start - 1].isalnum())
