"""Steps 6 and 7: move what is done, and say so in the ledger; again and again, where the disk does not let it."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

from newswire.health import Health
from newswire.logging import get_logger
from newswire.reasons import Reason
from newswire.topics import rfc3339
from services.ingest.file import Part
from services.ingest.inbox import Inbox, shown
from services.ingest.ledger import LEDGER, Ledger, Unfinished, clamp
from services.ingest.patience import Disk
from services.ingest.put_away import Changed, Moved, Note, Shelf, note_place
from services.ingest.read import FileVersion, look

NEED = "data"  # what readiness calls the put-away directories

# The hash of a file that was refused unread.
NO_HASH = "unread00"

log = get_logger()


class Unmoved(NamedTuple):
    """A file that is done and still in the inbox."""

    number: int
    version: FileVersion
    where: str
    notes: list[Note]


class Shelving:
    """Plans places and moves files to them; used by one thread. ``clock`` gives Unix time."""

    def __init__(self, shelf: Shelf, ledger: Ledger, *, disk: Disk, health: Health, clock: Callable[[], float]) -> None:
        self._shelf = shelf
        self._ledger = ledger
        self._disk = disk
        self._health = health
        self._clock = clock
        self._unmoved: dict[str, Unmoved] = {}

    def plan(self, parts: Sequence[Part]) -> None:
        """Give the file of each part that has none its place: processed/ where something comes of it, else rejected/.

        Blocks while the disk is full; raises Stopped.
        """
        day = self._now().date().isoformat()
        taken: set[str] = set()

        def place(part: Part) -> str:
            kind = "processed" if part.is_good else "rejected"
            file = part.file
            return self._shelf.plan(kind, day, file.path, file.sha256 or NO_HASH, taken.__contains__)

        for part in parts:
            if part.file.where:
                taken.update((part.file.where, note_place(part.file.where)))
        for part in parts:
            if not part.file.where:
                part.file.where = self._disk.patiently(NEED, lambda one=part: place(one))  # type: ignore[misc]
                taken.update((part.file.where, note_place(part.file.where)))

    def move(self, done: dict[str, Unmoved]) -> None:
        """Steps 6 and 7 for files that are done, by their paths; one that cannot be moved stays and is remembered."""
        moved = []
        for path, file in done.items():
            try:
                # 6
                if file.notes:
                    self._shelf.explain(file.where, file.notes)
                result = self._shelf.move(path, file.version, file.where)
            except OSError as error:
                if path not in self._unmoved:
                    log.warning("file stays in the inbox", path=shown(path), cause=str(error))
                self._unmoved[path] = file
                self._health.failing(NEED, f"A finished file cannot be put away: {error.strerror or error}.")
                continue
            self._unmoved.pop(path, None)
            match result:
                case Moved(where):
                    moved.append((file.number, where))
                case Changed():
                    # Overwritten or taken away since it was read: this version of it is no more.
                    moved.append((file.number, ""))
                case _:
                    assert_never(result)
        self._write(moved)
        if not self._unmoved:
            self._health.ok(NEED)

    def move_again(self, path: str, version: FileVersion) -> bool:
        """Try once more where ``version`` at ``path`` is done and could not be moved; False where it is not."""
        file = self._unmoved.get(path)
        if file is None or clamp(file.version) != clamp(version):
            return False
        self.move({path: file})
        return True

    def mend(self, inboxes: Sequence[Inbox]) -> None:
        """Finish what the last run left after step 5; called once, at start, before anything is read."""
        roots = {shown(inbox.root): inbox.root for inbox in inboxes}
        here: dict[str, Unmoved] = {}
        away = []
        for row in self._ledger.unfinished():
            path = f"{roots.get(row.inbox, row.inbox)}/{os.fsdecode(row.raw_path)}"
            version = look(path)
            if version is not None and clamp(version) == row.version:
                here[path] = Unmoved(row.number, version, row.put_away, self._notes(row))
            else:
                # Moved, and stopped before that was written; or it is gone, or another file by now.
                away.append((row.number, row.put_away if self._shelf.has(row.put_away, row.version) else ""))
        self._write(away)
        self.move(here)

    def _write(self, moved: list[tuple[int, str]]) -> None:
        if moved:
            # 7
            self._disk.patiently(LEDGER, lambda: self._ledger.put_away(moved, round(self._clock() * 1000)))

    def _notes(self, row: Unfinished) -> list[Note]:
        if row.reason is None:
            return []
        now = rfc3339(self._now())
        return [Note(reason=Reason(row.reason), message=row.message or "", path=row.path, at=now)]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
