from newswire.pace import Pace


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.stopped = False

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.stopped


def test_so_many_a_second_pass_and_no_more() -> None:
    time = Time()
    pace = Pace(10, wait=time.wait, clock=time.clock)
    assert all(pace.step() for _ in range(21))
    assert round(time.now, 6) == 2.0


def test_what_was_missed_is_not_made_up_for_by_a_burst() -> None:
    time = Time()
    pace = Pace(10, wait=time.wait, clock=time.clock)
    pace.step()
    time.now = 100.0
    for _ in range(11):
        pace.step()
    assert round(time.now, 6) == 101.0


def test_a_stop_ends_the_waiting() -> None:
    time = Time()
    pace = Pace(10, wait=time.wait, clock=time.clock)
    time.stopped = True
    assert not pace.step()
