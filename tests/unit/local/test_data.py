import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from newswire.local import data
from newswire.local.data import EngineDirectory, check_space, hold, readable
from newswire.local.errors import LocalStackError
from newswire.local.progress import progress_for


def test_a_data_directory_has_one_stack_at_a_time(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(LocalStackError, match="Another local stack is running on"):
        hold(tmp_path)
    with hold(tmp_path):
        pass


def test_a_start_keeps_the_data_and_makes_the_rest_anew(tmp_path: Path) -> None:
    directory = EngineDirectory(tmp_path / "kafka", "Kafka", "4.3.0")
    directory.prepare()
    (directory.data / "segment").write_text("records")
    (directory.temporary / "library.so").write_text("left by a run that was killed")
    directory.prepare()
    assert (directory.data / "segment").read_text() == "records"
    assert not any(directory.temporary.iterdir())


def test_data_of_another_version_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    EngineDirectory(tmp_path, "Elasticsearch", "9.2.4").prepare()
    with pytest.raises(LocalStackError, match=r"holds data of Elasticsearch 9\.2\.4.*9\.1\.0.*--data.*--fresh"):
        EngineDirectory(tmp_path, "Elasticsearch", "9.1.0").prepare()
    EngineDirectory(tmp_path, "Elasticsearch", "9.10.0").prepare()


@pytest.mark.parametrize(
    ("written_by", "version", "verdict"),
    [
        ("9.2.4", "9.2.4", True),
        ("9.2.4", "9.10.0", True),
        ("9.10.0", "9.2.4", False),
        ("8.19.0", "9.2.4", False),
        ("", "9.2.4", False),
        ("nine", "9.2.4", False),
    ],
)
def test_an_engine_reads_older_data_of_its_own_major(written_by: str, version: str, verdict: bool) -> None:
    assert readable(written_by, version) is verdict


def test_removing_takes_the_data_and_may_be_repeated(tmp_path: Path) -> None:
    directory = EngineDirectory(tmp_path / "kafka", "Kafka", "4.3.0")
    directory.prepare()
    directory.remove()
    directory.remove()
    assert not directory.root.exists()


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LocalStackError, match=r"NEWSWIRE_DATA"):
        hold(tmp_path / "file" / "data")


def test_a_full_disk_is_refused_and_a_nearly_full_one_is_mentioned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    for free in (data.LEAST_SPACE, data.LITTLE_SPACE):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: SimpleNamespace(free=free))
        check_space(tmp_path, progress_for(lines.append))
    assert len(lines) == 1
    assert "250 MB free" in lines[0]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=10_000_000))
    with pytest.raises(LocalStackError, match="has 10 MB free"):
        check_space(tmp_path, progress_for(lines.append))
