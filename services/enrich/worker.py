"""The Faust worker: a thin shell that moves bytes between the topics and the pool.

Faust acknowledges a message whose processing raised, a ``take`` acknowledges
its whole batch, and a failed send is a log line. Hence, in this order
(docs/decisions/0001-faust-recipe.md has what was measured):

1. take a batch without acknowledging it (``noack_take``);
2. enrich it in the pool, which answers for every message;
3. send every answer and await the broker's acknowledgement of each;
4. acknowledge the input.

What goes wrong between 1 and 4 crashes the service on purpose
(``CrashingSupervisor``): nothing was acknowledged, everything comes again.
"""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Any

import faust
import mode

from newswire import dead_letter, enriched
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.health import Health
from newswire.kafka import SESSION_TIMEOUT
from newswire.logging import get_logger
from newswire.metrics import EnrichMetrics
from newswire.reasons import Stage
from newswire.settings import KafkaSettings
from newswire.topics import (
    DEAD,
    DEAD_MESSAGE_CAP,
    ENRICH_GROUP,
    ENRICHED,
    RAW,
    RAW_MESSAGE_CAP,
    Trail,
    headers,
    read_headers,
)
from services.enrich.core import Done, Job, Refused
from services.enrich.pool import Pool
from services.enrich.settings import EnrichSettings

log = get_logger()

BEAT = 5.0  # seconds


def build(
    own: EnrichSettings, kafka: KafkaSettings, *, pool: Pool, metrics: EnrichMetrics, health: Health, directory: str
) -> faust.App:
    """The Faust application; its owner starts it, stops it and sees to it that a crash ends the process.

    Faust makes a place for tables in ``directory``, though there are none.
    """
    app = faust.App(ENRICH_GROUP, datadir=directory, **_configuration(own, kafka))
    raw, out, dead = (
        app.topic(topic.name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        for topic in (RAW, ENRICHED, DEAD)
    )
    busy_since: list[float] = []

    @app.agent(raw, supervisor_strategy=mode.CrashingSupervisor)
    async def enrich(stream: Any) -> None:
        stream = stream.noack()  # acknowledgements go to this very object
        async for events in stream.noack_take(own.batch_articles, within=own.batch_seconds):  # 1
            clock = asyncio.get_running_loop().time
            started = clock()
            busy_since.append(started)
            now = datetime.now(UTC)
            taken = [(event, *read_headers(event.message.headers, now=now)) for event in events]
            metrics.articles_in.inc(len(taken))
            metrics.bytes_in.inc(sum(len(event.value or b"") for event in events))
            metrics.in_flight.set(len(taken))
            metrics.oldest_unfinished.set(now.timestamp())
            answers = await pool.run(  # 2
                [Job(event.value or b"", schema, trail.ingested_at) for event, schema, trail in taken]
            )
            sends = []
            for (event, _, trail), answer in zip(taken, answers, strict=True):
                if isinstance(answer, Done):
                    sent = out.send(key=event.key, value=answer.value, headers=headers(enriched.SCHEMA, trail))
                else:
                    letter = letter_for(event, answer, trail, now)
                    sent = dead.send(
                        key=letter.key.encode(),
                        value=dead_letter.encode(letter),
                        headers=headers(dead_letter.SCHEMA, trail),
                    )
                sends.append(await sent)
            await asyncio.gather(*sends)  # 3
            for event in events:  # 4
                await stream.ack(event)
            _count(metrics, answers)
            metrics.batch_articles.observe(len(events))
            metrics.stage_seconds.observe(clock() - started)
            busy_since.clear()

    @app.timer(BEAT)  # type: ignore[untyped-decorator]
    async def beat() -> None:
        # A batch that never ends is a loop that does not come round.
        if not busy_since or asyncio.get_running_loop().time() - busy_since[0] < 60 + own.article_seconds:
            health.beat()

    @app.on_partitions_assigned.connect
    async def assigned(*_: Any, **__: Any) -> None:
        health.ok("kafka")

    return app


def letter_for(event: Any, refused: Refused, trail: Trail, now: datetime) -> DeadLetter:
    """The dead letter of one message of the raw topic."""
    message = event.message
    where = f"{message.topic}[{message.partition}]@{message.offset}"
    return dead_letter.letter(
        stage=Stage.ENRICH,
        reason=refused.reason,
        message=refused.message,
        detail=where,
        key=(event.key or b"").decode("utf-8", "replace") or where,
        now=now,
        original=event.value or b"",
        article_id=refused.article_id,
        revision=refused.revision,
        source=LetterSource(path=refused.path, record=refused.record) if refused.path else None,
        attempts=trail.attempts,
        first_at=trail.first_failed_at,
    )


def _count(metrics: EnrichMetrics, answers: list[Done | Refused]) -> None:
    for answer in answers:
        if isinstance(answer, Refused):
            metrics.out["dead"].inc()
            metrics.dead[answer.reason].inc()
            log.warning("dead letter", reason=answer.reason.value, cause=answer.message)
            continue
        metrics.out["ok"].inc()
        metrics.bytes_out.inc(len(answer.value))
        for kind, count in answer.entities.items():
            metrics.entities[kind].inc(count)  # type: ignore[index] # the closed set of newswire.enriched
        for tag, count in answer.tags.items():
            metrics.events[tag].inc(count)
    metrics.in_flight.set(0)
    metrics.oldest_unfinished.set(0)
    metrics.last_success.set_to_current_time()


def _configuration(own: EnrichSettings, kafka: KafkaSettings) -> dict[str, Any]:
    """Faust's settings, each one chosen; reference: its own defaults lose messages or hide a lost broker."""
    configuration: dict[str, Any] = {
        "broker": [f"kafka://{address}" for address in kafka.bootstrap.split(",")],
        "consumer_auto_offset_reset": "earliest",
        "processing_guarantee": "at_least_once",
        "topic_allow_declare": False,  # `newswire setup` declares them
        "topic_disable_leader": True,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
        "store": "memory://",
        "stream_buffer_maxsize": 2 * own.batch_articles,
        "broker_max_poll_records": own.batch_articles,
        "consumer_max_fetch_size": RAW_MESSAGE_CAP,
        "stream_wait_empty": True,
        "broker_commit_interval": 0.5,
        "broker_commit_every": 1000,
        "broker_session_timeout": SESSION_TIMEOUT / 1000,
        "broker_heartbeat_interval": SESSION_TIMEOUT / 4000,
        "broker_request_timeout": 40.0,
        "producer_acks": -1,
        "producer_request_timeout": 30.0,
        "producer_max_request_size": DEAD_MESSAGE_CAP,
    }
    if kafka.security_protocol != "PLAINTEXT":
        context = ssl.create_default_context(cafile=kafka.ca_file or None)
        if kafka.security_protocol.startswith("SASL"):
            configuration["broker_credentials"] = faust.SASLCredentials(
                username=kafka.user,
                password=kafka.password,
                mechanism=kafka.sasl_mechanism,
                ssl_context=context if kafka.security_protocol.endswith("SSL") else None,
            )
        else:
            configuration["broker_credentials"] = context
    return configuration
