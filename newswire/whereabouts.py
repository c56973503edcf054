"""Where articles are at the end of their way: what the index holds of them, withdrawn ones among it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from newswire.elastic import INDEX_ALIAS

# Ids in one request; each comes back as some 100 bytes, or 1 kB with what is told of it.
PAGE = 1_000

_FIELDS = [
    "revision",
    "pubstatus",
    "title",
    "agency",
    "published_at",
    "ingested_at",
    "enriched_at",
    "indexed_at",
    "source.path",
    "source.record",
    "enrichment.status",
    "enrichment.version",
    "enrichment.errors",
]


class Origin(msgspec.Struct, frozen=True):
    """The file and the record in it."""

    path: str
    record: int = 0


class Enrichment(msgspec.Struct, frozen=True):
    """How the enrichment of a document ended."""

    status: str
    version: int = 0
    errors: list[str] = []


class Indexed(msgspec.Struct, frozen=True, kw_only=True):
    """What the index has of an article; a withdrawn one (``canceled``) has no text, and nobody finds it."""

    id: str
    version: int
    revision: int
    pubstatus: str = "usable"
    title: str | None = None
    agency: str | None = None
    published_at: datetime | None = None
    ingested_at: datetime | None = None
    enriched_at: datetime | None = None
    indexed_at: datetime | None = None
    source: Origin | None = None
    enrichment: Enrichment | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is a tombstone."""
        return self.pubstatus == "canceled"


class Whereabouts:
    """Asks the indices behind the alias, whose filter hides withdrawn articles. Raises ApiError and TransportError."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._indices = list(client.indices.get_alias(name=INDEX_ALIAS))

    def of(self, ids: Sequence[str]) -> dict[str, Indexed]:
        """What can be found of these articles at this moment, by id."""
        hits = [
            hit
            for start in range(0, len(ids), PAGE)
            for hit in self._search({"ids": {"values": ids[start : start + PAGE]}}, PAGE)
        ]
        return {one.id: one for one in map(_indexed, hits)}

    def beginning(self, start: str, most: int) -> list[Indexed]:
        """The articles whose id begins with ``start`` (hex digits)."""
        return [_indexed(hit) for hit in self._search({"prefix": {"id": start}}, most)]

    def versions(self, ids: Iterable[str]) -> dict[str, int]:
        """The version of each article that is there, whether or not it can be found yet."""
        asked = list(ids)
        found: dict[str, int] = {}
        for index in self._indices if asked else ():
            answer = self._client.mget(index=index, ids=asked, source=False)
            found |= {one["_id"]: one["_version"] for one in answer["docs"] if one.get("found")}
        return found

    def _search(self, query: dict[str, Any], size: int) -> list[dict[str, Any]]:
        source = {"includes": _FIELDS}
        answer = self._client.search(index=self._indices, query=query, size=size, version=True, source=source)
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits


def _indexed(hit: dict[str, Any]) -> Indexed:
    return msgspec.convert({**hit["_source"], "id": hit["_id"], "version": hit["_version"]}, Indexed)
