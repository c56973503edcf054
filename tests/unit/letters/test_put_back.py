import os
from pathlib import Path

import pytest

from newswire.letters.put_back import DEEPEST, LONGEST_PATH, NoPath, NotSafe, Occupied, put_back, read_below


def test_a_file_is_whole_and_under_its_name_with_nothing_beside_it(tmp_path: Path) -> None:
    put_back(tmp_path, "deep/down/a.txt", b"\x00\xff")
    assert [str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*")] == ["deep", "deep/down", "deep/down/a.txt"]
    assert (tmp_path / "deep/down/a.txt").read_bytes() == b"\x00\xff"


def test_an_inbox_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "inbox").symlink_to("real")
    put_back(tmp_path / "inbox", "a.txt", b"a")
    assert (tmp_path / "real" / "a.txt").read_bytes() == b"a"


@pytest.mark.parametrize("there", ["file", "link to nowhere", "directory"])
def test_what_is_there_stays(tmp_path: Path, there: str) -> None:
    target = tmp_path / "a.txt"
    {
        "file": lambda: target.write_bytes(b"old"),
        "link to nowhere": lambda: target.symlink_to("outside"),
        "directory": target.mkdir,
    }[there]()
    before = target.lstat().st_ino
    with pytest.raises(Occupied):
        put_back(tmp_path, "a.txt", b"new")
    assert target.lstat().st_ino == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    "path",
    ["", "/", "/etc/a", "..", "../a", "a/../../b", "a//b", "a/./b", "a/", "a\0b", ".hidden", "deep/.git/a", "a.part"],
)
def test_a_path_that_leads_out_or_is_nothing_for_ingest_is_refused(tmp_path: Path, path: str) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with pytest.raises(NotSafe):
        put_back(inbox, path, b"x")
    assert list(tmp_path.rglob("*")) == [inbox]


def test_no_link_is_followed_on_the_way(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    inbox.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (inbox / "link").symlink_to(outside)
    (inbox / "name").symlink_to(outside / "secret")
    with pytest.raises(NotSafe, match="is a link"):
        put_back(inbox, "link/a.txt", b"x")
    for path in ("link/secret", "name"):
        with pytest.raises(NotSafe, match="is a link"):
            read_below(inbox, path, 100)
    assert [one.name for one in outside.iterdir()] == ["secret"]


def test_only_a_regular_file_of_bearable_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_below(tmp_path, "a", 5) == b"12345"
    with pytest.raises(NotSafe, match="more than 4 bytes"):
        read_below(tmp_path, "a", 4)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotSafe, match="no regular file"):
        read_below(tmp_path, "pipe", 5)
    with pytest.raises(FileNotFoundError):
        read_below(tmp_path, "b", 5)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a/" * 3000 + "a.txt", "6,005 bytes"),
        ("\u00e9" * 128, "a name in its path has 256 bytes"),
        ("d/" * (DEEPEST + 1) + "a.txt", "101 directories"),
        ("a\ud800.txt", "half a character"),
    ],
    ids=["whole", "name", "depth", "surrogate"],
)
def test_a_path_that_no_file_has_is_refused_before_anything_is_made(tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(NoPath, match=why):
        put_back(tmp_path, path, b"x")
    with pytest.raises(NoPath, match=why):
        read_below(tmp_path, path, 100)
    assert list(tmp_path.iterdir()) == []


def test_a_path_may_be_as_long_as_the_inbox_leaves_room_for(tmp_path: Path) -> None:
    room = LONGEST_PATH - len(os.fsencode(tmp_path)) - 1
    names = ["d" * 200] * ((room - 1) // 201)
    path = "/".join([*names, "f" * (room - 201 * len(names))])
    assert len(path) == room
    put_back(tmp_path, path, b"x")
    assert (tmp_path / path).read_bytes() == b"x"
    with pytest.raises(NoPath):
        put_back(tmp_path, path + "f", b"x")
