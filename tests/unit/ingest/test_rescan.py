import os
from pathlib import Path

import pytest

from services.ingest import rescan
from services.ingest.rescan import walk
from tests.unit.ingest.stories import story
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
