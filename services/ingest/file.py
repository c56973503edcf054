"""A file on its way through the steps, and what became of it: every way out has its name here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from newswire.reasons import Reason
from services.ingest.arrivals import Sighting
from services.ingest.identify import Draft
from services.ingest.read import FileVersion
from services.ingest.readers.record import Refused


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


Outcome = Published | Duplicate | Rejected


class Refusal(NamedTuple):
    """A record that was refused, or (``record`` None) a whole file; ``original`` as far as a letter can carry it."""

    record: int | None
    refused: Refused
    original: bytes
    complete: bool = True


@dataclass(slots=True, eq=False)
class File:
    """A file after step 1, and what the later steps learn about it.

    ``relative`` is its path below the inbox, ``path`` the same as messages carry
    it; ``sha256`` is None where it was refused unread. ``acknowledged`` and
    ``duplicates`` are known after step 4, ``where`` (its place under the data
    directory) before a letter or the ledger names it.
    """

    sighting: Sighting
    version: FileVersion
    relative: str
    path: str
    sha256: str | None = None
    format: str | None = None
    drafts: list[Draft] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    acknowledged: list[Draft] = field(default_factory=list)
    duplicates: int = 0
    where: str = ""

    @property
    def records(self) -> int:
        """How many articles it brought, good and bad."""
        return len(self.drafts) + len(self.refusals)

    @property
    def is_cut(self) -> bool:
        """Whether its bytes end in the middle of something, as those of a file that is still being written do."""
        return any(refusal.refused.reason is Reason.TRUNCATED for refusal in self.refusals)

    def available_at(self, now: datetime) -> datetime:
        """When it was whole: its close or move, else its own time, which may be anything but not in the future."""
        seconds = self.sighting.available_at
        if seconds is None:
            seconds = self.version.mtime_ns / 1e9
        return datetime.fromtimestamp(min(max(seconds, 0.0), now.timestamp()), UTC)

    def outcome(self) -> Outcome:
        """What became of it; known after step 4."""
        refused = len(self.refusals)
        if self.acknowledged:
            return Published(len(self.acknowledged), self.duplicates, refused)
        if self.duplicates:
            return Duplicate(self.duplicates, refused)
        return Rejected(self.refusals[0].refused.reason, refused)
