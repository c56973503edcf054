"""Enrichment in processes that may be killed one by one.

``concurrent.futures`` breaks as a whole when one process dies, and can stop no
task. Here each process has a socket and a thread: the thread sends a handful of
jobs, reads one answer a job, and replaces the process when it dies or when an
answer does not come in time. The article it was at is tried once more, alone,
after a crash, and goes on without enrichment after that, or after a time-out with
what was found until then; the other articles of the handful are done by the next process.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from newswire.reasons import Reason, RetryReason
from newswire.worker import Worker
from services.enrich.core import Answer, Job, Slow

# Enough to hide the way to the process and back, few enough that the last one of a batch is not waited for alone.
HANDFUL = 16
# Loading the gazetteer takes well under a second; building it at the very first start takes much longer.
START_LIMIT = 300.0  # seconds

CHILD = "services.enrich.child"

Lost = Callable[[Job, Reason], Answer]


class _Task:
    """One job of a batch: its place in the answers and how often a process died of it."""

    __slots__ = ("crashes", "index", "job")

    def __init__(self, index: int, job: Job) -> None:
        self.index = index
        self.job = job
        self.crashes = 0


class Pool:
    """``size`` worker processes; ``run`` is awaited by one batch at a time.

    ``lost(job, reason)`` makes the answer for an article that enrichment timed
    out or crashed on. ``on_retry`` is told of every repetition. Raises
    WorkerStartError, at construction or from ``run``, when no process can be
    started. ``module`` is what a process runs.
    """

    def __init__(
        self, size: int, *, limit: float, lost: Lost, on_retry: Callable[[RetryReason], None], module: str = CHILD
    ) -> None:
        self._module = module
        self._limit = limit
        self._lost = lost
        self._on_retry = on_retry
        self._decode = msgspec.msgpack.Decoder(Answer | Slow).decode
        self._encode = msgspec.msgpack.Encoder().encode
        self._lock = threading.Lock()
        # One thread a process, kept for ever: the kernel ends a child when the thread ends that made it.
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="enrich")
        self._processes = list(self._threads.map(lambda _: self._started(), range(size)))

    @property
    def pids(self) -> list[int]:
        """The worker processes of this moment."""
        return [process.pid for process in self._processes]

    async def run(self, jobs: Sequence[Job]) -> list[Answer]:
        """One answer a job, in order; the event loop stays free meanwhile."""
        tasks = deque(_Task(index, job) for index, job in enumerate(jobs))
        answers: list[Answer | None] = [None] * len(jobs)
        loop = asyncio.get_running_loop()
        turns = [
            loop.run_in_executor(self._threads, self._serve, slot, tasks, answers)
            for slot in range(len(self._processes))
        ]
        await asyncio.gather(*turns)
        return [answer for answer in answers if answer is not None]

    def close(self) -> None:
        """End all processes at once; whatever they were at comes again from Kafka."""
        for process in self._processes:
            process.end()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _serve(self, slot: int, tasks: deque[_Task], answers: list[Answer | None]) -> None:
        """Feed the process of ``slot`` until no task is left; runs on a thread."""
        while True:
            handful = self._handful(tasks)
            if not handful:
                return
            done = 0
            try:
                process = self._processes[slot]
                process.socket.send_bytes(self._encode([task.job for task in handful]))
                for task in handful:
                    answer, in_time = self._answer(process, task.job)
                    answers[task.index] = answer
                    done += 1
                    if not in_time:
                        raise TimeoutError
            except TimeoutError:
                self._replace(slot, handful[done:], tasks)
            except (EOFError, OSError):
                culprit = handful[done]
                culprit.crashes += 1
                if culprit.crashes > 1:
                    answers[culprit.index] = self._lost(culprit.job, Reason.ENRICHMENT_CRASH)
                    done += 1
                else:
                    self._on_retry(RetryReason.WORKER_CRASH)
                self._replace(slot, handful[done:], tasks)

    def _answer(self, process: Worker, job: Job) -> tuple[Answer, bool]:
        """The answer for a job that is at work, and whether it is the last word; what there is of it otherwise."""
        deadline = time.monotonic() + self._limit
        latest: Answer | None = None
        while process.socket.poll(max(0.0, deadline - time.monotonic())):
            told = self._decode(process.socket.recv_bytes())
            if not isinstance(told, Slow):
                return told, True
            latest = told.done
        return latest or self._lost(job, Reason.ENRICHMENT_TIMEOUT), False

    def _handful(self, tasks: deque[_Task]) -> list[_Task]:
        """The next jobs for one process; one that a process died of goes alone, and takes no other with it."""
        handful: list[_Task] = []
        with self._lock:
            share = 1 + len(tasks) // (2 * len(self._processes))
            while tasks and len(handful) < min(HANDFUL, share) and not (handful and tasks[0].crashes):
                handful.append(tasks.popleft())
                if handful[0].crashes:
                    break
        return handful

    def _replace(self, slot: int, rest: list[_Task], tasks: deque[_Task]) -> None:
        """Put back what was not reached, the suspect last, and start a new process in ``slot``."""
        with self._lock:
            for task in sorted(rest, key=lambda task: task.crashes):
                tasks.append(task)
        self._processes[slot].end()
        self._processes[slot] = self._started()

    def _started(self) -> Worker:
        process = Worker(self._module)
        process.wait_until_ready(START_LIMIT)
        return process
