"""A worker process of the real kind: how long until it is ready, and what it holds in memory."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psutil

from bench.enrich.stories import Story
from bench.memory import peak
from newswire.article import SCHEMA
from newswire.worker import Worker
from services.enrich.core import Job

CHILD = "services.enrich.child"
PATIENCE = 300.0  # seconds; the gazetteer may be built at the first start
STARTS = 5
NOW = datetime(2025, 2, 7, tzinfo=UTC)


def ready() -> dict[str, Any]:
    """Seconds from the start of a process to its first word: the median of five, after one that fills the caches.

    ``processor`` is the processor time among them, ``clock`` all of it.
    """
    took, used = [], []
    for _ in range(STARTS + 1):
        started = time.monotonic()
        with running() as worker:
            took.append(time.monotonic() - started)
            times = psutil.Process(worker.pid).cpu_times()
            used.append(times.user + times.system)
    return {"processor": median(used[1:]), "clock": median(took[1:])}


def memory(stories: Sequence[Story], *, workers: int = 2) -> dict[str, Any]:
    """MB of one of ``workers`` processes, as a service runs them, after they have done all ``stories``.

    ``peak_rss`` is the kernel's high-water mark; ``pss`` counts what processes share
    by parts, so that the sum over all of them is what the machine really holds.
    """
    jobs = [Job(story.value, SCHEMA, NOW) for story in stories]
    encode = msgspec.msgpack.Encoder().encode
    with ExitStack() as stack:
        several = [stack.enter_context(running()) for _ in range(workers)]
        idle = [rollup(worker.pid)["Pss"] for worker in several]
        for job in jobs:
            for worker in several:
                worker.socket.send_bytes(encode([job]))
            for worker in several:
                worker.socket.recv_bytes()
        return {
            "peak_rss": max(peak(worker.pid) for worker in several),
            "pss": max(rollup(worker.pid)["Pss"] for worker in several),
            "pss_idle": max(idle),
            "workers": workers,
            "articles": len(jobs),
        }


@contextmanager
def running() -> Iterator[Worker]:
    """A process that has said that it is ready; ended at the end."""
    worker = Worker(CHILD)
    try:
        worker.wait_until_ready(PATIENCE)
        yield worker
    finally:
        worker.end()


def rollup(pid: int) -> dict[str, float]:
    """The kernel's summary of a process's memory, MB by name."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(value.split()[0]) / 1024 for name, _, value in (line.partition(":") for line in lines)}
