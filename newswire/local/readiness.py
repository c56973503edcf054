"""Waiting for engines, and what to tell when one does not come up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from newswire.local.engine import Engine
from newswire.local.errors import LocalStackError
from newswire.local.progress import Progress
from newswire.local.supervise import Child

POLL = 0.1  # seconds between two looks
# How much of the log of an engine that failed a person wants to see.
LAST_LINES = 12


def await_ready(
    engines: Sequence[Engine],
    limit: float,
    progress: Progress,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Block until every engine takes requests, at most `limit` seconds.

    Raises LocalStackError with the end of the log of the one that died or came
    too late; the engines are left as they are.
    """
    begun = clock()
    waiting = list(engines)
    while waiting:
        for engine in list(waiting):
            if not engine.child.alive:
                raise LocalStackError(died(engine))
            if engine.is_ready():
                progress.say(f"{engine.name} is ready at {engine.address} ({clock() - begun:.0f} s)")
                waiting.remove(engine)
        if waiting and clock() - begun > limit:
            raise LocalStackError(_late(waiting[0], limit))
        if waiting:
            sleep(POLL)


def died(engine: Engine) -> str:
    """Return how the engine ended, with the end of its log."""
    status = engine.child.returncode or 0
    how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
    return f"{engine.name} {how}; the end of its log, {engine.child.log_file}:\n{_last_lines(engine.child)}"


def _late(engine: Engine, limit: float) -> str:
    return (
        f"{engine.name} was not ready after {limit:.0f} seconds; try again when the machine is less busy."
        f" The end of its log, {engine.child.log_file}:\n{_last_lines(engine.child)}"
    )


def _last_lines(child: Child) -> str:
    return "\n".join(f"    {line}" for line in child.tail(LAST_LINES)) or "    (empty)"
