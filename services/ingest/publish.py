"""Steps 3 and 4 as the rest of ingest sees them: send messages and wait until the broker has every one of them.

``broker`` has the real one, ``memory`` one for tests.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from newswire.topics import Headers


class Message(msgspec.Struct, frozen=True):
    """What goes to the broker."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


class Sending:
    """Messages on their way; for each an answer: None, or why the broker will never take it.

    It has more than ``most`` bytes, or more than the topic allows; such a one is not sent.
    """

    def __init__(self, messages: Sequence[Message], most: int | None = None) -> None:
        self.messages = messages
        self.answers = [oversize(message, most) for message in messages]
        self.unsent = deque(number for number, answer in enumerate(self.answers) if answer is None)
        # What the broker has not acknowledged yet, as the client has it.
        self.in_flight: deque[Any] = deque()
        # Whether each is handed over alone, so that one that is too large takes none along.
        self.one_by_one = False


class Publisher(Protocol):
    """Where messages go; one thread's."""

    def send(self, messages: Sequence[Message], most: int | None = None) -> Sending:
        """Hand over as many of ``messages`` as may be in flight, in order; waits for no acknowledgement."""

    def settle(self, sending: Sending) -> list[str | None]:
        """Send what was not sent, and wait until the broker has acknowledged every one; returns their answers.

        Blocks for as long as the broker is away; raises Stopped when the service is to
        leave first: then any of them may or may not have arrived.
        """

    def close(self) -> None:
        """Let go of the broker."""


def publish(publisher: Publisher, messages: Sequence[Message], most: int | None = None) -> list[str | None]:
    """Send ``messages`` and wait; returns their answers. Raises Stopped."""
    return publisher.settle(publisher.send(messages, most))


def oversize(message: Message, most: int | None) -> str | None:
    """What is to be said of a message with more than ``most`` bytes."""
    if most is None or len(message.value) <= most:
        return None
    return f"it has {len(message.value):,} bytes and the limit is {most:,}"
