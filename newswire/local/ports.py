"""Ports on the loopback interface: free ones, and a clear word about the one that is taken."""

from __future__ import annotations

import errno
import os
import random
import socket
from contextlib import suppress
from pathlib import Path

from newswire.local.errors import LocalStackError

LOOPBACK = "127.0.0.1"
# Below the range from which Linux takes the near end of outgoing connections, so that no client of ours
# sits down on a port between the moment it is found free and the moment the engine binds it.
FREE_RANGE = range(20_000, 32_768)
ATTEMPTS = 200
# The state LISTEN in /proc/net/tcp.
LISTEN = "0A"

_given_out: set[int] = set()


def free_port() -> int:
    """Return a port that nobody listens on now; never the same one twice in this process."""
    for _ in range(ATTEMPTS):
        port = random.choice(FREE_RANGE)  # noqa: S311 - no secret
        if port not in _given_out and _bind_error(port) is None:
            _given_out.add(port)
            return port
    raise LocalStackError(
        f"No free port was found from {FREE_RANGE.start} to {FREE_RANGE.stop - 1}; stop some servers."
    )


def claim(port: int, engine: str, setting: str) -> int:
    """Return `port` if it can be listened on, a free one for 0. Raises LocalStackError, which names the holder."""
    if port == 0:
        return free_port()
    error = _bind_error(port)
    if error is None:
        return port
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(port)
        raise LocalStackError(
            f"Port {port}, on which {engine} should listen, is taken by {holder or 'another process'};"
            f" stop it, or set {setting} to another port (0 takes a free one)."
        )
    raise LocalStackError(
        f"{engine} cannot listen on port {port} ({error.strerror or error}); set {setting} to another port"
        " (0 takes a free one)."
    )


def holder_of(port: int) -> str | None:
    """Return name and process id of who listens on `port`; None where this user may not see it."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return None
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and _holds(process, sockets):
            with suppress(OSError):
                return f"{(process / 'comm').read_text('utf-8', 'replace').strip()} (process {process.name})"
    return None


def _bind_error(port: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the engines do: connections that are still closing do not count, listeners do.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(fields[9])
    return inodes


def _holds(process: Path, sockets: set[str]) -> bool:
    try:
        descriptors = list((process / "fd").iterdir())
    except OSError:
        return False  # another user's process, or one that just ended
    for descriptor in descriptors:
        with suppress(OSError):
            if os.readlink(descriptor) in sockets:
                return True
    return False
