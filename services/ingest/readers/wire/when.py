"""Days and times as editors write them: ``10 a.m. EST, Feb 7``, ``00:01 GMT 7 Feb``, ``7. Februar, 11.00 Uhr``.

For the lines of a message that say when it was sent or when it may be published.
What cannot be told for certain (``05/06``, a zone that means several) is not told.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.ingest.readers.instants import FIRST_YEAR, LAST_YEAR
from services.ingest.readers.wire.tables import table

# A line that says when is short; a longer text is not searched.
LONGEST = 300  # characters

# The years that two digits mean: computers send messages since the seventies.
CENTURY = 1970

_TABLE = table("calendar")
MONTHS: dict[str, int] = {name: int(number) for number, names in _TABLE["months"].items() for name in names}
WEEKDAYS: dict[str, int] = {name: int(number) for number, names in _TABLE["weekdays"].items() for name in names}
_ZONES: dict[str, tzinfo] = {name: timezone(timedelta(hours=hours)) for name, hours in _TABLE["zones"].items()}
_ZONES |= {name: ZoneInfo(place) for name, place in _TABLE["places"].items()}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_MONTH = rf"(?P<month>{_any_of(MONTHS)})\b\.?"
_ZONE_NAMES = "|".join(map(re.escape, _ZONES))
# Four digits before a zone are a time.
_YEAR = rf"(?:,?\s*(?:de\s+)?(?P<year>\d{{4}})(?![\d:]|\s*\(?(?:{_ZONE_NAMES}|h|hrs|hours|uhr)\b))?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_DAYS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:T(?=\d)|\b)"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?:\s?(?P<year>\d{4}))?(?!\d)"),
    re.compile(rf"\b(?P<day>\d{{1,2}}){_ORDINAL}\s*(?:of\s+|de\s+|di\s+)?\b{_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s*(?P<day>\d{{1,2}}){_ORDINAL}(?![\d:]){_YEAR}", re.IGNORECASE),
)
_NUMBERS = re.compile(r"\b\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?\b")
_WEEKDAY = re.compile(rf"\b(?P<weekday>{_any_of(WEEKDAYS)})\b", re.IGNORECASE)
_TIMES = (
    re.compile(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE),
    re.compile(
        r"\b(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?::\d{2})?(?!\d|\.\d)\s*(?:uhr|h|hrs|hours)?", re.IGNORECASE
    ),
    re.compile(r"\b(?P<hour>\d{2})(?P<minute>\d{2})\s*(?:h\b|hrs|hours|(?=\(?[A-Z]{1,4}\b))"),
    re.compile(r"\b(?P<hour>\d{1,2})\s*(?:uhr|heures|h\b|hrs)", re.IGNORECASE),
    re.compile(r"\b(?:12\s+)?(?:noon|midi|mittags?|mediodía)\b", re.IGNORECASE),
    re.compile(r"\b(?:12\s+)?(?P<midnight>midnight|minuit|mitternacht|medianoche)\b", re.IGNORECASE),
)
_ZONE = re.compile(
    r"[\s(]*\b(?P<name>[A-Z]{1,5})\b(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?|\s*(?P<east>[+-]\d{2}:?\d{2})\b"
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}?)(?::?(?P<minutes>\d{2}))?")


class Sent(NamedTuple):
    """When a message was sent: in UTC, and the day as it is written there; by whom, where that stands beside it."""

    at: datetime
    day: date
    agency: str | None = None


class Untold(Exception):
    """There is a day or a time, and more than one instant that it could be."""


def sent(found: Mapping[str, str | None], zone: tzinfo) -> Sent | None:
    """What a sign-off says in its ``year``, ``month`` (a number or a name), ``day``, ``hour``, ``minute``, ``zone``."""
    month = (found.get("month") or "").casefold()
    year = int(found.get("year") or 0)
    try:
        local = datetime(
            year if year > 99 else CENTURY + (year - CENTURY) % 100,
            MONTHS.get(month) or int(month),
            int(found.get("day") or 0),
            int(found.get("hour") or 0),
            int(found.get("minute") or 0),
            tzinfo=_ZONES.get((found.get("zone") or "").casefold(), zone),
        )
        return Sent(local.astimezone(UTC), local.date(), found.get("agency"))
    except (ValueError, OverflowError):
        return None


def day(text: str, sent: date | None) -> date | None:
    """The day that ``text`` names; without a year, the one nearest to ``sent``."""
    try:
        return _take_day(text[:LONGEST], sent)[0]
    except Untold:
        return None


def moment(text: str, sent: datetime | None, zone: tzinfo) -> datetime | None:
    """The instant that ``text`` names, in UTC; in ``zone`` where it names none, at midnight where it names no time.

    A time alone, or with a weekday, is the next one after ``sent``. None where
    there is no day and no time, or where they could be more than one instant.
    """
    try:
        found, rest = _take_day(text[:LONGEST], sent.astimezone(zone).date() if sent else None)
        clock, at = _take_time(rest, zone)
        if found is None:
            return _next(rest, sent, clock, at)
        # The midnight of a day that is named with it is taken for its end: late does no harm.
        days = 1 if clock == time.max else 0
        moment = datetime.combine(found, clock if clock and not days else time.min, at) + timedelta(days=days)
        return moment.astimezone(UTC)
    except (Untold, OverflowError, ValueError):
        return None


def _take_day(text: str, sent: date | None) -> tuple[date | None, str]:
    """The day, and the text without it. Raises Untold."""
    for expression in _DAYS:
        if not (found := expression.search(text)):
            continue
        number = MONTHS.get(found["month"].casefold()) or int(found["month"])
        try:
            day = _dated(int(found["day"]), number, found["year"], sent)
        except ValueError:
            continue
        return day, f"{text[: found.start()]} {text[found.end() :]}"
    if _NUMBERS.search(text):  # 05/06 is the 5th of June, and the 6th of May
        raise Untold
    return None, text


def _dated(day: int, month: int, year: str | None, sent: date | None) -> date:
    if year:
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise Untold
        return date(int(year), month, day)
    if sent is None:
        date(2000, month, day)  # ValueError where no year has that day
        raise Untold
    near = []
    for candidate in (sent.year - 1, sent.year, sent.year + 1):
        try:
            near.append(date(candidate, month, day))
        except ValueError:  # the 29th of February
            continue
    return min(near, key=lambda one: abs(one - sent))


def _take_time(text: str, zone: tzinfo) -> tuple[time | None, tzinfo]:
    """The time of day, ``time.max`` for midnight, and its zone. Raises Untold."""
    for expression in _TIMES:
        if not (found := expression.search(text)):
            continue
        named = found.groupdict()
        if named.get("midnight"):
            clock = time.max
        elif "hour" not in named:
            clock = time(12)
        else:
            hour = int(named["hour"])
            if half := named.get("half"):
                if not 1 <= hour <= 12:
                    raise Untold
                hour = hour % 12 + (12 if half in "pP" else 0)
            if (hour, int(named.get("minute") or 0)) == (24, 0):
                clock = time.max
            elif hour > 23 or int(named.get("minute") or 0) > 59:
                raise Untold
            else:
                clock = time(hour, int(named.get("minute") or 0))
        return clock, _zone(text, found.end(), zone)
    return None, zone


def _zone(text: str, after: int, zone: tzinfo) -> tzinfo:
    found = _ZONE.match(text, after)
    if found is None:
        return zone
    if offset := _OFFSET.fullmatch(found["east"] or found["offset"] or ""):
        if found["name"] and found["name"] not in ("GMT", "UTC"):
            raise Untold
        away = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(-away if offset["sign"] == "-" else away)
    name = found["name"].casefold()
    if name in _ZONES:
        return _ZONES[name]
    if name in MONTHS or name in WEEKDAYS or name in ("ON", "AM") or len(name) == 1:
        return zone
    raise Untold


def _next(text: str, sent: datetime | None, clock: time | None, zone: tzinfo) -> datetime | None:
    weekday = _WEEKDAY.search(text)
    if sent is None or (clock is None and weekday is None):
        return None
    start = sent.astimezone(zone).date()
    days = (WEEKDAYS[weekday["weekday"].casefold()] - start.isoweekday()) % 7 if weekday else 0
    end = clock == time.max
    found = datetime.combine(start, time.min if end or clock is None else clock, zone) + timedelta(days=days + end)
    if found < sent and clock is not None:
        found += timedelta(days=7 if weekday else 1)
    return found.astimezone(UTC)
