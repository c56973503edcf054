"""Many records for one of kafka-python's producers at once, for a third of the work of as many calls of ``send``.

The batches, their way and their retries are the library's own. What is left out is
what it does again for each record: looking for metadata, locks, a future. This
reaches into parts of the library that it does not promise; the version is pinned,
and ``tests/integration/test_kafka_many.py`` says when they change.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from kafka import KafkaProducer, TopicPartition
from kafka.errors import IllegalStateError, MessageSizeTooLargeError
from kafka.future import Future
from kafka.producer.future import FutureRecordMetadata
from kafka.producer.producer_batch import ProducerBatch
from kafka.record.memory_records import MemoryRecordsBuilder

from newswire.kafka_record import Record, fill
from newswire.partition import partition

# What a record takes beyond its key and its value: headers like ours, and far more than the rest really does.
OVERHEAD: Final = 512  # bytes
_UNKNOWN: Final = (None, None, -1, -1, -1)  # time, check sum and sizes of a record


class Together(NamedTuple):
    """Records that arrive or fail together, by their places among those that were handed over."""

    future: Any  # succeeds once the broker has every one of them
    numbers: Sequence[int]


def send_many(producer: KafkaProducer, topic: str, records: Sequence[Record]) -> list[Together]:
    """Hand ``records`` to ``producer``; those of one partition arrive in order.

    Raises what ``KafkaProducer.send`` does: MessageSizeTooLargeError where one can never be sent, KafkaTimeoutError
    where the broker does not say in time where to send to, IllegalStateError where the producer is closed; then some
    may arrive all the same.
    """
    most = producer.config["max_request_size"]
    if any(len(record.key) + len(record.value) + OVERHEAD > most for record in records):
        raise MessageSizeTooLargeError("One of the records is larger than a request may be.")
    count = len(producer.partitions_for(topic))
    numbers: dict[int, list[int]] = {}
    for number, record in enumerate(records):
        numbers.setdefault(partition(record.key, count), []).append(number)
    accumulator = producer._accumulator
    # Whoever closes the producer waits for what is being added, so that none of it is forgotten.
    accumulator._appends_in_progress.increment()
    try:
        together = []
        for number, those in numbers.items():
            batches = list(_batches(accumulator, TopicPartition(topic, number), records, those))
            _add(accumulator, batches)
            together += [Together(batch.whole, batch.numbers) for batch in batches]
    finally:
        accumulator._appends_in_progress.decrement()
    producer._sender.wakeup()
    return together


def _batches(
    accumulator: Any, place: TopicPartition, records: Sequence[Record], numbers: Sequence[int]
) -> Iterator["_Batch"]:
    config = accumulator.config
    now = int(time.time() * 1000)
    at = 0
    while at < len(numbers):
        empty = MemoryRecordsBuilder(config["message_version"], config["compression_attrs"], config["batch_size"])
        count = fill(empty, (records[number] for number in numbers[at:]), now)
        yield _Batch(place, empty, numbers[at : at + count])
        at += count


def _add(accumulator: Any, batches: Sequence["_Batch"]) -> None:
    place = batches[0].topic_partition
    with accumulator._tp_lock(place):
        if accumulator._closed:
            raise IllegalStateError("The producer is closed.")
        accumulator._batches[place].extend(batches)
        for batch in batches:
            accumulator._incomplete.add(batch)


class _Batch(ProducerBatch):  # type: ignore[misc]  # the library has no types
    """One of the library's, with one future for all of its records; nothing is added to it later."""

    def __init__(self, place: TopicPartition, records: MemoryRecordsBuilder, numbers: Sequence[int]) -> None:
        super().__init__(place, records)
        self.numbers = numbers
        self._parts: list[FutureRecordMetadata] = []
        self.whole = _Whole(self.produce_future)

    def try_append(self, *_: Any, **__: Any) -> None:
        """There is no room for records that are sent one by one."""

    @property
    def _record_futures(self) -> list[FutureRecordMetadata]:
        """A future for each record, which the library asks for where it divides a batch that is too large."""
        if not self._parts:
            self._parts = [FutureRecordMetadata(self.produce_future, at, *_UNKNOWN) for at in range(len(self.numbers))]
            self.whole.follow(self._parts)
        return self._parts

    @_record_futures.setter
    def _record_futures(self, futures: list[FutureRecordMetadata]) -> None:
        """They are made when they are asked for."""


class _Whole(Future):  # type: ignore[misc]
    """Done when every record of a batch is."""

    def __init__(self, batch: Any) -> None:
        super().__init__()
        self._left = 0
        batch.add_both(self._answered)

    def _answered(self, answer: Any) -> None:
        """The batch has its answer: offset, time, and what failed; only the library's thread comes here."""
        _, _, failure_of = answer
        if failure_of is None:
            self.success(None)
        else:
            self.failure(failure_of(0))

    def follow(self, futures: Sequence[Future]) -> None:
        """Be done when all of these are; the batch that was divided never has an answer of its own."""
        self._left = len(futures)
        for future in futures:
            future.add_callback(self._one_done)
            future.add_errback(self._one_failed)

    def _one_done(self, _: Any) -> None:
        self._left -= 1
        if self._left == 0 and not self.is_done:
            self.success(None)

    def _one_failed(self, error: Exception) -> None:
        if not self.is_done:
            self.failure(error)
