"""SIGKILL before or after each numbered step: what was dropped is published, in the ledger, and put away."""

from functools import partial

import pytest

from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.killed import POINTS
from tests.integration.ingest.test_service import story


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_step_it_starts_over_and_ends_the_same(ingest: Ingest, point: str) -> None:
    for number in range(3):
        ingest.drop(f"council-{number}.txt", story(ingest, number))
    ingest.drop("again.txt", story(ingest, 0))
    ingest.drop("empty.txt", "")
    ingest.start(killed_at=point, NEWSWIRE_SETTLE="0s")
    assert ingest.wait() == -9

    ingest.start(NEWSWIRE_SETTLE="0s")
    ingest.until(lambda: len(ingest.rows("SELECT 1 FROM files")) == 5 and ingest.empty())

    assert ingest.rows("SELECT count(*), count(acked_at) FROM identities") == [(3, 3)]
    sent = [(article.id, article.revision) for article, _ in ingest.articles()]
    assert len(set(sent)) == 3
    assert {letter.reason for letter in ingest.letters()} == {"empty"}
    assert ingest.put_away("processed") == ["again.txt", "council-0.txt", "council-1.txt", "council-2.txt"]
    assert ingest.put_away("rejected") == ["empty.txt", "empty.txt.reason.json"]


def test_killed_again_and_again_in_a_crowd_it_loses_nothing(ingest: Ingest) -> None:
    count = 600
    for number in range(count):
        ingest.drop(f"council-{number}.txt", story(ingest, number))
    for done in (1, 150, 350):
        ingest.start(NEWSWIRE_INGEST_BATCH="20")
        ingest.until(partial(has_rows, ingest, done))
        assert ingest.end() == -9
    ingest.start()
    ingest.until(lambda: len(ingest.rows("SELECT DISTINCT path FROM files")) == count and ingest.empty())
    assert len(ingest.put_away("processed")) == count
    assert ingest.rows("SELECT count(*), count(acked_at) FROM identities") == [(count, count)]
    assert len({article.id for article, _ in ingest.articles()}) == count


def has_rows(ingest: Ingest, count: int) -> bool:
    """Whether that many files are finished."""
    return len(ingest.rows("SELECT 1 FROM files")) >= count
