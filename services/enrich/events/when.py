"""When: the days a sentence gives its event."""

import re
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Final

import msgspec
from msgspec.structs import replace

from services.enrich.dates.calendar import shift_days, shift_months
from services.enrich.events.rules import mask_of
from services.enrich.events.scan import Clause
from services.enrich.events.wording import leads, words
from services.enrich.model import Time

# A time right behind a verb of speech tells when somebody spoke.
_speaking, _before_spoken = words("speaking"), words("before_spoken")
# What somebody or something became before it had to do with the deed ("built in 1967"); what only ranks the deed among
# others ("the worst since July"); who or what an aside is about, and the verbs of one that is about the deed itself.
_became, _before_became = words("became"), words("before_became")
_ranking, _aside, _befell = words("ranking"), words("aside"), words("befell")
ASIDE: Final = 80  # characters before a time in which those stand
CLOSE: Final = 4  # characters from the deed to a time behind it that leave no room for anything else (" on ")
OPENING: Final = 4  # characters before a time at the head of its sentence ("On Friday")
_since: Final = ("since ", "since the ")
_at_that_time: Final = re.compile(r"\b(?:at the time|by then|that day|since then)\b")
_period: Final = re.compile(r"P(\d{1,4})([DWMY])$")
# An untold day is the article's own: a told one of the same week may well be meant.
AROUND: Final = 7
# An event this many days before its article is history to it.
HISTORICAL: Final = 90


class Days(msgspec.Struct, frozen=True, gc=False):
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


def _nearest(clause: Clause, start: int, end: int, written: date | None) -> tuple[Time | None, Time | None]:
    """The time nearest to the deed, and the first that only tells when somebody spoke.

    A time in an aside comes after all others, and one of long ago there, or one that ranks
    the deed among others, is not the deed's at all.
    """
    spoken: Time | None = None
    alone = len(clause.times) == 1
    ranked: list[tuple[int, int, Time]] = []
    for time in clause.times:
        if time.first is None:
            continue
        before = clause.text(time.start - 50, time.start)
        if leads(before, _speaking, _before_spoken) or (not alone and _opens(clause, time, start)):
            spoken = spoken or time
        elif not (before.endswith(_since) or time.text.startswith("this ")) or not _is_ranking(clause, time):
            ranked.append((time.start - end if time.start >= end else start - time.end, time.start, time))
    ranked.sort()
    beside: Time | None = None
    for gap, _, time in ranked:
        # An only time of these days is the deed's, wherever it stands, and so is what stands right behind it.
        if (alone and not _is_history(time, written)) or (gap <= CLOSE and time.start >= end):
            return time, spoken
        if not _is_aside(clause, time, start, end):
            return time, spoken
        if beside is None and not _is_history(time, written):
            beside = time
    return beside, spoken


def _is_history(time: Time, written: date | None) -> bool:
    return written is None or time.last is None or (written - time.last).days > HISTORICAL


@cache
def _said() -> int:
    return mask_of("sayings", "claims", "denials")


def _opens(clause: Clause, time: Time, start: int) -> bool:
    """Whether a time at the head of a sentence is that of speaking: "On Friday, the army said …"."""
    if time.start - clause.sentence.start > OPENING or not clause.mask & _said():
        return False
    return any(hit.classes & _said() and time.end <= hit.start < start for hit in clause.hits)


def _is_aside(clause: Clause, time: Time, start: int, end: int) -> bool:
    """Whether a time is of what is told beside the deed: "built in 1967", "which joined in 2004", "who had been …"."""
    behind = end <= time.start
    before = clause.text(max(end, time.start - ASIDE) if behind else time.start - ASIDE, time.start)
    if leads(before, _became, _before_became):
        return True
    if "wh" not in before or _aside.isdisjoint(words := before.split()):  # each of them has it
        return False
    opening = max(at for at, word in enumerate(words) if word in _aside)
    verb = words[opening + 1] if opening + 1 < len(words) else ""
    if behind:
        return verb not in _befell
    # A comma leaves two spaces: the deed stands behind the end of the aside.
    return verb == "had" or "  " in clause.text(time.end, start)


def _is_since(clause: Clause, time: Time) -> bool:
    return clause.text(time.start - 11, time.start).endswith(_since)


def _is_ranking(clause: Clause, time: Time) -> bool:
    """Whether a deed is only ranked among those of a time: "the worst since July", "the fifth this year"."""
    return not _ranking.isdisjoint(clause.text(time.start - ASIDE, time.start).split())


def _whole(clause: Clause, time: Time) -> Days | None:
    """The days of a time, all of them where it is an end of "from Monday to Thursday"."""
    if len(clause.times) == 1 or not ("from " in clause.lower or "between " in clause.lower):
        return _told(time)
    for one, other in pairwise(clause.times):
        if (time is one or time is other) and one.first and other.last and one.first <= other.last:
            before, joint = clause.text(one.start - 9, one.start), clause.text(one.end, other.start)
            if (joint == " to " and before.endswith("from ")) or (joint == " and " and before.endswith("between ")):
                return Days(one.first, other.last, True)
    return _told(time)


def is_over(clause: Clause, days: Days) -> bool:
    """Whether all that a sentence tells was before an event of these days: some time before where nobody told them."""
    at = clause.sentence.start
    told = [
        time.last
        for time in clause.times
        if time.last is not None and not _is_since(clause, time) and not _is_aside(clause, time, at, at)
    ]
    return bool(told) and (days.first - max(told)).days > (0 if days.told else AROUND)


def days_of(clause: Clause, start: int, end: int, written: date | None, before: Clause | None) -> Days | None:
    """The days of a deed at ``start`` to ``end``.

    The nearest time of its sentence that does not merely tell when somebody spoke
    (a longer one around that day, "this year", says less than it), nor what came about
    beside the deed; "since May" runs to the day of writing, "eight months of" up to it. Without
    any: for "at the time" the sentence before, then the day of speaking, then the
    day of writing.
    """
    nearest, spoken = _nearest(clause, start, end, written) if clause.times else (None, None)
    on = _told(spoken) if spoken else None
    days = _whole(clause, nearest) if nearest else None
    if nearest is not None and days and not (on and days.first <= on.first <= days.last and days.last != on.last):
        since = written is not None and _is_since(clause, nearest)
        return replace(days, last=max(days.last, written)) if since and written else days
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
        return replace(on, told=False)
    return Days(written, written, False)
