"""Instants between messages: Kafka's clock has milliseconds."""

import time
from datetime import UTC, datetime


def next_millisecond() -> str:
    """Wait until nothing that was sent before has the time that is returned."""
    start = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 <= start + 1:
        pass
    return datetime.now(UTC).isoformat(timespec="milliseconds")
