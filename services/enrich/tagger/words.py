"""The words of a text as the tagger reads them, and what kind of line they stand in."""

import re
from bisect import bisect_left
from enum import IntEnum
from typing import Final, NamedTuple

# A dotted acronym, a number, a possessive, a word, a line break, any other sign.
_WORD: Final = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,:]\d+)*|['’][sS]\b|\w+|\n|[^\w\s]")
_TITLED: Final = 0.7  # of the longer words
_HEADLINE: Final = 160  # code points; what is longer is a paragraph
_SHOUTED: Final = 8  # letters at least


class Form(IntEnum):
    """What capitals say in a line: what they usually do, nothing in capitals throughout, little in a headline."""

    USUAL = 0
    SHOUTED = 1
    TITLED = 2


class Words(NamedTuple):
    """The words of a text, where each begins and ends, and the form of its line."""

    texts: list[str]
    starts: list[int]
    ends: list[int]
    forms: list[Form]


def words(text: str) -> Words:
    """Cut ``text`` into words; offsets are code points, line breaks are words too, one at the end included."""
    matches = list(_WORD.finditer(text))
    spans = [match.span() for match in matches]
    texts = [match[0] for match in matches]
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    forms = [Form.USUAL] * len(texts)
    at = 0
    for line in text.split("\n"):
        if (kind := form(line)) is not Form.USUAL:
            first, last = bisect_left(starts, at), bisect_left(starts, at + len(line))
            forms[first:last] = [kind] * (last - first)
        at += len(line) + 1
    return Words([*texts, "\n"], [*starts, len(text)], [*ends, len(text) + 1], [*forms, Form.USUAL])


def form(line: str) -> Form:
    """What capitals say in ``line``."""
    if line.isupper():
        return Form.SHOUTED if sum(map(str.isalpha, line)) > _SHOUTED else Form.USUAL
    if len(line) > _HEADLINE:
        return Form.USUAL
    long = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    titled = len(long) > 2 and sum(word[0].isupper() for word in long) > _TITLED * len(long)
    return Form.TITLED if titled and line.rstrip()[-1] not in ".?!" else Form.USUAL
