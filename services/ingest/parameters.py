"""The parameters of a question, as they stand in its address.

What cannot be read raises ``NoAnswer`` (400) with what would have been right.
"""

import fnmatch
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from newswire.health import NoAnswer
from services.ingest.ledger.found import FileFound, Place


def choices(asked: Mapping[str, str], name: str, known: Sequence[str]) -> list[str]:
    """Those of ``known`` that ``name`` lists by commas; none where it is not given."""
    chosen = [one for one in asked.get(name, "").split(",") if one]
    if unknown := next((one for one in chosen if one not in known), None):
        raise NoAnswer(400, f"There is no {name} {unknown[:50]!r}; there are {', '.join(known)}.")
    return chosen


def number(asked: Mapping[str, str], name: str, default: int, most: int) -> int:
    """From 1 to ``most``; ``default`` where ``name`` is not given."""
    raw = asked.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,9}", raw) or not 1 <= int(raw) <= most:
        raise NoAnswer(400, f"{name} is a number from 1 to {most:,}.")
    return int(raw)


def place(raw: str) -> Place:
    """Where the page before ended, as ``placed`` wrote it."""
    match = re.fullmatch(r"([0-9]{1,16})\.([0-9]{1,18})", raw)
    if match is None:
        raise NoAnswer(400, "after is what the page before ended with as `next`.")
    return Place(int(match[1]), int(match[2]))


def placed(last: FileFound) -> str:
    """Where a page ends, for ``place`` of the next."""
    return f"{round(last.finished_at.timestamp() * 1000)}.{last.number}"


def milliseconds(raw: str) -> int:
    """Unix time of an instant in ISO 8601, which is UTC where it names no zone."""
    try:
        instant = datetime.fromisoformat(raw)
        return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise NoAnswer(400, "since is an instant such as 2025-02-07T18:30:00Z.") from None


def matcher(glob: str) -> Callable[[str], object]:
    """Whether a path is like ``glob``; one without a ``/`` is of the name alone. Takes no longer than the two are."""
    if not glob:
        return lambda _: True
    fits = re.compile(fnmatch.translate(glob)).match
    return fits if "/" in glob else lambda path: fits(os.path.basename(path))
