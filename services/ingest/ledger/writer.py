"""The ledger: what ingest promised, on disk before it is done.

Two tables in one SQLite file. ``files`` has a row for each file version that was
finished, with its state: ``published`` (its articles are with the broker, the
file still in the inbox), ``put_away`` (and moved), ``duplicate`` or ``rejected``
(moved once ``put_away_at`` is set). Files on their way there are not written: a
crash finds them in the inbox. ``identities`` has a row for each content of each
article: the revision it got, before it was published, and when the broker
acknowledged it.

Each method is one transaction, synced to the disk when it returns (WAL,
``synchronous=FULL``); raises sqlite3.Error when it cannot be, and then nothing of
it is written. One process writes; others may read meanwhile (``open_read_only``).
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from newswire.identity import fix_revision
from services.ingest.inbox import shown
from services.ingest.read import FileVersion

LEDGER = "ledger"  # what readiness calls it

_TABLES = """
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

# What leads from each layout to the next. 0 is a ledger that was never written; the number it carries is where an
# older one goes on from.
_LAYOUTS = (_TABLES, _REFUSED)
LAYOUT = len(_LAYOUTS)


class Claim(NamedTuple):
    """A content of an article that is to be published; ``wanted`` is the revision its source names."""

    id: str
    content: str
    wanted: int | None


class Fixed(NamedTuple):
    """The revision of a claim, for ever; ``acknowledged`` where the broker has it already."""

    revision: int
    acknowledged: bool


class Refusals(NamedTuple):
    """How often the same bytes at the same path were refused before, and when that began (milliseconds)."""

    times: int
    first_at: int | None


class FileRow(NamedTuple):
    """A finished file; ``published``, ``duplicates`` and ``refused`` count its records."""

    inbox: str
    relative: str  # its path below the inbox, as the operating system's calls take it
    version: FileVersion
    sha256: str | None
    format: str | None
    state: str
    reason: str | None
    message: str | None
    published: int
    duplicates: int
    refused: int
    articles: Sequence[str]  # ids
    acknowledged: Sequence[tuple[str, str]]  # (id, content) of those the broker acknowledged for this file
    seen_at: int
    finished_at: int
    put_away: str


class Unfinished(NamedTuple):
    """A finished file that has not been moved, as far as the ledger knows."""

    number: int
    inbox: str
    raw_path: bytes
    version: FileVersion
    path: str
    state: str
    reason: str | None
    message: str | None
    put_away: str


class Ledger:
    """The writing side; used by one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        layout = self._db.execute("PRAGMA user_version").fetchone()[0]
        if layout > LAYOUT:
            self._db.close()
            raise sqlite3.DatabaseError(f"{path} was written by a newer version of Newswire (layout {layout})")
        for number, script in enumerate(_LAYOUTS[layout:], layout + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")

    def close(self) -> None:
        """Close the file; what was committed is on disk already."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def fix(self, claims: Sequence[Claim], now: int) -> list[Fixed]:
        """The revision of each claim: the one it got before, else a new one, written before this returns.

        ``now`` is Unix time in milliseconds. Claims of one call see one another.
        """
        fixed: list[Fixed] = []
        with self._transaction() as db:
            for claim in claims:
                article, content = bytes.fromhex(claim.id), bytes.fromhex(claim.content)
                known = db.execute(
                    "SELECT content, revision, acked_at FROM identities WHERE id = ?", (article,)
                ).fetchall()
                mine = next((row for row in known if row[0] == content), None)
                if mine:
                    fixed.append(Fixed(mine[1], mine[2] is not None))
                    continue
                taken = {row[1] for row in known}
                revision = fix_revision(
                    claim.wanted, now=now, last=max(taken, default=None), taken=claim.wanted in taken
                )
                db.execute(
                    "INSERT INTO identities (id, content, revision) VALUES (?, ?, ?)", (article, content, revision)
                )
                fixed.append(Fixed(revision, acknowledged=False))
        return fixed

    def finish(self, rows: Iterable[FileRow]) -> list[int]:
        """Write that these files are done and their articles acknowledged; returns the number of each row."""
        numbers = []
        with self._transaction() as db:
            for row in rows:
                number = db.execute(
                    "INSERT INTO files VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)", _columns(row)
                ).lastrowid
                assert number is not None  # noqa: S101 - an INSERT that returns has a row
                numbers.append(number)
                db.executemany(
                    "UPDATE identities SET acked_at = ?, file = ? WHERE id = ? AND content = ?",
                    [
                        (row.finished_at, number, bytes.fromhex(article), bytes.fromhex(content))
                        for article, content in row.acknowledged
                    ],
                )
        return numbers

    def refusals(self, path: str, sha256: str | None, size: int) -> Refusals:
        """The earlier refusals of a file; ``path`` as messages carry it, ``sha256`` None where it is refused unread."""
        return Refusals(
            *self._db.execute(
                "SELECT count(*), min(finished_at) FROM files"
                " WHERE path = ? AND sha256 IS ? AND size = ? AND refused > 0",
                (path, bytes.fromhex(sha256) if sha256 else None, size),
            ).fetchone()
        )

    def put_away(self, moved: Iterable[tuple[int, str]], now: int) -> None:
        """Write that these files (number, where they went) are out of the inbox."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE files SET put_away = ?, put_away_at = ?,"
                " state = CASE state WHEN 'published' THEN 'put_away' ELSE state END WHERE number = ?",
                [(where, now, number) for number, where in moved],
            )

    def unfinished(self) -> list[Unfinished]:
        """The files that are done and, as far as the ledger knows, not moved."""
        rows = self._db.execute(
            "SELECT number, inbox, coalesce(raw_path, CAST(path AS BLOB)), dev, inode, size, mtime_ns, ctime_ns,"
            " path, state, reason, message, put_away FROM files WHERE put_away_at IS NULL"
        )
        return [Unfinished(row[0], row[1], row[2], FileVersion(*row[3:8]), *row[8:13]) for row in rows]


def open_read_only(path: Path) -> sqlite3.Connection:
    """The ledger for other processes, while ingest writes; raises sqlite3.OperationalError where there is none."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)


def clamp(version: FileVersion) -> FileVersion:
    """The version as SQLite's signed 64 bits hold it: some file systems number inodes beyond them."""
    return FileVersion(*((value + 2**63) % 2**64 - 2**63 for value in version))


def _columns(row: FileRow) -> tuple[object, ...]:
    path = shown(row.relative)
    return (
        shown(row.inbox),
        path,
        None if path == row.relative else os.fsencode(row.relative),
        *clamp(row.version),
        bytes.fromhex(row.sha256) if row.sha256 else None,
        row.format,
        row.state,
        row.reason,
        row.message,
        row.published,
        row.duplicates,
        row.refused,
        bytes.fromhex("".join(row.articles)),
        row.seen_at,
        row.finished_at,
        row.put_away,
    )
