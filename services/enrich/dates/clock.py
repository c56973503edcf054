"""Times of day, with their zone where one is named (``2025-02-07T19:30Z``)."""

import re
from datetime import date
from typing import Final

from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import ZONES
from services.enrich.dates.numbers import read
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

_named: Final = {"noon": "12:00", "midday": "12:00", "midnight": "24:00"}


def _hour_and_minute(m: Match) -> str | None:
    if m["clock_w"]:
        return _named[m["clock_w"]]
    hours = next(m[f"clock_h{n}"] for n in ("", "2", "3", "4", "5") if m[f"clock_h{n}"])
    minutes = next((m[f"clock_mi{n}"] for n in ("", "2", "3", "4") if m[f"clock_mi{n}"]), "00")
    hour = read(hours)
    if hour is None or hour > 24:
        return None
    if m["clock_ap"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if m["clock_ap"] == "p" else 0)
    elif m["clock_part"] in ("afternoon", "evening") or (m["clock_part2"] and hour > 5):
        hour += 12 if hour < 12 else 0
    return f"{hour:02}:{minutes}"


def clock(m: Match, scene: Scene) -> Reading | None:
    """A time of day on the day that its reader settles (``on_day``); alone it is only a time."""
    told = _hour_and_minute(m)
    if told is None:
        return None
    return "TIME", Stretch(f"T{told}{ZONES.get(m['clock_z'] or '', '')}", None, None)


def in_part(value: str, part: str) -> str:
    """A time on its day (``2025-02-07T05:00``) in the part of the day that is named: "5 o'clock Friday afternoon"."""
    hour = int(value[11:13])
    later = part in ("TAF", "TEV") or (part == "TNI" and hour > 5)
    return f"{value[:11]}{hour + 12:02}{value[13:]}" if later and hour < 12 else value


def on_day(value: str, day: date) -> Stretch:
    """A time of day (``T19:30Z``) put on its day."""
    return Stretch(f"{day}{value}", day, day)
