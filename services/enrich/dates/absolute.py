"""Dates that name a place on the calendar: days, months, years, decades, quarters.

Where the year is left out, the news convention holds: the nearest such date to
the day of writing, past before future unless the sentence looks ahead.
"""

import re
from datetime import date
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import MONTHS, ORDINALS, WEEKDAYS
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

_month_number: Final = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_parts: Final = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "late",
}
_relative_year: Final = {"last": -1, "this": 0, "next": 1}
# What may stand before a month that is also a verb or a first name, before a year, and what is counted, not dated.
_BEFORE_MONTH: Final = """
in since by until till last next this early late mid of from to and during before after through between or late- early-
mid- around for on past coming previous"""
_BEFORE_YEAR: Final = """
in since by of from until till before after during through early late mid the this year to between back circa and for
around"""
_COUNTED: Final = """
people persons men women troops soldiers children percent miles mile kilometres kilometers metres meters feet dollars
euros pounds tons tonnes jobs homes others residents police rubles yuan yen km square points votes prisoners migrants
refugees workers students"""
_before_month, _before_year = frozenset(_BEFORE_MONTH.split()), frozenset(_BEFORE_YEAR.split())
_double_meaning: Final = frozenset((3, 4, 5, 6, 8))
_no_year: Final = re.compile(rf" (?:per cent|{'|'.join(_COUNTED.split())})\b")
_year_of_event: Final = re.compile(r"(?:^|\W)(?:the|'s|’s|a|an|its|their|his|her|\()\W*$")
AHEAD: Final = 60  # days: a date without year this far ahead is still read as one to come


def month_of(word: str) -> int:
    """The number of a month by its name or abbreviation."""
    return _month_number[word[:3]]


def part_of(modifier: str | None) -> str:
    """``early``, ``mid`` or ``late`` for "the beginning of" and its like; empty for none."""
    for word, part in _parts.items():
        if modifier and re.search(rf"\b{word}\b", modifier):
            return part
    return ""


def _narrowed(stretch: Stretch | None, modifier: str | None) -> Reading | None:
    return None if stretch is None else ("DATE", calendar.a_third(stretch, part_of(modifier)))


def _nearest_year(month: int, day: int, forward: bool, written: date) -> int:
    year = written.year
    candidate = calendar.make_day(year, month, min(day, 28)) or written
    ahead = (candidate - written).days
    if ahead > AHEAD and not forward:
        return year - 1
    if (forward and ahead < -AHEAD) or ahead < -(365 - AHEAD):
        return year + 1
    return year


def iso(m: Match, scene: Scene) -> Reading | None:
    """``2025-02-07``, also with a time of day."""
    day = calendar.make_day(int(m["iso_y"]), int(m["iso_m"]), int(m["iso_d"]))
    if day is None:
        return None
    if m["iso_h"] is None:
        return "DATE", calendar.a_day(day)
    return "TIME", Stretch(f"{day}T{m['iso_h']}:{m['iso_mi']}{(m['iso_z'] or '').upper()}", day, day)


def slash(m: Match, scene: Scene) -> Reading | None:
    """Numbers only: by the size of the numbers, else by nearness to the day of writing, else not at all."""
    one, two, year = int(m["slash_a"]), int(m["slash_b"]), int(m["slash_y"])
    orders = [(two, one)] if m["slash_sep"] == "." else [(one, two), (two, one)]
    days = {day for month, number in orders if (day := calendar.make_day(year, month, number))}
    if len(days) > 1 and scene.written is None:
        return None
    written = scene.written
    best = min(days, key=lambda day: (abs((day - written).days), day) if written else (0, day), default=None)
    return None if best is None else ("DATE", calendar.a_day(best))


def _month_day(m: Match, shape: str, scene: Scene) -> Reading | None:
    month, number = month_of(m[f"{shape}_m"]), int(re.sub(r"\D", "", m[f"{shape}_d"]))
    if m[f"{shape}_y"]:
        year = int(m[f"{shape}_y"])
    elif scene.written is None:
        return "DATE", Stretch(f"XXXX-{month:02}-{number:02}", None, None)
    else:
        year = _nearest_year(month, number, scene.forward(m.start(), m.end()), scene.written)
    first = calendar.make_day(year, month, number)
    if first is None:
        return None
    if m[f"{shape}_to"]:
        last = calendar.make_day(year, month, int(re.sub(r"\D", "", m[f"{shape}_to"])))
        if last is not None and last > first:
            return "DATE", Stretch(f"{first}/{last}", first, last)
    return "DATE", calendar.a_day(first)


def dmy(m: Match, scene: Scene) -> Reading | None:
    """Day before month: "7 February 2025", "the 3rd of May", "3 to 7 May" (``2025-05-03/2025-05-07``)."""
    return _month_day(m, "dmy", scene)


def mdy(m: Match, scene: Scene) -> Reading | None:
    """Month before day: "February 7, 2025", "Feb. 7", "May 3-7"."""
    if m["mdy_m"] in ("may", "march") and not scene.capitalised(m.start("mdy_m")):
        return None
    return _month_day(m, "mdy", scene)


def my(m: Match, scene: Scene) -> Reading | None:
    """A month with its year: "February 2025", "mid-March 2024", "July last year"."""
    if m["my_y"]:
        return _narrowed(calendar.a_month(int(m["my_y"]), month_of(m["my_m"])), m["my_mod"])
    if scene.written is None:
        return None
    year = scene.written.year + _relative_year[m["my_rel"]]
    return _narrowed(calendar.a_month(year, month_of(m["my_m"])), m["my_mod"])


def month(m: Match, scene: Scene) -> Reading | None:
    """A month without a year, "last July", "in August": the latest such unless the sentence looks ahead."""
    at, number, relative = m.start("month_m"), month_of(m["month_m"]), m["month_rel"]
    if scene.written is None or not scene.capitalised(at):
        return None
    if number in _double_meaning and not (relative or m["month_mod"]):
        following = scene.text.body[m.end() : m.end() + 2]
        named = len(following) == 2 and following[0] == " " and following[1].isupper()
        word = scene.word_before(at)
        if (word not in _before_month and (named or number in (3, 5))) or (named and word in ("and", "or")):
            return None
    written = scene.written
    year = written.year - (number > written.month)
    if relative in ("last", "past", "this past"):
        year = written.year - (number >= written.month)
    elif relative in ("next", "coming", "this coming"):
        year = written.year + (number <= written.month)
    elif relative == "this":
        year = written.year
    elif scene.forward(m.start(), m.end()):
        year = written.year + (number < written.month)
    return _narrowed(calendar.a_month(year, number), m["month_mod"])


def season(m: Match, scene: Scene) -> Reading | None:
    """A season, "last summer", "the winter of 2022": ``2024-SU``; a winter is counted by its December."""
    name = m["season_s"] or m["season_s2"]
    if m["season_y"]:
        return _narrowed(calendar.a_season(int(m["season_y"]), name), m["season_mod"])
    if scene.written is None:
        return None
    relative = (m["season_rel"] or m["season_ry"]).rsplit(" ", 1)[-1]
    year = scene.written.year
    if name == "winter" and scene.written.month < 7:
        year -= 1  # the winter that is on, or has just ended, began last year
    shift = {"last": -1, "past": -1, "next": 1, "coming": 0}.get(relative, 0)
    return _narrowed(calendar.a_season(year + shift, name), m["season_mod"])


def year(m: Match, scene: Scene) -> Reading | None:
    """A year: "in 2022", "the 2016 election", "2014-2019"; a number of people is none."""
    start = m.start("year_y")
    before = scene.before(start)
    word = scene.word_before(start)
    of_event = _year_of_event.search(before) is not None or m["year_mod"]
    if not (of_event or word in _before_year) or _no_year.match(scene.lower, m.end()):
        return None
    first = int(m["year_y"])
    if word == "and" and not re.search(r"(?:between|in|since|and) (?:1[5-9]|20)\d\d,? and $", before):
        return None
    if m["year_to"]:
        last = int(m["year_to"]) if len(m["year_to"]) == 4 else first // 100 * 100 + int(m["year_to"])
        one, two = calendar.a_year(first), calendar.a_year(last)
        if one is None or two is None or last <= first:
            return None
        return "DATE", Stretch(f"{first}/{last}", one.first, two.last)
    return _narrowed(calendar.a_year(first), m["year_mod"])


_DECADES: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_decade_words: Final = {word: 1920 + 10 * number for number, word in enumerate(_DECADES)}


def decade(m: Match, scene: Scene) -> Reading | None:
    """A decade, "the 1990s", "the late '80s": ``199``."""
    if m["decade_w"] and scene.word_before(m.start("decade_w")) in ("his", "her", "their", "my", "its"):
        return None  # an age
    start = int(m["decade_y"]) if m["decade_y"] else 0
    start = start or (1900 + int(m["decade_yy"]) if m["decade_yy"] else _decade_words[m["decade_w"] or "nineties"])
    return _narrowed(calendar.a_decade(start), m["decade_mod"])


def century(m: Match, scene: Scene) -> Reading | None:
    """A century, "the 19th century": ``18``."""
    word = m["century_n"]
    number = int(re.sub(r"\D", "", word)) if word[0].isdigit() else ORDINALS[word]
    return _narrowed(calendar.a_century((number - 1) * 100), m["century_mod"])


def quarter(m: Match, scene: Scene) -> Reading | None:
    """A quarter: "the third quarter of 2024", "Q1 2025"; without a year that of the day of writing."""
    number = int(m["quarter_n"]) if m["quarter_n"] else ORDINALS[m["quarter_q"]]
    written_year = m["quarter_y"] or m["quarter_y2"]
    if written_year:
        stretch = calendar.a_quarter(int(written_year), number)
    elif scene.written is None:
        return None
    else:
        stretch = calendar.a_quarter(scene.written.year + _relative_year.get(m["quarter_rel"], 0), number)
    return None if stretch is None else ("DATE", stretch)


def weekday_number(word: str) -> int:
    """Monday is 0."""
    return WEEKDAYS.index(word)
