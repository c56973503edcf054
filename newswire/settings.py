"""Settings: environment variables, read once at start into one frozen dataclass per service.

A field declares its variable, its parser, its default and its line of help::

    batch_bytes: int = setting("NEWSWIRE_INDEX_BATCH_BYTES", size, "5MB", "largest bulk request")

``load`` reads a class from an environment and raises one ``SettingsError`` that
names every mistake, not the first. ``newswire check --settings`` and the table
in ``docs/settings.md`` are made from the same declarations.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit, urlunsplit

from newswire.topics import PARTITIONS

T = TypeVar("T")


class SettingsError(ValueError):
    """One or more settings cannot be used; ``mistakes`` holds a sentence for each."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__(" ".join(mistakes))


class Declared(NamedTuple):
    """What is known of a setting without reading it."""

    variable: str
    default: str
    help: str
    secret: bool


def setting(variable: str, parse: Callable[[str], Any], default: str, help: str, *, secret: bool = False) -> Any:
    """A dataclass field read from ``variable``; ``parse`` raises ValueError with the end of a sentence."""
    declared = Declared(variable, default, help, secret)
    return field(default_factory=lambda: parse(default), metadata={"declared": declared, "parse": parse})


def declared(settings_class: type) -> list[Declared]:
    """The settings of a class, in order."""
    return [f.metadata["declared"] for f in fields(settings_class)]


def load(settings_class: type[T], environ: Mapping[str, str] | None = None) -> T:
    """Read ``settings_class`` from ``environ`` (the process's own by default); raises SettingsError."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for f in fields(settings_class):  # type: ignore[arg-type]
        known: Declared = f.metadata["declared"]
        raw = environ.get(known.variable, "").strip() or known.default
        try:
            values[f.name] = f.metadata["parse"](raw)
        except ValueError as error:
            shown = "its value" if known.secret else repr(raw)
            mistakes.append(f"{known.variable}: {shown} {error}.")
    if mistakes:
        raise SettingsError(mistakes)
    return settings_class(**values)


def shown(known: Declared, environ: Mapping[str, str]) -> str:
    """The value in force, fit to be printed: secrets and passwords inside addresses are replaced."""
    value = environ.get(known.variable, "").strip() or known.default
    if known.secret:
        return "(set)" if value else ""
    return redact(value)


def redact(address: str) -> str:
    """An address without its user name and password."""
    if "@" not in address or "://" not in address:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=f"(redacted)@{parts.netloc.rpartition('@')[2]}"))


# --- parsers -------------------------------------------------------------------------------------


def text(raw: str) -> str:
    """Any text."""
    return raw


def path(raw: str) -> Path:
    """A path; ``~`` is the home directory."""
    return Path(raw).expanduser()


def paths(raw: str) -> tuple[Path, ...]:
    """Paths separated as in PATH."""
    return tuple(path(part) for part in raw.split(os.pathsep) if part)


def flag(raw: str) -> bool:
    """A yes or a no."""
    try:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[raw.lower()]
    except KeyError:
        raise ValueError("is neither yes nor no") from None


def one_of(*choices: str) -> Callable[[str], str]:
    """One word of a closed list."""

    def parse(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"is not one of {', '.join(choices)}")
        return raw

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds, both inclusive."""

    def parse(raw: str) -> int:
        if not re.fullmatch(r"-?\d{1,18}", raw) or not low <= int(raw) <= high:
            raise ValueError(f"is not a whole number from {low} to {high}")
        return int(raw)

    return parse


def port(raw: str) -> int:
    """A TCP port; 0 takes a free one."""
    return whole(0, 65535)(raw)


def seconds(raw: str) -> float:
    """A duration: ``250ms``, ``5s``, ``2m``, ``1h``, ``90d``; a bare number is seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?", raw)
    if not match:
        raise ValueError("is not a duration such as 250ms, 5s or 2m")
    return float(match[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[match[2] or "s"]


def size(raw: str) -> int:
    """A number of bytes: ``64KB``, ``5MB``, ``1GB`` (powers of 1024); a bare number is bytes."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(KB|MB|GB|B)?", raw.upper())
    if not match:
        raise ValueError("is not a size such as 64KB or 5MB")
    return int(float(match[1]) * {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}[match[2] or "B"])


def url(raw: str) -> str:
    """A web address with a port, as Elasticsearch's client wants it."""
    try:
        parts = urlsplit(raw)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        good = False
    if not good:
        raise ValueError("is not an address such as http://127.0.0.1:9200, with its port")
    return raw


def servers(raw: str) -> str:
    """One or more ``host:port``, separated by commas."""
    if not all(re.fullmatch(r"\s*(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}\s*", one) for one in raw.split(",")):
        raise ValueError("is not host:port, or several of them separated by commas")
    return raw


def retention(raw: str) -> int:
    """Milliseconds, as Kafka's ``retention.ms`` has it; ``forever`` is -1."""
    return -1 if raw == "forever" else int(seconds(raw) * 1000)


# --- settings that more than one service reads ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach Kafka."""

    bootstrap: str = setting(
        "NEWSWIRE_KAFKA", servers, "127.0.0.1:9092", "Kafka's bootstrap servers, host:port[,host:port]"
    )
    security_protocol: str = setting(
        "NEWSWIRE_KAFKA_SECURITY_PROTOCOL",
        one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
        "PLAINTEXT",
        "how the connection to Kafka is protected",
    )
    ca_file: str = setting("NEWSWIRE_KAFKA_CA_FILE", text, "", "certificate authority of Kafka's certificate, PEM")
    sasl_mechanism: str = setting(
        "NEWSWIRE_KAFKA_SASL_MECHANISM",
        one_of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
        "SCRAM-SHA-512",
        "how to log in to Kafka, where the protocol is a SASL one",
    )
    user: str = setting("NEWSWIRE_KAFKA_USER", text, "", "user name at Kafka")
    password: str = setting("NEWSWIRE_KAFKA_PASSWORD", text, "", "password at Kafka", secret=True)


@dataclass(frozen=True, slots=True)
class ElasticsearchSettings:
    """How to reach Elasticsearch, and the shape of its indices."""

    url: str = setting("NEWSWIRE_ELASTICSEARCH", url, "http://127.0.0.1:9200", "Elasticsearch's address")
    api_key: str = setting("NEWSWIRE_ELASTICSEARCH_API_KEY", text, "", "API key, base64 form", secret=True)
    user: str = setting("NEWSWIRE_ELASTICSEARCH_USER", text, "", "user name, where no API key is given")
    password: str = setting("NEWSWIRE_ELASTICSEARCH_PASSWORD", text, "", "password of that user", secret=True)
    ca_file: str = setting("NEWSWIRE_ELASTICSEARCH_CA_FILE", text, "", "certificate authority of its certificate, PEM")
    shards: int = setting("NEWSWIRE_SHARDS", whole(1, 1024), "1", "primary shards of a new index generation")
    replicas: int = setting("NEWSWIRE_REPLICAS", whole(0, 16), "0", "copies of each shard; 1 or more past one machine")
    refresh_interval: str = setting(
        "NEWSWIRE_REFRESH_INTERVAL", text, "1s", "Elasticsearch's own refresh, beside those the index service asks for"
    )


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What every service has."""

    http_host: str = setting("NEWSWIRE_HTTP_HOST", text, "127.0.0.1", "where metrics and health are served")
    log_level: str = setting(
        "NEWSWIRE_LOG_LEVEL", one_of("debug", "info", "warning", "error"), "info", "the least level that is logged"
    )
    log_format: str = setting("NEWSWIRE_LOG_FORMAT", one_of("logfmt", "json"), "logfmt", "how a log line is written")
    data: Path = setting("NEWSWIRE_DATA", path, "data", "ledger, put-away files, engine data and logs")
    stop_grace: float = setting(
        "NEWSWIRE_STOP_GRACE", seconds, "6s", "how long a stopping service may take to finish what is in flight"
    )


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How ``newswire setup`` creates the topics; existing topics keep their partitions."""

    partitions: int = setting(
        "NEWSWIRE_PARTITIONS", whole(1, 1024), str(PARTITIONS), "partitions of a new topic; never changed later"
    )
    replication: int = setting("NEWSWIRE_REPLICATION", whole(1, 16), "1", "replicas of a new topic; 3 past one machine")
    raw_retention: int = setting("NEWSWIRE_RAW_RETENTION", retention, "forever", "how long raw articles are kept")
    enriched_retention: int = setting(
        "NEWSWIRE_ENRICHED_RETENTION", retention, "90d", "how long enriched articles are kept"
    )
    dead_retention: int = setting("NEWSWIRE_DEAD_RETENTION", retention, "forever", "how long dead letters are kept")
