"""Reading all of an index while it is written to: by sequence number, shard by shard, in passes.

Elasticsearch gives every operation of a primary shard the next ``_seq_no``; a
document carries that of its last one. So whatever changes while we read moves
ahead of us and is met again, and nothing has to stand still:

1. ask each primary for its global checkpoint: every operation up to it is on
   every copy of the shard, for good, even if another copy becomes the primary;
2. refresh, so that a search sees all of them;
3. read the documents between the last pass's bound and this one's, in order.

After a pass, everything that was written before its step 1 has been read. A
deletion leaves nothing to be read; there is none but those of ``newswire prune``.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from newswire.wording import counted
from services.index.generations.family import Hit
from services.index.patience import Patience

# Positions and bounds: the last operation dealt with, by number of the shard.
Positions = dict[int, int]
START = -1  # the position before the first operation

# What a page should come to. Its size follows from the largest document of the page before; the first page of larger
# ones comes to as much as ``most`` of them have.
PAGE_BYTES = 4 * 1024 * 1024


class Page:
    """How many documents to read next: few at first and after large ones, at most ``most``, however small they are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = max(1, most // 8)

    def was(self, largest: int) -> None:
        """The largest document of the page that was just read had so many bytes."""
        self.size = max(1, min(self._most, self.size * 2, PAGE_BYTES // max(1, largest)))


class Reach(NamedTuple):
    """Of one primary shard: the last operation begun, and the last of those that are certain on every copy."""

    begun: int
    certain: int


def reach(patience: Patience, index: str, shards: int) -> dict[int, Reach]:
    """Step 1, for every primary shard of ``index``; waits until each is there."""
    while True:
        answer = patience.ask(lambda: patience.client.indices.stats(index=index, metric="docs", level="shards"))
        found = {
            int(number): Reach(copy["seq_no"]["max_seq_no"], copy["seq_no"]["global_checkpoint"])
            for number, copies in answer["indices"].get(index, {}).get("shards", {}).items()
            for copy in copies
            if copy["routing"]["primary"] and "seq_no" in copy
        }
        if len(found) == shards:
            return found
        patience.wait(f"{index} lacks {counted(shards - len(found), 'primary shard')} of {shards}")


def bounds(patience: Patience, index: str, shards: int, *, complete: bool = False) -> Positions:
    """Steps 1 and 2: up to where a pass may read now.

    ``complete``, for an index that takes no writes any more: waits until every
    operation that was ever begun is certain.
    """
    while True:
        reached = reach(patience, index, shards)
        if not complete or all(one.begun == one.certain for one in reached.values()):
            break
        patience.wait(f"the copies of {index} are not level yet")
    patience.ask(lambda: patience.client.indices.refresh(index=index))
    return {shard: one.certain for shard, one in reached.items()}


def pages(
    patience: Patience,
    index: str,
    shard: int,
    *,
    after: int,
    upto: int,
    page: Page,
    query: Mapping[str, Any] | None = None,
    source: bool = True,
) -> Iterator[list[Hit]]:
    """Step 3 for one shard: hits with ``_version``, ``_seq_no`` and ``_primary_term``, in the order of ``_seq_no``.

    ``query`` narrows them. Whoever takes a page tells ``page`` how large its
    documents were.
    """
    while after < upto:
        between = {"range": {"_seq_no": {"gt": after, "lte": upto}}}
        wanted = {"bool": {"filter": [between, *([query] if query else [])]}}
        hits = patience.ask(partial(_hits, patience.client, index, shard, query=wanted, size=page.size, source=source))
        if not hits:
            return
        yield hits
        after = hits[-1]["_seq_no"]


def _hits(
    client: Elasticsearch, index: str, shard: int, *, query: Mapping[str, Any], size: int, source: bool
) -> list[Hit]:
    answer = client.search(
        index=index,
        preference=f"_shards:{shard}",
        query=query,
        sort=[{"_seq_no": "asc"}],
        size=size,
        source=source,
        version=True,
        seq_no_primary_term=True,
        track_total_hits=False,
        # A part of an answer would be taken for the whole.
        allow_partial_search_results=False,
    )
    hits: list[Hit] = answer["hits"]["hits"]
    return hits
