"""Files that may still be growing, and when they are looked at again.

A file that was seen to be closed or moved in is whole. One that the rescan found
is whole when it has kept its size and time for the settle time; so is one whose
bytes end in the middle (a truncated JSON text) or changed while they were read.
A file the watcher saw created and has not yet seen closed is being written: it
may pause for ``OPEN_LIMIT`` between two writes, as a slow upload does.
"""

import heapq
from collections.abc import Callable
from typing import NamedTuple

from services.ingest.arrivals import Sighting
from services.ingest.read import FileVersion

# Longer than a stalled upload needs to come round. After it the file is taken as it is: some ways of creating a file
# (a temporary one that is linked in) never tell of its close.
OPEN_LIMIT = 120.0  # seconds

# How often a file that is being written is looked at.
LOOK_AGAIN = 2.0  # seconds

# A crowd copied into the inbox at once; about 5 MB.
ROOM = 10_000


class _Pause(NamedTuple):
    due: float
    sighting: Sighting
    version: FileVersion
    since: float


class Settling:
    """Files that wait; ``being_written`` says of a path whether a writer has it open, as far as the watcher knows."""

    def __init__(self, settle: float, being_written: Callable[[str], bool] = lambda _path: False) -> None:
        self._settle = settle
        self._longest = max(settle, LOOK_AGAIN)
        self._being_written = being_written
        self._pauses: dict[str, _Pause] = {}
        self._queue: list[tuple[float, str]] = []

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one more; the rescan will find it again."""
        return len(self._pauses) >= ROOM

    def __len__(self) -> int:
        return len(self._pauses)

    def __contains__(self, path: str) -> bool:
        """Whether the file waits here; may be asked from any thread."""
        return path in self._pauses

    def limit(self, sighting: Sighting, now: float) -> int | None:
        """The instant (Unix nanoseconds) before which ``sighting`` was last written if it is whole; None: look closer.

        For most files that the rescan finds, so that nobody has to look at them twice.
        """
        if sighting.path in self._pauses or self._being_written(sighting.path):
            return None
        return int((now - self._settle) * 1e9) + 1

    def wait_for(self, sighting: Sighting, version: FileVersion, now: float) -> float:
        """Seconds (0: none) that ``sighting`` has to keep still before it is whole.

        ``now`` is Unix time. The age of a file counts from its own time where that
        lies in the past, and from the first look at this version where it does not:
        the clocks of network mounts go as they like.
        """
        known = self._pauses.get(sighting.path)
        since = known.since if known and known.version[:4] == version[:4] else now
        needed = OPEN_LIMIT if self._being_written(sighting.path) else self._settle
        still = max(now - version.mtime_ns / 1e9, now - since)
        return max(0.0, needed - still)

    def hold(self, sighting: Sighting, version: FileVersion, seconds: float, now: float) -> None:
        """Keep ``sighting`` for ``seconds``, or less where it is being written and may be closed any moment."""
        known = self._pauses.get(sighting.path)
        since = known.since if known and known.version[:4] == version[:4] else now
        due = now + min(seconds, self._longest)
        self._pauses[sighting.path] = _Pause(due, sighting, version, since)
        heapq.heappush(self._queue, (due, sighting.path))

    def due(self, now: float) -> list[Sighting]:
        """The files to look at again; they stay known until ``forget``, so that the next look can compare."""
        found = []
        # A pause that is longer than any can be was begun before the clock went back.
        while self._queue and not now < self._queue[0][0] <= now + self._longest:
            due, path = heapq.heappop(self._queue)
            pause = self._pauses.get(path)
            if pause and pause.due == due:
                found.append(pause.sighting)
        return found

    def forget(self, path: str) -> None:
        """The file is whole, or gone."""
        self._pauses.pop(path, None)

    def next_due(self) -> float | None:
        """When the next file is to be looked at, Unix time."""
        return self._queue[0][0] if self._queue else None

    def oldest(self) -> float | None:
        """When the file that has waited longest was first seen."""
        return min((pause.sighting.seen_at for pause in self._pauses.values()), default=None)
