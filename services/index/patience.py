"""Requests that outlast a server in trouble: what passes by itself is tried again, without limit."""

import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from services.index import bulk
from services.index.backoff import pause
from services.index.blame import Blame, Case
from services.index.bulk import A
from services.index.outcome import Dead, Indexed, Retry, Stale, classify

T = TypeVar("T")

Settled = list[tuple[A, Indexed | Stale | Dead]]


class Patience:
    """Holds a client; ``waiting(cause)`` is called before each pause, and may raise to end it."""

    def __init__(self, client: Elasticsearch, *, waiting: Callable[[str], None]) -> None:
        self.client = client
        self._waiting = waiting
        self._blame = Blame()

    def ask(self, request: Callable[[], T]) -> T:
        """The answer to ``request``, which is called until the server can give one; other errors are raised."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return request()
            except (ApiError, TransportError) as error:
                cause = _passing(error)
                if cause is None:
                    raise
            self.wait(cause, attempt)

    def write(self, items: Sequence[A]) -> Settled[A]:
        """Send ``items`` until each is written, stale or known to be dead."""
        settled: Settled[A] = []
        case = Case()
        attempt = 0
        while items:
            attempt += 1
            again: list[A] = []
            cause = ""
            for item, outcome in self._blame.send(self.client, items, case):
                match outcome:
                    case Retry(message=message):
                        again.append(item)
                        cause = message
                    case Indexed() | Stale() | Dead():
                        settled.append((item, outcome))
            if again:
                self.wait(cause, attempt)
            items = again
        return settled

    def wait(self, cause: str, attempt: int = 1) -> None:
        """Tell ``cause``, then pause, the longer the more attempts there were."""
        self._waiting(cause)
        time.sleep(pause(attempt, random.uniform))


def _passing(error: ApiError | TransportError) -> str | None:
    """What Elasticsearch waits for; None where asking again would not help."""
    if not isinstance(error, ApiError):
        return f"{type(error).__name__}: {error}"
    outcome = classify(error.status_code, bulk.cause_of(error))
    return outcome.message if isinstance(outcome, Retry) and error.status_code not in (401, 403, 404) else None
