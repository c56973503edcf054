"""Step 1 as a pure function: a path to what its bytes hold, in portions.

Done in a process of its own (``reader``), because the bytes are somebody else's:
what they make a library do must not stop, slow or swell the service. So all that
passes between the two is here: requests, and answers that are small structs.
"""

import hashlib
import io
import os
import time
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import msgspec

from newswire.article import Source
from newswire.dead_letter import ORIGINAL_CAP
from services.ingest.identify import Draft, draft
from services.ingest.read import Changing, Closed, FileVersion, Gone, OpenFile, Unfit, opened
from services.ingest.readers import read
from services.ingest.readers.format import Bytes, Context, Found, Limits
from services.ingest.readers.record import RawArticle, Refused

# What the quick reader takes: nearly every article there is, and a list of a few hundred. The rest would keep others
# waiting, so the slow reader does it.
QUICK_BYTES = 1024 * 1024
QUICK_TIME = 0.5  # seconds
# A portion is what is published, and written to the ledger, together.
PORTION_RECORDS = 500
PORTION_BYTES = 4 * 1024 * 1024

# What a letter shows of a file that it has no room for: enough to see what it is, and no burden to anybody.
GLANCE = 64 * 1024  # bytes

CHUNK = 1024 * 1024  # bytes hashed at a time


class Request(msgspec.Struct, frozen=True, array_like=True):
    """A file to be read; ``number`` comes back with each answer.

    ``shown`` is its path below the inbox, as messages carry it; ``zone`` an IANA
    name. What was written at ``younger`` (nanoseconds) or later is not read: it is
    `Moving`. The first ``skip`` records are done; where ``only`` is given no other
    record is wanted. ``quick`` asks for one portion or none; without ``sketched``
    nobody looks for near-duplicates, and the drafts have no sketch.
    """

    number: int
    path: bytes
    shown: str
    zone: str
    quick: bool = True
    skip: int = 0
    only: tuple[int, ...] = ()
    sketched: bool = True
    younger: int | None = None


class Refusal(msgspec.Struct, frozen=True, array_like=True):
    """A record that was refused, or (``record`` None) a whole file; ``original`` as far as a letter can carry it."""

    record: int | None
    refused: Refused
    original: bytes
    complete: bool = True
    member: str | None = None


class Portion(msgspec.Struct, frozen=True, tag="portion", array_like=True):
    """Records of a file; ``done`` of them are behind it once these are; ``last`` where no more follow.

    ``version`` is the file's when it was opened, and still was when the records were
    read.
    """

    number: int
    version: FileVersion
    sha256: str
    format: str
    drafts: list[Draft]
    refusals: list[Refusal]
    done: int
    last: bool


class Unread(msgspec.Struct, frozen=True, tag="unread", array_like=True):
    """A file that is refused without a look inside; ``closed`` where that may pass by itself."""

    number: int
    version: FileVersion
    refusal: Refusal
    closed: bool = False


class Moving(msgspec.Struct, frozen=True, tag="moving", array_like=True):
    """A file that changes, or changed too lately, to be read; or (``version`` None) that is not there."""

    number: int
    version: FileVersion | None


class Slow(msgspec.Struct, frozen=True, tag="slow", array_like=True):
    """A file that the quick reader leaves to the slow one."""

    number: int


Answer = Portion | Unread | Moving | Slow


def is_last(answer: object) -> bool:
    """Whether nothing more comes of the request."""
    return not isinstance(answer, Portion) or answer.last


def look_into(request: Request, limits: Limits, alive: Callable[[], None] = lambda: None) -> Iterator[Answer]:
    """Read the file of ``request``; the last answer is a ``Portion`` that is ``last``, or one of the others.

    ``alive`` is called with everything that was read of a file that takes its time:
    there may be long stretches in which it holds nothing that is wanted. Raises
    nothing. What is embargoed or withheld is in no refusal.
    """
    found = opened(os.fsdecode(request.path))
    match found:
        case OpenFile():
            with found:
                try:
                    yield from _portions(request, found, limits, alive)
                except OSError as error:
                    unfit = found.unreadable(error)
                    yield Unread(request.number, unfit.version, _unfit(unfit), closed=True)
        case Unfit():
            yield Unread(request.number, found.version, _unfit(found))
        case Closed(unfit):
            yield Unread(request.number, unfit.version, _unfit(unfit), closed=True)
        case Changing(version):
            yield Moving(request.number, version)
        case Gone():
            yield Moving(request.number, None)


def _unfit(unfit: Unfit) -> Refusal:
    return Refusal(None, Refused(reason=unfit.reason, message=unfit.message), b"", complete=False)


def _portions(request: Request, file: OpenFile, limits: Limits, alive: Callable[[], None]) -> Iterator[Answer]:
    if request.younger is not None and file.version.mtime_ns >= request.younger:
        yield Moving(request.number, file.version)
        return
    context = Context(os.path.basename(request.shown), ZoneInfo(request.zone), limits)
    if file.version.size > QUICK_BYTES:
        if request.quick:
            yield Slow(request.number)
            return
        digest = hashlib.sha256()
        for chunk in file.chunks(CHUNK):
            digest.update(chunk)
            alive()
        file.rewind()
        collected = _Collected(request, file, digest.hexdigest(), None)
        yield from _read(request, file, read(_Heard(file, alive), context), collected, alive)
        return
    data = file.whole()
    if data is None:
        yield Moving(request.number, file.version)
        return
    collected = _Collected(request, file, hashlib.sha256(data).hexdigest(), data)
    yield from _read(request, file, read(io.BytesIO(data), context), collected, alive)


def _read(
    request: Request, file: OpenFile, records: Iterator[Found], collected: "_Collected", alive: Callable[[], None]
) -> Iterator[Answer]:
    """The portions that the ``records`` of ``file`` make."""
    end = time.monotonic() + QUICK_TIME
    for found in records:
        collected.add(found)
        if collected.is_complete:
            break
        if request.quick:
            if collected.is_full or time.monotonic() > end:
                yield Slow(request.number)
                return
            continue
        alive()
        if collected.is_full:
            if collected.has_changed():
                yield Moving(request.number, file.version)
                return
            yield collected.portion(last=False)
    if collected.has_changed():
        yield Moving(request.number, file.version)
        return
    yield collected.portion(last=True)


class _Heard:
    """A stream that tells of each read."""

    def __init__(self, stream: Bytes, alive: Callable[[], None]) -> None:
        self._stream = stream
        self._alive = alive

    def read(self, size: int = -1, /) -> bytes:
        self._alive()
        return self._stream.read(size)


class _Collected:
    """Records of one file until they are a portion."""

    def __init__(self, request: Request, file: OpenFile, sha256: str, data: bytes | None) -> None:
        self._request = request
        self._only = frozenset(request.only)
        self._last_wanted = max(request.only, default=None)
        self._file = file
        self._sha256 = sha256
        self.data = data
        self._format = "unknown"
        self._seen = 0
        self._held = 0
        self._drafts: list[Draft] = []
        self._refusals: list[tuple[int, Refused, str | None, bool]] = []

    @property
    def is_full(self) -> bool:
        return len(self._drafts) + len(self._refusals) >= PORTION_RECORDS or self._held >= PORTION_BYTES

    @property
    def is_complete(self) -> bool:
        """Whether nothing that follows is wanted. So a portion that is not the last is not of all that is wanted."""
        return self._last_wanted is not None and self._seen > self._last_wanted

    def has_changed(self) -> bool:
        """Whether what was collected may be of two moments; bytes that were read at once were found to be of one."""
        return self.data is None and self._file.has_changed()

    def add(self, found: Found) -> None:
        """Count a record, and keep it where it is wanted."""
        record, self._seen = self._seen, self._seen + 1
        if record == 0:
            self._format = found.format
        if record < self._request.skip or (self._only and record not in self._only):
            return
        made: Draft | Refused
        secret = False
        if isinstance(found.record, RawArticle):
            raw = found.record
            secret = raw.embargo is not None or raw.pubstatus == "withheld"
            source = Source(
                path=self._request.shown,
                record=record,
                member=found.member,
                format=found.format,
                bytes=self._file.version.size,
                sha256=self._sha256,
            )
            made = draft(raw, source, sketched=self._request.sketched)
            self._held += len(raw.body)
        else:
            made = found.record
        if isinstance(made, Draft):
            self._drafts.append(made)
        else:
            self._refusals.append((record, made, found.member, secret))
            self._held += len(made.original or b"")

    def portion(self, *, last: bool) -> Portion:
        """What was collected since the last portion."""
        drafts, self._drafts = self._drafts, []
        refusals, self._refusals = self._refusals, []
        self._held = 0
        return Portion(
            self._request.number,
            self._file.version,
            self._sha256,
            self._format,
            drafts,
            [self._refusal(*refusal, alone=last and self._seen == 1 and not self._only) for refusal in refusals],
            self._seen,
            last,
        )

    def _refusal(self, record: int, refused: Refused, member: str | None, secret: bool, *, alone: bool) -> Refusal:
        if secret:
            return Refusal(record, refused, b"", complete=False, member=member)
        if refused.original is not None:
            whole = 0 < len(refused.original) <= ORIGINAL_CAP
            return Refusal(record, refused, refused.original[:ORIGINAL_CAP], whole, member)
        if alone and member is None:
            # The one record that a file holds is the file.
            size = self._file.version.size
            shown = size if size <= ORIGINAL_CAP else GLANCE
            data = self.data if self.data is not None else self._file.beginning(shown)
            return Refusal(None, refused, data, len(data) == size)
        return Refusal(record, refused, b"", complete=False, member=member)
