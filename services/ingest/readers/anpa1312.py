"""ANPA 1312: the text messages of North America's agencies. ␁, ␂, ␃, ␄ and ␟ are SOH, STX, ETX, EOT and US.

::

    ␖␖␁a0123␟national                                service, number, selector
    r i␓␑ BC-NO--Storm       02-07 0211              priority, category, format, keyword, day, words
    ␂^BC-NO--Storm, 1st Ld-Writethru,190<            keyword, version, words
    ^Storm reaches the northern coast<               headline; ^ begins a line of its own, < and = end it
    ^Eds: Adds quotes.<                              a note to editors
    ^By KARI NORDMANN=                               byline
    ^Associated Press=
    ␉OSLO, Norway (AP) _ The first words ...         dateline, agency, body
    ␃AP-NY-02-07-25 1032EST<␄                        agency, day, time, zone

Two grave accents and two apostrophes are quotation marks, a low line is a dash, and
further control characters steer a typesetter. Identity: the agency, service,
number and day. A keyword stays the same from version to version, and now and then
two stories have the same; a kill names what it takes back by its number.
"""

import re
from datetime import date, tzinfo

from services.ingest.readers.dateline import AGENCIES
from services.ingest.readers.format import Head
from services.ingest.readers.record import Identifier
from services.ingest.readers.wire.form import Form
from services.ingest.readers.wire.kill import Numbered
from services.ingest.readers.wire.signals import Signal, signal
from services.ingest.readers.wire.story import Opening, Story, opening
from services.ingest.readers.wire.when import Sent, sent

# The two header lines; without the control characters that part them, a blank does. Every run has an end: a line of
# nothing but blanks would be tried at each of them.
_HEADER = re.compile(
    r"\s{0,40}(?P<service>[A-Za-z])(?P<number>\d{3,5})[\x1f \t]{0,40}(?P<selector>[\w-]{0,20})[ \t]{0,40}[\r\n]{1,9}"
    r"\s{0,40}(?P<priority>[A-Za-z])[ \t]{1,9}(?P<category>[A-Za-z])[\x11-\x14 \t]*(?P<rest>[^\r\n]*)"
)
_START = re.compile(
    rb"[\0\s\x7f]*\x16*\x01+[\0\s]*[A-Za-z]\d{3,5}[\x1f \t]{0,40}[\w-]{0,20}[ \t]{0,40}[\r\n]{1,9}\s{0,40}"
    rb"[A-Za-z][ \t]{1,9}[A-Za-z]\b"
)
_DAY_AND_WORDS = re.compile(r"\s\d\d-\d\d\b")
_SENT = re.compile(
    r"(?:(?P<agency>[A-Z]{2,5})-)?(?:(?P<desk>[A-Z]{1,4})-)?(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d{4}|\d\d)\s+"
    r"(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Z]{1,4})?"
)
_BYLINE = re.compile(r"By\s+(?P<name>[^\W\d_].{1,100})", re.IGNORECASE)
_DASH = re.compile(r"(?<=[ \t])_(?=[ \t\n])")
_KEYWORD_LINE = re.compile(r"(?:[a-zA-Z]{2}-\S.*|.*,\s*\d{1,5})")
# The same without a mark: nothing else is written like this.
_KEYWORD_ALONE = re.compile(r"[a-zA-Z]{2}-\S.{0,100}[,/]\s*\d{1,5}")
# A keyword, a headline of two lines, a byline of two.
LINES_ABOVE = 6

# A line that is set apart is a headline or a note, not a paragraph.
SET_APART = 300  # characters


def recognises(head: Head) -> bool:
    """By its first line, and the priority and the category in the second."""
    return bool(_START.match(head.data))


def _story(text: str, header: re.Match[str], sent: Sent | None, zone: tzinfo) -> Story:
    opened = opening(_typeset(text).split("\n"), sent.at if sent else None, zone)
    versions = _versions(_DAY_AND_WORDS.split(header["rest"])[0])
    byline = agency = None
    lines = _marked(opened.lines)
    above: list[str] = []  # headline, then what sums the story up
    for number, line in enumerate(lines):
        said = _set_apart(line)
        if said is None:
            if not line.strip():
                continue
            if not above and not byline and _KEYWORD_ALONE.fullmatch(line.strip()):
                versions |= _versions(line.strip())
                continue
            lines = lines[number:]
            break
        if not above and not byline and len(said) <= SET_APART and _KEYWORD_LINE.fullmatch(said):
            versions |= _versions(said)
        elif name := _BYLINE.fullmatch(said):
            byline = name["name"]
        elif byline:
            agency = said if said in AGENCIES else agency
        elif said:
            above.append(said)
    else:  # every paragraph is set apart
        lines = [f" {line}" for line in above[1:]]
    return Story(
        title=above[0] if above else None,
        lines=[f" {said}" if (said := _set_apart(line)) else line for line in lines],
        opening=Opening(lines, opened.signals | versions, opened.hold),
        sent=sent,
        agency=(sent and sent.agency) or agency,
        byline=byline,
    )


def _marked(lines: list[str]) -> list[str]:
    """``lines`` with the marks that a desk left out: keyword, headline and byline stand above the first indent."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    begins = next((number for number in written if lines[number][0] in " \t"), 0)
    above = [number for number in written if number < begins]
    plain = above and len(above) <= LINES_ABOVE and _KEYWORD_ALONE.fullmatch(lines[above[0]].strip())
    if not plain or any(lines[number].rstrip().endswith(("<", "=", ".", ":")) for number in above):
        return lines
    return [f"^{line}" if number in above and not line.startswith("^") else line for number, line in enumerate(lines)]


def _set_apart(line: str) -> str | None:
    """What a line says that a typesetter's mark begins or ends."""
    bare = line.strip()
    if len(bare) > SET_APART and not bare.startswith("^"):
        return None
    is_indented = line[:1] in (" ", "\t")
    if bare.startswith("^") or (bare.endswith(("<", "=")) and not is_indented):
        return bare.strip("^<=>| \t")
    return None


def _versions(keyword: str) -> frozenset[Signal]:
    """The signals among what follows the keyword after commas, or after a blank where it is in capitals."""
    parts = keyword.split(",")[1:] or [word for word in keyword.split()[-1:] if word.isupper()]
    said = {signal(part) for part in parts}
    return frozenset(one for one in said if one in (Signal.KILL, Signal.ADVISORY))


def _typeset(text: str) -> str:
    """With the quotation marks and dashes that a wire of sixty characters had to spell."""
    return _DASH.sub("—", text.replace("``", "“").replace("''", "”").replace("`", "‘"))


def _sent(trailer: str, zone: tzinfo) -> Sent | None:
    found = _SENT.search(trailer)
    return sent(found.groupdict(), zone) if found else None


def _numbered(header: re.Match[str], sent: Sent) -> Numbered | None:
    """Services differ in the case of their letter; 0 is what tests have."""
    service, issuer = header["service"], (sent.agency or "").casefold()
    if not int(header["number"]):
        return None

    def name(number: int, day: date) -> Identifier:
        return Identifier(scheme="guid", issuer=issuer, value=f"anpa1312:{service}{number}:{day.isoformat()}")

    return Numbered(service, int(header["number"]), sent.day, name)


FORM = Form("ANPA 1312 (service and number, priority, category)", _HEADER, _sent, _numbered, _story)
read = FORM.read
