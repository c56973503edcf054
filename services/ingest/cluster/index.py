"""Which cluster an article is in: that of the story it is a version of, or the first of its own.

A story is the first article of a cluster. Whoever joins is near that first one, not
near the one before, so that a cluster cannot wander from report to report; and it
joins within the window, so that none outlives it. Each article has a cluster, and
for ever the one it got first, whatever later revisions say.

Two tables of the ledger: ``identities`` has the cluster of each article (the ledger
writes it with the rest), ``stories`` what the window's stories look like, one appended
after the other. Where to look among these says `Keys`, filled from ``stories`` at the start.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from struct import pack, unpack
from typing import NamedTuple
from zlib import crc32

from services.ingest.cluster.keys import ENTRIES, Keys
from services.ingest.cluster.sketch import HELD, hashes, held

TABLES = """
ALTER TABLE identities ADD COLUMN cluster BLOB;  -- 8 bytes; the same in every row of an id that has one
CREATE TABLE stories (
  number  INTEGER PRIMARY KEY,               -- in the order they came
  cluster BLOB NOT NULL,
  wire    INTEGER NOT NULL,                  -- whose it is: only stories of one wire are versions of one another
  seen_at INTEGER NOT NULL,                  -- milliseconds
  sketch  BLOB NOT NULL,
  keys    BLOB NOT NULL                      -- where it is looked for, 4 bytes each
);
"""

# A story is found by its six smallest hashes; an article asks for twelve of its own, because in a text that has grown
# to twice what it was others lie between. Of texts that were cut in half, 98 in 100 still have one of the six.
KEYS = 6
ASKED = 12
# A run that stands in so many stories is a formula of the wire and leads to none of them; the next hash is taken.
FORMULA = 16
PROBED = 24  # hashes at most, until ASKED of them are no formulas
COMPARED = 8  # stories at most, those that share the most keys
# As many as `Keys` can know, and 90 MB of disk. With more than this in one window, the oldest are forgotten early.
MOST_STORIES = 2 * ENTRIES // KEYS

_ID = 8  # bytes of the first article's id that name a cluster


class Story(NamedTuple):
    """An article that wants a cluster: its id (hex), the agency or feed it is from, and the `sketch` of its body."""

    id: str
    issuer: str | None
    sketch: bytes


class Clusters:
    """The clusters of a ledger whose layout has ``TABLES``; used by one thread, the one that writes the ledger.

    ``window`` (seconds) is how long after a story its versions are looked for; 0 gives
    each article a cluster of its own. Opening reads the keys of the window's stories:
    half a second for `MOST_STORIES`. What a transaction assigned that was rolled back was
    never assigned.
    """

    def __init__(self, connection: sqlite3.Connection, *, window: float, most: int = MOST_STORIES) -> None:
        self._db = connection
        self._window = round(window * 1000)
        self._most = most
        self._keys = Keys(FORMULA)
        for number, keys in self._db.execute("SELECT number, keys FROM stories ORDER BY number"):
            self._enter(number, unpack(f"<{len(keys) // 4}I", keys))

    def assign(self, article: Story, now: int) -> bytes:
        """The cluster of an article that has none, 8 bytes, for ``identities``; within a transaction.

        That of the story that it holds most of, else its own: then it is a story that
        others are found by. ``now`` is Unix time in milliseconds. Takes the same time
        however large the ledger is.
        """
        own = bytes.fromhex(article.id[: 2 * _ID])
        if not article.sketch or not self._window:
            return own
        wire, runs = _wire(article.issuer), hashes(article.sketch)
        keys, shared = self._look_up(wire, runs)
        nearest, most = b"", 0.0
        # Where a key leads to a crowd, one alone says nothing.
        least = 1 if len(shared) <= COMPARED else 2
        likely = [number for number, many in shared.items() if many >= least]
        for number in sorted(likely, key=lambda number: (-shared[number], -number))[:COMPARED]:
            story = self._db.execute(
                "SELECT cluster, sketch FROM stories WHERE number = ? AND wire = ? AND seen_at > ?",
                (number, wire, now - self._window),
            ).fetchone()
            much = held(runs, hashes(story[1])) if story else 0.0
            if much >= HELD and much > most:
                nearest, most = story[0], much
        if nearest:
            return nearest
        del keys[KEYS:]
        begun = self._db.execute(
            "INSERT INTO stories (cluster, wire, seen_at, sketch, keys) VALUES (?, ?, ?, ?, ?)",
            (own, wire, now, article.sketch, pack(f"<{len(keys)}I", *keys)),
        ).lastrowid
        assert begun is not None  # noqa: S101 - an INSERT that returns has a row
        self._enter(begun, keys)
        return own

    def _look_up(self, wire: int, runs: Sequence[int]) -> tuple[list[int], dict[int, int]]:
        """The keys of a text, and how many of them each story has that has some."""
        keys: list[int] = []
        shared: dict[int, int] = {}
        for run in runs[:PROBED]:
            key = run ^ wire
            stories = self._keys.stories(key)
            if stories is not None:
                keys.append(key)
                for story in stories:
                    shared[story] = shared.get(story, 0) + 1
                if len(keys) == ASKED:
                    break
        return keys, shared

    def _enter(self, number: int, keys: Iterable[int]) -> None:
        for key in keys:
            self._keys.add(key, number)

    def forget(self, now: int, most: int) -> None:
        """Remove stories that are out of the window or too many: of the oldest, at most so many."""
        newest = self._db.execute("SELECT max(number) FROM stories").fetchone()[0] or 0
        self._db.execute(
            "DELETE FROM stories WHERE number IN (SELECT number FROM"
            " (SELECT number, seen_at FROM stories ORDER BY number LIMIT ?) WHERE number <= ? OR seen_at <= ?)",
            (most, newest - self._most, now - self._window),
        )


def _wire(issuer: str | None) -> int:
    """A number for whoever issues; articles of nobody in particular are one wire."""
    return crc32((issuer or "").strip().casefold().encode("utf-8", "surrogatepass"))
