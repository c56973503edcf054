"""Days and spans as people write them: ``2025-02-07``, ``2025-02``, ``7d``, ``yesterday``, ``last month``. All UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from newswire.search.question import QuestionError

HELP: Final = "Write a day (2025-02-07), a month (2025-02), a year, an age (7d, 2w, 3mo, 1y), yesterday or last month"

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_AGE: Final = re.compile(r"(\d{1,5}) ?(h|d|w|mo|y|hours?|days?|weeks?|months?|years?)(?: ago)?", re.ASCII)
_NAMED: Final = re.compile(r"(this|last) (week|month|year)")
# Elasticsearch's dates reach further, but nothing was published then.
_YEARS: Final = (1, 9998)


class Span(NamedTuple):
    """From ``start`` up to but not including ``end``."""

    start: datetime
    end: datetime


def span(written: str, now: datetime) -> Span:
    """What ``written`` covers; an age covers everything from then until now. Raises QuestionError."""
    text = " ".join(written.lower().split())
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        for read in (_day, _instant, _age, _named):
            found = read(text, today, now)
            if found:
                return found
    except (ValueError, OverflowError):
        pass
    raise QuestionError(f"{written!r} is no date. {HELP}.")


def _day(text: str, _today: datetime, _now: datetime) -> Span | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or not _YEARS[0] <= year <= _YEARS[1]:
        raise ValueError
    start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    return Span(start, start + timedelta(days=1) if day else _later(start, "month" if month else "year", 1))


def _instant(text: str, _today: datetime, _now: datetime) -> Span | None:
    if not _INSTANT.fullmatch(text.upper()):
        return None
    start = datetime.fromisoformat(text.upper())
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    return Span(start, start + timedelta(seconds=1))


def _age(text: str, _today: datetime, now: datetime) -> Span | None:
    match = _AGE.fullmatch(text)
    return Span(_UNITS[match[2][0]](now, -int(match[1])), now) if match else None


def _named(text: str, today: datetime, _now: datetime) -> Span | None:
    if text in ("today", "yesterday"):
        start = today if text == "today" else today - timedelta(days=1)
        return Span(start, start + timedelta(days=1))
    match = _NAMED.fullmatch(text)
    if not match:
        return None
    start = _START[match[2]](today)
    if match[1] == "this":
        return Span(start, _later(start, match[2], 1))
    return Span(_later(start, match[2], -1), start)


def _later(start: datetime, unit: str, count: int) -> datetime:
    return _UNITS[unit[0]](start, count)


def _months(start: datetime, count: int) -> datetime:
    years, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    for day in range(start.day, 27, -1):  # the 31st of a month of 30 days is its last
        try:
            return start.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    return start.replace(year=years, month=month + 1)


_UNITS: Final[dict[str, Callable[[datetime, int], datetime]]] = {
    "h": lambda start, count: start + timedelta(hours=count),
    "d": lambda start, count: start + timedelta(days=count),
    "w": lambda start, count: start + timedelta(weeks=count),
    "m": _months,
    "y": lambda start, count: _months(start, 12 * count),
}
_START: Final[dict[str, Callable[[datetime], datetime]]] = {
    "week": lambda today: today - timedelta(days=today.weekday()),
    "month": lambda today: today.replace(day=1),
    "year": lambda today: today.replace(month=1, day=1),
}
