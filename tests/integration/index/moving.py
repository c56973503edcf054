"""A migration that kills itself (SIGKILL) at one point of its steps: ``moving.py URL ALIAS "before 3"``."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from elasticsearch import Elasticsearch

from services.index.generations import migrate
from services.index.generations.copying import Copying
from tests.integration.index.shelf import Shelf

# The step, and the function that does it; "page" is a single one of step 1, of which there are several.
STEPS: dict[str, tuple[Any, str]] = {
    "page": (Copying, "_write"),
    "1": (migrate, "_copy_in_passes"),
    "2": (migrate, "_block"),
    "4": (migrate, "_count"),
    "5": (migrate, "_swap"),
}
POINTS = ["after page", "after 1", "after 2", "before 4", "after 4", "after 5"]
PAGES = 3


def kill_at(point: str) -> None:
    """Arrange for the end at ``point``."""
    when, step = point.split()
    owner, name = STEPS[step]
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def ends(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if step != "page" or calls == PAGES:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, ends)


if __name__ == "__main__":
    url, alias, point = sys.argv[1:]
    kill_at(point)
    with Elasticsearch(url) as client:
        Shelf(client, alias).paged(10).with_mapping(sort="asc").declare()
