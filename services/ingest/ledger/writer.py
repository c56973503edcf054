"""The writing side of the ledger."""

import itertools
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newswire.identity import DAY, fix_revision, fix_withdrawal
from newswire.reasons import Reason
from services.ingest.cluster import Clusters, Story
from services.ingest.inbox import shown
from services.ingest.ledger.layout import COUNT, open_to_write
from services.ingest.ledger.rows import Claim, FileRow, Fixed, HeldRow, Open, Refusals, Unfinished, article_ids
from services.ingest.read import FileVersion

_INSERT = f"INSERT INTO files VALUES ({','.join('?' * 24)})"  # noqa: S608 - question marks
_PUT_AWAY = "UPDATE files SET put_away_at = ?, state = CASE state WHEN 'published' THEN 'put_away' ELSE state END"
_RAW_PATH = "coalesce(raw_path, CAST(path AS BLOB))"


class Ledger:
    """Used by one thread. Near-duplicates are looked for among the stories of ``window`` seconds; 0: not at all."""

    def __init__(self, path: Path, *, window: float = 7 * 86400.0) -> None:
        self._db = open_to_write(path)
        self._clusters = Clusters(self._db, window=window)

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

    @contextmanager
    def _unsynced(self) -> Iterator[None]:
        """What is written is safe from a kill, and from a power cut once something else is synced."""
        self._db.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self._db.execute("PRAGMA synchronous=FULL")

    def fix(self, claims: Sequence[Claim], now: int) -> list[Fixed]:
        """The revision of each claim: the one it got before, else a new one, written before this returns.

        ``now`` is Unix time in milliseconds. Claims of one call see one another.
        """
        with self._transaction() as db:
            fixed = [self._fix(db, claim, now) for claim in claims]
            self._clusters.forget(now, 2 * len(claims))
            return fixed

    def _fix(self, db: sqlite3.Connection, claim: Claim, now: int) -> Fixed:
        article, content = bytes.fromhex(claim.id), bytes.fromhex(claim.content)
        rows = db.execute(
            "SELECT content, revision, acked_at, canceled, cluster FROM identities WHERE id = ?", (article,)
        ).fetchall()
        last, taken, withdrawn, mine, cluster = None, False, False, None, None
        if rows:
            mine = next((row for row in rows if row[0] == content), None)
            if mine and mine[2] is not None and not claim.canceled:
                return Fixed(mine[1], acknowledged=True, known=len(rows) > 1)
            newest = max(rows, key=lambda row: (row[1], row[3]))
            last, withdrawn = newest[1], bool(newest[3])
            cluster = next((row[4] for row in rows if row[4]), None)
        if cluster is None and not claim.canceled:
            cluster = self._clusters.assign(Story(claim.id, claim.issuer, claim.sketch), now)
        shared = cluster.hex() if cluster and not claim.canceled else None
        # A withdrawal that was overruled since is one anew when it comes again.
        if mine and not (claim.canceled and mine[1] < last):
            if mine[4] != cluster:
                db.execute(
                    "UPDATE identities SET cluster = ? WHERE id = ? AND content = ?", (cluster, article, content)
                )
            return Fixed(mine[1], mine[2] is not None, len(rows) > 1, shared)
        taken = any(row[1] == claim.wanted for row in rows)
        if claim.canceled:
            revision = fix_withdrawal(claim.wanted, now=now, last=last, taken=taken)
        else:
            revision = fix_revision(claim.wanted, now=now, last=last, taken=taken, withdrawn=withdrawn)
        db.execute(
            "INSERT OR REPLACE INTO identities (id, content, revision, canceled, cluster) VALUES (?, ?, ?, ?, ?)",
            (article, content, revision, claim.canceled, cluster),
        )
        return Fixed(revision, acknowledged=False, known=bool(rows), cluster=shared)

    def finish(self, rows: Sequence[FileRow]) -> list[int]:
        """Write what became of these files and that their articles are acknowledged; returns the number of each row."""
        numbers = []
        columns = []
        acknowledged = []
        with self._transaction() as db:
            new = itertools.count(1 + (db.execute("SELECT max(number) FROM files").fetchone()[0] or 0))
            for row in rows:
                number = row.number
                if number is None:
                    number = next(new)
                else:
                    db.execute("DELETE FROM files WHERE number = ?", (number,))
                numbers.append(number)
                columns.append(_columns(row, number))
                acknowledged += [
                    (row.finished_at, number, bytes.fromhex(article), bytes.fromhex(content))
                    for article, content in row.acknowledged
                ]
                if row.released:
                    db.executemany(
                        "DELETE FROM held WHERE file = ? AND record = ?", [(number, record) for record in row.released]
                    )
                for one in row.holds:
                    _hold(db, number, one, row.finished_at)
            db.executemany(_INSERT, columns)
            db.executemany(COUNT, _counted(rows))
            db.executemany("UPDATE identities SET acked_at = ?, file = ? WHERE id = ? AND content = ?", acknowledged)
        return numbers

    def overtaken(self, number: int) -> list[int]:
        """The withheld records of a file of whose articles the broker has a newer revision by now."""
        found = self._db.execute(
            "SELECT record FROM held WHERE file = ? AND until IS NULL AND EXISTS (SELECT 1 FROM identities"
            " WHERE identities.id = held.id AND acked_at IS NOT NULL AND identities.revision > held.revision)",
            (number,),
        )
        return [record for (record,) in found]

    def published(self, article: str) -> int | None:
        """The newest revision of this article that the broker has acknowledged."""
        found = self._db.execute(
            "SELECT max(revision) FROM identities WHERE id = ? AND acked_at IS NOT NULL", (bytes.fromhex(article),)
        )
        newest: int | None = found.fetchone()[0]
        return newest

    def refusals(self, path: str, sha256: str | None, size: int) -> Refusals:
        """The earlier refusals of a file; ``path`` as messages carry it, ``sha256`` None where it is refused unread."""
        return Refusals(
            *self._db.execute(
                "SELECT count(*), min(finished_at) FROM files"
                " WHERE path = ? AND sha256 IS ? AND size = ? AND refused > 0"
                " AND state NOT IN ('reading', 'embargoed')",
                (path, bytes.fromhex(sha256) if sha256 else None, size),
            ).fetchone()
        )

    def refusals_at(self, path: str) -> Refusals:
        """The earlier refusals of whatever was at ``path``, as messages carry it."""
        return Refusals(
            *self._db.execute(
                "SELECT count(*), min(finished_at) FROM files"
                " WHERE path = ? AND refused > 0 AND state NOT IN ('reading', 'embargoed')",
                (path,),
            ).fetchone()
        )

    def put_away(self, there: Iterable[int], elsewhere: Iterable[tuple[int, str]], now: int) -> None:
        """Write that files are out of the inbox: ``there`` where their rows say, ``elsewhere`` (number, place) not.

        The place is "" for nowhere. On disk with the next transaction: a start after a power cut finds them where
        they are, as it does after a kill before this.
        """
        with self._unsynced(), self._transaction() as db:
            # A batch has numbers that follow one another: one statement takes a quarter of the time of one for each.
            db.executemany(f"{_PUT_AWAY} WHERE number BETWEEN ? AND ?", [(now, *run) for run in _runs(there)])
            db.executemany(
                f"{_PUT_AWAY}, put_away = ? WHERE number = ?", [(now, at, number) for number, at in elsewhere]
            )

    def stays(self, inbox: str, relative: str, version: FileVersion, place: str) -> bool:
        """Whether that version of a file is done with and has its ``place`` in the inbox; whatever its device."""
        found = self._db.execute(
            "SELECT 1 FROM files WHERE path = ? AND inbox = ? AND inode = ? AND size = ? AND mtime_ns = ?"
            " AND ctime_ns = ? AND put_away = ? AND put_away_at IS NOT NULL",
            (shown(relative), shown(inbox), *version[1:], place),
        )
        return found.fetchone() is not None

    def promised(self) -> list[str]:
        """The places that files have which are not there yet."""
        found = self._db.execute("SELECT put_away FROM files WHERE put_away_at IS NULL AND put_away <> ''")
        return [where for (where,) in found]

    def unfinished(self) -> list[Unfinished]:
        """The files that are done and, as far as the ledger knows, not moved."""
        rows = self._db.execute(
            f"SELECT number, inbox, {_RAW_PATH}, dev, inode, size, mtime_ns, ctime_ns,"  # noqa: S608 - a constant
            " path, state, reason, message, put_away FROM files"
            " WHERE put_away_at IS NULL AND state NOT IN ('reading', 'embargoed')"
        )
        return [Unfinished(row[0], row[1], row[2], FileVersion(*row[3:8]), *row[8:13]) for row in rows]

    def open_files(self) -> list[Open]:
        """The files of which only a part is done, with what they hold."""
        rows = self._db.execute(
            f"SELECT number, inbox, {_RAW_PATH}, dev, inode, size, mtime_ns, ctime_ns, sha256, state, format, reason,"  # noqa: S608 - a constant
            " message, published, duplicates, refused, articles, seen_at, done,"
            " put_away FROM files"
            " WHERE state IN ('reading', 'embargoed') AND put_away_at IS NULL ORDER BY number"
        ).fetchall()
        return [self._open(*row) for row in rows]

    def _open(self, number: int, inbox: str, raw_path: bytes, *rest: Any) -> Open:
        holds = self._db.execute("SELECT record, id, until FROM held WHERE file = ? ORDER BY record", (number,))
        sha256, state, form, reason, message, published, duplicates, refused, articles, seen_at, done, where = rest[5:]
        return Open(
            number=number,
            inbox=inbox,
            raw_path=raw_path,
            version=FileVersion(*rest[:5]),
            sha256=(sha256 or b"").hex(),
            state=state,
            format=form,
            reason=reason,
            message=message,
            published=published,
            duplicates=duplicates,
            refused=refused,
            articles=article_ids(articles),
            seen_at=seen_at,
            done=done,
            put_away=where,
            holds=[HeldRow(record, article.hex(), until) for record, article, until in holds],
        )

    def abandon(self, number: int, message: str, now: int) -> None:
        """Write that the rest of an open file will never be read: it changed or went away under its name.

        A record of it that was refused before keeps its reason and message; a file of
        which nothing came has one of its own, as whatever is rejected has.
        """
        with self._transaction() as db:
            db.execute(
                "UPDATE files SET state = CASE WHEN published > 0 THEN 'put_away' WHEN duplicates > 0 THEN 'duplicate'"
                " ELSE 'rejected' END,"
                " reason = CASE WHEN published > 0 OR duplicates > 0 THEN reason ELSE coalesce(reason, ?) END,"
                " message = CASE WHEN reason IS NULL THEN ? ELSE message END,"
                " put_away = '', put_away_at = ?, finished_at = ?, held = 0 WHERE number = ?",
                (Reason.UNREADABLE.value, message, now, now, number),
            )
            db.execute("DELETE FROM held WHERE file = ?", (number,))


def _counted(rows: Iterable[FileRow]) -> list[tuple[str, int, int, int, int]]:
    """How many of these files are in each state, and how many records of them were published, duplicates, refused."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for row in rows:
        files, published, duplicates, refused = found.get(row.state, (0, 0, 0, 0))
        found[row.state] = files + 1, published + row.published, duplicates + row.duplicates, refused + row.refused
    return [(state, *counts) for state, counts in found.items()]


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of numbers that follow one another."""
    for _, run in itertools.groupby(enumerate(numbers), lambda one: one[1] - one[0]):
        found = [number for _, number in run]
        yield found[0], found[-1]


def _hold(db: sqlite3.Connection, file: int, one: HeldRow, now: int) -> None:
    """Write a record that is held; where its source names no instant, it is as old as what is known of its article."""
    article = bytes.fromhex(one.id)
    revision = one.wanted
    if revision is None or not 0 <= revision <= now + DAY:
        (revision,) = db.execute("SELECT max(revision) FROM identities WHERE id = ?", (article,)).fetchone()
    db.execute(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?)",
        (file, one.record, article, one.until, revision if revision is not None else -1),
    )


def _columns(row: FileRow, number: int) -> tuple[object, ...]:
    path = shown(row.relative)
    return (
        number,
        shown(row.inbox),
        path,
        None if path == row.relative else os.fsencode(row.relative),
        *row.version,
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
        None,
        row.held,
        row.done,
    )
