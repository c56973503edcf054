"""Stretches of the calendar and how TIMEX3 writes them.

A ``Stretch`` is a value with the days it covers, both inclusive. Years outside
1 to 9999 have no days; the functions here return None for them, never raise.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

import msgspec


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A TIMEX3 value and its first and last day."""

    value: str
    first: date | None
    last: date | None


# The meteorological seasons of the north by their first month; a winter belongs to the year of its December.
SEASONS: Final = {
    "spring": ("SP", 3),
    "summer": ("SU", 6),
    "autumn": ("FA", 9),
    "fall": ("FA", 9),
    "winter": ("WI", 12),
}


def a_day(day: date) -> Stretch:
    """One day: ``2025-02-07``."""
    return Stretch(day.isoformat(), day, day)


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shift_days(day: date, days: int) -> date | None:
    """``day`` moved by ``days``; None beyond the calendar's ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def shift_months(year: int, month: int, months: int) -> tuple[int, int]:
    """The year and month that many ``months`` away."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def a_month(year: int, month: int) -> Stretch | None:
    """One month: ``2025-02``."""
    if not 1 <= year <= 9999 or not 1 <= month <= 12:
        return None
    return Stretch(f"{year:04}-{month:02}", date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def a_year(year: int) -> Stretch | None:
    """One year: ``2025``."""
    return Stretch(f"{year:04}", date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= 9999 else None


def a_decade(start: int) -> Stretch | None:
    """Ten years from ``start``, written by their first three digits: ``199``."""
    if not 1 <= start <= 9990:
        return None
    return Stretch(f"{start // 10:03}", date(start, 1, 1), date(start + 9, 12, 31))


def a_century(start: int) -> Stretch | None:
    """A hundred years from ``start``, written by their first two digits: ``19``."""
    if not 1 <= start <= 9900:
        return None
    return Stretch(f"{start // 100:02}", date(start, 1, 1), date(start + 99, 12, 31))


def a_week(day: date) -> Stretch | None:
    """The ISO week of ``day``: ``2025-W05``, Monday to Sunday."""
    year, week, weekday = day.isocalendar()
    first, last = shift_days(day, 1 - weekday), shift_days(day, 7 - weekday)
    return Stretch(f"{year:04}-W{week:02}", first, last) if first and last else None


def a_weekend(day: date) -> Stretch | None:
    """Saturday and Sunday of the ISO week of ``day``: ``2025-W05-WE``."""
    week = a_week(day)
    if week is None or week.last is None:
        return None
    return Stretch(f"{week.value}-WE", shift_days(week.last, -1), week.last)


def a_quarter(year: int, quarter: int) -> Stretch | None:
    """Three months: ``2025-Q1``."""
    start, end = a_month(year, quarter * 3 - 2), a_month(year, quarter * 3)
    return Stretch(f"{year:04}-Q{quarter}", start.first, end.last) if start and end else None


def a_season(year: int, name: str) -> Stretch | None:
    """Three months by the name of the season: ``2024-SU``."""
    code, month = SEASONS[name]
    start, end = a_month(year, month), a_month(*shift_months(year, month, 2))
    return Stretch(f"{year:04}-{code}", start.first, end.last) if start and end else None


def a_third(stretch: Stretch, part: str) -> Stretch:
    """The ``early``, ``mid`` or ``late`` third of a stretch: its value stays, its days are narrowed.

    A month is cut after its 10th and 20th, anything longer after a third of its days.
    """
    if stretch.first is None or stretch.last is None:
        return stretch
    days = (stretch.last - stretch.first).days + 1
    third = 10 if 28 <= days <= 31 else days // 3
    if third == 0 or part not in ("early", "mid", "late"):
        return stretch
    cuts = (stretch.first + timedelta(days=third), stretch.first + timedelta(days=2 * third))
    first = {"early": stretch.first, "mid": cuts[0], "late": cuts[1]}[part]
    last = {"early": cuts[0], "mid": cuts[1], "late": stretch.last + timedelta(days=1)}[part]
    return Stretch(stretch.value, first, last - timedelta(days=1))


def until(stretch: Stretch, day: date) -> Stretch:
    """The part of a stretch up to ``day`` ("earlier this week"); unchanged where it begins later."""
    if stretch.first is None or stretch.last is None or day < stretch.first:
        return stretch
    return Stretch(stretch.value, stretch.first, min(day, stretch.last))


def since(stretch: Stretch, day: date) -> Stretch:
    """The part of a stretch from ``day`` on ("later this year"); unchanged where it ends earlier."""
    if stretch.first is None or stretch.last is None or day > stretch.last:
        return stretch
    return Stretch(stretch.value, max(day, stretch.first), stretch.last)
