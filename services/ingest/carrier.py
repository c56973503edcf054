"""Step 6 across file systems: a thread of its own copies the files, so that nobody waits for a disk behind them."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from services.ingest.patience import Stopped
from services.ingest.put_away import Move

# What is copied, synced and renamed together, at most; a file larger than that goes alone.
GROUP_FILES = 200
GROUP_BYTES = 64 * 1024 * 1024
# How long the thread sleeps at most, so that it notices the service stopping.
IDLE = 0.5  # seconds

Copy = Callable[[Sequence[Move]], list[str | OSError]]


class Carrier:
    """Copies what it is given, in order; `take` and `done` are another thread's. ``on_done`` wakes that one.

    ``has_ended`` where nothing will be copied any more.
    """

    def __init__(self, copy: Copy, on_done: Callable[[], None] = lambda: None) -> None:
        self._copy = copy
        self._on_done = on_done
        self._waiting: deque[Move] = deque()
        self._done: deque[tuple[Move, str | OSError]] = deque()
        self._changed = threading.Condition()
        self.has_ended = False

    def take(self, moves: Sequence[Move]) -> None:
        """Copy these files when those before them are done."""
        with self._changed:
            self._waiting.extend(moves)
            self._changed.notify()

    def done(self) -> list[tuple[Move, str | OSError]]:
        """What was done since the last call: each with where the file is by now, or why it stays (``Shelf.copy``)."""
        return [self._done.popleft() for _ in range(len(self._done))]

    def run(self, stop: threading.Event) -> None:
        """Copy until ``stop``; what waits then, or is half copied, is left to the next start."""
        try:
            while not stop.is_set():
                self.turn(IDLE)
        except Stopped:
            return
        finally:
            self.has_ended = True

    def turn(self, timeout: float) -> None:
        """Copy the next group, waiting for one at most ``timeout`` seconds. Raises Stopped."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout)
            group = self._group()
        if group:
            self._done.extend(zip(group, self._copy(group), strict=True))
            self._on_done()

    def _group(self) -> list[Move]:
        group: list[Move] = []
        room = GROUP_BYTES
        while self._waiting and len(group) < GROUP_FILES and (not group or self._waiting[0].version.size <= room):
            group.append(self._waiting.popleft())
            room -= group[-1].version.size
        return group
