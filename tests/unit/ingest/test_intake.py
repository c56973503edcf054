import os
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newswire.dead_letter import ORIGINAL_CAP
from newswire.reasons import Reason
from services.ingest.arrivals import Sighting
from services.ingest.put_away import Finished
from services.ingest.reader import DirectReader, Lost, Word
from services.ingest.readers import format as readers
from services.ingest.reading import GLANCE, PORTION_RECORDS
from services.ingest.readings import Limits
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.stories import FERRY, story
from tests.unit.ingest.test_parts import lines
from tests.unit.ingest.world import NOW, World


def reasons(world: World) -> list[Reason]:
    return [letter.reason for letter in world.memory.letters]


def test_a_file_that_was_closed_does_not_wait(world: World) -> None:
    world.drop("ferry.txt", FERRY)
    assert world.turn() == 1
    assert world.metric("rescan_found_total") == 0


def test_a_young_file_found_by_the_rescan_waits_until_it_kept_still(world: World) -> None:
    path = world.write("ferry.txt", FERRY[:300], age=1)
    world.look_through()
    assert world.metric("inbox_files", state="settling") == 0  # as of the turn's beginning
    world.clock.now += 1
    path.write_text(FERRY)
    os.utime(path, (world.clock.now, world.clock.now))
    world.look_through()
    assert world.memory.messages == []
    assert world.metric("inbox_files", state="settling") == 1
    world.clock.now += 2
    assert world.turn() == 1
    assert len(world.memory.articles[0].body) > 300
    assert world.metric("rescan_found_total") == 1


def test_a_waiting_file_that_is_closed_goes_at_once(world: World) -> None:
    path = world.write("ferry.txt", FERRY, age=0)
    world.look_through()
    assert world.memory.messages == []
    world.closed(path)
    assert world.turn() == 1
    assert len(world.settling) == 0


def test_a_file_that_is_written_again_after_its_close_waits_for_the_second_one(world: World) -> None:
    path = world.drop("ferry.txt", FERRY)
    world.clock.now += 0.1
    path.write_text(FERRY[:300])
    os.utime(path, (world.clock.now, world.clock.now))
    world.turn()
    assert world.memory.messages == []
    world.drop("ferry.txt", FERRY)
    assert world.turn() == 1
    assert len(world.memory.articles[0].body) > 300


def test_a_file_that_was_moved_in_with_an_old_time_is_found(world: World) -> None:
    world.write("old.txt", FERRY, age=9_999_999)
    assert world.look_through() == 1


def test_a_truncated_text_waits_for_its_rest_although_it_was_closed(world: World) -> None:
    path = world.drop("a.json", '{"body": "Half')
    assert world.turn() == 0
    world.clock.now += 1
    world.write("a.json", '{"body": "Half and half."}', age=0)
    world.closed(path)
    assert world.turn() == 1
    assert world.memory.articles[0].body == "Half and half."
    assert reasons(world) == []


def test_a_truncated_text_that_nobody_finishes_is_refused(world: World) -> None:
    world.drop("a.json", '{"body": "Half')
    assert world.turn() == 0
    world.clock.now += 2
    assert world.turn() == 1
    assert reasons(world) == [Reason.TRUNCATED]
    assert world.waiting() == []


def test_a_file_that_goes_before_it_is_read_is_nothing(world: World) -> None:
    world.drop("ferry.txt", FERRY).unlink()
    assert world.turn() == 0
    assert world.memory.messages == []


def test_a_file_that_is_unreadable_waits_for_its_permissions_and_is_then_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.drop("ferry.txt", FERRY)
    world.clock.now = path.stat().st_ctime
    real = os.open

    def refuse(name: str, *arguments: int) -> int:
        if name == str(path):
            raise PermissionError(13, "Permission denied")
        return real(name, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    assert world.turn() == 0
    world.clock.now += 1
    assert world.turn() == 0
    world.clock.now += 1
    assert world.turn() == 1
    assert reasons(world) == [Reason.UNREADABLE]
    assert "Permission denied" in world.memory.letters[0].message


def test_pipes_and_links_are_refused_and_put_away_as_they_are(world: World, tmp_path: Path) -> None:
    os.mkfifo(world.root / "pipe")
    (tmp_path / "secret.txt").write_text("the secret")
    (world.root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (world.root / "directory").symlink_to(tmp_path)
    world.clock.now = (world.root / "pipe").lstat().st_mtime + 10
    world.look_through()
    assert reasons(world) == [Reason.NOT_REGULAR] * 3
    assert not any(b"the secret" in message.value for message in world.memory.messages)
    assert world.waiting() == []
    assert (tmp_path / "secret.txt").exists()
    (rejected,) = (world.data / "rejected").iterdir()
    assert stat.S_ISFIFO((rejected / "pipe").lstat().st_mode)


def test_a_document_over_the_limit_is_refused(make_world: MakeWorld) -> None:
    world = make_world(reading=readers.Limits(document=1000))
    world.drop("large.txt", "x" * 1001)
    world.turn()
    assert reasons(world) == [Reason.TOO_LARGE]
    assert world.memory.letters[0].original == b"x" * 1001


def test_a_letter_says_when_its_bytes_are_not_all(make_world: MakeWorld) -> None:
    world = make_world(reading=readers.Limits(document=1000))
    world.drop("large.txt", b"x" * (ORIGINAL_CAP + 1))
    world.turn()
    (letter,) = world.memory.letters
    assert (len(letter.original), letter.bytes_complete) == (GLANCE, False)


def test_a_crowd_is_taken_in_batches(make_world: MakeWorld) -> None:
    world = make_world(limits=Limits(10, 8_000_000))
    for number in range(25):
        world.write(f"{number}.txt", story(number))
    world.rescan.look_through()
    assert [world.turn() for _ in range(4)] == [10, 10, 5, 0]


def test_a_batch_is_bounded_by_bytes_too(make_world: MakeWorld) -> None:
    world = make_world(limits=Limits(10, 300))
    for number in range(9):
        world.write(f"{number}.txt", story(number))
    world.rescan.look_through()
    done = 0
    while turned := world.turn():
        assert turned < 4
        done += turned
    assert done == 9


def test_the_oldest_file_comes_first(world: World) -> None:
    for age in (5, 500, 50):
        world.write(f"{age}.txt", story(age), age=age)
    world.look_through()
    assert [article.source.path for article in world.memory.articles] == ["500.txt", "50.txt", "5.txt"]


@pytest.mark.parametrize("seconds", [-(10**10), 3 * 10**10])  # the years 1653 and 2920
@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="a file system that keeps any time is needed")  # noqa: S108
@pytest.mark.parametrize("finished", Finished)
def test_a_file_of_any_century_is_published_and_known_again(seconds: int, finished: Finished) -> None:
    with TemporaryDirectory(dir="/dev/shm") as base:
        world = World(Path(base), finished=finished)
        path = world.write("ferry.txt", FERRY)
        os.utime(path, ns=(0, seconds * 10**9))
        assert path.lstat().st_mtime_ns == seconds * 10**9
        world.closed(path)
        world.turn()
        world.clock.now += 3  # what is of the future has to keep still
        world.turn()
        assert [article.source.path for article in world.memory.articles] == ["ferry.txt"]
        for _ in range(2):
            assert world.look_through() == 0
        assert world.waiting() == (["ferry.txt"] if finished is Finished.KEEP else [])
        assert world.rows("SELECT state FROM files") == [("put_away",)]
        world.ledger.close()


def test_one_bad_file_does_not_stop_the_others(world: World) -> None:
    world.drop("bad.txt", b"\0\0")
    world.drop("good.txt", FERRY)
    assert world.turn() == 2
    assert len(world.memory.articles) == 1
    assert reasons(world) == [Reason.NOT_TEXT]


def test_temporary_files_stay(world: World) -> None:
    for name in (".a.txt", "a.tmp", "a.part", "a.filepart", "a.txt~", ".git/a.txt"):
        world.write(name, FERRY)
    assert world.look_through() == 0
    assert len(world.waiting()) == 6


def test_the_gauges_say_what_waits_and_since_when(world: World) -> None:
    world.write("young.txt", FERRY, age=1)
    world.look_through()
    world.arrivals.announce(Sighting("/nowhere", world.inbox, NOW + 1, NOW + 1))
    world.turn()
    assert world.metric("oldest_unfinished_timestamp_seconds", stage="ingest") == NOW
    assert world.metric("inbox_files", state="waiting") == 0


def test_everything_is_counted(world: World) -> None:
    world.drop("a.txt", FERRY)
    world.drop("b.txt", FERRY)
    world.drop("c.txt", b"")
    world.turn()
    assert world.metric("articles_in_total", stage="ingest") == 3
    for outcome, count in (("ok", 1), ("duplicate", 1), ("dead", 1)):
        assert world.metric("articles_out_total", stage="ingest", outcome=outcome) == count
    assert world.metric("bytes_in_total", stage="ingest") == 2 * len(FERRY.encode())
    assert world.metric("bytes_out_total", stage="ingest") > 0
    assert world.metric("last_success_timestamp_seconds", stage="ingest") == NOW
    assert world.metric("in_flight_articles", stage="ingest") == 0


class Deadly(DirectReader):
    """Dies of the next ``deaths`` files, or is late with them."""

    deaths = 0
    late = False

    def take(self, timeout: float) -> list[Word]:
        words: list[Word] = []
        while self.deaths and self._requests:
            self.deaths -= 1
            words.append(Lost(self._requests.popleft().number, self.late))
        return words + super().take(timeout)


@pytest.fixture
def deadly(world: World) -> Deadly:
    """The slow reader."""
    world.hearing._slow = reader = Deadly(readers.Limits())
    return reader


def turns(world: World) -> None:
    for _ in range(5):
        world.turn()


def test_a_reader_that_died_of_something_else_costs_no_file(world: World, deadly: Deadly) -> None:
    deadly.deaths = 1
    world.drop("many.ndjson", lines(PORTION_RECORDS + 1))
    turns(world)
    assert reasons(world) == []
    assert len(world.memory.articles) == PORTION_RECORDS + 1


@pytest.mark.parametrize(("late", "deaths", "reason"), [(False, 2, "bad_format"), (True, 1, "reader_timeout")])
def test_a_file_that_is_too_much_for_its_readers_is_refused(
    world: World, deadly: Deadly, late: bool, deaths: int, reason: str
) -> None:
    deadly.deaths, deadly.late = deaths, late
    world.drop("many.ndjson", lines(PORTION_RECORDS + 1))
    world.drop("ferry.txt", FERRY)
    turns(world)
    assert [str(one) for one in reasons(world)] == [reason]
    assert len(world.memory.articles) == 1
    assert world.waiting() == []


def test_a_file_that_is_finished_while_its_half_is_read_does_not_wait_for_the_settle_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.drop("a.json", '{"body": "Half')
    reader = world.hearing._quick
    real = reader.take

    def take(timeout: float) -> list[Word]:
        words = real(timeout)
        monkeypatch.undo()
        world.write("a.json", '{"body": "Half and half."}', age=0)
        world.closed(path)
        for sighting in world.arrivals.take(1, 0):  # as a turn does, while the answer is on its way
            world.readings.look(sighting)
        return words

    monkeypatch.setattr(reader, "take", take)
    assert world.turn() == 0
    assert world.turn() == 1
    assert world.memory.articles[0].body == "Half and half."
