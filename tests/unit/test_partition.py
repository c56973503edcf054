"""A key is in the partition in which every other Kafka client looks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner import DefaultPartitioner
from kafka.partitioner.default import murmur2 as reference

from newswire.partition import ByKey, murmur2


class Cluster:
    """What a partitioner is told of one topic."""

    def topics(self) -> set[str]:
        return {"topic"}

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return set(range(12))

    available_partitions_for_topic = partitions_for_topic


@given(st.binary(max_size=70))
def test_the_hash_is_that_of_the_library(data: bytes) -> None:
    assert murmur2(data) == reference(data)


# From the tests of Kafka's Java client (UtilsTest).
@pytest.mark.parametrize(("data", "expected"), [(b"21", -973932308), (b"foobar", -790332482), (b"abc", 479470107)])
def test_the_hash_is_that_of_java_s_client(data: bytes, expected: int) -> None:
    assert murmur2(data) == expected % 2**32


@given(st.binary(max_size=40))
def test_the_partition_is_that_of_the_library(key: bytes) -> None:
    arguments = ("topic", key, key, b"", b"", Cluster())
    assert ByKey().partition(*arguments) == DefaultPartitioner().partition(*arguments)


def test_a_message_without_a_key_goes_where_the_library_sends_it() -> None:
    assert ByKey().partition("topic", None, None, b"", b"", Cluster()) in range(12)
