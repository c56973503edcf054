"""The one queue between those who see files and the loop that takes them.

Idempotent: a path is in it once, however often it is seen. Bounded: the watcher,
which must never wait, is told when there is no room and leaves the file to the
rescan; the rescan, which has time, waits.
"""

import threading
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from services.ingest.inbox import Inbox

# Ten thousand files of a window of the rescan, which takes half of it, and as many events meanwhile; about 8 MB.
ROOM = 20_000


class Sighting(msgspec.Struct, frozen=True, gc=False):
    """A file that was seen; times are Unix seconds.

    ``available_at`` is that of its close or move event, None where only the rescan saw it.
    """

    path: str
    inbox: Inbox
    seen_at: float
    available_at: float | None = None


class Arrivals:
    """Files to be looked at, first seen first; every method may be called from any thread."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._waiting: dict[str, Sighting] = {}
        self._in_hand: set[str] = set()
        self._woken = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._waiting)

    def oldest(self) -> float | None:
        """When the file that has waited longest was first seen."""
        with self._changed:
            return next(iter(self._waiting.values())).seen_at if self._waiting else None

    def announce(self, sighting: Sighting) -> bool:
        """Add what an event told of; never blocks. False when there is no room: a rescan has to find it.

        An event for a file that is in hand counts: it may have been written again.
        """
        with self._changed:
            known = self._waiting.get(sighting.path)
            if known is None and len(self._waiting) >= self._room:
                return False
            # Keeps its place and the instant it was first seen; the last close is the one that counts.
            self._waiting[sighting.path] = replace(sighting, seen_at=known.seen_at) if known else sighting
            self._changed.notify_all()
            return True

    def find(self, sightings: Iterable[Sighting], stop: threading.Event) -> None:
        """Add what the rescan found and is not known; blocks while half of the room is taken, until ``stop``."""
        with self._changed:
            for sighting in sightings:
                while len(self._waiting) >= (self._room + 1) // 2 and not stop.is_set():
                    self._changed.notify_all()
                    self._changed.wait(0.2)
                if sighting.path not in self._waiting and sighting.path not in self._in_hand:
                    self._waiting[sighting.path] = sighting
            self._changed.notify_all()

    def take(self, most: int, timeout: float) -> Sequence[Sighting]:
        """Up to ``most`` files, in hand from now on; at once if there is one, else after ``timeout`` seconds none."""
        with self._changed:
            if not self._waiting and not self._woken:
                self._changed.wait(timeout)
            self._woken = False
            taken = [self._waiting.pop(path) for path in list(_first(self._waiting, most))]
            self._in_hand.update(sighting.path for sighting in taken)
            self._changed.notify_all()
            return taken

    def release(self, paths: Sequence[str]) -> None:
        """These files are no longer in hand: put away, gone, or left for the rescan to find again."""
        with self._changed:
            self._in_hand.difference_update(paths)

    def doing(self, path: str) -> str | None:
        """Whether the file waits or is in hand, in a word for whoever asks."""
        with self._changed:
            return "waiting" if path in self._waiting else "in hand" if path in self._in_hand else None

    def wake(self) -> None:
        """Let a waiting ``take`` return, or the next one if none waits."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()


def _first(waiting: dict[str, Sighting], most: int) -> Sequence[str]:
    paths = iter(waiting)
    return [path for path, _ in zip(paths, range(most), strict=False)]
