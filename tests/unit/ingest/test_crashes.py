"""Killed before or after each numbered step, ingest starts over and ends the same."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from services.ingest.ledger import Claim, FileRow, Fixed, Ledger
from services.ingest.memory import MemoryPublisher
from services.ingest.publish import Message, Sending
from services.ingest.put_away import Note, Shelf
from services.ingest.read import FileVersion
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import FERRY, story
from tests.unit.ingest.world import TODAY, World


class Killed(BaseException):
    """The process is gone."""


class Tripwire:
    """Kills at one point; points are named by their step and counted from 1 within it."""

    def __init__(self, point: str | None = None) -> None:
        self.point = point
        self.passed: list[str] = []

    def at(self, point: str) -> None:
        self.passed.append(point)
        if f"{point} {self.passed.count(point)}" == self.point:
            raise Killed(point)


class TrippedLedger(Ledger):
    def __init__(self, path: Path, wire: Tripwire) -> None:
        super().__init__(path)
        self.wire = wire

    def fix(self, claims: Sequence[Claim], now: int) -> list[Fixed]:
        self.wire.at("before 2")
        found = super().fix(claims, now)
        self.wire.at("after 2")
        return found

    def finish(self, rows: Iterable[FileRow]) -> list[int]:
        self.wire.at("before 5")
        found = super().finish(rows)
        self.wire.at("after 5")
        return found

    def put_away(self, there: Iterable[int], elsewhere: Iterable[tuple[int, str]], now: int) -> None:
        self.wire.at("before 7")
        super().put_away(there, elsewhere, now)
        self.wire.at("after 7")


class TrippedPublisher(MemoryPublisher):
    """Every message counts: the broker may have any part of them when the process dies."""

    def __init__(self, wire: Tripwire) -> None:
        super().__init__()
        self.wire = wire

    def send(self, messages: Sequence[Message], most: int | None = None) -> Sending:
        sending = Sending(messages, most)
        for number, message in enumerate(messages):
            self.wire.at("before 3")
            sending.answers[number] = super().send([message], most).answers[0]
        return sending

    def settle(self, sending: Sending) -> list[str | None]:
        self.wire.at("after 4")
        return super().settle(sending)


class TrippedShelf(Shelf):
    def __init__(self, data: Path, wire: Tripwire) -> None:
        super().__init__(data)
        self.wire = wire

    def explain(self, where: str, notes: list[Note]) -> None:
        self.wire.at("before the note of 6")
        super().explain(where, notes)

    def move(self, path: str, version: FileVersion, where: str, *, noted: bool = False) -> str | None:
        self.wire.at("before 6")
        found = super().move(path, version, where, noted=noted)
        self.wire.at("after 6")
        return found


def drop_everything(world: World) -> None:
    world.write("ferry.txt", FERRY)
    world.write("wire/council.txt", story(1))
    world.write("again.txt", story(1))
    world.write("many.ndjson", '{"body": "One."}\n{"body": 5}\n{"body": "Three."}\n')
    world.write("empty.txt", "")


# What one uninterrupted run passes; a test below makes sure of it.
POINTS = [
    *(f"{when} {step} 1" for step in (2, 5, 7) for when in ("before", "after")),
    *(f"before 3 {number}" for number in range(1, 7)),
    "after 4 1",
    "after 4 2",
    "before the note of 6 1",
    "before the note of 6 2",
    *(f"{when} 6 {number}" for number in range(1, 6) for when in ("before", "after")),
]


@pytest.fixture
def tripped(make_world: MakeWorld) -> Callable[[Tripwire], World]:
    def make(wire: Tripwire) -> World:
        return make_world(
            publisher=TrippedPublisher(wire),
            ledger=lambda path: TrippedLedger(path, wire),
            shelf=lambda data: TrippedShelf(data, wire),
        )

    return make


def published(world: World) -> MemoryPublisher:
    publisher = world.intake._steps._publisher
    assert isinstance(publisher, MemoryPublisher)
    return publisher


def end(world: World) -> None:
    world.start()
    world.look_through()


def test_the_points_are_those_that_a_run_passes(tripped: Callable[[Tripwire], World]) -> None:
    wire = Tripwire()
    world = tripped(wire)
    drop_everything(world)
    end(world)
    passed = [f"{point} {wire.passed[: number + 1].count(point)}" for number, point in enumerate(wire.passed)]
    assert sorted(passed) == sorted(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_starts_over_and_ends_the_same(tripped: Callable[[Tripwire], World], point: str) -> None:
    first = tripped(Tripwire(point))
    drop_everything(first)
    with pytest.raises(Killed):
        end(first)
    first.ledger.close()
    second = tripped(Tripwire())
    second.clock.now += 60
    end(second)

    assert second.waiting() == []
    assert second.put_away() == [
        f"processed/{TODAY}/{name}"
        for name in ("again.txt", "ferry.txt", "many.ndjson", "many.ndjson.reason.json", "wire/council.txt")
    ] + [f"rejected/{TODAY}/empty.txt", f"rejected/{TODAY}/empty.txt.reason.json"]
    # Four articles, each acknowledged; what went out twice is the same in both runs.
    assert second.rows("SELECT count(*), count(acked_at) FROM identities") == [(4, 4)]
    sent = [(one.id, one.revision) for world in (first, second) for one in published(world).articles]
    assert len(set(sent)) == 4
    assert {one.reason for world in (first, second) for one in published(world).letters} == {"empty", "bad_format"}
    # Every file is done once, and the ledger knows where it lies.
    assert second.rows("SELECT count(*), count(DISTINCT path), count(put_away_at) FROM files") == [(5, 5, 5)]
    for (where,) in second.rows("SELECT put_away FROM files"):
        assert (second.data / str(where)).exists()


@pytest.mark.parametrize("point", POINTS)
def test_killed_twice_at_the_same_point_it_still_ends_the_same(
    tripped: Callable[[Tripwire], World], point: str
) -> None:
    for number in range(2):
        world = tripped(Tripwire(point))
        if number == 0:
            drop_everything(world)
        with suppress(Killed):
            end(world)
        world.ledger.close()
    last = tripped(Tripwire())
    end(last)
    assert last.waiting() == []
    assert last.rows("SELECT count(*), count(acked_at) FROM identities") == [(4, 4)]
    assert last.rows("SELECT count(DISTINCT path), count(*) - count(put_away_at) FROM files") == [(5, 0)]
