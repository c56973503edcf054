"""Many records handed to a real producer at once: what arrives, what does not, and who is told."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import IllegalStateError, KafkaError, MessageSizeTooLargeError
from kafka.partitioner import DefaultPartitioner

from newswire import kafka
from newswire.kafka_many import Together
from newswire.settings import KafkaSettings, load
from newswire.topics import Headers
from tests.integration.conftest import Until

PARTITIONS = 3
BATCH = 16 * 1024  # bytes
SMALL = 2 * 1024  # bytes a message may have in the topic of that name


class Record(NamedTuple):
    key: bytes
    value: bytes
    headers: Headers


MakeTopic = Callable[[Mapping[str, str]], str]


@pytest.fixture(scope="module")
def settings(environ: Mapping[str, str]) -> KafkaSettings:
    return load(KafkaSettings, environ)


@pytest.fixture(scope="module")
def topic(settings: KafkaSettings) -> MakeTopic:
    numbers = itertools.count()

    def make(config: Mapping[str, str]) -> str:
        name = f"many-{next(numbers)}"
        with closing(KafkaAdminClient(**kafka.connection(settings))) as admin:
            admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=dict(config))])
        return name

    return make


@pytest.fixture
def producer(settings: KafkaSettings) -> Iterator[Any]:
    with kafka.producer(settings, batch_size=BATCH, linger_ms=5, max_request_size=1024 * 1024) as made:
        yield made


def records(count: int, size: int = 100) -> list[Record]:
    """Of growing sizes around ``size``, a few of them larger than a batch where that is large."""
    return [
        Record(f"key {number}".encode(), f"{number:06d}".encode() * (1 + number % (size // 3)), [("n", b"%d" % number)])
        for number in range(count)
    ]


def stored(settings: KafkaSettings, name: str) -> dict[int, list[Record]]:
    """What the topic has, by partition, in order."""
    places = [TopicPartition(name, number) for number in range(PARTITIONS)]
    found: dict[int, list[Record]] = {number: [] for number in range(PARTITIONS)}
    with closing(KafkaConsumer(**kafka.connection(settings), auto_offset_reset="earliest")) as consumer:
        consumer.assign(places)
        ends = consumer.end_offsets(places)
        while any(consumer.position(place) < ends[place] for place in places):
            for place, some in consumer.poll(1000).items():
                found[place.partition] += [Record(one.key, one.value, list(one.headers)) for one in some]
    return found


def end(together: Sequence[Together], until: Until) -> None:
    until(lambda: all(one.future.is_done for one in together))


def test_each_record_arrives_once_where_every_client_looks_for_it_and_in_order(
    producer: Any, settings: KafkaSettings, topic: MakeTopic, until: Until
) -> None:
    name, sent = topic({}), records(2_000, size=12_000)
    together = producer.send_many(name, sent)
    end(together, until)
    assert all(one.future.succeeded() for one in together)
    assert sorted(number for one in together for number in one.numbers) == list(range(len(sent)))
    assert len(together) > PARTITIONS  # they do not fit one batch each
    wanted: dict[int, list[Record]] = {number: [] for number in range(PARTITIONS)}
    for record in sent:
        number = DefaultPartitioner().partition(name, record.key, record.key, b"", b"", producer._metadata)
        wanted[number].append(record)
    assert stored(settings, name) == wanted


def test_one_by_one_and_many_at_once_go_through_the_same_producer_in_their_order(
    producer: Any, settings: KafkaSettings, topic: MakeTopic
) -> None:
    name = topic({})
    producer.partitions_for(name)
    sent = []
    for number in range(60):
        value = b"%d" % number
        if number % 3:
            producer.send(name, key=b"k", value=value)
            sent.append(value)
        else:
            producer.send_many(name, [Record(b"k", value, []), Record(b"k", value, [])])
            sent += [value, value]
    producer.flush()
    (found,) = [some for some in stored(settings, name).values() if some]
    assert [record.value for record in found] == sent


def test_a_batch_too_large_for_the_topic_is_divided_and_done_when_all_of_it_has_arrived(
    producer: Any, settings: KafkaSettings, topic: MakeTopic, until: Until
) -> None:
    name, sent = topic({"max.message.bytes": str(SMALL)}), records(300)
    together = producer.send_many(name, sent)
    end(together, until)
    assert all(one.future.succeeded() for one in together)
    found = [record for some in stored(settings, name).values() for record in some]
    assert sorted(found) == sorted(sent)


def test_a_record_too_large_for_the_topic_is_told_and_what_is_said_to_have_arrived_has(
    producer: Any, settings: KafkaSettings, topic: MakeTopic, until: Until
) -> None:
    name, sent = topic({"max.message.bytes": str(SMALL)}), records(300)
    sent[100] = Record(sent[100].key, bytes(2 * SMALL), [])
    together = producer.send_many(name, sent)
    end(together, until)
    # What was on its way with it may fail, of itself, and is to be sent again.
    refused = [one for one in together if isinstance(one.future.exception, kafka.TOO_LARGE)]
    assert [100 in one.numbers for one in refused] == [True]
    arrived = {record.key for some in stored(settings, name).values() for record in some}
    assert arrived >= {sent[number].key for one in together if one.future.succeeded() for number in one.numbers}
    assert sent[100].key not in arrived
    # It takes the next ones as before.
    after = producer.send_many(name, records(5))
    end(after, until)
    assert all(one.future.succeeded() for one in after)
    assert producer.send(name, key=b"k", value=b"v").get(timeout=30)


def test_a_record_that_no_request_can_carry_is_refused_before_anything_is_sent(
    producer: Any, settings: KafkaSettings, topic: MakeTopic
) -> None:
    name = topic({})
    with pytest.raises(MessageSizeTooLargeError):
        producer.send_many(name, [*records(5), Record(b"k", bytes(1024 * 1024), [])])
    producer.flush()
    assert not any(stored(settings, name).values())


def test_whoever_waits_is_told_when_the_producer_is_closed(settings: KafkaSettings, topic: MakeTopic) -> None:
    name = topic({})
    producer = kafka.producer(settings, linger_ms=60_000)
    together = producer.send_many(name, records(20))
    producer.close(timeout=0)
    assert all(one.future.is_done for one in together)
    assert all(isinstance(one.future.exception, KafkaError) for one in together)
    with pytest.raises(IllegalStateError):
        producer.send_many(name, records(20))
    assert not any(stored(settings, name).values())


def test_a_producer_that_dropped_its_id_over_a_batch_that_came_too_late_asks_for_another(
    producer: Any, settings: KafkaSettings, topic: MakeTopic, until: Until
) -> None:
    name, sent = topic({}), records(40)
    end(producer.send_many(name, sent[:20]), until)
    producer._transaction_manager.reset_producer_id()  # what the library does then
    together = producer.send_many(name, sent[20:])
    end(together, until)
    assert all(one.future.succeeded() for one in together)
    assert sorted(record for some in stored(settings, name).values() for record in some) == sorted(sent)
