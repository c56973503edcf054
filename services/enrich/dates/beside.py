"""Expressions that stand beside each other and mean one time.

"7 p.m. EST Tuesday" and "the early hours of Friday" are one expression; a time of
day apart from its day ("at noon on Friday") stays one of its own, on that day.
"""

import re
from datetime import date
from typing import Final

from msgspec import structs

from services.enrich.dates import calendar, clock
from services.enrich.dates.relative import PARTS
from services.enrich.dates.scene import Scene
from services.enrich.model import Time

# A time of day belongs to the day named this close to it, in the same sentence.
NEAR: Final = 30
_END: Final = re.compile(r"\. |[;\n]")
# What makes a part of the day, or the week, of the day behind it.
_of_day: Final = re.compile(
    r"(?:\b(?:the )?(?:(?P<hours>(?:early|small) hours)|(?:early |late )?(?P<part>morning|afternoon|evening|night)) of"
    r"|\bthe (?P<week>week) (?:of|beginning|starting)) $"
)


def joined(times: list[Time], scene: Scene) -> list[Time]:
    """``times`` with neighbours joined where they are one, and times of day put on their days."""
    return [_part_of(time, scene) for time in _together(_placed(times, scene), scene)]


def _placed(times: list[Time], scene: Scene) -> list[Time]:
    """Times of day on the day named beside them, else on the day of writing."""
    placed = []
    for at, time in enumerate(times):
        if time.value.startswith("T"):
            day = _day_beside(times, at, scene) or scene.written
            if day is not None:
                placed.append(structs.replace(time, **structs.asdict(clock.on_day(time.value, day))))
                continue
        placed.append(time)
    return placed


def _clocked(time: Time) -> bool:
    """Whether a time has hours and minutes."""
    return time.value[10:11] == "T" and time.value[11:12].isdigit()


def _single(time: Time) -> bool:
    return time.first is not None and time.first == time.last and time.type in ("DATE", "TIME")


def _day_beside(times: list[Time], at: int, scene: Scene) -> date | None:
    time = times[at]
    for other in times[at + 1 : at + 3] + times[max(0, at - 1) : at]:
        gap = scene.text.body[min(time.end, other.end) : max(time.start, other.start)]
        if len(gap) <= NEAR and not _END.search(gap) and _single(other):
            return other.first
    return None


def _together(times: list[Time], scene: Scene) -> list[Time]:
    """A time of day and the day right behind or before it as one expression."""
    body = scene.text.body
    kept: list[Time] = []
    for time in times:
        before = kept[-1] if kept else None
        if before is not None and body[before.end : time.start] == " " and _single(before) and _single(time):
            for clocked, day in ((before, time), (time, before)):
                if _clocked(clocked) and not _clocked(day) and clocked.first == day.first:
                    span = (before.start, time.end, body[before.start : time.end])
                    value = clock.in_part(clocked.value, day.value[10:])
                    kept[-1] = Time(*span, "TIME", value, clocked.first, clocked.last)
                    break
            else:
                kept.append(time)
            continue
        kept.append(time)
    return kept


def _part_of(time: Time, scene: Scene) -> Time:
    """From "3 May" its "night of 3 May", from "March 2" its "week of March 2", where that is what stands there."""
    if not _single(time) or _clocked(time):
        return time
    m = _of_day.search(scene.lower, max(0, time.start - 26), time.start)
    if m is None or time.first is None or (time.type == "TIME" and not m["hours"]):
        return time
    if m["week"]:
        week = calendar.a_week(time.first)
        return scene.time(m.start(), time.end, "DATE", week) if week else time
    value = time.value if time.type == "TIME" else f"{time.first}{PARTS[m['part'] or 'morning']}"
    return scene.time(m.start(), time.end, "TIME", calendar.Stretch(value, time.first, time.last))
