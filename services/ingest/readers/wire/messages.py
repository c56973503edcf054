"""Messages on a line: from SOH to EOT, with the text between STX and ETX, any number of them in a file.

Control characters get lost and come twice. A message ends at its EOT, at the SOH
of the next, or where the file ends; a missing STX is taken to stand after the two
lines of the header. Only a message that nothing ends is ``truncated``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newswire.reasons import Reason
from newswire.topics import BODY_CAP
from services.ingest.readers.format import Bytes, Context
from services.ingest.readers.record import Record, Refused

SOH, STX, ETX, EOT, SYN = b"\x01", b"\x02", b"\x03", b"\x04", b"\x16"

CHUNK = 64 * 1024  # bytes

# Twice what an article may have, for everything around its text; longer ones are refused before they are cut to lines.
MESSAGE_BYTES = 2 * BODY_CAP

# A last line with a date, where the ETX before it was lost or comes after it.
SIGNED_BYTES = 100

# Noise on the line breaks a message or two; so many in a row are no messages.
MOST_BROKEN = 100

_ENDS = re.compile(rb"([\x01\x04])")
_STRAY = b"\0\x16\x7f\t\n\x0b\x0c\r "
_SIGNED = re.compile(rb"\n[^\n]{0,20}(?:\d{6}|\d\d-\d\d-\d\d)[^\n]{0,40}\s*\Z")
# What is surely that, and no number in a text.
_DATED = re.compile(
    rb"\n[^\n\d]{0,20}(?:\d{6}\s?(?:[A-Za-z]{1,5}\s+)?[A-Za-z\x80-\xff]{3,10}\.?\s+\d\d(?:\d\d)?|"
    rb"\d\d-\d\d-\d\d(?:\d\d)?\s+\d{4}\s?[A-Z]{0,4})\W{0,5}\Z"
)
_TWO_LINES = re.compile(rb"[^\n]*\n(?:[^\n]*\n)?")


class Message(NamedTuple):
    """One message in its three parts; ``ended`` is False where the file ends before it does."""

    header: bytes
    text: bytes
    trailer: bytes
    ended: bool
    whole: bytes


def read(stream: Bytes, context: Context, article: Callable[[Message, Context], Iterable[Record]]) -> Iterator[Record]:
    """The records that ``article`` makes of each message in ``stream``; holds no more than one message."""
    found, broken = False, 0
    for piece in _pieces(stream, min(context.limits.document, MESSAGE_BYTES)):
        found = True
        if isinstance(piece, Refused):
            yield piece
            continue
        for record in article(piece, context):
            broken = broken + 1 if isinstance(record, Refused) and record.reason is Reason.BAD_FORMAT else 0
            yield record
        if broken >= MOST_BROKEN:
            message = f"Its last {broken} messages were none, so the rest was not read; check the line it came over."
            yield Refused(reason=Reason.BAD_FORMAT, message=message)
            return
    if not found:
        yield Refused(reason=Reason.EMPTY, message="It has the frame of a message and nothing in it; send it again.")


def _pieces(stream: Bytes, limit: int) -> Iterator[Message | Refused]:
    held: list[bytes] = []
    size = 0
    begun = False  # by its SOH: anything else between messages is noise
    while chunk := stream.read(CHUNK):
        pieces = _ENDS.split(chunk)
        for piece, end in zip(pieces[::2], [*pieces[1::2], b""], strict=True):
            if size <= limit:
                held.append(piece)
            size += len(piece)
            if end:
                yield from _piece(b"".join(held), size, limit, begun=begun, ended=True)
                held.clear()
                size, begun = 0, end == SOH
            elif size > limit:
                held.clear()
    yield from _piece(b"".join(held), size, limit, begun=begun, ended=False)


def _piece(data: bytes, size: int, limit: int, *, begun: bool, ended: bool) -> Iterator[Message | Refused]:
    if size > limit:
        message = f"One of its messages has more than {limit:,} bytes, which is the limit; split it."
        yield Refused(reason=Reason.TOO_LARGE, message=message)
        return
    data = data.strip(_STRAY)
    if data and (begun or STX in data):
        yield _message(data, ended)


def _message(data: bytes, ended: bool) -> Message:
    header, start, rest = data.partition(STX)
    if not start and (lines := _TWO_LINES.match(data)):
        header, rest = lines[0], data[lines.end() :]
    text, end, trailer = rest.lstrip(STX).partition(ETX)
    # Some send the day before the ETX, and some no ETX.
    is_signed = trailer.strip(ETX + _STRAY).removesuffix(b"NNNN").strip()
    last = _DATED if end else _SIGNED
    if not is_signed and (signed := last.search(text, max(0, len(text) - SIGNED_BYTES))):
        text, trailer = text[: signed.start()], signed[0]
    return Message(header, text, trailer.strip(ETX + _STRAY), ended, data)
