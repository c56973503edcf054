from services.ingest.arrivals import Sighting
from services.ingest.inbox import Inbox
from services.ingest.read import FileVersion
from services.ingest.settle import OPEN_LIMIT, Settling

FILE = Sighting("/inbox/a", Inbox("/inbox"), 1000.0)


def version(mtime: float, size: int = 10) -> FileVersion:
    return FileVersion(1, 2, size, int(mtime * 1e9), int(mtime * 1e9))


def test_an_old_file_is_whole() -> None:
    assert Settling(2.0).wait_for(FILE, version(900.0), 1000.0) == 0


def test_a_young_file_waits_for_the_rest_of_the_settle_time() -> None:
    assert Settling(2.0).wait_for(FILE, version(999.5), 1000.0) == 1.5


def test_a_file_that_grows_starts_over() -> None:
    settling = Settling(2.0)
    settling.hold(FILE, version(1000.0), 2.0, 1000.0)
    assert settling.due(1001.9) == []
    assert settling.due(1002.0) == [FILE]
    assert settling.wait_for(FILE, version(1001.5, size=20), 1002.0) == 1.5


def test_a_file_from_the_future_is_whole_when_it_kept_still() -> None:
    settling = Settling(2.0)
    assert settling.wait_for(FILE, version(9999.0), 1000.0) == 2.0
    settling.hold(FILE, version(9999.0), 2.0, 1000.0)
    assert settling.wait_for(FILE, version(9999.0), 1002.0) == 0


def test_a_file_that_is_being_written_may_pause_longer() -> None:
    settling = Settling(2.0, being_written=lambda path: path == FILE.path)
    assert settling.wait_for(FILE, version(990.0), 1000.0) == OPEN_LIMIT - 10
    settling.hold(FILE, version(990.0), OPEN_LIMIT - 10, 1000.0)
    assert settling.due(1002.0) == [FILE]  # looked at again soon: it may have been closed


def test_a_file_that_is_whole_or_gone_is_forgotten() -> None:
    settling = Settling(2.0)
    settling.hold(FILE, version(1000.0), 2.0, 1000.0)
    assert (len(settling), settling.oldest(), settling.next_due()) == (1, FILE.seen_at, 1002.0)
    settling.forget(FILE.path)
    assert (len(settling), settling.oldest()) == (0, None)
    assert settling.due(2000.0) == []


def test_a_clock_that_goes_back_keeps_no_file_waiting() -> None:
    settling = Settling(2.0)
    settling.hold(FILE, version(10_000.0), 2.0, 10_000.0)
    assert settling.due(6_400.0) == [FILE]


def test_a_file_that_waits_or_is_being_written_is_looked_at_before_it_is_read() -> None:
    settling = Settling(2.0)
    assert settling.limit(FILE, 1000.0) == 998_000_000_001
    settling.hold(FILE, version(1000.0), 2.0, 1000.0)
    assert settling.limit(FILE, 1000.0) is None
    # Its writer may pause for longer than the settle time.
    assert Settling(2.0, lambda _path: True).limit(FILE, 1000.0) is None
