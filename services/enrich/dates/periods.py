"""Longer periods by their names on the calendar: quarters, seasons, years, decades, centuries."""

import re
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.absolute import RELATIVE_YEAR, narrowed
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import ORDINALS
from services.enrich.dates.scene import Reading, Scene

Match = re.Match[str]

# What may stand before a year, and what is counted, not dated.
_BEFORE_YEAR: Final = """
in since by of from until till before after during through early late mid the this year to between back circa and for
around"""
_COUNTED: Final = """
people persons men women troops soldiers children percent miles mile kilometres kilometers metres meters feet dollars
euros pounds tons tonnes jobs homes others residents police rubles yuan yen km square points votes prisoners migrants
refugees workers students"""
_before_year: Final = frozenset(_BEFORE_YEAR.split())
_no_year: Final = re.compile(rf" (?:per cent|{'|'.join(_COUNTED.split())})\b")
_year_of_event: Final = re.compile(r"(?:^|\W)(?:the|'s|’s|a|an|its|their|his|her|\()\W*$")
_DECADES: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_decade_words: Final = {word: 1920 + 10 * number for number, word in enumerate(_DECADES)}


def season(m: Match, scene: Scene) -> Reading | None:
    """A season, "last summer", "the winter of 2022": ``2024-SU``; a winter is counted by its December."""
    name = m["season_s"] or m["season_s2"]
    if m["season_y"]:
        return narrowed(calendar.a_season(int(m["season_y"]), name), m["season_mod"])
    if scene.written is None:
        return None
    relative = (m["season_rel"] or m["season_ry"]).rsplit(" ", 1)[-1]
    year = scene.written.year
    if name == "winter" and scene.written.month < 7:
        year -= 1  # the winter that is on, or has just ended, began last year
    shift = {"last": -1, "past": -1, "next": 1, "coming": 0}.get(relative, 0)
    return narrowed(calendar.a_season(year + shift, name), m["season_mod"])


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
    word = m["century_n"]
    number = int(re.sub(r"\D", "", word)) if word[0].isdigit() else ORDINALS[word]
    return narrowed(calendar.a_century((number - 1) * 100), m["century_mod"])


def quarter(m: Match, scene: Scene) -> Reading | None:
    """A quarter: "the third quarter of 2024", "Q1 2025"; without a year that of the day of writing."""
    number = int(m["quarter_n"]) if m["quarter_n"] else ORDINALS[m["quarter_q"]]
    written_year = m["quarter_y"] or m["quarter_y2"]
    if written_year:
        stretch = calendar.a_quarter(int(written_year), number)
    elif scene.written is None:
        return None
    else:
        stretch = calendar.a_quarter(scene.written.year + RELATIVE_YEAR.get(m["quarter_rel"], 0), number)
    return None if stretch is None else ("DATE", stretch)
