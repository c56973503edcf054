"""The tables of the ledger, and how an older file gets them."""

import sqlite3
from pathlib import Path

from services.ingest.cluster import TABLES as CLUSTERS

_FIRST = """
CREATE TABLE files (
  number      INTEGER PRIMARY KEY,
  inbox       TEXT NOT NULL,              -- the directory, as it was named then
  path        TEXT NOT NULL,              -- relative to it, what is not printable percent-encoded
  raw_path    BLOB,                       -- its bytes, where path is not them
  dev INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  ctime_ns    INTEGER NOT NULL,
  sha256      BLOB,                       -- of the whole file; NULL where it was refused unread
  format      TEXT,
  state       TEXT NOT NULL CHECK (state IN ('published', 'put_away', 'duplicate', 'rejected')),
  reason      TEXT,                       -- of the first record that was refused
  message     TEXT,
  published INTEGER NOT NULL, duplicates INTEGER NOT NULL, refused INTEGER NOT NULL,  -- records
  articles    BLOB NOT NULL,              -- their ids, 16 bytes each, in order
  seen_at     INTEGER NOT NULL,           -- milliseconds, as all times here
  finished_at INTEGER NOT NULL,
  put_away    TEXT NOT NULL,              -- where to, relative to the data directory
  put_away_at INTEGER
);
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_unfinished ON files (number) WHERE put_away_at IS NULL;
CREATE INDEX files_rejected ON files (finished_at) WHERE state = 'rejected';
CREATE TABLE identities (
  id BLOB NOT NULL, content BLOB NOT NULL, revision INTEGER NOT NULL,
  acked_at INTEGER, file INTEGER,         -- the file it was acknowledged for
  PRIMARY KEY (id, content)
) WITHOUT ROWID;
"""
# How often the same bytes were refused at the same path is asked for every letter.
_REFUSED = "CREATE INDEX files_refused ON files (path, sha256, size) WHERE refused > 0;"

# Files that are read in parts, embargoes and withdrawals. SQLite changes no CHECK, so the table is made anew.
_PARTS = """
CREATE TABLE files_now (
  number      INTEGER PRIMARY KEY,
  inbox       TEXT NOT NULL,
  path        TEXT NOT NULL,
  raw_path    BLOB,
  dev INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  ctime_ns    INTEGER NOT NULL,
  sha256      BLOB,
  format      TEXT,
  state       TEXT NOT NULL
    CHECK (state IN ('reading', 'embargoed', 'published', 'put_away', 'duplicate', 'rejected')),
  reason      TEXT,
  message     TEXT,
  published INTEGER NOT NULL, duplicates INTEGER NOT NULL, refused INTEGER NOT NULL,
  articles    BLOB NOT NULL,              -- of the first thousand records
  seen_at     INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,           -- or the last time that something of it was done
  put_away    TEXT NOT NULL,
  put_away_at INTEGER,
  held        INTEGER NOT NULL DEFAULT 0, -- records under embargo
  done        INTEGER NOT NULL DEFAULT 0  -- records up to here need not be read again
);
INSERT INTO files_now SELECT files.*, 0, published + duplicates + refused FROM files;
DROP TABLE files;
ALTER TABLE files_now RENAME TO files;
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_by_time ON files (finished_at);
CREATE INDEX files_unfinished ON files (number) WHERE put_away_at IS NULL;
CREATE INDEX files_noted ON files (state, finished_at) WHERE state IN ('rejected', 'embargoed', 'reading');
CREATE INDEX files_refused ON files (path, sha256, size) WHERE refused > 0;
ALTER TABLE identities ADD COLUMN canceled INTEGER NOT NULL DEFAULT 0;
CREATE TABLE held (
  file INTEGER NOT NULL, record INTEGER NOT NULL,
  id BLOB NOT NULL,
  until INTEGER,                          -- NULL: withheld until a revision releases it
  PRIMARY KEY (file, record)
) WITHOUT ROWID;
CREATE INDEX held_by_id ON held (id);
"""

_ADD = """
    ON CONFLICT (state) DO UPDATE SET files = files + excluded.files, published = published + excluded.published,
      duplicates = duplicates + excluded.duplicates, refused = refused + excluded.refused
"""
# Counts files of one state: the state, and how many files and records.
COUNT = f"INSERT INTO totals VALUES (?, ?, ?, ?, ?) {_ADD}"  # noqa: S608 - a constant
_COUNT = f"INSERT INTO totals VALUES (new.state, 1, new.published, new.duplicates, new.refused) {_ADD};"  # noqa: S608
_UNCOUNT = """
  UPDATE totals SET files = files - 1, published = published - old.published,
    duplicates = duplicates - old.duplicates, refused = refused - old.refused WHERE state = old.state;
"""
# How many files are in which state: whoever asks every second cannot count five million rows each time.
_TOTALS = f"""
CREATE TABLE totals (
  state     TEXT PRIMARY KEY,             -- or 'forgotten', for files whose rows were let go
  files     INTEGER NOT NULL,
  published INTEGER NOT NULL, duplicates INTEGER NOT NULL, refused INTEGER NOT NULL  -- records
) WITHOUT ROWID;
INSERT INTO totals SELECT state, count(*), sum(published), sum(duplicates), sum(refused) FROM files GROUP BY state;
CREATE TRIGGER files_come AFTER INSERT ON files BEGIN {_COUNT} END;
CREATE TRIGGER files_go AFTER DELETE ON files BEGIN {_UNCOUNT} END;
CREATE TRIGGER files_move_on AFTER UPDATE OF state ON files WHEN new.state <> old.state
  BEGIN {_UNCOUNT} {_COUNT} END;
"""  # noqa: S608 - constants

# A withheld record is released by a revision of its article that is newer than this one.
_RELEASES = "ALTER TABLE held ADD COLUMN revision INTEGER NOT NULL DEFAULT -1;"

# Whoever writes rows counts them himself, a batch at a time: a trigger took a tenth of the time of a row.
_COUNTED = "DROP TRIGGER files_come;"

# What leads from each layout to the next. 0 is a ledger that was never written; the number it carries is where an
# older one goes on from.
LAYOUTS = (_FIRST, _REFUSED, _PARTS, CLUSTERS, _TOTALS, _RELEASES, _COUNTED)
LAYOUT = len(LAYOUTS)


def open_to_write(path: Path) -> sqlite3.Connection:
    """The ledger at ``path`` in today's layout, created where missing; for one process, on one thread.

    Raises sqlite3.Error where it is damaged, or newer than this program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, timeout=10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-8192", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    layout = db.execute("PRAGMA user_version").fetchone()[0]
    if layout > LAYOUT:
        db.close()
        raise sqlite3.DatabaseError(f"{path} was written by a newer version of Newswire (layout {layout})")
    for number, script in enumerate(LAYOUTS[layout:], layout + 1):
        db.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")
    return db


def open_read_only(path: Path) -> sqlite3.Connection:
    """The ledger for other processes, while ingest writes; raises sqlite3.OperationalError where there is none."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
