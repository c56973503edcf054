from newswire.backlog import Backlog
from newswire.reasons import Stage
from newswire.replay.room import LEAST, LOOK, Room
from newswire.topics import DEAD, ENRICH_GROUP, ENRICHED, INDEX_GROUP, RAW


class World:
    """Lags that change as time passes, and a clock that waiting moves."""

    def __init__(self, *raw: int, enriched: int = 0, dead: int = 0, members: int = 1) -> None:
        self.raw = list(raw)
        self.others = enriched, dead
        self.members = members
        self.time = 0.0
        self.looks = 0
        self.told: list[int] = []
        self.stopped = False

    def look(self) -> list[Backlog]:
        self.looks += 1
        lag = self.raw.pop(0) if len(self.raw) > 1 else self.raw[0]
        enriched, dead = self.others
        return [
            Backlog(ENRICH_GROUP, RAW.name, lag, 10_000, self.members),
            Backlog(INDEX_GROUP, ENRICHED.name, enriched, 10_000, 1),
            Backlog(INDEX_GROUP, DEAD.name, dead, 10_000, 1),
        ]

    def wait(self, seconds: float) -> bool:
        self.time += seconds
        return self.stopped

    def room(self, stage: Stage = Stage.ENRICH, rate: float = 100.0) -> Room:
        return Room(stage, rate, look=self.look, wait=self.wait, tell=self.told.append, clock=lambda: self.time)


def test_a_job_waits_until_less_than_a_second_of_it_is_still_to_do_and_says_so_once() -> None:
    world = World(300, 200, 101, 100)
    assert world.room().step()
    assert world.told == [300]
    assert world.time == 3 * LOOK


def test_the_broker_is_asked_twice_a_second_at_most() -> None:
    world = World(0)
    room = world.room()
    assert all(room.step() for _ in range(100))
    assert world.looks == 1
    world.time += LOOK
    room.step()
    assert world.looks == 2


def test_what_waits_behind_the_stage_counts_too_but_not_what_waits_before_it() -> None:
    behind = World(60, enriched=60)
    behind.stopped = True
    assert not behind.room().step()
    before = World(1000, enriched=60)
    assert before.room(Stage.INDEX).step()
    assert before.told == []


def test_a_slow_job_lets_a_few_wait_all_the_same() -> None:
    world = World(LEAST)
    assert world.room(rate=1.0).step()
    assert world.told == []


def test_nobody_is_waited_for_who_does_not_run() -> None:
    world = World(5000, members=0)
    assert world.room().step()


def test_a_job_that_is_stopped_while_it_waits_does_not_go_on() -> None:
    world = World(5000)
    world.stopped = True
    assert not world.room().step()
