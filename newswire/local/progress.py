"""What the local stack tells while it works: sentences, and a bar while it downloads.

A caller hands over a rich console, or a function that takes one line, or
nothing. A console on a terminal gets a bar; everything else gets plain lines,
few enough to stay readable in the log of a build server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as RichProgress

Advance = Callable[[int], None]

# One plain line for each tenth of a download: it shows that something moves without flooding a log.
PLAIN_STEPS = 10


class Progress(Protocol):
    """Where news of the start-up goes."""

    def say(self, line: str) -> None:
        """Tell one line."""

    def bar(self, title: str, total: int) -> AbstractContextManager[Advance]:
        """Show the way through `total` bytes; call the yielded function with each number of bytes done."""


class PlainProgress:
    """One line after the other, through any function that takes a line."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def say(self, line: str) -> None:
        """Tell one line."""
        self._tell(line)

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Advance]:
        """Tell a line whenever another tenth of `total` is done."""
        done = 0
        self._tell(f"{title}: {total / 1e6:.0f} MB")

        def advance(count: int) -> None:
            nonlocal done
            before = done * PLAIN_STEPS // total
            done += count
            after = done * PLAIN_STEPS // total
            if after != before and after > 0:
                self._tell(f"{title}: {min(done, total) / 1e6:.0f} of {total / 1e6:.0f} MB")

        yield advance


class ConsoleProgress:
    """Lines above one moving bar, on a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Print one line, without treating anything in it as markup."""
        self._console.print(line, markup=False, highlight=False)

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Advance]:
        """Draw a bar with size, speed and time left; it stays on the screen when it is full."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        with RichProgress(*columns, console=self._console) as display:
            task = display.add_task(title, total=total)
            yield lambda count: display.advance(task, count)


def progress_for(target: Console | Callable[[str], None] | None) -> Progress:
    """Make the progress that suits `target`; None is silence."""
    if isinstance(target, Console):
        if target.is_terminal:
            return ConsoleProgress(target)
        return PlainProgress(lambda line: target.print(line, markup=False, highlight=False, soft_wrap=True))
    return PlainProgress(target if target is not None else lambda _line: None)
