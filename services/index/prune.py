"""Old articles deleted: found by date, and only if nothing changed them since they were found.

Order is safety:

1. note in the index what is to go: whoever compares it with the ledger must not
   take that for lost, and send it again;
2. delete, a page at a time, as long as no new generation is being filled.

Tombstones stay whatever their age: Elasticsearch forgets a deleted version after a
minute, and a replay would bring the withdrawn article back (docs/decisions/0006).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from elasticsearch import Elasticsearch

from newswire.pruned import Pruned, with_note
from newswire.topics import rfc3339
from services.index.generations.family import NOT_WITHDRAWN, Family, Hit
from services.index.generations.generation import Generation, SchemaError, look
from services.index.generations.plan import unfinished
from services.index.generations.report import Report
from services.index.generations.scan import START, Page, bounds, pages
from services.index.outcome import Dead, Indexed, Stale
from services.index.patience import Patience

# Hits without their source: a page is some 100 kB, and a request to delete it as much.
PAGE = 1000  # articles

_encoder = msgspec.json.Encoder()


class Removal(NamedTuple):
    """One action of a bulk request."""

    id: str
    lines: bytes


class Prune:
    """Deletes the articles of ``family`` dated before ``before``; the counts are kept up to date while it runs.

    ``deleted`` are gone, ``changed`` were written anew in between and are there. Raises
    SchemaError while a new generation is being filled: what is deleted from the old
    one then might be in the new one already.
    """

    def __init__(self, client: Elasticsearch, family: Family, before: datetime, report: Report) -> None:
        self.deleted = 0
        self.changed = 0
        self._client = client
        self._family = family
        self._report = report
        self._before = before
        self._old = {"range": {"@timestamp": {"lt": rfc3339(before)}}}
        self._index = self._in_use()

    @property
    def index(self) -> str:
        """The generation they are deleted from."""
        return self._index.name

    @property
    def query(self) -> dict[str, Any]:
        """What is to go."""
        return {"bool": {"filter": [self._old, NOT_WITHDRAWN]}}

    def found(self) -> int:
        """How many are to go."""
        return int(self._client.count(index=self.index, query=self.query)["count"])

    def tombstones(self) -> int:
        """How many are as old and stay, because they were withdrawn."""
        withdrawn = {"bool": {"filter": [self._old, {"term": {"pubstatus": "canceled"}}]}}
        return int(self._client.count(index=self.index, query=withdrawn)["count"])

    def run(self) -> None:
        """Delete; blocks until all are gone. Whatever was deleted when it is interrupted stays deleted."""
        patience = Patience(self._client, waiting=self._waiting)
        run = Pruned(self._before, datetime.now(UTC))
        self._note(patience, run)  # 1
        page = Page(PAGE)
        with self._report.bar("deleting", self.found()) as advance:
            for shard, upto in sorted(bounds(patience, self.index, self._index.shards).items()):
                found = pages(
                    patience, self.index, shard, after=START, upto=upto, page=page, query=self.query, source=False
                )
                for hits in found:
                    # A setup that began before may have written over it.
                    self._note(patience, run)
                    self._delete(patience, hits)  # 2
                    page.was(0)
                    advance(len(hits))
        patience.ask(lambda: self._client.indices.refresh(index=self.index))

    def _note(self, patience: Patience, run: Pruned) -> None:
        index = self._in_use()
        meta = with_note(index.meta, run)
        if meta != index.meta:
            patience.ask(lambda: self._client.indices.put_mapping(index=index.name, meta=meta))

    def _delete(self, patience: Patience, hits: Sequence[Hit]) -> None:
        moved: list[str] = []
        for one, outcome in patience.write([self._removal(hit) for hit in hits]):
            match outcome:
                case Indexed():
                    self.deleted += 1
                case Stale():
                    moved.append(one.id)
                case Dead(_, message):
                    raise SchemaError(f"Elasticsearch does not delete {one.id} from {self.index}: {message}.")
        there = self._there(patience, moved)
        self.changed += there
        self.deleted += len(moved) - there

    def _there(self, patience: Patience, ids: Sequence[str]) -> int:
        """How many of ``ids`` are in the index at this moment.

        What is gone conflicts like what was changed: where an answer was lost, and the
        deletion is repeated, the first one was ours.
        """
        if not ids:
            return 0
        answer = patience.ask(lambda: patience.client.mget(index=self.index, ids=ids, source=False))
        return sum(one.get("found", False) for one in answer["docs"])

    def _removal(self, hit: Hit) -> Removal:
        head = {
            "_index": self.index,
            "_id": hit["_id"],
            "if_seq_no": hit["_seq_no"],
            "if_primary_term": hit["_primary_term"],
        }
        return Removal(hit["_id"], _encoder.encode({"delete": head}))

    def _in_use(self) -> Generation:
        there = look(self._client, self._family)
        if there.build is not None:
            raise SchemaError(f"Nothing is pruned now: {unfinished(there.build)}.")
        if there.current is None:
            raise SchemaError("The index is not there yet; run `newswire setup`.")
        return there.current

    def _waiting(self, cause: str) -> None:
        self._in_use()
        self._report.say(f"waiting for Elasticsearch: {cause}")
