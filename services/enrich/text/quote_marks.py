"""Where the words between quotation marks are.

Straight, curly, low and pointed marks, `` and '', and the single marks of British
papers, whose closing one is also an apostrophe. What is open when its paragraph
ends is no quotation, unless the next paragraph opens with the same mark: then each
paragraph is a part of one that goes on. Marks inside a quotation are its own words.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from typing import Final, NamedTuple

from services.enrich.text.sentences import Stretch
from services.enrich.text.speech import any_of

# Begins with a set, so that the engine skips to what may be a mark. A single one counts where it may begin or end
# something: never between two letters.
_CHARACTER: Final = "[\"“”„‟«»'‘’`]"
_DOUBLE: Final = "(?<=[\"“”„‟«»])|(?<=`)`|(?<=')'"
_OPENS: Final = r"(?<=['‘])(?=[^\W_])(?<![\w'’`].)"
_CLOSES: Final = r"(?<=[^\s'‘`]['’])(?!\w)"
_ANY: Final = re.compile(f"{_CHARACTER}(?:{_DOUBLE}|{_OPENS})")
_MARK: Final = re.compile(f"{_CHARACTER}(?:{_DOUBLE}|{_OPENS}|{_CLOSES})")
# What ends a quotation that begins with the key.
_CLOSING: Final = {
    '"': ('"', "”"),
    "“": ("”", '"'),
    "”": ("”",),
    "„": ("“", "”", "‟", '"'),
    "‟": ("”",),
    "«": ("»",),
    "»": ("«",),
    "``": ("''", '"'),
    "''": ("''",),
}
_SINGLE: Final = "'‘’"
_BEFORE_OPENING: Final = frozenset("\"'“‘«([{-–—:/")  # besides white space
_AFTER_CLOSING: Final = frozenset("\"'”’»)]}-–—:;,.!?…/")
_ELIDED: Final = re.compile(rf"(?:{any_of('elided')})\b|\d", re.IGNORECASE)
# Behind these an apostrophe before another word may be one: "workers' rights", "rock 'n' roll", "goin' home".
_APOSTROPHES: Final = frozenset("snlo")


class Marked(NamedTuple):
    """Words between marks: ``start`` and ``end`` without them, ``before`` and ``after`` with them.

    ``goes_on``: the next one is the next paragraph of the same quotation.
    """

    start: int
    end: int
    before: int
    after: int
    paragraph: int
    goes_on: bool = False


class _Sign(NamedTuple):
    start: int
    end: int
    mark: str
    opens: bool
    closes: bool


def any_marks(text: str) -> bool:
    """Whether there is anything that may open a quotation."""
    return _ANY.search(text) is not None


def marked(text: str, paragraphs: Sequence[Stretch], *, single: bool = True) -> Iterator[Marked]:
    """Everything between marks, in order, without overlaps; in time that grows with the text alone.

    ``single``: whether single marks quote in this language.
    """
    left: Marked | None = None  # what a paragraph left open
    continued = False  # whether that was itself a paragraph in the midst of a quotation
    for number, signs in _signs(text, paragraphs):
        paragraph = paragraphs[number]
        goes_on = (
            left is not None
            and left.paragraph == number - 1
            and signs[0].start == paragraph.start
            and text.startswith(signs[0].mark, left.before)
        )
        # A quotation of several paragraphs that lacks its last mark ends with the last that opened with one.
        if left and (goes_on or continued):
            yield left._replace(goes_on=goes_on)
        left = yield from _paragraph(text, signs, paragraph, number, single=single)
        continued = goes_on and left is not None and left.before == paragraph.start
    if left and continued:
        yield left


def _signs(text: str, paragraphs: Sequence[Stretch]) -> Iterator[tuple[int, list[_Sign]]]:
    """The marks of each paragraph that has any, with its number."""
    number, signs = 0, list[_Sign]()
    for found in _MARK.finditer(text):
        if found.start() >= paragraphs[number].end:
            if signs:
                yield number, signs
            signs = []
            while number < len(paragraphs) and found.start() >= paragraphs[number].end:
                number += 1
            if number == len(paragraphs):
                return
        # What stands before the first sentence is a dateline.
        if found.start() >= paragraphs[number].start:
            signs.append(_sign(text, found, paragraphs[number]))
    if signs:
        yield number, signs


def _paragraph(
    text: str, signs: Sequence[_Sign], paragraph: Stretch, number: int, *, single: bool
) -> Generator[Marked, None, Marked | None]:
    """The quotations of one paragraph; returns the one that is open at its end."""
    singles = [at for at, sign in enumerate(signs) if sign.mark in _SINGLE and sign.closes]
    last_single = singles[-1] if singles else -1
    last_double = max((at for at, sign in enumerate(signs) if sign.mark not in _SINGLE), default=-1)
    at = 0
    while at < len(signs):
        sign = signs[at]
        until = None
        if sign.opens and sign.mark not in _SINGLE:
            until = _double(signs, at)
            if until is None and at == last_double:
                return _between(text, sign, paragraph.end, paragraph.end, number)
        elif sign.opens and single and at < last_single:
            until = _single(text, signs, at)
        if until is not None:
            yield _between(text, sign, signs[until].start, signs[until].end, number)
            at = until
        at += 1
    return None


def _double(signs: Sequence[_Sign], at: int) -> int | None:
    """Which sign closes the double one at ``at``; None where none does before the same one opens again."""
    mark = signs[at].mark
    closing = _CLOSING[mark]
    for until in range(at + 1, len(signs)):
        sign = signs[until]
        if sign.closes and sign.mark in closing:
            return until
        if sign.opens and sign.mark == mark:
            return None
    return None


def _single(text: str, signs: Sequence[_Sign], at: int) -> int | None:
    """Which sign closes the single one at ``at``: the first that is no apostrophe, else the first that may be none."""
    perhaps, doubles = None, 0
    for until in range(at + 1, len(signs)):
        sign = signs[until]
        if sign.mark not in _SINGLE:
            doubles += 1
        elif sign.closes and not doubles % 2:
            if not _apostrophe(text, sign):
                return until
            perhaps = until if perhaps is None else perhaps
        elif sign.opens:
            break
    return perhaps


def _apostrophe(text: str, sign: _Sign) -> bool:
    return (
        text[sign.start - 1] in _APOSTROPHES
        and text[sign.end : sign.end + 1] == " "
        and text[sign.end + 1 : sign.end + 2].isalpha()
    )


def _sign(text: str, found: re.Match[str], paragraph: Stretch) -> _Sign:
    mark, start, end = found.group(), found.start(), found.end()
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    opening = before.isspace() or before in _BEFORE_OPENING
    closing = after.isspace() or after in _AFTER_CLOSING
    if mark in ("'", "‘", "’"):
        opens = mark != "’" and not (before.isalnum() or after.isspace()) and after.isalnum()
        opens = opens and not _ELIDED.match(text, end)
        return _Sign(start, end, mark, opens, mark != "‘" and not before.isspace() and not after.isalnum())
    if mark in ('"', "''"):
        return _Sign(start, end, mark, opening or not closing, closing or not opening)
    if mark in ("”", "»"):
        return _Sign(start, end, mark, opening and not closing, True)
    return _Sign(start, end, mark, True, mark in ("“", "«", "‟"))


def _between(text: str, sign: _Sign, end: int, after: int, number: int) -> Marked:
    inside = text[sign.end : end]
    start = sign.end + len(inside) - len(inside.lstrip())
    return Marked(start, start + len(inside.strip()), sign.start, after, number)
