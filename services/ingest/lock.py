"""One directory, one ingest: a second one is told so in a sentence and does not start."""

import errno
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from services.ingest.inbox import Inbox


class Taken(RuntimeError):
    """Another ingest works here; its text is a sentence for a person."""


class Locks:
    """Locks on the data directory and on each inbox, held until ``close`` or the process ends, however it does."""

    def __init__(self, directory: Path, inboxes: Sequence[Inbox]) -> None:
        """Raises Taken where another process holds one of them."""
        self._handles: list[int] = []
        directory.mkdir(parents=True, exist_ok=True)
        try:
            self._lock(os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), str(directory.parent))
            for inbox in inboxes:
                # The directory itself is locked: a file of ours in the inbox would be one more file to explain.
                self._lock(os.open(inbox.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), inbox.root)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others in."""
        while self._handles:
            os.close(self._handles.pop())

    def _lock(self, handle: int, place: str) -> None:
        self._handles.append(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise Taken(f"Another ingest service works on {place}; stop it, or give this one its own.") from None
            # Some network mounts know no locks; the data directory's, which is local, still holds.
