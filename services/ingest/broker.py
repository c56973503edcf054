"""Steps 3 and 4 on a real broker: an idempotent producer, bounded in flight, patient, replaced when it breaks."""

import gc
import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError, RecordListTooLargeError

from newswire.health import Health
from newswire.kafka_many import Together
from newswire.kafka_record import Record
from newswire.logging import get_logger
from newswire.metrics import IngestMetrics
from newswire.reasons import RetryReason
from newswire.topics import DEAD, RAW, Headers
from services.ingest.patience import Patience, Stopped
from services.ingest.publish import Message, Sending

NEED = "kafka"  # what readiness calls the broker

# Beyond what newswire.kafka sets. Topics are declared by `newswire setup`, never on the fly. A batch holds about 75
# articles and waits a moment for them, so that a crowd of files costs few requests. The rest keeps each wait shorter
# than a clean stop.
PRODUCER: dict[str, Any] = {
    "allow_auto_create_topics": False,
    "batch_size": 256 * 1024,
    "linger_ms": 5,
    "max_block_ms": 3_000,
    "request_timeout_ms": 10_000,
    "delivery_timeout_ms": 30_000,
    # A broker that is back is used within two seconds; the library's own half minute is meant for a thousand clients.
    "reconnect_backoff_max_ms": 2_000,
}

# An idle broker answers in a few milliseconds, one that elects a leader in a second or two.
SLOW = 5.0  # seconds without an acknowledgement before readiness turns red

# The client answers for each message within its delivery timeout, and five seconds for its thread to come round. It
# breaks that word at times when a broker dies with a request on its way and comes back: then it never answers.
OVERDUE = PRODUCER["delivery_timeout_ms"] / 1000 + 5.0  # seconds

# A clean stop has ten seconds: these for acknowledgements, the rest for the ledger and the moves.
GRACE = 5.0  # seconds

log = get_logger()


class Producer(Protocol):
    """The part of kafka-python's producer that is used here."""

    def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Any:
        """A future; raises KafkaError where the message cannot even be queued."""

    def send_many(self, topic: str, records: Sequence[Record]) -> Sequence[Together]:
        """Futures, each of some of the records; raises KafkaError where they cannot even be queued."""

    def partitions_for(self, topic: str) -> Any:
        """The partitions of a topic; raises KafkaError where the broker does not tell in time."""

    def close(self, timeout: float | None = None) -> None:
        """Stop its thread."""


class Limits(NamedTuple):
    """How much may be unacknowledged at once."""

    messages: int
    bytes: int


class _Flight(NamedTuple):
    """Messages handed to ``producer`` at ``since``, by their numbers; what an earlier one had is answered by nobody."""

    numbers: Sequence[int]
    future: Any
    producer: Producer
    since: float


class KafkaPublisher:
    """Publishes through an idempotent producer that ``connect`` makes; a broken one is replaced."""

    def __init__(
        self,
        connect: Callable[[], Producer],
        limits: Limits,
        *,
        stop: threading.Event,
        health: Health,
        metrics: IngestMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._stop = stop
        self._health = health
        self._metrics = metrics
        self._clock = clock
        self._producer: Producer | None = None
        # What is in flight.
        self._count = 0
        self._held = 0
        self._stopping_since: float | None = None

    def send(self, messages: Sequence[Message], most: int | None = None) -> Sending:
        """See Publisher."""
        sending = Sending(messages, most)
        # A broker that is not there is for `settle` to wait for.
        with suppress(KafkaError):
            self._hand_over(sending)
        return sending

    def settle(self, sending: Sending) -> list[str | None]:
        """See Publisher."""
        self._take_back(sending)
        patience = Patience(self._stop)
        while True:
            failed, cause = self._round(sending)
            if not failed:
                break
            self._metrics.retries[RetryReason.BROKER].inc(len(failed))
            self._health.failing(NEED, cause)
            log.warning("broker did not acknowledge", messages=len(failed), cause=cause)
            self.close()
            _pause(patience)
            sending.unsent.extend(failed)
        self._health.ok(NEED)
        return sending.answers

    def connect(self) -> None:
        """Reach the broker and both topics once, so that readiness is told, and no file waits for it.

        Blocks as ``settle`` does; raises Stopped.
        """
        patience = Patience(self._stop)
        while True:
            try:
                for topic in (RAW, DEAD):
                    self._connected().partitions_for(topic.name)
            except KafkaError as error:
                self._health.failing(NEED, _cause(error))
                _pause(patience)
            else:
                self._health.ok(NEED)
                return

    def close(self) -> None:
        """Let go of the producer without waiting for what it still holds: it is sent again or was given up."""
        if self._producer is not None:
            self._producer.close(timeout=0)
            self._producer = None

    def _take_back(self, sending: Sending) -> None:
        """What went through a producer that was given up since, and has not arrived, is unsent.

        The producer of now is not to blame for it, and has messages of the next batch in flight.
        """
        lost: list[int] = []
        left: deque[_Flight] = deque()
        for flight in sending.in_flight:
            if flight.producer is self._producer or flight.future.succeeded():
                left.append(flight)
            else:
                lost.extend(flight.numbers)
        sending.in_flight = left
        lost.sort()
        self._landed(sending, lost)
        sending.unsent.extendleft(reversed(lost))
        self._metrics.retries[RetryReason.BROKER].inc(len(lost))

    def _landed(self, sending: Sending, numbers: Sequence[int]) -> None:
        self._count -= len(numbers)
        self._held -= sum(len(sending.messages[number].value) for number in numbers)

    def _round(self, sending: Sending) -> tuple[list[int], str]:
        """Send what is unsent, await all of it; returns what failed, in order, with the cause."""
        failed: list[int] = []
        cause = ""
        while sending.unsent or sending.in_flight:
            if sending.unsent:
                try:
                    self._hand_over(sending)
                except KafkaError as error:
                    # Nothing to send to: each further message would block as long as this one did.
                    failed.extend(sending.unsent)
                    sending.unsent.clear()
                    cause = _cause(error)
            if sending.in_flight:
                cause = self._settle(sending, failed) or cause
        return sorted(failed), cause

    def _hand_over(self, sending: Sending) -> None:
        """Give the client what is unsent, as far as the limits go, and one at least; raises KafkaError."""
        while sending.unsent and (not sending.in_flight or not self._is_full()):
            producer = self._connected()
            numbers = self._fitting(sending)
            try:
                together = _handed_over(producer, [sending.messages[number] for number in numbers])
            except MessageSizeTooLargeError as error:
                if len(numbers) == 1:
                    sending.answers[sending.unsent.popleft()] = _cause(error)
                sending.one_by_one = True
                continue
            now = self._clock()
            for future, places in together:
                sending.in_flight.append(_Flight([numbers[place] for place in places], future, producer, now))
            for number in numbers:
                sending.unsent.popleft()
                self._count += 1
                self._held += len(sending.messages[number].value)

    def _fitting(self, sending: Sending) -> list[int]:
        """Of what is unsent, one message, or as many for the same topic as there is room for."""
        first = sending.unsent[0]
        if sending.one_by_one:
            return [first]
        fitting = [first]
        count, held = self._count + 1, self._held + len(sending.messages[first].value)
        for number in itertools.islice(sending.unsent, 1, None):
            message = sending.messages[number]
            if count >= self._limits.messages or held >= self._limits.bytes:
                break
            if message.topic != sending.messages[first].topic:
                break
            fitting.append(number)
            count, held = count + 1, held + len(message.value)
        return fitting

    def _is_full(self) -> bool:
        return self._count >= self._limits.messages or self._held >= self._limits.bytes

    def _settle(self, sending: Sending, failed: list[int]) -> str:
        """Await the oldest acknowledgement; returns the cause where something has to be sent again."""
        flight = sending.in_flight[0]
        future = flight.future
        if not future.is_done:
            self._await(flight)
        sending.in_flight.popleft()
        self._landed(sending, flight.numbers)
        if future.succeeded():
            return ""
        if isinstance(future.exception, MessageSizeTooLargeError | RecordListTooLargeError):
            sending.one_by_one = True
            if len(flight.numbers) > 1:  # which of them is too large is not known yet
                sending.unsent.extendleft(reversed(flight.numbers))
            else:
                sending.answers[flight.numbers[0]] = _cause(future.exception)
            return ""
        failed.extend(flight.numbers)
        if future.is_done:
            return _cause(future.exception)
        # Nor will it answer for what it is given now.
        failed.extend(sending.unsent)
        sending.unsent.clear()
        return "Kafka: the client does not answer."

    def _await(self, flight: _Flight) -> None:
        """Wait until ``flight`` has ended, however it does, or is overdue; raises Stopped when it is time to leave."""
        since = now = self._clock()
        acknowledged = threading.Event()
        flight.future.add_both(lambda _: acknowledged.set())
        while now - flight.since <= OVERDUE and not acknowledged.wait(0.2):
            now = self._clock()
            self._health.beat()
            if now - since > SLOW:
                self._health.failing(NEED, f"Kafka has not acknowledged an article for {now - since:.0f} seconds.")
            if self._stop.is_set():
                self._stopping_since = self._stopping_since or now
                if now - self._stopping_since > GRACE:
                    raise Stopped

    def _connected(self) -> Producer:
        """The producer. The first contact may take 15 seconds: it is made in a thread that a stop leaves behind."""
        if self._producer is None:
            made: queue.SimpleQueue[Producer | Exception] = queue.SimpleQueue()
            threading.Thread(target=self._make, args=(made,), name="connect", daemon=True).start()
            while self._producer is None:
                self._health.beat()
                try:
                    found = made.get(timeout=0.2)
                except queue.Empty:
                    if self._stop.is_set():
                        raise Stopped from None
                    continue
                if isinstance(found, Exception):
                    raise found
                self._producer = found
        return self._producer

    def _make(self, made: "queue.SimpleQueue[Producer | Exception]") -> None:
        try:
            producer = self._connect()
        except Exception as error:  # whoever waits must learn of it, and not wait for ever
            made.put(error)
            return
        if self._stop.is_set():
            producer.close(timeout=0)
        made.put(producer)


def _handed_over(producer: Producer, messages: Sequence[Message]) -> Sequence[tuple[Any, Sequence[int]]]:
    """Futures with the places of the messages that each is for, all for one topic; raises KafkaError."""
    if len(messages) > 1:
        return producer.send_many(messages[0].topic, messages)
    (message,) = messages
    return [(producer.send(message.topic, message.value, message.key, message.headers), (0,))]


def _pause(patience: Patience) -> None:
    """Wait for a broker that is away; raises Stopped.

    A client that was given up holds its sockets until cyclic garbage is collected, which nobody does meanwhile
    (`garbage`).
    """
    gc.collect()
    patience.pause()


def _cause(error: BaseException) -> str:
    if isinstance(error, KafkaTimeoutError) and "metadata" in str(error):
        return "Kafka does not say where to write: it is not there, or `newswire setup` has not declared the topics."
    text = str(error).removeprefix(f"{type(error).__name__}: ")[:200]
    return f"Kafka: {type(error).__name__}: {text}"
