"""One field of an article, cut into pieces: known names, places of the gazetteer, titles, other capitalised words."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from string import ascii_letters, ascii_uppercase
from typing import Final

import msgspec
from msgspec import structs

from newswire.enriched import Field
from services.enrich.entities.knowledge import Entry, Knowledge, Known
from services.enrich.entities.tokens import CALENDAR, Token, tokens
from services.enrich.lexicon.people import titles
from services.enrich.lexicon.table import words
from services.enrich.places.gazetteer import Candidate, Gazetteer, Hit
from services.enrich.places.layout import ACRONYM, ADMIN1, WEAK
from services.enrich.text.fold import lower_inside, plain

_COMMON: Final = words("common_words")
_SHOUTED: Final = 0.7  # of the letters
_FEW: Final = 8  # capitals that any text may have
_OPENING: Final = frozenset("\"“'«(:‘")
_CAPITALS: Final = ascii_uppercase.encode()
_LETTERS: Final = ascii_letters.encode()
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


class What(Enum):
    """What a piece is."""

    KNOWN = 1  # a name of the lexicon
    PLACE = 2  # a name of the gazetteer
    TITLE = 3  # "President", "Lt. Gen."
    WORD = 4  # any other capitalised word
    STOP = 5  # a capitalised word that names nothing


# By plain names too, as in ``places.layout``.
KNOWN, PLACE, TITLE, WORD, STOP = What


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the field; ``joined`` as in ``tokens.Token``, ``first`` says that it begins a sentence."""

    what: What
    start: int
    end: int
    word: str
    joined: str
    first: bool
    entry: Entry | None = None
    key: int = -1
    candidates: tuple[Candidate, ...] = ()


class Scan(msgspec.Struct, frozen=True, gc=False):
    """A field, in the forms it is compared in, with its pieces; in a ``headline`` capitals say nothing."""

    field: Field
    original: str
    plain: str
    folded: str
    pieces: list[Piece]
    headline: bool


def _title_table() -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for title in sorted(titles(), key=lambda title: (-len(title), title)):
        table.setdefault(title[0], []).append(title)
    return table


_TITLES: Final = _title_table()


def scan(field: Field, text: str, starts: Sequence[int], knowledge: Knowledge, gazetteer: Gazetteer) -> Scan:
    """Cut ``text`` into pieces, in order and without overlaps; ``starts`` are where sentences begin."""
    flat = plain(text)
    folded = lower_inside(flat)
    shouted = _is_shouted(text)
    headline = shouted or (field == "title" and _is_titled(flat))
    hits = _hits(folded, flat, knowledge, gazetteer, shouted=shouted)
    found = _with_lower(tokens(folded if shouted else flat), hits, folded)
    begins = _beginnings(text, starts, found)
    lowered = frozenset() if headline else frozenset(flat.split())
    pieces: list[Piece] = []
    cover = number = 0
    while number < len(found):
        token = found[number]
        if token.start < cover:
            number += 1
            continue
        joined = token.joined if pieces and pieces[-1].end == token.start - len(token.joined) else ""
        hit = hits.get(token.start)
        piece, taken = _piece(found, number, hit, gazetteer, flat, joined=joined, first=token.start in begins)
        number += taken
        alone = not joined and not (number < len(found) and found[number].joined)
        if piece.what is WORD or piece.what is PLACE:
            piece = _checked(piece, lowered, headline, alone)
        pieces.append(piece)
        cover = piece.end
    return Scan(field, text, flat, folded, pieces, headline)


def _hits(
    folded: str, flat: str, knowledge: Knowledge, gazetteer: Gazetteer, *, shouted: bool
) -> dict[int, Hit | Known]:
    """The longest name that begins at each place; the lexicon's of equals."""
    hits: dict[int, Hit | Known] = {place.start: place for place in gazetteer.find(folded)}
    for known in knowledge.find(folded, flat, shouted=shouted):
        place = hits.get(known.start)
        if place is None or known.end >= place.end:
            hits[known.start] = known
    return hits


def _with_lower(found: list[Token], hits: Mapping[int, Hit | Known], folded: str) -> list[Token]:
    """The tokens, and one for each known name that begins in lower case ("al-Qaeda", "dpa", "bin Laden")."""
    lower = [hit for hit in hits.values() if isinstance(hit, Known) and folded[hit.start].islower()]
    capital = {token.start for token in found} if lower else set()
    lower = [hit for hit in lower if hit.start not in capital]
    if not lower:
        return found
    return sorted([*found, *(Token(hit.start, hit.end, folded[hit.start : hit.end], "") for hit in lower)])


def _piece(
    found: Sequence[Token],
    number: int,
    hit: Hit | Known | None,
    gazetteer: Gazetteer,
    flat: str,
    *,
    joined: str,
    first: bool,
) -> tuple[Piece, int]:
    """The piece that begins at token ``number``, and how many tokens it takes at least."""
    token = found[number]
    start, end, spelled = token.start, token.end, token.word
    title = _title(found, number, _TITLES[spelled]) if spelled in _TITLES else None
    titled = found[number + title - 1].end if title else 0
    if spelled in CALENDAR and (hit is None or hit.end <= end):
        return Piece(STOP, start, end, spelled, joined, first), 1
    if isinstance(hit, Known):
        if titled < hit.end >= end - (spelled[-1] == ".") and not (title and hit.entry.type == "person"):
            return Piece(KNOWN, start, hit.end, flat[start : hit.end], joined, first, hit.entry), 1
    elif hit and titled < hit.end >= end:
        word = flat[start : hit.end]
        candidates = _usable(gazetteer.candidates(hit.key), word)
        if candidates:
            return Piece(PLACE, start, hit.end, word, joined, first, None, hit.key, candidates), 1
    if title:
        return Piece(TITLE, start, titled, flat[start:titled], joined, first), title
    return Piece(WORD, start, end, spelled, joined, first), 1


def _title(found: Sequence[Token], number: int, known: Sequence[tuple[str, ...]]) -> int | None:
    """Of how many words the title is that token ``number`` begins, the longest of those ``known`` to begin with it."""
    for title in known:
        last = number + len(title)
        if last <= len(found) and all(
            found[number + place].word == word and (place == 0 or found[number + place].joined in (" ", "-"))
            for place, word in enumerate(title)
        ):
            return len(title)
    return None


def _usable(candidates: tuple[Candidate, ...], word: str) -> tuple[Candidate, ...]:
    """Without acronyms that are not in capitals ("us" at the head of a sentence) and the reverse."""
    if word.isupper() and len(word.replace(".", "")) <= 3:
        exact = tuple(candidate for candidate in candidates if candidate.quality is ACRONYM)
        return exact or tuple(c for c in candidates if c.quality is WEAK and c.kind is ADMIN1)
    if ACRONYM in [candidate.quality for candidate in candidates]:
        return tuple(candidate for candidate in candidates if candidate.quality is not ACRONYM)
    return candidates


def _checked(piece: Piece, lowered: frozenset[str], headline: bool, alone: bool) -> Piece:
    """A word or place: at the head of a sentence a common word is no name, wherever it also names a village."""
    low = piece.word.lower()
    if piece.what is WORD:
        common = (piece.first or headline) and (low in _COMMON or low in lowered)
        return structs.replace(piece, what=STOP) if common else piece
    if piece.candidates[0].quality is not ACRONYM and (low in _COMMON or (piece.first and low in lowered)):
        if piece.first or headline:
            return structs.replace(piece, what=STOP, candidates=())
        return piece if alone else structs.replace(piece, what=WORD, candidates=())
    return piece


def _is_titled(flat: str) -> bool:
    """Whether a headline Writes Its Words Like This."""
    long = [word for word in flat.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 2 and sum(word[0].isupper() for word in long) > _SHOUTED * len(long)


def _is_shouted(text: str) -> bool:
    # Counted byte by byte where it is ASCII, one letter after the other only where it is not, and that matters.
    ascii_part = text.encode("ascii", "ignore")
    upper = len(ascii_part) - len(ascii_part.translate(None, _CAPITALS))
    alpha = len(ascii_part) - len(ascii_part.translate(None, _LETTERS))
    most = upper + len(text) - len(ascii_part)
    if most <= _FEW or most < _SHOUTED * alpha:
        return False
    beyond = "".join(_BEYOND_ASCII.findall(text))
    upper += sum(map(str.isupper, beyond))
    return upper > _FEW and upper >= _SHOUTED * (alpha + sum(map(str.isalpha, beyond)))


def _beginnings(text: str, starts: Sequence[int], found: Sequence[Token]) -> frozenset[int]:
    """The tokens that begin a sentence, or what an opening quotation mark, bracket or colon makes look like one."""
    begins = set()
    previous = number = 0
    for token in found:
        at = token.start
        while number < len(starts) and starts[number] <= at:
            number += 1
        start = starts[number - 1] if number else 0
        gap = max(start, previous)
        within = (token.joined and start < previous) or (at - gap > 1 and text[at - 2].isalnum())
        if not within:
            before = text[gap:at].rstrip()
            if not any(map(str.isalnum, before)) and (start >= previous or before[-1:] in _OPENING or not previous):
                begins.add(at)
        previous = token.end
    return frozenset(begins)
