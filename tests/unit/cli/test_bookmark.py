import os
import time
from pathlib import Path

import pytest

from newswire.cli import bookmark
from newswire.search import CursorExpired

CURSOR = "eNpjYGBg" * 90


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSWIRE_CACHE", str(tmp_path))
    return tmp_path / "pages"


def test_a_cursor_goes_by_a_short_name(cache: Path) -> None:
    name = bookmark.keep(CURSOR)
    assert len(name) == bookmark.NAME_LENGTH
    assert bookmark.find(name) == CURSOR
    assert bookmark.find(bookmark.keep("another")) == "another"


def test_a_cursor_that_a_program_was_given_is_itself(cache: Path) -> None:
    assert bookmark.find(CURSOR) == CURSOR
    assert not cache.exists()


def test_what_has_expired_is_forgotten_and_told_so(cache: Path) -> None:
    name = bookmark.keep(CURSOR)
    an_hour_ago = time.time() - 3600
    os.utime(cache / name, (an_hour_ago, an_hour_ago))
    other = bookmark.keep("another")
    assert [one.name for one in cache.iterdir()] == [other]
    with pytest.raises(CursorExpired, match="ask it again without --after"):
        bookmark.find(name)


def test_where_nothing_can_be_kept_the_cursor_is_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NEWSWIRE_CACHE", str(tmp_path / "file"))
    assert bookmark.keep(CURSOR) == CURSOR
    monkeypatch.setenv("NEWSWIRE_CACHE", str(tmp_path))
    monkeypatch.setenv("NEWSWIRE_KAFKA_PORT", "a wrong setting of something else")
    assert bookmark.keep(CURSOR) == CURSOR
