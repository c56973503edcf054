"""What happens to finished files: moved, deleted, or kept where they are, and known there."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from services.ingest import put_away
from services.ingest.memory import MemoryPublisher
from services.ingest.publish import Sending
from services.ingest.put_away import DELETED, Finished
from services.ingest.tidy import Keep, Tidy
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.items import embargo, file, item
from tests.unit.ingest.stories import FERRY, story
from tests.unit.ingest.test_crashes import (
    POINTS,
    Killed,
    TrippedLedger,
    TrippedPublisher,
    TrippedShelf,
    Tripwire,
    drop_everything,
    end,
    published,
)
from tests.unit.ingest.world import NOW, TODAY, World

NOTED = [
    f"processed/{TODAY}/many.ndjson",
    f"processed/{TODAY}/many.ndjson.reason.json",
    f"rejected/{TODAY}/empty.txt",
    f"rejected/{TODAY}/empty.txt.reason.json",
]
CLEAN = ["again.txt", "ferry.txt", "wire/council.txt"]


@pytest.mark.parametrize(("finished", "stays"), [(Finished.DELETE, []), (Finished.KEEP, CLEAN)])
def test_what_was_refused_is_moved_all_the_same(make_world: MakeWorld, finished: Finished, stays: list[str]) -> None:
    world = make_world(finished=finished)
    drop_everything(world)
    world.look_through()
    assert world.waiting() == stays
    assert world.put_away() == NOTED
    assert {letter.put_away for letter in world.memory.letters} == {NOTED[0], NOTED[2]}
    assert world.rows("SELECT count(*), count(put_away_at) FROM files") == [(5, 5)]


@pytest.mark.parametrize("finished", [Finished.DELETE, Finished.KEEP])
def test_the_ledger_says_where_a_finished_file_is(make_world: MakeWorld, finished: Finished) -> None:
    world = make_world(finished=finished)
    path = world.drop("ferry.txt", FERRY)
    world.turn()
    place = DELETED if finished is Finished.DELETE else str(path)
    assert world.rows("SELECT state, put_away FROM files") == [("put_away", place)]


def test_a_kept_file_is_read_once_and_again_when_it_changes(make_world: MakeWorld) -> None:
    world = make_world(finished=Finished.KEEP)
    world.write("a.txt", story(1))
    for _ in range(3):
        world.look_through()
    assert world.rows("SELECT count(*) FROM files") == [(1,)]
    world.write("a.txt", story(2), age=30)
    world.look_through()
    world.look_through()
    assert len(world.memory.articles) == 2
    assert world.rows("SELECT state FROM files") == [("put_away",), ("put_away",)]
    assert world.waiting() == ["a.txt"]


def test_a_kept_file_that_is_written_over_with_its_old_time_is_read_again(make_world: MakeWorld) -> None:
    world = make_world(finished=Finished.KEEP)
    path = world.write("a.txt", story(1))
    world.look_through()
    before = path.stat()
    path.write_text(story(2))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    world.look_through()
    assert len(world.memory.articles) == 2


def test_kept_files_are_known_after_a_restart(make_world: MakeWorld) -> None:
    first = make_world(finished=Finished.KEEP)
    for number, name in enumerate(("a.txt", "wire/b.txt", "caf\udce9\n.txt")):
        first.write(name, story(number))
    assert first.look_through() == 3
    first.ledger.close()
    second = make_world(finished=Finished.KEEP)
    second.start()
    assert second.look_through() == 0
    second.rescan.look_through()
    assert len(second.arrivals) == 0  # the second time the rescan itself knows them
    assert second.rows("SELECT count(*) FROM files") == [(3,)]


def test_kept_files_are_not_read_again_after_the_ledger_was_tidied(make_world: MakeWorld) -> None:
    first = make_world(finished=Finished.KEEP)
    names = ("a.txt", "wire/b.txt", "caf\udce9\n.txt", "gone.txt")
    paths = [first.write(name, story(number)) for number, name in enumerate(names)]
    assert first.look_through() == len(names)
    first.ledger.close()
    paths[-1].unlink()
    first.clock.now += 1_000_000
    path = first.data / "ingest" / "ledger.sqlite3"
    tidy = Tidy(first.data, path, Keep(rows=60.0), stop=threading.Event(), clock=first.clock)
    second = make_world(finished=Finished.KEEP, clock=first.clock)
    second.start()
    second.write("newest.txt", story(9))  # whose row stays whatever its age, as SQLite's numbers go on from it
    assert second.look_through() == 1
    assert tidy.round().rows == 1
    second.ledger.close()
    third = make_world(finished=Finished.KEEP, clock=first.clock)
    third.start()
    assert third.look_through() == 0
    assert third.memory.messages == []
    assert third.rows("SELECT count(*) FROM files") == [(len(names),)]


def test_kept_files_of_which_most_are_gone_are_learnt_anew(make_world: MakeWorld) -> None:
    world = make_world(finished=Finished.KEEP)
    paths = [world.write(f"{number}.txt", story(number)) for number in range(10)]
    world.look_through()
    assert len(world.kept._known) == 10
    for path in paths[:8]:
        path.unlink()
    known = []
    for _ in range(3):
        world.look_through()
        known.append(len(world.kept._known))
    assert known == [10, 0, 2]
    assert world.rows("SELECT count(*) FROM files") == [(10,)]


def test_kept_files_are_moved_once_they_are_no_longer_to_be_kept(make_world: MakeWorld) -> None:
    first = make_world(finished=Finished.KEEP)
    first.write("a.txt", story(1))
    first.look_through()
    first.ledger.close()
    second = make_world()
    second.start()
    second.look_through()
    assert second.memory.messages == []
    assert second.put_away() == [f"processed/{TODAY}/a.txt"]


def test_a_file_under_embargo_is_deleted_only_when_all_of_it_is_through(make_world: MakeWorld) -> None:
    world = make_world(finished=Finished.DELETE)
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60)), item("two", NOW)))
    world.turn()
    assert world.waiting() == ["a.json"]
    world.clock.now += 60
    world.turn()
    assert world.waiting() == []
    assert len(world.memory.articles) == 2


def test_what_is_refused_of_a_file_after_its_embargo_is_moved_too(make_world: MakeWorld) -> None:
    publisher = MemoryPublisher(topic_limit=3000)
    world = make_world(finished=Finished.DELETE, publisher=publisher)
    world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60), body_text="A long text. " * 300)))
    world.turn()
    assert world.rows("SELECT state, put_away FROM files") == [("embargoed", "")]
    world.clock.now += 60
    world.turn()
    (letter,) = publisher.letters
    assert (letter.reason, letter.put_away) == ("too_large", f"rejected/{TODAY}/a.json")
    assert (world.data / f"rejected/{TODAY}/a.json").exists()


def test_a_file_is_deleted_only_after_the_ledger_has_it(make_world: MakeWorld) -> None:
    wire = Tripwire("after 5 1")
    first = make_world(finished=Finished.DELETE, ledger=lambda path: TrippedLedger(path, wire))
    first.write("a.txt", story(1))
    with pytest.raises(Killed):
        first.look_through()
    assert first.waiting() == ["a.txt"]
    assert first.rows("SELECT state FROM files") == [("published",)]


@pytest.fixture
def tripped(make_world: MakeWorld) -> Callable[[Tripwire, Finished], World]:
    def make(wire: Tripwire, finished: Finished) -> World:
        return make_world(
            finished=finished,
            publisher=TrippedPublisher(wire),
            ledger=lambda path: TrippedLedger(path, wire),
            shelf=lambda data: TrippedShelf(data, wire),
        )

    return make


@pytest.mark.parametrize(("finished", "stays"), [(Finished.DELETE, []), (Finished.KEEP, CLEAN)])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_starts_over_and_ends_the_same(
    tripped: Callable[[Tripwire, Finished], World], point: str, finished: Finished, stays: list[str]
) -> None:
    first = tripped(Tripwire(point), finished)
    drop_everything(first)
    with pytest.raises(Killed):
        end(first)
    first.ledger.close()
    second = tripped(Tripwire(), finished)
    second.clock.now += 60
    end(second)
    sent = len(published(second).messages)
    second.look_through()

    assert len(published(second).messages) == sent
    assert second.waiting() == stays
    assert second.put_away() == NOTED
    assert second.rows("SELECT count(*), count(acked_at) FROM identities") == [(4, 4)]
    assert second.rows("SELECT count(*), count(DISTINCT path), count(put_away_at) FROM files") == [(5, 5, 5)]
    assert second.rows("SELECT count(*) FROM files WHERE put_away = ''") == [(0,)]


def test_killed_in_the_middle_of_deleting_the_next_start_ends_it(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_world(finished=Finished.DELETE)
    first.write("a.txt", story(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", killed)
        with pytest.raises(Killed):
            first.look_through()
    assert len(hidden(first)) == 1
    first.ledger.close()
    second = make_world(finished=Finished.DELETE)
    second.start()
    assert hidden(second) == []
    assert second.rows("SELECT state, put_away FROM files") == [("put_away", DELETED)]


@pytest.mark.parametrize("finished", [Finished.MOVE, Finished.DELETE])
def test_killed_while_a_file_that_was_written_again_is_on_its_way_it_goes_back(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, finished: Finished
) -> None:
    first = make_world(finished=finished)
    path = first.write("a.txt", story(1))
    real = first.memory.settle

    def settle(sending: Sending) -> list[str | None]:
        path.write_text(story(222))
        return real(sending)

    monkeypatch.setattr(first.memory, "settle", settle)
    with monkeypatch.context() as patch:
        patch.setattr(put_away, "look", killed)
        with pytest.raises(Killed):
            first.look_through()
    assert first.waiting() != ["a.txt"]
    first.ledger.close()
    second = make_world(finished=finished)
    second.start()
    assert second.waiting() == ["a.txt"]
    assert path.read_text() == story(222)
    second.clock.now = path.stat().st_mtime + 60
    second.look_through()
    assert len(second.memory.articles) == 1
    assert second.waiting() == []


def killed(*_: object) -> None:
    raise Killed


def hidden(world: World) -> list[Path]:
    return [path for path in world.root.iterdir() if path.name.startswith(".")]


def test_a_file_that_takes_the_place_of_one_to_be_deleted_is_read(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(finished=Finished.DELETE)
    path = world.drop("a.txt", story(1))
    real = os.rename

    def rename(source: str, target: str) -> None:
        if source == str(path) and len(world.memory.articles) == 1:
            real(world.write("b.tmp", story(2), age=0), path)
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    world.turn()
    assert path.read_text() == story(2)
    world.closed(path)
    world.turn()
    assert len(world.memory.articles) == 2
    assert world.waiting() == []
