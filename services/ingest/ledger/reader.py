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
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from services.ingest.ledger.layout import open_read_only

# A name without its directory is looked for in all of them: 0.15 s for a million files.
PATIENCE = 3.0  # seconds
# How many instructions of SQLite's pass between two looks at the clock; some 10 ms.
_STEPS = 100_000
_PAGE = 5_000  # identities read at a time, half a megabyte

# What a file can be in, in the order of its way.
STATES = ("reading", "embargoed", "published", "put_away", "duplicate", "rejected")
# Those that few files are in at a time, or that people look for: the layout has an index of them.
_NOTED = frozenset(("reading", "embargoed", "rejected"))
# What `tidy` has let go of is still counted.
FORGOTTEN = "forgotten"

_PUT_AWAY = re.compile(r"(?:processed|rejected)/\d{4}-\d\d-\d\d/(.+)", re.DOTALL)
# What `services.ingest.put_away` adds to a name that was taken.
_TWIN = re.compile(r"\.[0-9a-f]{8}(?:-\d+)?(?=\.[^./]*\Z|\Z)")

_COLUMNS = (
    "number, inbox, path, size, mtime_ns, sha256, format, state, reason, message, published, duplicates, refused, held,"
    " done, articles, seen_at, finished_at, put_away, put_away_at"
)


class Total(msgspec.Struct, frozen=True):
    """Files of one state, and what their records came to."""

    files: int = 0
    published: int = 0
    duplicates: int = 0
    refused: int = 0


class FileFound(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a file; ``published``, ``duplicates``, ``refused`` and ``held`` count its records.

    ``articles`` are the ids of the first of them, ``put_away`` is relative to the data
    directory ("" where the file went away by itself) and good once ``put_away_at`` is
    set.
    """

    number: int
    inbox: str
    path: str
    size: int
    modified_at: datetime
    sha256: str | None
    format: str | None
    state: str
    reason: str | None
    message: str | None
    published: int
    duplicates: int
    refused: int
    held: int
    done: int
    articles: list[str]
    seen_at: datetime
    finished_at: datetime
    put_away: str
    put_away_at: datetime | None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One content of an article; ``file`` is the number of the file it was acknowledged for, which may be forgotten."""

    id: str
    content: str
    revision: int
    canceled: bool
    acknowledged_at: datetime | None
    file: int | None
    cluster: str | None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A record under embargo; without ``until`` it is withheld until a revision releases it."""

    id: str
    file: int
    record: int
    until: datetime | None


class Place(NamedTuple):
    """Where a file stands among all, newest first."""

    finished_at: int
    number: int


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
        return _instant(row[0])

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

    def before(self, place: Place | None, states: Sequence[str], since: int | None) -> Iterator[FileFound]:
        """Files in ``states`` (none: all), newest first, from after ``place`` back to ``since`` (milliseconds)."""
        conditions, values = ["1"], list[Any]()
        if place is not None:
            conditions.append("(finished_at, number) < (?, ?)")
            values += place
        if since is not None:
            conditions.append("finished_at >= ?")
            values.append(since)
        if states:
            conditions.append(f"state IN ({','.join('?' * len(states))})")
            values += states
        # The planner is told which index has the order asked for; left alone it would sort all files.
        index = "files_noted" if len(states) == 1 and states[0] in _NOTED else "files_by_time"
        if index == "files_noted":
            conditions.append(f"state = '{states[0]}'")
        query = (
            f"SELECT {_COLUMNS} FROM files INDEXED BY {index} WHERE {' AND '.join(conditions)}"  # noqa: S608 - constants
            " ORDER BY finished_at DESC, number DESC"
        )
        return (_file(row) for row in self.db.execute(query, values))

    def identities(self, start: str, most: int) -> list[Identity]:
        """The contents of the articles whose id begins with ``start`` (hex), by id and revision."""
        first, last = (bytes.fromhex(start.ljust(32, digit)) for digit in "0f")
        rows = self.db.execute(
            f"SELECT {_IDENTITY} FROM identities WHERE id BETWEEN ? AND ? LIMIT ?",  # noqa: S608 - a constant
            (first, last, most),
        )
        return sorted(map(identity, rows), key=lambda one: (one.id, one.revision))

    def contents(self, keys: Sequence[tuple[str, str]]) -> list[Identity]:
        """Those of the contents, each an article's id and a hash, that are known."""
        rows = (
            self.db.execute(
                f"SELECT {_IDENTITY} FROM identities WHERE id = ? AND content = ?",  # noqa: S608 - a constant
                (bytes.fromhex(article), bytes.fromhex(content)),
            ).fetchone()
            for article, content in dict.fromkeys(keys)
        )
        return [identity(row) for row in rows if row]

    def acknowledged(self, before: datetime) -> Iterator[Identity]:
        """All contents that were acknowledged before an instant, by id; read a page at a time, as they are then."""
        last = (b"", b"")
        while True:
            rows = self.db.execute(
                f"SELECT {_IDENTITY} FROM identities WHERE (id, content) > (?, ?) ORDER BY id, content LIMIT ?",  # noqa: S608 - a constant
                (*last, _PAGE),
            ).fetchall()
            yield from (one for one in map(identity, rows) if one.acknowledged_at and one.acknowledged_at < before)
            if len(rows) < _PAGE:
                return
            last = (rows[-1][0], rows[-1][1])

    def count_contents(self) -> int:
        """How many contents there are; reads them all, a second for ten millions."""
        return int(self.db.execute("SELECT count(*) FROM identities").fetchone()[0])

    def held(self, article: str) -> list[Held]:
        """The records of an article that are under embargo."""
        rows = self.db.execute("SELECT file, record, until FROM held WHERE id = ? LIMIT 100", (bytes.fromhex(article),))
        return [Held(id=article, file=file, record=record, until=_instant(until)) for file, record, until in rows]

    def _files(self, condition: str, *values: object) -> list[FileFound]:
        return [_file(row) for row in self.db.execute(f"SELECT {_COLUMNS} FROM files {condition}", values)]  # noqa: S608 - constants

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


_IDENTITY = "id, content, revision, canceled, acked_at, file, cluster"


def identity(row: Sequence[Any]) -> Identity:
    """The identity in a row of ``_IDENTITY``'s columns."""
    article, content, revision, canceled, acked_at, file, cluster = row
    return Identity(
        id=article.hex(),
        content=content.hex(),
        revision=revision,
        canceled=bool(canceled),
        acknowledged_at=_instant(acked_at),
        file=file,
        cluster=cluster.hex() if cluster else None,
    )


def _file(row: Sequence[Any]) -> FileFound:
    number, inbox, path, size, mtime_ns, sha256, form, state, reason, message, *counts = row
    published, duplicates, refused, held, done, articles, seen_at, finished_at, put_away, put_away_at = counts
    return FileFound(
        number=number,
        inbox=inbox,
        path=path,
        size=size,
        modified_at=_clamped(mtime_ns // 1_000_000),
        sha256=sha256.hex() if sha256 else None,
        format=form,
        state=state,
        reason=reason,
        message=message,
        published=published,
        duplicates=duplicates,
        refused=refused,
        held=held,
        done=done,
        articles=[articles[at : at + 16].hex() for at in range(0, len(articles), 16)],
        seen_at=_clamped(seen_at),
        finished_at=_clamped(finished_at),
        put_away=put_away,
        put_away_at=_instant(put_away_at),
    )


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else _clamped(milliseconds)


# What a calendar has; a file may say that it is from the year 50,000.
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999


def _clamped(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(milliseconds, _FIRST), _LAST) / 1000, UTC)


def _literally(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
