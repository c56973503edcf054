"""The hunt: child processes that read one mutant after another, and a parent that notices where one does not return.

A child says each input's number before it reads it, so that the parent can make
the same input again when the child hangs or dies of it.
"""

import io
import resource
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from tests.fuzz.mutant import mutant
from tests.fuzz.seeds import form_of, seeds
from tests.fuzz.verdict import complaint

# What a reader may take for one input; the largest has 300 kB, and the machine may be busy.
LIMIT = 2.0  # seconds of its processor
PATIENCE = 10 * LIMIT  # seconds by the clock
# Beyond what a process needs that has loaded every reader.
MEMORY = 512 * 1024 * 1024  # bytes
START_LIMIT = 120.0  # seconds

# One input in so many is read twice, the second time in small pieces.
IN_PIECES = 4
PIECES = (1, 7, 100, 4_096)


class Finding(NamedTuple):
    """An input on which a reader did what it must not; ``kind`` is equal for what is probably one bug."""

    number: int
    kind: str
    told: str


class Progress(NamedTuple):
    """How many inputs were read, by the format that each was taken for."""

    read: Counter[str]


def hunt(start: int, length: float, jobs: int) -> Iterator[Finding | Progress]:
    """Read mutants of the run ``start`` for ``length`` seconds, in ``jobs`` processes."""
    deadline = time.monotonic() + length
    counts: Counter[str] = Counter()
    children = [_Child(start, job, jobs) for job in range(jobs)]
    try:
        while time.monotonic() < deadline:
            ready = wait([child.pipe for child in children], timeout=0.5)
            for child in children:
                finding = child.listen(counts) if child.pipe in ready else child.overdue()
                if finding:
                    yield finding
            yield Progress(counts)
    finally:
        for child in children:
            child.end()


def judge(name: str, data: bytes, number: int) -> str | None:
    """What is wrong with one input: a complaint, a traceback, or the time that it took; None where nothing is."""
    step = PIECES[number // IN_PIECES % len(PIECES)] if number % IN_PIECES == 0 and len(data) < 20_000 else None
    before = time.process_time()
    try:
        with redirect_stderr(io.StringIO()):
            told = complaint(name, data, step)
    except Exception:
        return traceback.format_exc()
    took = time.process_time() - before
    return told if told or took < LIMIT else f"It took {took:.1f} s for {len(data):,} bytes.\n{form_of(data, name)}"


class _Child:
    """A process that reads every ``jobs``-th input, and is replaced where it does not survive one."""

    def __init__(self, start: int, first: int, jobs: int) -> None:
        self._start, self._next, self._jobs = start, first, jobs
        self._begin()

    def _begin(self) -> None:
        self.pipe, theirs = get_context("spawn").Pipe(duplex=False)
        self._process = get_context("spawn").Process(
            target=_serve, args=(theirs, self._start, self._next, self._jobs), daemon=True
        )
        self._process.start()
        theirs.close()
        self._heard = time.monotonic() + START_LIMIT

    def listen(self, counts: Counter[str]) -> Finding | None:
        """What it says: the number and format of what it has read, and what was wrong with it."""
        try:
            number, form, told = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            return self._lost(f"The process ended with status {self._process.exitcode}.")
        self._next, self._heard = number + self._jobs, time.monotonic()
        counts[form] += 1
        return Finding(number, _kind(told), told) if told else None

    def overdue(self) -> Finding | None:
        """A finding where it has been silent for too long."""
        return self._lost("The reader did not come to an end.") if time.monotonic() - self._heard > PATIENCE else None

    def _lost(self, told: str) -> Finding:
        self.end()
        number, self._next = self._next, self._next + self._jobs
        self._begin()
        return Finding(number, told, told)

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, start: int, first: int, jobs: int) -> None:
    known = seeds()
    _confine()
    number = first
    while True:
        name, data = mutant(start, number, known)
        told = judge(name, data, number)
        try:
            pipe.send((number, form_of(data, name), told))
        except BrokenPipeError:
            return
        number += jobs


def _confine() -> None:
    """No core files, and no more memory than any input may take."""
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def _kind(told: str) -> str:
    """The last place of our own in a traceback and what was raised there; else the words without their numbers."""
    lines = told.strip().splitlines()
    places = [line.strip() for line in lines if line.strip().startswith("File ") and "/services/" in line]
    if places:
        return f"{lines[-1].partition(':')[0]} in {places[-1].rpartition('/services/')[2]}"
    return "".join("#" if character.isdigit() else character for character in lines[-1])[:60]
