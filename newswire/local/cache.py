"""The user cache: where fetched artifacts and the unpacked engine live, shared by all checkouts.

Everything in it can be fetched or built again, so it may be deleted at any
time when no stack is running. Whatever has its final name in it is complete:
it is written beside it and renamed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newswire.local.errors import LocalStackError, storage_error
from newswire.local.progress import Progress

SETTING = "NEWSWIRE_CACHE"


def cache_directory(chosen: str) -> Path:
    """Return the cache directory: the chosen one, or this user's; it need not exist. Raises LocalStackError."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):  # the XDG specification has a relative one ignored
        return Path(base) / "newswire"
    try:
        return Path.home() / ".cache" / "newswire"
    except RuntimeError as error:
        raise LocalStackError(f"This user has no home directory; set {SETTING} to a directory to cache in.") from error


@contextmanager
def locked(cache: Path, progress: Progress) -> Iterator[None]:
    """Hold the cache for writing: one process at a time; blocks until it is free.

    The kernel gives the lock back however the holder ends. Raises
    LocalStackError when the cache cannot be written or the disk is full,
    also for such an error of the body.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / "lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.say(f"another process is filling {cache}; waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise storage_error(error, cache, SETTING) from error


def require_space(directory: Path, needed: int) -> None:
    """Raise LocalStackError unless the disk of `directory` has `needed` bytes free."""
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise LocalStackError(
            f"The disk that holds {directory} has {free / 1e6:.0f} MB free and {needed / 1e6:.0f} MB are needed;"
            f" free some space there or set {SETTING} to a directory elsewhere."
        )
