"""The ingest service that kills itself (SIGKILL) at one point of its steps: ``python killed.py "before 3"``.

A point is passed first by the service's own thread; nothing after it is done,
nothing is flushed, no handler runs.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from newswire.logging import configure
from services.ingest.broker import KafkaPublisher
from services.ingest.ledger import Ledger
from services.ingest.main import run
from services.ingest.put_away import Shelf

# The step, and the method that does it.
STEPS: dict[str, tuple[type, str]] = {
    "2": (Ledger, "fix"),
    "3": (KafkaPublisher, "send"),
    "4": (KafkaPublisher, "settle"),
    "5": (Ledger, "finish"),
    "6": (Shelf, "move"),
    "7": (Ledger, "put_away"),
}
POINTS = [f"{when} {step}" for step in STEPS for when in ("before", "after")]


def kill_at(point: str) -> None:
    """Arrange for the end at ``point``."""
    when, step = point.split()
    owner, name = STEPS[step]
    original: Callable[..., Any] = getattr(owner, name)

    def tripped(*arguments: Any, **named: Any) -> Any:
        if when == "after":
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, tripped)


if __name__ == "__main__":
    configure("info", "logfmt")
    kill_at(sys.argv[1])
    run(threading.Event())
