"""Durations and sets: how long and how often, which lie nowhere on the calendar."""

import re
from typing import Final

from services.enrich.dates import calendar, relative
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.numbers import read
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

# TIMEX3 designators; those of hours and less follow a T.
_designators: Final = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "night": "D", "week": "W", "weekend": "WE",
    "fortnight": "W", "month": "M", "quarter": "Q", "year": "Y", "decade": "DE", "century": "CE", "centurie": "CE",
}  # fmt: skip
_adverbs: Final = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P1Q", "yearly": "P1Y", "annually": "P1Y", "annual": "P1Y",
}  # fmt: skip
_days: Final = {
    "day": 1.0, "night": 1.0, "week": 7.0, "weekend": 7.0, "fortnight": 14.0, "month": 30.4, "quarter": 91.3,
    "year": 365.25,
}  # fmt: skip
# "a day" and its like are durations only where something measures with them; "a decade" always is one.
_measuring: Final = frozenset(("for", "in", "within", "about", "almost", "nearly", "than", "over", "after"))
_alone: Final = frozenset(("decade", "century", "fortnight", "hour"))


def period(count: str, unit: str) -> str:
    """``P8M``, ``PT24H``, ``P2DE``; ``X`` for a number that is not told."""
    mark = _designators[unit]
    return f"PT{count}{mark[1:]}" if mark[0] == "T" else f"P{count}{mark}"


def _count(words: str, unit: str) -> str:
    number = read(words)
    if number is None:
        return "X"
    return str(number * 2 if unit == "fortnight" else number)


def ago(m: Match, scene: Scene) -> Reading | None:
    """A number of units: counted back or on with "ago" or "later", else a duration."""
    if m["ago_dir"]:
        return relative.ago(m, scene)
    words, unit = m["ago_n"], m["ago_u"]
    measured = unit not in ("quarter", "second") and scene.word_before(m.start()) in _measuring
    if words in ("a", "an") and unit not in _alone and not measured:
        return None
    if words.startswith("half"):
        return "DURATION", Stretch(period("0.5", unit), None, None)
    count = _count(words, unit) + (".5" if m["ago_half"] else "")
    return "DURATION", Stretch(period(count, unit), None, None)


def stretch(m: Match, scene: Scene) -> Reading | None:
    """A duration, "the past three days", that ends, or begins, on the day of writing."""
    unit, number = m["stretch_u"], read(m["stretch_n"])
    value = period(_count(m["stretch_n"], unit), unit)
    days = _days.get(unit)
    if scene.written is None or number is None or days is None:
        return "DURATION", Stretch(value, None, None)
    length = round(min(number, 4000) * days)
    onward = m["stretch_rel"] in ("next", "coming")
    other = calendar.shift_days(scene.written, length if onward else -length)
    if other is None:
        return "DURATION", Stretch(value, None, None)
    return "DURATION", Stretch(value, *sorted((scene.written, other)))


def repeated(m: Match, scene: Scene) -> Reading | None:
    """A set: "daily", "every two years", "twice a week"; not the "Daily" of a newspaper's name."""
    adverb = m["set_adv"]
    if adverb:
        following = scene.text.body[m.end() : m.end() + 2].strip()
        if scene.capitalised(m.start()) and following[:1].isupper():
            return None
        return "SET", Stretch(_adverbs[adverb], None, None)
    if m["set_per"]:
        return "SET", Stretch(period("1", m["set_per"]), None, None)
    words, unit = m["set_n"], m["set_u"]
    count = "2" if words == "other" else _count(words, unit) if words else _count("one", unit)
    return "SET", Stretch(period(count, unit), None, None)
