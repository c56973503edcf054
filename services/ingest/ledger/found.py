"""What the reading side of the ledger finds: files, contents of articles, held records.

The same shapes go over HTTP as JSON; instants are UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from services.ingest.ledger.rows import article_ids
from services.ingest.read import FileVersion

# What a file can be in, in the order of its way.
STATES = ("reading", "embargoed", "published", "put_away", "duplicate", "rejected")
# What `tidy` has let go of is still counted.
FORGOTTEN = "forgotten"

COLUMNS = (
    "number, inbox, path, size, mtime_ns, sha256, format, state, reason, message, published, duplicates, refused, held,"
    " done, articles, seen_at, finished_at, put_away, put_away_at"
)
IDENTITY = "id, content, revision, canceled, acked_at, file, cluster"


class Total(msgspec.Struct, frozen=True):
    """Files of one state, and what their records came to."""

    files: int = 0
    published: int = 0
    duplicates: int = 0
    refused: int = 0


class FileFound(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a file; ``published``, ``duplicates``, ``refused`` and ``held`` count its records.

    ``articles`` are the ids of the first thousand. ``put_away`` is good once
    ``put_away_at`` is set: relative to the data directory, absolute where the file was
    kept in the inbox, "" where it went away by itself, or ``put_away.DELETED``.
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


def identity_of(row: Sequence[Any]) -> Identity:
    """The identity in a row of ``IDENTITY``."""
    article, content, revision, canceled, acked_at, file, cluster = row
    return Identity(
        id=article.hex(),
        content=content.hex(),
        revision=revision,
        canceled=bool(canceled),
        acknowledged_at=instant(acked_at),
        file=file,
        cluster=cluster.hex() if cluster else None,
    )


def file_of(row: Sequence[Any]) -> FileFound:
    """The file in a row of ``COLUMNS``."""
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
        articles=article_ids(articles),
        seen_at=_clamped(seen_at),
        finished_at=_clamped(finished_at),
        put_away=put_away,
        put_away_at=instant(put_away_at),
    )


def modified_at(version: FileVersion) -> datetime:
    """When a file was last written, as ``FileFound`` has it."""
    return _clamped(version.mtime_ns // 1_000_000)


def instant(milliseconds: int | None) -> datetime | None:
    """A time of the ledger; one that no calendar has is the nearest that it has."""
    return None if milliseconds is None else _clamped(milliseconds)


# What a calendar has; a file may say that it is from the year 50,000.
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999


def _clamped(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(milliseconds, _FIRST), _LAST) / 1000, UTC)
