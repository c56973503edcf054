"""Step 1: from files that were seen to the parts that were read of them.

Each file goes to a reader once it is whole, as far as can be told from outside, and
stays in hand until its last part is through all the steps: what is seen of it
meanwhile has its turn after. The quick reader takes what comes; large files go on to
the slow one, a portion of theirs at a time.
"""

import itertools
import os
from collections.abc import Callable
from typing import NamedTuple, assert_never

import msgspec
from msgspec.structs import replace

from newswire.reasons import Reason
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.file import File, Part
from services.ingest.hearing import Hearing
from services.ingest.inbox import shown
from services.ingest.read import FileVersion, look
from services.ingest.reader import Lost, Word
from services.ingest.readers.record import Refused
from services.ingest.reading import QUICK_BYTES, Moving, Portion, Refusal, Request, Slow, Unread, is_last
from services.ingest.settle import Settling
from services.ingest.shelving import Shelving
from services.ingest.unfinished import Unfinished, is_still

# How soon a file that was changed while it was read is looked at again.
SOON = 0.5  # seconds

# Files up to a megabyte of which it is remembered that the slow reader is to read them, some 6 MB; of others the quick
# one says it once more.
MOST_LEFT = 100_000


class Limits(NamedTuple):
    """How much one batch holds."""

    files: int
    bytes: int


class _Asked(msgspec.Struct, frozen=True):
    """A file that is with a reader; ``file`` where something of it was read already, ``crashed`` if one died of it."""

    sighting: Sighting
    request: Request
    file: File | None
    crashed: bool = False


class Readings:
    """Files in hand, from `look` to `release`; used by one thread. ``zones`` has the time zone of each inbox's root."""

    def __init__(
        self,
        arrivals: Arrivals,
        settling: Settling,
        shelving: Shelving,
        unfinished: Unfinished,
        *,
        hearing: Hearing,
        limits: Limits,
        zones: dict[str, str],
        clock: Callable[[], float],
        sketched: bool = True,
    ) -> None:
        self._arrivals = arrivals
        self._settling = settling
        self._shelving = shelving
        self._unfinished = unfinished
        self._hearing = hearing
        self._limits = limits
        self._zones = zones
        self._clock = clock
        self._sketched = sketched
        self._numbers = itertools.count()
        self._asked: dict[int, _Asked] = {}
        # The files that are with a reader or in a batch.
        self._paths: set[str] = set()
        # Seen again meanwhile; their turn comes after.
        self._again: dict[str, Sighting] = {}
        # Hashes of paths that were left to the rescan because the slow reader is crowded. One that is that of another
        # path too costs it the quick reader.
        self._left: set[int] = set()

    def __len__(self) -> int:
        """How many files are with a reader."""
        return len(self._asked)

    def __contains__(self, path: object) -> bool:
        """Whether the file is in hand; may be asked from any thread."""
        return path in self._paths

    def oldest(self) -> float | None:
        """When the file was first seen that is with a reader for longest."""
        return next((one.sighting.seen_at for one in self._asked.values()), None)

    def is_left(self, path: str, size: int) -> bool:
        """Whether the rescan may pass by a file of ``size`` bytes as there are too many of its kind in hand.

        May be asked from any thread.
        """
        return self._hearing.is_crowded and (size > QUICK_BYTES or hash(path) in self._left)

    # --- asking ---------------------------------------------------------------------------------

    def look(self, sighting: Sighting) -> None:
        """Have the file read if it is whole, as far as can be told from outside."""
        if sighting.path in self._paths:
            self._again[sighting.path] = sighting
            return
        quick = not self._left or self._is_for_quick(sighting)
        if not quick and self._hearing.is_crowded:
            self._let_go(sighting.path)
            return
        now = self._clock()
        is_known = self._unfinished.knows(sighting.path)
        if sighting.available_at is None or is_known or self._shelving.is_leaving(sighting.path):
            limit = self._settling.limit(sighting, now)
            if limit is not None and not is_known and not self._shelving.may_have(sighting.path):
                self._ask(sighting, quick=quick, younger=limit)
                return
            version = look(sighting.path)
            if version is None:
                self._unfinished.abandon(sighting.path)
                self._let_go(sighting.path)
                return
            is_done = self._shelving.has(sighting.inbox, sighting.path, version)
            if is_done or self._unfinished.waits(sighting.path, version, now):
                self._let_go(sighting.path)
                return
            if sighting.available_at is None and (seconds := self._settling.wait_for(sighting, version, now)):
                self._wait(sighting, version, seconds)
                return
        self._ask(sighting, quick=quick)

    def release(self, path: str) -> None:
        """The file is through, or what lay there is no more."""
        self._paths.discard(path)
        self._let_go(path)

    def _ask(
        self,
        sighting: Sighting,
        *,
        quick: bool,
        fresh: bool = False,
        crashed: bool = False,
        younger: int | None = None,
    ) -> None:
        if not quick:
            self._left.discard(hash(sighting.path))
        file = None if fresh else self._unfinished.of(sighting.path)
        skip, only = self._unfinished.rest(file, self._clock()) if file else (0, ())
        relative = sighting.inbox.relative(sighting.path)
        request = Request(
            number=next(self._numbers),
            path=os.fsencode(sighting.path),
            shown=shown(relative),
            zone=self._zones[sighting.inbox.root],
            quick=quick,
            skip=skip,
            only=only,
            sketched=self._sketched,
            younger=younger,
        )
        self._asked[request.number] = _Asked(sighting, request, file, crashed)
        self._paths.add(sighting.path)
        self._hearing.ask(request)

    def _is_for_quick(self, sighting: Sighting) -> bool:
        """Whether the quick reader has not left the file to the slow one already, or it was written since."""
        return sighting.available_at is not None or hash(sighting.path) not in self._left

    def _ask_slowly(self, asked: _Asked, *, crashed: bool = False) -> None:
        """Have the slow reader read what the quick one leaves to it; a crowd is left to the rescan."""
        path = asked.sighting.path
        if not self._hearing.is_crowded:
            self._ask(asked.sighting, quick=False, crashed=crashed)
            return
        if len(self._left) >= MOST_LEFT:
            self._left.clear()
        self._left.add(hash(path))
        self._let_go(path)

    def _wait(self, sighting: Sighting, version: FileVersion, seconds: float) -> None:
        """Look again later; a crowd is left to the rescan."""
        if self._settling.is_full:
            self._let_go(sighting.path)
        else:
            self._settling.hold(sighting, version, seconds, self._clock())
            self._next_turn(sighting.path)

    def _let_go(self, path: str) -> None:
        self._settling.forget(path)
        self._arrivals.release([path])
        self._next_turn(path)

    def _next_turn(self, path: str) -> None:
        """Take up what was seen of the file while it was in hand."""
        if again := self._again.pop(path, None):
            self._arrivals.announce(again)

    # --- what was read --------------------------------------------------------------------------

    def batch(self) -> list[Part]:
        """What there is to process: what the quick reader has read, as far as the limits go, and one large portion.

        Each part is of another file.
        """
        parts = self._unfinished.released(self._paths)
        self._paths.update(part.file.sighting.path for part in parts)
        held = 0
        while len(parts) < self._limits.files and held < self._limits.bytes and (word := self._hearing.word()):
            if part := self._heard(word):
                parts.append(part)
                held += part.file.version.size
        while word := self._hearing.portion():
            if part := self._heard(word):
                parts.append(part)
                break
        return parts

    def _heard(self, word: Word) -> Part | None:
        """What an answer has for the steps, if anything."""
        asked = self._asked[word.number]
        if is_last(word):
            del self._asked[word.number]
            self._paths.discard(asked.sighting.path)
        part = self._part(asked, word)
        if part is not None:
            self._paths.add(asked.sighting.path)
        return part

    def _part(self, asked: _Asked, word: Word) -> Part | None:
        match word:
            case Portion():
                return self._portion(asked, word)
            case Unread(_, version, refusal, closed):
                part = self._whole(asked, version, refusal)
                # Whoever may open it to us yet changed its inode, at the earliest, when it came.
                return self._unless_young(asked, part, version._replace(mtime_ns=version.ctime_ns)) if closed else part
            case Moving(_, version):
                self._unfinished.abandon(asked.sighting.path)
                if version is None:
                    self._let_go(asked.sighting.path)
                else:
                    self._wait(asked.sighting, version, SOON)
                return None
            case Slow():
                self._ask_slowly(asked)
                return None
            case Lost(_, late):
                return self._lost(asked, late=late)
            case _:
                assert_never(word)

    def _portion(self, asked: _Asked, found: Portion) -> Part | None:
        file = asked.file
        if file is not None and file.sha256 != found.sha256:
            # Another content under the name: what was done of the old one does not count for it.
            self._unfinished.abandon(asked.sighting.path)
            if asked.request.skip or asked.request.only:
                if found.last:
                    self._ask(asked.sighting, quick=asked.request.quick, fresh=True)
                return None
            file = None
        if file is None:
            file = self._file(asked, found.version)
            file.sha256, file.format = found.sha256, found.format
            if not found.last:
                self._asked[found.number] = replace(asked, file=file)
        # A portion has those of the records that were asked for which it comes past.
        released = tuple(record for record in asked.request.only if found.last or record < found.done)
        part = Part(file, found.drafts, found.refusals, found.done, found.last, released=released)
        file.version = found.version
        if not found.last:
            return part
        if asked.file is None and _is_older(asked.sighting, found.version):
            asked = replace(asked, sighting=replace(asked.sighting, available_at=None))
            return self._unless_young(asked, part, found.version)
        return self._unless_young(asked, part, found.version) if part.is_cut else part

    def _whole(self, asked: _Asked, version: FileVersion, refusal: Refusal) -> Part:
        """The rest of a file, refused; all of it, where it is another than the one of which a part was done."""
        file = asked.file
        if file is not None and is_still(file, version):
            return Part(file, [], [refusal], file.done, released=asked.request.only)
        self._unfinished.abandon(asked.sighting.path)
        return Part(self._file(asked, version), [], [refusal], 0)

    def _lost(self, asked: _Asked, *, late: bool) -> Part | None:
        # One death may be chance: a machine short of memory kills the largest process.
        if asked.request.quick:
            self._ask_slowly(asked, crashed=not late)
            return None
        if not (late or asked.crashed):
            self._ask(asked.sighting, quick=False, crashed=True)
            return None
        version = look(asked.sighting.path)
        if version is None:
            self._unfinished.abandon(asked.sighting.path)
            self._let_go(asked.sighting.path)
            return None
        refused = _LATE if late else _CRASHED
        return self._whole(asked, version, Refusal(None, refused, b"", complete=False))

    def _file(self, asked: _Asked, version: FileVersion) -> File:
        relative = asked.sighting.inbox.relative(asked.sighting.path)
        return File(asked.sighting, version, relative, asked.request.shown)

    def _unless_young(self, asked: _Asked, part: Part, version: FileVersion) -> Part | None:
        """``part`` as it is, unless whoever writes the file may not have finished."""
        seconds = self._settling.wait_for(asked.sighting, version, self._clock())
        if not seconds:
            return part
        self._wait(asked.sighting, version, seconds)
        return None


def _is_older(sighting: Sighting, version: FileVersion) -> bool:
    """Whether the file was written on after the event that told of its close: whoever does may not have finished."""
    return sighting.available_at is not None and version.mtime_ns / 1e9 > sighting.available_at


_LATE = Refused(
    reason=Reason.READER_TIMEOUT,
    message="Its reader did not come to an end with it; simplify it, or raise NEWSWIRE_READER_TIMEOUT.",
)
_CRASHED = Refused(reason=Reason.BAD_FORMAT, message="Its reader crashed on it; please report it with the file.")
