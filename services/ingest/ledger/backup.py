"""A copy of the ledger, of one moment, while ingest goes on writing."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from services.ingest.durable import sync
from services.ingest.ledger.layout import open_read_only

# 4 MB at a time, so that somebody can be told how far it is.
PAGES = 1_000


def backup(ledger: Path, target: Path, progress: Callable[[int, int], None]) -> int:
    """Copy ``ledger`` to ``target``, replacing what is there; returns its size in bytes.

    1. everything is copied to a temporary file beside it, of the moment of the first read
    2. the copy is checked and synced
    3. it takes its name

    Interrupted or failed before 3, ``target`` is as it was. ``progress`` is told of pages
    copied and all pages. The copy is one file, without a log beside it. Raises
    sqlite3.Error (a DatabaseError where the copy is damaged) or OSError.
    """
    unfinished = target.with_name(f".{target.name}.tmp")
    # By an error of its own where nothing can be written there: SQLite's would not say which file it means.
    unfinished.write_bytes(b"")
    try:
        with closing(open_read_only(ledger)) as source, closing(sqlite3.connect(unfinished)) as copy:
            # 1. Held open, a transaction sees one moment; without it each write of ingest's would begin the copy anew.
            source.isolation_level = None
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            source.backup(copy, pages=PAGES, progress=lambda _status, left, all_: progress(all_ - left, all_))
            copy.execute("PRAGMA journal_mode=DELETE")
            # 2
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
        sync(unfinished)
        # 3
        os.replace(unfinished, target)
        sync(target.parent)
        return target.stat().st_size
    finally:
        unfinished.unlink(missing_ok=True)
