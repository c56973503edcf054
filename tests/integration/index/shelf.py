"""A family of indices of a test's own, with the real templates, and articles written to it by the real code path."""

import copy
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from kafka import TopicPartition

from newswire import enriched
from newswire.elastic import INDEX_ALIAS
from newswire.enriched import Enriched, Enrichment
from newswire.settings import ElasticsearchSettings, load
from newswire.topics import ENRICHED, Trail
from services.index import schema
from services.index.generations.family import ARTICLES, Family
from services.index.generations.report import SILENT, Advance, Report
from services.index.item import Item, Record, action
from services.index.patience import Patience

NOW = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
# Longest that a migration may keep them, on a machine with other things to do.
WRITERS_WAIT = 30.0  # seconds
PARTITION = TopicPartition(ENRICHED.name, 0)


def article(name: str, revision: int = 1000, status: str = "ok", version: int = 1, **fields: Any) -> Enriched:
    """A small article; ``name`` is its id."""
    given = {"title": f"Title of {name}", "body": f"The text of {name}, revision {revision}."} | fields
    enrichment = Enrichment(status=status, version=version, model="test")  # type: ignore[arg-type] # tests name them
    return Enriched(id=name, revision=revision, enrichment=enrichment, **given)


def item(of: Enriched, alias: str) -> Item:
    """The action the index service makes of it, sent to ``alias`` instead."""
    made = action(Record(PARTITION, 0, of.id, enriched.encode(of), enriched.SCHEMA, Trail("trace", NOW, NOW)), now=NOW)
    assert isinstance(made, Item)
    ours = f'"_index":"{INDEX_ALIAS}"'.encode()
    assert ours in made.lines
    return made._replace(lines=made.lines.replace(ours, f'"_index":"{alias}"'.encode(), 1))


def at_each_page(do: Callable[[], None]) -> Report:
    """A report that does something whenever a page was copied."""

    def advance(_count: int) -> None:
        do()

    @contextmanager
    def bar(_title: str, _total: int) -> Iterator[Advance]:
        yield advance

    return Report(lambda _line: None, bar)


class Shelf:
    """One family under ``alias``, two shards; nothing of it is there before ``declare``."""

    def __init__(self, client: Elasticsearch, alias: str, *, like: Family = ARTICLES, shards: int = 2) -> None:
        self.client = client
        self.alias = alias
        self.family = like._replace(alias=alias)
        self.settings = load(ElasticsearchSettings, {"NEWSWIRE_SHARDS": str(shards)})

    def with_mapping(self, *, sort: str = "desc", properties: dict[str, Any] | None = None) -> "Shelf":
        """The same family as another version of Newswire would have it."""
        other = Shelf(self.client, self.alias, like=self.family)
        other.settings = self.settings
        template = copy.deepcopy(self.family.template)
        template["template"]["settings"]["index"]["sort.order"] = sort
        template["template"]["mappings"]["properties"] |= properties or {}
        other.family = self.family._replace(template=template)
        return other

    def paged(self, size: int) -> "Shelf":
        """The same, read in small pages."""
        other = self.with_mapping()
        other.family = self.family._replace(page=size)
        return other

    def declare(self, *, rebuild: bool = False, report: Report = SILENT) -> list[str]:
        return schema.declare(self.client, self.settings, rebuild=rebuild, report=report, families=[self.family])

    def preview(self, *, rebuild: bool = False) -> list[str]:
        return schema.preview(self.client, self.settings, rebuild=rebuild, families=[self.family])

    def write(self, articles: Iterable[Enriched]) -> None:
        """Write until each is settled, as the index service does; dead ones fail the test."""
        deadline = time.monotonic() + WRITERS_WAIT

        def waiting(cause: str) -> None:
            assert time.monotonic() < deadline, f"nothing was written for {WRITERS_WAIT} s: {cause}"

        actions = [item(one, self.alias) for one in articles]
        settled = Patience(self.client, waiting=waiting).write(actions)
        assert [outcome for _, outcome in settled if type(outcome).__name__ == "Dead"] == []

    def refresh(self) -> None:
        self.client.indices.refresh(index=self.alias)

    def count(self, index: str | None = None) -> int:
        return int(self.client.count(index=index or self.alias)["count"])

    def documents(self, index: str | None = None) -> dict[str, dict[str, Any]]:
        """Every hit by ``_id``; an id that is there twice fails the test."""
        self.client.indices.refresh(index=index or self.alias)
        hits = self.client.search(index=index or self.alias, size=10_000, version=True)["hits"]["hits"]
        found = {hit["_id"]: hit for hit in hits}
        assert len(found) == len(hits)
        return found

    def versions(self, index: str | None = None) -> dict[str, int]:
        """The version of each document, by ``_id``."""
        return {name: hit["_version"] for name, hit in self.documents(index).items()}

    def generations(self) -> list[str]:
        return sorted(self.client.indices.get(index=f"{self.alias}-v*"))

    def in_use(self) -> list[str]:
        return sorted(self.client.indices.get_alias(name=self.alias))

    def remove(self) -> None:
        for index in self.generations():
            self.client.indices.delete(index=index)
        self.client.indices.delete_index_template(name=self.alias)
