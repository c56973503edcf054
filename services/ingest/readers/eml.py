"""E-mails: an article in the text of one, articles in the files attached to one, or both.

The text is that of the plain part, or of the HTML part where the plain one only
says that there is one. Subject, sender, date and Message-ID become title, byline
or agency, instant and identifier. A signature, the footer of a list and the head
of a forward are no part of the article. Attached files that are articles by their
names or types are read as whatever they are; beside them, a text of a few words
is a covering letter and no article.
"""

import io
import re
from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers.format import HEAD, Bytes, Context, Head, Member
from services.ingest.readers.mail.article import article
from services.ingest.readers.mail.content import STUB_WORDS, Unreadable, content
from services.ingest.readers.mail.mime import Cut, Malformed, Part
from services.ingest.readers.mail.words import readable
from services.ingest.readers.record import Record, Refused

# A message that is read as e-mail has a sender or a trace of its way, and two of these.
_TRACE = frozenset(("from", "received", "return-path", "delivered-to", "message-id"))
_FIELDS = _TRACE | {"to", "cc", "date", "subject", "mime-version", "content-type", "sender", "reply-to", "x-mailer"}
_NAME = re.compile(r"([!-9;-~]{1,100})[ \t]*:")

# Files that may be articles, by name or by type.
# fmt: off
ENDINGS = (
    ".txt", ".xml", ".nitf", ".newsml", ".json", ".ndjson", ".jsonl", ".html", ".htm", ".xhtml", ".rss", ".atom",
    ".csv", ".tsv", ".eml", ".mbox", ".warc", ".zip", ".gz", ".tgz", ".tar", ".zst", ".bz2", ".xz", ".anpa", ".iptc",
)
TYPES = {
    "message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "text/xml": ".xml", "text/csv": ".csv",
    "application/xml": ".xml", "application/xhtml+xml": ".html", "application/json": ".json",
    "application/zip": ".zip", "application/x-zip-compressed": ".zip", "application/gzip": ".gz",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/nitf+xml": ".xml",
}
# fmt: on

_SAVED_PAGE = re.compile(r"<saved by ", re.IGNORECASE)
# What some programs put before the headers.
_BEFORE = re.compile(rb"\A\s*(?:>?From [^\n]*\n)?")


def recognises(head: Head) -> bool:
    """By a block of headers with a sender or a trace of its way; by its name where it may be one."""
    if head.name.endswith(".eml"):
        return True
    if not _NAME.match(head.text) and not head.text.startswith((">From ", "From ")):
        return False
    block, gap, _ = head.text.replace("\r\n", "\n").partition("\n\n")
    lines = block.split("\n")
    if not gap and len(head.data) >= HEAD:
        lines.pop()  # it may be cut
    names: set[str] = set()
    for number, line in enumerate(lines):
        if found := _NAME.match(line):
            names.add(found[1].lower())
        elif not line.startswith((" ", "\t")) and (number or not line.startswith(("From ", ">From "))):
            return False
    return bool(names & _TRACE) and len(names & _FIELDS) > 1


def members(stream: Bytes, context: Context) -> Iterator[Member | Record]:
    """See ``format.Container``: the article of its own text comes first."""
    data = stream.read(context.limits.document + 1)
    while len(data) <= context.limits.document and (more := stream.read(context.limits.document + 1 - len(data))):
        data += more
    if len(data) > context.limits.document:
        message = f"It has more than {context.limits.document:,} bytes, which is the limit; send it without pictures."
        yield Refused(reason=Reason.TOO_LARGE, message=message)
        return
    try:
        root = Part(_BEFORE.sub(b"", data, count=1))
        if not root.fields:
            message = "It has no headers of an e-mail; drop it under a name that does not end in .eml."
            raise Unreadable(Reason.BAD_FORMAT, message)
        if page := _saved_page(root):
            yield page
            return
        found = content(root)
        files = [member for number, part in enumerate(found.files, 1) if (member := _member(part, number))]
        if not files or found.words() >= STUB_WORDS:
            yield article(root, found, context.zone)
        yield from files
    except Unreadable as unreadable:
        yield unreadable.refused
    except Cut as cut:
        yield Refused(reason=Reason.TRUNCATED, message=str(cut))
    except Malformed as malformed:
        yield Refused(reason=Reason.BAD_FORMAT, message=str(malformed))


def _saved_page(root: Part) -> Member | None:
    """A web page that a browser saved as an e-mail, which is read as a page."""
    if "snapshot-content-location" not in root.fields and not _SAVED_PAGE.match(root.fields.get("from", "")):
        return None
    parts = root.parts() if root.kind.startswith("multipart/") else iter((root,))
    for part in parts:
        if part.kind in ("text/html", "application/xhtml+xml"):
            uri = root.fields.get("snapshot-content-location") or part.fields.get("content-location")
            return Member("page.html", io.BytesIO(part.content()), uri, part.parameter("charset"))
    return None


def _member(part: Part, number: int) -> Member | None:
    name = readable(part.file_name or "")
    known = TYPES.get(part.kind)
    if not name.lower().endswith(ENDINGS):
        if known is None or (name and part.kind not in ("message/rfc822", "application/xml", "text/xml")):
            return None
        name = f"{name or number}{known}"
    return Member(name, io.BytesIO(part.content()), None, part.parameter("charset"))
