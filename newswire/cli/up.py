"""``newswire up``: the whole system on this machine."""

import signal
import threading
import time
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from newswire.cli.board import Board
from newswire.cli.failures import explained
from newswire.settings import ServiceSettings, load
from newswire.system import System

# Fast enough to see an article pass, slow enough to read.
LOOK = 0.5  # seconds
# Where nobody watches a live view, a line now and then.
LINE = 30.0  # seconds


@click.command("up")
@click.option(
    "--inbox",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("inbox"),
    show_default=True,
    help="The directory to feed.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Ledger, put-away files, engine data and logs.  [default: NEWSWIRE_DATA or data]",
)
@click.option("--fresh", is_flag=True, help="Forget what Kafka and Elasticsearch hold from earlier runs.")
def command(inbox: Path, data: Path | None, fresh: bool) -> None:
    """Run Kafka, Elasticsearch and the three services on this machine until Ctrl-C or SIGTERM.

    Drop articles into the inbox; find them with `newswire search`. Data is kept
    between runs. NEWSWIRE_KAFKA and NEWSWIRE_ELASTICSEARCH name servers to use
    instead of starting them.
    """
    console = Console()
    stop = threading.Event()
    previous = {
        number: signal.signal(number, lambda *_: _interrupt(stop)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with explained():
            place = (data or load(ServiceSettings).data).absolute()
            with System(
                inbox.absolute(), place, say=lambda line: console.print(line, markup=False), fresh=fresh
            ) as system:
                console.print(_where(system, inbox), markup=False)
                _show(console, system, stop)
                console.print("stopping …")
    except Interrupted:
        pass
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    console.print("stopped")


class Interrupted(BaseException):
    """Ctrl-C while starting: everything that was started is stopped on the way out."""


def _interrupt(stop: threading.Event) -> None:
    if stop.is_set():
        return  # the second Ctrl-C finds the shutdown under way
    stop.set()
    raise Interrupted


def _where(system: System, inbox: Path) -> str:
    return (
        f"Kafka {system.kafka}, Elasticsearch {system.elasticsearch}\n"
        f"Drop articles into {inbox}/ and ask `newswire search WORDS` in another terminal. Ctrl-C stops everything."
    )


def _show(console: Console, system: System, stop: threading.Event) -> None:
    """Until the interrupt: the live table, or on a file or pipe a line every now and then."""
    board = Board()
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            while not stop.is_set():
                system.watch()
                live.update(board.table(system.services, time.monotonic()), refresh=True)
                time.sleep(LOOK)
    due = 0.0
    while not stop.is_set():
        system.watch()
        if time.monotonic() >= due:
            due = time.monotonic() + LINE
            console.print(board.table(system.services, time.monotonic()))
        time.sleep(LOOK)
