"""An inbox on another file system than the data directory: files are copied while others are read and published."""

import errno
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from services.ingest import carrier, shelving
from services.ingest.carrier import GROUP_BYTES, GROUP_FILES, Carrier
from services.ingest.patience import Stopped
from services.ingest.put_away import Move, Shelf
from services.ingest.read import FileVersion
from services.ingest.shelving import RETRY, UNMOVED
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import story
from tests.unit.ingest.world import TODAY, World

PLACE = f"processed/{TODAY}/a.txt"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="newswire-", dir="/dev/shm") as memory:
        (tmp_path / "inbox").symlink_to(memory)
        yield


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(carried=True)


def move(name: str, size: int = 10) -> Move:
    return Move(f"/inbox/{name}", FileVersion(1, 2, size, 3, 4), f"processed/{name}")


def causes(world: World) -> dict[str, object]:
    found = world.health.ready()[1]["causes"]
    assert isinstance(found, dict)
    return found


def is_ready(world: World) -> bool:
    return UNMOVED not in causes(world)


def places(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT put_away, put_away_at IS NOT NULL FROM files ORDER BY number")


def test_files_are_copied_in_order_a_group_at_a_time_and_a_large_one_alone() -> None:
    groups: list[list[str]] = []

    def copy(moves: Sequence[Move]) -> list[str | OSError]:
        groups.append([one.path for one in moves])
        return [one.where for one in moves]

    one = Carrier(copy)
    small = [move(f"{number}") for number in range(GROUP_FILES + 1)]
    one.take([*small, move("large", GROUP_BYTES), move("after"), move("huge", 10 * GROUP_BYTES)])
    for _ in range(5):
        one.turn(0)
    named = [[path.removeprefix("/inbox/") for path in group] for group in groups]
    assert [len(group) for group in named] == [GROUP_FILES, 1, 1, 1, 1]
    assert named[1:] == [[str(GROUP_FILES)], ["large"], ["after"], ["huge"]]
    assert [result for _, result in one.done()][-1] == "processed/huge"
    assert one.done() == []


def test_others_go_on_while_a_file_is_copied_and_it_is_not_read_again(world: World) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    assert (world.waiting(), world.put_away(), places(world)) == (["a.txt"], [], [(PLACE, 0)])
    world.drop("b.txt", story(2))
    world.clock.now += 60
    world.look_through()
    assert len(world.memory.articles) == 2
    world.carrier.turn(0)
    world.turn()
    assert (world.waiting(), len(world.put_away()), is_ready(world)) == ([], 2, True)
    assert [written for _, written in places(world)] == [1, 1]
    assert len(world.memory.articles) == 2


def test_a_version_that_comes_while_the_one_before_is_copied_is_put_away_after_it(world: World) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    world.clock.now += 1
    world.drop("a.txt", story(2))
    world.turn()
    assert len(world.memory.articles) == 2
    for _ in range(3):
        world.carrier.turn(0)
        world.turn()
    assert world.waiting() == []
    assert [(world.data / place).read_text() for place in world.put_away()] == [story(2)]
    assert [(bool(place), written) for place, written in places(world)] == [(False, 1), (True, 1)]


class Full(Shelf):
    """Has room for no copy while it is ``full``."""

    full = True

    def copy(self, moves: Sequence[Move]) -> list[str | OSError]:
        if self.full:
            return [OSError(errno.ENOSPC, "No space left on device") for _ in moves]
        return super().copy(moves)


def test_what_cannot_be_copied_stays_is_told_and_tried_again(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(carried=True, shelf=Full)
    world.drop("a.txt", story(1))
    world.turn()
    world.carrier.turn(0)
    world.turn()
    assert (world.waiting(), is_ready(world)) == (["a.txt"], False)
    assert "No space left" in str(causes(world)[UNMOVED])
    world.clock.now += RETRY
    world.turn()
    # It is with the carrier again, and no less a trouble for that.
    assert not is_ready(world)
    world.carrier.turn(0)
    world.turn()
    monkeypatch.setattr(Full, "full", False)
    world.clock.now += RETRY
    world.turn()
    world.carrier.turn(0)
    world.turn()
    assert (world.waiting(), world.put_away(), is_ready(world)) == ([], [PLACE], True)
    assert len(world.memory.articles) == 1


def test_a_disk_that_takes_nothing_is_tried_with_a_few_files_at_a_time(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(carried=True, shelf=Full)
    for number in range(5):
        world.drop(f"{number}.txt", story(number))
    world.turn()
    world.carrier.turn(0)
    world.turn()
    monkeypatch.setattr(shelving, "RETRIED", 2)
    world.clock.now += RETRY
    for _ in range(3):
        world.turn()
    assert len(world.shelving._carried) == 2


def test_a_file_that_is_closed_again_while_it_is_copied_is_not_read_again(world: World) -> None:
    path = world.drop("a.txt", story(1))
    world.turn()
    world.closed(path)
    world.turn()
    assert places(world) == [(PLACE, 0)]
    world.carrier.turn(0)
    world.turn()
    assert (world.waiting(), places(world)) == ([], [(PLACE, 1)])


def test_of_two_rows_of_one_file_the_first_has_it_at_the_next_start(make_world: MakeWorld, world: World) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    columns = (
        "inbox, path, raw_path, dev, inode, size, mtime_ns, ctime_ns, sha256, format, 'duplicate', reason, message,"
    )
    world.ledger._db.execute(
        f"INSERT INTO files SELECT 2, {columns} 0, 1, 0, articles, seen_at, finished_at, put_away || '2', NULL, 0, 1"  # noqa: S608
        " FROM files"
    )
    world.ledger.close()
    second = make_world(carried=True)
    second.start()
    second.carrier.turn(0)
    second.turn()
    assert (second.waiting(), second.put_away(), places(second)) == ([], [PLACE], [(PLACE, 1), ("", 1)])


def test_a_carrier_that_has_ended_holds_nobody_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelving, "MOST_CARRIED", 0)
    world.stop.set()
    world.carrier.run(world.stop)
    world.stop.clear()
    world.drop("a.txt", story(1))
    world.turn()
    assert len(world.memory.articles) == 1


def test_a_stop_leaves_it_to_the_next_start(make_world: MakeWorld, world: World) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    world.ledger.close()
    second = make_world(carried=True)
    second.start()
    second.carrier.turn(0)
    second.turn()
    assert (second.waiting(), second.put_away(), places(second)) == ([], [PLACE], [(PLACE, 1)])
    assert second.memory.messages == []


def test_it_ends_in_the_middle_of_a_copy() -> None:
    def copy(_moves: Sequence[Move]) -> list[str | OSError]:
        raise Stopped

    one = Carrier(copy)
    one.take([move("a")])
    one.run(threading.Event())
    assert one.done() == []


def test_where_very_many_are_to_be_copied_it_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelving, "MOST_CARRIED", 0)
    monkeypatch.setattr(carrier, "IDLE", 0.01)
    thread = threading.Thread(target=world.carrier.run, args=(world.stop,))
    thread.start()
    try:
        for number in range(10):
            world.drop(f"{number}.txt", story(number))
        world.turn()
        assert (world.waiting(), len(world.put_away())) == ([], 10)
    finally:
        world.stop.set()
        thread.join()
