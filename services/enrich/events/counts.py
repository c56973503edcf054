"""How many were killed, hurt, missing, arrested or displaced, as the sentence says.

"at least nine" is 9 to open, "three people" 3 to 3, "between 10 and 15" 10 to 15,
"more than 100" 101 to open, "up to 20" open to 20. Words without a number give the
least they can mean: "dozens" is two dozen or more, 24 to open; "scores" 40,
"hundreds" 200, "thousands" 2000, "several" and "a few" 3. Approximations ("about
30") are given as told.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from newswire.enriched import Count
from services.enrich.dates.grammar import tree
from services.enrich.dates.numbers import SCALES, TENS, UNITS, WORDS, read
from services.enrich.events.phrases import split
from services.enrich.events.rules import book

_data: Final[dict[str, Any]] = tomllib.loads(files(__package__).joinpath("counts.toml").read_text("utf-8"))
_DEGREES: Final = ("at_least", "more_than", "below", "up_to", "about")
_vague: Final[dict[str, int]] = _data["vague"]
_exact: Final[dict[str, int]] = _data["exact"]


def _any(patterns: str) -> str:
    phrases = sorted(set(split(patterns)), key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(map(re.escape, phrases)) + ")"


def _kinds(group: str) -> str:
    return "|".join(f"(?P<{kind}>{_any(patterns)})" for kind, patterns in _data[group].items())


_quantity: Final = re.compile(
    rf"(?<![\w$€£.,-])(?<!no )(?:(?:between|from) (?P<low>{WORDS}) (?:and|to) (?P<high>{WORDS})"
    rf"|(?:(?:(?P<least>{_any(_data['at_least'])})|(?P<more>{_any(_data['more_than'])})"
    rf"|(?P<below>{_any(_data['below'])})|(?P<most>{_any(_data['up_to'])})|{_any(_data['about'])}) )?"
    rf"(?:(?P<vague>{_any(', '.join(_vague))})(?: of)?|(?P<word>{_any(', '.join(_exact))})(?: of)?(?P<orso> or more)?"
    rf"|(?P<one>an? {WORDS}-year-old)\b"
    rf"|(?P<number>{WORDS}|an?(?= (?:[a-z]+ )?{_any(_data['one'])}\b))(?P<ormore> or more)?))"
    rf"(?![\w%]|[.,]\d|-year| percent| per cent|[ -]{_any(_data['measures'])}\b)"
)
# The first word of whatever ``_quantity`` may match; looked for first, because most places are none of its.
_first_words: Final = frozenset(
    phrase.split()[0]
    for phrases in (*(split(_data[kind]) for kind in _DEGREES), _vague, _exact, UNITS, TENS, SCALES)
    for phrase in phrases
) | {"between", "from", "a", "an"}
_opening: Final = re.compile(rf"\b(?:\d|{tree(_first_words)}\b)")
_year: Final = re.compile(r"(?:1[5-9]|20)\d\d$")
_person: Final = re.compile(rf"(?: [a-z-]+)? {_any(_data['one'] + ', ' + _data['many'])}\b")
# Between a number and what befell those it counts ("nine people, including two children, were").
_between: Final = r"(?:(?:[ -]|, )[\w’'-]+){0,7}?(?: |, )"
_follows: Final = re.compile(rf"{_between}(?:{_kinds('after')})\b")
_at_once: Final = re.compile(
    rf"(?: (?:others?|more|people|were|was|are|is|have been|had been)){{0,4}} (?:{_kinds('after')})\b"
)
_precedes: Final = re.compile(rf"\b(?:{_kinds('before')})(?: [a-z]+)?,? $")
_stop: Final = re.compile(rf" {_any(_data['words']['stop'])}\b|[;:]")
_no: Final = re.compile(r"\b(?:none|not one|neither|not) of (?:the |its |their |his |her )?$")
# "the toll from the floods rose from 9 to 12", "passed 200": the latest number, and whether it is only a floor.
_toll: Final = re.compile(
    rf"\b(?:{_kinds('toll')})\b[^.;:\d]{{0,60}}?"
    rf" (?:{_any(_data['words']['risen'])}|(?P<over>{_any(_data['words']['passed'])}))"
    rf"(?: (?:by \w+ )?from {WORDS})?(?: to| at)?"
    rf"(?: (?:(?P<least>{_any(_data['at_least'])})|(?P<more>{_any(_data['more_than'])})|{_any(_data['about'])}))?"
    rf" (?P<number>{WORDS})(?![\w%]|[.,]\d| percent| per cent)"
)
_tolls: Final = tuple(sorted({phrase.split()[0] for phrases in _data["toll"].values() for phrase in split(phrases)}))
# What joins two numbers of one count: "a woman and her two children".
_joint: Final = re.compile(r"(?: [a-z-]+){1,3},? (?:and|as well as) (?:his |her |their |the )?$")
_emptied: Final = re.compile(rf"\b{_any(_data['words']['emptied'])}\b")
_GATE: Final = ("kill", "injure", "arrest", "displaced_word", "befallen")
_share: Final = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)")
_population: Final = re.compile(
    rf"population of (?:about |around |some |nearly |over |almost |roughly |more than )?(?P<a>{WORDS})"
    rf"|(?P<b>{WORDS})[ -](?:people|residents|inhabitants|population|citizens)"
)


def may_count(mask: int) -> bool:
    """Whether a sentence of these classes speaks of people killed, hurt, missing, arrested or displaced at all."""
    return bool(mask & _gate())


@cache
def _gate() -> int:
    bits = book().phrases.bit
    return sum(bits[name] for name in _GATE)


def _range(m: re.Match[str]) -> Count | None:
    if m["low"]:
        low, high = read(m["low"]), read(m["high"])
        return None if low is None or high is None or low > high else Count(min=low, max=high)
    number = 1 if m["one"] else _vague.get(m["vague"]) or _exact.get(m["word"]) or read(m["number"] or "")
    if number is None or number == 0:
        return None
    if m["more"]:
        return Count(min=number + (not m["vague"]), max=None)
    if m["most"] or m["below"]:
        return Count(min=None, max=number - bool(m["below"]))
    if m["least"] or m["vague"] or m["ormore"] or m["orso"]:
        return Count(min=number, max=None)
    return Count(min=number, max=number)


def find_counts(sentence: str) -> dict[str, Count]:
    """The counts of a sentence by the field of an event they belong to.

    A toll that changes is its latest number; otherwise the first number of each kind
    counts, with those that "and" joins to it.
    """
    lower = sentence.lower()
    found: dict[str, Count] = {}
    for toll in _toll.finditer(lower) if any(word in lower for word in _tolls) else ():
        if number := read(toll["number"]):
            kind = next(kind for kind in _data["toll"] if toll[kind])
            over = bool(toll["over"] or toll["more"])
            found[kind] = Count(min=number + over, max=None if over or toll["least"] else number)
    told = set(found)
    last: tuple[int, str | None] = (0, None)  # where the number before ended, and what it counted
    for m in _quantities(lower):
        if not _counts_people(m, lower):
            continue
        kind, joined = _kind(lower, m.start(), m.end()), False
        if last[1] and kind in (None, last[1]) and _person.match(lower, m.end()):
            kind, joined = last[1], _joint.fullmatch(lower, last[0], m.start()) is not None
        count = _range(m)
        if kind and count and kind not in told:
            if kind not in found:
                found[kind] = count
            elif joined:
                found[kind] = _sum(found[kind], count)
        last = (m.end(), kind)
    return found


def _quantities(lower: str) -> Iterator[re.Match[str]]:
    """What ``_quantity.finditer`` finds, sooner."""
    at = 0
    while opening := _opening.search(lower, at):
        m = _quantity.match(lower, opening.start())
        if m:
            yield m
        at = (m or opening).end()


def _counts_people(m: re.Match[str], lower: str) -> bool:
    """Not a year, nor a number of whom nothing befell."""
    year = _year.match(m["number"] or "") and not _person.match(lower, m.end())
    return not year and not _no.search(lower[: m.start()])


def _sum(one: Count, other: Count) -> Count:
    low = None if one.min is None or other.min is None else one.min + other.min
    high = None if one.max is None or other.max is None else one.max + other.max
    return Count(min=low, max=high)


def _kind(lower: str, start: int, end: int) -> str | None:
    """What befell those that the number at ``start`` to ``end`` counts.

    What follows at once says more than what stands before: "killed and 17 wounded".
    """
    if at_once := _at_once.match(lower, end):
        return at_once.lastgroup
    before = _precedes.search(lower[max(0, start - 44) : start].rstrip(" ") + " ")
    if before:
        return before.lastgroup
    reach = lower[end : end + 70]
    stop = _stop.search(reach)
    after = _follows.match(reach[: stop.start()] if stop else reach)
    return after.lastgroup if after else None


def emptied(sentence: str, around: str) -> Count | None:
    """A share of a population that is gone: "fallen by 90%" of "about 30,000" is 27,000.

    The share stands in ``sentence``, the population there or in ``around``.
    """
    lower = sentence.lower()
    share = _share.search(lower)
    if not share or not _emptied.search(lower):
        return None
    population = _population.search(lower) or _population.search(around.lower())
    number = read(population["a"] or population["b"]) if population else None
    if not number or float(share[1]) > 100:
        return None
    people = round(number * float(share[1]) / 100)
    return Count(min=people, max=people)
