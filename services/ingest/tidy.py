"""What ingest lets go of in time: put-away files, and the ledger's rows of files long done.

Identities stay for ever: they are what tells a duplicate from news, and the newest
revision of an article from an older one. So does the row of a file that lies in an inbox, put away
or not. Everything is done in small steps with pauses between them, on a thread with a
connection of its own: a million files take a while, and hold nobody up.
"""

import errno
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from newswire.logging import get_logger
from services.ingest.ledger.found import FORGOTTEN, Place
from services.ingest.ledger.layout import COUNT, open_to_write
from services.ingest.read import look

EVERY = 3600.0  # seconds
# Rows in one transaction, some 10 ms; files between two pauses.
ROWS = 500
FILES = 500
# After each step: whoever publishes meanwhile gets nine tenths of the disk.
PAUSE = 0.1  # seconds

FOREVER = float("inf")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

log = get_logger()


class Keep(NamedTuple):
    """How long what is kept, in seconds; ``FOREVER`` lets go of nothing."""

    processed: float = FOREVER
    rejected: float = FOREVER
    rows: float = FOREVER


class Removed(NamedTuple):
    """What one round let go of."""

    files: int = 0
    rows: int = 0


class Tidy:
    """Tidies the data directory ``data`` and the ledger in it; ``clock`` gives Unix time, ``stop`` ends it early."""

    def __init__(
        self, data: Path, ledger: Path, keep: Keep, *, stop: threading.Event, clock: Callable[[], float]
    ) -> None:
        self._data = data
        self._ledger = ledger
        self._keep = keep
        self._stop = stop
        self._clock = clock

    def run(self) -> None:
        """A round an hour until the service stops; a thread of its own. What fails is tried again in the next."""
        if self._keep == Keep():
            return
        while True:
            try:
                removed = self.round()
            except (OSError, sqlite3.Error) as error:
                log.warning("cannot tidy", cause=str(error))
            else:
                if any(removed):
                    log.info("tidied", **removed._asdict())
            if self._stop.wait(EVERY):
                return

    def round(self) -> Removed:
        """Let go of what is old enough now; raises OSError or sqlite3.Error with the rest left as it was."""
        files = self._files("processed", self._keep.processed) + self._files("rejected", self._keep.rejected)
        return Removed(files, self._rows())

    def _files(self, kind: str, seconds: float) -> int:
        if seconds == FOREVER:
            return 0
        over = _midnight(max(0.0, self._clock() - seconds))
        removed = 0
        for day in self._days(kind, over):
            for step, (remove, path) in enumerate(_inside(day, over.timestamp()), 1):
                remove(path)
                removed += remove is os.unlink
                if step % FILES == 0 and self._stop.wait(PAUSE):
                    return removed
        return removed

    def _days(self, kind: str, over: datetime) -> list[str]:
        """The directories of days that were over at ``over``, oldest first; what else lies there is nobody's."""
        try:
            with os.scandir(self._data / kind) as entries:
                names = sorted(one.name for one in entries if one.is_dir(follow_symlinks=False))
        except FileNotFoundError:
            return []
        return [str(self._data / kind / name) for name in names if _DAY.fullmatch(name) and _is_over(name, over)]

    def _rows(self) -> int:
        if self._keep.rows == FOREVER:
            return 0
        before = round((self._clock() - self._keep.rows) * 1000)
        removed, last = 0, Place(-1, -1)
        with closing(open_to_write(self._ledger)) as db:
            while rows := _old(db, before, last):
                last = Place(rows[-1].finished_at, rows[-1].number)
                gone = [row for row in rows if not row.is_kept()]
                _forget(db, gone)
                removed += len(gone)
                if self._stop.wait(PAUSE):
                    break
        return removed


class _Row(NamedTuple):
    """A file that was done long ago."""

    version: tuple[int, ...]  # without the device, which gets another number when the machine starts again
    number: int
    finished_at: int
    published: int
    duplicates: int
    refused: int
    put_away: str
    inbox: str
    raw_path: bytes

    def is_kept(self) -> bool:
        """Whether it still lies in the inbox, as ``NEWSWIRE_FINISHED=keep`` leaves it: without its row it were new."""
        if not os.path.isabs(self.put_away):
            return False
        found = look(os.path.join(self.inbox, os.fsdecode(self.raw_path)))
        return found[1:] == self.version if found else _may_be_away(self.inbox)


def _old(db: sqlite3.Connection, before: int, after: Place) -> list[_Row]:
    """Some files that were put away and done ``before`` (milliseconds), oldest first, from behind ``after``."""
    rows = db.execute(
        "SELECT inode, size, mtime_ns, ctime_ns, number, finished_at, published, duplicates, refused, put_away, inbox,"
        " coalesce(raw_path, CAST(path AS BLOB)) FROM files"
        # The newest row stays: SQLite would give its number once more, and identities name files by number.
        " WHERE finished_at < ? AND put_away_at IS NOT NULL AND number < (SELECT max(number) FROM files)"
        " AND (finished_at, number) > (?, ?) ORDER BY finished_at, number LIMIT ?",
        (before, *after, ROWS),
    )
    return [_Row(row[:4], *row[4:]) for row in rows]


def _may_be_away(inbox: str) -> bool:
    """Whether nothing is to be seen in ``inbox``: a disk that is not mounted leaves an empty directory, or none."""
    try:
        with os.scandir(inbox) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def _forget(db: sqlite3.Connection, rows: Sequence[_Row]) -> None:
    """Delete these rows and count them; one transaction."""
    if not rows:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany("DELETE FROM files WHERE number = ?", [(row.number,) for row in rows])
        counts = zip(*((1, row.published, row.duplicates, row.refused) for row in rows), strict=True)
        db.execute(COUNT, (FORGOTTEN, *map(sum, counts)))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _is_over(day: str, by: datetime) -> bool:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1) <= by
    except (ValueError, OverflowError):  # no day of any calendar
        return False


def _midnight(instant: float) -> datetime:
    """When the day of ``instant`` (Unix time) began, UTC."""
    return datetime.fromtimestamp(instant, UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _inside(directory: str, over: float) -> Iterator[tuple[Callable[[str], None], str]]:
    """What removes ``directory`` and each thing under it, the innermost first; links are removed, not followed.

    Left out is what came at ``over`` (Unix time) or later: a place is planned with the
    first part of a file that is done, and its embargo may end when that day is long over.
    """
    # Directories to be looked into, and those that were: a call for each level would end at some thousand.
    left = [(directory, False)]
    while left:
        here, is_through = left.pop()
        if is_through:
            yield _remove_if_empty, here
            continue
        left.append((here, True))
        with os.scandir(here) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append((entry.path, False))
                elif entry.stat(follow_symlinks=False).st_ctime < over:  # which a rename sets
                    yield os.unlink, entry.path


def _remove_if_empty(directory: str) -> None:
    try:
        os.rmdir(directory)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
