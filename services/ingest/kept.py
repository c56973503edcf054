"""Finished files that stay in the inbox, by path and version, so that no rescan brings them again.

The ledger knows them all. In memory are hashes of those that were met, so that the
rescan passes a hundred thousand of them without a query, and without a word to the
loop that has new files to take.
"""

import os

from services.ingest.inbox import Inbox, shown
from services.ingest.ledger import Ledger
from services.ingest.read import FileVersion


class Kept:
    """``is_known`` and ``is_through`` are for the rescan's thread, the rest for the one that has the ledger.

    About 80 bytes a file. That a new file has the hash of one of a million others
    happens once in ten trillion.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: set[int] = set()
        # How many were known when the rescan began to look, and how many of them it has met.
        self._expected = 0
        self._met = 0

    def is_known(self, path: str, status: os.stat_result) -> bool:
        """Whether the file at ``path`` is one of those in memory."""
        if not self._known:
            return False
        if _key(path, FileVersion.of(status)) not in self._known:
            return False
        self._met += 1
        return True

    def is_through(self) -> None:
        """The rescan has seen every file; where most of those it knew are gone, all are learnt anew."""
        if self._met < self._expected / 2:
            self._known = set()
        self._met, self._expected = 0, len(self._known)

    def has(self, inbox: Inbox, path: str, version: FileVersion) -> bool:
        """Whether ``version`` at ``path`` was kept, by this service or one before it."""
        if _key(path, version) in self._known:
            return True
        if not self._ledger.stays(inbox.root, inbox.relative(path), version, shown(path)):
            return False
        self.add(path, version)
        return True

    def add(self, path: str, version: FileVersion) -> None:
        """``version`` at ``path`` is done with, and the ledger has it."""
        self._known.add(_key(path, version))


def _key(path: str, version: FileVersion) -> int:
    """Without the device, which gets another number when the machine starts again."""
    return hash((path, *version[1:]))
