"""The commands that tell what became of files, where nothing runs."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newswire.cli import group
from newswire.cli.ingest_again import _files
from services.ingest.ledger import Ledger
from services.ingest.main import ledger_path
from tests.unit.ingest.test_ledger import row

AWAY = {
    "NEWSWIRE_KAFKA": "127.0.0.1:1",
    "NEWSWIRE_ELASTICSEARCH": "http://127.0.0.1:1",
    "NEWSWIRE_INGEST_PORT": "1",
    "NEWSWIRE_ENRICH_PORT": "1",
    "NEWSWIRE_INDEX_PORT": "1",
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {**AWAY, "NEWSWIRE_DATA": str(tmp_path / "data"), "NEWSWIRE_INBOX": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "data"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("why", " "), "Name a file"),
        (("top", "--json"), "add --once"),
        (("withdraw", "abc"), "32 hexadecimal digits"),
        (("withdraw", "g" * 32), "32 hexadecimal digits"),
        (("ingest", "--again"), "needs the files"),
        (("ingest", "/"), "PATHs are for --again"),
        (("list", "--state", "lost"), "'rejected'"),
        (("reconcile", "--rate", "0"), "above 0"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(data: Path, arguments: tuple[str, ...], told: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert told in answer.stderr


@pytest.mark.parametrize("command", [("why", "a.txt"), ("list",), ("reconcile",), ("ledger", "backup", "copy")])
def test_without_a_ledger_one_is_told_where_it_was_looked_for(data: Path, command: tuple[str, ...]) -> None:
    answer = run(*command)
    assert answer.exit_code == 1
    assert str(ledger_path(data)) in answer.stderr.replace("\n", "")


def test_a_hostile_name_reaches_the_terminal_escaped(data: Path) -> None:
    ledger = Ledger(ledger_path(data))
    name = "evil\x1b[31m\u202ename.txt"
    ledger.finish([row(relative=name, state="rejected", reason="empty", message="It is \x1b[31mempty.", refused=1)])
    ledger.close()
    for answer in (run("why", name), run("list"), run("list", "--json"), run("why", "nobody-saw-\x1b[31m")):
        assert not set(answer.output) & {"\x1b", "\u202e"}
    assert "evil%1B[31m%E2%80%AEname.txt" in run("list").stdout


def test_a_backup_does_not_replace_a_file_unasked(data: Path, tmp_path: Path) -> None:
    Ledger(ledger_path(data)).close()
    target = tmp_path / "copy.sqlite3"
    target.write_text("precious")
    answer = run("ledger", "backup", str(target))
    assert answer.exit_code == 1
    assert "--force replaces it" in answer.stderr
    assert target.read_text() == "precious"
    assert "make it first" in run("ledger", "backup", str(tmp_path / "none" / "copy")).stderr


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="needs a directory that takes no files from anybody")
def test_a_place_that_takes_no_backup_is_named(data: Path) -> None:
    Ledger(ledger_path(data)).close()
    answer = run("ledger", "backup", "/proc/copy.sqlite3")
    assert answer.exit_code == 1
    assert "/proc/.copy.sqlite3.tmp: " in answer.stderr


def test_a_directory_to_be_sent_again_is_read_in_order_without_the_notes(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.txt.reason.json", "c.txt.tmp", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [str(one.relative_to(tmp_path)) for one in _files([tmp_path, tmp_path / "b.txt"])]
    assert found == ["b.txt", "a/z.txt", "b.txt"]
