"""The data directory of a stack: held by one process at a time, one directory in it for each engine."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from newswire.local.errors import LocalStackError, storage_error
from newswire.local.progress import Progress

SETTING = "--data (NEWSWIRE_DATA)"
# Below the first, the engines may fail while they start; below the second, articles soon will.
LEAST_SPACE = 250_000_000  # bytes
LITTLE_SPACE = 2_000_000_000  # bytes


def hold(data: Path) -> AbstractContextManager[object]:
    """Create the data directory and hold it until the returned handle is closed, or this process ends.

    Raises LocalStackError when another process holds it or it cannot be written.
    """
    try:
        (data / "logs").mkdir(parents=True, exist_ok=True)
        handle = (data / "stack.lock").open("a")
    except OSError as error:
        raise storage_error(error, data, SETTING) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise LocalStackError(
            f"Another local stack is running on {data}; stop it, or give another directory with {SETTING}."
        ) from error
    return handle


def check_space(data: Path, progress: Progress) -> None:
    """Raise LocalStackError when the disk is too full to start on, and tell when it nearly is."""
    free = shutil.disk_usage(data).free
    if free < LEAST_SPACE:
        raise LocalStackError(
            f"The disk that holds {data} has {free / 1e6:.0f} MB free and the engines need"
            f" {LEAST_SPACE / 1e6:.0f} MB to start; free some space there or give another directory with {SETTING}."
        )
    if free < LITTLE_SPACE:
        progress.say(f"the disk that holds {data} has only {free / 1e6:.0f} MB free; the engines fail when it is full")


@dataclass(frozen=True, slots=True)
class EngineDirectory:
    """The directory of one engine: `data` is kept, everything else is made anew at every start."""

    root: Path
    engine: str  # as a person writes it
    version: str

    @property
    def data(self) -> Path:
        """What the engine stores."""
        return self.root / "data"

    @property
    def config(self) -> Path:
        """The engine's configuration files."""
        return self.root / "config"

    @property
    def temporary(self) -> Path:
        """The engine's scratch space."""
        return self.root / "tmp"

    def prepare(self) -> None:
        """Make the directories; on return the version that now owns the data is on disk.

        Raises LocalStackError when the data was written by a version that this
        one does not read, or the directory cannot be written.
        """
        try:
            self._check_version()
            for directory in (self.config, self.temporary):
                shutil.rmtree(directory, ignore_errors=True)
            for directory in (self.data, self.config, self.temporary):
                directory.mkdir(parents=True, exist_ok=True)
            renewed = self._marker.with_suffix(".new")
            renewed.write_text(f"{self.version}\n", "ascii")
            renewed.replace(self._marker)
        except OSError as error:
            raise storage_error(error, self.root, SETTING) from error

    def configure(self, files: dict[str, str]) -> None:
        """Write configuration files by name. Raises LocalStackError."""
        try:
            for name, text in files.items():
                (self.config / name).write_text(text, "utf-8")
        except OSError as error:
            raise storage_error(error, self.root, SETTING) from error

    def remove(self) -> None:
        """Remove the directory and the data in it. Raises LocalStackError."""
        try:
            shutil.rmtree(self.root)
        except FileNotFoundError:
            return
        except OSError as error:
            raise LocalStackError(
                f"{error.filename or self.root} cannot be removed ({error.strerror}); remove {self.root} by hand."
            ) from error

    @property
    def _marker(self) -> Path:
        return self.root / "version"

    def _check_version(self) -> None:
        try:
            written_by = self._marker.read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return
        if not readable(written_by, self.version):
            raise LocalStackError(
                f"{self.root} holds data of {self.engine} {written_by}, which {self.engine} {self.version} does not"
                f" read; give another directory with {SETTING}, or start anew with --fresh, which removes that data."
            )


def readable(written_by: str, version: str) -> bool:
    """Whether an engine of `version` reads data of `written_by`: both engines read older data of their own major."""
    try:
        old, new = ([int(part) for part in text.split(".")] for text in (written_by, version))
    except ValueError:
        return False
    return old[0] == new[0] and old <= new
