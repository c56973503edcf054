"""The index service's loop: poll, batch, write, commit what is finished.

One thread polls, counts offsets and commits; ``requests`` threads write. Order
is safety:

1. take records from Kafka and note their offsets;
2. write them until each is indexed, stale or dead;
3. send the letters of the dead and await their acknowledgement;
4. commit the offset after the last of an unbroken run of finished records.

Killed anywhere, the records come again and the versions make that harmless.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kafka import OffsetAndMetadata
from kafka.errors import KafkaError

from newswire.health import Health
from newswire.logging import get_logger
from newswire.metrics import IndexMetrics
from newswire.topics import ENRICHED
from services.index.bulk import Bulk, Settled
from services.index.item import Item, Record, Refusal, Unusable, action, bare_letter, letter_for, record
from services.index.letters import Letters
from services.index.offsets import Offsets
from services.index.outcome import Dead, Indexed, Stale
from services.index.refresh import Refresher
from services.index.settings import IndexSettings

log = get_logger()

# How long a poll may block when there is nothing to do; also the longest wait of a SIGTERM.
IDLE_POLL = 250  # milliseconds
# Results arrive through a queue while partitions are paused; this is how often the consumer's poll is fed meanwhile.
BUSY_WAIT = 0.02  # seconds
# Small, because it bounds how much a crash writes again; a commit costs about a millisecond.
COMMIT_INTERVAL = 0.5  # seconds


class WriterFailed(RuntimeError):
    """A writer met what it does not know; the service leaves with status 1 and starts over from the last commit."""


class Loop:
    """Moves records from ``consumer`` to Elasticsearch until ``stop`` is set; ``run`` blocks."""

    def __init__(
        self,
        settings: IndexSettings,
        *,
        grace: float,
        consumer: Any,
        bulk: Bulk,
        letters: Letters,
        refresher: Refresher,
        metrics: IndexMetrics,
        health: Health,
        stop: threading.Event,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._grace = grace
        self._consumer = consumer
        self._bulk = bulk
        self._letters = letters
        self._refresher = refresher
        self._metrics = metrics
        self._health = health
        self._stop = stop
        self._now = now
        self._offsets = Offsets()
        self._waiting: deque[Record] = deque()
        self._waiting_bytes = 0
        self._running = 0
        self._batches: queue.SimpleQueue[list[Record] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[list[Record]] = queue.SimpleQueue()
        self._failure: Exception | None = None
        self._paused = False
        self._last_commit = 0.0

    def run(self) -> None:
        """Poll, write, commit; after ``stop``, finish what is under way, commit and return."""
        writers = [
            threading.Thread(target=self._writer, name=f"bulk {number}", daemon=True)
            for number in range(self._settings.requests)
        ]
        for writer in writers:
            writer.start()
        try:
            while not self._stop.is_set():
                self._health.beat()
                self._take()
                self._forget_lost()
                self._dispatch()
                self._collect()
                self._commit()
            self._drain()
        finally:
            self._stop.set()  # ends the back-off of writers that are still at it
            for _ in writers:
                self._batches.put(None)
        self._forget_lost()
        self._commit(force=True)
        if self._failure is not None:
            raise WriterFailed(f"A writer failed ({self._failure!r}); nothing it had is committed.") from self._failure

    def _take(self) -> None:
        """Step 1. With enough read ahead, the partitions pause and the poll only keeps the membership."""
        full = self._waiting_bytes >= self._settings.buffer_bytes
        if full:
            self._consumer.pause(*self._consumer.assignment())
        elif self._paused:
            self._consumer.resume(*self._consumer.paused())
        self._paused = full
        busy = self._running >= self._settings.requests or full
        polled = self._consumer.poll(timeout_ms=0 if busy or self._waiting else IDLE_POLL)
        now = self._now()
        for partition, messages in polled.items():
            for message in messages:
                taken = record(message, partition, now=now)
                self._offsets.taken(partition, taken.offset, at=now.timestamp())
                self._waiting.append(taken)
                self._waiting_bytes += len(taken.value)
                if partition.topic == ENRICHED.name:
                    self._metrics.bytes_in.inc(len(taken.value))
                    self._metrics.articles_in.inc()
        self._metrics.in_flight.set(self._offsets.in_flight)
        self._metrics.oldest_unfinished.set(self._offsets.oldest)

    def _forget_lost(self) -> None:
        """What belongs to another member now is no longer ours to write or to commit.

        Decided by the assignment after the poll, not by the callback that says
        "revoked": a partition that a rebalance leaves with us is revoked and
        assigned in one breath, and keeps its fetch position. What was forgotten
        then would never be read again, and later commits would pass it.
        """
        lost = self._offsets.partitions - self._consumer.assignment()
        if lost:
            self._offsets.forget(lost)
            self._waiting = deque(r for r in self._waiting if r.partition not in lost)
            self._waiting_bytes = sum(len(r.value) for r in self._waiting)

    def _dispatch(self) -> None:
        """Give a batch to each idle writer: whatever waits, so a batch grows only while all are busy."""
        while self._waiting and self._running < self._settings.requests:
            batch: list[Record] = []
            size = 0
            while self._waiting and len(batch) < self._settings.batch_articles:
                size += len(self._waiting[0].value)
                if batch and size > self._settings.batch_bytes:
                    break
                batch.append(self._waiting.popleft())
                self._waiting_bytes -= len(batch[-1].value)
            self._running += 1
            self._batches.put(batch)

    def _writer(self) -> None:
        """Write batches until there are no more; a daemon: a request that hangs must not hold up the leaving."""
        while (batch := self._batches.get()) is not None:
            self._write(batch)

    def _write(self, batch: list[Record]) -> None:
        """Steps 2 and 3, on a writer's thread; what is finished goes back to the loop."""
        started = time.monotonic()
        finished: list[Record] = []
        try:
            finished = self._settle(batch)
        except Exception as error:
            # A mistake of ours: the batch stays unfinished, nothing is committed past it, and a restart brings it back.
            log.exception("writer failed", articles=len(batch))
            self._failure = error
            self._stop.set()
        finally:
            self._metrics.stage_seconds.observe(time.monotonic() - started)
            self._metrics.batch_articles.observe(len(batch))
            self._results.put(finished)

    def _settle(self, batch: list[Record]) -> list[Record]:
        now = self._now()
        actions = [action(taken, now=now) for taken in batch]
        items = [one for one in actions if isinstance(one, Item)]
        settled = self._bulk.write(items)
        dead = [Refusal(one.record, None, one.reason, one.message) for one in actions if isinstance(one, Unusable)]
        dead += [
            Refusal(item.record, item, outcome.reason, outcome.message)
            for item, outcome in settled
            if isinstance(outcome, Dead) and not item.is_letter
        ]
        self._store_bare([i for i, o in settled if isinstance(o, Dead) and i.is_letter])
        self._count(settled)
        if not self._letters.send([(letter_for(*one, now=now), one.record.trail) for one in dead]):
            return [item.record for item, outcome in settled if not isinstance(outcome, Dead)]
        for one in dead:
            self._metrics.out["dead"].inc()
            self._metrics.dead[one.reason].inc()
            log.warning("dead letter", reason=one.reason.value, key=one.record.key, cause=one.message)
        return [item.record for item, _ in settled] + [one.record for one in actions if isinstance(one, Unusable)]

    def _store_bare(self, refused: Sequence[Item]) -> None:
        """A letter that Elasticsearch refuses is stored with its metadata alone; the whole stays in the topic."""
        bare = [small for item in refused if (small := bare_letter(item, now=self._now()))]
        for item, outcome in self._bulk.write(bare):
            if isinstance(outcome, Dead):
                log.error("letter not indexed; it stays in the topic", key=item.record.key, cause=outcome.message)

    def _count(self, settled: Settled) -> None:
        indexed = [i for i, o in settled if isinstance(o, Indexed)]
        articles = [i for i in indexed if not i.is_letter]
        if settled:
            self._health.ok("elasticsearch")
        self._metrics.out["ok"].inc(len(articles))
        self._metrics.out["stale"].inc(sum(isinstance(o, Stale) for i, o in settled if not i.is_letter))
        self._metrics.bytes_out.inc(sum(len(i.lines) for i in articles))
        if articles:
            self._metrics.last_success.set_to_current_time()
        if indexed:
            self._refresher.written([i.record.trail.available_at for i in articles])

    def _collect(self) -> None:
        """Note what the writers finished; with all of them busy, wait a moment for one."""
        block = self._running >= self._settings.requests
        while True:
            try:
                finished = self._results.get(block=block, timeout=BUSY_WAIT if block else None)
            except queue.Empty:
                return
            block = False
            self._running -= 1
            for taken in finished:
                self._offsets.finished(taken.partition, taken.offset)

    def _commit(self, *, force: bool = False) -> None:
        """Step 4. A failed commit is tried again with the next; the records would only come twice."""
        due = time.monotonic() - self._last_commit >= COMMIT_INTERVAL
        offsets = self._offsets.committable() if due or force else {}
        if not offsets:
            return
        self._last_commit = time.monotonic()
        try:
            self._consumer.commit({p: OffsetAndMetadata(offset) for p, offset in offsets.items()}, timeout_ms=5000)
        except KafkaError as error:
            log.warning("commit failed", cause=str(error))
            self._health.failing("kafka", f"the last commit failed: {error}")
        else:
            self._offsets.committed(offsets)
            self._health.ok("kafka")

    def _drain(self) -> None:
        """Wait for the requests under way; their back-off ends with ``stop``, so this takes one request at most."""
        deadline = time.monotonic() + self._grace
        while self._running and time.monotonic() < deadline:
            self._collect()
            self._consumer.poll(timeout_ms=0)
