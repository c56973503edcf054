"""What a lost disk took: articles that the ledger has as acknowledged, and that the index does not have.

1. every article of the ledger is looked up in the index, a page at a time
2. what has a dead letter of a later stage, or was pruned, is explained; what is left is missing, noted by its file
3. the files of the missing are read again, and those articles sent again (``again``)

Notes are kept in a database of their own that goes when this ends: memory stays that
of a page, however many are missing. Nothing is written to the ledger or the index.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from elasticsearch import Elasticsearch

from newswire import identity, pruned
from newswire.elastic import DEAD_ALIAS
from newswire.letters.filed import State
from newswire.pruned import Pruned
from newswire.reasons import Stage
from newswire.whereabouts import Whereabouts
from services.ingest.ledger.found import FileFound, Identity, instant
from services.ingest.ledger.reader import LedgerReader

# Articles compared at a time: one request of 35 kB, 20 ms.
PAGE = 1_000
# Letters read for one page of missing ones; of one article there are few.
MOST_LETTERS = 5_000

_NOTES = """
CREATE TABLE missing (file INTEGER, id TEXT, content TEXT, PRIMARY KEY (file, id, content)) WITHOUT ROWID;
"""


class Compared(NamedTuple):
    """Articles of the ledger: all that were looked up; those not there for a reason, and those that are missing."""

    articles: int = 0
    dead: int = 0
    pruned: int = 0
    missing: int = 0


class Newest(NamedTuple):
    """The newest content of an article: the only one that the index has to have.

    ``dated`` is the latest that its ``@timestamp`` can be. The ledger has not when an
    article was published, but a revision that its source named is that instant or
    one after it.
    """

    content: Identity
    acknowledged: datetime
    dated: datetime

    def pruned_by(self, runs: Sequence[Pruned]) -> Pruned | None:
        """The one of ``runs`` that deleted it for its age, given that the index does not have it; never a tombstone.

        Whoever is in doubt says none: what is sent again although it was pruned goes with
        the next pruning, what is lost and taken for pruned stays lost.
        """
        if self.content.canceled:
            return None
        return pruned.pruned_by(runs, dated=self.dated, acknowledged=self.acknowledged)


class MissingFile(NamedTuple):
    """A file that articles are missing of; ``file`` is None where the ledger has let its row go."""

    number: int
    file: FileFound | None
    missing: int


class Comparison:
    """Compares a ledger with an index; used by one thread. A context manager is not needed: notes go with it.

    Raises ApiError and TransportError as the client does, sqlite3.Error.
    """

    def __init__(self, ledger: LedgerReader, client: Elasticsearch) -> None:
        self._ledger = ledger
        self._client = client
        self._index = Whereabouts(client)
        self._prunings = pruned.read(client)
        # A file without a name: SQLite keeps it on disk once it grows, and deletes it.
        self._notes = sqlite3.connect("", isolation_level=None)
        self._notes.executescript(_NOTES)

    def close(self) -> None:
        """Let go of the notes."""
        self._notes.close()

    def run(
        self, before: datetime, since: datetime | None, advance: Callable[[int], None], stopped: Callable[[], bool]
    ) -> Compared | None:
        """Steps 1 and 2 for what was acknowledged ``before`` (and ``since``); None where ``stopped`` says so first."""
        counts = Compared()
        for page in _pages(self._newest(before, since)):
            absent = self._absent(page)
            dead = self._dead([one.content.id for one in absent])
            unexplained = [one for one in absent if one.content.id not in dead]
            missing = [one.content for one in unexplained if not one.pruned_by(self._prunings)]
            self._note(missing)
            counts = Compared(
                counts.articles + len(page),
                counts.dead + len(absent) - len(unexplained),
                counts.pruned + len(unexplained) - len(missing),
                counts.missing + len(missing),
            )
            advance(len(page))
            if stopped():
                return None
        return counts

    def files(self) -> Iterator[MissingFile]:
        """The files of what is missing, in the order in which they came."""
        numbers = self._notes.execute("SELECT file, count(*) FROM missing GROUP BY file ORDER BY file")
        return (MissingFile(number, self._ledger.file(number), count) for number, count in numbers)

    def wanted(self, file: int, contents: Sequence[Identity]) -> set[tuple[str, str]]:
        """Those of ``contents`` that are missing of ``file``."""
        return {
            (one.id, one.content)
            for one in contents
            if self._notes.execute(
                "SELECT 1 FROM missing WHERE file = ? AND id = ? AND content = ?", (file, one.id, one.content)
            ).fetchone()
        }

    def first(self, file: int, most: int) -> list[str]:
        """The ids of the first articles that are missing of a file."""
        rows = self._notes.execute("SELECT id FROM missing WHERE file = ? LIMIT ?", (file, most))
        return [article for (article,) in rows]

    def _newest(self, before: datetime, since: datetime | None) -> Iterator[Newest]:
        every = self._ledger.acknowledged(before)
        for _, contents in groupby(every, key=lambda one: one.id):
            newest = newest_of(list(contents))
            if since is None or newest.acknowledged >= since:
                yield newest

    def _absent(self, page: Sequence[Newest]) -> list[Newest]:
        there = self._index.versions([one.content.id for one in page])
        return [one for one in page if there.get(one.content.id, -1) < _least_version(one.content)]

    def _dead(self, ids: Sequence[str]) -> set[str]:
        """Which of these articles have a letter that nobody has sent back; a letter sent back explains nothing."""
        if not ids:
            return set()
        query = {
            "bool": {
                "filter": [{"terms": {"stage": [Stage.ENRICH.value, Stage.INDEX.value]}}],
                "must_not": [{"term": {"state": State.REPLAYED.value}}],
                "should": [{"terms": {"article_id": list(ids)}}, {"terms": {"key": list(ids)}}],
                "minimum_should_match": 1,
            }
        }
        answer = self._client.search(
            index=DEAD_ALIAS, query=query, size=MOST_LETTERS, source={"includes": ["article_id", "key"]}
        )
        named = [hit["_source"] for hit in answer["hits"]["hits"]]
        return {one.get("article_id") or one["key"] for one in named}

    def _note(self, missing: Iterable[Identity]) -> None:
        self._notes.execute("BEGIN")
        self._notes.executemany(
            "INSERT OR IGNORE INTO missing VALUES (?, ?, ?)",
            [(one.file or 0, one.id, one.content) for one in missing],
        )
        self._notes.execute("COMMIT")


def newest_of(contents: Sequence[Identity]) -> Newest:
    """The newest of the acknowledged ``contents`` of one article."""
    newest = max(contents, key=lambda one: (one.revision, one.canceled))
    acknowledged = newest.acknowledged_at
    assert acknowledged is not None  # noqa: S101 - they were chosen by it
    # From 1, or on from another one: counted, because its source named no instant. Then it belongs to the day it came.
    counted = newest.revision < identity.DAY or any(one.revision == newest.revision - 1 for one in contents)
    named = instant(None if counted else newest.revision)
    return Newest(newest, acknowledged, named or acknowledged)


def _least_version(content: Identity) -> int:
    """What the index has to have at least, however the enrichment ended."""
    return identity.external_version(
        content.revision, canceled=content.canceled, status="skipped", enrichment_version=0
    )


def _pages(contents: Iterable[Newest]) -> Iterator[list[Newest]]:
    page: list[Newest] = []
    for one in contents:
        page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
