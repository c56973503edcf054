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
    is one, too, counted back from now; seconds and minutes (``90s``, ``5m``) are ages.
    """

    name = "instant"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

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
            try:
                return now - timedelta(seconds=seconds(value))
            except (ValueError, OverflowError):
                self.fail(str(error))
        is_moment = found.end == now or found.end - found.start < timedelta(days=1)
        return (found.end if self._end and not is_moment else found.start).astimezone(UTC)
