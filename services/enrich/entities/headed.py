"""Organisations that their head gives away: "Ministry of …", "… University", "… Inc."."""

from typing import Final

import msgspec

from newswire.enriched import EntityType
from services.enrich.entities.scan import PLACE, STOP, TITLE, WORD, Piece, Scan
from services.enrich.lexicon.table import words

ORGANIZATION_HEADS: Final = frozenset(word.replace("_", " ") for word in words("org_heads"))
GROUP_HEADS: Final = words("group_heads")
_HEADS: Final = ORGANIZATION_HEADS | GROUP_HEADS
_PAIRS: Final = frozenset(head.partition(" ")[0] for head in ORGANIZATION_HEADS if " " in head)
_OF: Final = frozenset((" of ", " of the "))
_FOR: Final = frozenset((" for ", " for the ", " on "))
# Heads whose name goes on with "for" or "on", and those with two fields joined by "and".
_CAUSES: Final = frozenset(
    [
        *("Alliance", "Association", "Campaign", "Center", "Centre", "Coalition", "Commission", "Committee"),
        *("Conference", "Council", "Foundation", "Front", "Fund", "Institute", "Ministry", "Movement"),
        *("Organisation", "Organization", "Party", "Society"),
    ]
)
_FIELDS: Final = frozenset(("Ministry", "Department", "Office", "Bureau", "Committee", "Commission", "Directorate"))
_LONGEST: Final = 7  # pieces
# Heads that do not begin a name: "Times of trouble", "Front of the house".
_NOT_FIRST: Final = frozenset(("Times", "News", "United", "Front", "Army", "Police", "Forces", "Group"))


class Headed(msgspec.Struct, frozen=True, gc=False):
    """Pieces up to ``until`` (exclusive) that name an organisation or group."""

    until: int
    type: EntityType


def headed(scan: Scan, at: int, end: int) -> Headed | None:
    """The organisation that begins at piece ``at``, within the chain that ends at ``end`` or on from it by "of"."""
    pieces = scan.pieces
    first = pieces[at]
    if first.what is TITLE or (first.what is STOP and first.word not in ORGANIZATION_HEADS):
        return None
    if end - at == 1 and first.word not in _HEADS:
        return None
    head = _head(pieces, at, min(end, at + _LONGEST))
    if head is None:
        return None
    until = _after_of(scan, head + 1)
    if head == at and (until == head + 1 or first.word in _NOT_FIRST):
        return None
    group = pieces[head].word in GROUP_HEADS and pieces[head].word not in ORGANIZATION_HEADS
    return Headed(until, "group" if group else "organization")


def _head(pieces: list[Piece], at: int, end: int) -> int | None:
    """The last head in ``pieces[at:end]``, as far as one name may reach."""
    head = None
    for number in range(at, end):
        piece = pieces[number]
        what, word = piece.what, piece.word
        if number > at and (what is TITLE or what is STOP or _names_person(piece)):
            break
        if word in _HEADS and (what is WORD or what is STOP):
            head = number
        elif word in _PAIRS and number + 1 < end and f"{word} {pieces[number + 1].word}" in ORGANIZATION_HEADS:
            head = number + 1
    if head is not None and _names_person(pieces[at]) and head == at + 1:
        return None
    return head


def _names_person(piece: Piece) -> bool:
    return piece.entry is not None and piece.entry.type == "person"


def _after_of(scan: Scan, at: int) -> int:
    """Where a name ends that goes on with "of …" after its head: "Ministry of Foreign Affairs of Ukraine"."""
    pieces = scan.pieces
    head, linked = pieces[at - 1].word, False
    while at < len(pieces):
        gap = scan.plain[pieces[at - 1].end : pieces[at].start]
        # "and" goes on with what "of" began: "Department of Health and Human Services".
        joins = gap in _OF or (gap in _FOR and head in _CAUSES) or (gap == " and " and linked and head in _FIELDS)
        if not joins:
            return at
        if pieces[at].first or pieces[at].what in (STOP, TITLE):
            return at
        if pieces[at].what is not WORD and gap not in _OF:
            return at
        linked = True
        at += 1
        while at < len(pieces) and pieces[at].joined == " " and pieces[at].what in (WORD, PLACE):
            at += 1
    return at
