"""Days that are called by a name: holidays (``holidays.toml``), and dates that name what happened on them."""

import re
from datetime import date
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import HOLIDAYS, WEEKDAYS
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

# "the Good Friday Agreement", "Christmas Island": with another name behind it, a holiday is a part of that.
_joining: Final = re.compile(r"[ -][A-Z]")
_SEPTEMBER_11: Final = date(2001, 9, 11)


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _on(name: str, year: int) -> date | None:
    if not 1583 <= year <= 9998:
        return None
    if name in HOLIDAYS["fixed"]:
        month, day = map(int, HOLIDAYS["fixed"][name].split("-"))
        return calendar.make_day(year, month, day)
    if name in HOLIDAYS["easter"]:
        return calendar.shift_days(easter(year), HOLIDAYS["easter"][name])
    which, weekday, month = HOLIDAYS["weekday"][name].split()
    nth, number = int(which), WEEKDAYS.index(weekday)
    if nth > 0:
        first = date(year, int(month), 1)
        return calendar.shift_days(first, (number - first.weekday()) % 7 + 7 * (nth - 1))
    last = calendar.a_month(year, int(month))
    return calendar.shift_days(last.last, -((last.last.weekday() - number) % 7)) if last and last.last else None


def holiday(m: Match, scene: Scene) -> Reading | None:
    """A holiday, "Christmas Eve", "last Thanksgiving", "Easter Sunday 2026"; the nearest where no year is told."""
    name = m["holiday_d"].replace("’", "'")
    start = m.start("holiday_d")
    if not scene.capitalised(start) or _joining.match(scene.text.body, m.end()):
        return None
    if m["holiday_y"]:
        day = _on(name, int(m["holiday_y"]))
    else:
        day = _nearest(name, m, scene, scene.written) if scene.written else None
    return None if day is None else ("DATE", calendar.a_day(day))


def _nearest(name: str, m: Match, scene: Scene, written: date) -> date | None:
    relative = m["holiday_rel"]
    days = [day for year in (-1, 0, 1) if (day := _on(name, written.year + year))]
    past = [day for day in days if day < written or (day == written and not relative)]
    ahead = [day for day in days if day > written or (day == written and not relative)]
    if relative == "last" or not ahead:
        return past[-1] if past else None
    if relative == "next" or not past:
        return ahead[0]
    if relative == "this":
        return _on(name, written.year)
    # Nearer by half than the last one: that is the one to come.
    to_come = 2 * (ahead[0] - written).days <= (written - past[-1]).days or scene.forward(m.start(), m.end())
    return ahead[0] if to_come else past[-1]


def known(m: Match, scene: Scene) -> Reading | None:
    """A date that names what happened on it: "9/11", "the Sept. 11 attacks"."""
    if scene.written is not None and scene.written < _SEPTEMBER_11:
        return None
    return "DATE", Stretch("2001-09-11", _SEPTEMBER_11, _SEPTEMBER_11)
