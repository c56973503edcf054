"""The parts of an article that stand among its paragraphs: captions, byline, dateline, agency, sub-headings, body.

For every format whose text has no fields of its own for them. Each part leaves the
body; what is left of the paragraphs is the text that a reader sees. Paragraphs are
clean (``encoding.clean``) and none is empty.
"""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from newswire.article import Subhead
from services.ingest.readers.byline import Byline, byline
from services.ingest.readers.dateline import AGENCIES, Dateline, dateline, signature
from services.ingest.readers.instants import instant

SUBHEAD_CHARACTERS = 80
SUBHEAD_WORDS = 12
CREDIT_CHARACTERS = 200

_PICTURE = r"(?:file\s+)?(?:photo(?:graph)?|picture|image)(?:\s+(?:credit|courtesy))?(?:\s*:|\s+by)\s*"
_CREDIT = re.compile(
    rf"(?:^|\s+)(?:\({_PICTURE}([^()\n]{{1,120}})\)|(?<![^.!?”’\"'\s]\s){_PICTURE}([^()\n.]{{1,80}}))\.?$",
    re.IGNORECASE,
)
# What an agency tells editors about this version, and what a text may have above its dateline.
_NOTE = re.compile(
    r"\((?:Adds|Changes|Clarifies|Corrects|Fixes|Recasts|Refiles|Removes|Repeats|Restores|Rewrites|Updates|Updated)\b[^()]{0,300}\)"
)
_BULLETS = ("* ", "• ")
MOST_BULLETS = 10

# The last paragraph where it says whose the text is.
_OWNER = r"(?:\((?i:c)\)\s*)?(?i:copyright)\s*(?:©|\((?i:c)\)|\d{4}|[A-Z])|\((?i:c)\)\s+\d{4}|©"
_NOTICE = re.compile(rf"(?:(?i:riproduzione riservata)\W*)?(?:{_OWNER}).{{0,400}}|(?i:all rights reserved)\W*")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


class Parts(msgspec.Struct, frozen=True):
    """``body`` joins the paragraphs that are left by blank lines; ``day`` is that of the dateline, ISO, with a year."""

    body: str
    subheads: list[Subhead]
    caption: str | None = None
    credit: str | None = None
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    day: str | None = None

    def instant(self, zone: tzinfo) -> datetime | None:
        """The midnight in ``zone`` of the dateline's day; None where it names none that can be."""
        try:
            return instant(self.day, zone) if self.day else None
        except ValueError:  # a year that no newspaper was printed in
            return None


def article_parts(paragraphs: Sequence[str]) -> Parts:
    """The parts among ``paragraphs``, which begin after the title; for plain text, where nothing marks them.

    ``body`` is empty where there are only the parts around one.
    """
    captions, credits, rest = _captions(paragraphs)
    ends = _ends(rest)
    body, subheads = _body(ends.paragraphs)
    return ends.parts(body, subheads, "\n\n".join(captions) or None, "; ".join(dict.fromkeys(credits)) or None)


def marked_parts(body: str, subheads: Sequence[Subhead] = ()) -> Parts:
    """The parts of a text whose captions and sub-headings its markup told apart (``markup.flatten``).

    Only a byline and a dateline at its head and a signature at its end are taken
    out; the sub-headings still point at their paragraphs.
    """
    ends = _ends(body.split("\n\n") if body else [])
    rest = "\n\n".join(ends.paragraphs)
    moved = [Subhead(text=one.text, at=at) for one in subheads if (at := ends.moved(one.at)) < len(rest)]
    return ends.parts(rest, moved)


def credit_of(paragraph: str) -> re.Match[str] | None:
    """The credit at the end of a caption. Few paragraphs have one, so the cheap questions are asked first."""
    tail = paragraph[-CREDIT_CHARACTERS:].lower()
    if ":" not in tail and "by" not in tail:
        return None
    if "photo" not in tail and "picture" not in tail and "image" not in tail:
        return None
    return _CREDIT.search(paragraph, max(0, len(paragraph) - CREDIT_CHARACTERS))


def is_heading(line: str, most: int) -> bool:
    """One line of ``most`` characters that does not end like a sentence."""
    return len(line) <= most and "\n" not in line and not _SENTENCE_END.search(line)


class _Ends(msgspec.Struct, frozen=True):
    """The paragraphs without what stood at their two ends; ``cuts`` are where and how much was taken from the text."""

    paragraphs: list[str]
    byline: Byline | None
    place: Dateline | None
    agency: str | None
    cuts: list[tuple[int, int]]

    def parts(self, body: str, subheads: list[Subhead], caption: str | None = None, credit: str | None = None) -> Parts:
        place, day = (self.place.place, self.place.day) if self.place else (None, None)
        names = self.byline.names if self.byline else None
        return Parts(body, subheads, caption, credit, names, self.agency, place, day)

    def moved(self, at: int) -> int:
        """Where that is now which stood at ``at``."""
        return at - sum(min(length, max(0, at - position)) for position, length in self.cuts)


def _ends(paragraphs: Sequence[str]) -> _Ends:
    rest, cuts = list(paragraphs), []
    if len(rest) > 1 and _NOTE.fullmatch(rest[0]):
        cuts.append((0, len(rest.pop(0)) + 2))
    first = _first(rest)
    at = sum([len(paragraph) + 2 for paragraph in rest[:first]], cuts[0][1] if cuts else 0)
    taken = 0
    signed = byline(rest[first]) if first + 1 < len(rest) else None
    agency = signed.agency if signed else None
    if signed:
        taken += len(rest.pop(first)) + 2
        if len(rest) > first + 1 and rest[first] in AGENCIES:
            agency = rest.pop(first)
            taken += len(agency) + 2
    place = dateline(rest[first]) if rest else None
    if place and place.rest:
        taken += len(rest[first]) - len(place.rest)
        rest[first] = place.rest
    elif place:
        taken += len(rest.pop(first)) + 2
    cuts.append((at, taken))
    if len(rest) > 1 and _NOTICE.fullmatch(rest[-1]):
        rest.pop()
    end = signature(rest[-1]) if rest else None
    if end:
        rest[-1:] = [end.rest] if end.rest else []
    return _Ends(rest, signed, place, (place and place.agency) or agency or (end and end.agency) or None, cuts)


def _first(paragraphs: Sequence[str]) -> int:
    """Where the text begins: below the points that some agencies put above the byline and the dateline."""
    for number, paragraph in enumerate(paragraphs[: MOST_BULLETS + 1]):
        if not paragraph.startswith(_BULLETS):
            begins = number and (byline(paragraph) or dateline(paragraph))
            return number if begins else 0
    return 0


def _captions(paragraphs: Sequence[str]) -> tuple[list[str], list[str], Sequence[str]]:
    """Captions, credits, and the paragraphs without them."""
    all_found = [credit_of(paragraph) for paragraph in paragraphs]
    if not any(all_found):
        return [], [], paragraphs
    captions: list[str] = []
    credits: list[str] = []
    others: list[str] = []
    for paragraph, found in zip(paragraphs, all_found, strict=True):
        if found is None:
            others.append(paragraph)
            continue
        credits.append((found[1] or found[2]).strip())
        if text := paragraph[: found.start()].strip():
            captions.append(text)
    return captions, credits, others


def _body(parts: list[str]) -> tuple[str, list[Subhead]]:
    """The paragraphs joined, and the sub-headings that stood between them."""
    if min(map(len, parts), default=0) > SUBHEAD_CHARACTERS:
        return "\n\n".join(parts), []
    body: list[str] = []
    subheads = []
    at = 0
    for number, part in enumerate(parts):
        if body and number + 1 < len(parts) and _is_subhead(part, parts[number - 1], parts[number + 1]):
            subheads.append(Subhead(text=part, at=at))
        else:
            body.append(part)
            at += len(part) + 2
    return "\n\n".join(body), subheads


def _is_subhead(part: str, before: str, after: str) -> bool:
    """A short line that is no sentence, between paragraphs that are; the one before does not announce a list."""
    return (
        is_heading(part, SUBHEAD_CHARACTERS)
        and len(part.split()) <= SUBHEAD_WORDS
        and not is_heading(before, SUBHEAD_CHARACTERS)
        and not is_heading(after, SUBHEAD_CHARACTERS)
        and len(part) < len(after)
        and not before.endswith(":")
        and any(map(str.isalnum, part))
        and not part.startswith(("- ", "* ", "• ", "– "))
    )
