"""The article in the text of an e-mail."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.dateline import AGENCIES
from services.ingest.readers.instants import instant
from services.ingest.readers.mail import text as mailtext
from services.ingest.readers.mail.content import STUB_WORDS, Content, Text
from services.ingest.readers.mail.mime import Part
from services.ingest.readers.mail.words import Sender, readable, sender
from services.ingest.readers.paragraphs import paragraphs
from services.ingest.readers.parts import Parts, article_parts, marked_parts
from services.ingest.readers.record import Identifier, RawArticle, Record, Refused
from services.ingest.readers.wire.signals import HEAD_LINES, Hold, Signal, hold, longer, signal
from services.ingest.readers.wire.when import moment

# A longer Date header is none.
DATE_CHARACTERS = 100

_REPLY = re.compile(r"\A(?:(?:re|fw|fwd|wg|aw|tr|rv|sv|vs)\s*:\s*)+(?=\S)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*\([^()]*\)\s*$")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s@]{1,400}@(?:\[)?([^<>\s@\]]{1,200})\]?)\s*>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
# What a sender calls itself that is no person.
_DESK = re.compile(
    r"\b(?:desk|news|newsroom|press|media|office|service|relations|communications?|no-?reply|agency|wire|redaktion|"
    r"presse\w*|rédaction|info|team|list)\b",
    re.IGNORECASE,
)


class _Shown(NamedTuple):
    """What stands above the text in a mail program; of a forward, what stood above that."""

    title: str | None
    sender: Sender
    sent: datetime | None


def article(root: Part, content: Content, zone: tzinfo) -> Record:
    """The article of the texts of ``root``; refused as ``kill_unmatched`` where it takes a story back.

    A kill by e-mail names no message: what it answers is seldom what it takes back.
    """
    fields = root.fields
    title = _REPLY.sub("", readable(fields.get("subject", "")), count=1) or None
    shown = _Shown(title, sender(fields.get("from", "")), _sent(fields.get("date", ""), zone))
    if title and signal(title) is Signal.KILL:
        message = "It takes a story back and names none; find that with newswire search, then use newswire withdraw."
        return Refused(reason=Reason.KILL_UNMATCHED, message=message)
    texts = content.texts
    if any(text.subheads is not None for text in texts):
        parts, held = _marked(_joined(texts), shown.sent, zone)
    else:
        plain = "\n\n".join(text.body for text in texts)
        shown, plain = _forwarded(shown, plain, zone)
        text, held = _holds(paragraphs(plain), shown.sent, zone)
        if len(text) > 1 and text[0] == shown.title:
            text = text[1:]
        parts = article_parts(text)
    if title and (found := hold(title, shown.sent, zone)):
        held = longer(held, found)
    return _filled(root, parts, shown, held, zone) if parts.body else _no_body(content)


def _joined(texts: Sequence[Text]) -> Text:
    """Several texts as one; the plain ones mark nothing."""
    body: list[str] = []
    subheads: list[Subhead] = []
    at = 0
    for text in texts:
        plain = "\n\n".join(paragraphs(text.body)) if text.subheads is None else text.body
        subheads += [Subhead(text=one.text, at=at + one.at) for one in text.subheads or ()]
        body.append(plain)
        at += len(plain) + 2
    return Text("\n\n".join(body), subheads)


def _marked(text: Text, sent: datetime | None, zone: tzinfo) -> tuple[Parts, Hold | None]:
    """The parts of an HTML text, and its hold."""
    kept, held = _holds(text.body.split("\n\n"), sent, zone)
    body = "\n\n".join(kept)
    # The line of a hold stands before every paragraph that has a sub-heading.
    taken = len(text.body) - len(body)
    subheads = [Subhead(text=one.text, at=one.at - taken) for one in text.subheads or () if one.at > taken]
    return marked_parts(body, subheads), held


def _forwarded(shown: _Shown, plain: str, zone: tzinfo) -> tuple[_Shown, str]:
    """What is forwarded, where no more than a covering letter stands above it."""
    forward = mailtext.forwarded(plain)
    if forward is None or len(forward.before.split()) >= STUB_WORDS or not forward.text.strip():
        return shown, plain
    return (
        _Shown(
            _REPLY.sub("", forward.fields.get("subject", ""), count=1) or shown.title,
            sender(forward.fields["from"]),
            moment(forward.fields.get("date", ""), shown.sent, zone) or shown.sent,
        ),
        mailtext.trimmed(forward.text),
    )


def _filled(root: Part, parts: Parts, shown: _Shown, held: Hold | None, zone: tzinfo) -> RawArticle:
    name = shown.sender.name
    is_desk = bool(name and (_DESK.search(name) or name in AGENCIES))
    organization = readable(root.fields.get("organization", "")) or None
    message_id = _MESSAGE_ID.search(root.fields.get("message-id", ""))
    language = _LANGUAGE.match(root.fields.get("content-language", ""))
    return RawArticle(
        title=shown.title,
        body=parts.body,
        subheads=parts.subheads,
        caption=parts.caption,
        credit=parts.credit,
        byline=parts.byline or (None if is_desk else name),
        agency=parts.agency or organization or (name if is_desk else None),
        dateline=parts.dateline,
        language=language[0] if language else None,
        published_at=shown.sent or parts.instant(zone),
        pubstatus="withheld" if held and held.until is None else "usable",
        embargo=held.until if held else None,
        identifier=Identifier(scheme="guid", issuer=message_id[2].lower(), value=message_id[1]) if message_id else None,
    )


def _holds(text: list[str], sent: datetime | None, zone: tzinfo) -> tuple[list[str], Hold | None]:
    """The paragraphs without the lines of a hold, and that."""
    held: Hold | None = None
    kept: list[str] = []
    for number, paragraph in enumerate(text):
        if number < HEAD_LINES and (found := hold(paragraph, sent, zone)):
            held = longer(held, found)
        else:
            kept.append(paragraph)
    return kept, held


def _no_body(content: Content) -> Refused:
    names = ", ".join((part.file_name or part.kind)[:60] for part in content.files[:5])
    message = (
        f"It has no text, and what is attached ({names}) is no article that is read; send the text itself."
        if names
        else "It has no text; send the article in the e-mail, not its headers alone."
    )
    return Refused(reason=Reason.NO_BODY, message=message)


def _sent(value: str, zone: tzinfo) -> datetime | None:
    try:
        return instant(_ZONE_NAME.sub("", value[:DATE_CHARACTERS]), zone)
    except ValueError:
        return None
