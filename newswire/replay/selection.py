"""Which articles a replay takes: all it reads, or those whose document in the index has a certain enrichment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from newswire.elastic import INDEX_ALIAS


class Selection(NamedTuple):
    """``statuses`` are alternatives; both narrow one another. Withdrawn articles are never selected by either."""

    statuses: tuple[str, ...] = ()
    version_below: int | None = None

    @property
    def is_everything(self) -> bool:
        """Whether the index need not be asked."""
        return not self.statuses and self.version_below is None

    def query(self, ids: Sequence[str]) -> dict[str, Any]:
        """The query for those of ``ids`` that are selected."""
        filters: list[dict[str, Any]] = [{"terms": {"id": list(ids)}}]
        if self.statuses:
            filters.append({"terms": {"enrichment.status": list(self.statuses)}})
        if self.version_below is not None:
            filters.append({"range": {"enrichment.version": {"lt": self.version_below}}})
        return {"bool": {"filter": filters}}

    def of(self, client: Elasticsearch, ids: Sequence[str]) -> set[str]:
        """Those of ``ids`` (at most 10,000) that are selected; raises ApiError or TransportError."""
        if self.is_everything or not ids:
            return set(ids)
        answer = client.search(index=INDEX_ALIAS, query=self.query(ids), size=len(ids), source=False)
        return {hit["_id"] for hit in answer["hits"]["hits"]}
