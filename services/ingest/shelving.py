"""Steps 6 and 7: move what is done, and say so in the ledger; again and again, where the disk does not let it.

What is done with is moved, deleted or left where it is, as the settings say. What was
refused, all of it or a part, is always moved: a letter says where it lies.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from newswire.health import Health
from newswire.logging import get_logger
from newswire.reasons import Reason
from newswire.topics import rfc3339
from services.ingest.carrier import Carrier
from services.ingest.file import Part
from services.ingest.inbox import Inbox, shown
from services.ingest.kept import Kept
from services.ingest.ledger import LEDGER, Ledger, Unfinished
from services.ingest.patience import Disk
from services.ingest.put_away import DELETED, Finished, Move, Note, Shelf, note_place
from services.ingest.read import FileVersion, look

# What readiness calls the put-away directories, and the finished files that could not be moved there: others may find
# their places meanwhile.
NEED = "data"
UNMOVED = "finished"

# The hash of a file that was refused unread.
NO_HASH = "unread00"

# How long a disk that takes nothing is left alone, and how many files it is tried with.
RETRY = 5.0  # seconds
RETRIED = 500

# Files that are copied to another file system while the rest goes on; with more of them it waits for the disk.
MOST_CARRIED = 5_000
PAUSE = 0.05  # seconds

log = get_logger()


class Unmoved(NamedTuple):
    """A file that is done and still in the inbox."""

    number: int
    version: FileVersion
    where: str
    notes: list[Note]


class Shelving:
    """Plans places and moves files to them; used by one thread. ``clock`` gives Unix time.

    What has to go to another file system ``carrier`` copies meanwhile; without one it is copied at once.
    """

    def __init__(
        self,
        shelf: Shelf,
        ledger: Ledger,
        kept: Kept,
        *,
        finished: Finished,
        disk: Disk,
        health: Health,
        clock: Callable[[], float],
        carrier: Carrier | None = None,
    ) -> None:
        self._shelf = shelf
        self._ledger = ledger
        self._kept = kept
        self._finished = finished
        self._disk = disk
        self._health = health
        self._clock = clock
        # Places that are promised, in the ledger or in a letter, to files that are not there yet.
        self._promised: set[str] = set()
        self._unmoved: dict[str, Unmoved] = {}
        self._failed_at = 0.0
        self._carrier = carrier
        self._carried: dict[str, Unmoved] = {}
        # Paths of files that could not be moved, until they are, whoever has them now.
        self._failing: set[str] = set()

    def plan(self, parts: Sequence[Part]) -> None:
        """Give the file of each part that has none its place: processed/ where something comes of it, else rejected/.

        processed/ also where more of it is to be read: letters name the place before
        anybody knows what will come of the rest, and it may be kept for longer there.
        Blocks while the disk is full; raises Stopped.
        """
        day = self._now().date().isoformat()
        self._disk.patiently(NEED, lambda: self._plan(parts, day))

    def _plan(self, parts: Sequence[Part], day: str) -> None:
        for part in parts:
            if not part.file.where:
                part.file.where = self._place(part, day)
                self._promised.add(part.file.where)
                if part.is_noted:
                    self._promised.add(note_place(part.file.where))

    def move(self, done: dict[str, Unmoved]) -> None:
        """Steps 6 and 7 for files that are done, by their paths; one that cannot be moved stays and is remembered.

        Raises Stopped where it waits for the carrier.
        """
        there: list[int] = []
        elsewhere: list[tuple[int, str]] = []
        across: list[Move] = []
        for path, file in done.items():
            known = self._unmoved.pop(path, None)
            if known is not None and known.number != file.number:
                self._gone(known, elsewhere)  # a version that was written over before it could be moved
            if path in self._carried:
                self._unmoved[path] = file  # until it is known what became of the version before
                continue
            try:
                # 6
                if file.notes:
                    self._shelf.explain(file.where, file.notes)
                where = self._shelf.move(path, file.version, file.where, noted=bool(file.notes))
            except OSError as error:
                self._stays(path, file, error)
                continue
            if where is None:
                self._carried[path] = file
                across.append(Move(path, file.version, file.where))
            else:
                self._moved(path, file, where, there, elsewhere)
        if across and self._carrier is None:
            self._settle(zip(across, self._shelf.copy(across), strict=True), there, elsewhere)
        self._write(there, elsewhere)
        if across and self._carrier is not None:
            self._carrier.take(across)
            while len(self._carried) > MOST_CARRIED and not self._carrier.has_ended:
                self._disk.go_on()
                time.sleep(PAUSE)
                self.collect()

    def collect(self) -> None:
        """Step 7 for what the carrier has copied by now."""
        if self._carrier is not None and (done := self._carrier.done()):
            there: list[int] = []
            elsewhere: list[tuple[int, str]] = []
            self._settle(done, there, elsewhere)
            self._write(there, elsewhere)
            # Newer versions, which waited for these.
            waiting = {one.path for one, _ in done} & self._unmoved.keys() - self._failing
            self.move({path: self._unmoved[path] for path in waiting})

    def move_again(self) -> None:
        """Steps 6 and 7 for some of the files that could not be moved; every ``RETRY`` seconds while they cannot."""
        self.collect()
        if self._unmoved and abs(self._clock() - self._failed_at) >= RETRY:
            self._failed_at = self._clock()
            self.move(dict(itertools.islice(self._unmoved.items(), RETRIED)))

    def _settle(
        self, copied: Iterable[tuple[Move, str | OSError]], there: list[int], elsewhere: list[tuple[int, str]]
    ) -> None:
        for one, result in copied:
            file = self._carried.pop(one.path)
            if not isinstance(result, OSError):
                self._moved(one.path, file, result, there, elsewhere)
            elif one.path in self._unmoved:
                self._gone(file, elsewhere)  # written over meanwhile
            else:
                self._stays(one.path, file, result)

    def _moved(self, path: str, file: Unmoved, where: str, there: list[int], elsewhere: list[tuple[int, str]]) -> None:
        self._failing.discard(path)
        if where == file.where:
            self._release(file)
            there.append(file.number)
            if file.where.startswith("/"):
                self._kept.add(path, file.version)
        else:
            # Overwritten or taken away since it was read, so that this version is no more; or nothing to keep.
            self._gone(file, elsewhere, where)

    def _gone(self, file: Unmoved, elsewhere: list[tuple[int, str]], where: str = "") -> None:
        self._release(file)
        elsewhere.append((file.number, where))

    def _release(self, file: Unmoved) -> None:
        """Nothing is promised to a file any more."""
        self._promised.discard(file.where)
        if file.notes:
            self._promised.discard(note_place(file.where))

    def _stays(self, path: str, file: Unmoved, error: OSError) -> None:
        if path not in self._failing:
            log.warning("file stays in the inbox", path=shown(path), cause=str(error))
        self._failing.add(path)
        self._unmoved[path] = file
        self._failed_at = self._clock()
        self._health.failing(UNMOVED, _cause(path, file.where, error))

    def may_have(self, path: str) -> bool:
        """Whether it is worth a look at ``path`` to ask whether what lies there is done with."""
        return self._finished is Finished.KEEP or self.is_leaving(path)

    def is_leaving(self, path: str) -> bool:
        """Whether a file at ``path`` is done with and on its way out of the inbox."""
        return path in self._unmoved or path in self._carried

    def has(self, inbox: Inbox, path: str, version: FileVersion) -> bool:
        """Whether ``version`` at ``path`` is done with: it stays, or could not be moved yet."""
        if any(known and known.version == version for known in (self._unmoved.get(path), self._carried.get(path))):
            return True
        return self._finished is Finished.KEEP and self._kept.has(inbox, path, version)

    def mend(self, inboxes: Sequence[Inbox]) -> None:
        """Finish what the last run left after step 5; called once, at start, before anything is read."""
        for where in self._ledger.promised():
            self._promised |= {where, note_place(where)}
        roots = {shown(inbox.root): inbox.root for inbox in inboxes}
        here: dict[str, Unmoved] = {}
        away: list[tuple[int, str]] = []
        for row in self._ledger.unfinished():
            path = f"{roots.get(row.inbox, row.inbox)}/{os.fsdecode(row.raw_path)}"
            if path in here:
                away.append((row.number, ""))  # read twice, before the first was moved
            elif look(path) == row.version:
                here[path] = Unmoved(row.number, row.version, row.put_away, self._notes(row))
            else:
                # Moved, and stopped before that was written; or it is gone, or another file by now.
                away.append((row.number, self._after_kill(path, row)))
        self._write([], away)
        self._health.ok(NEED)
        self.move(here)

    def _place(self, part: Part, day: str) -> str:
        file = part.file
        if not part.is_noted and self._finished is not Finished.MOVE:
            return DELETED if self._finished is Finished.DELETE else shown(file.sighting.path)
        kind = "processed" if part.is_good or not part.last else "rejected"
        sha256 = file.sha256 or NO_HASH
        # Sent back by `newswire dlq replay` and refused again, it need not lie there twice.
        size = file.version.size if part.is_noted else None
        return self._shelf.plan(
            kind, day, file.path, sha256, self._promised.__contains__, noted=part.is_noted, size=size
        )

    def _after_kill(self, path: str, row: Unfinished) -> str:
        return self._disk.patiently(NEED, lambda: self._shelf.after_kill(path, row.version, row.put_away))

    def _write(self, there: list[int], elsewhere: list[tuple[int, str]]) -> None:
        if there or elsewhere:
            # 7
            now = round(self._clock() * 1000)
            self._disk.patiently(LEDGER, lambda: self._ledger.put_away(there, elsewhere, now))
        if not self._failing:
            self._health.ok(UNMOVED)

    def _notes(self, row: Unfinished) -> list[Note]:
        if row.reason is None:
            return []
        now = rfc3339(self._now())
        return [Note(reason=Reason(row.reason), message=row.message or "", path=row.path, at=now)]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _cause(path: str, where: str, error: OSError) -> str:
    way = "deleted" if where == DELETED else f"moved to {where}"
    return (
        f"A finished file cannot be put away: {shown(path)} cannot be {way} ({error.strerror or error});"
        " make room, or give ingest leave to write there and in the inbox. It is tried again every few seconds."
    )
