"""What a person can set about ingest, and the mistakes that only show when settings are seen together."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from newswire.settings import SettingsError, flag, one_of, paths, port, seconds, setting, size, whole
from services.ingest.put_away import Finished


def zones(raw: str) -> tuple[str, ...]:
    """Time zones by their IANA names, separated as in PATH."""
    names = tuple(filter(None, raw.split(os.pathsep)))
    for name in names:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            raise ValueError(f"names {name}, which is not a time zone such as UTC or Europe/Paris") from None
    if not names:
        raise ValueError("names no time zone")
    return names


def finished(raw: str) -> Finished:
    """What happens to finished files."""
    return Finished(one_of(*Finished)(raw))


def keeping(raw: str) -> float:
    """A duration in seconds; ``forever`` has no end."""
    return float("inf") if raw == "forever" else seconds(raw)


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Where files come from, when they are whole, and how much is done at once."""

    inboxes: tuple[Path, ...] = setting(
        "NEWSWIRE_INBOX", paths, "inbox", "watched directories, separated as in PATH; created where missing"
    )
    watch: bool = setting(
        "NEWSWIRE_WATCH", flag, "yes", "listen to the kernel's file events; without them the rescan finds everything"
    )
    rescan: float = setting("NEWSWIRE_RESCAN", seconds, "10s", "how often the inboxes are looked through")
    settle: float = setting(
        "NEWSWIRE_SETTLE", seconds, "2s", "how long a file found by the rescan must keep its size and time"
    )
    zones: tuple[str, ...] = setting(
        "NEWSWIRE_ZONE", zones, "UTC", "time zone of dates that name none; one, or one for each inbox in its order"
    )
    document_bytes: int = setting(
        "NEWSWIRE_MAX_DOCUMENT",
        size,
        "20MB",
        "a larger document, or record of a list or archive, is refused as too_large",
    )
    unpacked_bytes: int = setting(
        "NEWSWIRE_MAX_UNPACKED", size, "8GB", "what an archive may unpack to; more is refused as archive_bomb"
    )
    reader_timeout: float = setting(
        "NEWSWIRE_READER_TIMEOUT", seconds, "30s", "a file whose reader is silent for longer is refused"
    )
    cluster_window: float = setting(
        "NEWSWIRE_CLUSTER_WINDOW", seconds, "7d", "how long near-duplicates of a story are looked for; 0 does not look"
    )
    finished: Finished = setting(
        "NEWSWIRE_FINISHED",
        finished,
        "move",
        "what happens to a file that is through: move it to processed/, delete it, or keep it where it is; "
        "what was refused is always moved",
    )
    keep_processed: float = setting(
        "NEWSWIRE_KEEP_PROCESSED", keeping, "forever", "how long put-away files stay in processed/, by whole days"
    )
    keep_rejected: float = setting(
        "NEWSWIRE_KEEP_REJECTED", keeping, "forever", "how long refused files stay in rejected/, by whole days"
    )
    keep_rows: float = setting(
        "NEWSWIRE_LEDGER_KEEP",
        keeping,
        "90d",
        "how long the ledger tells what became of a file; the ids and revisions of articles it keeps for ever",
    )
    batch_files: int = setting("NEWSWIRE_INGEST_BATCH", whole(1, 10_000), "1000", "most files taken in one batch")
    batch_bytes: int = setting("NEWSWIRE_INGEST_BATCH_BYTES", size, "8MB", "a batch is closed once it holds this much")
    in_flight: int = setting(
        "NEWSWIRE_INGEST_IN_FLIGHT", whole(1, 100_000), "2000", "most messages the broker has not yet acknowledged"
    )
    in_flight_bytes: int = setting(
        "NEWSWIRE_INGEST_IN_FLIGHT_BYTES", size, "32MB", "most bytes the broker has not yet acknowledged"
    )
    port: int = setting("NEWSWIRE_INGEST_PORT", port, "9101", "port of ingest's metrics and health; 0 takes a free one")


def zone_of(inboxes: Sequence[Path], zones: Sequence[str]) -> dict[Path, str]:
    """The time zone of each inbox; raises SettingsError where there are neither one nor as many as inboxes."""
    if len(zones) not in (1, len(inboxes)):
        raise SettingsError(
            [f"NEWSWIRE_ZONE: names {len(zones)} time zones for {len(inboxes)} inboxes; name one, or one for each."]
        )
    return {inbox: zones[number % len(zones)] for number, inbox in enumerate(inboxes)}


def check_places(inboxes: tuple[Path, ...], data: Path) -> None:
    """Raise SettingsError, with a sentence for each, where directories lie inside one another.

    A put-away file inside an inbox would come in again, for ever; a file in two
    inboxes would be two files.
    """
    mistakes = [] if inboxes else ["NEWSWIRE_INBOX: names no directory."]
    mistakes += [
        f"NEWSWIRE_INBOX: {inbox} is no directory." for inbox in inboxes if inbox.exists() and not inbox.is_dir()
    ]
    resolved = [inbox.resolve() for inbox in inboxes]
    target = data.resolve()
    own = [target / name for name in ("processed", "rejected", "ingest")]
    for inbox, real in zip(inboxes, resolved, strict=True):
        if target.is_relative_to(real):
            mistakes.append(f"NEWSWIRE_DATA: {data} lies inside the inbox {inbox}; put it elsewhere.")
        elif any(real.is_relative_to(place) for place in own):
            mistakes.append(f"NEWSWIRE_INBOX: {inbox} lies where NEWSWIRE_DATA keeps its own files; put it elsewhere.")
    for number, (inbox, real) in enumerate(zip(inboxes, resolved, strict=True)):
        for other, other_real in zip(inboxes[:number], resolved[:number], strict=True):
            if real.is_relative_to(other_real) or other_real.is_relative_to(real):
                mistakes.append(f"NEWSWIRE_INBOX: {inbox} and {other} are one inside the other; name only one of them.")
    if mistakes:
        raise SettingsError(mistakes)
