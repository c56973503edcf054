"""Where the pages of a search go on, under a name that can be typed: a cursor itself is lines long.

A cursor holds a snapshot of the index, and that is what keeps pages right while
articles come in. It is kept as a small file in this user's cache; the name is the
beginning of its SHA-256. A program is given the cursor itself, which needs no file.
"""

import hashlib
import re
import time
from contextlib import suppress
from pathlib import Path

from newswire.local import LocalStackError
from newswire.local.cache import cache_directory
from newswire.local.settings import LocalSettings
from newswire.search.pages import EXPIRED, KEPT, CursorExpired
from newswire.settings import SettingsError, load, seconds

NAME_LENGTH = 8  # hex digits; of the pages of five minutes no two share them

# No home, a wrong setting, a full disk: a search is worth more than its short names.
_NOWHERE = (OSError, LocalStackError, SettingsError)


def keep(cursor: str) -> str:
    """A name for ``cursor``; ``cursor`` itself where nothing can be written."""
    name = hashlib.sha256(cursor.encode()).hexdigest()[:NAME_LENGTH]
    try:
        directory = _directory()
        directory.mkdir(parents=True, exist_ok=True)
        _forget_the_expired(directory)
        (directory / name).write_text(cursor, "ascii")
    except _NOWHERE:
        return cursor
    return name


def find(word: str) -> str:
    """The cursor that ``word`` names, or is; raises CursorExpired where a name names none any more."""
    if not re.fullmatch(f"[0-9a-f]{{{NAME_LENGTH}}}", word):
        return word
    try:
        return (_directory() / word).read_text("ascii")
    except (*_NOWHERE, UnicodeDecodeError) as error:
        raise CursorExpired(EXPIRED) from error


def _directory() -> Path:
    return cache_directory(load(LocalSettings).cache) / "pages"


def _forget_the_expired(directory: Path) -> None:
    oldest = time.time() - seconds(KEPT)
    for one in directory.iterdir():
        with suppress(OSError):  # another search was faster
            if one.stat().st_mtime < oldest:
                one.unlink()
