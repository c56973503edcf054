"""Records are written byte for byte as the library writes them, and as many of them as it would take."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder
from kafka.record.util import encode_varint

from newswire.kafka_record import fill, varint
from newswire.topics import Headers

NOW = 1_738_918_800_000
HEADERS = st.lists(st.tuples(st.text(max_size=80), st.binary(max_size=300)), max_size=7)


class Sent(NamedTuple):
    key: bytes
    value: bytes
    headers: Headers


@given(
    st.lists(st.builds(Sent, st.binary(max_size=80), st.binary(max_size=20_000), HEADERS), min_size=1, max_size=80),
    st.integers(1, 100_000),
    st.sampled_from([0, 1]),
)
def test_the_bytes_are_the_librarys(records: list[Sent], room: int, compression: int) -> None:
    ours, theirs = (MemoryRecordsBuilder(2, compression, room) for _ in range(2))
    count = fill(ours, records, NOW)
    taken = [record for record in records if theirs.append(NOW, *record) is not None][: count + 1]
    # What comes after one that had no room is not asked for by us; the library may have room for something smaller.
    assert taken[:count] == records[:count]
    if count < len(records):
        theirs = MemoryRecordsBuilder(2, compression, room)
        assert all(theirs.append(NOW, *record) for record in records[:count])
        assert theirs.append(NOW, *records[count]) is None
    for batch in (ours, theirs):
        batch.set_producer_state(7, 1, 40, False)
        batch.close()
    assert ours.next_offset() == theirs.next_offset() == count
    if compression == 0:  # gzip writes the time into its bytes
        assert bytes(ours.buffer()) == bytes(theirs.buffer())
    (read,) = [list(MemoryRecords(bytes(ours.buffer())).next_batch())]
    assert [Sent(one.key, one.value, one.headers) for one in read] == records[:count]
    assert {one.timestamp for one in read} == {NOW}


@pytest.mark.parametrize("number", [0, 1, 63, 64, 127, 128, 8191, 8192, 2**20 - 1, 2**20, 2**27, 2**31 - 1])
def test_numbers_of_every_length(number: int) -> None:
    theirs = bytearray()
    encode_varint(number, theirs.append)
    assert varint(number) == bytes(theirs)
