"""Files on their way back into an inbox, and the put-away files they may come from.

The paths are those of letters, and anybody may write a letter: whatever a path says,
nothing outside the directory is read or written, no link is followed and no file is
overwritten. Directories are entered one by one, each through the handle of the one
above, so that nobody can swap one for a link in between.
"""

import contextlib
import errno
import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from services.ingest.inbox import is_temporary

# What Linux takes: a name in bytes, and a whole path in bytes without the NUL that ends it.
LONGEST_NAME = 255  # bytes
LONGEST_PATH = 4095  # bytes
# An inbox has a directory for an agency and one for a day. Whoever writes letters is not to fill a disk with them.
DEEPEST = 100  # directories

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_IN_THE_WAY = (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)


class NotSafe(Exception):
    """The path leads out of its directory, through a link, or to what is no regular file; a sentence says which."""


class NoPath(Exception):
    """No file has such a path; a sentence says why. Nothing was made of it."""


class Occupied(Exception):
    """A file of that name is there already."""


def parts(root: Path, path: str) -> tuple[str, ...]:
    """The names in ``path`` below ``root``; raises NoPath, or NotSafe where it would lead out of ``root``."""
    try:
        length = len(os.fsencode(path))
        longest = max(len(os.fsencode(name)) for name in path.split("/"))
    except UnicodeEncodeError as error:
        raise NoPath("its path has half a character") from error
    room = LONGEST_PATH - len(os.fsencode(root)) - 1
    if length > room:
        raise NoPath(f"its path has {length:,} bytes, and {root} leaves room for {room:,}")
    if longest > LONGEST_NAME:
        raise NoPath(f"a name in its path has {longest:,} bytes, and a name has {LONGEST_NAME} at most")
    names = tuple(path.split("/"))
    if len(names) > DEEPEST + 1:
        raise NoPath(f"its path has {len(names) - 1:,} directories, more than {DEEPEST}")
    if not path or "\0" in path or PurePosixPath(path).is_absolute() or any(one in ("", ".", "..") for one in names):
        raise NotSafe(f"the path {path!r} leads out of its directory")
    return names


def read_below(root: Path, path: str, most: int) -> bytes:
    """The regular file at ``path`` below ``root``, of ``most`` bytes at most.

    Raises NoPath, NotSafe, FileNotFoundError or another OSError.
    """
    *directories, name = parts(root, path)
    with _entered(root, directories, make=False) as directory:
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
        except OSError as error:
            if error.errno in _IN_THE_WAY:
                raise NotSafe(f"{path!r} is a link") from error
            raise
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise NotSafe(f"{path!r} is no regular file")
            data = file.read(most + 1)
            if len(data) > most:
                raise NotSafe(f"{path!r} has more than {most:,} bytes")
            return data


def put_back(inbox: Path, path: str, data: bytes) -> None:
    """Write ``data`` to the free place ``path`` below ``inbox``, as a careful program drops a file.

    1. written under a temporary name, which ingest leaves alone, and synced
    2. linked to its name, which fails where the name is taken
    3. unlinked from the temporary one
    4. opened for writing and closed: the event by which a watcher knows a whole file

    The file is durable when this returns. Directories are made where missing. Raises
    NoPath, NotSafe, Occupied, or OSError.
    """
    *directories, name = parts(inbox, path)
    if any(map(is_temporary, (*directories, name))):
        raise NotSafe(f"ingest takes nothing of the name {path!r}")
    with _entered(inbox, directories, make=True) as directory:
        temporary = f".{uuid.uuid4().hex}.tmp"
        # 1
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=directory)
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            # 2
            os.link(temporary, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
        except FileExistsError:
            raise Occupied from None
        finally:
            # 3
            os.unlink(temporary, dir_fd=directory)
        # 4: ingest may have taken it already
        with contextlib.suppress(OSError):
            os.close(os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory))
        os.fsync(directory)


@contextlib.contextmanager
def _entered(root: Path, directories: list[str], *, make: bool) -> Iterator[int]:
    """A handle on the directory that ``directories`` lead to below ``root``, which may itself be a link."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in directories:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, dir_fd=handle)
            try:
                inner = os.open(name, _DIRECTORY, dir_fd=handle)
            except OSError as error:
                if error.errno in _IN_THE_WAY:
                    raise NotSafe(f"{name!r} is a link, or no directory") from error
                raise
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)
