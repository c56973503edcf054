"""Children: their output, their end, and what they leave behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newswire.local import supervise
from newswire.local.supervise import Child, stop_all

DEADLINE = 20.0  # seconds; a loaded machine is slow, a broken program never gets there
FOREVER = "import time\nwhile True: time.sleep(60)"


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + DEADLINE
    tick = threading.Event()
    while time.monotonic() < end:
        if condition():
            return True
        tick.wait(0.01)
    return False


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def python(source: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", source]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(source: str, **options: object) -> Child:
        made.append(Child("it", python(source), tmp_path / "logs" / f"{len(made)}.log", **options))  # type: ignore[arg-type]
        made[-1].start()
        return made[-1]

    yield make
    stop_all(made, grace=0)


def said(child: Child, word: str) -> Callable[[], bool]:
    return lambda: any(word in line for line in child.tail())


def test_a_child_runs_with_its_environment_and_its_output_is_kept(child: Callable[..., Child]) -> None:
    it = child("import os; print('word', os.environ['WORD'], len(os.environ) < 5)", env={"WORD": "wire"})
    assert it.wait(DEADLINE)
    assert it.returncode == 0
    assert it.tail() == ["word wire True"]


def test_a_child_that_ends_says_how(child: Callable[..., Child]) -> None:
    it = child("raise SystemExit(3)")
    assert until(lambda: not it.alive)
    assert it.returncode == 3


def test_a_program_that_does_not_exist_is_a_child_that_ended(tmp_path: Path) -> None:
    it = Child("it", ["/nowhere/at-all"], tmp_path / "it.log")
    it.start()
    assert it.wait(DEADLINE)
    assert it.returncode == 127
    assert "No such file" in it.tail()[-1]


def test_stop_asks_first(child: Callable[..., Child]) -> None:
    it = child(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('flushed', flush=True), sys.exit(0)))\n"
        "print('up', flush=True)\nwhile True: time.sleep(60)"
    )
    assert until(said(it, "up"))
    assert it.stop() == 0
    assert it.tail()[-1] == "flushed"


def test_stop_kills_after_the_grace_period(child: Callable[..., Child]) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\n" + FOREVER
    it = child(deaf)
    assert until(said(it, "up"))
    assert it.stop(grace=0.1) == -signal.SIGKILL


def test_two_children_share_one_grace_period(child: Callable[..., Child]) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\n" + FOREVER
    pair = [child(deaf), child(deaf)]
    assert until(lambda: all(said(it, "up")() for it in pair))
    begun = time.monotonic()
    stop_all(pair, grace=4.0)
    assert 4.0 <= time.monotonic() - begun < 7.5
    assert not any(it.alive for it in pair)


def test_what_a_child_leaves_behind_goes_with_it(child: Callable[..., Child]) -> None:
    it = child(
        "import subprocess, sys\n"
        f"print(subprocess.Popen([sys.executable, '-c', {FOREVER!r}]).pid, flush=True)\nraise SystemExit(1)"
    )
    assert until(lambda: not it.alive)
    left = int(it.tail()[0])
    assert until(lambda: not running(left))


def test_a_child_has_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it(child: Callable[..., Child]) -> None:
    it = child(FOREVER)
    assert it.pid is not None
    assert os.getsid(it.pid) == it.pid != os.getsid(0)


def test_standard_input_stays_open_after_what_was_written(child: Callable[..., Child]) -> None:
    it = child(
        "import sys\nprint(sys.stdin.read(4), flush=True)\nsys.stdin.read()\nprint('end', flush=True)", stdin=b"args"
    )
    assert until(said(it, "args"))
    assert it.alive
    assert not said(it, "end")()


def test_a_child_can_be_started_again_and_its_log_goes_on(child: Callable[..., Child]) -> None:
    it = child("print('once')")
    assert it.wait(DEADLINE)
    it.start()
    assert it.wait(DEADLINE)
    assert it.tail() == ["once", "once"]


def test_a_long_log_is_put_aside_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LOG_LIMIT", 10)
    log = tmp_path / "it.log"
    log.write_text("a line of the last run\n")
    it = Child("it", python("print('now')"), log)
    it.start()
    assert it.wait(DEADLINE)
    assert it.tail() == ["now"]
    assert (tmp_path / "it.log.1").read_text() == "a line of the last run\n"


def test_the_tail_is_safe_to_print(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    log.write_bytes(b"first\n\x1b]0;title\x07 \x1b[31mred\x1b[0m \xff\r\n\n" + b"x" * 10_000 + b"\n")
    last, long = Child("it", ["true"], log).tail(2)
    assert last.isprintable()
    assert "\x1b" not in last
    assert len(long) == supervise.TAIL_WIDTH


def test_there_is_no_tail_before_the_first_start(tmp_path: Path) -> None:
    it = Child("it", ["true"], tmp_path / "it.log")
    assert (it.tail(), it.alive, it.returncode, it.pid) == ([], False, None, None)
    assert it.stop() is None


def test_a_child_is_refused_outside_the_main_thread(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Child("it", python(FOREVER), tmp_path / "it.log").start()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])


PARENT = """
import sys
from pathlib import Path
from newswire.local.supervise import Child
child = Child("it", sys.argv[2:], Path(sys.argv[1]))
child.start()
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "it.log"), *python(FOREVER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert running(pid)
        parent.kill()
    assert until(lambda: not running(pid))


def test_a_child_whose_parent_is_gone_already_does_not_start() -> None:
    launcher = [sys.executable, "-I", "-S", str(supervise.LAUNCHER), "--parent", "1", "--"]
    done = subprocess.run([*launcher, *python("print('started')")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (127, "")
