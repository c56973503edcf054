"""Step 1: the bytes of one file, all of one moment, or what became of it instead.

A name in the inbox may be anything: a pipe that never ends, a link to a secret,
a file that grows under the reader. Nothing here blocks on one, follows one out,
or hands on bytes of two moments. Raises nothing: every way out is a ``Reading``.
"""

import errno
import os
import stat
from typing import NamedTuple

from newswire.dead_letter import ORIGINAL_CAP
from newswire.reasons import Reason

# A file that changes under every one of three readings is left to settle.
READINGS = 3

_GONE = (errno.ENOENT, errno.ENOTDIR)


class FileVersion(NamedTuple):
    """What the file system says of a file: the quick check whether it is still the one that was read."""

    dev: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileVersion":
        """The version in a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


class Contents(NamedTuple):
    """A whole file."""

    version: FileVersion
    data: bytes


class Unfit(NamedTuple):
    """A file that is refused unread; ``head`` is as much of it as a letter can carry."""

    version: FileVersion
    reason: Reason
    message: str
    head: bytes = b""


class Changing(NamedTuple):
    """A file that changes while it is read; look again later."""

    version: FileVersion


class Closed(NamedTuple):
    """A file that cannot be read, at least not yet: its owner may still be setting its permissions."""

    unfit: Unfit


class Gone(NamedTuple):
    """No such file any more."""


Reading = Contents | Unfit | Closed | Changing | Gone


def look(path: str) -> FileVersion | None:
    """The version of what lies at ``path`` now, without following a link; None where nothing does."""
    try:
        return FileVersion.of(os.lstat(path))
    except OSError:
        return None


def read_file(path: str, most: int) -> Reading:
    """Read the file at ``path`` if it has no more than ``most`` bytes.

    A file whose size or times differ before and after is read again, three times
    at most.
    """
    try:
        status = os.lstat(path)
    except OSError as error:
        return Gone() if error.errno in _GONE else Unfit(FileVersion(0, 0, 0, 0, 0), Reason.UNREADABLE, _why(error))
    version = FileVersion.of(status)
    if not stat.S_ISREG(status.st_mode):
        message = f"It is {_kind(status.st_mode)}, not a regular file; put the file itself into the inbox."
        return Unfit(version, Reason.NOT_REGULAR, message)
    try:
        # A name that became a link or a pipe since the line above is neither followed nor waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _GONE:
            return Gone()
        return Closed(Unfit(version, Reason.UNREADABLE, _why(error)))
    try:
        return _read(handle, version, most)
    except OSError as error:
        return Closed(Unfit(version, Reason.UNREADABLE, _why(error)))
    finally:
        os.close(handle)


def _read(handle: int, version: FileVersion, most: int) -> Reading:
    for _ in range(READINGS):
        before = os.fstat(handle)
        version = FileVersion.of(before)
        if not stat.S_ISREG(before.st_mode):
            return Changing(version)
        if version.size > most:
            message = f"It has {version.size:,} bytes and the limit is {most:,}; split it or raise the limit."
            return Unfit(version, Reason.TOO_LARGE, message, os.pread(handle, ORIGINAL_CAP, 0))
        data = _all(handle, version.size)
        if len(data) == version.size and FileVersion.of(os.fstat(handle)) == version:
            return Contents(version, data)
    return Changing(version)


def _all(handle: int, size: int) -> bytes:
    # One byte more than there should be tells of growth; the first read has everything but on strange file systems.
    data = os.pread(handle, size + 1, 0)
    while 0 < len(data) < size:
        more = os.pread(handle, size + 1 - len(data), len(data))
        if not more:
            break
        data += more
    return data


def _why(error: OSError) -> str:
    return f"It cannot be read ({error.strerror or error}); give the ingest service leave to read it and drop it again."


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "something else")
