"""By which day an article is taken for pruned: the ledger has its revisions, not its publication."""

from datetime import UTC, datetime

import pytest

from services.ingest.ledger.found import Identity
from services.ingest.reconcile import newest_of

CAME = datetime(2025, 2, 7, 12, tzinfo=UTC)
NAMED = datetime(2024, 6, 1, tzinfo=UTC)
REVISION = int(NAMED.timestamp()) * 1000


def content(revision: int, *, canceled: bool = False) -> Identity:
    return Identity(
        id="a", content=str(revision), revision=revision, canceled=canceled, acknowledged_at=CAME, file=1, cluster=None
    )


@pytest.mark.parametrize(
    ("revisions", "dated"),
    [
        ([REVISION], NAMED),
        ([REVISION - 5000, REVISION], NAMED),
        ([1], CAME),
        ([1, 2], CAME),
        ([REVISION, REVISION + 1], CAME),  # the newer one named no instant, and may have none
    ],
)
def test_an_article_belongs_to_the_day_its_source_names_or_to_the_one_on_which_it_came(
    revisions: list[int], dated: datetime
) -> None:
    newest = newest_of([content(one) for one in revisions])
    assert newest.content.revision == revisions[-1]
    assert newest.dated == dated


def test_a_withdrawal_beats_a_text_of_the_same_revision() -> None:
    assert newest_of([content(REVISION, canceled=True), content(REVISION)]).content.canceled
