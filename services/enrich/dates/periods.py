"""Longer periods by their names on the calendar: quarters, seasons, years, decades, centuries."""

import re
from datetime import date
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.absolute import RELATIVE_YEAR, month_of, narrowed
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import ORDINALS
from services.enrich.dates.relative import unit_from
from services.enrich.dates.scene import Reading, Scene
from services.enrich.dates.words import words

Match = re.Match[str]

_before_year: Final = words("before_year")
_weak: Final = words("weak_before_year")
_no_year: Final = re.compile(rf" (?:per cent|{'|'.join(sorted(words('counted')))})\b")
_year_of_event: Final = re.compile(r"(?:(?:^|\W)(?:the|a|an|its|their|his|her|our|whose|\()|['’]s|s['’])\W*$")
# Quarters of a game are no quarters of a year.
_a_game: Final = re.compile(r"\b(?:touchdown|yards?|halftime|rebounds?|quarterback|field goal|buzzer|free throws?)\b")
# Behind a weak word, what a number could count.
_some_number: Final = re.compile(r" (?!(?:levels?|and|or|to|in|on|the|as|but|when|was|is)\b)[a-z]")
# "the disputed 2005 elections"; "he said 2006 will be hard"
_described: Final = re.compile(r"(?:\b(?:the|a|an|its|their|his|her)|['’]s) [a-z-]{4,} $")
_year_goes_on: Final = re.compile(r" (?:will|was|is|has|saw|levels?|figures)\b")
# "in 2014, 2015 and 2016", "between now and 2050"
_year_before: Final = re.compile(r"\b(?:1[5-9]|20)\d\d(?:,? and |,? or |, )$|\bbetween [\w ,.]{2,24} and $")
_DECADES: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_decade_words: Final = {word: 1920 + 10 * number for number, word in enumerate(_DECADES)}
_before_season: Final = words("before_season")
# Behind a season that is a name or none: "the fall of the city".
_no_season: Final = re.compile(r" (?:of|in|from|guy|back)\b|-")


def season(m: Match, scene: Scene) -> Reading | None:
    """A season, "last summer", "the winter of 2022": ``2024-SU``; a winter is counted by its December."""
    name = m["season_s"] or m["season_s2"]
    at = m.start("season_s") if m["season_s"] else m.start("season_s2")
    if m["season_y"]:
        return narrowed(calendar.a_season(int(m["season_y"]), name), m["season_mod"])
    if scene.written is None or scene.within_name(at, m.end()):
        return None
    written = scene.written
    relative = (m["season_rel"] or m["season_ry"] or "").rsplit(" ", 1)[-1]
    if not relative:
        named = m["season_the"] or m["season_mod"] or scene.word_before(m.start()) in _before_season
        if not named or _no_season.match(scene.lower, m.end()):
            return None
    if m["season_ry"]:
        year = written.year + RELATIVE_YEAR[relative]
    else:
        year = _season_year(name, relative, written, forward=not relative and scene.forward(m.start(), m.end()))
    return narrowed(calendar.a_season(year, name), m["season_mod"])


def _season_year(name: str, relative: str, written: date, *, forward: bool) -> int:
    """The year of "last summer" (the latest that is over), "this", "next", or of a bare season (the latest begun)."""
    # The winter that is on, or has just ended, began last year.
    current = written.year - (name == "winter" and written.month < 7)
    stretch = calendar.a_season(current, name)
    if stretch is None or stretch.first is None or stretch.last is None:
        return current
    over, begun = stretch.last < written, stretch.first <= written
    if relative in ("last", "past"):
        return current - (not over)
    if relative == "next":
        return current + 1
    if relative == "coming":
        return current + begun
    if relative == "this":
        return current
    return current + (forward and over) - (not forward and not begun)


def half(m: Match, scene: Scene) -> Reading | None:
    """Half of a year (``2024-H1``), month, decade or century; "first-half profit" is that of the latest such half."""
    late = (m["half_n"] or m["half_adj"]) != "first"
    if m["half_y"] or m["half_hy"]:
        return _half_year(int(m["half_y"] or m["half_hy"]), late=late)
    if m["half_dy"]:
        return _halved(calendar.a_decade(int(m["half_dy"])), late=late)
    if m["half_ce"]:
        return _halved(calendar.a_century((_number(m["half_ce"]) - 1) * 100), late=late)
    if m["half_my"]:
        return _halved(calendar.a_month(int(m["half_my"]), month_of(m["half_m"])), late=late)
    return _half_from(m, scene.written, late=late) if scene.written else None


def _half_from(m: Match, written: date, *, late: bool) -> Reading | None:
    """Half of what is counted from the day of writing: "the second half of last year", "the first half of May"."""
    if m["half_m"]:
        number = month_of(m["half_m"])
        return _halved(calendar.a_month(written.year - (number > written.month), number), late=late)
    if m["half_adj"]:
        return _half_year(written.year - (written.month <= 6 or late), late=late)
    shift = RELATIVE_YEAR.get(m["half_rel"].rsplit(" ", 1)[-1], 0) - (m["half_rel"] == "the previous")
    if m["half_u"] == "year":
        return _half_year(written.year + shift, late=late)
    return _halved(unit_from(written, m["half_u"], shift), late=late)


def _number(word: str) -> int:
    """What an ordinal in digits or words counts to."""
    return int(re.sub(r"\D", "", word)) if word[0].isdigit() else ORDINALS[word]


def _half_year(year: int, *, late: bool) -> Reading | None:
    first, last = calendar.a_month(year, 7 if late else 1), calendar.a_month(year, 12 if late else 6)
    return ("DATE", Stretch(f"{year:04}-H{1 + late}", first.first, last.last)) if first and last else None


def _halved(stretch: Stretch | None, *, late: bool) -> Reading | None:
    """The value of the whole, the days of the half."""
    if stretch is None or stretch.first is None or stretch.last is None:
        return None
    middle = stretch.first + (stretch.last - stretch.first) // 2
    after = calendar.shift_days(middle, 1)
    return "DATE", Stretch(stretch.value, after if late else stretch.first, stretch.last if late else middle)


def fiscal(m: Match, scene: Scene) -> Reading | None:
    """A company's or state's year, "fiscal 2024", "the 2024-25 financial year": the year it is named by."""
    first = int(m["fiscal_y"])
    return narrowed(calendar.a_year(first), None) if not m["fiscal_to"] else _years(first, m["fiscal_to"])


def year_ago(m: Match, scene: Scene) -> Reading | None:
    """What lies a year back, "the year-ago quarter", "the year-earlier period"; also "year-end 2025"."""
    written_year = m["year_ago_y"] or m["year_ago_y2"]
    if m["year_ago_ago"] is None:
        if written_year:
            return narrowed(calendar.a_year(int(written_year)), "end")
        base = scene.last_told or scene.written
        return narrowed(calendar.a_year(base.year), "end") if base and scene.written else None
    base = scene.last_told or scene.written
    if base is None or scene.written is None:
        return None
    unit = m["year_ago_u"]
    before = calendar.shift_months(base.year, base.month, -12)
    if unit == "quarter":
        if scene.last_quarter and scene.last_quarter.first:
            base = scene.last_quarter.first
        else:
            base = date(*calendar.shift_months(scene.written.year, scene.written.month, -3), 1)
        return narrowed(calendar.a_quarter(base.year - 1, (base.month + 2) // 3), None)
    if unit == "month":
        return narrowed(calendar.a_month(*before), None)
    return narrowed(calendar.a_year(before[0]), None)


def _years(first: int, to: str) -> Reading | None:
    last = int(to) if len(to) == 4 else first // 100 * 100 + int(to)
    last += 100 if last < first and len(to) == 2 else 0  # 1999-00
    one, two = calendar.a_year(first), calendar.a_year(last)
    if one is None or two is None or not first < last < first + 120:
        return None
    return "DATE", Stretch(f"{first}/{last}", one.first, two.last)


def year(m: Match, scene: Scene) -> Reading | None:
    """A year: "in 2022", "the 2016 election", "2014-2019"; a number of people is none."""
    start = m.start("year_y")
    before = scene.before(start)
    word = scene.word_before(start)
    told = (
        word in _before_year
        or m["year_mod"]
        or m["year_the"]
        or _year_of_event.search(before)
        or _year_before.search(before)
        or _year_goes_on.match(scene.lower, m.end())
        or (_described.search(before) and m["year_y"] >= "1900")
    )
    if not told or _no_year.match(scene.lower, m.end()):
        return None
    first = int(m["year_y"])
    if word in _weak and _some_number.match(scene.lower, m.end()):
        return None
    if m["year_to"]:
        return _years(first, m["year_to"])
    return narrowed(calendar.a_year(first), m["year_mod"])


def decade(m: Match, scene: Scene) -> Reading | None:
    """A decade, "the 1990s", "the late '80s": ``199``."""
    if m["decade_w"] and scene.word_before(m.start("decade_w")) in ("his", "her", "their", "my", "its"):
        return None  # an age
    start = int(m["decade_y"]) if m["decade_y"] else 0
    start = start or (1900 + int(m["decade_yy"]) if m["decade_yy"] else _decade_words[m["decade_w"] or "nineties"])
    return narrowed(calendar.a_decade(start), m["decade_mod"])


def century(m: Match, scene: Scene) -> Reading | None:
    """A century, "the 19th century": ``18``."""
    return narrowed(calendar.a_century((_number(m["century_n"]) - 1) * 100), m["century_mod"])


def quarter(m: Match, scene: Scene) -> Reading | None:
    """A quarter: "the third quarter of 2024", "Q1 2025"; without a year the latest that has begun; none of a game."""
    if m["quarter_n"] and not scene.capitalised(m.start()):
        return None
    written_year = m["quarter_y"] or m["quarter_y2"] or m["quarter_y3"]
    if not written_year and _a_game.search(scene.lower, max(0, m.start() - 160), m.end() + 160):
        return None
    number = int(m["quarter_n"]) if m["quarter_n"] else ORDINALS.get(m["quarter_q"], 4)
    if written_year:
        stretch = calendar.a_quarter(int(written_year), number)
    elif scene.written is None:
        return None
    elif m["quarter_rel"]:
        stretch = calendar.a_quarter(scene.written.year + RELATIVE_YEAR[m["quarter_rel"]], number)
    else:
        year = scene.written.year
        begun = calendar.a_quarter(year, number)
        if begun and begun.first and begun.first > scene.written and not scene.forward(m.start(), m.end()):
            year -= 1
        stretch = calendar.a_quarter(year - (m["quarter_ago"] is not None), number)
    return narrowed(stretch, m["quarter_mod"])
