"""No order of revisions, withdrawals, corrections, failures and replays shows an article twice, or a withdrawn one.

What is behind the alias in the end follows from the versions alone: a model of
four lines says what has to be there. A new generation is filled in the middle of it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newswire import identity
from newswire.enriched import Enriched, EnrichmentStatus
from tests.integration.index.shelf import Shelf, article

# Nothing that happens to one article touches another: many of them in one example are as many tries, and an example
# costs two generations.
NAMES = tuple(f"article {number}" for number in range(12))
YEARS = (1999, 2012, 2025)


class Message(NamedTuple):
    """What comes from Kafka, as far as it matters here."""

    name: str
    revision: int
    withdrawn: bool = False
    status: EnrichmentStatus = "ok"
    version: int = 1
    year: int = 2025

    @property
    def of(self) -> Enriched:
        return article(
            self.name,
            self.revision,
            self.status,
            self.version,
            title=None if self.withdrawn else f"{self.name}, revision {self.revision}",
            body="" if self.withdrawn else f"{self.status} by version {self.version}, dated {self.year}",
            pubstatus="canceled" if self.withdrawn else "usable",
            published_at=datetime(self.year, 1, 1, tzinfo=UTC),
        )

    @property
    def external_version(self) -> int:
        return identity.external_version(
            self.revision, canceled=self.withdrawn, status=self.status, enrichment_version=self.version
        )


def model(messages: list[Message]) -> dict[str, Message]:
    """The newest of each, by version; of equal ones, the last."""
    newest: dict[str, Message] = {}
    for one in messages:
        if one.name not in newest or one.external_version >= newest[one.name].external_version:
            newest[one.name] = one
    return newest


MESSAGES = st.builds(
    Message,
    name=st.sampled_from(NAMES),
    # Few revisions, so that the same one comes enriched otherwise, withdrawn, and dated otherwise.
    revision=st.integers(1, 4),
    withdrawn=st.booleans(),
    status=st.sampled_from(("skipped", "failed", "partial", "ok")),
    version=st.integers(0, 3),
    year=st.sampled_from(YEARS),
)


# What went wrong elsewhere, or nearly did here.
KNOWN = [
    [
        Message("killed before it came", 2, withdrawn=True),
        Message("corrected date", 1),
        Message("failed in a replay", 1, status="failed"),
        Message("failed in a replay", 1, version=2),
        Message("failed in a replay", 1, status="failed"),
        # The withdrawal of the same revision wins, also where it was there first.
        Message("withdrawn and usable", 1, withdrawn=True),
        Message("withdrawn and usable", 1),
    ],
    [Message("killed before it came", 1), Message("corrected date", 2, year=1999)],
    # The release of a text that was taken back, and a replay of what was before the correction.
    [Message("killed before it came", 3, year=1999), Message("corrected date", 1)],
]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Message]]:
    """Batches as the index service would write them: anything in any order, and some of it again."""
    messages = draw(st.lists(MESSAGES, min_size=1, max_size=96))
    again = draw(st.lists(st.sampled_from(messages), max_size=32))
    order = draw(st.permutations(messages + again))
    cuts = sorted(draw(st.sets(st.integers(0, len(order)), max_size=4)))
    return [list(order[a:b]) for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True) if a < b]


@pytest.fixture(scope="module")
def shelf(client: Elasticsearch) -> Iterator[Shelf]:
    made = Shelf(client, "order")
    yield made
    made.remove()


def agrees(shelf: Shelf, messages: list[Message]) -> None:
    """What is behind the alias, and in its index, is what the model says."""
    newest = model(messages)
    visible = {name: one for name, one in newest.items() if not one.withdrawn}
    found: dict[str, dict[str, Any]] = shelf.documents()
    assert {name: hit["_version"] for name, hit in found.items()} == {
        name: one.external_version for name, one in visible.items()
    }
    for name, one in visible.items():
        stored = found[name]["_source"]
        assert (stored["title"], stored["body"]) == (one.of.title, one.of.body)
        assert (stored["published_at"], stored["@timestamp"]) == (f"{one.year}-01-01T00:00:00Z",) * 2
    every = shelf.documents(shelf.in_use()[0])
    assert {name: hit["_version"] for name, hit in every.items()} == {
        name: one.external_version for name, one in newest.items()
    }


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    # Elasticsearch, not hypothesis, is what takes time.
    suppress_health_check=[HealthCheck.too_slow],
)
@given(batches=deliveries(), moves_after=st.integers(0, 3))
@example(batches=KNOWN, moves_after=1)
def test_each_article_is_there_once_in_its_newest_version_and_withdrawn_ones_never(
    shelf: Shelf, batches: list[list[Message]], moves_after: int
) -> None:
    for index in shelf.generations():
        shelf.client.indices.delete(index=index)
    shelf.declare()
    written: list[Message] = []
    for number, batch in enumerate(batches):
        if number == moves_after:
            shelf.declare(rebuild=True)
            agrees(shelf, written)
        shelf.write(one.of for one in batch)
        written += batch
    agrees(shelf, written)
    # A replay of all of it, from the first on, is a no-op.
    shelf.write(one.of for one in written)
    agrees(shelf, written)
