"""IPTC 7901: the text messages of most of the world's agencies. ␁, ␂, ␃ and ␄ are SOH, STX, ETX and EOT.

::

    ␁xyz0123 4 i 211 abc   zna 061          source, number, priority, category, words, the agency's own remarks
    Weather/Norway/                          keywords
    ␂URGENT                                  a label, where there is one
    Storm reaches the northern coast =       headline, which ends with an equals sign
    By Kari Nordmann, zna =                  byline
    Oslo (zna) - The first words ...         dateline, agency, body
    zna kn ab                                initials
    ␃071532 GMT Feb 25␄                      day, time, zone, month, year

Identity: the agency, source, number and day. Keywords name a subject, not a story,
so they tell no two stories apart.
"""

import re
from datetime import date, tzinfo

from services.ingest.readers.dateline import AGENCIES
from services.ingest.readers.format import Head
from services.ingest.readers.record import Identifier
from services.ingest.readers.wire.form import Form
from services.ingest.readers.wire.kill import Numbered
from services.ingest.readers.wire.story import Opening, Story, opening
from services.ingest.readers.wire.when import Sent, sent

# A headline of several lines, and its sub-headline, end within so many.
TITLE_LINES = 5

# The shortest header has a source, a number and a priority: noise has not. A frame around nothing has its line ends.
_START = re.compile(rb"[\0\s\x7f\x16]*\x01+(?:[^\x00-\x08\x0e-\x1f]{6,1000}[\x02\x03]|\s[\s\x02-\x04]*\Z)")
_HEADER = re.compile(
    r"\s*(?:ZCZC\s+)?(?P<source>[A-Za-z]{1,6})\s?-?(?P<number>\d{2,5})\s+(?P<priority>\d)\b"
    r"(?:[ \t]+(?P<category>[A-Za-z]{1,4}))?(?:[ \t]+(?P<words>\d{1,5}))?(?P<remarks>[^\n]*)"
)
# At the start of a line that has lost its SOH, or had the telex's ZCZC for one.
_BARE = re.compile(
    rb"[\0\s\x7f\x16]*(?:ZCZC\s{1,9})?[A-Za-z]{1,6}\d{2,5} \d [A-Za-z]{1,4} [^\x00-\x08\x0e-\x1f]{0,1000}\x02"
)
_SENT = re.compile(
    r"\b(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})\s*(?P<zone>[A-Za-z]{1,5})?\s+(?P<month>[^\W\d_]{3,10})\.?\s+"
    r"(?P<year>\d{4}|\d{2})\b"
)
_AGENCY = re.compile(r"(?:^|\s)(?P<name>[A-Za-z]{2,8})(?:-[A-Z]{2})?[ -]?\d")
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|Da|Door|Af|Av|Od)\s+(?P<name>[^\W\d_][^=]{1,100}?)\s*=?")
_CASES = {name.casefold(): name for name in AGENCIES}


def recognises(head: Head) -> bool:
    """By its control characters, or by a header that has lost the first of them."""
    return bool(_START.match(head.data) or _BARE.match(head.data))


def _story(text: str, header: re.Match[str], sent: Sent | None, zone: tzinfo) -> Story:
    opened = opening(text.split("\n"), sent.at if sent else None, zone)
    title, lines = _title(opened)
    byline = None
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if title and first is not None and lines[first].rstrip().endswith("="):
        found = _BYLINE.fullmatch(lines[first].strip())
        byline = found["name"] if found else None
        lines = lines[first + 1 :]
    return Story(title=title, lines=lines, opening=opened, sent=sent, agency=_agency(header), byline=byline)


def _title(opened: Opening) -> tuple[str | None, list[str]]:
    """The lines up to an equals sign."""
    title: list[str] = []
    for number, line in enumerate(opened.lines):
        if not line.strip():
            continue
        title.append(line.strip(" \t*+"))
        if line.rstrip().endswith("="):
            return " ".join(" ".join(title).rstrip("= ").split()) or None, opened.lines[number + 1 :]
        if len(title) == TITLE_LINES:
            break
    return None, opened.lines


def _sent(trailer: str, zone: tzinfo) -> Sent | None:
    found = _SENT.search(trailer)
    return sent(found.groupdict(), zone) if found else None


def _numbered(header: re.Match[str], sent: Sent) -> Numbered | None:
    """Fewer than three digits would begin anew within a day, and 0 is what tests have."""
    digits, source = header["number"], header["source"]
    if len(digits) < 3 or not int(digits):
        return None
    issuer = (_agency(header) or source).casefold()

    def name(number: int, day: date) -> Identifier:
        return Identifier(scheme="guid", issuer=issuer, value=f"iptc7901:{source.casefold()}{number}:{day.isoformat()}")

    return Numbered(source, int(digits), sent.day, name)


def _agency(header: re.Match[str]) -> str | None:
    """The agency that gives its own number among the remarks, spelled as it signs."""
    found = _AGENCY.search(header["remarks"])
    return _CASES.get(found["name"].casefold(), found["name"]) if found else None


FORM = Form("IPTC 7901 (source and number, priority, category)", _HEADER, _sent, _numbered, _story)
read = FORM.read
