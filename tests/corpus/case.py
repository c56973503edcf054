"""A case: a file that a careless or hostile world could drop, and what has to become of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from newswire.reasons import Reason

# Stands in every text that may not be told: no letter, note or line of the log may hold it.
UNTOLD = "the Zanzibar memorandum"


class Case(NamedTuple):
    """One file, and the outcome that is right.

    ``content`` is a function where making it takes time; ``make`` puts something
    there that is no regular file. ``refused`` has the reason of each dead letter,
    ``articles`` counts those that are published all the same. A file of which something
    is ``held`` stays in the inbox; ``ignored`` ones stay as well, and nobody reads them.
    """

    name: str
    what: str
    content: bytes | Callable[[], bytes] = b""
    refused: tuple[Reason, ...] = ()
    articles: int = 0
    held: bool = False
    ignored: bool = False
    make: Callable[[Path], None] | None = None

    @property
    def bytes(self) -> bytes:
        """What the file holds."""
        return self.content if isinstance(self.content, bytes) else self.content()

    @property
    def place(self) -> str | None:
        """The directory in which it ends, under the data directory; None where it stays."""
        if self.held or self.ignored:
            return None
        return "processed" if self.articles else "rejected"


def write(case: Case, directory: Path) -> Path:
    """Put the file of ``case`` into ``directory``; OSError where the system does not allow what it is."""
    path = directory / case.name
    path.parent.mkdir(parents=True, exist_ok=True)
    if case.make:
        case.make(path)
    else:
        path.write_bytes(case.bytes)
    return path


def prose(topic: str) -> str:
    """Two sentences that no other topic has."""
    return (
        f"The inspectors wrote on Friday that they had looked at {topic} for the whole of the week. "
        f"Nothing about {topic} surprised them, and they went home before it was dark."
    )


def story(topic: str) -> str:
    """A text file with one article."""
    return f"date 2026-02-13 Inspectors report on {topic}\n\nBERGEN - {prose(topic)}\n"
