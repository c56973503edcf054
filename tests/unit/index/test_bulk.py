"""The loop against a scripted Elasticsearch: each answer is one that the real one gives."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig
from elastic_transport import ConnectionError as NoConnection
from elasticsearch import ApiError

from newswire.reasons import Reason, RetryReason
from services.index.bulk import SERVER_ERROR_LIMIT, Bulk, Settled
from services.index.outcome import Dead, Indexed, Stale
from tests.unit.index.records import item

Answer = Callable[[list[str]], Any]


class Scripted:
    """Answers each request by the next rule, the last one for ever; ``sent`` holds the ids of each request."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []

    def bulk(self, *, operations: Sequence[bytes], filter_path: str) -> Any:
        assert "items" in filter_path
        ids = [msgspec.json.decode(lines.split(b"\n")[0])["index"]["_id"] for lines in operations]
        self.sent.append(ids)
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(ids)


def each(**special: tuple[int, str]) -> Answer:
    """201 for every item but the ones numbered in ``special`` (``n3=(429, "type")``)."""

    def answer(ids: list[str]) -> Any:
        entries = []
        for one in ids:
            status, kind = special.get(f"n{int(one, 16)}", (201, ""))
            entries.append({"index": {"_id": one, "status": status, "error": {"type": kind, "reason": "r"}}})
        return {"items": entries}

    return answer


def refused(status: int) -> Answer:
    def answer(ids: list[str]) -> Any:
        meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "x", 1))
        raise ApiError("refused", meta, {"error": {"type": "t", "reason": "r"}})

    return answer


def failing(error: Exception) -> Answer:
    def answer(ids: list[str]) -> Any:
        raise error

    return answer


class Run:
    """Writes items 1..n and keeps what was asked of the clock and said of retries."""

    def __init__(self, *answers: Answer, items: int = 4, stop_after: int | None = None) -> None:
        self.client = Scripted(*answers)
        self.pauses: list[float] = []
        self.retries: list[tuple[RetryReason, int]] = []
        bulk = Bulk(
            self.client,
            wait=lambda s: self.pauses.append(s) or (stop_after is not None and len(self.pauses) >= stop_after),  # type: ignore[func-returns-value]
            uniform=lambda low, high: high,
            on_retry=lambda reason, count, message: self.retries.append((reason, count)),
        )
        self.settled: Settled = bulk.write([item(number) for number in range(1, items + 1)])
        self.outcomes = {int(one.id, 16): outcome for one, outcome in self.settled}


def test_only_the_refused_items_are_sent_again() -> None:
    run = Run(each(n2=(429, "es_rejected_execution_exception")), each())
    assert [len(ids) for ids in run.client.sent] == [4, 1]
    assert set(run.outcomes.values()) == {Indexed()}
    assert run.retries == [(RetryReason.TOO_MANY_REQUESTS, 1)]


def test_conflicts_are_stale_and_broken_items_dead_without_a_second_try() -> None:
    run = Run(each(n1=(409, "version_conflict_engine_exception"), n3=(400, "document_parsing_exception")))
    assert len(run.client.sent) == 1
    assert run.outcomes[1] == Stale()
    assert run.outcomes[3] == Dead(Reason.MAPPING_REJECTED, "document_parsing_exception: r")
    assert run.outcomes[2] == run.outcomes[4] == Indexed()


def test_time_outs_and_lost_connections_are_tried_again_without_limit() -> None:
    run = Run(*[failing(ConnectionTimeout("t")), failing(NoConnection("c"))] * 20, each())
    assert len(run.client.sent) == 41
    assert set(run.outcomes.values()) == {Indexed()}
    assert {reason for reason, _ in run.retries} == {RetryReason.TIMEOUT, RetryReason.CONNECTION}
    assert max(run.pauses) == 15.0


def test_a_request_that_is_too_large_is_cut_until_the_culprit_is_alone() -> None:
    def too_large_with_three(ids: list[str]) -> Any:
        return refused(413)(ids) if f"{3:032x}" in ids else each()(ids)

    run = Run(too_large_with_three)
    assert run.outcomes[3] == Dead(Reason.TOO_LARGE, "Elasticsearch takes no request as large as this article alone.")
    assert {n for n, o in run.outcomes.items() if o == Indexed()} == {1, 2, 4}
    assert run.retries == []


def test_a_whole_request_refused_for_its_sender_kills_no_article() -> None:
    run = Run(refused(401), refused(404), refused(503), each())
    assert set(run.outcomes.values()) == {Indexed()}


def test_an_answer_that_does_not_fit_the_request_is_no_answer() -> None:
    run = Run(lambda ids: {"items": []}, lambda ids: each()(list(reversed(ids))), each())
    assert set(run.outcomes.values()) == {Indexed()}
    assert [reason for reason, _ in run.retries] == [RetryReason.BAD_ANSWER] * 2


def test_an_item_that_keeps_breaking_the_server_is_dead_in_the_end() -> None:
    run = Run(each(n2=(500, "null_pointer_exception")))
    assert run.outcomes[1] == Indexed()
    assert isinstance(run.outcomes[2], Dead)
    assert len(run.client.sent) == SERVER_ERROR_LIMIT


def test_a_server_in_trouble_kills_no_article_however_long_it_takes() -> None:
    run = Run(*[failing(NoConnection("c"))] * 12, *[refused(500)] * 30, each())
    assert set(run.outcomes.values()) == {Indexed()}


def test_a_stop_leaves_the_unsettled_to_kafka() -> None:
    run = Run(each(n2=(429, "x")), stop_after=2)
    assert set(run.outcomes) == {1, 3, 4}
