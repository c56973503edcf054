"""The bytes of one file, all of one moment, or what became of it instead.

A name in the inbox may be anything: a pipe that never ends, a link to a secret,
a file that grows under the reader. Nothing here blocks on one, follows one out,
or hands on bytes of two moments. Raises nothing: every way out is a ``Reading``.
"""

import errno
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from newswire.reasons import Reason

# A file that changes under every one of three readings is left to settle.
READINGS = 3

_GONE = (errno.ENOENT, errno.ENOTDIR)

# The ledger has signed numbers of 64 bits, and so much a reader's answer carries too.
_END = 2**63


class FileVersion(NamedTuple):
    """What the file system says of a file: the quick check whether it is still the one that was read.

    Made by ``of``, so that each number fits into signed 64 bits.
    """

    dev: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileVersion":
        """The version in a stat result; times before 1677 or after 2262 are the nearest in between.

        Inodes, which some file systems number beyond, go on from the lowest: two stay two.
        """
        dev, inode, mtime, ctime = status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns
        if dev < _END and inode < _END and -_END <= mtime < _END and -_END <= ctime < _END:
            return cls(dev, inode, status.st_size, mtime, ctime)
        return cls(_signed(dev), _signed(inode), status.st_size, _nearest(mtime), _nearest(ctime))


class Unfit(NamedTuple):
    """A file that is refused unread."""

    version: FileVersion
    reason: Reason
    message: str


class Changing(NamedTuple):
    """A file that changes while it is read; look again later."""

    version: FileVersion


class Closed(NamedTuple):
    """A file that cannot be read, at least not yet: its owner may still be setting its permissions."""

    unfit: Unfit


class Gone(NamedTuple):
    """No such file any more."""


class OpenFile:
    """A regular file that is open; its bytes are read from the beginning, in any number of pieces."""

    def __init__(self, handle: int, version: FileVersion) -> None:
        self.version = version
        self._handle = handle
        self._at = 0

    def __enter__(self) -> "OpenFile":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes from where the last call ended, none beyond the size the file was opened with."""
        left = self.version.size - self._at
        data = os.pread(self._handle, left if size < 0 else min(size, left), self._at) if left > 0 else b""
        self._at += len(data)
        return data

    def rewind(self) -> None:
        """Read from the beginning again."""
        self._at = 0

    def chunks(self, size: int) -> Iterator[bytes]:
        """What ``read`` has not read yet, piece by piece."""
        while data := self.read(size):
            yield data

    def beginning(self, size: int) -> bytes:
        """The first ``size`` bytes, wherever ``read`` is."""
        return os.pread(self._handle, size, 0)

    def whole(self) -> bytes | None:
        """All of it, of one moment; None where it changes under every one of three readings."""
        for _ in range(READINGS):
            data = _all(self._handle, self.version.size)
            if len(data) == self.version.size and not self.has_changed():
                return data
            self.version = FileVersion.of(os.fstat(self._handle))
        return None

    def has_changed(self) -> bool:
        """Whether its size or one of its times is no longer that of ``version``."""
        return FileVersion.of(os.fstat(self._handle)) != self.version

    def unreadable(self, error: OSError) -> Unfit:
        """It, after reading failed."""
        return Unfit(self.version, Reason.UNREADABLE, _why(error))


Opened = OpenFile | Unfit | Closed | Changing | Gone


def look(path: str) -> FileVersion | None:
    """The version of what lies at ``path`` now, without following a link; None where nothing does."""
    try:
        return FileVersion.of(os.lstat(path))
    except OSError:
        return None


def opened(path: str) -> Opened:
    """The file at ``path``, open; to be used as a context manager."""
    try:
        status = os.lstat(path)
    except OSError as error:
        return Gone() if error.errno in _GONE else Unfit(FileVersion(0, 0, 0, 0, 0), Reason.UNREADABLE, _why(error))
    if not stat.S_ISREG(status.st_mode):
        return _not_regular(status)
    try:
        # A name that became a link or a pipe since the line above is neither followed nor waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Gone() if error.errno in _GONE else Closed(Unfit(FileVersion.of(status), Reason.UNREADABLE, _why(error)))
    now = os.fstat(handle)
    if stat.S_ISREG(now.st_mode):
        return OpenFile(handle, FileVersion.of(now))
    os.close(handle)
    return Changing(FileVersion.of(status))


def _signed(number: int) -> int:
    return (number + _END) % (2 * _END) - _END


def _nearest(instant: int) -> int:
    return min(max(instant, -_END), _END - 1)


def _not_regular(status: os.stat_result) -> Unfit:
    message = f"It is {_kind(status.st_mode)}, not a regular file; put the file itself into the inbox."
    return Unfit(FileVersion.of(status), Reason.NOT_REGULAR, message)


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
