"""Articles as text files: an optional dated first line, a caption, a dateline, sub-headings, paragraphs.

::

    EMBARGOED UNTIL 00:01 GMT, Feb 8        -> embargo; before or after the headline
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
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from msgspec.structs import replace

from newswire.plain import is_tidy
from newswire.reasons import Reason
from services.ingest.readers.dateline import dateline
from services.ingest.readers.encoding import BLANK, clean, decode
from services.ingest.readers.format import Context, Head
from services.ingest.readers.instants import instant
from services.ingest.readers.mail.text import is_encrypted
from services.ingest.readers.paragraphs import of_lines
from services.ingest.readers.parts import article_parts, credit_of, is_heading
from services.ingest.readers.record import RawArticle, Record, Refused
from services.ingest.readers.wire.signals import Signal, may_speak, signal
from services.ingest.readers.wire.story import ADVISORY, opening

# The longest line that is a headline; the longest headlines of agencies have about 150.
TITLE_CHARACTERS = 200

_HEADER = re.compile(
    r"\s*date:?[ \t]+(\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?)"
    r"(?:[ \t]+(.*))?",
    re.IGNORECASE,
)
_ONE_DIGIT = re.compile(r"(?<=-)(\d)(?=\D|$)")


def recognises(_head: Head) -> bool:
    """Whatever nothing else recognised."""
    return True


def read(data: bytes, context: Context) -> Iterable[Record]:
    """See ``format.Document``."""
    text = decode(data, context.charset)
    if isinstance(text, Refused):
        return [text]
    if not text.strip():
        return [Refused(reason=Reason.EMPTY, message=BLANK)]
    text = clean(text)
    if is_encrypted(text):
        message = "It is encrypted with PGP; decrypt it and drop the text."
        return [Refused(reason=Reason.ENCRYPTED, message=message)]
    return [read_text(text, context.zone)]


def read_text(text: str, zone: tzinfo) -> Record:
    """The one article in ``text``, which is clean; refused as ``no_body`` where there are only the parts around one.

    A line before the text may hold it until a time, as on a wire; a text that takes
    a story back names none that could be found.
    """
    lines = text.split("\n")
    tidy = is_tidy(text)
    opened = opening(lines, None, zone)
    if len(opened.lines) == len(lines):  # whatever says something goes
        return _read(lines, zone, tidy=tidy)
    first = next(filter(str.strip, lines), "")
    if may_speak(first) and signal(first) is Signal.KILL:
        message = "It takes a story back and names none; find that with newswire search, then use newswire withdraw."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message)
    if Signal.ADVISORY in opened.signals:
        return Refused(reason=Reason.UNSUPPORTED, message=ADVISORY)
    found = _read(opened.lines, zone, tidy=tidy)
    if opened.hold is None:
        return found
    if isinstance(found, Refused):
        return replace(found, original=b"")
    # With the day of the text, a time or a day without a year can be told.
    held = opening(lines, found.published_at, zone).hold or opened.hold
    return replace(found, embargo=held.until, pubstatus="usable" if held.until else "withheld")


def _read(lines: list[str], zone: tzinfo, *, tidy: bool) -> Record:
    first = next(filter(None, lines), "")
    header = _HEADER.fullmatch(first)
    published: datetime | None = None
    if header:
        try:
            published = instant(_two_digits(header[1]), zone)
        except ValueError as error:
            return Refused(
                reason=Reason.BAD_FORMAT, message=f"The date of its first line, {header[1]}, {error}; correct it."
            )
        rest = lines[lines.index(first) + 1 :]
        title, parts = _headline(" ".join((header[2] or "").split()), rest, tidy=tidy)
    else:
        title, parts = _first_line(of_lines(lines, tidy=tidy))
    return _article(title or None, parts, published, zone, tidy=tidy)


def _headline(title: str, rest: list[str], *, tidy: bool) -> tuple[str, list[str]]:
    """The headline of a dated first line, which may go on in the second, and the paragraphs after it."""
    second, third = (*rest[:2], "", "")[:2]
    goes_on = second.strip() and not third.strip()
    if goes_on and is_heading(second.strip(), TITLE_CHARACTERS) and not credit_of(second):
        return " ".join([title, *second.split()]).strip(), of_lines(rest[1:], tidy=tidy)
    parts = of_lines(rest, tidy=tidy)
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
    if not is_heading(first, TITLE_CHARACTERS) or credit_of(first) or dateline(first):
        return "", parts
    return first.lstrip("# "), [rest, *parts[1:]] if rest else parts[1:]


def _article(
    title: str | None, paragraphs: Sequence[str], published: datetime | None, zone: tzinfo, *, tidy: bool
) -> Record:
    parts = article_parts(paragraphs)
    if not parts.body:
        return Refused(
            reason=Reason.NO_BODY,
            message="It has no paragraph of text; drop the whole article, not its headline alone.",
        )
    return RawArticle(
        title=title,
        body=parts.body,
        subheads=parts.subheads,
        caption=parts.caption,
        credit=parts.credit,
        byline=parts.byline,
        agency=parts.agency,
        dateline=parts.dateline,
        published_at=published or parts.instant(zone),
        tidy=tidy,
    )


def _two_digits(day: str) -> str:
    """``2025-2-7`` as ISO 8601 has it."""
    is_so = day[7] == "-" and len(day) > len("2025-2-7T") and day[8:10].isdecimal()
    return day if is_so else _ONE_DIGIT.sub(r"0\1", day, count=2)
