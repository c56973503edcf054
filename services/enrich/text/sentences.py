"""Where sentences begin and end.

Rules, not statistics: a full stop ends a sentence unless it belongs to an
abbreviation, an initial or a number, or the next word goes on in lower case; a
closing quote or bracket goes with the sentence it closes; an ellipsis ends one only
before a capital. A blank line always ends one, a single line break does unless the
line was wrapped.
"""

import re
from typing import Final

import msgspec

from services.enrich.lexicon.table import words

_BEFORE_NAMES: Final = words("abbreviations_before_names")
_INSIDE: Final = words("abbreviations_inside")
_ABBREVIATIONS: Final = _BEFORE_NAMES | _INSIDE
_OPENERS: Final = words("sentence_openers")

# Begins with a set, so that the engine skips to what may be an end.
_END: Final = re.compile(r"[.!?…\n](?:(?<=\n)|[.!?…]*[\"'”’»)\]]*(?=\s))")
_WORD_BEFORE: Final = re.compile(r"(?:[^\W\d_]+\.)*[^\W\d_]+$")
_NEXT: Final = re.compile(r"\s*([\"'“‘«(\[–—-]*\s*)(\w*)")
_REACH: Final = 24  # code points of the word before a full stop that are looked at
_WRAP: Final = 50  # a line shorter than this was not wrapped by a typewriter


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A piece of the text, end exclusive."""

    start: int
    end: int


def paragraphs(text: str) -> list[Stretch]:
    """The pieces between blank lines, without the white space around them; empty ones are left out."""
    pieces, start = [], 0
    for gap in (*re.finditer(r"\n[^\S\n]*\n\s*", text), None):
        end = gap.start() if gap else len(text)
        piece = _trim(text, start, end)
        if piece:
            pieces.append(piece)
        start = gap.end() if gap else end
    return pieces


def sentences(text: str, start: int, end: int) -> list[Stretch]:
    """The sentences of ``text[start:end]``, in order, without the white space between them."""
    pieces, at = [], start
    for mark in _END.finditer(text, start, end):
        if mark.end() < end and (_plainly_ends(text, mark, start) or _ends(text, mark, start, end)):
            piece = _trim(text, at, mark.end())
            if piece:
                pieces.append(piece)
            at = mark.end()
    last = _trim(text, at, end)
    if last:
        pieces.append(last)
    return pieces


def _trim(text: str, start: int, end: int) -> Stretch | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Stretch(start, end) if start < end else None


def _plainly_ends(text: str, mark: re.Match[str], start: int) -> bool:
    """Whether it is the usual end, which most are: behind a word that is no abbreviation, right before a capital."""
    at, after = mark.span()
    if text[at] != "." or not text[after + 1 : after + 2].isupper():
        return False
    reach = max(start, at - _REACH)
    before = text[max(reach, text.rfind(" ", reach, at) + 1) : at]
    return len(before) > 1 and before.isalpha() and before.lower() not in _ABBREVIATIONS


def _ends(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    following = _NEXT.match(text, mark.end(), end)
    opening, word = (following[1], following[2]) if following else ("", "")
    sign = mark.group()
    if sign == "\n":
        return _line_ends(text, mark.start(), start, word)
    goes_on = word[:1].islower()
    if sign[0] != ".":
        # "Really?" he asked; "active… the city": a lower-case word goes on.
        return not goes_on
    if goes_on and not opening.strip("([ "):
        return False
    at = mark.start()
    if len(sign.rstrip("\"'”’»)]")) > 1:
        return True
    before = _WORD_BEFORE.search(text, max(start, at - _REACH), at)
    return not (before and _abbreviates(before.group(), word))


def _abbreviates(before: str, word: str) -> bool:
    """Whether the full stop after ``before`` is part of it and the sentence goes on with ``word``."""
    abbreviation = before.lower()
    if abbreviation in _BEFORE_NAMES:
        return True
    initial = len(before) == 1 and before.isupper() and before != "I"
    if initial or abbreviation in _INSIDE or "." in before:
        return word.lower() not in _OPENERS or (initial and len(word) == 1)
    return False


def _line_ends(text: str, at: int, start: int, word: str) -> bool:
    begin = text.rfind("\n", start, at) + 1
    return at - max(begin, start) < _WRAP or not word[:1].islower()
