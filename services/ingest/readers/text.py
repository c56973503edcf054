"""Articles as text files: an optional dated first line, a caption, a dateline, sub-headings, paragraphs.

::

    date 2025-02-07 The headline
                                            <- a blank line between all parts
    What the picture shows. (Photo: AFP)    -> caption, credit
    By Jane Doe                             -> byline
    KYIV, Feb 7 (AFP) - The first words ... -> dateline, agency, body
    A sub-heading                           -> subheads, with the offset of what follows
    More paragraphs. - AFP                  -> body, agency

Every part goes into its own field and none stays in the body. Without the dated
line a short first line is the title.
"""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.dateline import Dateline, dateline, signature
from services.ingest.readers.encoding import BLANK, clean, decode
from services.ingest.readers.format import Context, Head
from services.ingest.readers.instants import instant
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.record import RawArticle, Record, Refused

# The longest line that is a headline; the longest headlines of agencies have about 150.
TITLE_CHARACTERS = 200
SUBHEAD_CHARACTERS = 80
CREDIT_CHARACTERS = 200
SUBHEAD_WORDS = 12

_HEADER = re.compile(
    r"\s*date:?[ \t]+(\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?)"
    r"(?:[ \t]+(.*))?",
    re.IGNORECASE,
)
_PICTURE = r"(?:file\s+)?(?:photo(?:graph)?|picture|image)(?:\s+(?:credit|courtesy))?(?:\s*:|\s+by)\s*"
_CREDIT = re.compile(
    rf"(?:^|\s+)(?:\({_PICTURE}([^()\n]{{1,120}})\)|(?<![^.!?”’\"'\s]\s){_PICTURE}([^()\n.]{{1,80}}))\.?$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:By|BY|by)\s+([^\W\d_].{1,100})")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


def recognises(_head: Head) -> bool:
    """Whatever nothing else recognised."""
    return True


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    text = decode(data)
    if isinstance(text, Refused):
        return [text]
    if not text.strip():
        return [Refused(reason=Reason.EMPTY, message=BLANK)]
    return [read_text(clean(text), context.zone)]


def read_text(text: str, zone: tzinfo) -> Record:
    """The one article in ``text``, which is clean; refused as ``no_body`` where there are only the parts around one."""
    first, _, rest = text.lstrip("\n").partition("\n")
    header = _HEADER.fullmatch(first)
    published: datetime | None = None
    if header:
        try:
            published = instant(_two_digits(header[1]), zone)
        except ValueError as error:
            return Refused(
                reason=Reason.BAD_FORMAT, message=f"The date of its first line, {header[1]}, {error}; correct it."
            )
        title, parts = _headline(" ".join((header[2] or "").split()), rest)
    else:
        title, parts = _first_line(paragraphs(text))
    return _article(title or None, parts, published, zone)


def _headline(title: str, rest: str) -> tuple[str, list[str]]:
    """The headline of a dated first line, which may go on in the second, and the paragraphs after it."""
    second, _, after = rest.partition("\n")
    goes_on = second.strip() and not after.partition("\n")[0].strip()
    if goes_on and _is_heading(second.strip(), TITLE_CHARACTERS) and not _credit(second):
        return " ".join([title, *second.split()]).strip(), paragraphs(after)
    parts = paragraphs(rest)
    return (title, parts) if title else _first_line(parts)


def _first_line(parts: list[str]) -> tuple[str, list[str]]:
    """Without a dated line: a short first line that is no sentence is the title."""
    if not parts:
        return "", parts
    first, _, rest = parts[0].partition("\n")
    if not rest and len(parts) == 1:
        return "", parts
    if rest and len(rest.partition("\n")[0]) < 1.5 * len(first):  # lines of one width are one paragraph
        return "", parts
    if not _is_heading(first, TITLE_CHARACTERS) or _credit(first) or dateline(first):
        return "", parts
    return first.lstrip("# "), [rest, *parts[1:]] if rest else parts[1:]


def _article(title: str | None, parts: list[str], published: datetime | None, zone: tzinfo) -> Record:
    captions, credits, parts = _captions(parts)
    byline, parts = _byline(parts)
    place = dateline(parts[0]) if parts else None
    if place:
        parts = [place.rest, *parts[1:]] if place.rest else parts[1:]
    agency, parts = _agency(place, parts)
    body, subheads = _body(parts)
    if not body:
        return Refused(
            reason=Reason.NO_BODY,
            message="It has no paragraph of text; drop the whole article, not its headline alone.",
        )
    return RawArticle(
        title=title,
        body=body,
        subheads=subheads,
        caption="\n\n".join(captions) or None,
        credit="; ".join(dict.fromkeys(credits)) or None,
        byline=byline,
        agency=agency,
        dateline=place.place if place else None,
        published_at=published or _of_dateline(place, zone),
    )


def _captions(parts: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Captions, credits, and the paragraphs without them."""
    captions, credits, others = [], [], []
    for part in parts:
        found = _credit(part)
        if found is None:
            others.append(part)
            continue
        credits.append((found[1] or found[2]).strip())
        if text := part[: found.start()].strip():
            captions.append(text)
    return captions, credits, others


def _credit(part: str) -> re.Match[str] | None:
    """The credit at the end of a caption. Few paragraphs have one, so the cheap question is asked first."""
    start = max(0, len(part) - CREDIT_CHARACTERS)
    tail = part[start:].lower()
    return _CREDIT.search(part, start) if "photo" in tail or "picture" in tail or "image" in tail else None


def _byline(parts: list[str]) -> tuple[str | None, list[str]]:
    found = _BYLINE.fullmatch(parts[0]) if len(parts) > 1 else None
    if found is None or _SENTENCE_END.search(parts[0]) or not found[1][0].isupper():
        return None, parts
    return found[1], parts[1:]


def _agency(place: Dateline | None, parts: list[str]) -> tuple[str | None, list[str]]:
    """The agency of the dateline, else the one that signs the last paragraph; its signature goes in either case."""
    signed = signature(parts[-1]) if parts else None
    if signed:
        parts = [*parts[:-1], signed.rest] if signed.rest else parts[:-1]
    return (place and place.agency) or (signed and signed.agency) or None, parts


def _of_dateline(place: Dateline | None, zone: tzinfo) -> datetime | None:
    try:
        return instant(place.day, zone) if place and place.day else None
    except ValueError:  # a year that no newspaper was printed in
        return None


def _body(parts: list[str]) -> tuple[str, list[Subhead]]:
    """The paragraphs joined, and the sub-headings that stood between them."""
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
        _is_heading(part, SUBHEAD_CHARACTERS)
        and len(part.split()) <= SUBHEAD_WORDS
        and not _is_heading(before, SUBHEAD_CHARACTERS)
        and not _is_heading(after, SUBHEAD_CHARACTERS)
        and len(part) < len(after)
        and not before.endswith(":")
        and any(map(str.isalnum, part))
        and not part.startswith(("- ", "* ", "• ", "– "))
    )


def _is_heading(line: str, most: int) -> bool:
    return len(line) <= most and "\n" not in line and not _SENTENCE_END.search(line)


def _two_digits(day: str) -> str:
    """``2025-2-7`` as ISO 8601 has it."""
    return re.sub(r"(?<=-)(\d)(?=\D|$)", r"0\1", day, count=2)
