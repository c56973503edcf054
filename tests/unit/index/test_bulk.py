"""One request, against a scripted Elasticsearch."""

from typing import Any

import pytest
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, SerializationError

from newswire.reasons import Reason, RetryReason
from services.index.bulk import send, sort_out, try_one
from services.index.outcome import Dead, Indexed, Outcome, Retry, Stale, is_too_large
from tests.unit.index.records import item
from tests.unit.index.scripted import Answer, Scripted, disliking, each, failing, refused, saying

ITEMS = [item(number) for number in range(1, 5)]


def outcomes(*answers: Answer) -> list[Outcome]:
    answered = send(Scripted(*answers), ITEMS)
    assert [one for one, _ in answered] == ITEMS
    return [outcome for _, outcome in answered]


def retried(*answers: Answer) -> RetryReason:
    """The one reason for which all items are to be sent again."""
    reasons = {outcome.reason for outcome in outcomes(*answers) if isinstance(outcome, Retry)}
    assert len(reasons) == 1
    assert all(isinstance(outcome, Retry) for outcome in outcomes(*answers))
    return reasons.pop()


def test_each_item_has_the_outcome_that_its_answer_says() -> None:
    answer = each(
        n1=(409, "version_conflict_engine_exception"),
        n3=(400, "document_parsing_exception"),
        n4=(429, "es_rejected_execution_exception"),
    )
    assert outcomes(answer) == [
        Stale(),
        Indexed(),
        Dead(Reason.MAPPING_REJECTED, "document_parsing_exception: r"),
        Retry(RetryReason.TOO_MANY_REQUESTS, "es_rejected_execution_exception: r"),
    ]


def test_nothing_to_send_is_no_request() -> None:
    assert send(Scripted(), []) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failing(ConnectionTimeout("t")), RetryReason.TIMEOUT),
        (failing(NoConnection("c")), RetryReason.CONNECTION),
        (failing(SerializationError("no JSON")), RetryReason.BAD_ANSWER),
        (refused(429), RetryReason.TOO_MANY_REQUESTS),
        (refused(401), RetryReason.UNAVAILABLE),
        (refused(404), RetryReason.UNAVAILABLE),
        (refused(500), RetryReason.UNAVAILABLE),
        (refused(503), RetryReason.UNAVAILABLE),
        (refused(503, "<html>"), RetryReason.UNAVAILABLE),
        # Not in Elasticsearch's words; the last one is the client's for a server that is not Elasticsearch.
        (refused(302, "moved"), RetryReason.REFUSED),
        (refused(400, "<html>Bad Request</html>"), RetryReason.REFUSED),
        (refused(401, {"message": "Who are you?"}), RetryReason.REFUSED),
        (refused(403, {"error": {"code": 403}}), RetryReason.REFUSED),
        (refused(500, "<html>"), RetryReason.REFUSED),
        (refused(200, "<html>"), RetryReason.REFUSED),
        (refused(400, {"error": {"type": "media_type_header_exception"}}), RetryReason.UNAVAILABLE),
    ],
)
def test_a_whole_request_that_failed_kills_no_article(answer: Answer, reason: RetryReason) -> None:
    assert retried(answer) is reason


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": None},
        {"items": [None] * 4},
        {"items": [{"create": {"_id": "1", "status": 201}}] * 4},
        {"items": [{"index": {"_id": "1", "status": "201"}}] * 4},
        [],
        "a proxy's page",
        b"\0",
        None,
    ],
)
def test_an_answer_that_does_not_fit_the_request_is_no_answer(body: Any) -> None:
    assert retried(saying(body)) is RetryReason.BAD_ANSWER


def test_answers_in_another_order_are_no_answer() -> None:
    assert retried(lambda ids: each()(ids[::-1])) is RetryReason.BAD_ANSWER


@pytest.mark.parametrize(
    ("status", "reason"), [(413, Reason.TOO_LARGE), (400, Reason.REFUSED)], ids=["too large", "unreadable"]
)
def test_a_request_that_one_item_spoils_is_cut_until_the_culprit_is_alone(status: int, reason: Reason) -> None:
    def spoiled_by_three(ids: list[str]) -> Any:
        return refused(status)(ids) if f"{3:032x}" in ids else each()(ids)

    first, second, third, fourth = outcomes(spoiled_by_three)
    assert (first, second, fourth) == (Indexed(), Indexed(), Indexed())
    assert isinstance(third, Dead)
    assert third.reason is reason


def test_an_outage_in_the_middle_of_the_cutting_leaves_the_rest_to_be_sent_again() -> None:
    answers = [refused(413), each(), failing(NoConnection("c"))]
    assert [type(outcome) for outcome in outcomes(*answers)] == [Indexed, Indexed, Retry, Retry]


REFUSED_ALONE = Retry(RetryReason.REFUSED, "status 403: <html>", alone=True)


@pytest.mark.parametrize("culprits", [(1,), (3,), (2, 4), (1, 2, 3)])
def test_what_is_sorted_out_leaves_nobody_but_those_that_are_refused_alone(culprits: tuple[int, ...]) -> None:
    goes_well = next(n for n in range(4) if n + 1 not in culprits)
    for answered in (
        sort_out(Scripted(disliking(*culprits)), ITEMS),
        try_one(Scripted(disliking(*culprits)), ITEMS, turn=goes_well),
    ):
        assert [one for one, _ in answered] == ITEMS
        assert [o for _, o in answered] == [REFUSED_ALONE if n in culprits else Indexed() for n in range(1, 5)]


def test_where_everything_is_refused_trying_one_is_one_small_request_that_says_nothing_of_the_others() -> None:
    client = Scripted(refused(403, "<html>"))
    answered = [outcome for _, outcome in try_one(client, ITEMS, turn=6)]
    assert [len(ids) for ids in client.sent] == [1]
    assert answered == [REFUSED_ALONE if n == 2 else Retry(RetryReason.REFUSED, "status 403: <html>") for n in range(4)]


def test_an_outage_in_the_middle_of_the_sorting_leaves_the_rest_to_be_sent_again() -> None:
    answers = [each(), refused(403, "<html>"), each(), failing(NoConnection("c"))]
    kinds = [type(outcome) for _, outcome in try_one(Scripted(*answers), ITEMS, turn=0)]
    assert kinds == [Indexed, Indexed, Retry, Retry]


def pressed(under_way: int, operation: int, most: int = 50_000_000) -> str:
    return (
        f"es_rejected_execution_exception: rejected execution of primary operation [coordinating_and_primary_bytes=1, "
        f"replica_bytes=0, all_bytes={under_way}, primary_operation_bytes={operation}, max_primary_bytes={most}]"
    )


@pytest.mark.parametrize(
    ("under_way", "operation", "too_large"),
    [
        (90_000_000, 60_000_000, True),  # more than all that may be under way
        (12_000_100, 48_000_000, True),  # nothing else was under way
        (30_000_000, 48_000_000, False),  # others were: it may go when they are done
    ],
)
def test_a_request_that_is_pushed_back_for_its_own_size_is_told_from_one_that_only_came_late(
    under_way: int, operation: int, too_large: bool
) -> None:
    outcome = Retry(RetryReason.TOO_MANY_REQUESTS, pressed(under_way, operation))
    assert is_too_large(outcome, 12_000_000) is too_large
    assert not is_too_large(Indexed(), 12_000_000)
