"""Numbers of people as they are written, and what each says: the least and the most.

"at least nine" is 9 to open, "three people" 3 to 3, "between 10 and 15" 10 to 15,
"more than 100" 101 to open, "up to 20" open to 20. Words without a number give the
least they can mean: "dozens" is two dozen or more, 24 to open; "scores" 40,
"hundreds" 200, "thousands" 2000, "several" and "a few" 3. Approximations ("about
30") are given as told. No number is above `LARGEST`.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from newswire.enriched import Count
from services.enrich.dates.grammar import MONTHS, tree
from services.enrich.dates.numbers import SCALES, TENS, UNITS, WORDS, read
from services.enrich.events.phrases import split

DATA: Final[dict[str, Any]] = tomllib.loads(files(__package__).joinpath("counts.toml").read_text("utf-8"))
# The index has counts as integers of 32 bits, and refuses a whole document for one that is greater.
LARGEST: Final = 2**31 - 1

_DEGREES: Final = ("at_least", "more_than", "below", "up_to", "about")
_vague: Final[dict[str, int]] = DATA["vague"]
_exact: Final[dict[str, int]] = DATA["exact"]


def any_of(*patterns: str) -> str:
    """An expression for any phrase of these lists."""
    return tree(frozenset(split(", ".join(patterns))))


def kinds(group: str) -> str:
    """An expression with a group for each field of an event, for what a table of ``counts.toml`` has for it."""
    return "|".join(f"(?P<{kind}>{any_of(patterns)})" for kind, patterns in DATA[group].items())


AROUND: Final[dict[str, str]] = {name: any_of(patterns) for name, patterns in DATA["words"].items()}
ONE: Final = any_of(DATA["one"])
JOINS: Final = any_of(DATA["joins"])
# "the driver", as far as nothing is made of it ("the rebel stronghold").
_that: Final = (
    rf"(?:the|his|her|their|its)(?=(?: [a-z-]+)?? {ONE}(?:[.,;:)]|$| (?:{JOINS}|{AROUND['passive']}|died)\b))"
)
# Those whom a number may count, and what must not follow where it counts people.
PEOPLE: Final = rf"(?:{ONE}s?|{any_of(DATA['many'])})\b"
NO_THING: Final = (
    rf"(?![\w%]|[.,:/]\d|-year| percent| per cent|(?:[ -]{any_of(DATA['measures'])}"
    rf"|(?: (?!{JOINS}\b)[a-z-]+| of the| of its| of their)? {any_of(DATA['things'])})\b(?! {PEOPLE}))"
)
# Atomic: where a number counts bombs, no part of it counts people.
_quantity: Final = re.compile(
    rf"(?<![\w$€£.,:/-])(?<!no )(?>"
    rf"(?:(?:(?P<least>{any_of(DATA['at_least'])})|(?P<more>{any_of(DATA['more_than'])})"
    rf"|(?P<below>{any_of(DATA['below'])})|(?P<most>{any_of(DATA['up_to'])})|{any_of(DATA['about'])}) )?"
    rf"(?:(?P<vague>{any_of(', '.join(_vague))})(?: of)?"
    rf"|(?P<word>{any_of(', '.join(_exact))})(?: of)?(?P<orso> or more)?"
    rf"|(?P<one>an? {WORDS}-year-old)\b|(?P<single>an?(?= (?:[a-z-]+ )?{ONE}\b)|{_that})"
    rf"|(?:(?P<between>between) (?={WORDS} and {WORDS})|from (?={WORDS} to {WORDS}))?"
    rf"(?P<number>{WORDS})(?:(?(between) and |(?: to |[-–]| or ))(?P<high>{WORDS}))?(?P<ormore> or more)?))"
    rf"{NO_THING}"
)
# How whatever ``_quantity`` may match begins; looked for first, because most places are none of its.
_COMMON: Final = ("at", "in", "as")  # only with the word behind
_ARTICLES: Final = ("a", "an", "the", "his", "her", "their", "its")
_phrases: Final = [
    phrase.split()
    for phrases in (*(split(DATA[kind]) for kind in _DEGREES), _vague, _exact, UNITS, TENS, SCALES)
    for phrase in phrases
]
_behind_article: Final = frozenset(words[1] for words in _phrases if words[0] in _ARTICLES and words[1:])
_openers: Final = frozenset(words[0] for words in _phrases) - {*_ARTICLES, *_COMMON}
_beginnings: Final = _openers | {"between", "from"} | {" ".join(words[:2]) for words in _phrases if words[0] in _COMMON}
_opening: Final = re.compile(
    rf"[\s(\[\"'“‘–—](?:\d|{tree(_beginnings)}\b"
    rf"|{tree(frozenset(_ARTICLES))} (?:\d|{tree(_behind_article | _openers)}\b|(?:[a-z-]+ )?{ONE}\b))"
)
# What follows a number that counts people, if only by a word between.
PERSON: Final = re.compile(rf"(?: [a-z-]+)? {PEOPLE}")
_year: Final = re.compile(r"(?:1[5-9]|20)\d\d$")
# Dates, and what has a number for a name.
_month: Final = tree(frozenset(MONTHS) | {month[:3] for month in MONTHS} | {"sept"})
_of_month: Final = re.compile(rf" (?:of )?(?!may (?:be|have|also|still|yet)\b){_month}\b")
# What says before a number that it counts nobody: a month, a road, an age, "none of the".
_before: Final = re.compile(
    rf"[\s(](?:(?P<dated>{_month}\.?)|(?P<numbered>(?:{any_of(DATA['numbered'])}|{ONE} of)(?: \d+,? (?:and|to))?)"
    r"|(?:none|not one|neither|not) of(?: the| its| their| his| her)?) $"
)


def has_numbers(lower: str) -> bool:
    """Whether `quantities` may find something; soon told."""
    return _opening.search(lower) is not None


def quantities(lower: str) -> Iterator[re.Match[str]]:
    """The numbers of people in a sentence in lower case that begins with a space, in order.

    Group ``single`` is set where the words are an article and a noun ("a man", "the driver"); the noun is behind it.
    """
    at = 0
    while opening := _opening.search(lower, at):
        m = _quantity.match(lower, opening.start() + 1)
        if m and _counts_people(m, lower):
            yield m
        at = m.end() if m else opening.start() + 2


def _counts_people(m: re.Match[str], lower: str) -> bool:
    """Not a date, an age, a size or the name of a road, nor a number of whom nothing befell."""
    start, end, number = m.start(), m.end(), m["number"] or ""
    before = _before.search(lower, max(0, start - 26), start)
    if before and not before["dated"] and not (before["numbered"] and (not number or PERSON.match(lower, end))):
        return False
    if not number.isdigit():
        return "." not in number or not number[-1].isdigit()
    if len(number) <= 2 and ((before and before["dated"]) or _of_month.match(lower, end)):  # a day
        return False
    if lower.startswith(",", end) and lower.endswith(", ", 0, start):  # an age
        return False
    return not _year.match(number) or PERSON.match(lower, end) is not None


def count_of(m: re.Match[str]) -> Count | None:
    """What a number says; None where it is nothing, nonsense or too great."""
    if m["high"]:
        low, high = read(m["number"]), read(m["high"])
        scale = m["high"].rpartition(" ")[2]
        if low and scale in SCALES and m["number"].rpartition(" ")[2] not in SCALES:
            low *= SCALES[scale]  # "two to three million"
        return None if low is None or high is None or low > high else bounded(low, high)
    number = (
        1 if m["one"] or m["single"] else _vague.get(m["vague"]) or _exact.get(m["word"]) or read(m["number"] or "")
    )
    if not number:
        return None
    if m["more"]:
        return bounded(number + (not m["vague"]), None)
    if m["most"] or m["below"]:
        return bounded(None, number - bool(m["below"]))
    if m["least"] or m["vague"] or m["ormore"] or m["orso"]:
        return bounded(number, None)
    return bounded(number, number)


def bounded(low: int | None, high: int | None) -> Count | None:
    """A count of these bounds; None where the index would not take it."""
    return None if max(low or 0, high or 0) > LARGEST else Count(min=low, max=high)


def together(one: Count, other: Count) -> Count:
    """How many two numbers are together; only the first where nobody could count them."""
    low = None if one.min is None or other.min is None else one.min + other.min
    high = None if one.max is None or other.max is None else one.max + other.max
    return bounded(low, high) or one
