"""The rescan: every file that lies in the inboxes is found, whatever the watcher missed.

Correct on its own: without inotify, on a network mount, after an overflow, for
files that came while the service was down. Memory stays that of one window,
however many files there are; within a window the oldest comes first.
"""

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence

from newswire.health import Health
from newswire.logging import get_logger
from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.inbox import Inbox, is_temporary, shown
from services.ingest.kept import Kept

NEED = "inbox"  # what readiness calls the watched directories

# Files sorted by age at a time: 10,000 paths are about 3 MB and 50 ms.
WINDOW = 10_000

# A rescan that was asked for waits this long after the last one, so that a storm of events is no storm of rescans.
LEAST_PAUSE = 0.5  # seconds

_GONE = (FileNotFoundError, NotADirectoryError)

# What to do about a directory of which something cannot be looked at.
_STEPS = {
    errno.EACCES: "let the ingest service read and search the directory",
    errno.ENAMETOOLONG: "move what lies in it to a shorter path",
}
_STEP = "look after the disk or mount that it lies on"

log = get_logger()


def walk(
    root: str,
    on_directory: Callable[[str], None],
    is_known: Callable[[str, os.stat_result], bool] = lambda _path, _status: False,
    on_trouble: Callable[[str, OSError], None] = lambda _directory, _error: None,
) -> Iterator[tuple[int, str]]:
    """(mtime_ns, path) of everything under ``root`` that is neither a directory nor temporary nor known.

    ``on_directory`` is called for each directory before it is read. Links are not
    followed. What disappears meanwhile is left out; so is what cannot be looked at, and
    ``on_trouble`` is told of its directory. Raises OSError only where ``root`` itself cannot be
    read.
    """
    directories = [root]
    while directories:
        directory = directories.pop()
        on_directory(directory)
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    if is_temporary(entry.name):
                        continue
                    try:
                        if entry.is_dir(follow_symlinks=False):
                            directories.append(entry.path)
                            continue
                        status = entry.stat(follow_symlinks=False)
                    except _GONE:
                        continue
                    except OSError as error:
                        on_trouble(directory, error)
                        continue
                    if not is_known(entry.path, status):
                        yield status.st_mtime_ns, entry.path
        except OSError as error:
            if directory == root:
                raise
            if not isinstance(error, _GONE):
                on_trouble(directory, error)


class Rescan:
    """Looks through the inboxes at start, every ``interval`` seconds, and soon after ``asked`` is set.

    ``is_left`` says of a path and a size that the file is not wanted yet: a later rescan finds it.
    """

    def __init__(
        self,
        inboxes: Sequence[Inbox],
        arrivals: Arrivals,
        kept: Kept,
        *,
        interval: float,
        on_directory: Callable[[str, Inbox], None],
        is_left: Callable[[str, int], bool],
        asked: threading.Event,
        stop: threading.Event,
        health: Health,
        clock: Callable[[], float],
    ) -> None:
        self._inboxes = inboxes
        self._arrivals = arrivals
        self._kept = kept
        self._interval = interval
        self._on_directory = on_directory
        self._is_left = is_left
        self._stop = stop
        self._health = health
        self._clock = clock
        self._asked = asked
        # Directories and the errors of what cannot be looked at in them: those that were told of, and those of this
        # rescan.
        self._told: set[tuple[str, int | None]] = set()
        self._troubles: set[tuple[str, int | None]] = set()

    def run(self) -> None:
        """Rescan until the service stops; a thread of its own."""
        while not self._stop.is_set():
            self._asked.clear()
            self.look_through()
            self._stop.wait(LEAST_PAUSE)
            self._asked.wait(max(0.0, self._interval - LEAST_PAUSE))

    def look_through(self) -> None:
        """Find every file once; blocks while ``arrivals`` has no room.

        An unreadable inbox turns readiness red; a directory in it is logged, once while the trouble lasts.
        """
        causes = []
        for inbox in self._inboxes:
            try:
                os.makedirs(inbox.root, exist_ok=True)
                self._look_through(inbox)
            except OSError as error:
                causes.append(f"{shown(inbox.root)} cannot be read ({error.strerror}).")
            if (inbox.root, errno.EACCES) in self._troubles:
                step = _STEPS[errno.EACCES]
                causes.append(f"{shown(inbox.root)} cannot be searched ({os.strerror(errno.EACCES)}); {step}.")
        self._told, self._troubles = self._troubles, set()
        self._kept.is_through()
        if causes:
            self._health.failing(NEED, " ".join(causes))
        else:
            self._health.ok(NEED)

    def _look_through(self, inbox: Inbox) -> None:
        window: list[tuple[int, str]] = []
        for found in walk(
            inbox.root, lambda directory: self._on_directory(directory, inbox), self._is_known, self._trouble
        ):
            window.append(found)
            if len(window) >= WINDOW:
                self._hand_on(window, inbox)
                window = []
            if self._stop.is_set():
                return
        self._hand_on(window, inbox)

    def _is_known(self, path: str, status: os.stat_result) -> bool:
        return self._kept.is_known(path, status) or self._is_left(path, status.st_size)

    def _trouble(self, directory: str, error: OSError) -> None:
        trouble = directory, error.errno
        if trouble not in self._told and trouble not in self._troubles:
            step = _STEPS.get(error.errno or 0, _STEP)
            log.warning("files cannot be looked at", path=shown(directory), cause=error.strerror, todo=step)
        self._troubles.add(trouble)

    def _hand_on(self, window: list[tuple[int, str]], inbox: Inbox) -> None:
        window.sort()
        now = self._clock()
        self._arrivals.find((Sighting(path, inbox, now) for _, path in window), self._stop)
