"""The way to a letter's original bytes: the dead topic has the whole letter, Elasticsearch most of them."""

from types import TracebackType
from typing import NamedTuple, Self

import msgspec
from kafka import KafkaConsumer, TopicPartition

from newswire import dead_letter, kafka
from newswire.dead_letter import DeadLetter
from newswire.letters import filed
from newswire.letters.filed import FiledLetter
from newswire.settings import KafkaSettings
from newswire.topics import DEAD, DEAD_MESSAGE_CAP, Trail, read_headers

# How long one letter may take to come; an idle broker needs milliseconds.
PATIENCE = 10_000  # milliseconds


class Original(NamedTuple):
    """The bytes that failed; ``complete`` is False where they were cut or left out, or are nowhere any more."""

    data: bytes
    complete: bool
    trail: Trail


class DeadTopic:
    """Reads single letters from where they lie; a context manager, used by one thread. Raises KafkaError."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._consumer: KafkaConsumer = kafka.consumer(
            settings,
            "",
            group_id=None,
            auto_offset_reset="none",
            max_poll_records=1,
            max_partition_fetch_bytes=DEAD_MESSAGE_CAP,
            fetch_max_bytes=DEAD_MESSAGE_CAP,
            **kafka.AT_A_TERMINAL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close(autocommit=False)

    def original(self, letter: FiledLetter) -> Original:
        """What failed: from the topic, else as much as ``letter`` (whole, as Elasticsearch has it) carries itself.

        Its trail goes on where the letter's own was; without one it begins with the
        failure, as the time of the file is not known any more.
        """
        if letter.partition is not None and letter.offset is not None:
            found = self._read(letter, TopicPartition(DEAD.name, letter.partition), letter.offset)
            if found is not None:
                return found
        trail = Trail("", letter.first_at, letter.first_at, letter.attempts)
        return Original(letter.original, letter.bytes_complete, trail)

    def _read(self, letter: FiledLetter, partition: TopicPartition, offset: int) -> Original | None:
        """The message at ``offset``, if it is this very letter: a topic may have been made anew since."""
        if not self._holds(partition, offset):
            return None
        if self._consumer.assignment() != {partition}:
            self._consumer.assign([partition])
        self._consumer.seek(partition, offset)
        for message in self._consumer.poll(timeout_ms=PATIENCE).get(partition, ()):
            stored = _decoded(message.value)
            if message.offset == offset and stored is not None and filed.id_of(stored) == letter.id:
                _, trail = read_headers(message.headers, now=letter.first_at)
                return Original(stored.original, stored.bytes_complete, trail)
        return None

    def _holds(self, partition: TopicPartition, offset: int) -> bool:
        if partition.partition not in (self._consumer.partitions_for_topic(partition.topic) or ()):
            return False
        first = self._consumer.beginning_offsets([partition])[partition]
        end = self._consumer.end_offsets([partition])[partition]
        return bool(first <= offset < end)


def _decoded(value: bytes | None) -> DeadLetter | None:
    try:
        return dead_letter.decode(value or b"")
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None
