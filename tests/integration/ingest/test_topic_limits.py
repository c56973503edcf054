"""A topic that takes less than it was declared with: what is too large for it is refused, and nothing else."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from prometheus_client import CollectorRegistry

from newswire import kafka
from newswire.health import Health
from newswire.metrics import IngestMetrics
from newswire.reasons import Stage
from newswire.settings import KafkaSettings, load
from services.ingest import broker
from services.ingest.publish import Message, publish

LIMITED, OTHER = "limited", "not-limited"
LIMIT = 100_000  # bytes


@pytest.fixture
def publisher(environ: Mapping[str, str]) -> Iterator[broker.KafkaPublisher]:
    settings = load(KafkaSettings, environ)
    with closing(KafkaAdminClient(**kafka.connection(settings))) as admin:
        limited = NewTopic(LIMITED, 3, 1, topic_configs={"max.message.bytes": str(LIMIT)})
        admin.create_topics([limited, NewTopic(OTHER, 1, 1)])
    made = broker.KafkaPublisher(
        lambda: kafka.producer(settings, **broker.PRODUCER),
        broker.Limits(2_000, 32_000_000),
        stop=threading.Event(),
        health=Health(Stage.INGEST, (broker.NEED,)),
        metrics=IngestMetrics(CollectorRegistry()),
    )
    yield made
    made.close()


def messages(topic: str, count: int) -> list[Message]:
    return [Message(topic, b"%d" % number, b"words " * 20, []) for number in range(count)]


def test_of_a_batch_only_what_is_too_large_is_refused_and_the_next_go_out(publisher: broker.KafkaPublisher) -> None:
    batch = messages(LIMITED, 50)
    for number in (20, 33):
        batch[number] = Message(LIMITED, b"%d" % number, bytes(2 * LIMIT), [])
    following = publisher.send(messages(LIMITED, 20))
    answers = publish(publisher, batch)
    assert [number for number, answer in enumerate(answers) if answer is not None] == [20, 33]
    assert all("TooLarge" in str(answers[number]) for number in (20, 33))
    assert publisher.settle(following) == [None] * 20
    assert publish(publisher, messages(OTHER, 3)) == [None] * 3
