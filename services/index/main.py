"""The index service: settings in, clients made, the loop run until it is told to stop."""

import random
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from kafka.consumer.subscription_state import AsyncConsumerRebalanceListener
from kafka.errors import KafkaError

from newswire import elastic, kafka, settings
from newswire.elastic import DEAD_ALIAS, INDEX_ALIAS
from newswire.health import Health, HealthServer
from newswire.logging import get_logger
from newswire.metrics import IndexMetrics
from newswire.reasons import RetryReason, Stage
from newswire.settings import ElasticsearchSettings, KafkaSettings, ServiceSettings
from newswire.topics import DEAD, ENRICHED, INDEX_GROUP
from services.index import schema
from services.index.backoff import pause
from services.index.grace import Grace
from services.index.letters import Letters
from services.index.loop import Loop
from services.index.refresh import BACKLOG_REFRESH, Refresher
from services.index.settings import IndexSettings
from services.index.writer import Writer

log = get_logger()

# Bounds what the client holds in memory beside our own buffer: of one answer, and of one partition in it. A message
# that is larger comes all the same, alone.
FETCH_BYTES = 4 * 1024 * 1024
PARTITION_FETCH_BYTES = 1024 * 1024


class _Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc] # untyped library
    """Has the loop commit before partitions go, and tells when the service is a member.

    What the service has lost it learns from the assignment, not from here; see the loop.
    """

    def __init__(self, loop: Loop, health: Health) -> None:
        self._loop = loop
        self._health = health

    async def on_partitions_revoked(self, revoked: Any) -> None:
        await self._loop.hand_over()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        self._health.ok("kafka")

    async def on_partitions_lost(self, lost: Any) -> None:
        pass  # the broker takes no commit of a member that it has put out


def run(stop: threading.Event) -> None:
    """Index until ``stop`` is set. Raises SettingsError, OSError (port taken) or KafkaError at start."""
    service = settings.load(ServiceSettings)
    own = settings.load(IndexSettings)
    to_elastic = settings.load(ElasticsearchSettings)
    to_kafka = settings.load(KafkaSettings)
    metrics = IndexMetrics()
    health = Health(Stage.INDEX, ("kafka", kafka.BROKER, "elasticsearch", elastic.NODE))
    server = HealthServer(service.http_host, own.port, health, metrics.registry)
    kafka.watch(to_kafka, health, stop)
    elastic.watch(to_elastic, health, stop)
    client = elastic.client(to_elastic, request_timeout=own.timeout, connections_per_node=own.requests + 2)
    try:
        if _wait_for_elasticsearch(client, to_elastic, health, stop):
            _index(
                own=own,
                grace=service.stop_grace,
                to_kafka=to_kafka,
                client=client,
                metrics=metrics,
                health=health,
                stop=stop,
            )
    finally:
        client.close()
        server.close()


def _index(
    *,
    own: IndexSettings,
    grace: float,
    to_kafka: KafkaSettings,
    client: Elasticsearch,
    metrics: IndexMetrics,
    health: Health,
    stop: threading.Event,
) -> None:
    def on_retry(reason: RetryReason, items: int, message: str) -> None:
        metrics.retries[reason].inc(items)
        health.failing("elasticsearch", f"{reason.value}: {message}")
        log.warning("retry", reason=reason.value, articles=items, cause=message)

    def now() -> datetime:
        return datetime.now(UTC)

    producer = kafka.producer(to_kafka)
    consumer = kafka.consumer(
        to_kafka,
        INDEX_GROUP,
        fetch_max_bytes=FETCH_BYTES,
        max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
        max_poll_records=own.batch_articles,
    )
    refresher = Refresher(
        lambda: client.indices.refresh(index=[INDEX_ALIAS, DEAD_ALIAS]),
        lambda available_at, done: metrics.end_to_end.observe(max(0.0, (done - available_at).total_seconds())),
        interval=lambda: BACKLOG_REFRESH if loop.behind else own.refresh,
        now=now,
    )
    letters = Letters(
        producer,
        wait=stop.wait,
        uniform=random.uniform,
        on_failure=lambda cause: health.failing("kafka", f"a dead letter was not acknowledged: {cause}"),
    )
    leaving = Grace(grace)
    loop = Loop(
        own,
        grace=leaving,
        consumer=consumer,
        writer=Writer(
            client,
            letters,
            metrics=metrics,
            now=now,
            on_settled=lambda: health.ok("elasticsearch"),
            on_written=refresher.written,
            on_retry=on_retry,
        ),
        metrics=metrics,
        health=health,
        stop=stop,
        now=now,
        uniform=random.uniform,
    )
    consumer.subscribe(topics=[ENRICHED.name, DEAD.name], listener=_Listener(loop, health))
    log.info("indexing", topics=f"{ENRICHED.name} {DEAD.name}", group=INDEX_GROUP)
    try:
        loop.run()
    finally:
        refresher.close(leaving.left())
        # A broker that does not answer finds out by itself that we are gone; what is not committed comes again.
        with suppress(KafkaError):
            consumer.close(autocommit=False, timeout_ms=leaving.left() * 1000)
        with suppress(KafkaError):
            producer.close(timeout=leaving.left())
    log.info("stopped")


def _wait_for_elasticsearch(
    client: Elasticsearch, to_elastic: ElasticsearchSettings, health: Health, stop: threading.Event
) -> bool:
    """Block until the aliases are there; False when told to stop before that. Nothing is read from Kafka meanwhile."""
    attempt = 0
    while not stop.is_set():
        health.beat()
        attempt += 1
        try:
            missing = schema.missing(client)
        except (TransportError, ApiError) as error:
            cause = elastic.explain(error, to_elastic)
        else:
            if not missing:
                health.ok("elasticsearch")
                return True
            cause = f"{'; '.join(missing)}: run `newswire setup`"
        health.failing("elasticsearch", cause)
        log.warning("waiting for Elasticsearch", cause=cause)
        stop.wait(pause(attempt, random.uniform) + 0.2)
    return False
