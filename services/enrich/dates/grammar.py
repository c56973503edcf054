"""The shapes of time expressions, and the words that they begin with and cannot do without.

Written over lower-cased text. The parts of a shape are groups called ``shape_part``.
Earlier shapes win at the same place, so longer ones stand first. All repetition is
bounded: no text makes it slow.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any, Final

from services.enrich.dates.numbers import SCALES, TENS, UNITS
from services.enrich.dates.numbers import WORDS as NUMBER
from services.enrich.dates.words import words

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
    "kst": "+09:00", "hkt": "+08:00", "sgt": "+08:00", "wib": "+07:00", "pkt": "+05:00", "sast": "+02:00",
    "beijing time": "+08:00", "et": "", "ct": "", "mt": "", "pt": "", "local time": "", "eastern time": "",
    "eastern": "", "central time": "", "pacific time": "", "london time": "", "kyiv time": "", "hours": "", "hrs": "",
}  # fmt: skip

_month: Final = (
    rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
    r"(?:\.|(?= \d)|(?= ?,? ?(?:19|20)\d\d)))"
)


def _longest_first(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"


_DATA: Final[dict[str, Any]] = tomllib.loads(files(__package__).joinpath("shapes.toml").read_text("utf-8"))
HOLIDAYS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    files(__package__).joinpath("holidays.toml").read_text("utf-8")
)
_holiday_names: Final = [name for names in HOLIDAYS.values() for name in names]
_first_word: Final = re.compile(r"[a-z]+")


def _shapes() -> dict[str, str]:
    """The expressions of ``shapes.toml`` with their parts put in."""
    parts: dict[str, str] = {
        **_DATA["parts"],
        "number": NUMBER,
        "month": _month,
        "weekday": _longest_first(WEEKDAYS),
        "zone": _longest_first(ZONES),
        "ordinal": _longest_first(ORDINALS),
        "holiday": _longest_first(_holiday_names).replace("'", "['’]").replace(".", r"\."),
    }
    name_of = re.compile(r"%(\w+)%")
    shapes = {name: shape["pattern"] for name, shape in _DATA["shape"].items()}
    return {name: name_of.sub(lambda m: parts[m[1]], shape).replace("\n", "") for name, shape in shapes.items()}


SHAPES: Final = _shapes()
_CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "DIGIT": tuple("0123456789"),
    "FOUR": ("0000",),
    "MONTH": (*MONTHS, *(month[:3] for month in MONTHS), "sept"),
    "WEEKDAY": (*WEEKDAYS, *(f"{day}s" for day in WEEKDAYS)),
    "SEASON": ("spring", "summer", "autumn", "fall", "winter"),
    "NUMBER": (*UNITS, *TENS, *SCALES),
    "ORDINAL": tuple(word.split("-")[0] for word in ORDINALS),
    "PLURAL": ("minutes", "hours", "days", "weeks", "months", "years", "decades", "centuries"),
    "ABOUT": tuple(sorted(words("about"))),
    "MODIFIER": tuple(sorted(words("modifier"))),
    "HOLIDAY": tuple(m[0] for name in _holiday_names if (m := _first_word.match(name))),
}


def named(shape: str, pattern: str) -> str:
    """A shape's pattern as a group of its name, its own groups' names behind it."""
    groups = pattern.replace("(?P<", f"(?P<{shape}_").replace("(?P=", f"(?P={shape}_")
    return f"(?P<{shape}>{groups})"


Matcher = Callable[[str, int, int], "re.Match[str] | None"]


def _by_opening() -> dict[str, tuple[tuple[str, Matcher], ...]]:
    """For each opening word the shapes that may begin with it, in their order, each with its expression's ``match``."""
    fitting: defaultdict[str, list[tuple[str, Matcher]]] = defaultdict(list)
    for name, shape in _DATA["shape"].items():
        match = re.compile(rf"{named(name, SHAPES[name])}(?!\w)").match
        words = [word for item in shape["openings"].split() for word in _CLASSES.get(item, (item,))]
        for word in dict.fromkeys(words):
            fitting[word].append((name, match))
    return {word: tuple(shapes) for word, shapes in fitting.items()}


# The shapes to try at a place, by the word, digit or apostrophe that stands there.
BY_OPENING: Final = _by_opening()
FOUR_DIGITS: Final = BY_OPENING["0000"]
FIRST_WORDS: Final = frozenset(word for word in BY_OPENING if word.isalpha())


def tree(words: frozenset[str]) -> str:
    """An expression for any of ``words`` that looks at each character once."""
    branches = []
    for letter in sorted({word[0] for word in words if word}):
        rest = frozenset(word[1:] for word in words if word.startswith(letter))
        branches.append(letter + (tree(rest) if rest != frozenset([""]) else ""))
    either = f"(?:{'|'.join(branches)})" if len(branches) > 1 else branches[0]
    return f"(?:{either})?" if "" in words else either


_AFTER_THE: Final = frozenset(word for item in _DATA["after_the"].split() for word in _CLASSES.get(item, (item,)))
_after_the: Final = tree(frozenset(word for word in _AFTER_THE if word.isalpha()))
# Where an expression may begin; what it finds is a key of BY_OPENING, but that "0000" stands there for any four digits.
OPENING: Final = re.compile(
    rf"\b(?:the(?= (?:{_after_the}(?![a-z])|['’\d]))|{tree(FIRST_WORDS - {'the'})}(?![a-z])|"
    r"\d{4}(?!\d)|\d)|['’](?=\d0s)"
)

_IN_TRIGGERS: Final[dict[str, tuple[str, ...]]] = {
    "weekday": WEEKDAYS,
    "month": tuple(month for month in MONTHS if month not in ("may", "march")),
    "mon": (*(month[:3] for month in MONTHS if month != "may"), "sept"),
    "digit": _CLASSES["DIGIT"],
    "season": ("spring", "summer", "autumn", "winter", "the fall", "this fall", "last fall"),
    "holiday": (*_holiday_names, *(name.replace("'", "’") for name in _holiday_names if "'" in name)),
}


def _expanded(word: str) -> list[str]:
    """A trigger with each of its ``%class%`` marks replaced by every member of the class."""
    before, mark, rest = word.partition("%")
    if not mark:
        return [word]
    name, _, after = rest.partition("%")
    return [full for member in _IN_TRIGGERS[name] for full in _expanded(f"{before}{member}{after}")]


def _triggers() -> dict[str, tuple[int, int]]:
    """Each trigger with its reach before and after; of one given twice the first counts."""
    found: dict[str, tuple[int, int]] = {}
    for group in _DATA["trigger"]:
        before, after = group["reach"]
        for word in group["words"]:
            for full in _expanded(word):
                found.setdefault(full, (before, after))
    return found


TRIGGERS: Final = _triggers()
