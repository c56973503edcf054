"""The loop: take what has arrived, wait for what is not whole, have the rest read, and process what was read.

The readers work meanwhile: while one batch is published the next is read, and while
the broker is waited for the next is sent. Large files are read by the slow reader and
processed a portion at a time, between the batches of others, so that nobody waits
behind them.
"""

import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, assert_never

from newswire.health import Health
from newswire.metrics import IngestMetrics
from newswire.reasons import Reason
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.file import File, Part
from services.ingest.inbox import shown
from services.ingest.process import Begun, Steps
from services.ingest.read import FileVersion, look
from services.ingest.reader import Lost, Reader, Word
from services.ingest.readers.record import Refused
from services.ingest.reading import Moving, Portion, Refusal, Request, Slow, Unread, is_last
from services.ingest.settle import Settling
from services.ingest.unfinished import Unfinished, is_still

# How long the loop sleeps when nothing comes, so that it shows it is alive and looks at what settles.
IDLE = 0.5  # seconds

# A batch costs the disk and the broker the same whatever it holds: it waits this long for more of what is being read.
LINGER = 0.05  # seconds


class Limits(NamedTuple):
    """How much one batch holds."""

    files: int
    bytes: int


class _Asked(NamedTuple):
    """A file that is with a reader; ``file`` where something of it was read already, ``crashed`` if one died of it."""

    sighting: Sighting
    request: Request
    file: File | None
    crashed: bool = False


class _Batch(NamedTuple):
    """What was begun and is not finished."""

    steps: Begun
    records: int
    begun_at: float


class Intake:
    """Takes files from ``arrivals`` through step 1 and hands what was read to ``steps``; used by one thread."""

    def __init__(
        self,
        arrivals: Arrivals,
        settling: Settling,
        steps: Steps,
        unfinished: Unfinished,
        *,
        quick: Reader,
        slow: Reader,
        limits: Limits,
        zones: dict[str, str],
        health: Health,
        metrics: IngestMetrics,
        clock: Callable[[], float],
        sketched: bool = True,
    ) -> None:
        self._arrivals = arrivals
        self._settling = settling
        self._quick = quick
        self._slow = slow
        self._steps = steps
        self._unfinished = unfinished
        self._limits = limits
        self._zones = zones
        self._health = health
        self._metrics = metrics
        self._clock = clock
        self._sketched = sketched
        self._numbers = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._wanted: list[Request] = []  # of the quick reader, told all at once
        # The files that are with a reader or in a batch.
        self._paths: set[str] = set()
        # Seen again meanwhile; their turn comes after.
        self._again: dict[str, Sighting] = {}
        self._begun: _Batch | None = None
        self._words: deque[Word] = deque()
        self._portions: deque[Word] = deque()

    def run(self, stop: threading.Event, after: Callable[[int], None] = lambda _files: None) -> None:
        """Work until ``stop``; the batch in hand is finished first. Raises Stopped where it cannot be.

        ``after`` is told after each turn how many files were done in it.
        """
        while not stop.is_set():
            after(self.turn(IDLE))
        self.finish()

    def turn(self, timeout: float) -> int:
        """One round: at once where there is a file, after ``timeout`` seconds at most otherwise; returns files done."""
        self._health.beat()
        room = max(0, 2 * self._limits.files - self._quick.pending)
        taken = self._arrivals.take(room, self._patience(timeout)) if room else []
        self._gauge(taken)
        for sighting in (*self._settling.due(self._clock()), *self._unfinished.due(self._clock()), *taken):
            self._look(sighting)
        if self._wanted:
            wanted, self._wanted = self._wanted, []
            self._quick.submit(wanted)
        self._steps.move_again()
        return self._process()

    def doing(self, path: str) -> str | None:
        """What is done about the file at ``path`` at this moment, in a word; may be asked from any thread."""
        if path in self._paths:
            return "reading"
        if path in self._settling:
            return "settling"
        return "embargoed" if self._unfinished.knows(path) else self._arrivals.doing(path)

    def _patience(self, timeout: float) -> float:
        if self._asked or self._words or self._portions:
            # The readers say when they have something; what they are late with must not keep new files waiting.
            return 0.0 if self._wanted or self._words or self._portions or self._quick.pending else timeout
        due = [one for one in (self._settling.next_due(), self._unfinished.next_due()) if one is not None]
        return max(0.0, min(timeout, min(due) - self._clock())) if due else timeout

    # --- asking ---------------------------------------------------------------------------------

    def _look(self, sighting: Sighting) -> None:
        """Have the file read if it is whole, as far as can be told from outside."""
        if sighting.path in self._paths:
            self._again[sighting.path] = sighting
            return
        now = self._clock()
        is_known = self._unfinished.knows(sighting.path)
        if sighting.available_at is None or is_known:
            limit = self._settling.limit(sighting, now)
            if limit is not None and not is_known and not self._steps.may_be_done(sighting.path):
                self._ask(sighting, quick=True, younger=limit)
                return
            version = look(sighting.path)
            if version is None:
                self._unfinished.abandon(sighting.path)
                self._release(sighting.path)
                return
            if self._steps.is_done(sighting, version) or self._unfinished.waits(sighting.path, version, now):
                self._release(sighting.path)
                return
            if sighting.available_at is None and (seconds := self._settling.wait_for(sighting, version, now)):
                self._wait(sighting, version, seconds)
                return
        self._ask(sighting, quick=True)

    def _ask(
        self,
        sighting: Sighting,
        *,
        quick: bool,
        fresh: bool = False,
        crashed: bool = False,
        younger: int | None = None,
    ) -> None:
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
        if quick:
            self._wanted.append(request)
        else:
            self._slow.submit([request])

    def _wait(self, sighting: Sighting, version: FileVersion, seconds: float) -> None:
        """Look again later; a crowd is left to the rescan."""
        if self._settling.is_full:
            self._release(sighting.path)
        else:
            self._settling.hold(sighting, version, seconds, self._clock())
            self._next_turn(sighting.path)

    def _release(self, path: str) -> None:
        self._settling.forget(path)
        self._arrivals.release([path])
        self._next_turn(path)

    def _next_turn(self, path: str) -> None:
        """Take up what was seen of the file while it was with a reader."""
        if again := self._again.pop(path, None):
            self._arrivals.announce(again)

    # --- what was read --------------------------------------------------------------------------

    def _batch(self) -> list[Part]:
        """What there is to process: what the quick reader has read, as far as the limits go, and one large portion."""
        parts = self._unfinished.released(self._paths)
        self._paths.update(part.file.sighting.path for part in parts)
        held = 0
        while self._words and len(parts) < self._limits.files and held < self._limits.bytes:
            if part := self._heard(self._words.popleft()):
                parts.append(part)
                held += part.file.version.size
        if not self._portions and self._slow.pending:
            self._portions.extend(self._slow.take(0))
        while self._portions:
            if part := self._heard(self._portions.popleft()):
                parts.append(part)
                break
        return parts

    def _listen(self) -> None:
        """Wait for the quick reader, if it has work: until that is done, there is a batch, or it takes too long."""
        if self._quick.pending and not self._words:
            self._words.extend(self._quick.take(IDLE))
        deadline = time.monotonic() + LINGER
        while self._quick.pending and not self._is_full():
            if (left := deadline - time.monotonic()) <= 0:
                return
            self._words.extend(self._quick.take(left))

    def _is_full(self) -> bool:
        return len(self._words) >= self._limits.files

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
                    self._release(asked.sighting.path)
                else:
                    self._wait(asked.sighting, version, IDLE)
                return None
            case Slow():
                self._ask(asked.sighting, quick=False)
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
                self._asked[found.number] = asked._replace(file=file)
        # A portion has those of the records that were asked for which it comes past.
        released = tuple(record for record in asked.request.only if found.last or record < found.done)
        part = Part(file, found.drafts, found.refusals, found.done, found.last, released=released)
        file.version = found.version
        if not found.last:
            return part
        if asked.file is None and _is_older(asked.sighting, found.version):
            asked = asked._replace(sighting=asked.sighting._replace(available_at=None))
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
        if asked.request.quick or not (late or asked.crashed):
            self._ask(asked.sighting, quick=False, crashed=not late)
            return None
        version = look(asked.sighting.path)
        if version is None:
            self._release(asked.sighting.path)
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

    # --- the steps ------------------------------------------------------------------------------

    def _process(self) -> int:
        """Begin the next batch, if there is one, and finish the one before; returns files done."""
        done = 0
        if self._quick.pending and not self._is_full():
            self._words.extend(self._quick.take(0))
        if not self._is_full():
            # The next batch is not there yet, and nobody waits for it in vain.
            done += self.finish()
            self._listen()
        if parts := self._batch():
            if self._begun and self._begun.steps.holds(parts):
                done += self.finish()
            begun = self._begin(parts)
            done += self.finish()
            self._begun = begun
        if not (self._words or self._quick.pending or self._portions):
            done += self.finish()
        return done

    def _begin(self, parts: Sequence[Part]) -> _Batch:
        records = sum(part.records for part in parts)
        self._metrics.articles_in.inc(records)
        self._metrics.bytes_in.inc(sum(part.file.version.size for part in parts if part.last))
        self._metrics.batch_articles.observe(records)
        self._metrics.rescan_found.inc(sum(part.last and part.file.sighting.available_at is None for part in parts))
        self._metrics.in_flight.inc(records)
        return _Batch(self._steps.begin(parts), records, time.monotonic())

    def finish(self) -> int:
        """Finish what was begun, if anything; returns files done."""
        batch, self._begun = self._begun, None
        if batch is None:
            return 0
        parts = batch.steps.parts
        self._steps.finish(batch.steps)
        self._metrics.stage_seconds.observe(time.monotonic() - batch.begun_at)
        self._metrics.in_flight.dec(batch.records)
        for part in parts:
            if part.last:
                self._paths.discard(part.file.sighting.path)
                self._release(part.file.sighting.path)
        self._health.beat()
        return sum(part.last for part in parts)

    def _gauge(self, taken: Sequence[Sighting]) -> None:
        self._metrics.inbox_files["waiting"].set(len(self._arrivals) + len(self._asked))
        self._metrics.inbox_files["settling"].set(len(self._settling))
        self._metrics.inbox_files["embargoed"].set(len(self._unfinished))
        times = [one.seen_at for one in taken[:1]]
        times += [one.sighting.seen_at for one in itertools.islice(self._asked.values(), 1)]
        times += [one for one in (self._arrivals.oldest(), self._settling.oldest()) if one]
        self._metrics.oldest_unfinished.set(min(times, default=0.0))


def _is_older(sighting: Sighting, version: FileVersion) -> bool:
    """Whether the file was written on after the event that told of its close: whoever does may not have finished."""
    return sighting.available_at is not None and version.mtime_ns / 1e9 > sighting.available_at


_LATE = Refused(
    reason=Reason.READER_TIMEOUT,
    message="Its reader did not come to an end with it; simplify it, or raise NEWSWIRE_READER_TIMEOUT.",
)
_CRASHED = Refused(reason=Reason.BAD_FORMAT, message="Its reader crashed on it; please report it with the file.")
