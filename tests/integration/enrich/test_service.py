"""The enrich service, Faust and all, against the real broker."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer

from bench import memory
from newswire import article as articles
from newswire import dead_letter, enriched, identity, kafka
from newswire.article import Article, Source
from newswire.settings import KafkaSettings, load
from newswire.topics import DEAD, ENRICHED, RAW, Trail, headers, read_headers
from tests.integration.conftest import Until
from tests.integration.service import RunningService

AVAILABLE = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
SOURCE = Source(path="a.txt", format="text", bytes=10, sha256="0" * 64)


class Topics:
    """Writes to the raw topic and remembers, by key, what came out of the other two."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.producer: KafkaProducer = kafka.producer(settings)
        self.consumer: KafkaConsumer = kafka.consumer(settings, f"test-enrich-{os.getpid()}")
        self.consumer.subscribe(topics=[ENRICHED.name, DEAD.name])
        self.seen: dict[str, list[Any]] = {}

    def send(self, key: str, value: bytes, schema: str = articles.SCHEMA) -> None:
        trail = Trail("trace-1", AVAILABLE, AVAILABLE)
        self.producer.send(RAW.name, key=key.encode(), value=value, headers=headers(schema, trail)).get(timeout=30)

    def out(self, key: str) -> list[Any]:
        """The messages with ``key`` so far."""
        for messages in self.consumer.poll(timeout_ms=20).values():
            for message in messages:
                self.seen.setdefault(message.key.decode(), []).append(message)
        return self.seen.get(key, [])

    def close(self) -> None:
        self.producer.close()
        self.consumer.close()


@pytest.fixture(scope="module")
def topics(environ: Mapping[str, str]) -> Iterator[Topics]:
    made = Topics(load(KafkaSettings, environ))
    yield made
    made.close()


def article(name: str, body: str = "Two people were injured in Lviv on Friday.", **fields: Any) -> Article:
    return Article(id=identity.id_of_text(name, "enrich"), revision=5, title=name, body=body, source=SOURCE, **fields)


def send(topics: Topics, *made: Article) -> None:
    for one in made:
        topics.send(one.id, articles.encode(one))


def arrived(topics: Topics, one: Article) -> Callable[[], bool]:
    return lambda: bool(topics.out(one.id))


def test_an_article_comes_out_enriched_with_the_trail_it_came_with(
    enrich: RunningService, topics: Topics, until: Until
) -> None:
    one = article("first", published_at=AVAILABLE)
    send(topics, one)
    until(arrived(topics, one))
    (message,) = topics.out(one.id)
    document = enriched.decode(message.value)
    assert (document.id, document.body, document.place_names) == (one.id, one.body, ["Lviv"])
    assert document.enrichment.status == "ok"
    assert document.dates[0].value == "2025-02-07"
    schema, trail = read_headers(message.headers, now=datetime.now(UTC))
    assert (schema, trail) == ("enriched/1", Trail("trace-1", AVAILABLE, AVAILABLE))


def test_what_is_no_article_becomes_a_letter_and_its_neighbours_go_on(
    enrich: RunningService, topics: Topics, until: Until
) -> None:
    before, after = article("before"), article("after")
    send(topics, before)
    topics.send("no-article", b"{broken")
    topics.send("of-tomorrow", b"{}", schema="article/9")
    send(topics, after)
    until(lambda: all(topics.out(key) for key in (before.id, "no-article", "of-tomorrow", after.id)))
    letters = [dead_letter.decode(topics.out(key)[0].value) for key in ("no-article", "of-tomorrow")]
    assert [one.reason for one in letters] == ["bad_message", "unknown_schema"]
    assert letters[0].original == b"{broken"
    assert enrich.figures().total("dead_letters_total", reason="bad_message") >= 1


def test_the_largest_article_passes(enrich: RunningService, topics: Topics, until: Until) -> None:
    one = article("largest", body="Nothing happened in Lviv. " * 40_000)
    send(topics, one)
    until(arrived(topics, one))
    document = enriched.decode(topics.out(one.id)[0].value)
    assert len(document.body) == len(one.body)
    assert document.enrichment.truncated


def test_a_withdrawal_passes_as_a_tombstone(enrich: RunningService, topics: Topics, until: Until) -> None:
    one = article("withdrawn", body="Secret.", pubstatus="canceled")
    send(topics, one)
    until(arrived(topics, one))
    value = topics.out(one.id)[0].value
    assert b"Secret" not in value
    assert enriched.decode(value).enrichment.status == "skipped"


def test_a_process_that_is_killed_is_replaced_and_loses_nothing(
    enrich: RunningService, topics: Topics, until: Until
) -> None:
    os.kill(memory.tree(enrich.pid)[1], signal.SIGKILL)
    many = [article(f"beside a killed process {number}") for number in range(60)]
    send(topics, *many)
    until(lambda: all(topics.out(one.id) for one in many))
    assert {enriched.decode(topics.out(one.id)[0].value).enrichment.status for one in many} == {"ok"}


def test_killed_in_the_middle_nothing_is_lost(enrich: RunningService, topics: Topics, until: Until) -> None:
    many = [article(f"killed in the middle {number}") for number in range(200)]
    send(topics, *many[:100])
    enrich.kill()
    send(topics, *many[100:])
    enrich.start()
    until(lambda: all(topics.out(one.id) for one in many))


def test_a_sigterm_finishes_and_leaves_with_status_0(enrich: RunningService, topics: Topics, tmp_path: Path) -> None:
    send(topics, *(article(f"last {number}") for number in range(30)))
    workers = memory.tree(enrich.pid)[1:]
    assert enrich.terminate() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
