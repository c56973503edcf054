"""The words of a text as the tagger reads them, and what kind of line they stand in."""

import re
from bisect import bisect_left
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LINE_BREAK: Final = "\n"
# A word (most begin in lower case), a dotted acronym, a number, a possessive, other words, a line break, other signs.
_WORD: Final = re.compile(r"[a-z]\w*|(?:[A-Z]\.){2,}|\d+(?:[.,:]\d+)*|['’][sS]\b|\w+|\n|[^\w\s]")
_SHORT: Final = 24  # code points between two spaces: a word or two, that come again and again
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
    for chunk in text.split(" "):
        for word, start, end in _remembered(chunk) if len(chunk) <= _SHORT else _cut(chunk):
            texts.append(word)
            starts.append(at + start)
            ends.append(at + end)
        at += len(chunk) + 1
    forms = np.zeros(len(texts) + 1, np.int64)
    at = 0
    for line in text.split("\n"):
        if (kind := form(line)) is not Form.USUAL:
            first, last = bisect_left(starts, at), bisect_left(starts, at + len(line))
            forms[first:last] = kind
        at += len(line) + 1
    return Words([*texts, LINE_BREAK], [*starts, len(text)], [*ends, len(text) + 1], forms)


def _cut(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a text without spaces, each with its beginning and end."""
    return tuple((found[0], *found.span()) for found in _WORD.finditer(chunk))


_remembered: Final = lru_cache(maxsize=8192)(_cut)


def form(line: str) -> Form:
    """What capitals say in ``line``."""
    if line.isupper():
        return Form.SHOUTED if sum(map(str.isalpha, line)) > _SHOUTED else Form.USUAL
    if len(line) > _HEADLINE:
        return Form.USUAL
    long = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    titled = len(long) > 2 and sum(word[0].isupper() for word in long) > _TITLED * len(long)
    return Form.TITLED if titled and line.rstrip()[-1] not in ".?!" else Form.USUAL
