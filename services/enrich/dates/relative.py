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

Match = re.Match[str]

PARTS: Final = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}
_papers: Final = frozenset(
    ("times", "telegraph", "express", "mirror", "mail", "post", "herald", "independent", "tribune")
)
_days: Final = {
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0, "overnight": 0, "tomorrow": 1,
    "the day after tomorrow": 2,
}  # fmt: skip
_shift: Final = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the": 0, "next": 1, "coming": 1}


def _of_day(day: date | None, part: str | None) -> Reading | None:
    if day is None:
        return None
    if part:
        return "TIME", Stretch(f"{day}{PARTS[part]}", day, day)
    return "DATE", calendar.a_day(day)


def weekday(m: Match, scene: Scene) -> Reading | None:
    """A bare weekday is the latest one up to the day of writing; it looks ahead where its sentence does."""
    number = weekday_number(m["weekday_d"])
    if m["weekday_every"] or m["weekday_s"]:
        return "SET", Stretch(f"XXXX-WXX-{number + 1}", None, None)
    following = scene.lower[m.end() : m.end() + 14].split(None, 1)
    if scene.written is None or (following and following[0].strip(".,") in _papers and scene.capitalised(m.end() + 1)):
        return None
    written, relative = scene.written, m["weekday_rel"]
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
    return _of_day(calendar.shift_days(written, days), m["weekday_part"])


def deictic(m: Match, scene: Scene) -> Reading | None:
    """Days seen from today: "yesterday evening", "overnight" (the night that ended on that day), "this morning"."""
    if scene.written is None:
        return None
    word, part = m["deictic_d"], m["deictic_part"] or m["deictic_part2"]
    written = scene.written
    if word is None:
        return _of_day(calendar.shift_days(written, -1 if m["deictic_rel"] == "last" else 0), part)
    day = calendar.shift_days(written, _days[word])
    if word == "overnight":
        eve = calendar.shift_days(written, -1)
        return None if eve is None else ("TIME", Stretch(f"{eve}TNI", eve, written))
    return _of_day(day, "night" if word == "tonight" else part)


def anaphor(m: Match, scene: Scene) -> Reading | None:
    """Days around the last one named, "the following day", "that day": counted from the last day the text named."""
    base = scene.last_day or scene.written
    if base is None or scene.written is None:
        return None
    if m["anaphor_same"]:
        return _of_day(base, None)
    step = -1 if m["anaphor_rel"] == "previous" else 1
    unit = m["anaphor_u"]
    if unit in ("day", "morning", "night"):
        return _of_day(calendar.shift_days(base, step), unit if unit in PARTS else None)
    return _date(unit_from(base, unit, step))


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
}


def unit_from(day: date, unit: str, count: int) -> Stretch | None:
    """The week, month, year … that lies ``count`` of them after the one of ``day``."""
    return _from["century" if unit == "centurie" else unit](day, count)


def unit(m: Match, scene: Scene) -> Reading | None:
    """A week, month, year: "last week", "late last month", "earlier this year", "the end of the week"."""
    modifier, relative = m["unit_mod"], m["unit_rel"].rsplit(" ", 1)[-1]
    if scene.written is None or (m["unit_rel"] == "the" and not (modifier and modifier.endswith("of"))):
        return None
    written, name = scene.written, m["unit_u"]
    if name == "weekend" and relative in ("last", "past") and written.weekday() == 6 and m["unit_rel"] == "this past":
        relative = "this"
    stretch = unit_from(written, name, _shift[relative])
    if stretch is None:
        return None
    if modifier == "earlier" and relative == "this":
        stretch = calendar.until(stretch, written)
    elif modifier == "later" and relative == "this":
        stretch = calendar.since(stretch, written)
    else:
        stretch = calendar.a_third(stretch, part_of(modifier))
    return "DATE", stretch


_back: Final = frozenset(("ago", "earlier", "before"))


def ago(m: Match, scene: Scene) -> Reading | None:
    """Counted back or on: "six months ago" is a month; "a day later" counts from the last day named."""
    direction, unit_name = m["ago_dir"], m["ago_u"]
    count = read(m["ago_n"])
    if count is None or scene.written is None:
        return None
    named = direction in ("earlier", "later", "before")
    base = (scene.last_day if named else None) or scene.written
    count = min(count, 100_000) * (-1 if direction in _back else 1)
    if unit_name in ("second", "minute", "hour"):
        hours = count * {"second": 1, "minute": 60, "hour": 3600}[unit_name] / 86400
        return _of_day(calendar.shift_days(base, round(hours)), None) if abs(hours) >= 1 else _of_day(base, None)
    return _date(unit_from(base, unit_name, count))
