"""A file on its way through the steps, and what became of it: every way out has its name here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from newswire.reasons import Reason
from services.ingest.arrivals import Sighting
from services.ingest.identify import Draft
from services.ingest.ledger.rows import HeldRow
from services.ingest.read import FileVersion
from services.ingest.reading import Refusal

# The ids and the notes of a file that holds a million records would be a file of their own.
MOST_IDS = 1_000
MOST_NOTES = 100


class Published(NamedTuple):
    """At least one article of the file is acknowledged by the broker."""

    articles: int
    duplicates: int = 0
    refused: int = 0


class Duplicate(NamedTuple):
    """Every article of the file had been acknowledged before, with the same content."""

    articles: int
    refused: int = 0


class Rejected(NamedTuple):
    """No article came of the file; the broker has acknowledged a letter that says why."""

    reason: Reason
    refused: int = 1


class Embargoed(NamedTuple):
    """Some of its records may not be published yet; it stays in the inbox until all of them are through."""

    held: int


class Reading(NamedTuple):
    """More of its records are to come."""

    done: int


Outcome = Published | Duplicate | Rejected | Embargoed | Reading


def is_final(outcome: Outcome) -> bool:
    """Whether nothing more is to come of the file, so that it may leave the inbox."""
    return not isinstance(outcome, Embargoed | Reading)


class File(msgspec.Struct, eq=False):
    """A file of which something was read, and what the later steps learn about it.

    ``relative`` is its path below the inbox, ``path`` the same as messages carry
    it; ``sha256`` is None where it was refused unread. The counts are of its
    records so far; ``number`` is its row in the ledger where it has one already,
    ``where`` its place under the data directory once that is planned.
    """

    sighting: Sighting
    version: FileVersion
    relative: str
    path: str
    sha256: str | None = None
    format: str | None = None
    number: int | None = None
    published: int = 0
    duplicates: int = 0
    refused: int = 0
    done: int = 0
    reason: str | None = None
    message: str | None = None
    ids: list[str] = []
    held: dict[int, HeldRow] = {}
    noted: list[Refusal] = []
    where: str = ""

    def available_at(self, now: datetime, until: int | None = None) -> datetime:
        """When it was whole, or its embargo was over.

        Its close or move, else its own time, which may be anything but not in the
        future.
        """
        seconds = self.sighting.available_at
        if seconds is None:
            seconds = self.version.mtime_ns / 1e9
        if until is not None:
            seconds = max(seconds, until / 1000)
        return datetime.fromtimestamp(min(max(seconds, 0.0), now.timestamp()), UTC)


class Part(msgspec.Struct, eq=False):
    """What was read of a file at a time: all of it, or a portion; ``last`` where nothing follows.

    ``acknowledged``, ``duplicates``, ``holds`` and further refusals are known after
    step 4. ``released`` are records that were held until now.
    """

    file: File
    drafts: Sequence[Draft]
    refusals: list[Refusal]
    done: int
    last: bool = True
    released: Sequence[int] = ()
    acknowledged: list[Draft] = []
    duplicates: int = 0
    holds: list[HeldRow] = []

    @property
    def records(self) -> int:
        """How many articles it brought, good and bad."""
        return len(self.drafts) + len(self.refusals)

    @property
    def is_cut(self) -> bool:
        """Whether its bytes end in the middle of something, as those of a file that is still being written do."""
        return any(refusal.refused.reason is Reason.TRUNCATED for refusal in self.refusals)

    @property
    def is_noted(self) -> bool:
        """Whether there is something to be said beside the file: a record of it was refused; known after step 4."""
        return bool(self.refusals or self.file.refused)

    @property
    def is_good(self) -> bool:
        """Whether something came of the file so far, or will after an embargo; known after step 4 for articles."""
        file = self.file
        held = self.holds or file.held.keys() - self.released
        return bool(self.acknowledged or self.duplicates or held or file.published or file.duplicates)

    def outcome(self) -> Outcome:
        """What became of the file with this part; called after ``add``."""
        file = self.file
        if not self.last and not self.released:
            return Reading(file.done)
        if file.held:
            return Embargoed(len(file.held))
        if file.published:
            return Published(file.published, file.duplicates, file.refused)
        if file.duplicates or not file.reason:
            return Duplicate(file.duplicates, file.refused)
        return Rejected(Reason(file.reason), file.refused)

    def add(self) -> None:
        """Count this part in its file; once, after step 4."""
        file = self.file
        for record in self.released:
            file.held.pop(record, None)
        file.held.update((one.record, one) for one in self.holds)
        file.published += len(self.acknowledged)
        file.duplicates += self.duplicates
        file.refused += len(self.refusals)
        file.done = max(file.done, self.done)
        if self.refusals and file.reason is None:
            first = self.refusals[0].refused
            file.reason, file.message = first.reason.value, first.message
        if not self.released:
            file.ids.extend(draft.id for draft in self.drafts[: MOST_IDS - len(file.ids)])
        # Their bytes are in their letters.
        file.noted.extend(
            msgspec.structs.replace(one, original=b"") for one in self.refusals[: MOST_NOTES - len(file.noted)]
        )
