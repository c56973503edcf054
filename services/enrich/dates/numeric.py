"""Dates in another language than English: what is written in numbers and means the same in all of them.

``2025-02-07``, ``07.02.2025``, ``2025年2月7日``, and a year beside one of the words that
years stand beside. Words are left alone: "mars" and "sept" are no English months.
"""

import re
from collections.abc import Callable
from typing import Final

from services.enrich.dates import absolute, calendar
from services.enrich.dates.calendar import Stretch
from services.enrich.dates.grammar import SHAPES, named
from services.enrich.dates.scene import Reading, Scene
from services.enrich.dates.words import words
from services.enrich.model import Time

_CJK: Final = r"(?P<y>(?:19|20)\d\d)年(?:(?P<m>\d\d?)月(?:(?P<d>\d\d?)日)?)?"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)(?![.,%]\d|[%-])"
_NUMBERS: Final = re.compile(
    rf"(?<![\d$€£#.,/-])(?:{named('cjk', _CJK)}|"
    rf"(?<!\w)(?:{named('iso', SHAPES['iso'])}|{named('slash', SHAPES['slash'])}|{named('year', _YEAR)})(?!\w))"
)
_digits: Final = re.compile(r"\d{4}")
_before, _after = words("year_behind"), words("year_before")


def _cjk(m: re.Match[str], scene: Scene) -> Reading | None:
    year, month = int(m["cjk_y"]), int(m["cjk_m"] or 0)
    stretch: Stretch | None
    if m["cjk_d"]:
        day = calendar.make_day(year, month, int(m["cjk_d"]))
        stretch = calendar.a_day(day) if day else None
    else:
        stretch = calendar.a_month(year, month) if month else calendar.a_year(year)
    return ("DATE", stretch) if stretch else None


def _year(m: re.Match[str], scene: Scene) -> Reading | None:
    following = scene.lower[m.end() : m.end() + 16].split(None, 1)
    told = scene.word_before(m.start()) in _before or (following and following[0].rstrip(".,;:)") in _after)
    stretch = calendar.a_year(int(m["year_y"])) if told else None
    return ("DATE", stretch) if stretch else None


_READERS: Final[dict[str, Callable[[re.Match[str], Scene], Reading | None]]] = {
    "iso": absolute.iso,
    "slash": absolute.slash,
    "cjk": _cjk,
    "year": _year,
}


def numeric_times(scene: Scene) -> list[Time]:
    """The dates of a text in any language; as ``find_times`` gives them."""
    if not _digits.search(scene.lower):
        return []
    found = []
    for m in _NUMBERS.finditer(scene.lower):
        reading = _READERS[m.lastgroup or ""](m, scene)
        if reading:
            kind, stretch = reading
            found.append(scene.time(m.start(), m.end(), kind, stretch))
    return found
