"""Datelines and signatures: where an agency's story was filed, when, and by whom.

A place, a day and an agency, any of which may be missing, each agency in its own way::

    KYIV - The                                  Berlin (dpa) - The
    KYIV, Ukraine (AP) — The                    (Reuters) - The
    BEIJING, Feb. 7, 2025 (Xinhua) -- The       Tegucigalpa, 7 feb (EFE).- The
    BERLIN, 7. Februar (dpa) - The              (ANSA) - ROMA, 7 FEB - The
    MOSCOW. Feb 7 (Interfax) - The              MOSCOW, February 7. /TASS/. The
    New Delhi, Feb 7 (PTI) The                  New Delhi [India], February 7 (ANI): The
    TOKYO, Feb. 7, Kyodo - The                  Paris, France | AFP | The
    LONDON--(BUSINESS WIRE)--The

at the end of a story ``(AFP)`` or ``— AP``. Months are those of ``wire/data/calendar.toml``.
"""

import datetime
import re
from typing import NamedTuple

from services.ingest.readers.wire.tables import table
from services.ingest.readers.wire.when import MONTHS, WEEKDAYS

AGENCIES = frozenset(table("agencies")["signing"])
_SIGNING = tuple(AGENCIES)
_FILING = frozenset(name.casefold() for names in table("agencies").values() for name in names)

LONGEST = 100  # characters before the dash


def _any_of(names: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


MONTH = _any_of(frozenset(MONTHS))
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
_DATE = re.compile(
    rf"(?:^|,\s*|\s+|\.\s+)(?:(?:on|le|am|den)\s+)?(?:(?:{_any_of(frozenset(WEEKDAYS))})\.?,?\s+)?"
    rf"(?:(?P<m1>{MONTH})\.?\s+(?P<d1>{_DAY})|(?P<d2>{_DAY})\s*(?:de\s+)?(?P<m2>{MONTH})\.?|"
    r"\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d\d)?)?)(?:,?\s+(?:de\s+)?(?P<year>\d{4}))?[.,]?$",
    re.IGNORECASE,
)
# Some agencies give no more than the day of the month.
_DIGIT = re.compile(r"\d")
_DAY_ALONE = re.compile(r",\s*\d{1,2}$")

_DASH = r"(?:--?|[–—])"
_HEAD = re.compile(
    rf"(?=.{{1,{LONGEST}}})(?P<head>[^\n]{{1,{LONGEST}}}?)(?:(?:(?<=\))|\s)\s*(?:--?|–)(?:\s+|$)|\s*—\s*)"
)
# What every such head has: a dash behind so many characters and blanks. It is told without a try at each of them.
_DASHED = re.compile(rf"[^\n–—-]{{0,{LONGEST}}}+\s*+[–—-]")
_SIGN = re.compile(
    r"(?:--)?(?:\((?P<round>[^()\n]{2,40})\)|(?:(?<=\s)|^)/\s?(?P<slashed>[^/\n]{2,40}?)\s?/)"
    rf"(?:(?P<dash>\.?\s*{_DASH}(?:\s+|$)|\.?\s*—|\s+=\s|--)|(?P<mark>\.\s+|:\s+|\s+|\.?$))"
)
_PIPED = re.compile(
    r"(?P<place>[^|\n]{2,60}?)\s*\|\s*(?P<agency>[^|\n]{2,30}?)\s*\|"
    r"(?:[^|\n]{0,12}\d[^|\n]{0,40}\|\s*\d+ \w+)?\s*"
)
_PLACE = re.compile(r"['’]?[^\W\d_][\w\s.,'’/()&-]{1,60}")
_COUNTRY = re.compile(r"\s*\[([^\[\]]{2,30})\]")
_BEHIND = re.compile(rf"[,\s]+(?P<agency>{_any_of(AGENCIES)})$")
_SIGNATURE = re.compile(rf"(?:^|\s+)(?:[-–—]{{1,2}}\s*)?(?P<open>\()?(?P<agency>{_any_of(AGENCIES)})(?(open)\))\.?$")

# An abbreviation before a name has a letter or two: "the U.S. AP" signs nothing.
_ENDED = re.compile(r"[^\W\d_]{3}[\"”’»)]{0,2}[.!?…][\"”’»)]{0,2}$")

# Words that stay small in the name of a place.
# fmt: off
_SMALL = frozenset((
    "a", "al", "am", "an", "and", "da", "de", "del", "der", "di", "do", "du", "el", "en", "et", "la", "las", "le",
    "les", "los", "of", "on", "san", "sur", "the", "und", "upon", "y",
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
    (``NATO - the alliance - said`` is not); with an agency or a date it may be in
    small letters. Without a dash there must be an agency that is known, or a date
    and what may be an agency.
    """
    return _signed(paragraph) or _unsigned(paragraph) or _piped(paragraph)


def signature(paragraph: str) -> Signature | None:
    """The agency that signs ``paragraph``: a known name alone, in brackets, after a dash or the last sentence."""
    tail = paragraph[-50:]
    # Few paragraphs are signed: a glance tells those that are not.
    found = _SIGNATURE.search(tail) if tail.removesuffix(".").removesuffix(")").endswith(_SIGNING) else None
    if found is None:
        return None
    alone = len(found[0]) == len(paragraph)
    marked = found["open"] or found[0].lstrip()[0] in "-–—" or _ENDED.search(tail[: found.start()])
    if not alone and not marked:
        return None
    return Signature(found["agency"], paragraph[: len(paragraph) - len(found[0])].rstrip())


def _signed(paragraph: str) -> Dateline | None:
    """A dateline with the agency in brackets or between slashes; the place stands before or behind it."""
    head = paragraph[:LONGEST]
    if "(" not in head and "/" not in head:
        return None
    for sign in _SIGN.finditer(paragraph, 0, LONGEST):
        agency, rest = (sign["round"] or sign["slashed"]).strip(), paragraph[sign.end() :].strip()
        place, day, is_dated = _filed(paragraph[: sign.start()].strip())
        if alone := _DAY_ALONE.search(place):
            place, is_dated = place[: alone.start()], True
        if not _is_meant(sign, agency, place, is_dated=is_dated) or not _begins_sentence(rest):
            continue
        if place:
            if _is_place(place) and place.casefold() not in _FILING:
                return Dateline(place, agency, day, rest)
        elif sign["dash"]:
            behind = _unsigned(rest)
            return behind._replace(agency=agency) if behind else Dateline(None, agency, day, rest)
    return None


def _is_meant(sign: re.Match[str], agency: str, place: str, *, is_dated: bool) -> bool:
    """Whether what stands in brackets is an agency: by what follows it, by its name, or by the day before it."""
    if any(part.strip().casefold() in _FILING for part in (agency, *agency.split("/"))):
        return True
    if sign["slashed"]:
        return False
    return bool(sign["dash"] or (place and is_dated and _may_be_agency(agency)))


def _unsigned(paragraph: str) -> Dateline | None:
    """A place and perhaps a day before a dash, an agency perhaps between them without brackets."""
    found = _HEAD.match(paragraph) if _DASHED.match(paragraph) else None
    if found is None:
        return None
    head, rest = found["head"].strip(), paragraph[found.end() :].strip()
    behind = _BEHIND.search(head)
    place, day, is_dated = _filed(head[: behind.start()] if behind else head)
    if behind and not is_dated:
        place, behind = head, None
    if not place or not _begins_sentence(rest) or not _PLACE.fullmatch(place):
        return None
    if not _in_capitals(place) and not (is_dated and _capitalised(place)):
        return None
    return Dateline(place, behind["agency"] if behind else None, day, rest)


def _piped(paragraph: str) -> Dateline | None:
    """``Paris, France | AFP | Friday 2/7/2025 - 10:12 UTC+1 | 345 words``, as an agency shows it on the web."""
    found = _PIPED.match(paragraph, 0, 2 * LONGEST) if "|" in paragraph else None
    if found is None or found["agency"].casefold() not in _FILING or not _is_place(found["place"]):
        return None
    return Dateline(found["place"].strip(), found["agency"], None, paragraph[found.end() :].strip())


def _filed(head: str) -> tuple[str, str | None, bool]:
    """The place in ``head``, the day (ISO, where it names a year), and whether it names any."""
    if "[" in head:
        head = _COUNTRY.sub(r", \1", head)
    # A date has a number, and few datelines have one.
    date = _DATE.search(head) if _DIGIT.search(head) else None
    if date is None:
        return head, None, False
    return head[: date.start()].strip(" ,"), _iso(date), True


def _iso(date: re.Match[str]) -> str | None:
    name = date["m1"] or date["m2"]
    if not date["year"] or not name:
        return None
    day = re.sub(r"\D", "", date["d1"] or date["d2"])
    try:
        return datetime.date(int(date["year"]), MONTHS[name.casefold()], int(day)).isoformat()
    except ValueError:  # the 31st of February: the place is still a place
        return None


def _may_be_agency(name: str) -> bool:
    """One word or two that begin with capitals, and no day of the week."""
    words = name.split()
    return len(words) <= 2 and all(word[0].isupper() for word in words) and name.casefold() not in WEEKDAYS


def _is_place(place: str) -> bool:
    return bool(_PLACE.fullmatch(place)) and (_in_capitals(place) or _capitalised(place))


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
