"""Datelines and signatures: where an agency's story was filed, when, and by whom.

``KYIV - ``, ``KYIV, Feb 7 (AFP) - ``, ``WASHINGTON, D.C. (AP) — ``, ``Berlin (dpa) - ``,
``RIO DE JANEIRO, 7 February 2025 (Xinhua) -- ``, ``(Reuters) - ``; at the end ``(AFP)`` or ``— AP``.
"""

import datetime
import re
from typing import NamedTuple

# Agencies that sign a story's last line without a dash or brackets of their own meaning anything else.
# fmt: off
AGENCIES = frozenset((
    "AAP", "AFP", "ANI", "ANP", "ANSA", "AP", "APA", "Agence France-Presse", "Anadolu", "Associated Press", "BTA",
    "Belga", "Bernama", "CNA", "CTK", "DPA", "EFE", "IANS", "Interfax", "KUNA", "Kyodo", "LUSA", "Lusa", "MENA", "MTI",
    "NTB", "PA", "PAP", "PTI", "RIA", "Reuters", "SPA", "TASS", "TT", "The Associated Press",
    "Thomson Reuters Foundation", "UPI", "Ukrinform", "WAM", "Xinhua", "Yonhap", "dpa",
))
# fmt: on

LONGEST = 100  # characters before the dash

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?:^|[,\s]+)(?:on\s+)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*)?"
    rf"(?:{_MONTH.format('m1')}\s+(?P<d1>\d{{1,2}})|(?P<d2>\d{{1,2}})\s+{_MONTH.format('m2')})(?:,?\s+(?P<year>\d{{4}}))?$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"(?=.{{1,{LONGEST}}})(?P<head>[^\n]{{1,{LONGEST}}}?)(?:(?:(?<=\))|\s)\s*(?:--?|–)(?:\s+|$)|\s*—\s*)"
)
_BRACKETS = re.compile(r"\s*\((?P<inside>[^()]{2,40})\)$")
_PLACE = re.compile(r"[^\W\d_][\w\s.,'’/()&-]{1,60}")
_NAMES = "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))
_SIGNATURE = re.compile(rf"(?:^|\s+)(?:[-–—]{{1,2}}\s*)?(?P<open>\()?(?P<agency>{_NAMES})(?(open)\))\.?$")

# Words that stay small in the name of a place.
# fmt: off
_SMALL = frozenset((
    "al", "am", "an", "and", "da", "de", "del", "der", "di", "do", "du", "el", "en", "et", "la", "las", "le", "les",
    "los", "of", "on", "san", "sur", "the", "und", "upon", "y",
))
# fmt: on


class Dateline(NamedTuple):
    """What stood before the dash; ``day`` is ISO where it names a year, ``rest`` the paragraph without it."""

    place: str | None
    agency: str | None
    day: str | None
    rest: str


class Signature(NamedTuple):
    """The agency at the end of a story, and the paragraph without it."""

    agency: str
    rest: str


def dateline(paragraph: str) -> Dateline | None:
    """The dateline at the head of ``paragraph``, if there is one.

    A place in capitals before a dash is one when a sentence begins after it
    (``NATO - the alliance - said`` is not); with an agency or a date it may be
    in small letters.
    """
    found = _HEAD.match(paragraph)
    if found is None:
        return None
    head, rest = found["head"].strip(), paragraph[found.end() :].strip()
    agency = day = None
    dated = False
    if brackets := _BRACKETS.search(head):
        agency, head = brackets["inside"].strip(), head[: brackets.start()].strip()
    if date := _DATE.search(head):
        dated, day, head = True, _iso(date), head[: date.start()].strip(" ,")
    if not head:
        return Dateline(None, agency, day, rest) if agency and _begins_sentence(rest) else None
    if not _PLACE.fullmatch(head) or not _begins_sentence(rest):
        return None
    if not _in_capitals(head) and not ((agency or dated) and _capitalised(head)):
        return None
    return Dateline(head, agency, day, rest)


def signature(paragraph: str) -> Signature | None:
    """The agency that signs ``paragraph``: a known name alone, in brackets, or after a dash."""
    found = _SIGNATURE.search(paragraph[-50:])
    if found is None:
        return None
    alone = len(found[0]) == len(paragraph)
    marked = found["open"] or found[0].lstrip()[0] in "-–—"
    if not alone and not marked:
        return None
    return Signature(found["agency"], paragraph[: len(paragraph) - len(found[0])].rstrip())


def _iso(date: re.Match[str]) -> str | None:
    if not date["year"]:
        return None
    month = _MONTHS.index((date["m1"] or date["m2"])[:3].lower()) + 1
    try:
        return datetime.date(int(date["year"]), month, int(date["d1"] or date["d2"])).isoformat()
    except ValueError:  # the 31st of February: the place is still a place
        return None


def _in_capitals(place: str) -> bool:
    """``KYIV``, ``KYIV, Ukraine``, ``NEW YORK/LONDON``: the town is in capitals."""
    town = place.partition(",")[0]
    return town.isupper() and sum(map(str.isalpha, town)) >= 2 and (town == place or _capitalised(place))


def _capitalised(place: str) -> bool:
    words = re.findall(r"[^\W\d_]+", place)
    return len(words) <= 8 and all(word[0].isupper() or word in _SMALL for word in words)


def _begins_sentence(rest: str) -> bool:
    start = rest.lstrip("\"'“‘«„([ ")
    return not start or start[0].isupper() or start[0].isdigit() or not start[0].islower()
