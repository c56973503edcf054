"""An instant on the command line: a date, a date and time, or an age."""

from datetime import UTC, datetime, timedelta

import click

from newswire.settings import seconds


class Instant(click.ParamType):
    """``2025-02-07``, ``2025-02-07T18:30Z``, ``18h``, ``2d``; UTC where it names no zone."""

    name = "instant"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | None:
        """The instant; an age counts back from now."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.now(UTC) - timedelta(seconds=seconds(value))
        except (ValueError, OverflowError):
            pass
        try:
            given = datetime.fromisoformat(value)
            return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither a date such as 2025-02-07 or 2025-02-07T18:30 nor an age such as 2d.")
