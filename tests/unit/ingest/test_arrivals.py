import threading

from services.ingest.arrivals import Arrivals, Sighting
from services.ingest.inbox import Inbox

INBOX = Inbox("/inbox")
STOP = threading.Event()


def seen(path: str, at: float = 1.0, closed: float | None = None) -> Sighting:
    return Sighting(path, INBOX, at, closed)


def test_a_file_seen_twice_is_taken_once() -> None:
    arrivals = Arrivals()
    arrivals.find([seen("a")], STOP)
    arrivals.announce(seen("a", 2.0, 2.0))
    arrivals.find([seen("a", 3.0)], STOP)
    assert list(arrivals.take(10, 0)) == [seen("a", 1.0, 2.0)]
    assert list(arrivals.take(10, 0)) == []


def test_first_seen_is_first_taken() -> None:
    arrivals = Arrivals()
    for path in "abc":
        arrivals.find([seen(path)], STOP)
    assert [sighting.path for sighting in arrivals.take(2, 0)] == ["a", "b"]
    assert [sighting.path for sighting in arrivals.take(2, 0)] == ["c"]


def test_the_rescan_does_not_bring_a_file_that_is_in_hand() -> None:
    arrivals = Arrivals()
    arrivals.find([seen("a")], STOP)
    arrivals.take(1, 0)
    arrivals.find([seen("a")], STOP)
    assert len(arrivals) == 0
    arrivals.release(["a"])
    arrivals.find([seen("a")], STOP)
    assert len(arrivals) == 1


def test_an_event_brings_a_file_that_is_in_hand_because_it_was_written_again() -> None:
    arrivals = Arrivals()
    arrivals.announce(seen("a", closed=1.0))
    arrivals.take(1, 0)
    arrivals.announce(seen("a", closed=2.0))
    assert len(arrivals) == 1


def test_an_event_without_room_is_refused_at_once() -> None:
    arrivals = Arrivals(room=1)
    assert arrivals.announce(seen("a", closed=1.0))
    assert not arrivals.announce(seen("b", closed=1.0))
    assert arrivals.announce(seen("a", closed=2.0))


def test_the_rescan_waits_for_room() -> None:
    arrivals = Arrivals(room=1)
    arrivals.announce(seen("a", closed=1.0))
    finder = threading.Thread(target=arrivals.find, args=([seen("b")], STOP), daemon=True)
    finder.start()
    assert [sighting.path for sighting in arrivals.take(1, 0)] == ["a"]
    finder.join(5)
    assert not finder.is_alive()
    assert [sighting.path for sighting in arrivals.take(1, 0)] == ["b"]


def test_a_rescan_that_waits_for_room_lets_the_service_stop() -> None:
    arrivals = Arrivals(room=0)
    stop = threading.Event()
    finder = threading.Thread(target=arrivals.find, args=([seen("b")], stop), daemon=True)
    finder.start()
    stop.set()
    finder.join(5)
    assert not finder.is_alive()


def test_a_take_that_waits_returns_with_the_first_file() -> None:
    arrivals = Arrivals()
    taken: list[Sighting] = []
    taker = threading.Thread(target=lambda: taken.extend(arrivals.take(10, 30)), daemon=True)
    taker.start()
    arrivals.announce(seen("a", closed=1.0))
    taker.join(5)
    assert [sighting.path for sighting in taken] == ["a"]


def test_a_rescan_of_a_full_inbox_leaves_room_for_events() -> None:
    arrivals = Arrivals(room=4)
    stop = threading.Event()
    finder = threading.Thread(target=lambda: [arrivals.find([seen(str(number))], stop) for number in range(3)])
    finder.start()
    finder.join(0.2)
    assert finder.is_alive()
    assert [arrivals.announce(seen(path)) for path in "ab"] == [True, True]
    stop.set()
    finder.join()
