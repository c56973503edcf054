"""A replay goes on only while the stages ahead of it keep up: live articles wait in the same queue."""

import time
from collections.abc import Callable, Sequence

from newswire.backlog import READERS, Backlog
from newswire.reasons import Stage
from newswire.replay.job import SOURCES

# Stages commit twice a second, so what waits is known no better than that.
LOOK = 0.5  # seconds
# What may wait ahead of a live article, of its own kind and of the job's together.
WAIT = 1.0  # seconds, of the job's rate
LEAST = 50  # articles


class Room:
    """Holds a job back while more than a second's worth of it waits for the stage or for one behind it.

    A stage that nobody runs is not waited for. ``look`` gives the backlogs;
    ``wait(seconds)`` sleeps and returns True when the work is to stop; ``tell(backlog)``
    is called once each time the job begins to wait.
    """

    def __init__(
        self,
        stage: Stage,
        rate: float,
        *,
        look: Callable[[], Sequence[Backlog]],
        wait: Callable[[float], bool],
        tell: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        topics = [topic.name for _, topic in READERS]
        self._topics = frozenset(topics[topics.index(SOURCES[stage].name) :])
        self._most = max(LEAST, WAIT * rate)
        self._look = look
        self._wait = wait
        self._tell = tell
        self._clock = clock
        self._due = clock()

    def step(self) -> bool:
        """Block until there is room; False: stopped meanwhile."""
        if self._clock() < self._due:
            return True
        told = False
        while (waiting := self._waiting()) > self._most:
            if not told:
                self._tell(waiting)
                told = True
            if self._wait(LOOK):
                return False
        self._due = self._clock() + LOOK
        return True

    def _waiting(self) -> int:
        return sum(one.lag for one in self._look() if one.members and one.topic in self._topics)
