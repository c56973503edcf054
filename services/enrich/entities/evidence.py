"""What a name says of itself, by its words and by what stands around it.

The numbers add up to a vote in ``decide``; around 1 is the least that decides, 5 is
as good as certain.
"""

import math
from functools import lru_cache
from typing import Final

from services.enrich.entities import context
from services.enrich.entities.mention import Mention
from services.enrich.entities.scan import PLACE, Piece, Scan
from services.enrich.lexicon.people import given_names
from services.enrich.lexicon.table import words
from services.enrich.places.gazetteer import Candidate
from services.enrich.places.layout import (
    ACRONYM,
    ADMIN1,
    ADMIN2,
    ALIAS,
    COUNTRY,
    NAME,
    OTHER,
    REGION,
    WEAK,
    Kind,
    Quality,
)
from services.enrich.places.toponym import Toponym

PLACE_HEADS: Final = words("place_heads")
PLACE_STARTS: Final = words("place_starts")
NAME_WORDS: Final = 4  # the words of a person's name at most
_EVENT_HEADS: Final = words("event_heads")
_WORK_HEADS: Final = words("work_heads")
_COMMON: Final = words("common_words")
_GENERATIONS: Final = frozenset(("Jr.", "Sr.", "Jr", "Sr", "II", "III", "IV"))
_COMPANY_FORMS: Final = frozenset(("Inc.", "Corp.", "Ltd.", "Co.", "Inc", "Corp", "Ltd", "LLC", "PLC", "Plc"))
_INNER_CAPITALS: Final = ("Mc", "Mac", "O'", "De", "Al")  # of surnames
# A capitalised word within a sentence that nothing else explains is a person more often than not.
_UNKNOWN: Final = 0.7
_QUALITY: Final = {NAME: 0.0, ALIAS: -0.3, WEAK: -1.6, ACRONYM: 0.0}
_KIND: Final = {COUNTRY: 4.5, REGION: 3.0, OTHER: 3.0, ADMIN1: 2.4, ADMIN2: 1.8}


def mention(scan: Scan, at: int, until: int) -> Mention:
    """The mention that ``pieces[at:until]`` make, without any evidence."""
    first, last = scan.pieces[at], scan.pieces[until - 1]
    return Mention(
        start=first.start,
        end=last.end,
        field=scan.field,
        text=scan.original[first.start : last.end],
        surface=scan.folded[first.start : last.end],
        words=until - at,
        shy=first.first or scan.headline,
    )


def place(scan: Scan, at: int, until: int) -> Mention:
    """A name of the gazetteer: piece ``at``, with the capitalised word for a division in ``until`` perhaps."""
    piece = scan.pieces[at]
    found = mention(scan, at, until)
    around = context.read(scan.plain, found.start, found.end)
    division = context.level(scan.pieces[at + 1].word.lower()) if until > at + 1 else 0
    hyphened = piece.joined == "-" or (until < len(scan.pieces) and scan.pieces[until].joined == "-")
    prior = _prior(piece)
    # Well-known places "say" and "deny" as persons do.
    found.person, found.organization = around.person * (0.5 if prior >= 0.5 else 1.0), around.organization
    found.place = around.place + prior + 3.0 * (division > 0) - 0.5 * hyphened
    found.noun = around.noun
    found.toponym = Toponym(piece.key, piece.candidates, division=division or around.division, city=around.city)
    return found


def unknown(scan: Scan, at: int, until: int) -> Mention:
    """A name of words that nothing knows."""
    pieces = scan.pieces[at:until]
    found = mention(scan, at, until)
    around = context.read(scan.plain, found.start, found.end)
    found.person, found.organization, found.place = around.person, around.organization, around.place
    if len(pieces) > 1:
        _several(found, pieces)
    else:
        _single(found, pieces[0])
    last = pieces[-1].word
    if last[2:] != last[2:].lower() and not last.startswith(_INNER_CAPITALS) and not _acronym(last):
        found.organization += 0.8
    return found


def is_given(word: str) -> bool:
    """Whether ``word`` is somebody's given name."""
    return word in given_names()


def _several(found: Mention, pieces: list[Piece]) -> None:
    named = [piece.word for piece in pieces]
    first, last = named[0], named[-1]
    common = sum(word.lower() in _COMMON for word in named)
    initial = any(len(word) == 2 and word[1] == "." for word in named[:-1])
    if last in _EVENT_HEADS:
        found.type = "event"
    elif last in _WORK_HEADS:
        found.type = "work"
    found.person += 1.0 + 2.2 * is_given(first) + 2.0 * initial - 1.4 * common + 1.0 * (last in _GENERATIONS)
    found.person -= 1.5 * (len(named) > NAME_WORDS)
    located = pieces[0].what is PLACE and not is_given(first)
    found.person -= 0.7 * located
    found.organization += 0.7 * common + 0.6 * located + 5.0 * (last in _COMPANY_FORMS)
    found.place += 3.0 if last in PLACE_HEADS or first in PLACE_STARTS else -1.0


def _single(found: Mention, piece: Piece) -> None:
    if _acronym(piece.word):
        found.organization += 2.2
        found.person -= 1.3
        return
    common = piece.word.lower() in _COMMON
    found.person += (0.5 if piece.first else 1.1) * is_given(piece.word) - 2.0 * common
    found.person += 0.0 if piece.first or common else _UNKNOWN


def _acronym(word: str) -> bool:
    letters = word.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isupper() and letters.isalpha() and letters.lower() not in _COMMON


def _prior(piece: Piece) -> float:
    """How readily a name of the gazetteer is taken for the place where nothing around it helps."""
    best = max([_weight(candidate.population, candidate.kind, candidate.quality) for candidate in piece.candidates])
    if piece.word.lower() in _COMMON and piece.candidates[0].quality is not ACRONYM:
        best -= 2.5
    if is_given(piece.word) and not any(map(_renowned, piece.candidates)):
        best -= 1.6
    if piece.first and best < 2.0:
        best -= 0.4
    return best


def _renowned(candidate: Candidate) -> bool:
    """So well known that the name says the place first, though people bear it: Virginia, Sydney."""
    return candidate.quality is NAME and (candidate.kind in (COUNTRY, ADMIN1) or candidate.population >= 1_000_000)


@lru_cache(maxsize=20_000)
def _weight(population: int, kind: Kind, quality: Quality) -> float:
    by_kind = _KIND.get(kind)
    if by_kind is None:
        by_kind = min(2.6, math.log10(population + 10) * 0.9 - 3.0)
    return by_kind + _QUALITY[quality]
