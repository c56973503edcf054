"""Files of which a part is done, in the ways in which that goes wrong."""

import json
import os

import pytest

from services.ingest.inbox import Inbox
from services.ingest.ledger import Ledger
from services.ingest.reading import PORTION_RECORDS
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.items import embargo, file, id_of, item
from tests.unit.ingest.test_crashes import Killed
from tests.unit.ingest.test_embargo import names
from tests.unit.ingest.test_parts import COUNT, finish, lines
from tests.unit.ingest.world import NOW, World

MANY = PORTION_RECORDS + 20
RELEASE = file(item("one", NOW + 50, headline="Bridge one, released"))
WITHHELD = file(item("one", NOW, pubstatus="withheld"))


def held_list(count: int = MANY) -> str:
    return file(*(item(str(number), NOW, embargoed=embargo(NOW + 60)) for number in range(count)))


def started_again(make_world: MakeWorld, before: World) -> World:
    before.ledger.close()
    world = make_world(clock=before.clock)
    world.start()
    return world


def test_embargoes_of_many_records_that_end_together_are_published_in_portions(world: World) -> None:
    world.drop("a.json", held_list())
    finish_turns(world, until=lambda: world.rows("SELECT held FROM files WHERE state = 'embargoed'") == [(MANY,)])
    world.clock.now += 60
    world.turn()
    assert world.rows("SELECT state, published, held FROM files") == [("embargoed", PORTION_RECORDS, 20)]
    finish(world)
    assert world.rows("SELECT state, published, duplicates, held FROM files") == [("put_away", MANY, 0, 0)]


@pytest.mark.parametrize("nth", [1, 2])
def test_killed_between_such_portions_none_is_lost(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    first = make_world()
    first.drop("a.json", held_list())
    finish_turns(first, until=lambda: first.rows("SELECT held FROM files WHERE state = 'embargoed'") == [(MANY,)])
    first.clock.now += 60
    honest, calls = Ledger.finish, [0]

    def finish_once(self: Ledger, rows: list[object]) -> list[int]:
        found = honest(self, rows)  # type: ignore[arg-type]
        calls[0] += 1
        if calls[0] == nth:
            raise Killed
        return found

    monkeypatch.setattr(Ledger, "finish", finish_once)
    with pytest.raises(Killed):
        finish(first)
    second = started_again(make_world, first)
    second.look_through()
    finish(second)
    sent = {article.id for world in (first, second) for article in world.memory.articles}
    assert sent == {id_of(str(number)) for number in range(MANY)}
    assert second.rows("SELECT state, published, held FROM files") == [("put_away", MANY, 0)]
    assert second.rows("SELECT * FROM held") == []


def finish_turns(world: World, until: object) -> None:
    for _ in range(20):
        world.turn()
        if until():  # type: ignore[operator]
            return
    raise AssertionError("it never came")


def test_what_is_withheld_after_its_release_has_come_does_not_wait(world: World) -> None:
    world.drop("b.json", RELEASE)
    world.turn()
    world.drop("a.json", WITHHELD)
    world.turn()
    world.turn()
    assert names(world) == ["Bridge one, released"]
    assert world.waiting() == []


@pytest.mark.parametrize("order", [(WITHHELD, RELEASE), (RELEASE, WITHHELD)])
def test_what_is_withheld_and_released_in_one_batch_does_not_wait(world: World, order: tuple[str, str]) -> None:
    for number, content in enumerate(order):
        world.drop(f"{number}.json", content)
    assert world.turn() == 2
    world.turn()
    assert names(world) == ["Bridge one, released"]
    assert world.waiting() == []


def test_an_older_revision_releases_nothing(world: World) -> None:
    held = world.drop("a.json", WITHHELD)
    world.turn()
    world.drop("b.json", file(item("one", NOW - 50)))
    world.turn()
    world.turn()
    assert held.exists()
    assert world.rows("SELECT path, state FROM files ORDER BY path") == [
        ("a.json", "embargoed"),
        ("b.json", "put_away"),
    ]


@pytest.mark.parametrize("version", [NOW, None])
def test_the_withdrawal_that_withholding_makes_does_not_release_it(world: World, version: float | None) -> None:
    world.drop("a.json", file(item("one", NOW)))
    world.turn()
    held = world.drop("b.json", file(item("one", version, pubstatus="withheld")))
    for _ in range(3):
        world.clock.now += 1
        world.turn()
    assert held.exists()
    assert [article.pubstatus for article in world.memory.articles] == ["usable", "canceled"]
    world.drop("c.json", file(item("one", NOW + 70, headline="Bridge one, released")))
    world.turn()
    world.turn()
    assert names(world)[-1] == "Bridge one, released"
    assert not held.exists()


def test_killed_after_the_release_came_it_still_ends_the_wait(make_world: MakeWorld) -> None:
    first = make_world()
    first.drop("a.json", WITHHELD)
    first.turn()
    first.drop("b.json", RELEASE)
    first.turn()
    assert first.waiting() == ["a.json"]
    second = started_again(make_world, first)
    second.turn()
    assert second.waiting() == []


def test_a_release_that_comes_while_the_rest_is_read_is_not_missed(world: World) -> None:
    withheld = {"id": "7", "agency": "NTB", "pubstatus": "withheld", "updated_at": "2026-02-14T08:00:00Z"}
    released = {"id": "7", "agency": "NTB", "updated_at": "2026-02-14T09:00:00Z"}
    first = str(withheld | {"body": "Secret."}).replace("'", '"')
    world.drop("many.ndjson", first + "\n" + lines(COUNT))
    world.turn()
    world.drop("b.json", str(released | {"body": "Public."}).replace("'", '"'))
    finish(world)
    assert world.rows("SELECT published, duplicates, held FROM files WHERE path = 'many.ndjson'") == [(COUNT, 0, 0)]
    assert not any(article.body == "Secret." for article in world.memory.articles)


def test_withheld_with_a_time_is_published_when_that_has_come(world: World) -> None:
    world.drop("a.json", file(item("one", NOW, pubstatus="withheld", embargoed=embargo(NOW + 60))))
    world.turn()
    assert world.memory.messages == []
    world.clock.now += 60
    world.turn()
    assert names(world) == ["Bridge one"]


def test_an_embargo_ends_at_its_millisecond_whatever_a_float_makes_of_it(world: World) -> None:
    # 1,001 and 57 thousandths are among those that do not come back from a division.
    ends = [NOW + milliseconds / 1000 for milliseconds in (57, 1001, 4035, 9999)]
    world.drop("a.json", file(*(item(str(end), NOW, embargoed=embargo(end)) for end in ends)))
    world.turn()
    for number, end in enumerate(ends, 1):
        world.clock.now = end
        world.turn()
        assert len(world.memory.articles) == number


def test_a_file_that_was_only_touched_is_still_the_one_that_is_held(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60)), item("two", NOW)))
    world.turn()
    os.utime(path, (NOW + 5, NOW + 5))
    world.clock.now += 10
    world.look_through()
    world.clock.now += 50
    world.turn()
    assert names(world) == ["Bridge two", "Bridge one"]
    assert world.rows("SELECT state, published, duplicates, held FROM files") == [("put_away", 2, 0, 0)]


def test_a_long_file_that_was_only_touched_goes_on_where_it_was(make_world: MakeWorld) -> None:
    first = make_world()
    path = first.drop("many.ndjson", lines(COUNT))
    first.turn()
    os.utime(path, (NOW + 5, NOW + 5))
    first.clock.now += 60
    second = started_again(make_world, first)
    second.look_through()
    finish(second)
    assert second.rows("SELECT state, published, duplicates FROM files") == [("put_away", COUNT, 0)]


@pytest.mark.parametrize("content", [WITHHELD, lines(COUNT)])
def test_a_file_that_vanished_while_the_service_was_away_is_not_waited_for(make_world: MakeWorld, content: str) -> None:
    first = make_world()
    path = first.drop("a.json", content)
    first.turn()
    assert first.rows("SELECT count(*) FROM files WHERE put_away_at IS NULL") == [(1,)]
    path.unlink()
    second = started_again(make_world, first)
    assert second.rows("SELECT count(*) FROM files WHERE put_away_at IS NULL") == [(0,)]
    assert not second.unfinished.knows(str(path))


def test_the_files_of_an_inbox_that_is_none_for_now_are_kept_for_when_it_is_one(
    make_world: MakeWorld, tmp_path: object
) -> None:
    first = make_world()
    first.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    first.turn()
    first.ledger.close()
    without = make_world(clock=first.clock)
    other = Inbox(f"{without.root}-other")
    without.shelving.mend([other])
    without.unfinished.load([other])
    assert without.rows("SELECT state FROM files") == [("embargoed",)]
    last = started_again(make_world, without)
    last.clock.now += 60
    last.turn()
    assert names(last) == ["Bridge one"]


def test_the_bytes_of_refused_records_are_not_kept_in_memory(world: World) -> None:
    bad = '{"body": 5, "padding": "' + "x" * 10_000 + '"}\n'
    world.drop("many.ndjson", bad * 50 + lines(COUNT))
    world.turn()
    (found,) = world.unfinished._files.values()
    assert len(found.noted) == 50
    assert not any(one.original for one in found.noted)
    assert all(letter.original for letter in world.memory.letters)


def test_a_refusal_of_the_last_run_is_in_the_note(make_world: MakeWorld) -> None:
    first = make_world()
    first.drop("many.ndjson", '{"body": 5}\n' + lines(COUNT))
    first.turn()
    first.clock.now += 60
    second = started_again(make_world, first)
    second.look_through()
    finish(second)
    (note,) = (second.data / "processed").rglob("*.reason.json")
    assert "bad_format" in note.read_text()


@pytest.mark.parametrize(("rest", "state"), [('{"body": "Good."}\n', "put_away"), ('{"body": 5}\n', "rejected")])
def test_a_long_file_of_which_a_whole_portion_is_refused_ends_where_its_letters_say(
    world: World, rest: str, state: str
) -> None:
    world.drop("many.ndjson", '{"body": 5}\n' * PORTION_RECORDS + rest)
    finish(world)
    assert world.rows("SELECT state FROM files") == [(state,)]
    assert {letter.put_away for letter in world.memory.letters} == {world.put_away()[0]}
    # With the first portion nobody knows whether something will come of it, and what is good is not to go with the bad.
    assert world.put_away()[0].startswith("processed/")


def test_a_rescan_reads_no_file_that_is_under_embargo(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        world.write(f"{number}.json", file(item(str(number), NOW, embargoed=embargo(NOW + 600 + number))))
    world.look_through()
    assert len(world.unfinished) == 100
    asked: list[object] = []
    monkeypatch.setattr(world.hearing._quick, "submit", asked.extend)
    world.look_through()
    assert asked == []


def test_a_pipe_in_the_place_of_a_file_under_embargo_is_refused_for_itself(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    path.unlink()
    os.mkfifo(path)
    os.utime(path, (NOW, NOW))
    world.clock.now += 30
    world.look_through()
    assert [(letter.reason, letter.attempts) for letter in world.memory.letters] == [("not_regular", 1)]
    assert world.waiting() == []
    assert world.rows("SELECT state, put_away = '', held FROM files ORDER BY number") == [
        ("rejected", 1, 0),
        ("rejected", 0, 0),
    ]
    assert world.rows("SELECT * FROM held") == []


def given_up(world: World) -> tuple[object, ...]:
    """What the ledger has of the one file that went before all of it was through."""
    (row,) = world.rows("SELECT state, reason, message, refused, put_away, finished_at FROM files")
    return row


def test_a_file_of_which_nothing_came_before_it_went_is_rejected_with_a_reason(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    path.unlink()
    world.clock.now += 60
    world.turn()
    state, reason, message, refused, put_away, finished_at = given_up(world)
    assert (state, reason, refused, put_away) == ("rejected", "unreadable", 0, "")
    assert str(message).startswith("It was changed, or taken away, before all of its records were through")
    assert finished_at == round(world.clock.now * 1000)
    assert world.memory.messages == []  # held text is in no letter


def test_a_file_that_went_after_a_record_was_refused_keeps_the_reason_with_its_message(world: World) -> None:
    bad = json.dumps({"body": 5})
    held = json.dumps({"id": "7", "agency": "NTB", "pubstatus": "withheld", "body": "Secret."})
    path = world.drop("a.ndjson", f"{bad}\n{held}\n")
    world.turn()
    before = world.rows("SELECT reason, message FROM files WHERE state = 'embargoed'")
    path.write_text("")
    world.closed(path)
    world.turn()
    assert before == [("bad_format", before[0][1])]
    assert world.rows("SELECT state, reason, message FROM files ORDER BY number")[0] == ("rejected", *before[0])


def test_a_file_of_which_something_came_before_it_went_has_a_message_and_no_reason(world: World) -> None:
    path = world.drop("a.json", file(item("one", NOW, embargoed=embargo(NOW + 60)), item("two", NOW)))
    world.turn()
    path.unlink()
    world.clock.now += 60
    world.turn()
    state, reason, message, *_ = given_up(world)
    assert (state, reason) == ("put_away", None)
    assert str(message).startswith("It was changed, or taken away")


def test_a_file_under_embargo_that_is_taken_away_is_noticed(world: World) -> None:
    kept = world.drop("kept.json", file(item("kept", NOW, embargoed=embargo(NOW + 60))))
    gone = world.drop("gone.json", file(item("gone", NOW, embargoed=embargo(NOW + 60))))
    world.turn()
    gone.unlink()
    world.turn()
    world.turn()
    assert [world.unfinished.knows(str(path)) for path in (kept, gone)] == [True, False]
    assert world.rows("SELECT path, state FROM files ORDER BY path") == [
        ("gone.json", "rejected"),
        ("kept.json", "embargoed"),
    ]
