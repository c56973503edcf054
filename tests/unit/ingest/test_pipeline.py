"""Two batches at a time: what is on its way to the broker is finished by whoever comes next, and by nobody twice."""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest

from newswire import article
from services.ingest.hearing import Hearing
from services.ingest.memory import MemoryPublisher
from services.ingest.publish import Message, Sending
from services.ingest.put_away import Finished
from services.ingest.reader import DirectReader, Lost, Word
from services.ingest.readers.format import Limits as ReadingLimits
from services.ingest.reading import PORTION_RECORDS, Request, is_last, look_into
from services.ingest.readings import Limits
from tests.unit.ingest.conftest import MakeWorld
from tests.unit.ingest.items import embargo, file, item
from tests.unit.ingest.stories import FERRY, story
from tests.unit.ingest.test_embargo import names
from tests.unit.ingest.test_parts import lines
from tests.unit.ingest.test_unfinished import RELEASE, WITHHELD
from tests.unit.ingest.world import NOW, World

ONE = Limits(1, 1 << 20)
TWO = Limits(2, 1 << 20)


@pytest.fixture(autouse=True)
def time_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is left to the slow reader because the first of a process takes its time."""
    monkeypatch.setattr("services.ingest.reading.QUICK_TIME", 60.0)


class Telling(MemoryPublisher):
    """Notes what is handed over and what is waited for; ``meanwhile`` is called when that is."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, messages: Sequence[Message], most: int | None = None) -> Sending:
        sending = super().send(messages, most)
        self.told.extend(f"send {article.decode(message.value).source.path}" for message in messages)
        return sending

    def settle(self, sending: Sending) -> list[str | None]:
        self.meanwhile()
        self.told.extend(f"settle {article.decode(message.value).source.path}" for message in sending.messages)
        return super().settle(sending)


def drop(world: World, many: int) -> list[str]:
    found = [f"{number}.txt" for number in range(many)]
    for number, name in enumerate(found):
        world.drop(name, story(number))
    return found


def work_off(world: World) -> None:
    """Turns that leave a batch in flight, where there are more."""
    for _ in range(100):
        world.intake.turn(0)
        if not len(world.arrivals) and not world.intake._begun and not len(world.readings):
            return
    raise AssertionError("it does not come to an end")


def test_what_is_on_its_way_to_the_broker_is_unfinished_and_tells_since_when(make_world: MakeWorld) -> None:
    broker = Telling()
    world = make_world(publisher=broker, limits=ONE)
    world.drop("early.txt", story(1))
    world.clock.now += 60
    world.drop("late.txt", story(2))
    seen = []
    broker.meanwhile = lambda: seen.append(world.metric("oldest_unfinished_timestamp_seconds", stage="ingest"))
    world.intake.turn(0)
    assert seen == []
    world.intake.turn(0)
    assert seen[0] == NOW
    work_off(world)
    assert world.metric("oldest_unfinished_timestamp_seconds", stage="ingest") == 0


def test_a_batch_is_handed_over_before_the_one_before_is_waited_for(make_world: MakeWorld) -> None:
    broker = Telling()
    world = make_world(publisher=broker, limits=ONE)
    drop(world, 3)
    work_off(world)
    assert broker.told[:3] == ["send 0.txt", "send 1.txt", "settle 0.txt"]
    assert [one for one in broker.told if one.startswith("settle")] == [f"settle {number}.txt" for number in range(3)]
    assert world.waiting() == []


def test_the_last_batch_is_finished_in_its_turn(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    drop(world, 1)
    assert world.intake.turn(0) == 1
    assert world.waiting() == []


class Hesitant(DirectReader):
    """Says nothing while it is ``silent``, and one word at a time else."""

    silent = False

    def take(self, timeout: float) -> list[Word]:
        if self.silent or not self._requests:
            return []
        return list(look_into(self._requests.popleft(), self._limits))


def test_a_batch_whose_next_is_not_read_yet_does_not_wait_for_it(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    world.hearing._quick = reader = Hesitant(ReadingLimits())
    drop(world, 2)
    assert world.intake.turn(0) == 0
    assert world.waiting() == ["0.txt", "1.txt"]
    reader.silent = True
    assert world.intake.turn(0) == 1
    assert world.waiting() == ["1.txt"]
    reader.silent = False
    assert world.intake.turn(0) == 1


def test_a_stop_finishes_what_was_begun(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    drop(world, 2)
    stop = threading.Event()
    done: list[int] = []

    def after(files: int) -> None:
        done.append(files)
        stop.set()

    world.intake.run(stop, after)
    assert done == [0]
    assert world.waiting() == ["1.txt"]
    assert world.rows("SELECT path, state FROM files") == [("0.txt", "put_away")]


@pytest.mark.parametrize("limits", [ONE, TWO])
def test_the_same_text_in_two_batches_is_published_once_and_counted_as_a_duplicate(
    make_world: MakeWorld, limits: Limits
) -> None:
    world = make_world(limits=limits)
    for name in ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt"):
        world.drop(name, FERRY)
    work_off(world)
    assert len(world.memory.messages) == 1
    assert world.rows("SELECT sum(published), sum(duplicates), sum(refused), count(*) FROM files") == [(1, 4, 0, 5)]


@pytest.mark.parametrize("finished", list(Finished))
def test_every_file_of_a_crowd_is_published_once(make_world: MakeWorld, finished: Finished) -> None:
    world = make_world(limits=TWO, finished=finished)
    found = drop(world, 9)
    work_off(world)
    world.rescan.look_through()
    work_off(world)
    assert sorted(one.source.path for one in world.memory.articles) == found
    assert world.rows("SELECT count(*), sum(published), sum(duplicates) FROM files") == [(9, 9, 0)]
    assert world.waiting() == (found if finished is Finished.KEEP else [])
    assert not world.readings._paths


def test_revisions_of_one_article_in_two_batches_follow_each_other(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    for number in range(4):
        world.drop(f"{number}.json", file(item("one", NOW, headline=f"Take {number}")))
    work_off(world)
    revisions = [one.revision for one in world.memory.articles]
    assert revisions == sorted(set(revisions))
    assert len(revisions) == 4


@pytest.mark.parametrize("order", [(WITHHELD, RELEASE), (RELEASE, WITHHELD)])
def test_what_is_withheld_in_one_batch_and_released_in_the_next_does_not_wait(
    make_world: MakeWorld, order: tuple[str, str]
) -> None:
    world = make_world(limits=ONE)
    for number, content in enumerate(order):
        world.drop(f"{number}.json", content)
    drop(world, 3)
    work_off(world)
    world.turn()
    assert names(world).count("Bridge one, released") == 1
    assert world.waiting() == []


def test_what_was_published_in_the_batch_before_is_taken_back_when_it_is_withheld(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    world.drop("a.json", file(item("one", NOW)))
    world.drop("b.json", file(item("one", NOW + 1, pubstatus="withheld")))
    drop(world, 2)
    work_off(world)
    assert [one.pubstatus for one in world.memory.articles if one.source.path.endswith("json")] == [
        "usable",
        "canceled",
    ]


def test_a_file_that_is_told_of_again_while_it_is_in_flight_is_not_read_a_second_time(make_world: MakeWorld) -> None:
    broker = Telling()
    world = make_world(publisher=broker, limits=ONE)
    drop(world, 4)
    doing: list[str | None] = []
    broker.meanwhile = lambda: doing.append(world.intake.doing(str(world.root / "0.txt")))
    world.intake.turn(0)
    assert world.waiting() == ["0.txt", "1.txt", "2.txt", "3.txt"]
    world.closed(world.root / "0.txt")
    world.rescan.look_through()
    work_off(world)
    assert doing[0] == "reading"
    assert world.rows("SELECT path, published, duplicates FROM files ORDER BY path") == [
        (f"{number}.txt", 1, 0) for number in range(4)
    ]


def test_a_file_is_not_released_by_one_and_read_by_another(make_world: MakeWorld) -> None:
    withheld = file(item("one", NOW, pubstatus="withheld"), item("two", NOW, embargoed=embargo(NOW + 60)))
    world = make_world()
    world.drop("a.json", withheld)
    world.turn()
    world.drop("b.json", RELEASE)
    world.turn()
    world.clock.now += 61  # the embargo is over in the turn in which the other is released
    for _ in range(3):
        world.turn()
    assert sorted(names(world)) == ["Bridge one, released", "Bridge two"]
    assert world.waiting() == []


def test_a_file_whose_record_is_being_released_is_in_hand(make_world: MakeWorld) -> None:
    world = make_world(limits=ONE)
    path = world.drop("a.json", WITHHELD)
    world.turn()
    world.drop("b.json", RELEASE)
    world.turn()
    drop(world, 3)
    world.intake.turn(0)
    assert world.intake._begun
    assert world.intake.doing(str(path)) == "reading"
    work_off(world)
    assert world.waiting() == []


class Dying(DirectReader):
    """Gives a word at a time; dies (or is late) after the first portion of its first file."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__(ReadingLimits())
        self.late = late
        self.words: Iterator[Word] = iter(())
        self.given = count()

    def take(self, timeout: float) -> list[Word]:
        word = next(self.words, None)
        if word is None:
            if not self._requests:
                return []
            self.words = look_into(self._requests[0], self._limits)
            word = next(self.words)
        if next(self.given) == 1:
            word, self.words = Lost(self._requests[0].number, self.late), iter(())
        if is_last(word):
            self._requests.popleft()
            self.words = iter(())
        return [word]


def test_a_reader_that_dies_while_a_portion_is_in_flight_costs_no_record_and_counts_none_twice(
    make_world: MakeWorld,
) -> None:
    world = make_world(limits=TWO)
    world.hearing._slow = Dying()
    world.drop("many.ndjson", lines(2 * PORTION_RECORDS, broken=(3,)))
    drop(world, 12)
    work_off(world)
    for _ in range(3):
        world.turn()
    assert world.rows("SELECT state, done, published, duplicates, refused FROM files WHERE path = 'many.ndjson'") == [
        ("put_away", 2 * PORTION_RECORDS, 2 * PORTION_RECORDS - 1, 0, 1)
    ]
    assert len(world.memory.letters) == 1


def test_a_file_that_goes_while_its_reader_is_lost_is_not_read_on_for_ever(make_world: MakeWorld) -> None:
    world = make_world()
    world.hearing._slow = Dying(late=True)
    path = world.drop("many.ndjson", lines(2 * PORTION_RECORDS))
    world.turn()
    assert world.rows("SELECT state, done FROM files") == [("reading", PORTION_RECORDS)]
    path.unlink()
    world.turn()
    world.look_through()
    assert world.rows("SELECT state FROM files") == [("put_away",)]
    assert not world.unfinished.knows(str(path))


def test_a_portion_that_came_while_others_were_processed_is_taken_at_once() -> None:
    slow = DirectReader(ReadingLimits())
    hearing = Hearing(DirectReader(ReadingLimits()), slow, 500)
    assert not hearing.is_more_at_once
    slow.submit([Request(1, b"/many.ndjson", "many.ndjson", "UTC", quick=False)])
    # The reader has spoken, and says so once: the loop must not sleep now.
    assert hearing.is_more_at_once
