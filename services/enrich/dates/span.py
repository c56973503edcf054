"""Durations and sets: how long and how often, which lie nowhere on the calendar."""

import re
from datetime import date
from typing import Final

from services.enrich.dates import calendar, relative
from services.enrich.dates.absolute import RELATIVE_YEAR, month_of
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.numbers import UNITS, read
from services.enrich.dates.scene import Reading, Scene
from services.enrich.dates.words import words

Match = re.Match[str]

# TIMEX3 designators; those of hours and less follow a T.
_designators: Final = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "night": "D", "week": "W", "weekend": "WE",
    "fortnight": "W", "month": "M", "quarter": "Q", "year": "Y", "decade": "DE", "century": "CE", "centurie": "CE",
}  # fmt: skip
_adverbs: Final = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P1Q", "yearly": "P1Y", "annually": "P1Y", "annual": "P1Y", "weekends": "XXXX-WXX-WE",
}  # fmt: skip
_days: Final = {
    "day": 1.0, "night": 1.0, "week": 7.0, "weekend": 7.0, "fortnight": 14.0, "month": 30.4, "quarter": 91.3,
    "year": 365.25, "decade": 3652.5,
}  # fmt: skip
_measuring: Final = words("measuring")
_distances: Final = words("distances")
_kinds: Final = words("kinds_of_days")
# "a day of mourning", "a night when" tell what sort, not how long.
_of_a_kind: Final = re.compile(r" (?:of|when|that|to|in which|out|off|trip|pass)\b")
# An amount right before "a day" makes it a rate: "100 euros a day", "$2 million a year".
_amount: Final = re.compile(
    rf"(?:\d|[$€£]|\b(?:{'|'.join(list(UNITS)[1:13])}|times|million|billion|hundred|thousand|dozen|twice|once)\b)[^,;()]{{0,28}}$"
)
_counted: Final = re.compile(r"(?:[a-z]s|million|billion|trillion|percent|per cent|\d|people|tons|once|twice) $")


def period(count: str, unit: str) -> str:
    """``P8M``, ``PT24H``, ``P2DE``; ``X`` for a number that is not told."""
    mark = _designators[unit]
    return f"PT{count}{mark[1:]}" if mark[0] == "T" else f"P{count}{mark}"


def _count(words: str, unit: str) -> str:
    if "half" in words:
        return "0.5"
    number = 1 if words == "another" else read(words)
    if number is None:
        return "X"
    if _decimal.fullmatch(words):
        return words
    return str(number * 2 if unit == "fortnight" else number)


_decimal: Final = re.compile(r"\d+\.\d+")


def ago(m: Match, scene: Scene) -> Reading | None:
    """A number of units: counted back or on with "ago" or "later", else a duration; "euros a day" is a set."""
    if m["ago_dir"] and (counted := relative.ago(m, scene)):
        return counted
    if scene.within_name(m.start("ago_u"), m.end()) or _no_length(m, scene):
        return None
    number, unit = m["ago_n"], m["ago_u"]
    if number in ("a", "an"):
        before = scene.before(m.start(), 44)
        if not m["ago_dir"] and _counted.search(before) and _amount.search(before):
            return "SET", Stretch(period("1", unit), None, None)
    count = _count(number, unit) + (".5" if m["ago_half"] else "")
    return "DURATION", Stretch(period(count, unit), None, None)


def _no_length(m: Match, scene: Scene) -> bool:
    """Whether a number of units measures no time: a fraction, a speed, "a day when", "a second" in a row."""
    number, unit, plural_unit = m["ago_n"], m["ago_u"], m["ago_s"]
    if unit == "quarter" and (not plural_unit or read(number) in (None, 1, 3)):
        return True
    if number in ("some", "many"):
        return not plural_unit
    if number not in ("a", "an"):
        return False
    if plural_unit or unit == "second" or scene.lower[m.end("ago_n")] == "-":
        return True
    if unit == "hour" and scene.word_before(m.start()) in _distances:
        return True
    measured = m.end("ago_n") - m.start() > 2 or scene.word_before(m.start()) in _measuring
    return unit in ("day", "night", "minute") and not measured and _of_a_kind.match(scene.lower, m.end()) is not None


def plural(m: Match, scene: Scene) -> Reading | None:
    """Units without a number: "for months", "years of war", "decades-long" (``PXM``); "years ago" is the past."""
    if m["plural_dir"]:
        return "DATE", Stretch("PAST_REF", None, None)
    long_one = scene.lower.endswith("-long", m.start(), m.end())
    if scene.lower[m.start() - 1 : m.start()] in ("-", "–") or (
        not long_one and scene.word_before(m.start()) in _kinds
    ):
        return None
    if scene.within_name(m.start(), m.end()):
        return None
    return "DURATION", Stretch(period("X", m["plural_u"]), None, None)


def long(m: Match, scene: Scene) -> Reading | None:
    """One unit long, "a week-long visit", "the yearlong siege"; a quarter-century, also one that is over ("ago")."""
    if m["long_q"]:
        written = scene.written
        ago = calendar.a_year(written.year - 25) if m["long_ago"] and written else None
        return ("DATE", ago) if ago else ("DURATION", Stretch("P25Y", None, None))
    return "DURATION", Stretch(period("1", m["long_u"]), None, None)


def stretch(m: Match, scene: Scene) -> Reading | None:
    """A duration, "the past three days", that ends, or begins, on the day of writing."""
    unit, number = m["stretch_u"], None if "half" in m["stretch_n"] else read(m["stretch_n"])
    value = period(_count(m["stretch_n"], unit), unit)
    days = _days.get(unit)
    if scene.written is None or number is None or days is None:
        return "DURATION", Stretch(value, None, None)
    if m["stretch_rel"] in ("first", "final"):
        return _of_year(m, value, round(number * days), scene.written)
    length = round(min(number, 4000) * days)
    onward = m["stretch_rel"] in ("next", "coming")
    other = calendar.shift_days(scene.written, length if onward else -length)
    if other is None:
        return "DURATION", Stretch(value, None, None)
    return "DURATION", Stretch(value, *sorted((scene.written, other)))


def _of_year(m: Match, value: str, length: int, written: date) -> Reading:
    """A duration that begins, or ends, with its year: "the first nine months of 2024"."""
    year = int(m["stretch_y"]) if m["stretch_y"] else written.year + RELATIVE_YEAR.get(m["stretch_ry"], 0)
    whole = calendar.a_year(year) if "year" in m[0] or m["stretch_y"] else None
    if whole is None or whole.first is None or whole.last is None or not 0 < length <= 366:
        return "DURATION", Stretch(value, None, None)
    if m["stretch_rel"] == "first":
        return "DURATION", Stretch(value, whole.first, calendar.shift_days(whole.first, length - 1))
    return "DURATION", Stretch(value, calendar.shift_days(whole.last, 1 - length), whole.last)


def repeated(m: Match, scene: Scene) -> Reading | None:
    """A set: "daily", "every two years", "twice a week", "each spring"; not the "Daily" of a newspaper's name."""
    if m["set_adv"]:
        return None if scene.within_name(m.start(), m.end()) else ("SET", Stretch(_adverbs[m["set_adv"]], None, None))
    return "SET", Stretch(_set_value(m), None, None)


def _set_value(m: Match) -> str:
    per = m["set_per"] or m["set_per2"]
    if per:
        return period("1", "year" if per == "annum" else per)
    if m["set_mon"]:
        return f"XXXX-{month_of(m['set_mon']):02}"
    if m["set_s"]:
        return f"XXXX-{calendar.SEASONS[m['set_s']][0]}"
    if m["set_part"]:
        return f"XXXX-XX-XX{relative.PARTS[m['set_part']]}"
    number, unit = m["set_n"], m["set_u"]
    if unit == "weekend" and not number:
        return "XXXX-WXX-WE"
    return period("2" if number == "other" else _count(number or "one", unit), unit)
