"""What befell the people that a number counts."""

import re
from typing import Final

from services.enrich.dates.numbers import WORDS
from services.enrich.events.phrases import split
from services.enrich.events.quantity import AROUND, DATA, ONE, PERSON, any_of, kinds

# How far behind a number stands what befell those it counts, in characters.
REACH: Final = 70
# Between a number and what befell those it counts ("nine people, including two children, were").
_word: Final = r"(?:(?: |, )[\w’'-]+)"
_between: Final = rf"(?:-[\w’']+)?{_word}{{0,7}}?(?: |, )"
_follows: Final = re.compile(rf"{_between}(?:{kinds('after')})\b")
_at_once: Final = re.compile(
    rf"(?: (?:others?|more|people|were|was|are|is|have been|had been)){{0,4}} (?:{kinds('after')})\b"
)
# "nine farmers on their way to a market in a village nearby were killed"
_at_length: Final = re.compile(
    rf"(?:{PERSON.pattern})(?: [\w’'-]+){{0,14}}? {AROUND['passive']}(?: [a-z]+)? (?:{kinds('after')})\b"
)
# "a man was killed", "a woman injured", "the driver and two passengers were killed"
_befell: Final = re.compile(
    rf"(?: [a-z-]+)?? {ONE}(?P<far>{_word}{{0,7}}?)"
    rf"(?P<passive>,? (?:{AROUND['passive']}|has been|have been|had been)(?: [a-z]+ly)?)? (?:{kinds('after')})\b"
)
# "killed 33" makes no victim of who stands before it.
_does: Final = re.compile(rf"{AROUND['acts']} (?:{WORDS}|{AROUND['object']})\b")
_alone: Final = frozenset(split(DATA["words"]["alone"]))
_undergone: Final = re.compile(rf"\b{AROUND['passive']}(?: [a-z]+)? $")
_condemned: Final = re.compile(rf"\b{AROUND['condemned']}\b")
_precedes: Final = re.compile(
    rf"[\s(\"“‘–—-](?:{kinds('before')})(?: (?:{AROUND['before_number']}|[a-z]+ly))?"
    rf"(?: (?:an?|the|his|her|their)(?: [a-z]+)? {any_of(DATA['groups'])} of)? $"
)
_stop: Final = re.compile(rf" {AROUND['stop']}\b(?! to\b)|[;:]")
# Numbers of all, of whom only some are counted: "two of the 14 injured", "of the 30 hostages".
_such: Final = rf"(?: (?!{AROUND['passive']}\b)[a-z-]+)?? (?!{AROUND['alone']}\b)(?:{kinds('after')})\b"
_as_such: Final = re.compile(_such)
_of_such: Final = re.compile(rf" of (?:the|its|their|his|her|these|those) {WORDS}{_such}")


def befell(lower: str, m: re.Match[str]) -> tuple[str | None, bool]:
    """The field of an event that a number of `quantities` is told in, and whether of nobody else between."""
    return _of_one(lower, m) if m["single"] else (_of_many(lower, *m.span()), True)


def _of_many(lower: str, start: int, end: int) -> str | None:
    """What befell those that the number at ``start`` to ``end`` counts.

    What follows at once says more than what stands before: "killed and 17 wounded".
    """
    if at_once := _at_once.match(lower, end):
        return _suffered(lower, at_once)
    before = _precedes.search(lower[max(0, start - 44) : start])
    if before:
        return before.lastgroup
    if lower.startswith("the ", start) and lower.endswith("of ", 0, start) and not lower.endswith("all of ", 0, start):
        such = _as_such.match(lower, end)
        return _suffered(lower, such) if such else None
    if lower.startswith(" of ", end) and (such := _of_such.match(lower, end)):
        at_once = _at_once.match(lower, such.end())
        return at_once.lastgroup if at_once else None
    if after := _follows.match(lower, end, end + REACH) or _at_length.match(lower, end, end + 2 * REACH):
        return None if _stop.search(lower, end, after.end()) else _suffered(lower, after)
    return None


def _of_one(lower: str, m: re.Match[str]) -> tuple[str | None, bool]:
    """What befell the one person of "a man" or "the driver", and whether that is said of nobody else between."""
    if before := _precedes.search(lower[max(0, m.start() - 44) : m.start()]):
        return before.lastgroup, True
    after = _befell.match(lower, m.end(), m.end() + REACH)
    if not after or after.lastgroup == "displaced" or _stop.search(lower, m.end(), after.end()):
        return None, False
    far, undergone = after["far"], after["passive"] is not None
    alone = after[after.lastgroup or ""] in _alone
    if m["single"] not in ("a", "an"):
        known = (undergone or alone) and (not far or far.startswith(" and "))
        return (after.lastgroup if known else None), False
    known = undergone or alone or not far
    return (_suffered(lower, after) if known else None), not far


def _suffered(lower: str, after: re.Match[str]) -> str | None:
    """What befell, unless those before the verb did it or were only sentenced to it."""
    kind = after.lastgroup or ""
    start = after.start(kind)
    if after[kind] == "to death" and _condemned.search(lower, max(0, after.start() - 44), start):
        return None
    if _does.match(lower, start) and not _undergone.search(lower[max(0, start - 24) : start]):
        return None
    return kind
