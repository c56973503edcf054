"""An instant on the command line, written as everywhere: a day, a month, an age, a date and time."""

from datetime import UTC, datetime, timedelta

import click

from newswire.search.question import QuestionError
from newswire.search.when import span
from newswire.settings import seconds


class Instant(click.ParamType):
    """``2025-02-07``, ``2025-02``, ``2025-02-07T18:30Z``, ``2d``, ``3mo``, ``yesterday``; UTC where it names no zone.

    A day or month is its beginning, or where ``end`` the moment after it, so that
    what was asked for is part of what is found. A time of day is that moment. An age
    is one, too, counted back from now; seconds and minutes (``90s``, ``5m``) are ages
    but where ``deleting``: there, what was meant as 90 days or three months would be
    everything. A number alone is nothing.
    """

    name = "instant"

    def __init__(self, *, end: bool = False, deleting: bool = False) -> None:
        self._end = end
        self._deleting = deleting

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | None:
        """The instant, or a sentence with what can be written."""
        if isinstance(value, datetime):
            return value
        now = datetime.now(UTC)
        try:
            found = span(value, now)
        except QuestionError as error:
            age = None if self._deleting else _short(value)
            return now - age if age else self.fail(str(error))
        is_moment = found.end == now or found.end - found.start < timedelta(days=1)
        return (found.end if self._end and not is_moment else found.start).astimezone(UTC)


def _short(written: str) -> timedelta | None:
    """An age of seconds or minutes; None where it is none."""
    if written[-1:].isdigit():
        return None
    try:
        return timedelta(seconds=seconds(written))
    except (ValueError, OverflowError):
        return None
