"""What prune says that it deleted, where the answers to its deletions get lost."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire import elastic
from newswire.settings import ElasticsearchSettings, load
from services.index.generations.report import SILENT
from services.index.patience import Patience
from services.index.prune import Prune
from tests.integration.index.shelf import Shelf, article
from tests.integration.proxy import Fault, Proxy, cut_in_the_answer, garbage, truncated

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
OLD = datetime(2001, 6, 1, tzinfo=UTC)
NEW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def proxy(environ: Mapping[str, str]) -> Iterator[Proxy]:
    with Proxy(environ["NEWSWIRE_ELASTICSEARCH"]) as running:
        yield running


@pytest.fixture
def through(proxy: Proxy) -> Iterator[Elasticsearch]:
    with elastic.client(load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": proxy.url})) as made:
        yield made


@pytest.mark.parametrize("fault", [cut_in_the_answer, truncated, garbage])
def test_what_was_deleted_before_the_answer_was_lost_counts_as_deleted(
    shelf: Shelf, proxy: Proxy, through: Elasticsearch, fault: Fault
) -> None:
    shelf.write(article(f"old-{n}", published_at=OLD) for n in range(30))
    shelf.refresh()
    run = Prune(through, shelf.family, BEFORE, SILENT)
    proxy.faults.append(fault)
    run.run()
    assert proxy.faults == []
    assert (run.deleted, run.changed) == (30, 0)
    assert shelf.documents() == {}


def test_what_was_written_anew_in_between_does_not_even_where_the_answer_was_lost(
    shelf: Shelf, proxy: Proxy, through: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write([article("corrected", published_at=OLD), *(article(f"old-{n}", published_at=OLD) for n in range(9))])
    shelf.refresh()
    delete = Prune._delete

    def correct_first(self: Prune, patience: Patience, hits: Any) -> None:
        if any(hit["_id"] == "corrected" for hit in hits):
            shelf.write([article("corrected", revision=2000, published_at=NEW)])
        delete(self, patience, hits)

    monkeypatch.setattr(Prune, "_delete", correct_first)
    proxy.faults.append(cut_in_the_answer)
    run = Prune(through, shelf.family, BEFORE, SILENT)
    run.run()
    assert (run.deleted, run.changed) == (9, 1)
    assert list(shelf.documents()) == ["corrected"]
