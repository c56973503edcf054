"""Times counted from one that the text named before: "the following day", "that night", "the same year"."""

import re
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.calendar import SEASONS, Stretch
from services.enrich.dates.relative import PARTS, day_reading, unit_from
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

_back: Final = frozenset(("previous", "preceding", "before"))
# "over the next month" is a length of time, "the next month he left" the month after.
_measuring: Final = frozenset(("over", "in", "within", "for", "during"))
# Before "the night": the night of the day that was told of.
_through: Final = frozenset(("throughout", "during", "through", "into"))
_units: Final = {"day": "P1D", "week": "P1W", "month": "P1M", "year": "P1Y", "decade": "P1DE", "century": "P1CE"}
_long: Final = frozenset(("month", "quarter", "year", "decade", "century", *SEASONS))


def anaphor(m: Match, scene: Scene) -> Reading | None:
    """The same time as one named before, or the one before or after it; without one, from the day of writing."""
    unit = m["anaphor_same"] or m["anaphor_u"] or m["anaphor_u2"]
    base = (scene.last_day if unit not in _long else scene.last_told) or scene.written
    if base is None or _no_time(m, scene):
        return None
    relative = m["anaphor_rel"] or m["anaphor_rel2"]
    if relative == "next" and unit in _units and scene.word_before(m.start()) in _measuring:
        return "DURATION", Stretch(_units[unit], None, None)
    step = 0 if relative is None else -1 if relative in _back else 1
    if unit in PARTS:
        return day_reading(calendar.shift_days(base, step), unit)
    moved = calendar.a_season(base.year + step, unit) if unit in SEASONS else unit_from(base, unit, step)
    return None if moved is None else ("DATE", moved)


def _no_time(m: Match, scene: Scene) -> bool:
    """Whether it points to nothing: "the night" but not "through the night", "events that fall within it"."""
    if scene.written is None and scene.last_day is None:
        return True
    return m[0] == "that fall" or (m["anaphor_the"] is not None and scene.word_before(m.start()) not in _through)
