"""Dead letters of the index stage: sent, and awaited, before the offset of what failed may be committed."""

from collections.abc import Callable, Sequence
from typing import Protocol

from kafka.errors import KafkaError

from newswire import dead_letter
from newswire.dead_letter import DeadLetter
from newswire.topics import DEAD, Headers, Trail, headers
from services.index.backoff import pause

ACK_TIMEOUT = 30.0  # seconds; then the letter is sent again, and its id makes the two one


class Pending(Protocol):
    """A send under way."""

    def get(self, timeout: float) -> object:
        """Wait for the broker's acknowledgement; raises KafkaError."""


class Producer(Protocol):
    """The one call that is made of a Kafka producer."""

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Headers) -> Pending:
        """Hand over a record; raises KafkaError."""


class Letters:
    """Sends letters; used by several threads. ``wait(seconds)`` returns True when the service is to stop."""

    def __init__(
        self,
        producer: Producer,
        *,
        wait: Callable[[float], bool],
        uniform: Callable[[float, float], float],
        on_failure: Callable[[str], None],
    ) -> None:
        self._producer = producer
        self._wait = wait
        self._uniform = uniform
        self._on_failure = on_failure

    def send(self, letters: Sequence[tuple[DeadLetter, Trail]]) -> bool:
        """Block until every letter is acknowledged, however long the broker is away; False: stopped before that."""
        attempt = 0
        while letters:
            attempt += 1
            under_way = []
            failed = []
            for letter, trail in letters:
                try:
                    future = self._producer.send(
                        DEAD.name,
                        key=letter.key.encode("utf-8", "replace"),
                        value=dead_letter.encode(letter),
                        headers=headers(dead_letter.SCHEMA, trail),
                    )
                    under_way.append((future, letter, trail))
                except KafkaError as error:
                    self._on_failure(str(error))
                    failed.append((letter, trail))
            for future, letter, trail in under_way:
                try:
                    future.get(timeout=ACK_TIMEOUT)
                except KafkaError as error:
                    self._on_failure(str(error))
                    failed.append((letter, trail))
            if failed and self._wait(pause(attempt, self._uniform)):
                return False
            letters = failed
        return True
