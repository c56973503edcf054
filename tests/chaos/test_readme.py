"""Every command of the README is run, as it stands there, in a copy of the repository."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from newswire.local.ports import free_port

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# `make test` is what runs this. A container engine is not to be had everywhere: docker-compose.yml and the image are
# checked by tests/unit/deploy, and with Compose itself by `make compose-check`.
ELSEWHERE = {"make test", "docker compose up --build --detach"}
SERVERS = {"make up"}


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    return [line for block in BLOCK.findall(text) for line in block.splitlines()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("clone") / "newswire"
    left_out = {str(ROOT / name) for name in (".git", ".venv", "data", "inbox")}
    shutil.copytree(
        ROOT, place, ignore=lambda folder, names: [name for name in names if str(Path(folder, name)) in left_out]
    )
    (place / ".venv").symlink_to(ROOT / ".venv")
    return place


@pytest.fixture(scope="module")
def environ() -> Mapping[str, str]:
    """Ports of our own, so that this run disturbs no other; the README's reader has the usual ones."""
    ports = {name: str(free_port()) for name in ("KAFKA", "ELASTICSEARCH", "INGEST", "ENRICH", "INDEX")}
    # Without what a `make` that runs these tests hands down to the `make` that they run.
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return inherited | {f"NEWSWIRE_{name}_PORT": port for name, port in ports.items()}


@pytest.fixture(scope="module")
def up(clone: Path, environ: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """``make up``, ready and fed with the samples; the environment in which its reader asks it."""
    log = clone / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "up"], cwd=clone, env=environ, stdout=out, stderr=out, start_new_session=True
        )
    deadline = time.monotonic() + 120
    while "Ctrl-C stops everything" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    asking = environ | {
        "NEWSWIRE_KAFKA": f"127.0.0.1:{environ['NEWSWIRE_KAFKA_PORT']}",
        "NEWSWIRE_ELASTICSEARCH": f"http://127.0.0.1:{environ['NEWSWIRE_ELASTICSEARCH_PORT']}",
    }
    for sample in (clone / "samples").iterdir():
        shutil.copy(sample, clone / "inbox")
    while not _run(".venv/bin/newswire search Kherson", clone, asking).stdout.startswith("1 article"):
        assert time.monotonic() < deadline, log.read_text()
    yield asking
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    # make reports the interrupt as its own end, whatever its command made of it.
    assert process.wait(60) in (0, -signal.SIGINT), log.read_text()
    assert "stopped" in log.read_text().splitlines()


def _run(command: str, place: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=place, env=environ, capture_output=True, text=True, timeout=200, check=False
    )


def test_the_readme_has_commands_and_the_exceptions_are_among_them() -> None:
    assert len(commands()) >= 8
    assert set(commands()) >= ELSEWHERE | SERVERS


@pytest.mark.parametrize("command", [one for one in commands() if one not in ELSEWHERE | SERVERS])
def test_a_command_of_the_readme_does_what_it_says(command: str, clone: Path, up: Mapping[str, str]) -> None:
    # The demo brings servers of its own.
    own = {key: value for key, value in up.items() if key not in ("NEWSWIRE_KAFKA", "NEWSWIRE_ELASTICSEARCH")}
    answer = _run(command, clone, own if command == "make demo" else up)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    if "search" in command:
        assert "Kherson" in answer.stdout
