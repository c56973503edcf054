"""What ingest answers when it is asked about files and articles, and at which addresses; JSON over HTTP."""

from datetime import datetime

import msgspec

from services.ingest.ledger.found import FileFound, Held, Identity, Total

TOTALS, FILE, FILES, ARTICLE = "/ledger/totals", "/ledger/file", "/ledger/files", "/ledger/article"


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Files by state; ``forgotten`` are those whose rows were let go after ``NEWSWIRE_LEDGER_KEEP``."""

    states: dict[str, Total]
    forgotten: Total
    unfinished_since: datetime | None


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """What an inbox has at a path at this moment.

    ``doing`` is ``waiting``, ``settling``, ``reading``, ``in hand`` or ``embargoed``, ``done``
    where the newest version in the ledger lies there, and None where nobody has noticed it.
    """

    inbox: str
    path: str
    there: bool
    temporary: bool
    doing: str | None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a file; ``there`` says whether its put-away copy still lies where it was moved."""

    file: FileFound
    there: bool | None


class FileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All there is on a file, the newest version first; ``similar`` are names like it where there is none of it.

    ``complete`` is False where the search ended for want of time; ``more`` where there
    are more versions.
    """

    versions: list[Version]
    now: list[Now]
    inboxes: list[str]
    similar: list[str]
    complete: bool
    more: bool


class FilesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of files; ``next`` asks for the one after it, None on the last. A page may be short, or empty."""

    files: list[FileFound]
    next: str | None


class ArticleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of the articles whose id begins as asked, the files they came in, and what of them is held."""

    contents: list[Identity]
    files: list[FileFound]
    held: list[Held]
    more: bool
