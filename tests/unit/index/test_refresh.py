import threading
from datetime import UTC, datetime, timedelta

from services.index.refresh import Refresher

WRITTEN = datetime(2025, 2, 7, 12, 0, tzinfo=UTC)
SEARCHABLE = WRITTEN + timedelta(seconds=2)


def test_latency_is_observed_when_the_refresh_is_done_and_a_failed_one_is_made_up_for() -> None:
    observed: list[tuple[datetime, datetime]] = []
    all_seen = threading.Event()
    attempts: list[int] = []

    def refresh() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise ConnectionError("away")

    def searchable(available_at: datetime, now: datetime) -> None:
        observed.append((available_at, now))
        if len(observed) == 2:
            all_seen.set()

    refresher = Refresher(refresh, searchable, interval=lambda: 0.001, now=lambda: SEARCHABLE)
    refresher.written([WRITTEN])
    refresher.written([WRITTEN])
    assert all_seen.wait(10)
    refresher.close(10)
    assert observed == [(WRITTEN, SEARCHABLE)] * 2


def test_closing_refreshes_what_was_written_last() -> None:
    observed: list[datetime] = []
    refresher = Refresher(lambda: None, lambda at, _: observed.append(at), interval=lambda: 60, now=lambda: SEARCHABLE)
    refresher.written([WRITTEN])
    refresher.close(10)
    assert observed == [WRITTEN]
