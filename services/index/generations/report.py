"""Where long work tells how far it is: sentences, and a bar or what stands in for one."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

Advance = Callable[[int], None]

# Often enough to see that something moves, seldom enough for the log of a container.
LINE_INTERVAL = 10.0  # seconds


class Report(NamedTuple):
    """``say(line)`` tells a line; ``bar(title, total)`` yields a function to be called with each number done."""

    say: Callable[[str], None]
    bar: Callable[[str, int], AbstractContextManager[Advance]]


def in_lines(say: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic) -> Report:
    """A report for where nobody looks at a terminal: instead of a bar, a line every now and then."""

    @contextmanager
    def bar(title: str, total: int) -> Iterator[Advance]:
        done = 0
        started = told = clock()

        def advance(count: int) -> None:
            nonlocal done, told
            done += count
            now = clock()
            if now - told >= LINE_INTERVAL:
                told = now
                say(f"{title}: {done:,} of {total:,}, {done / (now - started):,.0f} a second")

        yield advance

    return Report(say, bar)


SILENT = in_lines(lambda _line: None)
