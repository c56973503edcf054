"""The index service's loop: poll, batch, write, commit what is finished.

One thread, this one, polls, counts offsets and commits; others write (``writers``).
Order is safety:

1. take records from Kafka and note their offsets;
2. write them until each is indexed, stale or dead;
3. send the letters of the dead and await their acknowledgement;
4. commit the offset after the last of an unbroken run of finished records.

Killed anywhere, the records come again and the versions make that harmless.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from newswire.health import Health
from newswire.kafka import next_offset
from newswire.logging import get_logger
from newswire.metrics import IndexMetrics
from newswire.topics import ENRICHED
from services.index.backoff import pause
from services.index.batch import Waiting
from services.index.grace import FAREWELL, Grace
from services.index.item import record
from services.index.limit import Limit
from services.index.offsets import Offsets
from services.index.settings import IndexSettings
from services.index.writer import Writer
from services.index.writers import Writers

log = get_logger()

# How long a poll may block when there is nothing to do; also the longest wait of a SIGTERM.
IDLE_POLL = 0.25  # seconds
# Results arrive through a queue while all writers are busy; this is how often the consumer's poll is fed meanwhile.
BUSY_WAIT = 0.02  # seconds
# Small, because it bounds how much a crash writes again; a commit costs about a millisecond.
COMMIT_INTERVAL = 0.5  # seconds
# Longer is no use: the next commit has all of it, too. Kept short because a SIGTERM waits for it.
COMMIT_PATIENCE = 0.5  # seconds
# A request takes a tenth of this. Heartbeats stand still meanwhile, which a session of ten seconds does not notice.
HAND_OVER = 1.0  # seconds


class WriterFailed(RuntimeError):
    """A writer met what it does not know; the service leaves with status 1 and starts over from the last commit."""


class Loop:
    """Moves records from ``consumer`` to Elasticsearch until ``stop`` is set; ``run`` blocks."""

    def __init__(
        self,
        settings: IndexSettings,
        *,
        grace: Grace,
        consumer: Any,
        writer: Writer,
        metrics: IndexMetrics,
        health: Health,
        stop: threading.Event,
        now: Callable[[], datetime],
        uniform: Callable[[float, float], float],
    ) -> None:
        self._settings = settings
        self._grace = grace
        self._consumer = consumer
        self._writers = Writers(writer, settings.requests, on_failure=stop.set)
        self._metrics = metrics
        self._health = health
        self._stop = stop
        self._now = now
        self._uniform = uniform
        self._offsets = Offsets()
        self._waiting = Waiting(articles=settings.batch_articles, size=settings.batch_bytes, linger=settings.linger)
        self._unread: dict[TopicPartition, int] = {}
        self._backlog = 0
        self._limit = Limit(settings.requests)
        metrics.request_limit.set(self._limit.allowed)
        self._paused = False
        self._over = False
        self._last_commit = 0.0

    def run(self) -> None:
        """Poll, write, commit; after ``stop``, finish what is under way, commit and return."""
        self._writers.start()
        try:
            while not self._stop.is_set():
                self._health.beat()
                self._take()
                self._forget_lost()
                self._dispatch()
                self._collect(wait=BUSY_WAIT if self._busy else 0.0)
                self._commit()
            self._await_writers(self._grace.left(reserve=FAREWELL))
        finally:
            self._stop.set()  # ends the pauses of writers whose letters are not acknowledged
            self._writers.stop()
        self._forget_lost()
        self._commit(force=True)
        self._over = True
        if failure := self._writers.failure:
            raise WriterFailed(f"A writer failed ({failure!r}); nothing it had is committed.") from failure

    async def hand_over(self) -> None:
        """Commit what is finished before partitions may go to another member, which starts from there.

        Called on the consumer's own thread before it joins the group anew. The
        loop's thread waits in ``poll`` meanwhile, so what it owns can be used here.
        What is under way gets a moment to end, so that nobody has to write it again.
        """
        if self._over:
            return
        self._await_writers(HAND_OVER)
        offsets = self._offsets.committable()
        if not offsets:
            return
        try:
            await self._consumer.commit_async(_as_kafka_has_it(offsets))
        except KafkaError as error:
            log.warning("commit before a rebalance failed", cause=str(error))
        else:
            self._offsets.committed(offsets)

    @property
    def behind(self) -> bool:
        """Whether Kafka holds another whole batch for us; may be asked from any thread."""
        return self._backlog >= self._settings.batch_articles

    @property
    def _busy(self) -> bool:
        return self._writers.running >= self._limit.allowed

    @property
    def _holding(self) -> bool:
        """Whether Elasticsearch pushes back: until what it refused has gone through, nothing new is sent or read."""
        return self._limit.pushed_back and self._waiting.backing_off

    def _take(self) -> None:
        """Step 1. With enough read ahead, the partitions pause and the poll only keeps the membership."""
        full = self._holding or self._waiting.size >= self._settings.buffer_bytes
        if full:
            self._consumer.pause(*self._consumer.assignment())
        elif self._paused:
            self._consumer.resume(*self._consumer.paused())
        self._paused = full
        polled = self._consumer.poll(timeout_ms=self._patience() * 1000)
        now = self._now()
        for partition, messages in polled.items():
            self._unread[partition] = (self._consumer.highwater(partition) or 0) - next_offset(messages[-1].offset)
            for message in messages:
                taken = record(message, partition, now=now)
                self._offsets.taken(partition, taken.offset, at=now.timestamp())
                self._waiting.add(taken, now=time.monotonic())
                if partition.topic == ENRICHED.name:
                    self._metrics.bytes_in.inc(len(taken.value))
                    self._metrics.articles_in.inc()
        self._backlog = sum(self._unread.values())
        self._metrics.in_flight.set(self._offsets.in_flight)
        self._metrics.oldest_unfinished.set(self._offsets.oldest)

    def _patience(self) -> float:
        """How long a poll may block, seconds: until a message comes, or until something that waits may go."""
        if self._busy:
            return 0.0
        idle = self._waiting.idle(time.monotonic(), fresh=not self._holding)
        return IDLE_POLL if idle is None else min(IDLE_POLL, idle)

    def _forget_lost(self) -> None:
        """What belongs to another member now is no longer ours to write or to commit.

        Decided by the assignment after the poll, not by the callback that says
        "revoked": a partition that a rebalance leaves with us is revoked and
        assigned in one breath, and keeps its fetch position. What was forgotten
        then would never be read again, and later commits would pass it.
        """
        mine = self._consumer.assignment()
        lost = self._offsets.partitions - mine
        if lost:
            self._offsets.forget(lost)
            self._waiting.keep(mine)
            self._unread = {partition: unread for partition, unread in self._unread.items() if partition in mine}

    def _dispatch(self) -> None:
        """Give each idle writer what is due again, else whatever waits: a batch grows only while all are busy."""
        while not self._busy:
            batch = self._waiting.take(time.monotonic(), fresh=not self._holding)
            if batch is None:
                return
            batch.round = self._limit.round
            self._writers.give(batch)

    def _collect(self, *, wait: float) -> None:
        """Note what the writers did, after waiting at most ``wait`` seconds for the first to end."""
        for batch, written in self._writers.results(wait=wait):
            for taken in written.finished:
                self._offsets.finished(taken.partition, taken.offset)
            if written.pushed_back:
                self._limit.refused(batch.round)
            elif self._limit.accepted():
                self._waiting.hurry(time.monotonic())
            self._metrics.request_limit.set(self._limit.allowed)
            again = written.again.only(self._offsets.partitions) if written.again else None
            if again:
                self._waiting.add_again(again, due=time.monotonic() + pause(batch.attempt, self._uniform))

    def _await_writers(self, seconds: float) -> None:
        """Wait for the requests under way, ``seconds`` at most; nothing new is sent."""
        deadline = time.monotonic() + seconds
        while self._writers.running and time.monotonic() < deadline:
            self._collect(wait=BUSY_WAIT)

    def _commit(self, *, force: bool = False) -> None:
        """Step 4. A failed commit is tried again with the next; the records would only come twice."""
        due = time.monotonic() - self._last_commit >= COMMIT_INTERVAL
        offsets = self._offsets.committable() if due or force else {}
        if not offsets:
            return
        self._last_commit = time.monotonic()
        patience = self._grace.left() if force else COMMIT_PATIENCE
        try:
            self._consumer.commit(_as_kafka_has_it(offsets), timeout_ms=patience * 1000)
        except KafkaError as error:
            log.warning("commit failed", cause=str(error))
            self._health.failing("kafka", f"the last commit failed: {error}")
        else:
            self._offsets.committed(offsets)
            self._health.ok("kafka")


def _as_kafka_has_it(offsets: dict[TopicPartition, int]) -> dict[TopicPartition, OffsetAndMetadata]:
    return {p: OffsetAndMetadata(offset) for p, offset in offsets.items()}
