"""Documents of one generation on their way into the next: read, made into what this version stores, written.

Each keeps its version and is written as ``external_gte``: copied in whatever
order, however often, by however many, the newest one stays.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from services.index.generations.family import Family, Hit
from services.index.generations.generation import Generation
from services.index.generations.report import Advance
from services.index.generations.scan import START, Page, Positions, bounds, pages, reach
from services.index.item import action_lines
from services.index.outcome import Dead
from services.index.patience import Patience

# Well below http.max_content_length (100 MB), and as much as the index service sends at once.
REQUEST_BYTES = 5 * 1024 * 1024
# So many of those that do not fit are named.
NAMED = 3


class Copied(NamedTuple):
    """One document of a request."""

    id: str
    lines: bytes


class Misfits:
    """Documents that the new mapping refuses: how many, and the first of them with the reason."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def add(self, document_id: str, reason: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(f"{document_id} ({reason})")


class Copying:
    """Copies from ``source`` through the alias ``target``, in passes; ``positions`` is kept up to date.

    ``after_page()`` is called after each page that was written.
    """

    def __init__(
        self,
        patience: Patience,
        family: Family,
        source: Generation,
        target: str,
        positions: Positions,
        *,
        after_page: Callable[[], None] = lambda: None,
    ) -> None:
        self._patience = patience
        self._family = family
        self._source = source
        self._target = target
        self._positions = positions
        self._after_page = after_page
        self._page = Page(family.page)
        self.misfits = Misfits()

    def left(self) -> int:
        """How many operations were begun after the positions."""
        reached = reach(self._patience, self._source.name, self._source.shards)
        return sum(one.begun - self._positions.get(shard, START) for shard, one in reached.items())

    def upto(self, *, complete: bool = False) -> Positions:
        """The bounds of a pass that starts now (``scan.bounds``)."""
        return bounds(self._patience, self._source.name, self._source.shards, complete=complete)

    def documents(self, upto: Positions) -> int:
        """How many documents a pass has to copy."""
        return sum(self._patience.ask(partial(self._count, shard, bound)) for shard, bound in upto.items())

    def _count(self, shard: int, bound: int) -> int:
        query = {"range": {"_seq_no": {"gt": self._positions.get(shard, START), "lte": bound}}}
        client = self._patience.client
        answer = client.count(index=self._source.name, preference=f"_shards:{shard}", query=query)
        return int(answer["count"])

    def run(self, upto: Positions, advance: Advance = lambda _count: None) -> None:
        """One pass: whatever was written up to ``upto`` is in the target when it returns, or counted as a misfit."""
        for shard, bound in sorted(upto.items()):
            after = self._positions.get(shard, START)
            for hits in pages(self._patience, self._source.name, shard, after=after, upto=bound, page=self._page):
                self._write(hits)
                self._positions[shard] = hits[-1]["_seq_no"]
                advance(len(hits))
                self._after_page()
            self._positions[shard] = max(after, bound)

    def _write(self, hits: list[Hit]) -> None:
        copies = [one for hit in hits if (one := self._copied(hit))]
        self._page.was(max((len(one.lines) for one in copies), default=0))
        for request in requests(copies):
            for one, outcome in self._patience.write(request):
                if isinstance(outcome, Dead):
                    self.misfits.add(one.id, outcome.message)

    def _copied(self, hit: Hit) -> Copied | None:
        try:
            source = self._family.project(hit)
        except msgspec.MsgspecError as error:
            self.misfits.add(hit["_id"], str(error))
            return None
        return Copied(hit["_id"], action_lines(self._target, hit["_id"], hit["_version"], "external_gte", source))


def requests(copies: Sequence[Copied]) -> Iterator[list[Copied]]:
    """Cut into requests of at most ``REQUEST_BYTES``; a larger document is alone."""
    request: list[Copied] = []
    size = 0
    for one in copies:
        if request and size + len(one.lines) > REQUEST_BYTES:
            yield request
            request, size = [], 0
        request.append(one)
        size += len(one.lines)
    if request:
        yield request
