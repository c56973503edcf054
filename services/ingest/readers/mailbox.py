"""Mailboxes (mbox): e-mails one after another, each after a line that begins with ``From`` and a blank.

Such a line parts two messages where a blank line stands before it and a time in
it, as in what every program writes; a sentence that begins so does not.
"""

import io
import re
from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers.format import Bytes, Context, Head, Member
from services.ingest.readers.record import Refused

CHUNK = 256 * 1024  # bytes

# No line that parts two messages is longer.
MARK_BYTES = 500

_MARK = rb"From [^\n]{1,300}?\d\d:\d\d[^\n]{0,100}\n"
_BEGINNING = re.compile(rb"\s*" + _MARK + rb"[!-9;-~]{1,100}:")
_BETWEEN = re.compile(rb"\n\r?\n(?=" + _MARK + rb")")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def recognises(head: Head) -> bool:
    """By its first line, with a header below it."""
    return bool(_BEGINNING.match(head.data))


def members(stream: Bytes, context: Context) -> Iterator[Member | Refused]:
    """See ``format.Container``: one message at a time is held, named by its place."""
    for number, message in enumerate(_messages(stream, context.limits.document), 1):
        if isinstance(message, Refused):
            yield message
            continue
        _, _, letter = message.lstrip().partition(b"\n")
        yield Member(f"{number}.eml", io.BytesIO(_QUOTED.sub(rb"\1", letter)))


def _messages(stream: Bytes, limit: int) -> Iterator[bytes | Refused]:
    held = bytearray()
    too_large = False
    searched = 0
    while chunk := stream.read(CHUNK):
        held += chunk
        while mark := _BETWEEN.search(held, searched):
            end = mark.end()
            yield _too_large(limit) if too_large or end > limit else bytes(held[:end])
            del held[:end]
            too_large, searched = False, 0
        searched = max(0, len(held) - MARK_BYTES)
        if searched > limit:
            too_large = True
            del held[:searched]
            searched = 0
    if held.strip():
        yield _too_large(limit) if too_large or len(held) > limit else bytes(held)


def _too_large(limit: int) -> Refused:
    message = f"It has more than {limit:,} bytes, which is the limit; send it without pictures."
    return Refused(reason=Reason.TOO_LARGE, message=message)
