"""The words of a text as the tagger reads them, and what kind of line they stand in."""

import re
from bisect import bisect_left
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LINE_BREAK: Final = "\n"
# A word (most begin in lower case), a dotted acronym, a number, a possessive, other words, a line break, other signs.
_WORD: Final = re.compile(r"[a-z]\w*|(?:[A-Z]\.){2,}|\d+(?:[.,:]\d+)*|['’][sS]\b|\w+|\n|[^\w\s]")
_SHORT: Final = 24  # code points between two spaces; what is longer hardly comes again
_REMEMBERED: Final = 8192
_TITLED: Final = 0.7  # of the longer words
_HEADLINE: Final = 160  # code points; what is longer is a paragraph
_SHOUTED: Final = 8  # letters at least


class Form(IntEnum):
    """What capitals say in a line: what they usually do, nothing in capitals throughout, little in a headline."""

    USUAL = 0
    SHOUTED = 1
    TITLED = 2


class Words(NamedTuple):
    """The words of a text, where each begins and ends, and the ``Form`` of its line."""

    texts: list[str]
    starts: list[int]
    ends: list[int]
    forms: NDArray[np.int64]


def words(text: str) -> Words:
    """Cut ``text`` into words; offsets are code points, line breaks are words too, one at the end included."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    chunks = text.split(" ")
    for chunk, cut in zip(chunks, map(_CUTS.__getitem__, chunks), strict=True):
        end = at + len(chunk)
        if cut is None:
            texts.append(chunk)
            starts.append(at)
            ends.append(end)
        else:
            for word, word_start, word_end in cut:
                texts.append(word)
                starts.append(at + word_start)
                ends.append(at + word_end)
        at = end + 1
    forms = np.zeros(len(texts) + 1, np.int64)
    at = 0
    for line in text.split("\n"):
        if (kind := form(line)) is not Form.USUAL:
            first, last = bisect_left(starts, at), bisect_left(starts, at + len(line))
            forms[first:last] = kind
        at += len(line) + 1
    return Words([*texts, LINE_BREAK], [*starts, len(text)], [*ends, len(text) + 1], forms)


class _Cuts(dict[str, tuple[tuple[str, int, int], ...] | None]):
    """What stands between two spaces, cut: its words with their beginnings and ends, or None where it is a word itself.

    Most of it comes again and again, and is remembered.
    """

    def __missing__(self, chunk: str) -> tuple[tuple[str, int, int], ...] | None:
        words = tuple((found[0], *found.span()) for found in _WORD.finditer(chunk))
        cut = None if words == ((chunk, 0, len(chunk)),) else words
        if len(chunk) <= _SHORT:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = cut
        return cut


_CUTS: Final = _Cuts()


def form(line: str) -> Form:
    """What capitals say in ``line``."""
    if line.isupper():
        return Form.SHOUTED if sum(map(str.isalpha, line)) > _SHOUTED else Form.USUAL
    if len(line) > _HEADLINE:
        return Form.USUAL
    long = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    titled = len(long) > 2 and sum(word[0].isupper() for word in long) > _TITLED * len(long)
    return Form.TITLED if titled and line.rstrip()[-1] not in ".?!" else Form.USUAL
