"""Kafka clients with the settings that keep the promises, and one sentence for each way they fail."""

import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource
from kafka.errors import (
    BrokerResponseError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAlreadyExistsError,
)
from kafka.producer.transaction_manager import TransactionState

from newswire import reach
from newswire.health import Health
from newswire.kafka_many import Together, send_many
from newswire.kafka_record import Record
from newswire.kafka_socket import DIRECT
from newswire.partition import ByKey
from newswire.settings import KafkaSettings, TopicSettings
from newswire.topics import DEAD, DEAD_MESSAGE_CAP, ENRICHED, RAW, RAW_MESSAGE_CAP, TOPICS, Headers

# How long the first contact may take before a person is told.
BOOTSTRAP_TIMEOUT = 15_000  # milliseconds
# What a command gives its clients: somebody at the terminal is waiting.
AT_A_TERMINAL = {"bootstrap_timeout_ms": 4_000}

# A broker that is back is found within this, as Java's clients do it; the library would let up to 30 s pass.
RECONNECT_PAUSE = 1_000  # milliseconds

# A member that was killed holds its partitions for this long. Our consumers' heartbeats do not wait for their work,
# so a short one costs nothing; Kafka's default would make every crash a pause of 45 s.
SESSION_TIMEOUT = 10_000  # milliseconds

# How long to wait for a broker's acknowledgement, several seconds of which a new leader may cost.
ACK_TIMEOUT = 30.0  # seconds

# The client's word, or the broker's, that a record will never fit its topic.
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)

# What a service needs, as /readyz names it.
BROKER = "broker"


class Pending(Protocol):
    """A send under way."""

    def get(self, timeout: float) -> object:
        """Wait for the broker's acknowledgement; raises KafkaError."""


class Producer(Protocol):
    """The one call that is made of a Kafka producer."""

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Headers) -> Pending:
        """Hand over a record; raises KafkaError."""


def next_offset(offset: int) -> int:
    """What Kafka calls the committed offset: the next message to read."""
    return offset + 1


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """The arguments that every kafka-python client shares."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap.split(","),
        "security_protocol": settings.security_protocol,
        "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT,
        "reconnect_backoff_max_ms": RECONNECT_PAUSE,
        "proxy_url": DIRECT,
    }
    if settings.ca_file:
        arguments["ssl_cafile"] = settings.ca_file
    if settings.security_protocol.startswith("SASL"):
        arguments |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.user,
            "sasl_plain_password": settings.password,
        }
    return arguments


# The producer's thread is woken to end; so long at most it is waited for.
LET_GO = 2.0  # seconds


class _Producer(KafkaProducer):  # type: ignore[misc]  # the library has no types
    """The library's own takes records one by one; it gives itself up over one that is refused or too late (``_mend``).

    Closed at once with something undelivered, it raises, and its thread goes on for ever.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        _mend(self._transaction_manager)

    def send_many(self, topic: str, records: Sequence[Record]) -> list[Together]:
        """See ``kafka_many``."""
        return send_many(self, topic, records)

    def close(self, timeout: float | None = None, **private: Any) -> None:
        """Stop; with ``timeout`` 0 whatever is undelivered fails, and nothing is raised."""
        if timeout != 0:
            super().close(timeout=timeout, **private)
            return
        self._sender.force_close()
        self._sender.join(LET_GO)
        with suppress(KafkaError):
            super().close(timeout=0, **private)


def _mend(manager: Any) -> None:
    """Let an idempotent producer take a new epoch where the library gives it up.

    Over a record that the broker refuses it would say of every later one what the
    broker said of that one. Over a batch that expired after it was sent once it would
    drop its id and never ask for another, so that nothing is sent again. With a new
    epoch, what is on its way fails, of itself, and may be sent again; what comes after goes out.
    """
    classified, reset = manager.classify_batch_error, manager.reset_producer_id

    def classify(error: Exception, *about: Any, **more: Any) -> Any:
        found = classified(error, *about, **more)
        is_lasting = isinstance(error, tuple(manager._FATAL_ERRORS))
        return manager.ERROR_CLASS_NEEDS_EPOCH_BUMP if found == manager.ERROR_CLASS_FATAL and not is_lasting else found

    def start_anew() -> None:
        if manager._current_state is TransactionState.READY:
            manager.bump_producer_id_and_epoch()
        else:
            reset()

    manager.classify_batch_error, manager.reset_producer_id = classify, start_anew


def producer(settings: KafkaSettings, *, max_request_size: int = DEAD_MESSAGE_CAP, **extra: Any) -> KafkaProducer:
    """A producer whose acknowledged records are written by every replica in sync, once and in order.

    ``enable_idempotence`` is given explicitly: left to its default, the library
    drops it silently when another argument contradicts it.
    """
    return _Producer(
        **connection(settings)
        | {
            "acks": "all",
            "enable_idempotence": True,
            "max_request_size": max_request_size,
            "linger_ms": 0,
            "partitioner": ByKey(),
        }
        | extra
    )


def consumer(settings: KafkaSettings, group: str, **extra: Any) -> KafkaConsumer:
    """A consumer that commits only what it is told to, from the beginning of what it never saw."""
    return KafkaConsumer(
        **connection(settings)
        | {
            "group_id": group,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "max_poll_records": 500,
            "session_timeout_ms": SESSION_TIMEOUT,
            "heartbeat_interval_ms": SESSION_TIMEOUT // 4,
            "max_partition_fetch_bytes": RAW_MESSAGE_CAP,
        }
        | extra,
    )


def admin(settings: KafkaSettings, **extra: Any) -> KafkaAdminClient:
    """A client for topics and groups."""
    return KafkaAdminClient(**connection(settings) | extra)


def declare(settings: KafkaSettings, wanted: TopicSettings) -> list[str]:
    """Create the topics, or bring the settings of existing ones up to date; a line for each. Safe to repeat.

    Partitions of an existing topic stay as they are: an article's key decides its
    partition, and with another number old and new revisions would part ways.
    """
    retention = {
        RAW.name: wanted.raw_retention,
        ENRICHED.name: wanted.enriched_retention,
        DEAD.name: wanted.dead_retention,
    }
    done = []
    with admin(settings, **AT_A_TERMINAL) as client:
        existing = set(client.list_topics())
        for topic in TOPICS:
            configs = {
                "cleanup.policy": "delete",
                "retention.ms": str(retention[topic.name]),
                "max.message.bytes": str(topic.max_message_bytes),
            }
            if topic.name not in existing:
                spec = {
                    "num_partitions": wanted.partitions,
                    "replication_factor": wanted.replication,
                    "configs": configs,
                }
                with suppress(TopicAlreadyExistsError):  # somebody else's setup was faster
                    client.create_topics({topic.name: spec}, wait_for_metadata=True)
                done.append(f"topic {topic.name} created, {wanted.partitions} partitions")
            else:
                client.alter_configs([ConfigResource("TOPIC", topic.name, configs)])
                done.append(f"topic {topic.name} is there, settings up to date")
    return done


def missing(settings: KafkaSettings) -> list[str]:
    """The topics that ``declare`` would still have to create; raises KafkaError after a few seconds."""
    with admin(settings, **AT_A_TERMINAL) as client:
        existing = set(client.list_topics())
    return [topic.name for topic in TOPICS if topic.name not in existing]


def watch(settings: KafkaSettings, health: Health, stop: threading.Event) -> None:
    """Keep the need ``broker`` of ``health`` true until ``stop``; one broker that answers is enough.

    Under TLS, which the client alone knows how to speak, one that takes connections.
    """
    named = [one.strip().rpartition(":") for one in settings.bootstrap.split(",")]
    addresses = [(host.strip("[]"), int(port)) for host, _, port in named]
    greeting = None if settings.security_protocol.endswith("SSL") else _greet
    reach.watch(BROKER, "Kafka", addresses, health, stop, greeting=greeting)


# ApiVersions, version 0: the one request that every broker answers to whoever asks. A number of our own, then who asks.
_HELLO = struct.pack(">hhih", 18, 0, 0, 8) + b"newswire"


def _greet(connection: socket.socket) -> None:
    """Ask a broker which requests it knows; raises OSError where it does not answer."""
    connection.sendall(struct.pack(">i", len(_HELLO)) + _HELLO)
    if not connection.recv(1):
        raise ConnectionResetError("it closed the connection")


def explain(error: Exception, settings: KafkaSettings) -> str:
    """One sentence with the next step."""
    if isinstance(error, BrokerResponseError):
        return f"Kafka at {settings.bootstrap} refused the request ({str(error)[:200]})."
    cause = str(error).removeprefix(type(error).__name__).removeprefix(": ")[:200]
    # "Unable to bootstrap from" an address is the library's way to say that nobody answers there.
    told = f" ({cause})" if cause and not cause.startswith("Unable to bootstrap") else ""
    return (
        f"Kafka at {settings.bootstrap} does not answer{told}. "
        "Is it running, here perhaps by `newswire up`, and is NEWSWIRE_KAFKA its address?"
    )
