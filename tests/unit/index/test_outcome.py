import pytest

from newswire.reasons import Reason, RetryReason
from services.index.outcome import Dead, Indexed, Retry, Stale, classify


@pytest.mark.parametrize("status", [200, 201])
def test_success_is_indexed(status: int) -> None:
    assert classify(status) == Indexed()


def test_a_newer_version_in_the_index_makes_ours_stale() -> None:
    assert (
        classify(409, {"type": "version_conflict_engine_exception", "reason": "current version is higher"}) == Stale()
    )


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (429, "es_rejected_execution_exception", RetryReason.TOO_MANY_REQUESTS),
        (429, "circuit_breaking_exception", RetryReason.TOO_MANY_REQUESTS),
        (429, "cluster_block_exception", RetryReason.READ_ONLY),
        (403, "cluster_block_exception", RetryReason.READ_ONLY),
        (502, "", RetryReason.BAD_GATEWAY),
        (503, "unavailable_shards_exception", RetryReason.SHARDS_UNAVAILABLE),
        (503, "", RetryReason.UNAVAILABLE),
        (504, "", RetryReason.GATEWAY_TIMEOUT),
        (404, "index_not_found_exception", RetryReason.UNAVAILABLE),
        (400, "index_closed_exception", RetryReason.UNAVAILABLE),
        (401, "security_exception", RetryReason.UNAVAILABLE),
        (500, "something_new", RetryReason.SERVER_ERROR),
        (0, "", RetryReason.SERVER_ERROR),
    ],
)
def test_what_passes_by_itself_is_tried_again(status: int, kind: str, reason: RetryReason) -> None:
    outcome = classify(status, {"type": kind, "reason": "r"})
    assert isinstance(outcome, Retry)
    assert outcome.reason is reason


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (400, "document_parsing_exception", Reason.MAPPING_REJECTED),
        (400, "strict_dynamic_mapping_exception", Reason.MAPPING_REJECTED),
        (400, "a_name_of_tomorrow", Reason.REFUSED),
        (413, "", Reason.TOO_LARGE),
        (422, "", Reason.REFUSED),
    ],
)
def test_what_would_fail_for_ever_is_dead(status: int, kind: str, reason: Reason) -> None:
    outcome = classify(status, {"type": kind, "reason": "r", "caused_by": {"type": "c", "reason": "why"}})
    assert isinstance(outcome, Dead)
    assert outcome.reason is reason


def test_an_alias_without_a_write_index_is_a_swap_under_way_and_no_bad_article() -> None:
    reason = "no write index is defined for alias [newswire]. The write index may be explicitly disabled"
    outcome = classify(400, {"type": "illegal_argument_exception", "reason": reason})
    assert isinstance(outcome, Retry)
