"""What a person can set about ingest, and the mistakes that only show when settings are seen together."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from newswire.settings import SettingsError, flag, paths, port, seconds, setting, size, whole


def zone(raw: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(raw)
    except (ValueError, OSError, KeyError):
        raise ValueError("is not a time zone such as UTC or Europe/Paris") from None


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
    zone: ZoneInfo = setting("NEWSWIRE_ZONE", zone, "UTC", "time zone of dates that name none")
    max_file_bytes: int = setting("NEWSWIRE_MAX_FILE_BYTES", size, "20MB", "a larger file is refused as too_large")
    batch_files: int = setting("NEWSWIRE_INGEST_BATCH", whole(1, 10_000), "500", "most files taken in one batch")
    batch_bytes: int = setting("NEWSWIRE_INGEST_BATCH_BYTES", size, "8MB", "a batch is closed once it holds this much")
    in_flight: int = setting(
        "NEWSWIRE_INGEST_IN_FLIGHT", whole(1, 100_000), "2000", "most messages the broker has not yet acknowledged"
    )
    in_flight_bytes: int = setting(
        "NEWSWIRE_INGEST_IN_FLIGHT_BYTES", size, "32MB", "most bytes the broker has not yet acknowledged"
    )
    port: int = setting("NEWSWIRE_INGEST_PORT", port, "9101", "port of ingest's metrics and health; 0 takes a free one")


def check_places(inboxes: tuple[Path, ...], data: Path) -> None:
    """Raise SettingsError, with a sentence for each, where directories lie inside one another.

    A put-away file inside an inbox would come in again, for ever; a file in two
    inboxes would be two files.
    """
    mistakes = [] if inboxes else ["NEWSWIRE_INBOX: names no directory."]
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
