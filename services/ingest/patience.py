"""How ingest waits for what passes by itself: without limit of attempts, with growing pauses, ready to stop."""

import random
import sqlite3
import threading
from collections.abc import Callable
from typing import TypeVar

from newswire.health import Health
from newswire.logging import get_logger

T = TypeVar("T")

FIRST_PAUSE = 0.1  # seconds
# Short enough that a broker that is back is noticed within a few seconds, long enough to be no load on one that starts.
LONGEST_PAUSE = 5.0  # seconds

# What SQLite says of a disk, and of others who hold the file; anything else it says is about us.
_PASSES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}

log = get_logger()


class Stopped(Exception):
    """What was waited for is not done, and the service is to leave; nothing more may be written about it."""


class Patience:
    """Pauses that double up to a limit, each of them shortened at random so that many do not return at once."""

    def __init__(self, stop: threading.Event, chance: Callable[[], float] = random.random) -> None:
        self._stop = stop
        self._chance = chance
        self._next = FIRST_PAUSE

    def pause(self) -> None:
        """Wait, longer than the last time; raises Stopped when the service is to leave."""
        length = self._next * (0.5 + 0.5 * self._chance())
        self._next = min(LONGEST_PAUSE, self._next * 2)
        if self._stop.wait(length):
            raise Stopped


class Disk:
    """Does what may fail because a disk is full, read-only or slow, until it succeeds."""

    def __init__(self, stop: threading.Event, health: Health) -> None:
        self._stop = stop
        self._health = health

    def patiently(self, need: str, action: Callable[[], T]) -> T:
        """The result of ``action``; readiness is red for ``need`` while it fails.

        Raises Stopped, and what no patience helps against.
        """
        patience = Patience(self._stop)
        while True:
            try:
                result = action()
            except (sqlite3.OperationalError, OSError) as error:
                if isinstance(error, sqlite3.OperationalError) and not _passes(error):
                    raise
                self._health.failing(need, f"The disk does not take it: {error}.")
                log.warning("cannot write", what=need, cause=str(error))
                self._health.beat()
                patience.pause()
            else:
                self._health.ok(need)
                return result

    def go_on(self) -> None:
        """Between two looks at what takes long: shows that the loop is alive; raises Stopped when it is to end."""
        self._health.beat()
        self.leave()

    def leave(self) -> None:
        """The same on another thread than the loop's: raises Stopped when the service is to end."""
        if self._stop.is_set():
            raise Stopped


def _passes(error: sqlite3.Error) -> bool:
    # The lowest byte is the kind, the others the details of it.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _PASSES
