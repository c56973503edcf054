import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newswire.reasons import Reason
from services.ingest.read import Changing, Closed, Contents, FileVersion, Gone, Unfit, read_file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 300_000)
    found = read_file(str(path), 1_000_000)
    assert isinstance(found, Contents)
    assert found.data == b"x" * 300_000
    assert found.version == FileVersion.of(path.stat())


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    found = read_file(str(tmp_path / "a"), 10)
    assert isinstance(found, Contents)
    assert found.data == b""


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(read_file(str(tmp_path / "a"), 10), Gone)
    assert isinstance(read_file(str(tmp_path / "file" / "a"), 10), Gone)


def test_a_file_over_the_limit_is_refused_unread_with_its_head(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    found = read_file(str(path), 10)
    assert isinstance(found, Unfit)
    assert (found.reason, found.head) == (Reason.TOO_LARGE, b"x" * 11)


@pytest.mark.timeout(10)
def test_nothing_but_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("pipe", "link", "broken", "socket"):
            found = read_file(str(tmp_path / name), 10)
            assert isinstance(found, Unfit)
            assert (found.reason, found.head) == (Reason.NOT_REGULAR, b"")


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
            found = read_file(str(path), 10)
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
    found = read_file(str(path), 10)
    assert isinstance(found, Contents)
    assert found.data == b"xy"


def test_a_file_that_keeps_growing_is_left_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    grow_while_read(monkeypatch, path, 3)
    assert isinstance(read_file(str(path), 10), Changing)


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
    assert isinstance(read_file(str(path), 10), Closed)
