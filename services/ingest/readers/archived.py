"""The names of files inside archives: which are nobody's business, and which could do harm.

Nothing is ever written under such a name, it is only told to people; but whoever
sends an archive with a name that climbs out of it is not to be trusted with it.
"""

import re

from newswire.reasons import Reason
from services.ingest.inbox import is_temporary, shown
from services.ingest.readers.record import Refused

# What macOS and Windows put beside the files that a person packed.
COMPANIONS = frozenset(("__macosx", "thumbs.db", "desktop.ini", "icon\r"))

# The longest path that Linux knows.
LONGEST = 4096  # characters

_DRIVE = re.compile(r"[A-Za-z]:")


def is_passed_over(name: str) -> bool:
    """Whether it is a directory, hidden, temporary, or put there by an operating system: skipped without a word."""
    parts = _parts(name)
    return name.endswith(("/", "\\")) or any(
        part not in (".", "..") and (is_temporary(part) or part.lower() in COMPANIONS) for part in parts
    )


def named(name: str) -> str | Refused:
    """``name`` as articles and messages carry it; refused where it leads out of the archive.

    Backslashes separate, as in archives made on Windows.
    """
    parts = _parts(name)
    if not parts or ".." in parts or name.startswith(("/", "\\")) or _DRIVE.match(name) or len(name) > LONGEST:
        message = f"It is called {shown(name[:200])!r}, which leads out of its archive; pack it under a plain name."
        return Refused(reason=Reason.UNSAFE_PATH, message=message)
    return shown("/".join(part for part in parts if part != "."))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", name) if part]
