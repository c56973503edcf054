"""Files of many records: read in portions, counted, taken up where they were left."""

from collections.abc import Sequence

import pytest

from services.ingest.ledger import FileRow, Ledger
from services.ingest.reader import DirectReader, Word
from services.ingest.readers.format import Limits
from services.ingest.reading import PORTION_RECORDS, Request
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import FERRY
from tests.unit.ingest.test_crashes import Killed
from tests.unit.ingest.world import World

COUNT = 2 * PORTION_RECORDS + 7


def lines(count: int, *, broken: tuple[int, ...] = ()) -> str:
    made = [f'{{"body": "Story number {number} of a long list."}}' for number in range(count)]
    for number in broken:
        made[number] = '{"body": 5}'
    return "\n".join(made) + "\n"


def finish(world: World) -> int:
    turns = 0
    while world.waiting():
        world.turn()
        turns += 1
        assert turns < 20
    return turns


def test_a_long_file_is_published_in_portions(world: World) -> None:
    world.drop("many.ndjson", lines(COUNT, broken=(3, PORTION_RECORDS + 3)))
    world.turn()
    assert world.rows("SELECT state, done, published, refused FROM files") == [
        ("reading", PORTION_RECORDS, PORTION_RECORDS - 1, 1)
    ]
    assert finish(world) == 2
    assert world.rows("SELECT state, done, published, refused FROM files") == [("put_away", COUNT, COUNT - 2, 2)]
    assert [article.source.record for article in world.memory.articles] == [
        number for number in range(COUNT) if number not in (3, PORTION_RECORDS + 3)
    ]
    assert [(letter.source.record, letter.reason) for letter in world.memory.letters if letter.source] == [
        (3, "bad_format"),
        (PORTION_RECORDS + 3, "bad_format"),
    ]


def test_others_do_not_wait_for_a_long_file(world: World) -> None:
    world.drop("many.ndjson", lines(COUNT))
    world.turn()
    world.drop("ferry.txt", FERRY)
    world.turn()
    assert world.waiting() == ["many.ndjson"]


class Busy(DirectReader):
    """Answers nothing while it is busy with something else."""

    is_busy = True

    def take(self, timeout: float) -> list[Word]:
        return [] if self.is_busy else super().take(timeout)


class Asked(DirectReader):
    """Remembers what it was asked for."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.paths: list[str] = []

    def submit(self, requests: Sequence[Request]) -> None:
        self.paths += [one.shown for one in requests]
        super().submit(requests)


@pytest.fixture
def crowd(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A slow reader with as much to do as is kept in memory, and many more files for it, the first the oldest."""
    monkeypatch.setattr("services.ingest.hearing.CROWD", 4)
    world.hearing._quick, world.hearing._slow = Asked(Limits()), Busy(Limits())
    for number in range(12):
        # Every other one can be told by its size.
        text = lines(PORTION_RECORDS + 1)
        text = text.replace("list", f"list, the {number}th" + number % 2 * " and longest" * 200)
        world.write(f"{number}.txt", text, age=500 - number)
    for _ in range(2):
        world.look_through()
    return world


def test_a_crowd_of_long_files_is_left_to_the_rescan_but_for_the_oldest(crowd: World) -> None:
    assert [one.shown for one in crowd.hearing._slow._requests] == [f"{number}.txt" for number in range(4)]
    assert len(crowd.readings) == 4
    assert crowd.intake.doing(str(crowd.root / "0.txt")) == "reading"
    assert crowd.intake.doing(str(crowd.root / "11.txt")) == "waiting"


def test_what_is_left_to_the_rescan_is_not_read_in_vain_again_and_again(crowd: World) -> None:
    assert sorted(crowd.hearing._quick.paths) == sorted(f"{number}.txt" for number in range(12))
    crowd.hearing._slow.is_busy = False
    while crowd.waiting():
        crowd.look_through()
    assert len(crowd.memory.articles) == 12 * (PORTION_RECORDS + 1)
    assert len(crowd.hearing._quick.paths) == 12


def test_a_file_that_is_written_anew_while_it_is_left_to_the_rescan_is_read_at_once(crowd: World) -> None:
    crowd.drop("11.txt", FERRY)
    crowd.turn()
    assert [article.source.path for article in crowd.memory.articles] == ["11.txt"]


def test_a_long_file_goes_on_where_it_was(make_world: MakeWorld) -> None:
    first = make_world()
    first.drop("many.ndjson", lines(COUNT))
    first.turn()
    first.ledger.close()

    second = make_world()
    second.start()
    second.clock.now += 60
    second.look_through()
    finish(second)
    assert [article.source.record for article in second.memory.articles] == list(range(PORTION_RECORDS, COUNT))
    assert second.rows("SELECT state, done, published, duplicates FROM files") == [("put_away", COUNT, COUNT, 0)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_at_any_portion_every_record_is_published_and_counted(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, when: str, nth: int
) -> None:
    honest = Ledger.finish
    calls = [0]

    def finish_once(self: Ledger, rows: list[FileRow]) -> list[int]:
        calls[0] += 1
        if calls[0] == nth and when == "before":
            raise Killed
        found = honest(self, rows)
        if calls[0] == nth:
            raise Killed
        return found

    first = make_world()
    first.drop("many.ndjson", lines(COUNT))
    monkeypatch.setattr(Ledger, "finish", finish_once)
    with pytest.raises(Killed):
        finish(first)
    first.ledger.close()
    monkeypatch.setattr(Ledger, "finish", honest)

    second = make_world()
    second.start()
    second.clock.now += 60
    second.look_through()
    finish(second)
    assert {article.source.record for world in (first, second) for article in world.memory.articles} == set(
        range(COUNT)
    )
    assert second.rows("SELECT count(*), count(acked_at) FROM identities") == [(COUNT, COUNT)]
    assert second.rows("SELECT state, done, published + duplicates FROM files") == [("put_away", COUNT, COUNT)]


def test_a_long_file_that_is_replaced_between_two_runs_starts_over(make_world: MakeWorld) -> None:
    first = make_world()
    first.drop("many.ndjson", lines(COUNT))
    first.turn()
    first.ledger.close()

    second = make_world()
    second.start()
    second.clock.now += 60
    second.write("many.ndjson", lines(COUNT).replace("long list", "longer list"))
    second.look_through()
    finish(second)
    assert len(second.memory.articles) == COUNT
    assert second.rows("SELECT state, done, put_away = '' FROM files ORDER BY number") == [
        ("put_away", PORTION_RECORDS, 1),
        ("put_away", COUNT, 0),
    ]
