from pathlib import Path

import pytest

from services.ingest.inbox import Inbox
from services.ingest.lock import Locks, Taken


def test_a_second_ingest_on_the_same_data_is_told_so(tmp_path: Path) -> None:
    one, two = Inbox.at(tmp_path / "one"), Inbox.at(tmp_path / "two")
    held = Locks(tmp_path / "data", [one])
    with pytest.raises(Taken, match="Another ingest service works on"):
        Locks(tmp_path / "data", [two])
    held.close()
    Locks(tmp_path / "data", [two]).close()


def test_a_second_ingest_on_the_same_inbox_is_told_so_and_holds_nothing(tmp_path: Path) -> None:
    one, two = Inbox.at(tmp_path / "one"), Inbox.at(tmp_path / "two")
    held = Locks(tmp_path / "data", [one])
    with pytest.raises(Taken, match="one"):
        Locks(tmp_path / "other", [two, one])
    Locks(tmp_path / "other", [two]).close()
    held.close()
    assert list((tmp_path / "one").iterdir()) == []
