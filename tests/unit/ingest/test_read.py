import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newswire.reasons import Reason
from services.ingest.read import Closed, FileVersion, Gone, OpenFile, Unfit, opened


def whole(path: Path) -> bytes | None:
    found = opened(str(path))
    assert isinstance(found, OpenFile)
    with found:
        return found.whole()


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 300_000)
    assert whole(path) == b"x" * 300_000
    found = opened(str(path))
    assert isinstance(found, OpenFile)
    with found:
        assert found.version == FileVersion.of(path.stat())


def test_a_version_has_numbers_that_the_ledger_can_carry() -> None:
    names = {"st_mtime_ns": 3 * 10**19, "st_ctime_ns": -(10**19)}
    found = FileVersion.of(os.stat_result((0, 2**63 + 5, 2**64 - 1, 1, 0, 0, 7, 0, 0, 0), names))
    assert found == FileVersion(-1, 5 - 2**63, 7, 2**63 - 1, -(2**63))
    usual = os.stat_result((0, 2**63 - 1, 1, 1, 0, 0, 7, 0, 0, 0), {"st_mtime_ns": -(2**63), "st_ctime_ns": 0})
    assert FileVersion.of(usual) == FileVersion(1, 2**63 - 1, 7, -(2**63), 0)


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert whole(tmp_path / "a") == b""


def test_a_large_file_is_read_in_pieces_and_again_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(250)) * 10)
    found = opened(str(path))
    assert isinstance(found, OpenFile)
    with found:
        assert [len(piece) for piece in found.chunks(1000)] == [1000, 1000, 500]
        found.rewind()
        assert found.read(3) == b"\x00\x01\x02"
        assert found.beginning(2) == b"\x00\x01"
        assert found.read() == (bytes(range(250)) * 10)[3:]
        assert not found.has_changed()
        with path.open("ab") as more:
            more.write(b"x")
        assert found.has_changed()
        assert found.read() == b""


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(opened(str(tmp_path / "a")), Gone)
    assert isinstance(opened(str(tmp_path / "file" / "a")), Gone)


@pytest.mark.timeout(10)
def test_nothing_but_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("pipe", "link", "broken", "socket"):
            found = opened(str(tmp_path / name))
            assert isinstance(found, Unfit)
            assert found.reason is Reason.NOT_REGULAR


@contextmanager
def not_root() -> Iterator[None]:
    """Root may read everything: be nobody for a moment."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_that_may_not_be_read_is_closed() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # pytest's own directories are root's alone
        path = Path(folder) / "a"
        path.write_text("x")
        path.chmod(0)
        with not_root():
            found = opened(str(path))
    assert isinstance(found, Closed)
    assert found.unfit.reason is Reason.UNREADABLE


def grow_while_read(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> None:
    """Append to ``path`` after each of the first ``times`` readings."""
    left = [times]
    real = os.pread

    def pread(handle: int, size: int, offset: int) -> bytes:
        data = real(handle, size, offset)
        if left[0]:
            left[0] -= 1
            with path.open("ab") as file:
                file.write(b"y")
        return data

    monkeypatch.setattr(os, "pread", pread)


def test_a_file_that_grows_while_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    grow_while_read(monkeypatch, path, 1)
    assert whole(path) == b"xy"


def test_a_file_that_keeps_growing_is_left_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    grow_while_read(monkeypatch, path, 3)
    assert whole(path) is None


def test_a_file_that_is_replaced_by_a_link_before_it_is_opened_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("x")
    (tmp_path / "secret").write_text("secret")
    real = os.lstat

    def lstat(target: str) -> os.stat_result:
        found = real(target)
        path.unlink()
        path.symlink_to(tmp_path / "secret")
        return found

    monkeypatch.setattr(os, "lstat", lstat)
    assert isinstance(opened(str(path)), Closed)
