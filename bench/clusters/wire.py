"""Clusters without an ingest around them: a ledger of the one table that they need of it."""

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from services.ingest.cluster import TABLES, Clusters, Story
from services.ingest.cluster.index import MOST_STORIES

DAY = 24 * 3600 * 1000  # milliseconds
WINDOW = 7 * DAY / 1000


class Wire:
    """Clusters over a ledger of its own, in memory or on disk."""

    def __init__(self, path: Path | str = ":memory:", *, window: float = WINDOW, most: int = MOST_STORIES) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute("CREATE TABLE identities (id BLOB, content BLOB, PRIMARY KEY (id, content)) WITHOUT ROWID")
        self.db.executescript(TABLES)
        self.clusters = Clusters(self.db, window=window, most=most)

    def take(self, stories: Sequence[Story], now: int = DAY) -> tuple[list[str], float]:
        """The clusters of one batch, and the seconds that this took."""
        self.db.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        found = [self.cluster(story, now).hex() for story in stories]
        self.clusters.forget(now, 2 * len(stories))
        seconds = time.perf_counter() - began
        self.db.execute("COMMIT")
        return found, seconds

    def cluster(self, story: Story, now: int) -> bytes:
        """The cluster that the article has for ever."""
        id_ = bytes.fromhex(story.id)
        known = self.db.execute("SELECT cluster FROM identities WHERE id = ?", (id_,)).fetchone()
        if known:
            return bytes(known[0])
        found = self.clusters.assign(story, now)
        self.db.execute("INSERT INTO identities (id, content, cluster) VALUES (?, '', ?)", (id_, found))
        return found


def named(number: int, signature: bytes, issuer: str | None = "wire") -> Story:
    """A story under an id of its own."""
    return Story(hashlib.sha256(b"%d" % number).hexdigest()[:32], issuer, signature)
