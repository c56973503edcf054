import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.ingest.ledger import Ledger
from services.ingest.ledger import backup as module
from services.ingest.ledger.backup import backup
from services.ingest.ledger.reader import LedgerReader
from tests.unit.ingest.test_ledger import row


def test_a_copy_is_of_one_moment_while_the_ledger_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGES", 5)
    path, target = tmp_path / "ledger.sqlite3", tmp_path / "copy.sqlite3"
    ledger = Ledger(path)
    for _ in range(20):
        ledger.finish([row() for _ in range(100)])
    seen: list[int] = []

    def meanwhile(copied: int, pages: int) -> None:
        ledger.finish([row(), row()])
        seen.append(copied)
        assert copied <= pages

    size = backup(path, target, meanwhile)
    # It never began anew, though every step of it was followed by a write.
    assert seen == sorted(seen)
    assert len(seen) > 10
    assert size == target.stat().st_size
    with LedgerReader(target) as copy:
        assert copy.totals()["published"].files == 2_000
        assert copy.db.execute("SELECT count(*) FROM files").fetchone() == (2_000,)
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == ["copy.sqlite3"]
    ledger.close()


def test_a_copy_goes_on_as_a_ledger(tmp_path: Path) -> None:
    path, target = tmp_path / "ledger.sqlite3", tmp_path / "copy.sqlite3"
    ledger = Ledger(path)
    ledger.finish([row()])
    ledger.close()
    backup(path, target, lambda _copied, _pages: None)
    restored = Ledger(target)
    assert restored.finish([row()]) == [2]
    restored.close()


def test_a_backup_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    target.write_text("the last backup")
    damaged = tmp_path / "ledger.sqlite3"
    damaged.write_bytes(b"no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        backup(damaged, target, lambda _copied, _pages: None)
    assert target.read_text() == "the last backup"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.sqlite3", "ledger.sqlite3"]


def test_a_backup_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    path, target = tmp_path / "ledger.sqlite3", tmp_path / "copy.sqlite3"
    with closing(Ledger(path)) as ledger:
        ledger.finish([row()])

        def interrupt(_copied: int, _pages: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            backup(path, target, interrupt)
    assert not [one.name for one in tmp_path.iterdir() if "copy" in one.name]
