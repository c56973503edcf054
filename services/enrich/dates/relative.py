"""Dates counted from the day of writing: weekdays, "yesterday", "late last month", "six months ago".

Without a day of writing these say nothing and are left out.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.absolute import part_of, weekday_number
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.numbers import read
from services.enrich.dates.scene import Reading, Scene
from services.enrich.dates.words import words

Match = re.Match[str]

PARTS: Final = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}
_after_named: Final = words("after_named_weekday")
_before_named: Final = words("before_named_weekday")
_days: Final = {
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0, "overnight": 0, "tomorrow": 1,
    "the day after tomorrow": 2,
}  # fmt: skip
_shift: Final = {
    "last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "latest": 0, "the": 0, "next": 1, "coming": 1,
}  # fmt: skip


def day_reading(day: date | None, part: str | None) -> Reading | None:
    """A day, or the part of it that is named, as a reading; None stays None."""
    if day is None:
        return None
    if part:
        return "TIME", Stretch(f"{day}{PARTS[part]}", day, day)
    return "DATE", calendar.a_day(day)


def weekday(m: Match, scene: Scene) -> Reading | None:
    """A bare weekday is the latest one up to the day of writing; it looks ahead where its sentence does."""
    number = weekday_number(m["weekday_d"])
    if m["weekday_every"] or m["weekday_s"]:
        part = PARTS.get(m["weekday_part"] or "", "")
        return "SET", Stretch(f"XXXX-WXX-{number + 1}{part}", None, None)
    if scene.written is None or _names_something(m, scene):
        return None
    written, relative = scene.written, m["weekday_rel"]
    if m["weekday_from"]:
        before = m["weekday_from"] in ("previous", "preceding")
        return day_reading(day_from(scene.last_day or written, number, back=before), m["weekday_part"])
    back = (written.weekday() - number) % 7
    if m["weekday_week"]:
        days = number - written.weekday() + 7 * _shift[m["weekday_week"]]
    elif relative in ("last", "past", "this past"):
        days = -(back or 7)
    elif relative in ("next", "coming", "this coming"):
        days = (number - written.weekday() - 1) % 7 + 1
    elif relative == "this":
        days = number - written.weekday()
    elif scene.lower.startswith(("'s", "’s"), m.end()) and not scene.before(m.start()).rstrip().endswith("ahead of"):
        days = -back
    else:
        days = (number - written.weekday()) % 7 if scene.forward(m.start(), m.end()) else -back
    return day_reading(calendar.shift_days(written, days), m["weekday_part"])


def day_from(day: date, number: int, *, back: bool) -> date | None:
    """The weekday ``number`` nearest before or after ``day``, never ``day`` itself."""
    days = -((day.weekday() - number - 1) % 7 + 1) if back else (number - day.weekday() - 1) % 7 + 1
    return calendar.shift_days(day, days)


def _names_something(m: Match, scene: Scene) -> bool:
    """Whether the weekday is part of a name: "the Sunday Times", "Friday Street", "Bloody Sunday"."""
    following = scene.lower[m.end() : m.end() + 14].split(None, 1)
    if following and following[0].strip(".,") in _after_named and scene.capitalised(m.end() + 1):
        return True
    return scene.word_before(m.start()) in _before_named


def week_ago(m: Match, scene: Scene) -> Reading | None:
    """Weeks counted back from the last such weekday: "a week ago Friday"."""
    if scene.written is None:
        return None
    weeks = read(m["week_ago_n"]) or 1
    day = day_from(scene.written, weekday_number(m["week_ago_d"]), back=True)
    return day_reading(calendar.shift_days(day, -7 * weeks) if day else None, None)


def deictic(m: Match, scene: Scene) -> Reading | None:
    """Days seen from today: "yesterday evening", "overnight" (the night that ended on that day), "this morning"."""
    if scene.written is None:
        return None
    word, part = m["deictic_d"], m["deictic_part"] or m["deictic_part2"]
    written = scene.written
    if word is None:
        return day_reading(calendar.shift_days(written, -1 if m["deictic_rel"] == "last" else 0), part)
    day = calendar.shift_days(written, _days[word])
    if word == "overnight":
        eve = calendar.shift_days(written, -1)
        return None if eve is None else ("TIME", Stretch(f"{eve}TNI", eve, written))
    return day_reading(day, "night" if word == "tonight" else part)


def _date(stretch: Stretch | None) -> Reading | None:
    return None if stretch is None else ("DATE", stretch)


def _month_from(day: date, count: int) -> Stretch | None:
    return calendar.a_month(*calendar.shift_months(day.year, day.month, count))


def _quarter_from(day: date, count: int) -> Stretch | None:
    year, month = calendar.shift_months(day.year, day.month, 3 * count)
    return calendar.a_quarter(year, (month + 2) // 3) if 1 <= year <= 9999 else None


def _week_from(day: date, count: int) -> Stretch | None:
    moved = calendar.shift_days(day, 7 * count)
    return calendar.a_week(moved) if moved else None


def _weekend_from(day: date, count: int) -> Stretch | None:
    moved = calendar.shift_days(day, 7 * count)
    return calendar.a_weekend(moved) if moved else None


def _day_from(day: date, count: int) -> Stretch | None:
    moved = calendar.shift_days(day, count)
    return calendar.a_day(moved) if moved else None


_from: Final[dict[str, Callable[[date, int], Stretch | None]]] = {
    "day": _day_from,
    "night": _day_from,
    "week": _week_from,
    "fortnight": lambda day, count: _week_from(day, 2 * count),
    "weekend": _weekend_from,
    "month": _month_from,
    "quarter": _quarter_from,
    "year": lambda day, count: calendar.a_year(day.year + count),
    "decade": lambda day, count: calendar.a_decade((day.year + 10 * count) // 10 * 10),
    "century": lambda day, count: calendar.a_century((day.year + 100 * count) // 100 * 100),
    "centurie": lambda day, count: calendar.a_century((day.year + 100 * count) // 100 * 100),
}


def unit_from(day: date, unit: str, count: int) -> Stretch | None:
    """The week, month, year … that lies ``count`` of them after the one of ``day``."""
    return _from[unit](day, count)


# "the past year" measures; "last year" is on the calendar.
_measured: Final = frozenset(("the past", "the last", "past", "the coming", "coming"))
_titles: Final = re.compile(rf"\b(?:{'|'.join(sorted(words('of_the_year')))})s? of $")


def unit(m: Match, scene: Scene) -> Reading | None:
    """A week, month, year: "last week", "late last month", "earlier this year", "the weekend"."""
    modifier, relative, name = m["unit_mod"], m["unit_rel"].rsplit(" ", 1)[-1], m["unit_u"]
    if scene.written is None:
        return None
    bare = m["unit_rel"] == "the"
    if bare and not modifier and not _told_of(m, scene):
        return None
    written = scene.written
    if m["unit_rel"] in _measured and not modifier and name not in ("weekend", "quarter"):
        return "DURATION", _length(written, name, ahead=relative == "coming")
    if name == "quarter" and (bare or relative == "latest"):
        stretch = scene.last_quarter or _quarter_from(written, -1)
    elif name == "weekend" and bare:
        stretch = _weekend_from(written, 1 if _ahead_of(m, scene) else -1 if written.weekday() < 5 else 0)
    else:
        if (
            name == "weekend"
            and relative in ("last", "past")
            and written.weekday() == 6
            and m["unit_rel"] == "this past"
        ):
            relative = "this"
        stretch = unit_from(written, name, _shift[relative])
    if stretch is None:
        return None
    if modifier and modifier.startswith("earlier") and relative in ("this", "the"):
        stretch = calendar.until(stretch, written)
    elif modifier and modifier.startswith("later") and relative in ("this", "the"):
        stretch = calendar.since(stretch, written)
    else:
        stretch = calendar.a_third(stretch, part_of(modifier))
    return "DATE", stretch


def _told_of(m: Match, scene: Scene) -> bool:
    """Whether "the year" is the one that is on: "for the year", "the rest of the year"; not "player of the year"."""
    before = scene.before(m.start(), 24)
    if m["unit_u"] == "weekend":
        return True
    if m["unit_u"] == "quarter":
        return before.endswith(("in ", "for ", "during "))
    return m["unit_u"] in ("year", "month", "week") and before.endswith(("for ", " of ")) and not _titles.search(before)


def _ahead_of(m: Match, scene: Scene) -> bool:
    return scene.written is not None and scene.written.weekday() < 5 and scene.forward(m.start(), m.end())


def _length(written: date, name: str, *, ahead: bool) -> Stretch:
    """One unit up to the day of writing, or from it on."""
    mark = {"week": "P1W", "month": "P1M", "year": "P1Y", "decade": "P1DE", "century": "P1CE"}[name]
    days = {"week": 7, "month": 30, "year": 365, "decade": 3652, "century": 36524}[name]
    other = calendar.shift_days(written, days if ahead else -days)
    return Stretch(mark, *sorted((written, other))) if other else Stretch(mark, None, None)


_back: Final = frozenset(("ago", "earlier", "before"))
_seconds: Final = {"second": 1, "minute": 60, "hour": 3600}


def ago(m: Match, scene: Scene) -> Reading | None:
    """Counted back or on: "six months ago" is a month; "a day later" counts from the last day named."""
    direction, unit_name = m["ago_dir"], m["ago_u"]
    if scene.written is None:
        return None
    half = "half" in m["ago_n"] or m["ago_half"]
    count = 0 if "half" in m["ago_n"] else read(m["ago_n"])
    if count is None:
        # "several months ago", "a few days later": nobody knows which.
        return ("DATE", Stretch("PAST_REF", None, None)) if direction == "ago" else None
    named = direction in ("earlier", "later", "before")
    fine = unit_name in ("day", "night", "week", "fortnight", "weekend", *_seconds)
    base = ((scene.last_day if fine else scene.last_told) if named else None) or scene.written
    sign = -1 if direction in _back else 1
    count = min(count, 100_000) * sign
    if unit_name in _seconds:
        return _of_clock(base, (count + (sign * 0.5 if half else 0)) * _seconds[unit_name], scene if named else None)
    if half and unit_name in _halves:
        finer, times = _halves[unit_name]
        return _date(unit_from(base, finer, round(count * times + sign * times / 2)))
    # Before our era, or so: TIMEX3's years have four digits.
    return _date(unit_from(base, unit_name, count)) or (None if sign > 0 else ("DATE", Stretch("PAST_REF", None, None)))


# Half a year back is a month, as six months back is.
_halves: Final = {"year": ("month", 12), "decade": ("year", 10), "century": ("year", 100), "month": ("week", 4)}


def _of_clock(day: date, seconds: float, scene: Scene | None) -> Reading | None:
    """Hours and minutes on from the last time of day that was told, else the day alone."""
    if scene is not None and scene.last_clock:
        hour, minute = map(int, scene.last_clock.split(":"))
        at = hour * 3600 + minute * 60 + seconds
        moved = calendar.shift_days(day, int(at // 86400))
        if moved is None:
            return None
        told = f"{int(at % 86400 // 3600):02}:{int(at % 3600 // 60):02}"
        return "TIME", Stretch(f"{moved}T{told}", moved, moved)
    return day_reading(calendar.shift_days(day, round(seconds / 86400)) if abs(seconds) >= 86400 else day, None)
