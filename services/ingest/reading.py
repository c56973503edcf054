"""Step 1 as a pure function: a path to what its bytes hold, in portions.

Done in a process of its own (``reader``), because the bytes are somebody else's:
what they make a library do must not stop, slow or swell the service. So all that
passes between the two is here: requests, and answers that are small structs.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import tzinfo
from zoneinfo import ZoneInfo

import msgspec

from newswire.article import Source
from newswire.dead_letter import ORIGINAL_CAP
from services.ingest.identify import Draft, draft
from services.ingest.read import Changing, Closed, FileVersion, Gone, OpenFile, Unfit, opened
from services.ingest.readers import read
from services.ingest.readers.format import Context, Found, Limits
from services.ingest.readers.record import RawArticle, Refused

# What the quick reader takes: nearly every article there is, and a list of a few hundred. The rest would keep others
# waiting, so the slow reader does it.
QUICK_BYTES = 1024 * 1024
# A portion is what is published, and written to the ledger, together.
PORTION_RECORDS = 500
PORTION_BYTES = 4 * 1024 * 1024

CHUNK = 1024 * 1024  # bytes hashed at a time, and between two signs of life


class Request(msgspec.Struct, frozen=True, array_like=True):
    """A file to be read; ``number`` comes back with each answer.

    ``shown`` is its path below the inbox, as messages carry it; ``zone`` an IANA
    name. The first ``skip`` records are done; where ``only`` is given no other
    record is wanted. ``quick`` asks for one portion or none.
    """

    number: int
    path: bytes
    shown: str
    zone: str
    quick: bool = True
    skip: int = 0
    only: tuple[int, ...] = ()


class Refusal(msgspec.Struct, frozen=True, array_like=True):
    """A record that was refused, or (``record`` None) a whole file; ``original`` as far as a letter can carry it."""

    record: int | None
    refused: Refused
    original: bytes
    complete: bool = True
    member: str | None = None


class Portion(msgspec.Struct, frozen=True, tag="portion", array_like=True):
    """Records of a file; ``done`` of them are behind it once these are; ``last`` where no more follow.

    ``version`` is the file's when it was opened, and still was when the last portion
    was read.
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
    """A file that changed while it was read, or (``version`` None) that is not there."""

    number: int
    version: FileVersion | None


class Slow(msgspec.Struct, frozen=True, tag="slow", array_like=True):
    """A file that the quick reader leaves to the slow one."""

    number: int


class Working(msgspec.Struct, frozen=True, tag="working", array_like=True):
    """A sign of life: the file is large."""

    number: int


Answer = Portion | Unread | Moving | Slow | Working


def look_into(request: Request, limits: Limits) -> Iterator[Answer]:
    """Read the file of ``request``; the last answer is a ``Portion`` that is ``last``, or one of the others.

    Raises nothing. What is embargoed or withheld is in no refusal.
    """
    found = opened(os.fsdecode(request.path))
    match found:
        case OpenFile():
            with found:
                try:
                    yield from _portions(request, found, limits)
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


def _portions(request: Request, file: OpenFile, limits: Limits) -> Iterator[Answer]:
    if file.version.size > QUICK_BYTES:
        if request.quick:
            yield Slow(request.number)
            return
        digest = hashlib.sha256()
        for chunk in file.chunks(CHUNK):
            digest.update(chunk)
            yield Working(request.number)
        file.rewind()
        yield from _read(request, file, None, digest.hexdigest(), limits)
        return
    data = file.whole()
    if data is None:
        yield Moving(request.number, file.version)
        return
    yield from _read(request, file, data, hashlib.sha256(data).hexdigest(), limits)


def _read(request: Request, file: OpenFile, data: bytes | None, sha256: str, limits: Limits) -> Iterator[Answer]:
    """The portions of a file whose hash is known; ``data`` is all of it where that is little."""
    name = os.path.basename(request.shown)
    context = Context(name, _zone(request.zone), limits)
    stream = file if data is None else io.BytesIO(data)
    collected = _Collected(request, file, sha256, data)
    for found in read(stream, context):
        collected.add(found)
        if collected.is_full:
            if request.quick:
                yield Slow(request.number)
                return
            yield collected.portion(last=False)
    if file.has_changed():
        yield Moving(request.number, file.version)
        return
    yield collected.portion(last=True)


class _Collected:
    """Records of one file until they are a portion."""

    def __init__(self, request: Request, file: OpenFile, sha256: str, data: bytes | None) -> None:
        self._request = request
        self._only = frozenset(request.only)
        self._file = file
        self._sha256 = sha256
        self._data = data
        self._format = "unknown"
        self._seen = 0
        self._held = 0
        self._drafts: list[Draft] = []
        self._refusals: list[tuple[int, Refused, str | None, bool]] = []

    @property
    def is_full(self) -> bool:
        return len(self._drafts) + len(self._refusals) >= PORTION_RECORDS or self._held >= PORTION_BYTES

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
            made = draft(raw, source)
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
            [self._refusal(*refusal) for refusal in refusals],
            self._seen,
            last,
        )

    def _refusal(self, record: int, refused: Refused, member: str | None, secret: bool) -> Refusal:
        if secret:
            return Refusal(record, refused, b"", complete=False, member=member)
        if refused.original is not None:
            whole = 0 < len(refused.original) <= ORIGINAL_CAP
            return Refusal(record, refused, refused.original[:ORIGINAL_CAP], whole, member)
        if record == 0 and self._seen == 1 and member is None:
            # The one record that a file holds is the file.
            data = self._data if self._data is not None else self._file.beginning(ORIGINAL_CAP)
            return Refusal(None, refused, data, len(data) == self._file.version.size)
        return Refusal(record, refused, b"", complete=False, member=member)


_zones: dict[str, tzinfo] = {}


def _zone(name: str) -> tzinfo:
    if name not in _zones:
        _zones[name] = ZoneInfo(name)
    return _zones[name]
