"""The bulk loop: every item is sent until it is indexed, known to be stale, or known to be dead.

``elasticsearch.helpers`` is not used: it does not retry items that were refused
with 429 unless told to in a way that hides other errors, it never retries a
time-out, and it forgets which message an item came from.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError

from newswire.reasons import Reason, RetryReason
from services.index.backoff import pause
from services.index.item import Item
from services.index.outcome import Dead, Indexed, Outcome, Retry, Stale, classify, error_text

# An item that fails with an unknown server error in answers that are otherwise sound is broken, not unlucky.
SERVER_ERROR_LIMIT = 10  # attempts
ANSWER = "took,errors,items.*.status,items.*._id,items.*.error"

Settled = list[tuple[Item, Indexed | Stale | Dead]]


class BulkClient(Protocol):
    """The one call that is made of an Elasticsearch client."""

    def bulk(self, *, operations: Sequence[bytes], filter_path: str) -> Any:
        """Send one bulk request; raises ApiError or TransportError."""


class Bulk:
    """Writes batches; one instance may be used by several threads.

    ``wait(seconds)`` sleeps and returns True when the service is to stop;
    ``uniform`` is random.uniform; ``on_retry(reason, items, message)`` is told of
    every repetition.
    """

    def __init__(
        self,
        client: BulkClient,
        *,
        wait: Callable[[float], bool],
        uniform: Callable[[float, float], float],
        on_retry: Callable[[RetryReason, int, str], None],
    ) -> None:
        self._client = client
        self._wait = wait
        self._uniform = uniform
        self._on_retry = on_retry

    def write(self, items: Sequence[Item]) -> Settled:
        """Send ``items`` until each is settled; blocks without limit while Elasticsearch is away.

        Only what failed is sent again. Returns early, with the rest missing from
        the answer, when the service is to stop: those come again from Kafka.
        """
        settled: Settled = []
        broken: Counter[str] = Counter()
        attempt = 0
        while items:
            attempt += 1
            again: list[Item] = []
            reasons: dict[RetryReason, tuple[int, str]] = {}
            for item, outcome in self._send(items):
                if isinstance(outcome, Retry) and outcome.reason is RetryReason.SERVER_ERROR:
                    broken[item.id] += 1
                match outcome:
                    case Retry(_, message) if broken[item.id] >= SERVER_ERROR_LIMIT:
                        settled.append((item, Dead(Reason.REFUSED, f"{message} ({broken[item.id]} attempts)")))
                    case Retry(reason, message):
                        again.append(item)
                        reasons[reason] = (reasons.get(reason, (0, ""))[0] + 1, message)
                    case Indexed() | Stale() | Dead():
                        settled.append((item, outcome))
            for reason, (count, message) in reasons.items():
                self._on_retry(reason, count, message)
            if again and self._wait(pause(attempt, self._uniform)):
                break
            items = again
        return settled

    def _send(self, items: Sequence[Item]) -> list[tuple[Item, Outcome]]:
        """One request (more when it has to be cut), one outcome an item."""
        try:
            answer = self._client.bulk(operations=[item.lines for item in items], filter_path=ANSWER)
        except ConnectionTimeout as error:
            # It may have been applied all the same: the versions make the repetition harmless.
            return _all(items, Retry(RetryReason.TIMEOUT, str(error)))
        except TransportError as error:
            return _all(items, Retry(RetryReason.CONNECTION, f"{type(error).__name__}: {error}"))
        except ApiError as error:
            return self._refused(items, error)
        return _read(items, answer)

    def _refused(self, items: Sequence[Item], error: ApiError) -> list[tuple[Item, Outcome]]:
        """The whole request was refused: too large, or one item makes it unreadable. Find the culprit by halves."""
        cause = error.body.get("error") if isinstance(error.body, dict) else error.body
        outcome = classify(error.status_code, cause)
        if isinstance(outcome, Retry) and outcome.reason is not RetryReason.SERVER_ERROR:
            return _all(items, outcome)
        if error.status_code not in (400, 413):
            # A server in trouble, a wrong address, a proxy's word: nothing that an article could have caused.
            return _all(items, Retry(RetryReason.UNAVAILABLE, f"status {error.status_code}: {error_text(cause)}"))
        if len(items) == 1:
            return [(items[0], outcome)]
        middle = len(items) // 2
        return self._send(items[:middle]) + self._send(items[middle:])


def _all(items: Sequence[Item], outcome: Outcome) -> list[tuple[Item, Outcome]]:
    return [(item, outcome) for item in items]


def _read(items: Sequence[Item], answer: Any) -> list[tuple[Item, Outcome]]:
    """Match the answer's items with ours; an answer that does not fit is no answer."""
    answers = [entry.get("index", {}) for entry in answer.get("items", ())]
    if [entry.get("_id") for entry in answers] != [item.id for item in items]:
        return _all(items, Retry(RetryReason.BAD_ANSWER, f"{len(answers)} answers to {len(items)} items"))
    return [
        (item, classify(entry.get("status", 0), entry.get("error"))) for item, entry in zip(items, answers, strict=True)
    ]
