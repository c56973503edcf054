"""The watcher: the kernel tells of each file that is closed or moved in, in every directory of the inboxes.

For latency only: what it misses the rescan finds. So every trouble here (no
inotify, no room for watches, a queue that overflowed) is counted or logged, asks
for a rescan, and stops nothing.
"""

import errno
import os
import stat
import threading
from collections.abc import Callable
from typing import Protocol

from newswire.logging import get_logger
from newswire.metrics import IngestMetrics
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.inbox import Inbox, is_temporary, shown
from services.ingest.rescan import walk

try:
    from inotify_simple import INotify, flags

    AVAILABLE = True
except ImportError:  # not Linux: the rescan does it all
    AVAILABLE = False

# How long the watcher sleeps at most, so that it notices the service stopping.
POLL = 500  # milliseconds

# Files being written at once, beyond any newsroom; past it the oldest rule (settle by time) is good enough.
MOST_OPEN = 10_000

log = get_logger()


class Watch(Protocol):
    """What the rest of ingest asks of a watcher."""

    def add(self, directory: str, inbox: Inbox) -> None:
        """Watch ``directory``; a directory that is watched already costs one system call."""

    def being_written(self, path: str) -> bool:
        """Whether ``path`` was seen to be created and not yet to be closed."""


class NoWatch:
    """Where there is no inotify."""

    def add(self, directory: str, inbox: Inbox) -> None:
        """Nothing to do."""

    def being_written(self, path: str) -> bool:
        """Nobody knows."""
        return False


class Watcher:
    """Listens to inotify in a thread of its own; ``add`` and ``being_written`` may be called from any thread."""

    def __init__(
        self,
        arrivals: Arrivals,
        *,
        on_loss: Callable[[], None],
        metrics: IngestMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._arrivals = arrivals
        self._on_loss = on_loss
        self._metrics = metrics
        self._clock = clock
        self._inotify = INotify()
        # Links are not followed, and a file that was unlinked while open is nobody's business. Nor is one that goes:
        # of each file that is put away there would be a word. A directory says itself that it goes.
        self._mask = (
            flags.CLOSE_WRITE
            | flags.MOVED_TO
            | flags.CREATE
            | flags.MOVE_SELF
            | flags.ONLYDIR
            | flags.DONT_FOLLOW
            | flags.EXCL_UNLINK
        )
        self._directories: dict[int, tuple[str, Inbox]] = {}
        self._lock = threading.Lock()
        self._open: set[str] = set()
        self._full = False

    def add(self, directory: str, inbox: Inbox) -> None:
        """Watch ``directory``; one that cannot be watched is left to the rescan."""
        with self._lock:
            if self._inotify.closed:  # the service stops, and a rescan has not noticed yet
                return
            try:
                self._directories[self._inotify.add_watch(directory, self._mask)] = (directory, inbox)
            except OSError as error:
                if error.errno == errno.ENOSPC and not self._full:
                    self._full = True
                    log.warning(
                        "no more directories can be watched; the rescan finds their files", path=shown(directory)
                    )

    def being_written(self, path: str) -> bool:
        """Whether the file at ``path`` was seen to be created and not yet to be closed.

        Of one that is not there any more the answer may be yes: whatever takes its place is told of.
        """
        return path in self._open

    def run(self, stop: threading.Event) -> None:
        """Pass events on until ``stop``; from then on nobody is listened to."""
        try:
            while not stop.is_set():
                self.turn(POLL)
        finally:
            with self._lock:
                self._inotify.close()
            self._open = set()

    def turn(self, timeout: int) -> None:
        """Pass on the events that are there, or come within ``timeout`` milliseconds."""
        events = self._inotify.read(timeout=timeout)
        now = self._clock()
        lost = False
        for wd, mask, _, name in events:
            if mask & flags.Q_OVERFLOW:
                self._metrics.watch_overflows.inc()
                # Closes may be among what was lost: nothing is known to be open any more.
                self._open.clear()
                lost = True
                continue
            with self._lock:
                place = self._directories.pop(wd, None) if mask & flags.IGNORED else self._directories.get(wd)
            if place is None:
                continue
            directory, inbox = place
            if mask & (flags.IGNORED | flags.MOVE_SELF):
                self._forget(directory)
                lost |= os.path.isdir(directory) and self._directory(directory, inbox)
                continue
            if not name or is_temporary(name):
                continue
            path = os.path.join(directory, name)
            if mask & flags.ISDIR:
                lost |= self._directory(path, inbox)
            else:
                lost |= not self._file(path, inbox, mask, now)
        if lost:
            self._on_loss()

    def _file(self, path: str, inbox: Inbox, mask: int, now: float) -> bool:
        """Pass a file's event on; False where there was no room for it."""
        # A link or a pipe is never closed after writing: it is what it is at once.
        if mask & flags.CREATE and _is_written(path):
            if len(self._open) >= MOST_OPEN:  # or so many were removed before they were closed
                self._open.clear()
            self._open.add(path)
            return True
        self._open.discard(path)
        return self._arrivals.announce(Sighting(path, inbox, now, now))

    def _directory(self, path: str, inbox: Inbox) -> bool:
        """Watch a directory that came, with all below it; True where a rescan has to look what is in it."""
        try:
            for _, found in walk(path, lambda directory: self.add(directory, inbox)):
                # Written before the watch was there; only its age can tell whether it is whole.
                if not self._arrivals.announce(Sighting(found, inbox, self._clock())):
                    return True
        except OSError:  # gone again, or not readable: the rescan will see
            return True
        return False

    def _forget(self, path: str) -> None:
        below = path + os.sep
        with self._lock:
            gone = [wd for wd, (known, _) in self._directories.items() if known == path or known.startswith(below)]
            for wd in gone:
                del self._directories[wd]
                try:
                    self._inotify.rm_watch(wd)
                except OSError:  # the kernel was faster
                    continue
        self._open = {known for known in self._open if not known.startswith(below)}


def _is_written(path: str) -> bool:
    """Whether what was created at ``path`` is a file of one name, which somebody opened to write it."""
    try:
        status = os.lstat(path)
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1
