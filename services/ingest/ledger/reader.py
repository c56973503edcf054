"""The reading side of the ledger: what became of files and articles, for whoever asks while ingest writes.

What is found are the shapes in which the service answers over HTTP. No question
holds a transaction for long, as the ledger's log cannot shrink meanwhile, and none
reads all of a table without a limit of time.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from services.ingest.ledger.found import (
    COLUMNS,
    FORGOTTEN,
    IDENTITY,
    STATES,
    FileFound,
    Held,
    Identity,
    Place,
    Total,
    file_of,
    identity_of,
    instant,
)
from services.ingest.ledger.layout import open_read_only

# A name without its directory is looked for in all of them: 0.15 s for a million files.
PATIENCE = 3.0  # seconds
# How many instructions of SQLite's pass between two looks at the clock; some 10 ms.
_STEPS = 100_000
_PAGE = 5_000  # identities read at a time, half a megabyte

# Those that few files are in at a time, or that people look for: the layout has an index of them.
NOTED = frozenset(("reading", "embargoed", "rejected"))
# The condition of that index, word for word: SQLite takes a partial index only where it reads just this.
_NOTED_ARE = "state IN ('rejected', 'embargoed', 'reading')"
_PUT_AWAY = re.compile(r"(?:processed|rejected)/\d{4}-\d\d-\d\d/(.+)", re.DOTALL)
# What `services.ingest.put_away` adds to a name that was taken.
_TWIN = re.compile(r"\.[0-9a-f]{8}(?:-\d+)?(?=\.[^./]*\Z|\Z)")


class LedgerReader:
    """Used by one thread; a context manager. Raises sqlite3.OperationalError where there is no ledger."""

    def __init__(self, path: Path) -> None:
        self.db = open_read_only(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    def totals(self) -> dict[str, Total]:
        """Files by state; six rows are read, however many files there are."""
        rows = self.db.execute("SELECT state, files, published, duplicates, refused FROM totals").fetchall()
        found = {state: Total(*counts) for state, *counts in rows}
        return {state: found.get(state, Total()) for state in (*STATES, FORGOTTEN)}

    def unfinished_since(self) -> datetime | None:
        """When the oldest file was seen that is not yet put away."""
        row = self.db.execute("SELECT min(seen_at) FROM files WHERE put_away_at IS NULL").fetchone()
        return instant(row[0])

    def file(self, number: int) -> FileFound | None:
        """The file of that number."""
        return next(iter(self._files("WHERE number = ?", number)), None)

    def at(self, path: str, most: int) -> list[FileFound]:
        """The newest versions of the file ``path`` (as messages carry it)."""
        return self._files("WHERE path = ? ORDER BY number DESC LIMIT ?", path, most)

    def put_away(self, where: str) -> FileFound | None:
        """The file that was put away at ``where``, a path below the data directory."""
        match = _PUT_AWAY.fullmatch(where)
        # Looked for by its path, which the place ends with; a name that was taken got a hash as well.
        for path in dict.fromkeys((match[1], _TWIN.sub("", match[1]))) if match else ():
            if found := self._files("WHERE path = ? AND put_away = ? ORDER BY number DESC LIMIT 1", path, where):
                return found[0]
        return None

    def named(self, name: str, most: int) -> list[FileFound]:
        """Files of that name, whatever their directory; raises TimeoutError where that takes too long."""
        with self._within(PATIENCE):
            # Read from the index of paths alone, which is a third of the table.
            numbers = self.db.execute(
                "SELECT number FROM files WHERE path LIKE ? ESCAPE '!' AND substr(path, -?) = ? LIMIT ?",
                (f"%{_literally(name)}", len(name) + 1, f"/{name}", most),
            ).fetchall()
        found = (self.file(number) for (number,) in numbers)
        return sorted(filter(None, found), key=lambda one: -one.number)

    def of_content(self, sha256: str, most: int) -> list[FileFound]:
        """Files of that SHA-256 (hex), newest first; raises TimeoutError where that takes too long."""
        with self._within(PATIENCE):
            return self._files("WHERE sha256 = ? ORDER BY number DESC LIMIT ?", bytes.fromhex(sha256), most)

    def like(self, part: str, most: int) -> list[str]:
        """Paths that hold ``part``, in whatever case; as many as are found in time."""
        found: list[str] = []
        try:
            with self._within(PATIENCE):
                rows = self.db.execute(
                    "SELECT path FROM files WHERE path LIKE ? ESCAPE '!'", (f"%{_literally(part)}%",)
                )
                for (path,) in rows:
                    if path not in found:
                        found.append(path)
                    if len(found) == most:
                        break
        except TimeoutError:
            pass
        return found

    def newest_paths(self, most: int) -> list[str]:
        """The paths of the files that were finished last."""
        rows = self.db.execute("SELECT path FROM files ORDER BY finished_at DESC LIMIT ?", (most,))
        return list(dict.fromkeys(path for (path,) in rows))

    def before(self, place: Place | None, since: int | None, noted: str | None = None) -> Iterator[FileFound]:
        """Files, newest first, from after ``place`` back to ``since`` (milliseconds); all, or those in one of NOTED."""
        conditions, values = ["1"], list[Any]()
        if place is not None:
            conditions.append("(finished_at, number) < (?, ?)")
            values += place
        if since is not None:
            conditions.append("finished_at >= ?")
            values.append(since)
        if noted is not None:
            conditions += ["state = ?", _NOTED_ARE]
            values.append(noted)
        # The planner is told which index has the order asked for; left alone it might sort all files.
        index = "files_noted" if noted else "files_by_time"
        query = (
            f"SELECT {COLUMNS} FROM files INDEXED BY {index} WHERE {' AND '.join(conditions)}"  # noqa: S608 - constants
            " ORDER BY finished_at DESC, number DESC"
        )
        return (file_of(row) for row in self.db.execute(query, values))

    def identities(self, start: str, most: int) -> list[Identity]:
        """The contents of the articles whose id begins with ``start`` (hex), by id and revision."""
        rows = self.db.execute(
            f"SELECT {IDENTITY} FROM identities WHERE id BETWEEN ? AND ? LIMIT ?",  # noqa: S608 - a constant
            (*_range(start), most),
        )
        return sorted(map(identity_of, rows), key=lambda one: (one.id, one.revision))

    def contents(self, keys: Sequence[tuple[str, str]]) -> list[Identity]:
        """Those of the contents, each an article's id and a hash, that are known."""
        rows = (
            self.db.execute(
                f"SELECT {IDENTITY} FROM identities WHERE id = ? AND content = ?",  # noqa: S608 - a constant
                (bytes.fromhex(article), bytes.fromhex(content)),
            ).fetchone()
            for article, content in dict.fromkeys(keys)
        )
        return [identity_of(row) for row in rows if row]

    def acknowledged(self, before: datetime) -> Iterator[Identity]:
        """All contents that were acknowledged before an instant, by id; read a page at a time, as they are then."""
        last = (b"", b"")
        while True:
            rows = self.db.execute(
                f"SELECT {IDENTITY} FROM identities WHERE (id, content) > (?, ?) ORDER BY id, content LIMIT ?",  # noqa: S608 - a constant
                (*last, _PAGE),
            ).fetchall()
            yield from (one for one in map(identity_of, rows) if one.acknowledged_at and one.acknowledged_at < before)
            if len(rows) < _PAGE:
                return
            last = (rows[-1][0], rows[-1][1])

    def count_contents(self) -> int:
        """How many contents there are; reads them all, a second for ten millions."""
        return int(self.db.execute("SELECT count(*) FROM identities").fetchone()[0])

    def held(self, start: str, most: int) -> list[Held]:
        """The records under embargo of the articles whose id begins with ``start`` (hex)."""
        rows = self.db.execute(
            "SELECT id, file, record, until FROM held WHERE id BETWEEN ? AND ? LIMIT ?", (*_range(start), most)
        )
        return [
            Held(id=article.hex(), file=file, record=record, until=instant(until))
            for article, file, record, until in rows
        ]

    def _files(self, condition: str, *values: object) -> list[FileFound]:
        return [file_of(row) for row in self.db.execute(f"SELECT {COLUMNS} FROM files {condition}", values)]  # noqa: S608 - constants

    @contextmanager
    def _within(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
        """What is asked inside ends after ``seconds`` with TimeoutError."""
        end = clock() + seconds
        self.db.set_progress_handler(lambda: clock() > end, _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            raise TimeoutError from None
        finally:
            self.db.set_progress_handler(None, 0)


def _range(start: str) -> tuple[bytes, bytes]:
    """The first and the last id that begin with ``start``."""
    return bytes.fromhex(start.ljust(32, "0")), bytes.fromhex(start.ljust(32, "f"))


def _literally(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
