"""The loop between a scripted broker and a scripted Elasticsearch: what is committed, and when."""

import asyncio
import random
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import OffsetAndMetadata, TopicPartition

from newswire import enriched
from newswire.health import Health
from newswire.metrics import IndexMetrics
from newswire.reasons import Stage
from newswire.settings import load
from services.index.grace import Grace
from services.index.loop import Loop, WriterFailed
from services.index.settings import IndexSettings
from services.index.writer import Writer
from tests.unit.index.records import NOW, PARTITION, document
from tests.unit.index.scripted import Scripted, each, failing


class Broker:
    """Gives the records of ``PARTITION`` in one poll; takes the partition away in the next, as a rebalance does."""

    def __init__(self, records: list[Any]) -> None:
        self.records = records
        self.loop: Loop | None = None
        self.stop = threading.Event()
        self.committed: dict[TopicPartition, OffsetAndMetadata] = {}
        self.mine = {PARTITION}

    def poll(self, timeout_ms: float) -> dict[TopicPartition, list[Any]]:
        if self.records:
            taken, self.records = self.records, []
            return {PARTITION: taken}
        assert self.loop is not None
        asyncio.run(self.loop.hand_over())
        self.mine = set()
        self.stop.set()
        return {}

    def assignment(self) -> set[TopicPartition]:
        return self.mine

    def highwater(self, partition: TopicPartition) -> int:
        return 0

    def pause(self, *partitions: TopicPartition) -> None: ...

    def resume(self, *partitions: TopicPartition) -> None: ...

    def paused(self) -> set[TopicPartition]:
        return set()

    async def commit_async(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        self.committed |= offsets

    def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata], timeout_ms: float) -> None:
        raise AssertionError("committed what belongs to another member")


class Post:
    """Takes every letter."""

    def send(self, letters: list[Any]) -> bool:
        return True


def run(broker: Broker, client: Scripted) -> None:
    metrics = IndexMetrics()
    writer = Writer(
        client,
        Post(),  # type: ignore[arg-type]
        metrics=metrics,
        now=lambda: NOW,
        on_settled=lambda: None,
        on_written=lambda _available_at: None,
        on_retry=lambda _reason, _count, _message: None,
    )
    broker.loop = Loop(
        load(IndexSettings, {}),
        grace=Grace(1.0),
        consumer=broker,
        writer=writer,
        metrics=metrics,
        health=Health(Stage.INDEX, ("kafka", "elasticsearch")),
        stop=broker.stop,
        now=lambda: NOW,
        uniform=random.uniform,
    )
    broker.loop.run()


def articles(count: int) -> list[Any]:
    return [
        SimpleNamespace(headers=None, key=b"key", value=enriched.encode(document(n + 1)), offset=n)
        for n in range(count)
    ]


def test_what_is_finished_is_committed_before_a_partition_goes_and_nothing_after() -> None:
    broker = Broker(articles(4))
    run(broker, Scripted(each(n3=(429, "es_rejected_execution_exception"))))
    assert broker.committed == {PARTITION: OffsetAndMetadata(2)}  # the third is not finished


def test_a_mistake_of_ours_in_a_writer_ends_the_service_and_commits_nothing() -> None:
    broker = Broker(articles(4))
    with pytest.raises(WriterFailed, match="ZeroDivisionError"):
        run(broker, Scripted(failing(ZeroDivisionError())))
    assert broker.committed == {}
