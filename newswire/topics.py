"""Topics, their settings, their headers, and the sizes that nest in one another (CONTRACT.md, section 2)."""

import functools
import re
from datetime import UTC, datetime
from typing import NamedTuple

MIB = 1024 * 1024

# body < article < raw < enriched < dead. An article's JSON may be twice its body (quotes and line ends are escaped)
# plus its other fields; an enriched one carries its mentions as well; a letter carries its original (8 MiB at most,
# dead_letter.ORIGINAL_CAP) as base64, 4/3 of that.
BODY_CAP = 1 * MIB  # bytes of UTF-8
ARTICLE_CAP = 3 * MIB  # bytes of JSON
RAW_MESSAGE_CAP = 4 * MIB
ENRICHED_CAP = 7 * MIB  # bytes of JSON, before it is trimmed
ENRICHED_MESSAGE_CAP = 8 * MIB
DEAD_MESSAGE_CAP = 12 * MIB

PARTITIONS = 12
FOREVER = -1  # milliseconds
NINETY_DAYS = 90 * 24 * 3600 * 1000  # milliseconds


class Topic(NamedTuple):
    """A topic as ``newswire setup`` declares it."""

    name: str
    max_message_bytes: int
    retention_ms: int


RAW = Topic("newswire.raw.v1", RAW_MESSAGE_CAP, FOREVER)
ENRICHED = Topic("newswire.enriched.v1", ENRICHED_MESSAGE_CAP, NINETY_DAYS)
DEAD = Topic("newswire.dead.v1", DEAD_MESSAGE_CAP, FOREVER)
TOPICS = (RAW, ENRICHED, DEAD)

ENRICH_GROUP = "newswire-enrich"
INDEX_GROUP = "newswire-index"

Headers = list[tuple[str, bytes]]

# What we write into a header has 40 at most; what somebody else wrote is copied into every message that follows.
LONGEST_HEADER = 200  # characters

# Six digits, as read_headers takes them: the version of a letter's document is made of it and must stay positive.
MOST_ATTEMPTS = 999_999


class Trail(NamedTuple):
    """What travels with a message from file to index, in its headers.

    ``trace`` is one id for the whole way; end-to-end latency counts from
    ``available_at``; ``attempts`` counts replays, from 1; ``first_failed_at`` is
    known of what failed and was sent back.
    """

    trace: str
    available_at: datetime
    ingested_at: datetime
    attempts: int = 1
    first_failed_at: datetime | None = None


def one_more(attempts: int) -> int:
    """The number of the next attempt, as far as the header can count."""
    return min(attempts + 1, MOST_ATTEMPTS)


@functools.lru_cache(maxsize=256)  # a batch has one instant for many messages
def rfc3339(instant: datetime) -> str:
    """UTC with milliseconds and a Z."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def headers(schema: str, trail: Trail) -> Headers:
    """The headers of a message of ``schema`` (``article/1``, ``enriched/1``, ``dead/1``)."""
    pairs = [
        ("schema", schema.encode()),
        ("trace", trail.trace.encode()),
        ("available_at", rfc3339(trail.available_at).encode()),
        ("ingested_at", rfc3339(trail.ingested_at).encode()),
        ("attempts", str(trail.attempts).encode()),
    ]
    if trail.first_failed_at is not None:
        pairs.append(("first_failed_at", rfc3339(trail.first_failed_at).encode()))
    return pairs


def read_headers(
    pairs: list[tuple[str, bytes]] | dict[str, bytes] | None, *, now: datetime
) -> tuple[str | None, Trail]:
    """Schema and trail of a message.

    What is missing or unreadable counts from ``now``: a message somebody
    produced by hand is still an article. No text is longer than ``LONGEST_HEADER``.
    """
    found = dict(pairs or ())

    def text(name: str) -> str | None:
        value = found.get(name)
        return value.decode("utf-8", "replace")[:LONGEST_HEADER] if value is not None else None

    def instant(name: str) -> datetime:
        try:
            parsed = datetime.fromisoformat(text(name) or "")
            return parsed.astimezone(UTC) if parsed.tzinfo else now
        except (ValueError, OverflowError):  # the latter for the first and the last day of the calendar
            return now

    attempts = text("attempts") or "1"
    return text("schema"), Trail(
        trace=text("trace") or "",
        available_at=instant("available_at"),
        ingested_at=instant("ingested_at"),
        attempts=max(int(attempts), 1) if re.fullmatch("[0-9]{1,6}", attempts) else 1,
        first_failed_at=instant("first_failed_at") if "first_failed_at" in found else None,
    )
