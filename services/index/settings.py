"""The index service's own settings."""

from dataclasses import dataclass

from newswire.settings import port, seconds, setting, size, whole


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How much goes into one bulk request, and how many are under way at once."""

    port: int = setting("NEWSWIRE_INDEX_PORT", port, "9103", "metrics and health of the index service")
    batch_articles: int = setting(
        "NEWSWIRE_INDEX_BATCH", whole(1, 10_000), "500", "articles in one bulk request at most"
    )
    batch_bytes: int = setting("NEWSWIRE_INDEX_BATCH_BYTES", size, "5MB", "bytes in one bulk request at most")
    requests: int = setting("NEWSWIRE_INDEX_REQUESTS", whole(1, 64), "2", "bulk requests under way at once")
    buffer_bytes: int = setting(
        "NEWSWIRE_INDEX_BUFFER", size, "32MB", "bytes read ahead from Kafka before its partitions are paused"
    )
    refresh: float = setting(
        "NEWSWIRE_INDEX_REFRESH", seconds, "100ms", "least time between two refreshes that make articles searchable"
    )
