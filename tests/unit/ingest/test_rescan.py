import errno
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.ingest import rescan
from services.ingest.rescan import walk
from tests.unit.ingest.stories import story
from tests.unit.ingest.test_read import not_root
from tests.unit.ingest.world import World


def found(root: Path) -> list[str]:
    return sorted(os.path.relpath(path, root) for _, path in walk(str(root), lambda directory: None))


def test_every_file_in_every_directory_is_found(tmp_path: Path) -> None:
    for name in ("a", "b/c", "b/d/e", ".hidden", "b/x.tmp", ".git/f", "d.part/g"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert found(tmp_path) == ["a", "b/c", "b/d/e"]


def test_a_link_to_a_directory_is_found_but_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    assert found(tmp_path / "in") == ["loop"]


def test_each_directory_is_named_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    named: list[str] = []
    list(walk(str(tmp_path), named.append))
    assert named == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "a" / "b")]


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(500):
        deep /= "d"
        deep.mkdir()
    (deep / "a").touch()
    assert len(found(tmp_path)) == 1


def test_an_inbox_that_disappeared_is_made_again(world: World) -> None:
    world.root.rmdir()
    world.rescan.look_through()
    assert world.root.is_dir()
    assert "inbox" not in str(world.health.ready()[1]["causes"])


def test_an_inbox_that_cannot_be_read_turns_readiness_red(world: World) -> None:
    world.root.rmdir()
    world.root.write_text("a file in its place")
    world.rescan.look_through()
    assert "inbox cannot be read" in str(world.health.ready()[1]["causes"])


def test_windows_keep_the_memory_small_and_miss_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescan, "WINDOW", 10)
    for number in range(35):
        world.write(f"{number % 4}/{number}.txt", story(number))
    assert world.look_through() == 35
    assert world.waiting() == []


def test_a_rescan_between_batches_brings_nothing_twice(world: World) -> None:
    for number in range(5):
        world.write(f"{number}.txt", story(number))
    world.rescan.look_through()
    world.rescan.look_through()
    assert world.turn() == 5
    assert world.look_through() == 0


# --- what cannot be looked at -----------------------------------------------------------------------


def told(world: World) -> list[tuple[str, str]]:
    """What a rescan tells: directories and causes; every line says what to do."""
    with capture_logs() as logs:
        world.rescan.look_through()
    assert all(line["todo"] for line in logs)
    return [(os.path.relpath(line["path"], world.root), line["cause"]) for line in logs]


def test_a_directory_that_may_be_listed_and_not_searched_is_told_once() -> None:
    with TemporaryDirectory() as base:
        Path(base).chmod(0o755)  # pytest's own directories are root's alone
        world = World(Path(base))
        for name in ("a.txt", "closed/b.txt", "closed/c.txt"):
            world.write(name, story(1))
        (world.root / "closed").chmod(0o744)
        with not_root():
            assert told(world) == [("closed", "Permission denied")]
            assert told(world) == []
        assert [os.path.basename(one.path) for one in world.arrivals.take(10, 0)] == ["a.txt"]
        assert "inbox" not in str(world.health.ready()[1]["causes"])
        (world.root / "closed").chmod(0o755)
        with not_root():
            assert told(world) == []
        (world.root / "closed").chmod(0o744)
        with not_root():
            assert told(world) == [("closed", "Permission denied")]
        world.ledger.close()


def test_an_inbox_that_may_be_listed_and_not_searched_turns_readiness_red() -> None:
    with TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        world = World(Path(base))
        world.write("a.txt", story(1))
        world.root.chmod(0o744)
        with not_root():
            world.rescan.look_through()
        assert "inbox cannot be searched (Permission denied); let the" in str(world.health.ready()[1]["causes"])
        world.root.chmod(0o755)
        world.rescan.look_through()
        assert "inbox" not in str(world.health.ready()[1]["causes"])
        world.ledger.close()


def test_a_path_that_is_too_long_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("a.txt", story(1))
    monkeypatch.chdir(world.root)
    for _ in range(25):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    ((deepest, cause),) = told(world)
    assert cause == "File name too long"
    assert deepest.startswith("ddd")
    assert told(world) == []
    assert len(world.arrivals) == 1


class Failing:
    """A directory of a disk that fails after the first entry."""

    def __init__(self, real: Any, error: OSError) -> None:
        self.real = real
        self.error = error

    def __enter__(self) -> "Failing":
        return self

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        with self.real as entries:
            yield next(entries)
        raise self.error

    def __exit__(self, *_: object) -> None:
        pass


def test_a_directory_that_fails_while_it_is_listed_hides_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "bad/b.txt", "bad/c.txt", "good/d.txt"):
        world.write(name, story(1))
    real = os.scandir

    def scandir(path: str) -> object:
        found = real(path)
        return Failing(found, OSError(errno.EIO, "Input/output error")) if path.endswith("bad") else found

    monkeypatch.setattr(os, "scandir", scandir)
    assert told(world) == [("bad", "Input/output error")]
    assert len(world.arrivals) == 3
    assert told(world) == []
