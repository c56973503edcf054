"""Articles as JSON, one a line (NDJSON, JSON Lines), in files of any length.

A line that is bad, or too large, is refused with its own bytes; the others go on.
"""

from collections.abc import Iterator

from newswire.reasons import Reason
from services.ingest.readers.format import Bytes, Context, Head
from services.ingest.readers.jsonrecord import records
from services.ingest.readers.jsonvalue import value
from services.ingest.readers.record import Record, Refused
from services.ingest.readers.source import Source
from services.ingest.readers.transcode import as_utf8

NAMES = (".ndjson", ".jsonl")

# Between lines; RFC 7464 begins every record with a record separator.
BLANK = b" \t\r\n\x1e"


def recognises(head: Head) -> bool:
    """By a first line that is an object by itself with more lines after it, or by its name."""
    if not head.text.lstrip("\x1e").startswith("{"):
        return False
    first, _, rest = head.text.lstrip("\x1e").partition("\n")
    return head.name.endswith(NAMES) or bool(rest.strip() and is_object(first.encode("utf-8", "replace")))


def read(stream: Bytes, context: Context) -> Iterator[Record]:
    """See ``format.Stream``."""
    source = Source(as_utf8(stream))
    for line in lines(source, context.limits.document):
        if isinstance(line, Refused):
            yield line
        else:
            yield from records(line, context, alone=False)


def is_object(line: bytes) -> bool:
    """Whether ``line`` is a JSON object, whole."""
    found = value(line, None, alone=True) if line.rstrip().endswith(b"}") else None
    return isinstance(found, dict)


def lines(source: Source, most: int) -> Iterator[bytes | Refused]:
    """The lines that hold anything, stripped; one of more than ``most`` bytes is refused and passed over."""
    begun: list[bytes] = []  # the pieces of a line whose end has not come yet
    size = 0
    while data := source.read():
        first, *others = data.split(b"\n")
        begun.append(first)
        size += len(first)
        if others:
            yield from _line(begun, size, most)
            for line in others[:-1]:
                yield from _line([line], len(line), most)
            begun, size = [others[-1]], len(others[-1])
        elif size > most:
            begun = []
    yield from _line(begun, size, most)


def _line(pieces: list[bytes], size: int, most: int) -> Iterator[bytes | Refused]:
    if size > most:
        message = f"The line has more than {most:,} bytes, which is the limit for one record; split it."
        yield Refused(reason=Reason.TOO_LARGE, message=message)
    elif line := b"".join(pieces).strip(BLANK):
        yield line
