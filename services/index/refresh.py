"""Refreshes on demand: an article is searchable soon after it is written, and we know when.

Elasticsearch's own interval would leave a reader, and the latency metric, to
guess. A thread asks for a refresh when something was written, and then observes
the end-to-end latency of everything written before the refresh began. It follows
the traffic: soon when articles trickle in, seldom when there is a backlog, where
no article is fresh and every refresh takes from the writing; and never more than
a third of the time.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

# A refresh that takes long has much to do; asking again at once would only slow the writing down. Twice as long a
# pause keeps refreshes to a third of the time; ten times was measured too, and cost half a second of latency.
PAUSE = 2
# Beside Elasticsearch's own, every second while somebody searches. Ten a second cost a fifth of the throughput.
BACKLOG_REFRESH = 2.0  # seconds


class Refresher:
    """``refresh()`` is called from one thread of its own; ``searchable(available_at, now)`` once an article.

    ``interval()`` is the least time, seconds, from one refresh to the next, asked after each.
    """

    def __init__(
        self,
        refresh: Callable[[], object],
        searchable: Callable[[datetime, datetime], None],
        *,
        interval: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._refresh = refresh
        self._searchable = searchable
        self._interval = interval
        self._now = now
        self._written: list[datetime] = []
        self._dirty = False
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)
        self._thread.start()

    def written(self, available_at: list[datetime]) -> None:
        """Something is in Elasticsearch and waits for a refresh; may be called from any thread.

        ``available_at`` has an instant for each article; letters have none.
        """
        with self._lock:
            self._written += available_at
            self._dirty = True
        self._wake.set()

    def close(self, timeout: float) -> None:
        """Refresh what was written and end the thread."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            took = self._once()
            if self._stop.is_set():
                self._once()
                return
            self._stop.wait(max(self._interval(), took * PAUSE))

    def _once(self) -> float:
        """One refresh; returns the seconds it took. A failed one is made up for by the next."""
        with self._lock:
            waiting, self._written = self._written, []
            dirty, self._dirty = self._dirty, False
        if not dirty:
            return 0.0
        started = time.monotonic()
        try:
            self._refresh()
        except Exception:  # whatever it was: the articles are safe, the next refresh shows them
            with self._lock:
                self._written = waiting + self._written
                self._dirty = True
            if not self._stop.is_set():
                self._wake.set()
            return 0.0
        done = self._now()
        for available_at in waiting:
            self._searchable(available_at, done)
        return time.monotonic() - started
