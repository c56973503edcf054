"""From the pieces of a field to mentions: which capitalised words are one name.

A chain is a run of pieces that hang together. Within it, in this order: a head
("Ministry", "University of") makes an organisation of what stands around it; a title
makes a person of what follows; known names and places stand for themselves; what is
left is one name whose type the document decides.
"""

from typing import Final

from services.enrich.entities import evidence
from services.enrich.entities.headed import GROUP_HEADS, ORGANIZATION_HEADS, headed
from services.enrich.entities.mention import Mention
from services.enrich.entities.scan import KNOWN, PLACE, STOP, TITLE, WORD, Piece, Scan
from services.enrich.lexicon.table import words

_DIRECTIONS: Final = words("directions")
_COMMON: Final = words("common_words")
_DIVISIONS: Final = frozenset(
    ("Province", "Region", "Oblast", "District", "County", "Prefecture", "Governorate", "State")
)
_LONGEST: Final = 7  # words of one name
# A word that is only the head of a name is no name: "the Council", "the River".
_ALONE: Final = ORGANIZATION_HEADS | GROUP_HEADS | evidence.PLACE_HEADS | evidence.PLACE_STARTS | _DIRECTIONS
_TITLED: Final = 5.0


def mentions(scan: Scan) -> list[Mention]:
    """The mentions of one field, in order; decided where the form alone decides."""
    pieces = scan.pieces
    found: list[Mention] = []
    at = 0
    while at < len(pieces):
        end = at + 1
        while end < len(pieces) and pieces[end].joined:
            end += 1
        at = _chain(scan, at, end, found)
    return found


def _chain(scan: Scan, at: int, end: int, mentions: list[Mention]) -> int:
    """Add the mentions of ``pieces[at:end]``; returns where the next chain begins."""
    pieces = scan.pieces
    while at < end:
        piece = pieces[at]
        organization = headed(scan, at, end)
        if organization:
            found = evidence.mention(scan, at, organization.until)
            found.type = organization.type
            inside = pieces[at : organization.until]
            found.country = next((part.entry.country for part in inside if part.entry and part.entry.country), None)
            mentions.append(found)
            at = organization.until
            end = max(end, at)
        elif piece.what is STOP:
            at += 1
        elif piece.what is TITLE:
            at += 1
            until = _name_end(pieces, at, end)
            if until > at and pieces[at].joined == " ":
                found = evidence.mention(scan, at, until)
                found.person += _TITLED
                mentions.append(found)
                at = until
        elif piece.what is KNOWN:
            at, found = _known(scan, at, end)
            mentions.append(found)
        else:
            until = at
            while until < end and (pieces[until].what in (WORD, PLACE) or _surname(pieces[until])):
                until += 1
            _words(scan, at, until, mentions)
            at = until
    return end


def _name_end(pieces: list[Piece], at: int, end: int) -> int:
    """Where the person's name after a title ends; ``at`` where none follows or a known person does."""
    until = at
    while until < end and until - at < evidence.NAME_WORDS:
        piece = pieces[until]
        if piece.what in (STOP, TITLE) or (piece.what is KNOWN and (until == at or not _surname(piece))):
            break
        until += 1
    return until


def _surname(piece: Piece) -> bool:
    """A known person's surname alone; after other words it is somebody else's."""
    return piece.entry is not None and piece.entry.type == "person" and " " not in piece.word


def _known(scan: Scan, at: int, end: int) -> tuple[int, Mention]:
    """A name of the lexicon and where it ends; a surname that begins a longer name takes the rest with it."""
    pieces = scan.pieces
    until = at + 1
    if _surname(pieces[at]) and until < end:
        following = pieces[until]
        if following.what is WORD and following.joined in (" ", "-") and following.word not in _ALONE:
            found = evidence.mention(scan, at, until + 1)
            found.person += 2.0
            return until + 1, found
    found = evidence.mention(scan, at, until)
    entry = pieces[at].entry
    if entry:
        found.type, found.canonical, found.entry, found.country = entry.type, entry.canonical, entry, entry.country
        found.certain = True
    return until, found


def _words(scan: Scan, at: int, until: int, mentions: list[Mention]) -> None:
    """Add those of pieces of which none is known: places, and words that make up one name."""
    pieces = scan.pieces
    while at < until:
        piece, size = pieces[at], until - at
        following = pieces[at + 1] if size > 1 else None
        if piece.what is PLACE and _stands_alone(piece, following):
            divided = following is not None and following.what is WORD and following.word in _DIVISIONS
            size = 2 if divided else 1
            mentions.append(evidence.place(scan, at, at + size))
            at += size
        elif following and following.what is PLACE and _only_before(piece):
            at += 1
        else:
            size = min(size, _LONGEST)
            if size > 1 or not _nothing(piece.word):
                mentions.append(evidence.unknown(scan, at, at + size))
            at += size


def _stands_alone(piece: Piece, following: Piece | None) -> bool:
    """Whether a place's name is not the first part of a longer name."""
    if following is None or following.word in _DIVISIONS:
        return True
    return following.what is PLACE and not evidence.is_given(piece.word)


def _only_before(piece: Piece) -> bool:
    """Whether a capitalised word before a place is no part of its name: "Downtown Beirut"."""
    if piece.what is not WORD:
        return False
    return piece.word in _DIRECTIONS or (piece.word.lower() in _COMMON and not evidence.is_given(piece.word))


def _nothing(word: str) -> bool:
    return word in _ALONE or len(word) == 1
