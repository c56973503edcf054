"""The threads that write, and the two queues between them and the loop."""

import queue
import threading
from collections.abc import Callable, Iterator

from newswire.logging import get_logger
from services.index.batch import Batch
from services.index.writer import Writer, Written

log = get_logger()


class Writers:
    """``count`` threads over one writer. Used by the loop's thread alone; ``on_failure`` is called on a writer's.

    What a writer does not know how to meet is kept in ``failure``: its batch counts
    as written with nothing finished, so that nothing is committed past it.
    """

    def __init__(self, writer: Writer, count: int, *, on_failure: Callable[[], None]) -> None:
        self._writer = writer
        self._on_failure = on_failure
        self._batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Batch, Written]] = queue.SimpleQueue()
        # Daemons: a request that hangs must not hold up the leaving.
        self._threads = [
            threading.Thread(target=self._write, name=f"bulk {number}", daemon=True) for number in range(count)
        ]
        self.running = 0
        self.failure: Exception | None = None

    def start(self) -> None:
        """Let them wait for batches."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each end when it has written what it has; does not wait."""
        for _ in self._threads:
            self._batches.put(None)

    def give(self, batch: Batch) -> None:
        """Have ``batch`` written by the first that is idle."""
        self.running += 1
        self._batches.put(batch)

    def results(self, *, wait: float) -> Iterator[tuple[Batch, Written]]:
        """What was written, after waiting at most ``wait`` seconds for the first."""
        while True:
            try:
                result = self._results.get(timeout=wait) if wait else self._results.get_nowait()
            except queue.Empty:
                return
            wait = 0.0
            self.running -= 1
            yield result

    def _write(self) -> None:
        while (batch := self._batches.get()) is not None:
            written = Written([])
            try:
                written = self._writer.write(batch)
            except Exception as error:
                # A mistake of ours: the batch stays unfinished, nothing is committed past it, a restart brings it back.
                log.exception("writer failed", articles=len(batch))
                self.failure = error
                self._on_failure()
            finally:
                self._results.put((batch, written))
