"""Dead letters of the index stage: sent, and awaited, before the offset of what failed may be committed."""

import math
import time
from collections.abc import Callable, Sequence

from kafka.errors import KafkaError

from newswire import dead_letter
from newswire.dead_letter import DeadLetter, without_original
from newswire.kafka import ACK_TIMEOUT, TOO_LARGE, Producer
from newswire.logging import SAID_AGAIN, get_logger
from newswire.topics import DEAD, Trail, headers
from services.index.backoff import pause

log = get_logger()

Post = tuple[DeadLetter, Trail]


class Letters:
    """Sends letters; used by several threads.

    ``wait(seconds)`` returns True when the service is to stop; ``on_failure(cause)``
    is told of every letter that was not acknowledged, the log of one now and then.
    """

    def __init__(
        self,
        producer: Producer,
        *,
        wait: Callable[[float], bool],
        uniform: Callable[[float, float], float],
        on_failure: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._producer = producer
        self._wait = wait
        self._uniform = uniform
        self._on_failure = on_failure
        self._clock = clock
        self._told = -math.inf

    def send(self, letters: Sequence[Post]) -> bool:
        """Block until every letter is acknowledged, however long the broker is away; False: stopped before that.

        A letter that is sent twice is one: its id says so. One that is too large for
        its topic goes without its original, which its ``detail`` says the place of.
        """
        attempt = 0
        while letters:
            attempt += 1
            failed = self._attempt(letters)
            for (letter, _), error in failed:
                self._tell(letter, error, attempt)
            if failed and self._wait(pause(attempt, self._uniform)):
                return False
            letters = [_lighter(letter, trail, error) for (letter, trail), error in failed]
        return True

    def _attempt(self, letters: Sequence[Post]) -> list[tuple[Post, KafkaError]]:
        """Send each once and wait; returns what the broker did not take, and why."""
        under_way = []
        failed: list[tuple[Post, KafkaError]] = []
        for letter, trail in letters:
            try:
                future = self._producer.send(
                    DEAD.name,
                    key=letter.key.encode("utf-8", "replace"),
                    value=dead_letter.encode(letter),
                    headers=headers(dead_letter.SCHEMA, trail),
                )
                under_way.append((future, (letter, trail)))
            except KafkaError as error:
                failed.append(((letter, trail), error))
        for future, post in under_way:
            try:
                future.get(timeout=ACK_TIMEOUT)
            except KafkaError as error:
                failed.append((post, error))
        return failed

    def _tell(self, letter: DeadLetter, error: KafkaError, attempt: int) -> None:
        self._on_failure(str(error))
        now = self._clock()
        if now - self._told >= SAID_AGAIN:
            self._told = now
            key = letter.key[: dead_letter.LONGEST_NAME]
            log.warning("dead letter not acknowledged", key=key, attempt=attempt, cause=str(error)[:500])


def _lighter(letter: DeadLetter, trail: Trail, error: KafkaError) -> Post:
    """What to try next: without the original where the broker says that the letter is too large."""
    if not isinstance(error, TOO_LARGE) or not letter.original:
        return letter, trail
    log.warning(
        "dead letter too large for its topic, sent without the original",
        key=letter.key[: dead_letter.LONGEST_NAME],
        bytes=len(letter.original),
        cause=str(error)[:500],
    )
    return without_original(letter), trail
