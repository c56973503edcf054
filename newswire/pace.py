"""A steady pace for work that must leave room for other work."""

import time
from collections.abc import Callable


class Pace:
    """Lets ``rate`` things a second pass; what was missed is not made up for by a burst.

    ``wait(seconds)`` sleeps and returns True when the work is to stop; ``clock`` is
    monotonic, seconds.
    """

    def __init__(
        self, rate: float, *, wait: Callable[[float], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = 1 / rate
        self._wait = wait
        self._clock = clock
        self._next = clock()

    def step(self, things: int = 1) -> bool:
        """Block until ``things`` more may pass; False: stopped meanwhile."""
        now = self._clock()
        stopped = self._wait(max(0.0, self._next - now))
        self._next = max(self._next, now) + things * self._interval
        return not stopped
