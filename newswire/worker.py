"""Worker processes: a module of ours at the other end of a socket, which may be killed at any moment.

The service keeps a `Worker`, the module's process is in `serving`. What is said
between the two is theirs; but the first word of the process is `READY`.
"""

import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from newswire.launch import die_with_parent

READY = b"ready"
# What one side may say before the other listens: else who speaks waits for the other's thread, which may be busy. Linux
# gives less where its limit is lower (net.core.wmem_max), and that is twice as much as without asking.
UNHEARD = 1024 * 1024  # bytes


class WorkerStartError(RuntimeError):
    """A worker cannot be started, or ended before it was ready; its own words are on standard error."""


class Worker:
    """The process ``python -m MODULE FD PARENT ARGUMENT…`` and our end of its socket.

    The kernel ends it when the *thread* ends that made it. ``limit`` is how many seconds
    `send` waits for it to listen; without one it waits for ever.
    """

    def __init__(self, module: str, *arguments: str, limit: float = 0.0) -> None:
        """Raises WorkerStartError where the machine has no room for one more."""
        try:
            ours, theirs = socket.socketpair()
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNHEARD)
            seconds, rest = divmod(round(limit * 1e6), 1_000_000)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", seconds, rest))
            with ours, theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                    [sys.executable, "-m", module, str(theirs.fileno()), str(os.getpid()), *arguments],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                )
                self.socket = Connection(ours.detach())
        except OSError as error:
            raise WorkerStartError(f"A worker process cannot be started: {error.strerror or error}.") from error

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def wait_until_ready(self, limit: float) -> None:
        """Return when it is; raises WorkerStartError where it ends first, or takes more than ``limit`` seconds."""
        try:
            ready = self.socket.poll(limit) and self.socket.recv_bytes() == READY
        except (EOFError, OSError):
            ready = False
        if not ready:
            with suppress(subprocess.TimeoutExpired):  # so that the status is its own
                self._process.wait(1)
            self.end()
            raise WorkerStartError(f"A worker process ended at start with status {self._process.returncode}.")

    def send(self, data: bytes) -> None:
        """Say something to it; raises OSError where it is gone, TimeoutError where it does not listen: then end it."""
        try:
            self.socket.send_bytes(data)
        except BlockingIOError as error:
            raise TimeoutError("It does not listen.") from error

    def kill(self) -> None:
        """Kill it; it holds nothing that would be lost. May be called from any thread."""
        self._process.kill()

    def end(self) -> None:
        """Kill it and wait for its end."""
        self.socket.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def serving(fd: int, parent: int) -> Iterator[Connection]:
    """The process's side: the socket to the service ``parent``, with which it dies."""
    # Ctrl-C in a terminal reaches the whole group; the service decides when its processes end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        die_with_parent(parent)
    with Connection(fd) as service:
        yield service
