"""Programs that run beside this process and end with it.

A `Child` lives in a session of its own, so that Ctrl-C in the terminal
reaches this process only, which then orders the shutdown. It is killed by the
kernel when this process dies, however it dies (`newswire.launch`).
When a child ends, whatever it left in its process group is killed as well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from newswire import launch
from newswire.logging import printable

LAUNCHER = Path(launch.__file__)
# A log that has grown beyond this is put aside when its program starts again; one old log is kept.
LOG_LIMIT = 10_000_000  # bytes
# What `tail` reads from the end of a log: more than enough for the lines a person wants to see.
TAIL_WINDOW = 65_536  # bytes
TAIL_WIDTH = 400  # characters of a line
POLL = 0.02  # seconds between looks at an ending child; short beside what the ending takes
# Engines take a second or two, services finish what is in flight.
GRACE = 8.0  # seconds


class Child:
    """One program, started with `start`, with its output appended to `log_file`.

    `argv[0]` is the path of the program. `env` replaces this process's
    environment when given. `stdin` is written to the program's standard input,
    which then stays open for as long as this process lives; without it the
    program reads an empty file. `identity` is one of `newswire.launch`.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log_file: Path,
        env: Mapping[str, str] | None = None,
        *,
        directory: Path | None = None,
        stdin: bytes | None = None,
        identity: str | None = None,
    ) -> None:
        self.name = name
        self.log_file = log_file
        self._argv = list(argv)
        self._env = None if env is None else dict(env)
        self._directory = directory
        self._stdin = stdin
        self._identity = identity
        self._process: subprocess.Popen[bytes] | None = None
        self._reaping = threading.Lock()

    def start(self) -> None:
        """Start the program, again if it has ended; returns at once.

        From the main thread only: the kernel ties the child to the thread that
        made it. Raises OSError when the log cannot be opened. A program that
        cannot be executed shows as a child that ended with status 127.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{self.name} has to be started from the main thread: it dies with the thread")
        if self.alive:
            raise RuntimeError(f"{self.name} is running")
        with self._open_log() as log:
            self._process = subprocess.Popen(  # noqa: S603 - the caller's program, without a shell
                launch_command(self._argv, self._identity),
                stdin=subprocess.DEVNULL if self._stdin is None else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._directory,
                start_new_session=True,
            )
        if self._stdin is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):  # it ended already; `alive` says so
                self._process.stdin.write(self._stdin)
                self._process.stdin.flush()

    @property
    def pid(self) -> int | None:
        """Process id since the last start, also after the end; None before the first."""
        return None if self._process is None else self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the program is running now."""
        return self._process is not None and self.returncode is None

    @property
    def returncode(self) -> int | None:
        """Exit status, minus the signal's number if one ended it; None while it runs and before `start`."""
        process = self._process
        if process is None:
            return None
        with self._reaping:
            if process.returncode is None and _has_ended(process.pid):
                # The dead child still holds its number, so the group cannot be anybody else's.
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if process.stdin is not None:
                    with suppress(BrokenPipeError):
                        process.stdin.close()
        return process.returncode

    def terminate(self) -> None:
        """Ask the program to end (SIGTERM); returns at once."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program and its process group without asking (SIGKILL); returns at once."""
        self._signal(signal.SIGKILL)

    def stop(self, grace: float = GRACE) -> int | None:
        """Ask the program to end, kill it after `grace` seconds; blocks until it has ended. Returns its exit status."""
        stop_all([self], grace)
        return self.returncode

    def wait(self, timeout: float) -> bool:
        """Block until the program has ended, at most `timeout` seconds; returns whether it has."""
        deadline = time.monotonic() + timeout
        while self.alive:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL)
        return True

    def tail(self, lines: int = 20) -> list[str]:
        """Return the last lines of the log, harmless to print: no control characters, no endless lines."""
        try:
            with self.log_file.open("rb") as handle:
                handle.seek(max(0, handle.seek(0, os.SEEK_END) - TAIL_WINDOW))
                text = handle.read().decode("utf-8", "replace")
        except OSError:
            return []
        return [printable(line.expandtabs())[:TAIL_WIDTH] for line in text.splitlines() if line.strip()][-lines:]

    def _open_log(self) -> IO[bytes]:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if self.log_file.stat().st_size > LOG_LIMIT:
                self.log_file.replace(self.log_file.with_suffix(self.log_file.suffix + ".1"))
        return self.log_file.open("ab")

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None or not self.alive:
            return
        with suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGKILL:
                os.killpg(self._process.pid, number)
            else:
                os.kill(self._process.pid, number)


def launch_command(argv: Sequence[str], identity: str | None = None) -> list[str]:
    """Return the command that runs `argv` bound to the life of this process."""
    as_whom = [] if identity is None else ["--identity", identity]
    return [sys.executable, "-I", "-S", str(LAUNCHER), "--parent", str(os.getpid()), *as_whom, "--", *argv]


def stop_all(children: Iterable[Child], grace: float = GRACE) -> None:
    """Stop children side by side: ask all, wait at most `grace` seconds for all together, kill the rest."""
    running = [child for child in children if child.alive]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + grace
    for child in running:
        if not child.wait(max(0.0, deadline - time.monotonic())):
            child.kill()
    for child in running:
        child.wait(GRACE)


def _has_ended(pid: int) -> bool:
    """Look whether this child has ended, without taking its exit status away."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True  # somebody else took the status; `wait` then reports 0
