"""Where the system on this machine listens: noted under its data directory, and found by the commands beside it.

Ports may be any (``NEWSWIRE_KAFKA_PORT=0``), so somebody at another terminal cannot
know them. The note is good as long as its writer holds the lock on it: the kernel
lets go of that when the writer ends, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from newswire.settings import ServiceSettings, SettingsError, load

NAME: Final = "running.json"
# What the note may set, and no more: these say where to look, nothing of what to do there.
ADDRESSES: Final = ("NEWSWIRE_KAFKA", "NEWSWIRE_ELASTICSEARCH", "NEWSWIRE_SERVICES")


class Note:
    """The note of one running system, from the first ``write`` to ``close``."""

    def __init__(self, data: Path) -> None:
        self._file = data / NAME
        self._handle: BinaryIO | None = None

    def write(self, addresses: Mapping[str, str]) -> None:
        """Note ``addresses``, settings by name, instead of what was noted; whoever reads sees all or nothing of it.

        Raises OSError.
        """
        fresh = self._file.with_suffix(".new")
        # An address may hold a password.
        handle = os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.write(msgspec.json.encode(addresses))
        handle.flush()
        fresh.replace(self._file)
        if self._handle is not None:
            self._handle.close()
        self._handle = handle

    def close(self) -> None:
        """Take the note away; safe to repeat."""
        if self._handle is not None:
            self._file.unlink(missing_ok=True)
            self._handle.close()
            self._handle = None


def addresses(data: Path) -> dict[str, str]:
    """Those of the system that runs on ``data``, as settings by name; none where none runs."""
    try:
        with (data / NAME).open("rb") as handle:
            if not _is_held(handle.fileno()):
                return {}
            found = msgspec.json.decode(handle.read(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}
    return {name: found[name] for name in ADDRESSES if name in found}


@contextmanager
def joined() -> Iterator[None]:
    """Let the system that runs on ``NEWSWIRE_DATA`` say where it is, as far as the environment does not."""
    try:
        found = addresses(load(ServiceSettings).data)
    except SettingsError:
        found = {}  # the command explains it
    added = {name: value for name, value in found.items() if not os.environ.get(name, "").strip()}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
