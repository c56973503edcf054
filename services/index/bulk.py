"""One bulk request: what is sent, and what became of each item of it.

``elasticsearch.helpers`` is not used: it does not retry items that were refused
with 429 unless told to in a way that hides other errors, it never retries a
time-out, and it forgets which message an item came from.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import msgspec
from elastic_transport import ConnectionTimeout, SerializationError, TransportError
from elasticsearch import ApiError

from newswire.reasons import RetryReason
from services.index.outcome import (
    NOT_LET_IN,
    RETRIED_STATUS,
    TOO_LARGE,
    Outcome,
    Retry,
    classify,
    error_text,
    in_its_own_words,
    is_too_large,
)

# Only what is read of an answer; its full text is as long as the request.
FILTER = "items.*.status,items.*._id,items.*.error"


class Action(Protocol):
    """One line of a bulk request, and the document's where there is one."""

    @property
    def id(self) -> str:
        """The document's ``_id``."""

    @property
    def lines(self) -> bytes:
        """As the bulk API reads them."""


A = TypeVar("A", bound=Action)
Answered = list[tuple[A, Outcome]]


class Entry(msgspec.Struct):
    """What Elasticsearch says of one item; ``error`` is its error object."""

    id: str = msgspec.field(name="_id")
    status: int
    error: Any = None


class Answer(msgspec.Struct):
    """The answer to a bulk request: by action, ``index`` or ``delete``, one entry each."""

    items: list[dict[str, Entry]]


class BulkClient(Protocol):
    """The one call that is made of an Elasticsearch client."""

    def bulk(self, *args: Any, **arguments: Any) -> Any:
        """Send ``operations``; the answer's ``body`` is what was parsed. Raises ApiError or TransportError."""


def send(client: BulkClient, items: Sequence[A]) -> Answered[A]:
    """Send ``items`` once; returns an outcome for each, in their order. Blocks for one request.

    A request that was refused because it is too large, or because an item makes it
    unreadable, is cut in halves until the culprit is alone.
    """
    if not items:
        return []
    try:
        answer = client.bulk(operations=[item.lines for item in items], filter_path=FILTER).body
    except ConnectionTimeout as error:
        # It may have been applied all the same: the versions make the repetition harmless.
        return _all(items, Retry(RetryReason.TIMEOUT, str(error)))
    except SerializationError as error:
        return _all(items, Retry(RetryReason.BAD_ANSWER, str(error)[:500]))
    except TransportError as error:
        return _all(items, Retry(RetryReason.CONNECTION, f"{type(error).__name__}: {error}"))
    except ApiError as error:
        return _refused(client, items, error)
    return _without_the_large(client, _read(items, answer))


def sort_out(client: BulkClient, items: Sequence[A]) -> Answered[A]:
    """As ``send``, and what is refused together (``RetryReason.REFUSED``) is cut in halves until it is alone."""
    answered = send(client, items)
    refused = [item for item, outcome in answered if _refused_together(outcome)]
    middle = len(refused) // 2
    again = iter(sort_out(client, refused[:middle]) + sort_out(client, refused[middle:]) if refused else [])
    return [next(again) if _refused_together(outcome) else (item, outcome) for item, outcome in answered]


def try_one(client: BulkClient, items: Sequence[A], *, turn: int) -> Answered[A]:
    """Send one item alone, another one each ``turn``, and ``sort_out`` the others where that goes well.

    For when nothing is known to go well: where everything is refused, it costs one
    small request.
    """
    scout = turn % len(items)
    (first,) = send(client, items[scout : scout + 1])
    others = [*items[:scout], *items[scout + 1 :]]
    match first:
        case (_, Retry(message=message)):
            answered = _all(others, Retry(RetryReason.REFUSED, message))
        case _:
            answered = sort_out(client, others)
    return [*answered[:scout], first, *answered[scout:]]


def cause_of(error: ApiError) -> Any:
    """What the server said: Elasticsearch's error object, or the words of something between."""
    return error.body.get("error", error.body) if isinstance(error.body, dict) else error.body


def _refused(client: BulkClient, items: Sequence[A], error: ApiError) -> Answered[A]:
    cause = cause_of(error)
    outcome = classify(error.status_code, cause)
    if is_too_large(outcome, _size(items)):
        return _halves(client, items) if len(items) > 1 else _all(items, TOO_LARGE)
    elastic = in_its_own_words(cause)
    if error.status_code == 413 or (error.status_code == 400 and elastic and not isinstance(outcome, Retry)):
        return _halves(client, items) if len(items) > 1 else _all(items, outcome)
    said = f"status {error.status_code}: {error_text(cause)}"
    if elastic:
        passing = isinstance(outcome, Retry) and outcome.reason is not RetryReason.SERVER_ERROR
        return _all(items, outcome if passing else Retry(RetryReason.UNAVAILABLE, said))
    if error.status_code in RETRIED_STATUS and error.status_code not in NOT_LET_IN:
        return _all(items, outcome)
    # Nothing that passes by itself, in the words of something between: it may dislike all that we send, or one article.
    return _all(items, Retry(RetryReason.REFUSED, said, alone=len(items) == 1))


def _refused_together(outcome: Outcome) -> bool:
    return isinstance(outcome, Retry) and outcome.reason is RetryReason.REFUSED and not outcome.alone


def _without_the_large(client: BulkClient, answered: Answered[A]) -> Answered[A]:
    """``answered``, with what was too much together sent again by halves; a shard refuses all that it gets at once."""
    sent = _size([item for item, _ in answered])
    large = [item for item, outcome in answered if is_too_large(outcome, sent)]
    if not large:
        return answered
    if len(answered) == 1:
        return _all(large, TOO_LARGE)
    again = iter(_halves(client, large) if len(large) > 1 else send(client, large))
    return [next(again) if is_too_large(outcome, sent) else (item, outcome) for item, outcome in answered]


def _halves(client: BulkClient, items: Sequence[A]) -> Answered[A]:
    middle = len(items) // 2
    return send(client, items[:middle]) + send(client, items[middle:])


def _size(items: Sequence[Action]) -> int:
    return sum(len(item.lines) for item in items)


def _all(items: Sequence[A], outcome: Outcome) -> Answered[A]:
    return [(item, outcome) for item in items]


def _read(items: Sequence[A], answer: Any) -> Answered[A]:
    """Match the answer's items with ours; an answer that does not fit is no answer."""
    try:
        entries = [entry for action in msgspec.convert(answer, Answer).items for entry in action.values()]
    except msgspec.ValidationError as error:
        return _all(items, Retry(RetryReason.BAD_ANSWER, f"no answer to a bulk request: {error}"))
    if [entry.id for entry in entries] != [item.id for item in items]:
        return _all(items, Retry(RetryReason.BAD_ANSWER, f"{len(entries)} answers to {len(items)} items"))
    return [(item, classify(entry.status, entry.error)) for item, entry in zip(items, entries, strict=True)]
