"""Files of which only a part is done: read to a point, or all but the records under embargo.

They stay in the inbox. What is done of them is in the ledger, so that a service
that starts again goes on where it was; what is held is there too, without its
text, which nobody has but the file itself.
"""

import heapq
import os
from collections.abc import Callable, Iterable, Sequence

from newswire.logging import get_logger
from services.ingest.arrivals import Sighting
from services.ingest.file import File, Part
from services.ingest.inbox import Inbox, shown
from services.ingest.ledger import LEDGER, Ledger, Open, clamp
from services.ingest.patience import Disk
from services.ingest.read import FileVersion

log = get_logger()

_CHANGED = "It was changed, or taken away, before all of its records were through; what lies there now is a new file."


class Unfinished:
    """Used by one thread; ``clock`` gives Unix time."""

    def __init__(self, ledger: Ledger, *, disk: Disk, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._disk = disk
        self._clock = clock
        self._files: dict[str, File] = {}
        self._reading: set[str] = set()
        self._queue: list[tuple[float, str]] = []
        # Of the withheld articles, which files hold them.
        self._withheld: dict[str, set[str]] = {}
        self._released: list[Part] = []

    def __len__(self) -> int:
        return len(self._files) - len(self._reading)

    def load(self, inboxes: Sequence[Inbox]) -> None:
        """Take up what the last run left; called once, at start."""
        known = {shown(inbox.root): inbox for inbox in inboxes}
        for row in self._ledger.open_files():
            inbox = known.get(row.inbox)
            if inbox is not None:  # else of an inbox that is none at the moment
                file = _file(row, inbox)
                self.keep(file, reading=row.state == "reading")

    def knows(self, path: str) -> bool:
        """Whether a part of the file at ``path`` is done."""
        return path in self._files

    def of(self, path: str) -> File | None:
        """The file at ``path`` as far as it is done."""
        return self._files.get(path)

    def is_read(self, file: File) -> bool:
        """Whether all of its records were read, so that only those under embargo are wanted."""
        return file.sighting.path not in self._reading

    def wanted(self, file: File, now: float) -> tuple[int, ...]:
        """The records of ``file`` whose embargo is over."""
        return tuple(
            sorted(one.record for one in file.held.values() if one.until is not None and one.until <= now * 1000)
        )

    def waits(self, path: str, version: FileVersion, now: float) -> bool:
        """Whether there is nothing to do about ``version`` at ``path`` but to wait."""
        file = self._files.get(path)
        if file is None:
            return False
        if clamp(file.version)[:4] != clamp(version)[:4]:
            self.abandon(path)
            return False
        return self.is_read(file) and not self.wanted(file, now)

    def keep(self, file: File, *, reading: bool) -> None:
        """Remember ``file``, whose row is written."""
        path = file.sighting.path
        self._files[path] = file
        if reading:
            self._reading.add(path)
            return
        self._reading.discard(path)
        for one in file.held.values():
            if one.until is None:
                self._withheld.setdefault(one.id, set()).add(path)
        if times := [one.until for one in file.held.values() if one.until is not None]:
            heapq.heappush(self._queue, (min(times) / 1000, path))

    def done(self, path: str) -> None:
        """All of the file is through."""
        if self._files.pop(path, None) is not None:
            self._reading.discard(path)

    def due(self, now: float) -> list[Sighting]:
        """The files with a record whose embargo is over."""
        found = []
        while self._queue and self._queue[0][0] <= now:
            _, path = heapq.heappop(self._queue)
            if file := self._files.get(path):
                found.append(file.sighting)
        return found

    def next_due(self) -> float | None:
        """When the next embargo ends; Unix time."""
        return self._queue[0][0] if self._queue else None

    def release(self, articles: Iterable[str]) -> None:
        """These articles have another revision now: whoever withheld one has nothing more to wait for."""
        if not self._withheld:
            return
        for article in articles:
            for path in self._withheld.pop(article, ()):
                file = self._files.get(path)
                if file is None:
                    continue
                records = [one.record for one in file.held.values() if one.until is None and one.id == article]
                self._released.append(Part(file, [], [], file.done, released=records))

    def released(self) -> list[Part]:
        """What ``release`` has ended, for the steps; each once."""
        found, self._released = self._released, []
        return found

    def abandon(self, path: str) -> None:
        """What lies at ``path`` is no longer the file of which a part was done."""
        file = self._files.pop(path, None)
        self._reading.discard(path)
        if file is not None and file.number is not None:
            number = file.number
            log.warning("a file changed before all of it was through", path=file.path, held=len(file.held))
            self._disk.patiently(LEDGER, lambda: self._ledger.abandon(number, _CHANGED, round(self._clock() * 1000)))


def _file(row: Open, inbox: Inbox) -> File:
    path = os.path.join(inbox.root, os.fsdecode(row.raw_path))
    relative = inbox.relative(path)
    return File(
        Sighting(path, inbox, row.seen_at / 1000),
        row.version,
        relative,
        shown(relative),
        sha256=row.sha256,
        format=row.format,
        number=row.number,
        published=row.published,
        duplicates=row.duplicates,
        refused=row.refused,
        done=row.done,
        reason=row.reason,
        message=row.message,
        ids=list(row.articles),
        held={one.record: one for one in row.holds},
        where=row.put_away,
    )
