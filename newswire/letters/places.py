"""Where the files of letters are: the inboxes, the put-away files, and what ingest's ledger knows of both.

The ledger lies beside the put-away files. Where it is not (the command runs on
another machine, the disk was lost), less is known, and nothing guessed.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from services.ingest.inbox import shown
from services.ingest.ledger import open_read_only
from services.ingest.main import ledger_path


class Places:
    """``inboxes`` are ingest's, ``data`` is its data directory."""

    def __init__(self, inboxes: Sequence[Path], data: Path) -> None:
        self.data = data
        self._inboxes = inboxes

    def inbox_of(self, path: str) -> Path | None:
        """The inbox that a file ``path`` (as letters carry it) came to; None where there are several and none tells."""
        if len(self._inboxes) == 1:
            return self._inboxes[0]
        named = self._ask("SELECT inbox FROM files WHERE path = ? ORDER BY number DESC", path)
        return next((inbox for inbox in self._inboxes if shown(str(inbox.resolve())) == named), None)

    def sha256_of(self, path: str, put_away: str) -> str | None:
        """The SHA-256 (hex) of the put-away file of ``path``, if it was read whole."""
        found = self._ask("SELECT sha256 FROM files WHERE path = ? AND put_away = ?", path, put_away)
        return found.hex() if found else None

    def _ask(self, query: str, *values: str) -> Any:
        try:
            with closing(open_read_only(ledger_path(self.data))) as ledger:
                found = ledger.execute(query, values).fetchone()
        except sqlite3.OperationalError:  # there is none
            return None
        return found[0] if found else None
