"""The settings of the local stack."""

from dataclasses import dataclass

from newswire.settings import port, setting, text


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Where the local stack listens and what it keeps outside the data directory."""

    kafka_port: int = setting("NEWSWIRE_KAFKA_PORT", port, "9092", "port of the local Kafka; 0 takes a free one")
    elasticsearch_port: int = setting(
        "NEWSWIRE_ELASTICSEARCH_PORT", port, "9200", "port of the local Elasticsearch; 0 takes a free one"
    )
    cache: str = setting(
        "NEWSWIRE_CACHE", text, "", "where the engines are kept once fetched; $XDG_CACHE_HOME/newswire if empty"
    )
