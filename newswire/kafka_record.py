"""Records as a batch of Kafka's holds them (record format 2, KIP-98), written for many of one partition at once.

kafka-python's own way is a call for each number of a record, of which one of ours has sixteen, and takes twice as
long. ``tests/unit/test_kafka_record.py`` compares the bytes with the library's.
"""

import functools
from collections.abc import Iterable
from typing import Any, Protocol

from newswire.topics import Headers

# No attributes, and no time after the first record's: all of a batch have one.
_START = b"\0\0"


class Record(Protocol):
    """What is to be sent, whatever else it knows of itself."""

    @property
    def key(self) -> bytes:
        """What its partition follows from."""

    @property
    def value(self) -> bytes:
        """Its content."""

    @property
    def headers(self) -> Headers:
        """Its headers."""


def fill(batch: Any, records: Iterable[Record], now: int) -> int:
    """Write ``records`` into ``batch``, an empty MemoryRecordsBuilder, while there is room; returns how many it took.

    The first has room, whatever its size; ``now`` is the time of them all, Unix time in milliseconds.
    """
    builder = batch._builder
    buffer: bytearray = builder._buffer
    most: int = builder._batch_size
    count = 0
    for record in records:
        key, value = record.key, record.value
        before = b"".join((_START, varint(count), varint(len(key)), key, varint(len(value))))
        after = [varint(len(record.headers))]
        for name, content in record.headers:
            after += (_name(name), varint(len(content)), content)
        behind = b"".join(after)
        size = len(before) + len(value) + len(behind)
        length = varint(size)
        if count and len(buffer) + len(length) + size > most:
            break
        buffer += length
        buffer += before
        buffer += value
        buffer += behind
        count += 1
    builder._first_timestamp = builder._max_timestamp = now
    builder._num_records = batch._next_offset = count
    builder._last_offset = count - 1
    return count


@functools.lru_cache(maxsize=16_384)  # articles are of a few thousand sizes
def varint(number: int) -> bytes:
    """A number that is not negative as a signed one of variable length: seven bits a byte, the lowest first."""
    rest = number << 1
    found = bytearray()
    while rest > 0x7F:
        found.append(rest & 0x7F | 0x80)
        rest >>= 7
    found.append(rest)
    return bytes(found)


@functools.lru_cache(maxsize=64)
def _name(name: str) -> bytes:
    encoded = name.encode()
    return varint(len(encoded)) + encoded
