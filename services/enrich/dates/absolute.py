"""Days and months by their names on the calendar.

Where the year is left out, the news convention holds: the nearest such date to
the day of writing, past before future unless the sentence looks ahead.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import MONTHS, WEEKDAYS
from services.enrich.dates.scene import Reading, Scene
from services.enrich.dates.words import words

Match = re.Match[str]

_month_number: Final = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_parts: Final = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "late",
}
RELATIVE_YEAR: Final = {"last": -1, "this": 0, "next": 1}
_before_month: Final = words("before_month")
_titles: Final = words("titles")
_double_meaning: Final = frozenset((3, 4, 5, 6, 8))
AHEAD: Final = 60  # days: a date without year this far ahead is still read as one to come


def month_of(word: str) -> int:
    """The number of a month by its name or abbreviation."""
    return _month_number[word[:3]]


@lru_cache(maxsize=256)
def part_of(modifier: str | None) -> str:
    """``early``, ``mid`` or ``late`` for "the beginning of" and its like; empty for none."""
    for word, part in _parts.items():
        if modifier and re.search(rf"\b{word}\b", modifier):
            return part
    return ""


def narrowed(stretch: Stretch | None, modifier: str | None) -> Reading | None:
    """A stretch as a date, cut to the third that a modifier names; None stays None."""
    return None if stretch is None else ("DATE", calendar.a_third(stretch, part_of(modifier)))


def _nearest_year(month: int, day: int, forward: bool, written: date) -> int:
    year = written.year
    candidate = calendar.make_day(year, month, min(day, 28)) or written
    ahead = (candidate - written).days
    if ahead > AHEAD and not forward:
        return year - 1
    if (forward and ahead < -AHEAD) or ahead < -(365 - AHEAD):
        return year + 1
    return year


def iso(m: Match, scene: Scene) -> Reading | None:
    """``2025-02-07``, also with a time of day."""
    day = calendar.make_day(int(m["iso_y"]), int(m["iso_m"]), int(m["iso_d"]))
    if day is None:
        return None
    if m["iso_h"] is None:
        return "DATE", calendar.a_day(day)
    return "TIME", Stretch(f"{day}T{m['iso_h']}:{m['iso_mi']}{(m['iso_z'] or '').upper()}", day, day)


# Days: of two readings, one this close to the day of writing is meant when the other is more than twice as far away.
_CLOSE: Final = 31


def slash(m: Match, scene: Scene) -> Reading | None:
    """Numbers only, "07/02/2025", where something says which is the month; else the year alone (``2025-XX-XX``).

    What says so: a full stop between them (the day first); a number above twelve,
    here or in another such date of the article; or that one reading is close to the
    day of writing and the other far away. A year of two digits needs the first or
    the last of these.
    """
    year = int(m["slash_y"])
    if len(m["slash_y"]) == 2:
        if scene.written is None:
            return None
        # The latest year that ends so; one ahead at most.
        latest = scene.written.year + 1
        year = latest - (latest - year) % 100
    day = _in_order(m, year, scene)
    if day is None:
        short = len(m["slash_y"]) == 2 or not _either(m, year)
        return None if short else ("DATE", Stretch(f"{year}-XX-XX", None, None))
    if m["slash_h"]:
        return "TIME", Stretch(f"{day}T{m['slash_h']}:{m['slash_mi']}", day, day)
    return "DATE", calendar.a_day(day)


def _either(m: Match, year: int) -> tuple[date, ...]:
    """The days it can be: with the day first, with the month first."""
    one, two = int(m["slash_a"]), int(m["slash_b"])
    orders = [(two, one)] if m["slash_sep"] == "." else [(two, one), (one, two)]
    return tuple(dict.fromkeys(day for month, number in orders if (day := calendar.make_day(year, month, number))))


def _in_order(m: Match, year: int, scene: Scene) -> date | None:
    days = _either(m, year)
    if len(days) < 2:
        return days[0] if days else None
    order = scene.order_in_numbers()
    return days[order == "month"] if order else _closer(days, scene)


def _closer(days: tuple[date, ...], scene: Scene) -> date | None:
    """The day close to the day of writing, where the other is far away."""
    if scene.written is None:
        return None
    written = scene.written
    near, far = sorted(days, key=lambda day: abs((day - written).days))
    distance = abs((near - written).days)
    return near if distance <= _CLOSE and abs((far - written).days) > 2 * distance else None


_month_name: Final = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(month[:3] for month in MONTHS)}|sept)\b\.?)"
# "June and July 2023", "between March 3 and May 7, 2020": the year of the last is that of those before.
_shared_year: Final = re.compile(
    rf"(?:(?:,? (?:and|or|to|through|until|till)|,|[-–—]) ?(?:(?:the )?\d\d?(?:st|nd|rd|th)? )?{_month_name}"
    r"(?: \d\d?(?:st|nd|rd|th)?)?){1,4},? (?:of )?((?:19|20)\d\d)(?![\w%]|,\d|\.\d)"
)


def _year_behind(m: Match, scene: Scene) -> str | None:
    """The year that a date without one shares with the dates behind it."""
    shared = _shared_year.match(scene.lower, m.end(), m.end() + 60)
    return shared[1] if shared else None


def _month_day(m: Match, shape: str, scene: Scene) -> Reading | None:
    month, number = month_of(m[f"{shape}_m"]), int(re.sub(r"\D", "", m[f"{shape}_d"]))
    told = m[f"{shape}_y"] or _year_behind(m, scene)
    if told:
        year = int(told)
    elif scene.written is None:
        return "DATE", Stretch(f"XXXX-{month:02}-{number:02}", None, None)
    elif (past := scene.year_told(month)) is not None:
        year = past
    else:
        year = _nearest_year(month, number, scene.forward(m.start(), m.end()), scene.written)
    first = calendar.make_day(year, month, number)
    if first is None:
        return None
    if m[f"{shape}_to"]:
        last = calendar.make_day(year, month, int(re.sub(r"\D", "", m[f"{shape}_to"])))
        if last is not None and last > first:
            return "DATE", Stretch(f"{first}/{last}", first, last)
    return "DATE", calendar.a_day(first)


def dmy(m: Match, scene: Scene) -> Reading | None:
    """Day before month: "7 February 2025", "the 3rd of May", "3 to 7 May" (``2025-05-03/2025-05-07``)."""
    return _month_day(m, "dmy", scene)


def mdy(m: Match, scene: Scene) -> Reading | None:
    """Month before day: "February 7, 2025", "Feb. 7", "May 3-7"."""
    if m["mdy_m"] in ("may", "march") and not scene.capitalised(m.start("mdy_m")):
        return None
    return _month_day(m, "mdy", scene)


def my(m: Match, scene: Scene) -> Reading | None:
    """A month with its year: "February 2025", "mid-March 2024", "July last year"."""
    if m["my_y"]:
        return narrowed(calendar.a_month(int(m["my_y"]), month_of(m["my_m"])), m["my_mod"])
    if scene.written is None:
        return None
    year = scene.written.year + RELATIVE_YEAR[m["my_rel"]]
    return narrowed(calendar.a_month(year, month_of(m["my_m"])), m["my_mod"])


def month(m: Match, scene: Scene) -> Reading | None:
    """A month without a year, "last July", "in August": the latest such unless the sentence looks ahead."""
    at, number, relative = m.start("month_m"), month_of(m["month_m"]), m["month_rel"]
    if not scene.capitalised(at) or scene.word_before(m.start()) in _titles:
        return None
    if number in _double_meaning and not (relative or m["month_mod"]):
        following = scene.text.body[m.end() : m.end() + 2]
        named = len(following) == 2 and following[0] == " " and following[1].isupper()
        word = scene.word_before(at)
        shy = number == 5 or (number == 3 and scene.begins_sentence(at)) or scene.within_name(at, m.end())
        if (word not in _before_month and (named or shy)) or (named and word in ("and", "or")):
            return None
    shared = None if relative else _year_behind(m, scene) or scene.year_told(number)
    if shared:
        return narrowed(calendar.a_month(int(shared), number), m["month_mod"])
    if scene.written is None:
        return None
    written = scene.written
    year = written.year - (number > written.month)
    if relative in ("last", "past", "this past"):
        year = written.year - (number >= written.month)
    elif relative in ("next", "coming", "this coming"):
        year = written.year + (number <= written.month)
    elif relative == "this":
        year = written.year
    elif scene.forward(m.start(), m.end()):
        year = written.year + (number < written.month)
    return narrowed(calendar.a_month(year, number), m["month_mod"])


def weekday_number(word: str) -> int:
    """Monday is 0."""
    return WEEKDAYS.index(word)
