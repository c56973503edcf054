"""Files of many records: read in portions, counted, taken up where they were left."""

import pytest

from services.ingest.ledger import FileRow, Ledger
from services.ingest.reading import PORTION_RECORDS
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
