"""Readers: the bytes of one file to its records, whatever format it is in, and whatever those are packed in.

Pure: no clock, no file system, no network; nothing in the bytes makes them do
more than yield what they found. The format is chosen by content first; the name
decides only where the content could be more than one thing.
"""

import functools
import io
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo

from msgspec.structs import replace

from newswire.reasons import Reason
from services.ingest.readers.format import (
    HEAD,
    Broken,
    Budget,
    Bytes,
    Container,
    Context,
    Document,
    Format,
    Found,
    Head,
    Member,
    Stream,
    Unread,
)
from services.ingest.readers.record import Record, Records, Refused

UNKNOWN = "unknown"  # the format of what was refused before it was recognised

# So many files of an archive are refused for one reason each by itself; nobody reads more letters that say the same.
MOST_ALIKE = 1_000


def read(stream: Bytes, context: Context) -> Iterator[Found]:
    """The records in ``stream``, in order; constant memory, whatever their number.

    Never raises: what a reader did not foresee is refused as ``bad_format``, with
    the traceback for a developer; the records before it stay good.
    """
    loosely, format_of = _recognition()
    try:
        data = _beginning(stream)
    except Broken as broken:
        yield from _told(UNKNOWN, broken)
        return
    if not data:
        yield _refused(UNKNOWN, Reason.EMPTY, "It has no bytes; was it still being written?")
        return
    head = Head(context.name.lower(), data, loosely(data).lstrip())
    chosen = format_of(head)
    whole = _Rejoined(data, stream)
    match chosen:
        case Document():
            yield from _foreseen(chosen.name, _document(whole, context, chosen))
        case Stream():
            yield from _foreseen(chosen.name, chosen.read(whole, context))
        case Container():
            found = _members(whole, context, chosen)
            yield from found if context.budget else _counted(found, chosen.name)
        case Unread():
            message = f"It is {chosen.kind(head)}, which is not read; drop the article as text, JSON, HTML or XML."
            yield _refused(UNKNOWN, Reason.UNSUPPORTED, message)


@functools.cache
def _recognition() -> tuple[Callable[[bytes], str], Callable[[Head], Format]]:
    """What tells formats apart.

    Only who reads pays for the readers, in memory and at its start: the service itself
    leaves it to its processes.
    """
    from services.ingest.readers.encoding import loosely  # noqa: PLC0415
    from services.ingest.readers.formats import format_of  # noqa: PLC0415

    return loosely, format_of


def read_records(data: bytes, name: str, zone: tzinfo) -> Records:
    """The records of a small file, all at once, with the format of the first."""
    found = list(read(io.BytesIO(data), Context(name, zone)))
    return Records(format=found[0].format if found else UNKNOWN, records=[one.record for one in found])


def _document(stream: Bytes, context: Context, form: Document) -> Iterator[Record]:
    data = _exactly(stream, context.limits.document + 1)
    if len(data) <= context.limits.document:
        yield from form.read(data, context)
        return
    message = f"It has more than {context.limits.document:,} bytes, which is the limit; split it or raise the limit."
    yield Refused(reason=Reason.TOO_LARGE, message=message)


def _members(stream: Bytes, context: Context, form: Container) -> Iterator[Found]:
    if context.depth >= context.limits.depth:
        message = f"It lies inside {context.depth} archives; unpack the outer ones."
        yield _refused(form.name, Reason.ARCHIVE_BOMB, message)
        return
    budget = context.budget
    if budget is None:
        budget = Budget(context.limits)
        stream = budget.metered(stream)
        context = context._replace(budget=budget)
    empty = True
    try:
        for member in form.members(stream, context):
            empty = False
            budget.member()
            if not isinstance(member, Member):
                yield Found(member, form.name)
                continue
            inside = context._replace(name=member.name, depth=context.depth + 1, uri=member.uri, charset=member.charset)
            for found in read(member.stream, inside):
                inner = f"{member.name}/{found.member}" if found.member else member.name
                yield replace(found, member=inner)
    except Broken as broken:
        yield from _told(form.name, broken)
        return
    except Exception:  # a bug in a reader must not stop the others' articles
        yield _failed(form.name)
        return
    if empty:
        yield _refused(form.name, Reason.EMPTY, "It holds no files; was it still being written?")


def _counted(several: Iterable[Found], form: str) -> Iterator[Found]:
    """What an archive holds; of refusals for one reason without bytes of their own, ``MOST_ALIKE`` and their number."""
    alike: Counter[Reason] = Counter()
    for found in several:
        record = found.record
        if isinstance(record, Refused) and record.original is None:
            alike[record.reason] += 1
            if alike[record.reason] > MOST_ALIKE:
                continue
        yield found
    for reason, number in alike.items():
        if number > MOST_ALIKE:
            message = (
                f"{number - MOST_ALIKE:,} more files in it were refused like the {MOST_ALIKE:,} before them ({reason});"
                " unpack it and drop what should be read."
            )
            yield _refused(form, reason, message)


def _foreseen(form: str, records: Iterable[Record]) -> Iterator[Found]:
    try:
        for record in records:
            yield Found(record, form)
    except Broken as broken:
        yield from _told(form, broken)
    except Exception:  # see above
        yield _failed(form)


def _told(form: str, broken: Broken) -> Iterator[Found]:
    """One refusal, by the innermost that meets it; the layers around it meet the same one again."""
    if not broken.told:
        broken.told = True
        yield Found(broken.refused, form)


def _failed(form: str) -> Found:
    message = "Its reader failed on it; please report it with the file."
    return _refused(form, Reason.BAD_FORMAT, message, traceback.format_exc(limit=-6))


def _refused(form: str, reason: Reason, message: str, detail: str | None = None) -> Found:
    return Found(Refused(reason=reason, message=message, detail=detail), form)


def _beginning(stream: Bytes) -> bytes:
    """The first bytes of ``stream``; where it breaks among them, what came before: the next read breaks again."""
    parts: list[bytes] = []
    missing = HEAD
    try:
        while missing and (data := stream.read(missing)):
            parts.append(data)
            missing -= len(data)
    except Broken:
        if not parts:
            raise
    return b"".join(parts)


def _exactly(stream: Bytes, size: int) -> bytes:
    """``size`` bytes of ``stream``, fewer only at its end."""
    data = stream.read(size)
    if not data or len(data) == size:
        return data
    parts = [data]
    missing = size - len(data)
    while missing and (data := stream.read(missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)


class _Rejoined:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: Bytes) -> None:
        self._head = io.BytesIO(head)
        self._left = len(head)
        self._rest = rest

    def read(self, size: int = -1, /) -> bytes:
        if not self._left:
            return self._rest.read(size)
        data = self._head.read(size)
        self._left -= len(data)
        return data + self._rest.read() if size < 0 else data
