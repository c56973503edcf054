"""The register of letters: found by what is asked of them, marked with what became of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from elasticsearch import ConflictError, Elasticsearch

from newswire.elastic import DEAD_ALIAS
from newswire.letters import filed
from newswire.letters.filed import FiledLetter, State
from newswire.reasons import Reason, Stage

# A letter's original may have 8 MiB: never asked for where many letters are.
WITHOUT_ORIGINAL = {"excludes": ["original"]}
# Where all of many letters are held at once: about 1 kB of each, where nobody means harm.
BRIEF = {"excludes": ["original", "detail"]}
# A letter has at most 46,264 characters beside its original (dead_letter), some 280 kB of JSON at the very worst, so a
# page has 56 MB at the very worst; usually it has 200 kB.
PAGE = 200
# Newest first; the id makes the order of letters of one moment certain.
NEWEST_FIRST: list[dict[str, Any]] = [{"last_at": "desc"}, {"id": {"order": "desc", "missing": "_last"}}]


@dataclass(frozen=True, slots=True)
class Filters:
    """What letters are asked for. The values of one filter are alternatives; filters narrow one another."""

    stages: tuple[Stage, ...] = ()
    reasons: tuple[Reason, ...] = ()
    states: tuple[State, ...] = ()
    source: str | None = None  # a pattern of paths: * and ?
    article: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, Any]:
        """The query of these filters; the time is that of the last failure."""
        clauses: list[dict[str, Any]] = [
            {"terms": {name: values}}
            for name, values in (("stage", self.stages), ("reason", self.reasons), ("state", self.states))
            if values
        ]
        if self.source:
            clauses.append({"wildcard": {"source.path": {"value": self.source}}})
        if self.article:
            named = [{"term": {"article_id": self.article}}, {"term": {"key": self.article}}]
            clauses.append({"bool": {"should": named, "minimum_should_match": 1}})
        bounds = {name: at.isoformat() for name, at in (("gte", self.since), ("lt", self.until)) if at}
        if bounds:
            clauses.append({"range": {"last_at": bounds}})
        return {"bool": {"filter": clauses}}


# Where a letter stands in that order, in Elasticsearch's own terms.
Position = list[Any]


class Page(NamedTuple):
    """Letters without their originals, how many there are in all, and where the last of these stands."""

    letters: list[FiledLetter]
    total: int
    last: Position | None


class Count(NamedTuple):
    """How many letters of one stage and reason there are, and when the oldest of them last failed."""

    stage: str
    reason: str
    letters: int
    oldest: str


class Register:
    """Reads and marks letters. Raises ApiError and TransportError as the client does.

    What it reads is what was refreshed last; a mark made from an older reading is
    refused by its version and changes nothing.
    """

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def page(
        self,
        filters: Filters,
        size: int,
        after: Position | None = None,
        *,
        source: Mapping[str, Any] = WITHOUT_ORIGINAL,
    ) -> Page:
        """The newest ``size`` letters, or those that follow ``after``."""
        answer = self._client.search(
            index=DEAD_ALIAS,
            query=filters.query(),
            size=size,
            sort=NEWEST_FIRST,
            search_after=after,
            source=source,
            track_total_hits=True,
        )
        hits = answer["hits"]["hits"]
        last = hits[-1]["sort"] if hits else None
        return Page([filed.of_hit(hit) for hit in hits], answer["hits"]["total"]["value"], last)

    def position(self, letter: FiledLetter) -> Position:
        """Where ``letter`` stands; the end of all where it is gone."""
        query = {"ids": {"values": [letter.id]}}
        answer = self._client.search(index=DEAD_ALIAS, query=query, size=1, sort=NEWEST_FIRST, source=False)
        return next((list(hit["sort"]) for hit in answer["hits"]["hits"]), [0, letter.id])

    def all(self, filters: Filters) -> Iterator[FiledLetter]:
        """Every letter, newest first, in brief; a page is asked for when the one before is used up."""
        page = self.page(filters, PAGE, source=BRIEF)
        while page.letters:
            yield from page.letters
            page = self.page(filters, PAGE, page.last, source=BRIEF)

    def counts(self, filters: Filters) -> list[Count]:
        """How many letters there are, by stage and reason, most first."""
        # The closed lists are short: every bucket fits.
        reasons = {"terms": {"field": "reason", "size": 100}, "aggs": {"oldest": {"min": {"field": "last_at"}}}}
        by_stage = {"terms": {"field": "stage", "size": 10}, "aggs": {"reasons": reasons}}
        answer = self._client.search(index=DEAD_ALIAS, query=filters.query(), size=0, aggs={"stages": by_stage})
        found = [
            Count(stage["key"], reason["key"], reason["doc_count"], reason["oldest"].get("value_as_string", ""))
            for stage in answer["aggregations"]["stages"]["buckets"]
            for reason in stage["reasons"]["buckets"]
        ]
        return sorted(found, key=lambda one: (-one.letters, one.stage, one.reason))

    def named(self, start: str, most: int = 10) -> list[FiledLetter]:
        """The letters whose id begins with ``start`` (lower-case hex digits), without their originals."""
        either = [{"ids": {"values": [start]}}, {"prefix": {"id": start}}]
        query = {"bool": {"should": either, "minimum_should_match": 1}}
        answer = self._client.search(index=DEAD_ALIAS, query=query, size=most, source=WITHOUT_ORIGINAL)
        return [filed.of_hit(hit) for hit in answer["hits"]["hits"]]

    def many(self, ids: Sequence[str]) -> list[FiledLetter]:
        """The letters of these ids, without their originals, in any order."""
        found: list[FiledLetter] = []
        for start in range(0, len(ids), PAGE):
            query = {"ids": {"values": ids[start : start + PAGE]}}
            answer = self._client.search(index=DEAD_ALIAS, query=query, size=PAGE, source=WITHOUT_ORIGINAL)
            found += [filed.of_hit(hit) for hit in answer["hits"]["hits"]]
        return found

    def whole(self, letter_id: str) -> FiledLetter | None:
        """One letter with what Elasticsearch has of its original; None where there is none."""
        answer = self._client.search(index=DEAD_ALIAS, query={"ids": {"values": [letter_id]}}, size=1)
        return next((filed.of_hit(hit) for hit in answer["hits"]["hits"]), None)

    def mark(
        self, letter: FiledLetter, state: State, at: datetime, *, note: str | None = None, sha256: str | None = None
    ) -> bool:
        """Give ``letter`` (whole) its new state; False where it has failed again or was marked since it was read."""
        marked = msgspec.structs.replace(
            letter, state=state, state_at=at, note=note or letter.note, sha256=sha256 or letter.sha256
        )
        try:
            self._client.index(
                index=DEAD_ALIAS,
                id=letter.id,
                document=msgspec.to_builtins(marked),
                version=marked.external_version,
                version_type="external",
                require_alias=True,
            )
        except ConflictError:
            return False
        return True

    def refresh(self) -> None:
        """Make the marks visible to whoever searches."""
        self._client.indices.refresh(index=DEAD_ALIAS)
