"""The raw limits of this machine: what the clients alone reach against the same servers."""

import json
import time
from collections.abc import Sequence

from elasticsearch import Elasticsearch, helpers
from kafka import KafkaProducer

from newswire import kafka
from newswire.settings import KafkaSettings
from newswire.topics import RAW

TOPIC = "newswire.bench"
# A second's worth at the least, after enough to have connections and compiled code.
PRODUCED = 20_000
WARM = 500
INDEX = "newswire-v0-bench"  # matches the articles' template


def produce(settings: KafkaSettings, values: Sequence[bytes]) -> float:
    """Messages per second that kafka-python alone produces (acks=all, idempotent), all acknowledged."""
    with kafka.admin(settings) as admin:
        configs = {"max.message.bytes": str(RAW.max_message_bytes)}
        admin.create_topics({TOPIC: {"num_partitions": 12, "replication_factor": 1, "configs": configs}})
    producer: KafkaProducer = kafka.producer(settings, linger_ms=5)
    many = list(values) * (PRODUCED // len(values) + 1)
    _send(producer, many[:WARM])
    started = time.monotonic()
    _send(producer, many)
    took = time.monotonic() - started
    producer.close()
    with kafka.admin(settings) as admin:
        admin.delete_topics([TOPIC])
    return len(many) / took


def _send(producer: KafkaProducer, values: Sequence[bytes]) -> None:
    futures = [producer.send(TOPIC, key=str(number).encode(), value=value) for number, value in enumerate(values)]
    for future in futures:
        future.get(timeout=60)


def bulk(client: Elasticsearch, documents: Sequence[bytes]) -> float:
    """Documents per second that ``helpers.parallel_bulk`` alone writes into an index of the same mapping."""
    client.indices.create(index=INDEX)
    actions = [
        {"_index": INDEX, "_id": str(number), "_source": json.loads(one)} for number, one in enumerate(documents)
    ]
    took = 0.0
    for part in (actions[:WARM], actions):
        started = time.monotonic()
        for ok, item in helpers.parallel_bulk(client, part, thread_count=4, chunk_size=500):
            if not ok:
                raise RuntimeError(f"the raw bulk failed: {item}")
        took = time.monotonic() - started
    client.indices.delete(index=INDEX)
    return len(documents) / took
