"""When: the days a sentence gives its event."""

import re
from datetime import date
from typing import Final, NamedTuple

from services.enrich.dates.calendar import shift_days, shift_months
from services.enrich.events.scan import Clause
from services.enrich.events.wording import leads, words
from services.enrich.model import Time

# A time right behind a verb of speech tells when somebody spoke.
_speaking, _before_spoken = words("speaking"), words("before_spoken")
_since: Final = re.compile(r"\bsince (?:the )?$")
_at_that_time: Final = re.compile(r"\b(?:at the time|by then|that day|since then)\b")
_period: Final = re.compile(r"P(\d{1,4})([DWMY])$")
# An untold day is the article's own: a told one of the same week may well be meant.
AROUND: Final = 7
# An event this many days before its article is history to it.
HISTORICAL: Final = 90


class Days(NamedTuple):
    """The first and last day of an event; ``told`` is whether a sentence said so."""

    first: date
    last: date
    told: bool


def _told(time: Time) -> Days | None:
    return None if time.first is None or time.last is None else Days(time.first, time.last, True)


def _before(written: date, period: str) -> date | None:
    """The first day of a period that ends on the day of writing."""
    m = _period.match(period)
    if not m:
        return None
    number, unit = int(m[1]), m[2]
    if unit in "DW":
        return shift_days(written, -number * (7 if unit == "W" else 1))
    year, month = shift_months(written.year, written.month, -number * (12 if unit == "Y" else 1))
    return date(year, month, 1) if 1 <= year <= 9999 else None


def _nearest(clause: Clause, start: int, end: int) -> tuple[Time | None, Time | None]:
    """The time nearest to the deed, and the first that only tells when somebody spoke."""
    spoken: Time | None = None
    ranked: list[tuple[int, int, Time]] = []
    for time in clause.times:
        if time.first is None:
            continue
        if leads(clause.text(time.start - 50, time.start), _speaking, _before_spoken):
            spoken = spoken or time
        else:
            ranked.append((time.start - end if time.start >= end else start - time.end, time.start, time))
    return (min(ranked)[2] if ranked else None), spoken


def is_over(clause: Clause, days: Days) -> bool:
    """Whether all that a sentence tells was before an event of these days: some time before where nobody told them."""
    told = [time.last for time in clause.times if time.last is not None]
    return bool(told) and (days.first - max(told)).days > (0 if days.told else AROUND)


def days_of(clause: Clause, start: int, end: int, written: date | None, before: Clause | None) -> Days | None:
    """The days of a deed at ``start`` to ``end``.

    The nearest time of its sentence that does not merely tell when somebody spoke
    (a longer one around that day, "this year", says less than it);
    "since May" runs to the day of writing, "eight months of" up to it. Without
    any: for "at the time" the sentence before, then the day of speaking, then the
    day of writing.
    """
    nearest, spoken = _nearest(clause, start, end) if clause.times else (None, None)
    on = _told(spoken) if spoken else None
    days = _told(nearest) if nearest else None
    if nearest is not None and days and not (on and days.first <= on.first <= days.last and days.last != on.last):
        since = written is not None and _since.search(clause.text(nearest.start - 12, nearest.start))
        return days._replace(last=max(days.last, written)) if since and written else days
    if written is None:
        return None
    for time in clause.times:
        if (
            time.type == "DURATION"
            and clause.text(time.end, start).startswith(" of ")
            and (first := _before(written, time.value))
        ):
            return Days(first, written, True)
    if before is not None and _at_that_time.search(clause.lower[:24]):
        for time in reversed(before.times):
            if days := _told(time):
                return days
    if on:
        return on._replace(told=False)
    return Days(written, written, False)
