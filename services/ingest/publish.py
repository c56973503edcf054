"""Steps 3 and 4 as the rest of ingest sees them: send messages and wait until the broker has every one of them.

``broker`` has the real one, ``memory`` one for tests.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from newswire.topics import Headers


class Message(NamedTuple):
    """What goes to the broker."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


class Publisher(Protocol):
    """Where messages go."""

    def publish(self, messages: Sequence[Message], most: int | None = None) -> list[str | None]:
        """Send ``messages`` in order; returns when the broker has acknowledged every one.

        For each: None, or why the broker will never take it (it has more than
        ``most`` bytes, or more than the topic allows); such a one is not sent. Blocks
        for as long as the broker is away; raises Stopped when the service is to
        leave first: then any of them may or may not have arrived.
        """

    def close(self) -> None:
        """Let go of the broker."""


def oversize(message: Message, most: int | None) -> str | None:
    """What is to be said of a message with more than ``most`` bytes."""
    if most is None or len(message.value) <= most:
        return None
    return f"it has {len(message.value):,} bytes and the limit is {most:,}"
