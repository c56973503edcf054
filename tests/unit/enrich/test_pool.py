import asyncio
import os
import signal
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from newswire import enriched
from newswire.enriched import Enriched
from newswire.reasons import RetryReason
from newswire.worker import WorkerStartError
from services.enrich.core import Done, Job, without_enrichment
from services.enrich.pool import Pool
from tests.unit.enrich.messages import NOW, job

LIMIT = 0.5  # seconds; what a hanging article costs each of these tests


class Bench:
    """A pool of two misbehaving processes, and what it said of retries."""

    def __init__(self) -> None:
        self.retries: list[RetryReason] = []
        self.pool = Pool(
            2,
            limit=LIMIT,
            lost=lambda lost, reason: without_enrichment(lost, reason, now=lambda: NOW),
            on_retry=self.retries.append,
            module="tests.unit.enrich.misbehaving",
        )

    def run(self, jobs: Sequence[Job]) -> list[Enriched]:
        answers = asyncio.run(self.pool.run(jobs))
        assert all(isinstance(answer, Done) for answer in answers)
        return [enriched.decode(answer.value) for answer in answers if isinstance(answer, Done)]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.pool.close()


def bodies(*special: tuple[int, str], count: int = 60) -> list[Job]:
    named = dict(special)
    return [job(number, body=named.get(number, "fine")) for number in range(count)]


def found(documents: list[Enriched]) -> dict[int, list[str]]:
    """The numbers of the documents that were not enriched, with their reasons; all others have to be ok."""
    assert [int(one.id, 16) for one in documents] == list(range(len(documents)))
    assert all(one.enrichment.status == ("failed" if one.enrichment.errors else "ok") for one in documents)
    return {int(one.id, 16): one.enrichment.errors for one in documents if one.enrichment.errors}


def test_answers_come_in_the_order_of_the_jobs(bench: Bench) -> None:
    assert found(bench.run(bodies())) == {}


def test_an_empty_batch_has_no_answers(bench: Bench) -> None:
    assert bench.run([]) == []


def test_an_article_that_takes_too_long_goes_on_bare_and_takes_nobody_with_it(bench: Bench) -> None:
    before = bench.pool.pids
    assert found(bench.run(bodies((7, "hang")))) == {7: ["enrichment_timeout"]}
    assert bench.pool.pids != before


def test_an_article_that_takes_too_long_goes_on_with_what_was_found_of_it(bench: Bench) -> None:
    documents = bench.run(bodies((7, "found something"), (9, "slow")))
    assert {number: one.enrichment.status for number, one in enumerate(documents) if one.enrichment.status != "ok"} == {
        7: "partial"
    }
    assert documents[7].people == ["Ada Obi"]
    assert documents[7].enrichment.errors == ["enrichment_timeout"]


def test_an_article_that_kills_its_process_is_tried_once_more_alone(bench: Bench) -> None:
    bench.retries.clear()
    assert found(bench.run(bodies((5, "die"), (6, "die"), (40, "die")))) == {
        5: ["enrichment_crash"],
        6: ["enrichment_crash"],
        40: ["enrichment_crash"],
    }
    assert bench.retries == [RetryReason.WORKER_CRASH] * 3


def test_a_process_killed_from_outside_loses_no_article(bench: Bench) -> None:
    os.kill(bench.pool.pids[0], signal.SIGKILL)
    assert found(bench.run(bodies())) == {}


def test_a_library_that_prints_harms_nobody(bench: Bench) -> None:
    assert found(bench.run(bodies((3, "print")))) == {}


def test_a_process_that_cannot_start_is_an_error_and_not_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_TEST_NO_START", "1")
    with pytest.raises(WorkerStartError, match="status 1"):
        Bench()


def test_large_articles_fit_through_the_sockets(bench: Bench) -> None:
    large = [job(number, body="x" * 1_000_000) for number in range(6)]
    documents = bench.run(large)
    assert [len(one.body) for one in documents] == [1_000_000] * 6
    assert msgspec.json.decode(enriched.encode(documents[0]))["schema"] == "enriched/1"
