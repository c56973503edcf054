"""What the rest of the project relies on in the engines of the local stack."""

import os
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import MessageSizeTooLargeError, UnknownTopicOrPartitionError

from newswire.local import LocalStack, LocalStackError
from newswire.topics import DEAD_MESSAGE_CAP

ANALYSIS = {
    "filter": {
        "possessive": {"type": "stemmer", "language": "possessive_english"},
        "light": {"type": "stemmer", "language": "light_english"},
        "english_stop": {"type": "stop", "stopwords": "_english_"},
        "folding": {"type": "asciifolding", "preserve_original": True},
        "acronym": {"type": "pattern_capture", "patterns": ["([a-z]+)[0-9]+"]},
        **{name: {"type": "stemmer", "language": name} for name in ("english", "minimal_english")},
    },
    "normalizer": {"plain": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    "analyzer": {
        "news": {
            "tokenizer": "standard",
            "filter": ["lowercase", "possessive", "asciifolding", "english_stop", "light"],
        },
        "both": {"tokenizer": "standard", "filter": ["lowercase", "folding"]},
        "capture": {"tokenizer": "standard", "filter": ["lowercase", "acronym"]},
        "porter": {"tokenizer": "standard", "filter": ["lowercase", "english"]},
        "plural": {"tokenizer": "standard", "filter": ["lowercase", "minimal_english"]},
    },
}


@pytest.fixture
def index(search: Elasticsearch) -> str:
    search.indices.put_index_template(
        name="analysis", index_patterns=["analysis-*"], template={"settings": {"analysis": ANALYSIS}}
    )
    search.options(ignore_status=400).indices.create(index="analysis-1")  # there already, from the second test on
    return "analysis-1"


@pytest.mark.parametrize(
    ("analyzer", "text", "tokens"),
    [
        ("news", "Toretsk's cities' café", ["toretsk", "city", "cafe"]),
        ("news", "the soldiers’ and Sumy’s bombings", ["soldier", "sumy", "bomb"]),
        ("both", "café", ["cafe", "café"]),
        ("capture", "MH17", ["mh17", "mh"]),
        ("porter", "bombings", ["bomb"]),
        ("plural", "bombings", ["bombing"]),
    ],
)
def test_an_english_analyzer_works_as_on_the_full_distribution(
    search: Elasticsearch, index: str, analyzer: str, text: str, tokens: list[str]
) -> None:
    answer = search.indices.analyze(index=index, analyzer=analyzer, text=text)
    assert [token["token"] for token in answer["tokens"]] == tokens


def test_a_keyword_is_folded_by_a_normalizer(search: Elasticsearch, index: str) -> None:
    answer = search.indices.analyze(index=index, normalizer="plain", text="CAFÉ")
    assert [token["token"] for token in answer["tokens"]] == ["cafe"]


def test_a_nearly_full_disk_does_not_turn_the_index_read_only(search: Elasticsearch) -> None:
    settings = search.cluster.get_settings(include_defaults=True, flat_settings=True)
    assert settings["defaults"]["cluster.routing.allocation.disk.threshold_enabled"] == "false"


def test_elasticsearch_and_kafka_listen_on_the_loopback_interface_only(own_stack: LocalStack) -> None:
    inodes = {
        os.readlink(descriptor)
        for child in own_stack.children
        for descriptor in Path(f"/proc/{child.pid}/fd").iterdir()
        if descriptor.is_symlink()
    }
    listening = []
    for table, loopback in (("tcp", {"0100007F"}), ("tcp6", {"0000000000000000FFFF00000100007F"})):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                listening.append(fields[1].partition(":")[0] in loopback)
    assert len(listening) >= 4  # clients and controller; HTTP and transport
    assert all(listening)


def test_kafka_takes_the_largest_message_there_is_and_keeps_topics_apart_from_typing_mistakes(
    own_stack: LocalStack,
) -> None:
    big = os.urandom(DEAD_MESSAGE_CAP - 1024)
    with KafkaAdminClient(bootstrap_servers=own_stack.kafka) as admin:
        admin.create_topics({"big": {"num_partitions": 1, "replication_factor": 1}})
    producer = KafkaProducer(bootstrap_servers=own_stack.kafka, acks="all", max_request_size=2 * DEAD_MESSAGE_CAP)
    producer.send("big", big).get(timeout=60)
    with pytest.raises(MessageSizeTooLargeError):
        producer.send("big", os.urandom(2 * DEAD_MESSAGE_CAP - 1024)).get(timeout=60)
    producer.close()
    consumer = KafkaConsumer("big", bootstrap_servers=own_stack.kafka, auto_offset_reset="earliest")
    assert next(consumer).value == big
    consumer.close()
    with KafkaAdminClient(bootstrap_servers=own_stack.kafka) as admin:
        with pytest.raises(UnknownTopicOrPartitionError):
            admin.delete_topics(["bgi"])
        assert "bgi" not in admin.list_topics()


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd", "snappy"])
def test_kafka_recompresses_with_every_codec(own_stack: LocalStack, codec: str) -> None:
    topic = {"num_partitions": 1, "replication_factor": 1, "configs": {"compression.type": codec}}
    with KafkaAdminClient(bootstrap_servers=own_stack.kafka) as admin:
        admin.create_topics({f"codec-{codec}": topic})
    producer = KafkaProducer(bootstrap_servers=own_stack.kafka, acks="all")
    assert producer.send(f"codec-{codec}", b"word " * 1000).get(timeout=60).offset == 0
    producer.close()


def test_a_second_stack_on_the_same_data_is_refused(own_stack: LocalStack) -> None:
    with (
        pytest.raises(LocalStackError, match="Another local stack is running on"),
        LocalStack(own_stack.data_dir, kafka_port=0, elasticsearch_port=0),
    ):
        pass
    assert all(child.alive for child in own_stack.children)


def test_a_taken_port_is_refused_before_anything_is_started(own_stack: LocalStack, tmp_path: Path) -> None:
    port = int(own_stack.kafka.rpartition(":")[2])
    stack = LocalStack(tmp_path, kafka_port=port, elasticsearch_port=0)
    with pytest.raises(LocalStackError, match=rf"Port {port}, .* is taken by java \(process \d+\)"), stack:
        pass
    assert stack.children == []


def test_servers_that_are_given_are_used_and_nothing_is_started(own_stack: LocalStack, tmp_path: Path) -> None:
    with LocalStack(tmp_path / "none", kafka=own_stack.kafka, elasticsearch=own_stack.elasticsearch) as stack:
        assert (stack.kafka, stack.elasticsearch) == (own_stack.kafka, own_stack.elasticsearch)
        assert stack.children == []
    assert not (tmp_path / "none").exists()
