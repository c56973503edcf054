"""The shapes of time expressions: one compiled expression, one named group a shape.

Written over lower-cased text. ``lastgroup`` of a match names its shape, the parts
of a shape are groups called ``shape_part``. Earlier shapes win at the same place,
so longer ones stand first. All repetition is bounded: no text makes it slow.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from services.enrich.dates.numbers import SCALES, TENS, UNITS
from services.enrich.dates.numbers import WORDS as NUMBER

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINAL_WORDS: Final = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"""
ORDINALS: Final = {word: number for number, word in enumerate(_ORDINAL_WORDS.split(), 1)}
# Hours east of Greenwich, for the zones that news names.
ZONES: Final = {
    "gmt": "Z", "utc": "Z", "bst": "+01:00", "cet": "+01:00", "cest": "+02:00", "eet": "+02:00", "msk": "+03:00",
    "moscow time": "+03:00", "ist": "+05:30", "jst": "+09:00", "aest": "+10:00", "est": "-05:00", "edt": "-04:00",
    "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
    "et": "", "pt": "", "local time": "", "eastern time": "", "pacific time": "", "hours": "",
}  # fmt: skip

_month: Final = (
    rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
    r"(?:\.|(?= \d)|(?= ?,? ?(?:19|20)\d\d)))"
)


def _longest_first(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"


def _shapes() -> dict[str, str]:
    """The expressions of ``shapes.toml`` with their parts put in."""
    data = tomllib.loads(files(__package__).joinpath("shapes.toml").read_text("utf-8"))
    parts: dict[str, str] = {
        **data["parts"],
        "number": NUMBER,
        "month": _month,
        "weekday": _longest_first(WEEKDAYS),
        "zone": _longest_first(ZONES),
        "ordinal": _longest_first(ORDINALS),
    }
    name_of = re.compile(r"%(\w+)%")
    shapes = data["shapes"].items()
    return {name: name_of.sub(lambda m: parts[m[1]], shape).replace("\n", "") for name, shape in shapes}


SHAPES: Final = _shapes()


def _named(shape: str, pattern: str) -> str:
    named = pattern.replace("(?P<", f"(?P<{shape}_").replace("(?P=", f"(?P={shape}_")
    return f"(?P<{shape}>{named})"


# Every word an expression may begin with. One look at it spares the shapes at most words of a text.
_OPENINGS: Final = """
early earlier late later mid middle the beginning start end first second last this past coming next previous every each
yesterday today tomorrow tonight overnight that spring summer autumn fall winter a an half about around almost nearly
roughly approximately some more less fewer at up over under just close only several few couple many daily nightly weekly
fortnightly monthly quarterly yearly annually annual hourly once twice noon midnight midday twenties thirties forties
fifties sixties seventies eighties nineties sept"""
FIRST_WORDS: Final = frozenset(
    [*MONTHS, *(month[:3] for month in MONTHS), *WEEKDAYS, *UNITS, *TENS, *SCALES, *ORDINALS, *_OPENINGS.split()]
)


def _tree(words: frozenset[str]) -> str:
    """An expression for any of ``words`` that looks at each character once."""
    branches = []
    for letter in sorted({word[0] for word in words if word}):
        rest = frozenset(word[1:] for word in words if word.startswith(letter))
        branches.append(letter + (_tree(rest) if rest != frozenset([""]) else ""))
    tree = f"(?:{'|'.join(branches)})" if len(branches) > 1 else branches[0]
    return f"(?:{tree})?" if "" in words else tree


def _expression() -> "re.Pattern[str]":
    shapes = "|".join(_named(*item) for item in SHAPES.items())
    return re.compile(rf"(?<![\w$€£#])(?=\d|['’q]|{_tree(FIRST_WORDS)}(?![a-z]))(?:{shapes})(?!\w)")


EXPRESSION: Final = _expression()

# What an expression cannot do without. A text without any of these is never looked at more closely.
_TRIGGER_WORDS: Final = """
today tomorrow yesterday tonight overnight morning afternoon evening night noon midnight midday o'clock o’clock gmt utc
0am 0pm second minute hour -day week fortnight month quarter year decade centur spring summer autumn winter daily hourly
annual twenties thirties forties fifties sixties seventies eighties nineties '90s ’90s 0s"""
TRIGGERS: Final = (
    *_TRIGGER_WORDS.split(),
    *WEEKDAYS,
    *(month[:3] for month in MONTHS if month != "may"),
    *(f"may{end}" for end in " ,.-\n'’)"),
    *(f" {word}" for word in ("a.m", "p.m", "am", "pm", "day", "fall")),
    *(f"{digit}{kind}" for digit in range(10) for kind in ("am", "pm")),
    *(f":{digit}" for digit in range(6)),
    *(f"{century}{digit}" for century in range(15, 21) for digit in range(10)),
    *(f"q{number} " for number in range(1, 5)),
)
