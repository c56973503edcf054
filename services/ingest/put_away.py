"""Step 6: a finished file leaves the inbox, for ``processed/<day>/`` or ``rejected/<day>/`` under the data directory.

Or it stays where it is, or is deleted, where that is its place in the ledger.
Called only after the ledger row is committed, so a crash in between does it again
on the next start. Atomic on one file system; across file systems files are copied, synced,
renamed, then removed, many together. Never overwrites: a taken name gets the first 8 digits of the
content hash, and a number where that is taken too. What is refused again on the day
on which it was refused before lies there once. Never takes away what was not
read: it is renamed first and looked at then, and goes back where it is another.
"""

import contextlib
import errno
import hashlib
import itertools
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from newswire.reasons import Reason
from services.ingest.durable import sync
from services.ingest.read import FileVersion, look

LONGEST_NAME = 255  # bytes, on every file system in use
LONGEST_PATH = 4095  # bytes, without the one that ends it
# Directories between that of the day and a file; beyond any archive, and each costs `os.makedirs` a call within a call.
DEEPEST = 100
LONGEST_SUFFIX = 20  # characters; what is longer was no suffix
REASON_SUFFIX = ".reason.json"
# What is longer is not compared with what lies under its name, which takes 30 ms for so many bytes.
LONGEST_COMPARED = 64 * 1024 * 1024  # bytes

# What is copied and synced at a time; 0.1 s of a slow disk.
PIECE = 8 * 1024 * 1024  # bytes
SYNCED = 8  # files that the disk is asked for at once

# The place of a file that is deleted. That of one that stays is its path: absolute, as the others are not.
DELETED = "deleted"


class Finished(StrEnum):
    """What happens to a file that is done with."""

    MOVE = "move"
    DELETE = "delete"
    KEEP = "keep"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What ``<name>.reason.json`` says: of a rejected file, or of refused records in a processed one."""

    reason: Reason
    message: str
    path: str
    record: int | None = None
    member: str | None = None
    at: str
    detail: str | None = None


class Move(NamedTuple):
    """A file, which is ``version``, on its way to a place."""

    path: str
    version: FileVersion
    where: str


class Shelf:
    """The put-away directories under ``data``; nobody else writes there.

    ``between`` is called between two files that have to be copied, and two pieces of one; what it
    raises ends that, and the files stay.
    """

    def __init__(self, data: Path, between: Callable[[], object] = lambda: None) -> None:
        self._data = str(data)
        self._between = between
        self._made: set[str] = set()

    def plan(
        self,
        kind: str,
        day: str,
        relative: str,
        sha256: str,
        taken: Callable[[str], bool],
        *,
        noted: bool,
        size: int | None = None,
    ) -> str:
        """A free place for the file ``relative``, relative to the data directory.

        ``relative`` is its path as messages carry it, so that a letter's path is the
        file's: a name whose bytes are no text lies there percent-encoded.
        ``kind`` is ``processed`` or ``rejected``; ``taken`` says which places other
        files will get; ``noted`` where there will be a note beside it. Where ``size``
        is given, the place of a file of the same bytes will do. Makes the directory;
        raises OSError where it cannot.
        """
        directory, _, name = relative.rpartition("/")
        place = f"{kind}/{day}/{directory}" if directory else f"{kind}/{day}"
        try:
            self._make(place)
        except OSError as error:
            # A file of that name lies there already, or it lies too deep: its hash stands for its directory.
            if error.errno not in (errno.EEXIST, errno.ENOTDIR, errno.ENAMETOOLONG):
                raise
            place = os.path.join(kind, day, sha256[:8])
            self._make(place)
        where = f"{place}/{name}"
        if not noted and len(name) * 4 <= LONGEST_NAME and self._is_free(where, taken):
            return where
        stem, suffix = os.path.splitext(name)
        if len(suffix) > LONGEST_SUFFIX:
            stem, suffix = name, ""
        endings = itertools.chain(("", f".{sha256[:8]}"), (f".{sha256[:8]}-{number}" for number in itertools.count(2)))
        for ending in endings:
            where = f"{place}/{_fitting(stem, ending + suffix)}"
            if size is not None and not taken(where) and self._holds(where, sha256, size):
                return where
            if self._is_free(where, taken) and (not noted or self._is_free(note_place(where), taken)):
                return where
        raise AssertionError("the numbers have no end")

    def _is_free(self, where: str, taken: Callable[[str], bool]) -> bool:
        # Not `os.path.lexists`, which makes an exception for each place that is free.
        return not taken(where) and not os.access(f"{self._data}/{where}", os.F_OK, follow_symlinks=False)

    def _holds(self, where: str, sha256: str, size: int) -> bool:
        """Whether these very bytes lie at ``where``."""
        path = f"{self._data}/{where}"
        found = look(path)
        if found is None or found.size != size or size > LONGEST_COMPARED or not os.path.isfile(path):
            return False
        try:
            with open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:  # then it gets a name of its own
            return False

    def explain(self, where: str, notes: list[Note]) -> None:
        """Write the reasons beside the place ``where``, before the file is there; raises OSError."""
        target, unfinished = f"{self._data}/{note_place(where)}", self._unfinished(note_place(where))
        content = notes[0] if len(notes) == 1 else notes
        text = msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
        try:
            Path(unfinished).write_bytes(text)
        except FileNotFoundError:  # somebody tidied the directory away
            os.makedirs(os.path.dirname(target), exist_ok=True)
            Path(unfinished).write_bytes(text)
        os.replace(unfinished, target)

    def move(self, path: str, version: FileVersion, where: str, *, noted: bool = False) -> str | None:
        """Bring the file at ``path`` to its place; returns where it is: "" where it is not ``version`` any more.

        None where the place is on another file system: then it is to be copied.

        The place is free, or (where it is ``noted``) holds the same bytes: then these stay, with the time of the
        file, by which ``after_kill`` knows that it was here. Raises OSError when the
        target is full or read-only; the file stays. A file that was written again stays, or
        goes back under its name.
        """
        if where.startswith("/"):
            return where
        target = f"{self._data}/{where}"
        if where == DELETED or (noted and self._is_there(target, version)):
            return where if _remove(path, version) else ""
        try:
            self._rename(path, target)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return None
            if look(path) is None:
                return ""
            raise
        moved = look(target)
        return where if moved is None or _same(moved, version) or not _put_back(target, path) else ""

    def _is_there(self, target: str, version: FileVersion) -> bool:
        """Whether the bytes of ``version`` lie at its place already; then they get its time."""
        if not os.path.lexists(target) or os.lstat(target).st_size != version.size:
            return False
        with contextlib.suppress(PermissionError):  # another user put it there
            os.utime(target, ns=(version.mtime_ns, version.mtime_ns), follow_symlinks=False)
        return True

    def after_kill(self, path: str, version: FileVersion, where: str) -> str:
        """Where a file is that is not at ``path`` any more and was on its way to ``where``; "" for nowhere.

        A move that was cut short is brought to its end. Raises OSError.
        """
        if not where or os.path.isabs(where):
            return ""
        target = _hidden(path) if where == DELETED else os.path.join(self._data, where)
        found = look(target)
        if found is None:
            return DELETED if where == DELETED else ""
        # A copy was compared before it got its name; its file system may keep times less exactly.
        if found.size != version.size or (found.mtime_ns != version.mtime_ns and not _are_apart(target, path)):
            try:
                _put_back(target, path)
            except OSError as error:
                # Its directory is gone, or it was put there from another file system.
                if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EXDEV):
                    raise
            return ""
        if where == DELETED:
            os.unlink(target)
        return where

    def _rename(self, path: str, target: str) -> None:
        try:
            os.rename(path, target)
        except FileNotFoundError:
            # Either the file is gone, or somebody tidied the target's directory away.
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(path, target)

    def copy(self, moves: Sequence[Move]) -> list[str | OSError]:
        """Bring files to places on another file system; returns for each where it is, as `move` does, or why it stays.

        A socket or device is ``DELETED``, as it holds nothing that could be kept. Raises what ``between`` raises; of
        those that are not at their places by then nothing is left there.
        """
        results: list[str | OSError] = [""] * len(moves)
        copies: dict[int, str] = {}
        try:
            for number, move in enumerate(moves):
                copies[number] = unfinished = self._unfinished(move.where)
                try:
                    if not self._duplicate(move.path, unfinished):
                        results[number] = DELETED if _remove(move.path, move.version) else ""
                        del copies[number]
                except OSError as error:
                    results[number] = "" if look(move.path) is None else error
                    _unlink(copies.pop(number))
                self._between()
            synced = _all_synced(list(copies.values()), self._between)
            for number, failed in zip(list(copies), synced, strict=True):
                if failed:
                    results[number] = failed
                    _unlink(copies.pop(number))
            for number in list(copies):
                move = moves[number]
                now = look(move.path)
                if now is None or not _same(now, move.version):
                    _unlink(copies.pop(number))
            self._give_names(moves, copies, results)
        except BaseException:
            for unfinished in copies.values():
                _unlink(unfinished)
            raise
        return results

    def _give_names(self, moves: Sequence[Move], copies: dict[int, str], results: list[str | OSError]) -> None:
        """Put copies that are on disk at their places, and remove what they are copies of."""
        folders: dict[str, list[int]] = {}
        for number, unfinished in copies.items():
            try:
                os.rename(unfinished, f"{self._data}/{moves[number].where}")
            except OSError as error:
                results[number] = error
                _unlink(unfinished)
            else:
                folders.setdefault(os.path.dirname(unfinished), []).append(number)
        for folder, numbers in folders.items():
            failed = _sync(folder)
            for number in numbers:
                try:
                    if failed:
                        raise failed
                    _remove(moves[number].path, moves[number].version)
                    results[number] = moves[number].where
                except OSError as error:
                    results[number] = error

    def _unfinished(self, where: str) -> str:
        """What a copy or a note for the place ``where`` is called until it is whole."""
        folder, name = os.path.split(f"{self._data}/{where}")
        return os.path.join(folder, _fitting("." + name, ".tmp"))

    def _duplicate(self, path: str, unfinished: str) -> bool:
        """Make ``unfinished`` what the file at ``path`` is; False where nothing can be like it. Raises OSError."""
        status = os.lstat(path)
        _unlink(unfinished)
        if stat.S_ISREG(status.st_mode):
            self._copy_bytes(path, unfinished)
            shutil.copystat(path, unfinished, follow_symlinks=False)
        elif stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(path), unfinished)
        elif stat.S_ISFIFO(status.st_mode):
            os.mkfifo(unfinished)
        else:
            return False
        return True

    def _copy_bytes(self, path: str, target: str) -> None:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as source, open(target, "wb") as copy:
            piece = source.read(PIECE)
            while piece:
                copy.write(piece)
                piece = source.read(PIECE)
                if piece:
                    # Or the last piece would have all of them to sync.
                    copy.flush()
                    os.fsync(copy.fileno())
                    self._between()

    def _make(self, place: str) -> None:
        """Make the directory ``place``; raises OSError, ENAMETOOLONG where it were no place for every name."""
        if place not in self._made:
            path = os.path.join(self._data, place)
            if place.count("/") - 1 > DEEPEST or len(os.fsencode(path)) + len("/") + LONGEST_NAME > LONGEST_PATH:
                raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), path)
            os.makedirs(path, exist_ok=True)
            self._made.add(place)


def _all_synced(paths: Sequence[str], between: Callable[[], object]) -> Iterator[OSError | None]:
    """Have what lies at ``paths`` on disk; for each why it is not. A disk that is asked for many does it together."""
    pool = ThreadPoolExecutor(SYNCED)
    try:
        results = pool.map(_sync, paths)
    except RuntimeError:  # no thread is to be had
        results = map(_sync, paths)
    try:
        for result in results:
            yield result
            between()
    finally:
        pool.shutdown(cancel_futures=True)


def _sync(path: str) -> OSError | None:
    """Have what lies at ``path`` on disk, where that can be asked for; returns why it is not."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # not what a link leads to, which is somebody else's
            sync(path)
    except OSError as error:
        return error
    return None


def _unlink(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def note_place(where: str) -> str:
    """Where the note on the file at ``where`` lies."""
    folder, name = os.path.split(where)
    return os.path.join(folder, _fitting(name, REASON_SUFFIX))


def _remove(path: str, version: FileVersion) -> bool:
    """Delete the file at ``path`` if it is ``version``; False where it is another, which stays. Raises OSError."""
    hidden = _hidden(path)
    try:
        os.rename(path, hidden)
    except FileNotFoundError:
        return False
    found = look(hidden)
    if found is not None and not _same(found, version) and _put_back(hidden, path):
        return False
    os.unlink(hidden)
    return True


def _put_back(target: str, path: str) -> bool:
    """Give what lies at ``target`` its name ``path`` back; False where something newer has that name already.

    By a link, which unlike a rename overwrites nothing that comes in this very moment.
    """
    try:
        os.link(target, path, follow_symlinks=False)
    except FileExistsError:
        if look(path) != look(target):  # else it was killed between its two names
            return False
    except OSError:  # this file system has no links
        if os.path.lexists(path):
            return False
        os.rename(target, path)
        return True
    os.unlink(target)
    _show(path)
    return True


def _show(path: str) -> None:
    """Have the watcher hear of the file at ``path``: a link alone looks like one that is still being written."""
    with contextlib.suppress(OSError):
        if stat.S_ISREG(os.lstat(path).st_mode):
            os.close(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))


def _are_apart(one: str, other: str) -> bool:
    """Whether the directories of two files are on different file systems; False where one of them is gone."""
    try:
        return os.stat(os.path.dirname(one)).st_dev != os.stat(os.path.dirname(other)).st_dev
    except OSError:
        return False


def _hidden(path: str) -> str:
    """What the file at ``path`` is called in the moment before it is deleted: a name that nobody reads."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}.newswire")


def _same(now: FileVersion, then: FileVersion) -> bool:
    """A move changes ctime, so it is not compared."""
    return now[:4] == then[:4]


def _fitting(stem: str, ending: str) -> str:
    """``stem + ending``; a stem that is too long is cut and gets a hash of what it was."""
    raw, room = stem.encode(), LONGEST_NAME - len(ending.encode())
    if len(raw) > room:
        digest = hashlib.sha256(raw).hexdigest()[:8]
        stem = f"{raw[: room - 9].decode(errors='ignore')}~{digest}"
    return stem + ending
