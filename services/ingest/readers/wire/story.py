"""The text of a message to an article: what stands before it, its headline, its paragraphs.

Both formats wrap lines, begin paragraphs with an indent, put signals in lines of
their own before the text and words for editors after it, and sign off with the
initials of those who wrote it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.readers.dateline import AGENCIES, dateline
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.parts import article_parts, is_heading
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from services.ingest.readers.wire.signals import HEAD_LINES, Hold, Signal, ends_text, hold, longer, may_speak, signal
from services.ingest.readers.wire.when import Sent

# The longest headline; agencies' longest have about 150 characters.
TITLE_CHARACTERS = 200

# A note to editors in brackets goes on for a few lines at most.
NOTE_LINES = 5

ADVISORY = "It is a message to editors, not for publication; read it in the file."

_NAMES = "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))
_INITIALS = re.compile(r"[a-z0-9]{1,6}(?: [a-z0-9]{1,6}){0,8}|[a-z]{1,4}(?:[/-][a-z]{1,4}){1,6}[/-]?")
_ENDED = re.compile(r"\W{0,9}(?:end|ends|fin|ende|30)\W{0,9}", re.IGNORECASE)
# What a story is filed under: BC-OIL-PRICES URGENT.
_SLUG = re.compile(r"[A-Z0-9]+(?:[-/][A-Z0-9]+)+(?:[ -][A-Z0-9/-]+){0,6}")
_CASES = {name.casefold(): name for name in AGENCIES}
# Some agencies put no dash after their name.
_DASHLESS = re.compile(
    rf"(?P<place>[^\W\d_][\w .,'’/-]{{1,60}} \((?:{_NAMES}|[A-Z]{{2,5}}|epd)\)) (?=[\"“„'‘«]?[^\W\d_])"
)


class Opening(NamedTuple):
    """What the lines before the text say, and the lines without them."""

    lines: list[str]
    signals: frozenset[Signal]
    hold: Hold | None


class Story(NamedTuple):
    """What a reader knows of a message whose text is still lines."""

    title: str | None
    lines: Sequence[str]
    opening: Opening
    sent: Sent | None
    agency: str | None
    byline: str | None = None


def opening(lines: Iterable[str], sent: datetime | None, zone: tzinfo) -> Opening:
    """Take signals and holds out of the first lines; a label only where nothing stood before it."""
    kept: list[str] = []
    signals: set[Signal] = set()
    held: Hold | None = None
    seen = note = 0
    rest = iter(lines)
    for line in rest:
        if note:
            note = 0 if line.rstrip().endswith(")") else note - 1
            continue
        if not line:
            kept.append(line)
            continue
        seen += not line.isspace()
        if seen > HEAD_LINES:
            kept.append(line)
            kept.extend(rest)
            break
        if not may_speak(line):
            kept.append(line)
            continue
        if found := hold(line, sent, zone):
            held = longer(held, found)
            continue
        said = signal(line)
        if said is None or (said is Signal.LABEL and any(map(str.strip, kept))):
            kept.append(line)
            continue
        signals.add(said)
        note = NOTE_LINES if said is Signal.NOTE and line.strip().startswith("(") and ")" not in line else 0
    return Opening(kept, frozenset(signals), held)


def record(story: Story, identifier: Identifier | None, zone: tzinfo, original: bytes | None) -> Record:
    """The article of a message that takes nothing back; ``original`` is the message, where a letter may have it."""
    held = story.opening.hold
    if Signal.ADVISORY in story.opening.signals:
        return Refused(reason=Reason.UNSUPPORTED, message=ADVISORY, original=original)
    lines = _unsigned(story.lines, story.agency)
    title, text = (story.title, _text(lines)) if story.title else _headline(_text(lines))
    text, signed = _without_initials(text, story.agency)
    parts = article_parts(_dashed(text))
    # A flash is a headline that nothing follows yet.
    body = parts.body or title
    if not body:
        message = "It has no text between its control characters; ask the agency to send it again."
        return Refused(reason=Reason.NO_BODY, message=message, original=original)
    return RawArticle(
        title=title,
        body=body,
        subheads=parts.subheads,
        caption=parts.caption,
        credit=parts.credit,
        byline=story.byline or parts.byline,
        agency=parts.agency or story.agency or signed,
        dateline=parts.dateline,
        published_at=story.sent.at if story.sent else parts.instant(zone),
        pubstatus="withheld" if held and held.until is None else "usable",
        embargo=held.until if held else None,
        identifier=identifier,
    )


def _text(lines: Sequence[str]) -> list[str]:
    """The paragraphs that are for publication; an indent begins one, as does a blank line."""
    text: list[str] = []
    for line in lines:
        if ends_text(line):
            break
        if line[:1] in (" ", "\t") and not line.isspace():
            text.append("")
        text.append(line)
    return [paragraph for paragraph in paragraphs("\n".join(text)) if any(map(str.isalnum, paragraph))]


def _headline(text: list[str]) -> tuple[str | None, list[str]]:
    """A first paragraph that is one line and no sentence is the headline; so are the lines under a keyword."""
    if len(text) < 2:
        return None, text
    if is_heading(text[0], TITLE_CHARACTERS) and not _DASHLESS.match(text[0]):
        return text[0], text[1:]
    # Below a keyword, and above a dateline.
    lines = [line for line in text[0].split("\n") if not _SLUG.fullmatch(line)]
    if "\n" in text[0] and all(is_heading(line, TITLE_CHARACTERS) for line in lines) and dateline(text[1]):
        return " ".join(lines) or None, text[1:]
    return None, text


def _unsigned(lines: Sequence[str], agency: str | None) -> Sequence[str]:
    """The lines without a last one that signs them, which would be joined with the one above: ``zna kn ab``."""
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), 0)
    if not last:
        return lines
    name, _, initials = lines[last].strip().partition(" ")
    signs = name.casefold() == (agency or "").casefold() or name.casefold() in _CASES
    return lines[:last] if signs and _INITIALS.fullmatch(initials) else lines


def _without_initials(text: list[str], agency: str | None) -> tuple[list[str], str | None]:
    """The text without the initials at its end, and the agency before them: ``zna kn ab``, ``kn/ab``; nor ``ENDS``."""
    if len(text) > 1 and _ENDED.fullmatch(text[-1]):
        text = text[:-1]
    name, _, initials = text[-1].partition(" ") if text else ("", "", "")
    signed = agency if agency and name.casefold() == agency.casefold() else _CASES.get(name.casefold())
    if (signed and _INITIALS.fullmatch(initials)) or (len(text) > 1 and "/" in name and _INITIALS.fullmatch(text[-1])):
        return text[:-1], signed
    return text, None


def _dashed(text: list[str]) -> list[str]:
    """With the dash that ``parts`` knows a dateline by."""
    if text and (found := _DASHLESS.match(text[0])):
        return [f"{found['place']} - {text[0][found.end() :]}", *text[1:]]
    return text
