"""Dates as sources write them, to instants with a zone."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

# Newspapers begin in 1605; a year outside these is a slip or a placeholder, as are 0, 1 and 9999.
FIRST_YEAR, LAST_YEAR = 1600, 2200

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAIL = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\b")


def instant(text: str, zone: tzinfo) -> datetime:
    """The instant that ``text`` names, in UTC; without a zone it is one of ``zone``, without a time its midnight.

    Takes ISO 8601 in its usual forms, and the dates of mail and RSS. Raises
    ValueError with the end of a sentence where it is none of them.
    """
    text = text.strip()
    try:
        found = parsedate_to_datetime(text) if _MAIL.match(text) else datetime.fromisoformat(text)
        # Not the other way round: year 1 minus an offset is no date at all.
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        raise ValueError("is not a date such as 2025-02-07 or 2025-02-07T10:30:00Z") from None


def milliseconds(found: datetime) -> int:
    """Unix time."""
    return round(found.timestamp() * 1000)
