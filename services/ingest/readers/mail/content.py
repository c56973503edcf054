"""What an e-mail holds: the texts that are to be read, and the files that were sent along."""

from collections.abc import Iterator
from typing import NamedTuple

from newswire.article import Subhead
from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from services.ingest.readers.encoding import clean, decode
from services.ingest.readers.mail import text as mailtext
from services.ingest.readers.mail.mime import DEPTH, PARTS, Cut, Malformed, Part
from services.ingest.readers.markup import flatten
from services.ingest.readers.record import Refused

# "Please find our release attached", "Your program does not show HTML": fewer words are no article if there is another.
STUB_WORDS = 50

# Twice what an article may have: a longer text is refused before it is cut to lines.
PLAIN_BYTES = 2 * BODY_CAP

_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


class Unreadable(Exception):
    """The e-mail is refused as a whole."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.refused = Refused(reason=reason, message=message)


class Text(NamedTuple):
    """A part of the text; ``subheads`` are None where it is plain and marks nothing."""

    body: str
    subheads: list[Subhead] | None = None


class Content:
    """The texts and the files of an e-mail, in order."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.files: list[Part] = []
        self.parts = 0

    def words(self) -> int:
        """The words of the texts, none counted far beyond ``STUB_WORDS``."""
        return sum(len(text.body.split(None, STUB_WORDS)) for text in self.texts)


def content(root: Part) -> Content:
    """Everything in the e-mail ``root``. Raises Unreadable, and Malformed where its parts cannot be told apart."""
    found = Content()
    _collect(root, found, 0)
    return found


def _collect(part: Part, content: Content, depth: int) -> None:
    """Sort ``part`` and the parts inside it into texts and files."""
    content.parts += 1
    if depth > DEPTH:
        raise Malformed(f"Its parts lie more than {DEPTH} deep in one another; send the article by itself.")
    if content.parts > PARTS:
        raise Malformed(f"It has more than {PARTS:,} parts; send the article by itself.")
    kind = part.kind
    _check_readable(part)
    if kind.startswith("multipart/") and not part.is_attached:
        _collect_parts(part, content, depth)
    elif kind in ("text/plain", "text/html") and not part.is_attached:
        text = _text(part)
        if text.body.strip():
            content.texts.append(text)
    else:
        content.files.append(part)


def _collect_parts(part: Part, content: Content, depth: int) -> None:
    if part.kind == "multipart/alternative":
        _choose(part, content, depth)
        return
    inside = _parts(part, depth)
    # What follows the first part of these is its signature, or its pictures.
    for number, one in enumerate(inside):
        if part.kind == "multipart/signed" and number:
            continue
        _collect(one, content, depth + 1)


def _parts(part: Part, depth: int) -> Iterator[Part]:
    """Those of ``part``; where only an inner multipart has no end, the mistake was the sender's."""
    try:
        yield from part.parts()
    except Cut:
        if not depth:
            raise


def _choose(part: Part, content: Content, depth: int) -> None:
    """Of alternatives the first with a text that is more than a stub, else the one with the most words."""
    best: Content | None = None
    for one in _parts(part, depth):
        candidate = Content()
        candidate.parts = content.parts
        _collect(one, candidate, depth + 1)
        content.parts = candidate.parts
        if best is None or (best.words() < STUB_WORDS and candidate.words() > best.words()):
            best = candidate
    if best:
        content.texts += best.texts
        content.files += best.files


def _check_readable(part: Part) -> None:
    kind = part.kind
    if kind == "multipart/encrypted" or (
        kind in _SEALED and part.parameter("smime-type") not in ("signed-data", "certs-only")
    ):
        raise Unreadable(Reason.ENCRYPTED, "It is an encrypted e-mail; decrypt it and drop the text.")
    if kind in _SEALED:
        message = "It is an e-mail whose text lies inside its signature; send it signed in clear, or not at all."
        raise Unreadable(Reason.UNSUPPORTED, message)
    if kind == "multipart/report":
        message = "It is a report on the delivery of another e-mail, not an article; nothing needs to be done with it."
        raise Unreadable(Reason.UNSUPPORTED, message)


def _text(part: Part) -> Text:
    data = part.content()
    if part.kind == "text/plain" and len(data) > PLAIN_BYTES:
        message = f"Its text has more than {PLAIN_BYTES:,} bytes, which is the limit; split it."
        raise Unreadable(Reason.TOO_LARGE, message)
    text = decode(data, part.parameter("charset"))
    if isinstance(text, Refused):
        raise Unreadable(text.reason, text.message)
    if part.kind == "text/html":
        flat = flatten(text)
        return Text(flat.body, flat.subheads)
    text = clean(text)
    if mailtext.is_encrypted(text):
        raise Unreadable(Reason.ENCRYPTED, "Its text is encrypted with PGP; decrypt it and drop the text.")
    if (part.parameter("format") or "").lower() == "flowed":
        text = mailtext.unflowed(text, deleted=(part.parameter("delsp") or "").lower() == "yes")
    return Text(mailtext.trimmed(text))
