"""What goes into the ledger and comes out of it. Times and revisions are milliseconds, ids and hashes hex."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.ingest.read import FileVersion


class Claim(msgspec.Struct, frozen=True, gc=False):
    """A content of an article that is to be published; ``wanted`` is the revision its source names."""

    id: str
    content: str
    wanted: int | None
    canceled: bool = False
    issuer: str | None = None  # whose near-duplicates it is compared with
    sketch: bytes = b""


class Fixed(msgspec.Struct, frozen=True, gc=False):
    """The revision of a claim, for ever.

    ``acknowledged`` where the broker has it already; ``known`` where the ledger knew
    another content of the article. ``cluster`` is what its near-duplicates share.
    """

    revision: int
    acknowledged: bool
    known: bool = False
    cluster: str | None = None


class HeldRow(NamedTuple):
    """A record under embargo; ``until`` None: withheld until a revision releases it that is newer than ``wanted``."""

    record: int
    id: str
    until: int | None
    wanted: int | None = None  # the revision its source names


class Refusals(NamedTuple):
    """How often the same bytes at the same path were refused before, and when that began."""

    times: int
    first_at: int | None


class FileRow(msgspec.Struct, frozen=True):
    """A file of which something is done; ``published``, ``duplicates``, ``refused`` and ``held`` count its records."""

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
    articles: Sequence[str]  # ids of the first thousand
    acknowledged: Sequence[tuple[str, str]]  # (id, content) of those acknowledged since the last row of this file
    seen_at: int
    finished_at: int
    put_away: str
    held: int = 0
    done: int = 0
    number: int | None = None  # of the row that this one replaces
    holds: Sequence[HeldRow] = ()  # records that are held from now on
    released: Sequence[int] = ()  # records that were held and are no longer


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


class Open(NamedTuple):
    """A file that is ``reading`` or ``embargoed``: what is done of it, and what is held."""

    number: int
    inbox: str
    raw_path: bytes
    version: FileVersion
    sha256: str
    state: str
    format: str | None
    reason: str | None
    message: str | None
    published: int
    duplicates: int
    refused: int
    articles: Sequence[str]
    seen_at: int
    done: int
    put_away: str
    holds: Sequence[HeldRow]


def article_ids(packed: bytes) -> list[str]:
    """The ids of a file's articles, which its row has one after the other, 16 bytes each."""
    return [packed[at : at + 16].hex() for at in range(0, len(packed), 16)]
