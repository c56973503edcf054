"""What patience is for, and what it is not."""

import sqlite3
import threading
from pathlib import Path

import pytest

from newswire.health import BEAT_LIMIT, Health
from newswire.reasons import Stage
from services.ingest.patience import Disk, Stopped


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def disk(stop: threading.Event) -> Disk:
    return Disk(stop, Health(Stage.INGEST, ("ledger",)))


def test_a_mistake_in_a_statement_is_not_tried_for_ever(disk: Disk) -> None:
    db = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        disk.patiently("ledger", lambda: db.execute("SELECT * FROM missing"))
    db.close()


def test_a_full_disk_is_waited_for(disk: Disk, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "ledger", isolation_level=None)
    db.execute("CREATE TABLE t (x)")
    db.execute("PRAGMA max_page_count = 3")
    tries = 0

    def write() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            db.execute("PRAGMA max_page_count = 1000")
        db.execute("INSERT INTO t VALUES (zeroblob(50000))")

    disk.patiently("ledger", write)
    assert tries == 2
    db.close()


def test_what_takes_long_shows_that_it_is_alive_and_hears_of_a_stop(stop: threading.Event) -> None:
    now = [0.0]
    health = Health(Stage.INGEST, (), lambda: now[0])
    disk = Disk(stop, health)
    for _ in range(3):
        now[0] += BEAT_LIMIT - 1
        assert health.live()[0]
        disk.go_on()
    stop.set()
    with pytest.raises(Stopped):
        disk.go_on()


def test_a_stop_ends_the_wait(disk: Disk, stop: threading.Event, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    stop.set()
    with pytest.raises(Stopped):
        disk.patiently("ledger", (tmp_path / "file" / "below").mkdir)
