import os
import subprocess
import sys
from pathlib import Path

import pytest

from newswire.running import ADDRESSES, NAME, Note, addresses, joined

HERE = {
    "NEWSWIRE_KAFKA": "127.0.0.1:1111",
    "NEWSWIRE_ELASTICSEARCH": "http://127.0.0.1:2222",
    "NEWSWIRE_SERVICES": "127.0.0.1:1,127.0.0.1:2,127.0.0.1:3",
}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSWIRE_DATA", str(tmp_path))
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_what_runs_is_found_until_it_ends(data: Path) -> None:
    note = Note(data)
    assert addresses(data) == {}
    note.write(HERE)
    assert addresses(data) == HERE
    note.write(HERE | {"NEWSWIRE_KAFKA": "127.0.0.1:4444"})
    assert addresses(data)["NEWSWIRE_KAFKA"] == "127.0.0.1:4444"
    note.close()
    note.close()
    assert addresses(data) == {}
    assert list(data.iterdir()) == []


def test_what_was_killed_left_a_note_that_nobody_believes(data: Path) -> None:
    program = (
        "import os, pathlib; from newswire.running import Note; "
        f"Note(pathlib.Path({str(data)!r})).write({HERE!r}); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    assert (data / NAME).exists()
    assert addresses(data) == {}
    # The next one is believed.
    note = Note(data)
    note.write(HERE)
    assert addresses(data) == HERE
    note.close()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"NEWSWIRE_KAFKA": 1}', b"\xff"])
def test_what_is_no_note_is_none(data: Path, content: bytes) -> None:
    note = Note(data)
    note.write(HERE)
    (data / NAME).write_bytes(content)
    assert addresses(data) == {}
    note.close()


def test_only_addresses_are_taken_from_it(data: Path) -> None:
    note = Note(data)
    note.write(HERE | {"NEWSWIRE_FINISHED": "delete", "PATH": "/"})
    assert addresses(data).keys() == set(ADDRESSES)
    note.close()


def test_it_is_nobody_elses_to_read(data: Path) -> None:
    note = Note(data)
    note.write(HERE)
    assert (data / NAME).stat().st_mode & 0o777 == 0o600
    note.close()


def test_what_the_environment_says_goes_before_it_and_is_left_as_it_was(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_KAFKA", "elsewhere:9092")
    note = Note(data)
    note.write(HERE)
    with joined():
        assert {name: os.environ[name] for name in ADDRESSES} == HERE | {"NEWSWIRE_KAFKA": "elsewhere:9092"}
    assert [name for name in ADDRESSES if name in os.environ] == ["NEWSWIRE_KAFKA"]
    note.close()


def test_a_wrong_setting_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_STOP_GRACE", "soon")
    with joined():
        assert not any(name in os.environ for name in ADDRESSES)
