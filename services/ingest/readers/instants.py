"""Dates as sources write them, to instants with a zone."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

# Newspapers begin in 1605; a year outside these is a slip or a placeholder, as are 0, 1 and 9999.
FIRST_YEAR, LAST_YEAR = 1600, 2200

# Of 1973; smaller numbers count something else, or nothing.
FIRST_SECOND = 100_000_000
# As seconds this would be the year 5138; as milliseconds it is 1973.
MILLISECONDS = 100_000_000_000

_STRANGE = "is not a date such as 2025-02-07 or 2025-02-07T10:30:00Z"
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
_NUMBERED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_MAIL = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\b")


def instant(text: str, zone: tzinfo) -> datetime:
    """The instant that ``text`` names, in UTC; without a zone it is one of ``zone``, without a time its midnight.

    Takes ISO 8601 in its usual forms, the dates of mail and RSS, and days with
    slashes where they can be no other: 2/13/2025, not 2/3/2025. Raises ValueError
    with the end of a sentence where it is none of them.
    """
    text = text.strip()
    try:
        if "/" in text:
            text = _NUMBERED.sub(_day_first, _SLASHED.sub(_dashed, text, count=1), count=1)
        found = parsedate_to_datetime(text) if _MAIL.match(text) else datetime.fromisoformat(text)
        return _sensible(found if found.tzinfo else found.replace(tzinfo=zone))
    except (ValueError, OverflowError, TypeError):
        raise ValueError(_STRANGE) from None


def epoch(number: float) -> datetime:
    """The instant of a Unix time in seconds or milliseconds. Raises ValueError with the end of a sentence."""
    try:
        if abs(number) < FIRST_SECOND:
            raise ValueError
        return _sensible(datetime.fromtimestamp(number / 1000 if abs(number) >= MILLISECONDS else number, UTC))
    except (ValueError, OverflowError, OSError):
        raise ValueError(_STRANGE) from None


def milliseconds(found: datetime) -> int:
    """Unix time."""
    return round(found.timestamp() * 1000)


def _sensible(found: datetime) -> datetime:
    # Before its offset is applied: year 1 minus one is no date at all.
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError
    return found.astimezone(UTC)


def _dashed(day: re.Match[str]) -> str:
    return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"


def _day_first(day: re.Match[str]) -> str:
    """A month is the one that is no more than 12; raises ValueError where either could be."""
    first, second = int(day[1]), int(day[2])
    if first <= 12 and second <= 12 and first != second:
        raise ValueError
    month, number = (second, first) if first > 12 else (first, second)
    return f"{day[3]}-{month:02}-{number:02}"
