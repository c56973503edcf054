"""The loop: take what has arrived, have it read, and take what was read through the steps.

The readers work meanwhile: while one batch is published the next is read, and while
the broker is waited for the next is sent. Large files are processed a portion at a
time, between the batches of others, so that nobody waits behind them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from newswire.health import Health
from newswire.metrics import IngestMetrics
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.file import Part
from services.ingest.hearing import Hearing
from services.ingest.process import Begun, Steps
from services.ingest.readings import Readings
from services.ingest.settle import Settling
from services.ingest.unfinished import Unfinished

# How long the loop sleeps when nothing comes, so that it shows it is alive and looks at what settles.
IDLE = 0.5  # seconds


class _Batch(NamedTuple):
    """What was begun and is not finished."""

    steps: Begun
    records: int
    begun_at: float
    seen_at: float  # the first of its files


class Intake:
    """Has files from ``arrivals`` read and hands what was read to ``steps``; used by one thread."""

    def __init__(
        self,
        arrivals: Arrivals,
        settling: Settling,
        unfinished: Unfinished,
        *,
        hearing: Hearing,
        readings: Readings,
        steps: Steps,
        health: Health,
        metrics: IngestMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._arrivals = arrivals
        self._settling = settling
        self._unfinished = unfinished
        self._hearing = hearing
        self._readings = readings
        self._steps = steps
        self._health = health
        self._metrics = metrics
        self._clock = clock
        self._begun: _Batch | None = None

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
        room = self._hearing.room
        taken = self._arrivals.take(room, self._patience(timeout)) if room else []
        self._gauge(taken)
        for sighting in (*self._settling.due(self._clock()), *self._unfinished.due(self._clock()), *taken):
            self._readings.look(sighting)
        self._hearing.send()
        self._unfinished.look_after(self._readings)
        self._steps.move_again()
        return self._process()

    def doing(self, path: str) -> str | None:
        """What is done about the file at ``path`` at this moment, in a word; may be asked from any thread."""
        if path in self._readings:
            return "reading"
        if path in self._settling:
            return "settling"
        if self._unfinished.knows(path):
            return "embargoed"
        return self._arrivals.doing(path) or ("waiting" if self._readings.is_left(path, 0) else None)

    def _patience(self, timeout: float) -> float:
        if self._hearing.is_more_at_once:
            return 0.0
        if len(self._readings):
            # The readers say when they have something; what they are late with must not keep new files waiting.
            return timeout
        due = [one for one in (self._settling.next_due(), self._unfinished.next_due()) if one is not None]
        return max(0.0, min(timeout, min(due) - self._clock())) if due else timeout

    def _process(self) -> int:
        """Begin the next batch, if there is one, and finish the one before; returns files done."""
        done = 0
        if not self._hearing.is_batch_ready:
            # Nobody waits for it in vain.
            done += self.finish()
            self._hearing.listen()
        if self._begun and not all(part.last for part in self._begun.steps.parts):
            # What a reader says next of a file depends on what is done of it.
            done += self.finish()
        if parts := self._readings.batch():
            if self._begun and self._begun.steps.holds(parts):
                done += self.finish()
            begun = self._begin(parts)
            done += self.finish()
            self._begun = begun
        if not self._hearing.is_more_at_once:
            done += self.finish()
        return done

    def _begin(self, parts: Sequence[Part]) -> _Batch:
        records = sum(part.records for part in parts)
        self._metrics.articles_in.inc(records)
        self._metrics.bytes_in.inc(sum(part.file.version.size for part in parts if part.last))
        self._metrics.batch_articles.observe(records)
        self._metrics.rescan_found.inc(sum(part.last and part.file.sighting.available_at is None for part in parts))
        self._metrics.in_flight.inc(records)
        seen_at = min(part.file.sighting.seen_at for part in parts)
        return _Batch(self._steps.begin(parts), records, time.monotonic(), seen_at)

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
                self._readings.release(part.file.sighting.path)
        self._health.beat()
        return sum(part.last for part in parts)

    def _gauge(self, taken: Sequence[Sighting]) -> None:
        self._metrics.inbox_files["waiting"].set(len(self._arrivals) + len(self._readings))
        self._metrics.inbox_files["settling"].set(len(self._settling))
        self._metrics.inbox_files["embargoed"].set(len(self._unfinished))
        times = [one.seen_at for one in taken[:1]]
        if self._begun:
            times.append(self._begun.seen_at)
        times += [one for one in (self._readings.oldest(), self._arrivals.oldest(), self._settling.oldest()) if one]
        self._metrics.oldest_unfinished.set(min(times, default=0.0))
