"""Files that are done and cannot be moved yet."""

import errno
import os
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.ingest import put_away
from services.ingest.arrivals import Sighting
from services.ingest.inbox import Inbox
from services.ingest.ledger import FileRow, layout
from services.ingest.patience import Stopped
from services.ingest.put_away import DELETED, Shelf
from services.ingest.read import FileVersion
from services.ingest.shelving import NEED, RETRY, UNMOVED
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import story
from tests.unit.ingest.world import NOW, TODAY, World


class Stubborn(Shelf):
    """Moves nothing as long as it is ``full``."""

    full = True

    def move(self, path: str, version: FileVersion, where: str, *, noted: bool = False) -> str | None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().move(path, version, where, noted=noted)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(shelf=Stubborn)


@pytest.fixture
def free(world: World) -> Callable[[], None]:
    """There is room again."""

    def free() -> None:
        assert isinstance(world.shelving._shelf, Stubborn)
        world.shelving._shelf.full = False
        world.clock.now += RETRY

    return free


def causes(world: World) -> dict[str, str]:
    found = world.health.ready()[1]["causes"]
    assert isinstance(found, dict)
    return found


def is_ready(world: World) -> bool:
    return not causes(world).keys() & {NEED, UNMOVED}


def unmoved(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT path FROM files WHERE put_away_at IS NULL")


def test_all_of_them_are_moved_in_one_go_when_there_is_room(world: World, free: Callable[[], None]) -> None:
    for number in range(30):
        world.write(f"{number}.txt", story(number))
    world.look_through()
    assert (len(unmoved(world)), is_ready(world)) == (30, False)
    world.look_through()
    assert world.rows("SELECT count(*) FROM files") == [(30,)]  # none of them was read again
    free()
    commits: list[str] = []
    world.ledger._db.set_trace_callback(lambda statement: commits.append(statement) if statement == "COMMIT" else None)
    world.turn()
    assert (world.waiting(), unmoved(world), is_ready(world)) == ([], [], True)
    assert len(commits) == 1


def test_a_full_disk_is_left_alone_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    tries: list[object] = []
    monkeypatch.setattr(world.shelving, "move", tries.append)
    world.turn()
    assert tries == []
    world.clock.now += RETRY
    world.turn()
    assert len(tries) == 1
    world.clock.now -= 9_999_999
    world.turn()
    assert len(tries) == 2  # a clock that went back is no reason to wait


def test_it_is_said_which_one_it_is_as_long_as_it_lies_there_whatever_else_is_put_away(make_world: MakeWorld) -> None:
    world = make_world()
    world.drop("a.txt", story(1))
    taken = world.data / f"processed/{TODAY}/a.txt"
    real = world.shelving._ledger.finish

    def finish(rows: list[FileRow]) -> list[int]:
        taken.mkdir(exist_ok=True)
        return real(rows)

    world.shelving._ledger.finish = finish  # type: ignore[method-assign]
    world.turn()
    for number in (2, 3):
        world.drop(f"{number}.txt", story(number))
        world.turn()
        assert world.waiting() == ["a.txt"]
        assert (
            f"{world.root}/a.txt cannot be moved to processed/{TODAY}/a.txt (Is a directory)" in causes(world)[UNMOVED]
        )
    taken.rmdir()
    world.clock.now += RETRY
    world.turn()
    assert (world.waiting(), is_ready(world)) == ([], True)


def test_one_that_somebody_took_away_is_no_longer_waited_for(world: World, free: Callable[[], None]) -> None:
    path = world.drop("a.txt", story(1))
    world.turn()
    path.unlink()
    free()
    world.turn()
    assert is_ready(world)
    assert world.rows("SELECT state, put_away, put_away_at IS NULL FROM files") == [("put_away", "", 0)]


def test_one_that_is_written_over_leaves_no_row_behind(world: World, free: Callable[[], None]) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    world.drop("a.txt", story(2))
    world.turn()
    assert unmoved(world) == [("a.txt",)]
    free()
    world.turn()
    assert unmoved(world) == []
    assert len(world.put_away()) == 1
    assert len(world.memory.articles) == 2


def test_the_place_of_one_that_waits_is_not_given_to_another(
    world: World, free: Callable[[], None], tmp_path: Path
) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    other = Inbox.at(tmp_path / "other")
    world.readings._zones[other.root] = "UTC"
    (tmp_path / "other" / "a.txt").write_text(story(2))
    world.arrivals.announce(Sighting(f"{other.root}/a.txt", other, NOW, NOW))
    world.turn()
    free()
    world.turn()
    assert len(world.put_away()) == 2
    assert {(world.data / place).read_text() for place in world.put_away()} == {story(1), story(2)}


def test_nor_after_a_restart(make_world: MakeWorld, world: World, tmp_path: Path) -> None:
    world.drop("a.txt", story(1))
    world.turn()
    world.ledger.close()
    second = make_world(shelf=Stubborn, clock=world.clock)
    second.start()
    assert second.shelving._promised >= {f"processed/{TODAY}/a.txt"}


@pytest.mark.parametrize("layouts", [1, 2])
def test_what_an_older_version_left_unmoved_is_moved(make_world: MakeWorld, tmp_path: Path, layouts: int) -> None:
    inbox = Inbox.at(tmp_path / "inbox")
    path = tmp_path / "inbox" / "a.txt"
    path.write_text(story(1))
    (tmp_path / "data" / "ingest").mkdir(parents=True)
    db = sqlite3.connect(tmp_path / "data" / "ingest" / "ledger.sqlite3")
    db.executescript("".join(layout.LAYOUTS[:layouts]) + f"PRAGMA user_version={layouts};")
    db.execute(
        "INSERT INTO files VALUES (1, ?, 'a.txt', NULL, ?, ?, ?, ?, ?, ?, 'text', 'published', NULL, NULL, 1, 0, 0,"
        " x'', 0, 0, ?, NULL)",
        (inbox.root, *FileVersion.of(path.lstat()), b"\0" * 32, f"processed/{TODAY}/a.txt"),
    )
    db.commit()
    db.close()
    world = make_world()
    world.start()
    assert (world.waiting(), world.put_away()) == ([], [f"processed/{TODAY}/a.txt"])
    assert unmoved(world) == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """The inbox lies on another file system than the data directory."""
    with tempfile.TemporaryDirectory(prefix="newswire-", dir="/dev/shm") as memory:
        (tmp_path / "inbox").symlink_to(memory)
        yield


@pytest.mark.usefixtures("elsewhere")
def test_a_copy_that_a_stop_ends_is_made_by_the_next_start(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        raise Stopped

    monkeypatch.setattr(put_away, "PIECE", 100)
    first = make_world(shelf=lambda data: Shelf(data, stopped))
    first.drop("a.txt", story(1))
    with pytest.raises(Stopped):
        first.turn()
    assert (first.waiting(), first.put_away(), len(first.memory.articles)) == (["a.txt"], [], 1)
    first.ledger.close()
    second = make_world()
    second.start()
    second.look_through()
    assert (second.waiting(), second.put_away()) == ([], [f"processed/{TODAY}/a.txt"])
    assert second.memory.messages == []


@pytest.mark.usefixtures("elsewhere")
def test_a_socket_on_another_file_system_is_deleted_and_the_ledger_says_so(make_world: MakeWorld) -> None:
    world = make_world()
    path = world.root / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
    world.closed(path)
    world.turn()
    assert (world.waiting(), is_ready(world)) == ([], True)
    assert world.rows("SELECT state, reason, put_away FROM files") == [("rejected", "not_regular", DELETED)]
    assert world.put_away() == [f"rejected/{TODAY}/socket.reason.json"]


def test_two_names_of_one_file_are_two_files(make_world: MakeWorld) -> None:
    world = make_world()
    first = world.write("a.txt", story(1))
    os.link(first, world.root / "b.txt")
    world.clock.now += 60
    world.look_through()
    assert world.waiting() == []
    assert world.put_away() == [f"processed/{TODAY}/a.txt", f"processed/{TODAY}/b.txt"]
    assert len(world.memory.articles) == 1


def test_a_link_to_a_put_away_file_that_is_put_into_the_inbox_takes_nothing_away(make_world: MakeWorld) -> None:
    world = make_world()
    world.drop("a.txt", story(1))
    world.turn()
    os.link(world.data / world.put_away()[0], world.root / "a.txt")
    world.closed(world.root / "a.txt")
    world.turn()
    assert world.waiting() == []
    assert len(world.put_away()) == 2
