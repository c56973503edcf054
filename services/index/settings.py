"""The index service's own settings."""

from dataclasses import dataclass

from newswire.settings import port, seconds, setting, size, whole


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How much goes into one bulk request, how long it waits for company, and how many are under way at once."""

    port: int = setting("NEWSWIRE_INDEX_PORT", port, "9103", "metrics and health of the index service")
    batch_articles: int = setting(
        "NEWSWIRE_INDEX_BATCH", whole(1, 10_000), "500", "articles in one bulk request at most"
    )
    batch_bytes: int = setting("NEWSWIRE_INDEX_BATCH_BYTES", size, "1MB", "bytes in one bulk request at most")
    linger: float = setting(
        "NEWSWIRE_INDEX_LINGER", seconds, "0", "how long an article may wait for others to share its bulk request"
    )
    requests: int = setting(
        "NEWSWIRE_INDEX_REQUESTS",
        whole(1, 64),
        "4",
        "bulk requests under way at most; fewer while Elasticsearch pushes back",
    )
    timeout: float = setting(
        "NEWSWIRE_INDEX_TIMEOUT", seconds, "60s", "how long a bulk request may take before it is sent again"
    )
    buffer_bytes: int = setting(
        "NEWSWIRE_INDEX_BUFFER", size, "8MB", "bytes read ahead from Kafka before its partitions are paused"
    )
    refresh: float = setting(
        "NEWSWIRE_INDEX_REFRESH",
        seconds,
        "100ms",
        "least time between two refreshes that make articles searchable; 2s in a backlog",
    )
