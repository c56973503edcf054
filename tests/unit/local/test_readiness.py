import itertools
import sys
from pathlib import Path

import pytest

from newswire.local.errors import LocalStackError
from newswire.local.progress import progress_for
from newswire.local.readiness import await_ready
from newswire.local.supervise import Child


class Server:
    """An engine that is ready at the `ready_at`-th question; its program prints `output` and waits or ends."""

    name = "Server"
    address = "somewhere:1"

    def __init__(self, log: Path, program: str, ready_at: int) -> None:
        self.child = Child("server", [sys.executable, "-I", "-S", "-c", program], log)
        self._left = ready_at

    def is_ready(self) -> bool:
        self._left -= 1
        return self._left <= 0


WAITS = "import sys, time\nprint('warming up', flush=True)\ntime.sleep(600)"


def test_readiness_is_told_with_the_address(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", WAITS, ready_at=3)
    server.child.start()
    lines: list[str] = []
    await_ready([server], 30, progress_for(lines.append), sleep=lambda _seconds: None)
    assert server.child.stop() is not None
    assert len(lines) == 1
    assert lines[0].startswith("Server is ready at somewhere:1")


def test_an_engine_that_dies_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", "print('no such setting'); raise SystemExit(78)", ready_at=10**9)
    server.child.start()
    assert server.child.wait(30)
    with pytest.raises(LocalStackError, match=r"(?s)Server ended with status 78.*log.*no such setting"):
        await_ready([server], 30, progress_for(None))


def test_an_engine_that_is_too_slow_is_given_up(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", WAITS, ready_at=10**9)
    server.child.start()
    clock = itertools.count(step=10)
    with pytest.raises(LocalStackError, match=r"Server was not ready after 60 seconds"):
        await_ready([server], 60, progress_for(None), clock=lambda: next(clock), sleep=lambda _seconds: None)
    assert server.child.stop() is not None
