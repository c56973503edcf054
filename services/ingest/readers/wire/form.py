"""From a message to its records, whichever of the two formats it is in."""

import re
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import NamedTuple

from msgspec.structs import replace

from newswire.reasons import Reason
from services.ingest.readers.format import Bytes, Context
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.wire import messages
from services.ingest.readers.wire.charset import text_of
from services.ingest.readers.wire.kill import Numbered, kills
from services.ingest.readers.wire.messages import Message
from services.ingest.readers.wire.signals import Signal
from services.ingest.readers.wire.story import Story, opening, record
from services.ingest.readers.wire.when import Sent

HEADER_BYTES = 1000  # two lines
HEAD_BYTES = 4096  # what stands before the text
TRAILER_BYTES = 200  # a day, a time and a zone


class Form(NamedTuple):
    """What one format has of its own: its header, and how it writes the day, the number and the text.

    ``numbered`` is None where a message has no number that is its alone.
    """

    name: str
    header: re.Pattern[str]
    sent: Callable[[str, tzinfo], Sent | None]
    numbered: Callable[[re.Match[str], Sent], Numbered | None]
    story: Callable[[str, re.Match[str], Sent | None, tzinfo], Story]

    def read(self, stream: Bytes, context: Context) -> Iterator[Record]:
        """See ``format.Stream``."""
        return messages.read(stream, context, self._records)

    def _records(self, message: Message, context: Context) -> Iterator[Record]:
        trailer = text_of(message.trailer[:TRAILER_BYTES])
        sent = self.sent(trailer, context.zone) if isinstance(trailer, str) else None
        # What is held goes into no letter, whatever else is wrong with it.
        held = opening(message.text[:HEAD_BYTES].decode("latin-1").splitlines(), None, context.zone).hold
        original = b"" if held else message.whole
        if not message.ended and sent is None:
            cut = "Its last message has no end; send it again, whole."
            yield Refused(reason=Reason.TRUNCATED, message=cut, original=original)
            return
        header = self.header.match(message.header[:HEADER_BYTES].decode("latin-1").replace("\r\n", "\n"))
        if header is None:
            strange = f"A header in it is none of {self.name}; ask the agency for the message again."
            yield Refused(reason=Reason.BAD_FORMAT, message=strange, original=original)
            return
        text = text_of(message.text)
        if isinstance(text, Refused):
            yield replace(text, original=original)
            return
        story = self.story(text, header, sent, context.zone)
        numbered = self.numbered(header, sent) if sent else None
        if Signal.KILL in story.opening.signals:
            yield from kills(story, numbered, text, original)
        else:
            yield record(story, numbered.identifier if numbered else None, context.zone, original)
