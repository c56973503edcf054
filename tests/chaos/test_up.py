"""``newswire up`` as a person uses it, and leaves it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FREE = {
    f"NEWSWIRE_{name}_PORT": "0" for name in ("KAFKA", "ELASTICSEARCH", "INGEST", "ENRICH", "INDEX")
}  # so that these tests disturb nobody


class Up:
    """One ``newswire up``, with everything it starts."""

    def __init__(self, place: Path, **settings: str) -> None:
        self.place = place
        environ = os.environ | FREE | settings
        command = [sys.executable, "-m", "newswire", "up", "--inbox", "inbox", "--data", "data"]
        self.log = place / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=place, env=environ, stdout=log, stderr=log, start_new_session=True
            )

    def said(self, text: str) -> bool:
        return text in self.log.read_text()

    def running(self) -> set[int]:
        """Every process below it at this moment."""
        found = [self.process.pid]
        for parent in found:
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                try:
                    found += [int(child) for child in children.read_text().split()]
                except OSError:
                    continue  # it ended while we looked
        return set(found[1:])

    def until(self, condition: Callable[[], object], limit: float = 120.0) -> None:
        deadline = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.02)

    def kill(self, number: signal.Signals) -> int:
        os.kill(self.process.pid, number)
        return self.process.wait(60)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_stops_everything_and_the_next_run_has_the_data(tmp_path: Path) -> None:
    first = Up(tmp_path)
    first.until(lambda: first.said("Ctrl-C stops everything"))
    (tmp_path / "inbox" / "note.txt").write_text("A note from Lviv\n\nTwo people were injured in a fire in Lviv.\n")
    first.until(lambda: list((tmp_path / "data" / "processed").rglob("note.txt")))
    first.until(lambda: _found(first, "Lviv") == 1)
    status = _asked(first, "status")
    assert first.said(f"Kafka {status['kafka']}, Elasticsearch {status['elasticsearch']}")
    assert all(first.said(f"metrics at {stage['address']}/metrics") for stage in status["stages"])
    assert [stage["ready"] for stage in status["stages"]] == [True, True, True]
    children = first.running()
    assert len(children) >= 7  # two engines, three services, two enrichment processes
    assert first.kill(signal.SIGINT) == 0
    assert not any(map(alive, children))

    second = Up(tmp_path)
    second.until(lambda: second.said("Ctrl-C stops everything"))
    assert _found(second, "Lviv") == 1
    children = second.running()
    # However it dies: nothing is left holding a port.
    second.kill(signal.SIGKILL)
    second.until(lambda: not any(map(alive, children)), limit=20)


def test_ctrl_c_while_it_starts_stops_everything(tmp_path: Path) -> None:
    up = Up(tmp_path)
    up.until(lambda: len(up.running()) >= 2)
    children = up.running()
    assert up.kill(signal.SIGINT) == 0
    assert not any(map(alive, children | up.running()))


def test_a_port_that_is_taken_is_named_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = Up(tmp_path, NEWSWIRE_KAFKA_PORT=str(port))
        assert up.process.wait(60) == 1
    last = up.log.read_text().strip().splitlines()[-1]
    assert last.startswith("newswire: ")
    assert str(port) in last
    assert "NEWSWIRE_KAFKA_PORT" in last


def _found(up: Up, word: str) -> int:
    return int(_asked(up, "search", word)["total"]["articles"])


def _asked(up: Up, *command: str) -> Any:
    """What a command says at another terminal that was told no address: where the data is, is enough."""
    arguments = [sys.executable, "-m", "newswire", *command, "--json"]
    answer = subprocess.run(arguments, cwd=up.place, capture_output=True, check=True, timeout=60)
    return json.loads(answer.stdout)
