"""The index service against the real engines."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from newswire import dead_letter, enriched, identity
from newswire.dead_letter import DeadLetter
from newswire.enriched import Enriched
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD, ENRICHED, Trail, headers
from tests.integration.conftest import Until
from tests.integration.index.series import Series, document, lag, poisoned, watching
from tests.integration.service import RunningService

Publish = Callable[[list[Enriched]], None]


@pytest.fixture(scope="module")
def publish(producer: KafkaProducer) -> Publish:
    def send(documents: list[Enriched]) -> None:
        now = datetime.now(UTC)
        trail = Trail("trace", now, now)
        futures = [
            producer.send(
                ENRICHED.name,
                key=one.id.encode(),
                value=enriched.encode(one),
                headers=headers(enriched.SCHEMA, trail),
            )
            for one in documents
        ]
        for future in futures:
            future.get(timeout=30)

    return send


def stored(client: Elasticsearch, name: str, alias: str = "newswire") -> list[dict[str, Any]]:
    query = {"term": {"id": identity.id_of_text(name, "")}}
    return [hit["_source"] for hit in client.search(index=alias, query=query)["hits"]["hits"]]


def letters(client: Elasticsearch, key: str) -> list[dict[str, Any]]:
    return [h["_source"] for h in client.search(index="newswire-dead", query={"term": {"key": key}})["hits"]["hits"]]


def test_an_article_is_searchable_and_its_latency_is_counted_once_and_that_of_a_replay_never(
    index: RunningService,
    environ: Mapping[str, str],
    producer: KafkaProducer,
    client: Elasticsearch,
    until: Until,
) -> None:
    with watching(environ) as consumer:
        until(lambda: lag(consumer) == 0)  # nothing of others is still to come
    before = index.figures().total("end_to_end_seconds_count")
    articles = Series("latency", producer, client)
    articles.publish(1)
    until(articles.complete)
    until(lambda: index.figures().total("end_to_end_seconds_count") == before + 1)
    articles.publish(1, attempts=2)
    until(articles.complete)
    articles.publish(1)
    until(lambda: index.figures().total("end_to_end_seconds_count") == before + 2)
    articles.check()


def test_an_older_revision_that_comes_later_changes_nothing(
    index: RunningService, publish: Publish, client: Elasticsearch, until: Until
) -> None:
    stale = index.figures().total("articles_out_total", outcome="stale")
    publish([document("two", revision=2000, caption="new")])
    until(lambda: stored(client, "two"))
    publish([document("two", revision=1000, caption="old")])
    until(lambda: index.figures().total("articles_out_total", outcome="stale") == stale + 1)
    assert [one["caption"] for one in stored(client, "two")] == ["new"]


def test_a_redelivered_failure_does_not_replace_a_good_enrichment(
    index: RunningService, publish: Publish, client: Elasticsearch, until: Until
) -> None:
    stale = index.figures().total("articles_out_total", outcome="stale")
    publish([document("three")])
    until(lambda: stored(client, "three"))
    publish([document("three", status="failed")])
    until(lambda: index.figures().total("articles_out_total", outcome="stale") == stale + 1)
    assert stored(client, "three")[0]["enrichment"]["status"] == "ok"


def test_a_withdrawn_article_is_gone_from_search_and_does_not_come_back_with_a_replay(
    index: RunningService, publish: Publish, client: Elasticsearch, until: Until
) -> None:
    publish([document("four")])
    until(lambda: stored(client, "four"))
    publish([document("four", revision=2000, pubstatus="canceled", title=None, body="", status="skipped")])
    until(lambda: not stored(client, "four"))
    publish([document("four"), document("four-after")])
    until(lambda: stored(client, "four-after"))
    assert stored(client, "four") == []
    assert len(stored(client, "four", alias="newswire-v1")) == 1


def test_a_message_that_is_no_document_becomes_a_searchable_letter(
    index: RunningService, producer: KafkaProducer, client: Elasticsearch, until: Until
) -> None:
    for _ in range(2):  # redelivered: still one letter
        producer.send(ENRICHED.name, key=b"broken-one", value=b'{"id": 7}').get(timeout=30)
    until(lambda: letters(client, "broken-one"))
    until(lambda: index.figures().total("dead_letters_total", reason="bad_message") >= 2)
    (letter,) = letters(client, "broken-one")
    assert (letter["stage"], letter["reason"], letter["state"]) == ("index", "bad_message", "open")
    assert "id" in letter["message"]


def test_letters_of_the_other_stages_are_searchable_once(
    index: RunningService, producer: KafkaProducer, client: Elasticsearch, until: Until
) -> None:
    letter: DeadLetter = dead_letter.letter(
        stage=Stage.INGEST,
        reason=Reason.NOT_TEXT,
        message="The file is a picture.",
        key="pictures/a.txt",
        now=datetime.now(UTC),
        original=b"\x89PNG",
    )
    for _ in range(2):
        producer.send(DEAD.name, key=b"pictures/a.txt", value=dead_letter.encode(letter)).get(timeout=30)
    until(lambda: letters(client, "pictures/a.txt"))
    publish_again = dead_letter.encode(letter)
    producer.send(DEAD.name, key=b"pictures/a.txt", value=publish_again).get(timeout=30)
    assert len(letters(client, "pictures/a.txt")) == 1


def test_a_document_that_the_mapping_refuses_is_dead_and_its_neighbours_live(
    index: RunningService, publish: Publish, producer: KafkaProducer, client: Elasticsearch, until: Until
) -> None:
    good = [document(f"neighbour-{n}") for n in range(5)]
    publish(good[:2])
    producer.send(ENRICHED.name, key=b"refused-key", value=poisoned(document("refused"))).get(timeout=30)
    publish(good[2:])
    until(lambda: all(stored(client, f"neighbour-{n}") for n in range(5)))
    until(lambda: letters(client, "refused-key"))
    assert letters(client, "refused-key")[0]["reason"] == "mapping_rejected"
    assert stored(client, "refused") == []


def test_a_sigterm_finishes_and_commits_what_is_under_way(
    index: RunningService,
    environ: Mapping[str, str],
    producer: KafkaProducer,
    client: Elasticsearch,
    until: Until,
) -> None:
    articles = Series("leaving", producer, client)
    with watching(environ) as consumer:
        until(lambda: lag(consumer) == 0)
        before = index.figures().total("articles_out_total")
        articles.publish(3000)
        until(lambda: index.figures().total("articles_out_total") > before)
        assert index.terminate() == 0
        client.indices.refresh(index="newswire")
        assert 0 < articles.count() == 3000 - lag(consumer)
