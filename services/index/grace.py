"""The time a stopping service may still take, shared by everything that has to end."""

import time
from collections.abc import Callable

# What must be left for the last commit and for the clients to say goodbye: each takes milliseconds when its server
# is there, and none is waited for much longer when it is not.
FAREWELL = 1.5  # seconds
# Even when nothing is left: long enough for a server on the same continent to answer.
LEAST = 0.25  # seconds


class Grace:
    """``total`` seconds, counted from the first question: nothing is asked before the service is to stop."""

    def __init__(self, total: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._ends: float | None = None

    def left(self, *, reserve: float = 0.0) -> float:
        """Seconds that may still be spent, ``reserve`` kept for what comes after; never less than ``LEAST``."""
        now = self._clock()
        if self._ends is None:
            self._ends = now + self._total
        return max(LEAST, self._ends - now - reserve)
