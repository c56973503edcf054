"""Files of which only a part is done: read to a point, or all but the records under embargo.

They stay in the inbox. What is done of them is in the ledger, so that a service
that starts again goes on where it was; what is held is there too, without its
text, which nobody has but the file itself.
"""

import heapq
import os
from collections.abc import Callable, Container, Iterable, Sequence

from newswire.logging import get_logger
from newswire.reasons import Reason
from services.ingest.arrivals import Sighting
from services.ingest.file import File, Part
from services.ingest.inbox import Inbox, shown
from services.ingest.ledger import LEDGER, Ledger, Open
from services.ingest.patience import Disk
from services.ingest.read import FileVersion, look
from services.ingest.readers.record import Refused
from services.ingest.reading import Refusal

# Files that wait for months are looked after a few at each turn, of which there are two a second at least.
LOOKED_AFTER = 50

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
        # The ends of embargoes, in milliseconds.
        self._queue: list[tuple[int, str]] = []
        # Of the withheld articles, which files hold them, and of which files one may have been released.
        self._withheld: dict[str, set[str]] = {}
        self._moved_on: set[str] = set()
        self._to_look_after: list[str] = []

    def __len__(self) -> int:
        return len(self._files) - len(self._reading)

    def load(self, inboxes: Sequence[Inbox]) -> None:
        """Take up what the last run left; called once, at start."""
        known = {shown(inbox.root): inbox for inbox in inboxes}
        for row in self._ledger.open_files():
            inbox = known.get(row.inbox)
            if inbox is None:  # that is none at the moment
                continue
            file = _file(row, inbox)
            self.keep(file, reading=row.state == "reading")
            if look(file.sighting.path) is None:  # nobody else would ever come upon it
                self.abandon(file.sighting.path)

    def knows(self, path: str) -> bool:
        """Whether a part of the file at ``path`` is done."""
        return path in self._files

    def of(self, path: str) -> File | None:
        """The file at ``path`` as far as it is done."""
        return self._files.get(path)

    def waits(self, path: str, version: FileVersion, now: float) -> bool:
        """Whether there is nothing to do about ``version`` at ``path`` but to wait."""
        file = self._files.get(path)
        return file is not None and path not in self._reading and is_still(file, version) and not _over(file, now)

    def rest(self, file: File, now: float) -> tuple[int, tuple[int, ...]]:
        """What of ``file`` is to be read now: how many records to skip, or else the only ones that are wanted.

        These are the records whose embargo is over; all that are held where there is
        none, as the file seems to be another: then they tell whether it is.
        """
        if file.sighting.path in self._reading:
            return file.done, ()
        return 0, _over(file, now) or tuple(sorted(file.held))

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
                self._moved_on.add(path)  # the revision that releases it may have come before it
        if times := [one.until for one in file.held.values() if one.until is not None]:
            heapq.heappush(self._queue, (min(times), path))

    def done(self, path: str) -> None:
        """All of the file is through."""
        if self._files.pop(path, None) is not None:
            self._reading.discard(path)

    def due(self, now: float) -> list[Sighting]:
        """The files with a record whose embargo is over."""
        found = []
        while self._queue and self._queue[0][0] <= now * 1000:
            _, path = heapq.heappop(self._queue)
            if file := self._files.get(path):
                found.append(file.sighting)
        return found

    def next_due(self) -> float | None:
        """When the next embargo ends; Unix time."""
        return self._queue[0][0] / 1000 if self._queue else None

    def release(self, articles: Iterable[str]) -> None:
        """The broker has another revision of these articles now."""
        if self._withheld:
            for article in articles:
                self._moved_on.update(self._withheld.get(article, ()))

    def released(self, busy: Container[str]) -> list[Part]:
        """Files with withheld records that a newer revision has released, for the steps; no file that is ``busy``."""
        if not self._moved_on:
            return []
        found = []
        for path in [path for path in self._moved_on if path not in busy]:
            self._moved_on.remove(path)
            file = self._files.get(path)
            if file is None or file.number is None or path in self._reading:
                continue  # what is still being read is kept again when it is read
            if records := self._ledger.overtaken(file.number):
                for record in records:
                    self._withheld.get(file.held[record].id, set()).discard(path)
                found.append(Part(file, [], [], file.done, released=records))
        return found

    def look_after(self, busy: Container[str]) -> None:
        """Let go of files that were taken away while they waited; some of them at a time, but none that is ``busy``."""
        if not self._to_look_after:
            self._to_look_after = list(self._files)
        some, self._to_look_after = self._to_look_after[:LOOKED_AFTER], self._to_look_after[LOOKED_AFTER:]
        for path in some:
            if path in self._files and path not in busy and look(path) is None:
                self.abandon(path)

    def abandon(self, path: str) -> None:
        """What lies at ``path`` is no longer the file of which a part was done."""
        file = self._files.pop(path, None)
        self._reading.discard(path)
        if file is not None and file.number is not None:
            number = file.number
            log.warning("a file changed before all of it was through", path=file.path, held=len(file.held))
            self._disk.patiently(LEDGER, lambda: self._ledger.abandon(number, _CHANGED, round(self._clock() * 1000)))


def is_still(file: File, version: FileVersion) -> bool:
    """Whether ``version`` is that of ``file``, as far as can be seen from outside."""
    return file.version[:4] == version[:4]


def _over(file: File, now: float) -> tuple[int, ...]:
    """The records of ``file`` whose embargo is over."""
    return tuple(sorted(one.record for one in file.held.values() if one.until is not None and one.until <= now * 1000))


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
        noted=[_first_refusal(Reason(row.reason), row.message or "")] if row.reason else [],
        where=row.put_away,
    )


def _first_refusal(reason: Reason, message: str) -> Refusal:
    """All that the ledger has of the refusals of a file; the others are in letters."""
    return Refusal(None, Refused(reason=reason, message=message), b"", complete=False)
