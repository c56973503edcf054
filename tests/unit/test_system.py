import socket
from pathlib import Path

import pytest

from newswire.local import LocalStackError
from newswire.running import Note, addresses
from newswire.system import System


def test_a_taken_port_of_a_service_is_noticed_before_the_engines_are_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("NEWSWIRE_ENRICH_PORT", str(port))
        monkeypatch.setenv("NEWSWIRE_INDEX_PORT", "0")
        monkeypatch.setenv("NEWSWIRE_INGEST_PORT", "0")
        said: list[str] = []
        system = System(tmp_path / "inbox", tmp_path / "data", say=said.append)
        with (
            pytest.raises(LocalStackError, match=f"Port {port}, on which the enrich service should listen, is taken"),
            system,
        ):
            pass
    assert system.engines == []
    assert said == []
    assert list((tmp_path / "data").iterdir()) == []


def test_a_second_one_on_the_same_data_is_told_that_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    note = Note(tmp_path / "data")
    note.write({"NEWSWIRE_KAFKA": "127.0.0.1:9092"})
    system = System(tmp_path / "inbox", tmp_path / "data", say=print, any_port=True)
    try:
        with pytest.raises(LocalStackError, match="Newswire runs already on"), system:
            pass
        # It took nothing away from the first.
        assert addresses(tmp_path / "data") == {"NEWSWIRE_KAFKA": "127.0.0.1:9092"}
    finally:
        note.close()
    assert system.engines == []
