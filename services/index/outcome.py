"""What became of one item of a bulk request, decided from Elasticsearch's answer alone.

    Outcome = Indexed | Stale | Retry | Dead

Everything that passes by itself is ``Retry``, whatever it is called; everything
that would fail again for ever is ``Dead`` and becomes a letter.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from newswire.reasons import Reason, RetryReason


class Indexed(msgspec.Struct, frozen=True, tag=True):
    """Elasticsearch has it; searchable after the next refresh."""


class Stale(msgspec.Struct, frozen=True, tag=True):
    """Elasticsearch has a newer version of it already; a replay, and fine."""


class Retry(msgspec.Struct, frozen=True, tag=True):
    """Send it again after a pause; ``alone``: the request was refused as a whole, and nothing else was in it."""

    reason: RetryReason
    message: str
    alone: bool = False


class Dead(msgspec.Struct, frozen=True, tag=True):
    """It will never be accepted."""

    reason: Reason
    message: str


Outcome = Indexed | Stale | Retry | Dead

# Whoever is not let in is told through readiness and tried again: a wrong password is no property of an article.
NOT_LET_IN = (401, 403)
# By status, for a whole request as for an item.
RETRIED_STATUS: dict[int, RetryReason] = {
    401: RetryReason.UNAVAILABLE,
    403: RetryReason.UNAVAILABLE,
    408: RetryReason.TIMEOUT,
    429: RetryReason.TOO_MANY_REQUESTS,
    502: RetryReason.BAD_GATEWAY,
    503: RetryReason.UNAVAILABLE,
    504: RetryReason.GATEWAY_TIMEOUT,
}
# By Elasticsearch's error type, where it says more than the status.
RETRIED_TYPE: dict[str, RetryReason] = {
    "cluster_block_exception": RetryReason.READ_ONLY,
    "unavailable_shards_exception": RetryReason.SHARDS_UNAVAILABLE,
    "no_shard_available_action_exception": RetryReason.SHARDS_UNAVAILABLE,
    "primary_missing_action_exception": RetryReason.SHARDS_UNAVAILABLE,
    "es_rejected_execution_exception": RetryReason.TOO_MANY_REQUESTS,
    "circuit_breaking_exception": RetryReason.TOO_MANY_REQUESTS,
    # The alias is missing: `newswire setup` has not run, or a swap is under way. No fault of the article.
    "index_not_found_exception": RetryReason.UNAVAILABLE,
    "index_closed_exception": RetryReason.UNAVAILABLE,
    # A server older than the client takes none of its requests.
    "media_type_header_exception": RetryReason.UNAVAILABLE,
}
# An alias without an index to write to, in the middle of a swap, comes under the same name as a bad value.
NO_WRITE_INDEX = "no write index is defined for alias"
MAPPING_ERRORS = frozenset(
    {
        "document_parsing_exception",
        "mapper_parsing_exception",
        "strict_dynamic_mapping_exception",
        "illegal_argument_exception",
    }
)


# What Elasticsearch says when it has too much in hand (indexing pressure). A primary counts an operation several times.
_PRESSURE = re.compile(r"all_bytes=(\d+), \w+_operation_bytes=(\d+), max_\w+_bytes=(\d+)")
# Elasticsearch counts some bytes beside those that were sent.
_COUNTED_BESIDE = 1024


def is_too_large(outcome: Outcome, sent: int) -> bool:
    """Whether a request of ``sent`` bytes was pushed back for its own size, so that it would be for ever.

    It is if it is larger than all that may be under way at once, or if nothing else
    was under way. Elasticsearch calls it a 429 like any other.
    """
    pressure = _PRESSURE.search(outcome.message) if isinstance(outcome, Retry) else None
    if pressure is None:
        return False
    under_way, operation, most = map(int, pressure.groups())
    return operation > most or under_way <= sent + _COUNTED_BESIDE


def in_its_own_words(error: Any) -> bool:
    """Whether it is Elasticsearch that speaks, and not a proxy, a firewall or a login page before it."""
    return isinstance(error, Mapping) and isinstance(error.get("type"), str)


def error_text(error: Any) -> str:
    """Elasticsearch's reason and its root cause in one line, or whatever something else says."""
    if not in_its_own_words(error):
        return str(error or "")[:500]
    said = f"{error.get('type', 'error')}: {error.get('reason', '')}"
    cause = error.get("caused_by")
    if isinstance(cause, Mapping):
        said += f" (caused by {cause.get('type', 'error')}: {cause.get('reason', '')})"
    return said[:500]


TOO_LARGE = Dead(Reason.TOO_LARGE, "Elasticsearch takes no request as large as this article alone.")


def classify(status: int, error: Any = None) -> Outcome:
    """The outcome of one item with HTTP-like ``status`` and Elasticsearch's ``error`` object, if any."""
    if 200 <= status < 300:
        return Indexed()
    kind = str(error.get("type", "")) if isinstance(error, Mapping) else ""
    if status == 409:
        return Stale()
    swapping = RetryReason.UNAVAILABLE if NO_WRITE_INDEX in error_text(error) else None
    if retry := swapping or RETRIED_TYPE.get(kind) or RETRIED_STATUS.get(status):
        return Retry(retry, error_text(error))
    if status >= 500 or status < 400:  # nothing a client caused
        return Retry(RetryReason.SERVER_ERROR, error_text(error) or f"status {status}")
    if status == 413:
        return TOO_LARGE
    return Dead(Reason.MAPPING_REJECTED if kind in MAPPING_ERRORS else Reason.REFUSED, error_text(error))
