"""An inbox, the names inside it, and which of them are nobody's business yet."""

import os
import re
from pathlib import Path
from typing import NamedTuple

# What FTP servers, browsers, editors and copy tools call a file they have not finished.
TEMPORARY_SUFFIXES = (".tmp", ".part", ".filepart", "~")

# Control characters, line separators and direction marks could forge a line of a log or turn a sentence round.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]")


class Inbox(NamedTuple):
    """A watched directory; ``root`` is absolute, without a trailing separator."""

    root: str

    @classmethod
    def at(cls, directory: Path) -> "Inbox":
        """The inbox at ``directory``, created where missing; raises OSError when it cannot be."""
        directory.mkdir(parents=True, exist_ok=True)
        return cls(str(directory.resolve()))

    def relative(self, path: str) -> str:
        """``path`` seen from the inbox."""
        return os.path.relpath(path, self.root) if not path.startswith(self.root + "/") else path[len(self.root) + 1 :]


def is_temporary(name: str) -> bool:
    """Whether a writer says by the name that the file is not finished, or the file is hidden."""
    return name.startswith(".") or name.lower().endswith(TEMPORARY_SUFFIXES)


def shown(path: str) -> str:
    """A path as messages, articles and the ledger carry it.

    Always valid Unicode on one line: bytes that are not UTF-8 and characters
    that are not printable are percent-encoded.
    """
    if path.isascii() and path.isprintable():
        return path
    return _UNPRINTABLE.sub(_percent, path)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))
