"""``newswire top``: the running system, live."""

import threading
import time
from collections.abc import Sequence

import click
import msgspec
from kafka.errors import KafkaError
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from newswire import kafka
from newswire.backlog import Backlog, backlogs
from newswire.cli import Failure, json_output
from newswire.cli.board import Board
from newswire.cli.failures import explained
from newswire.cli.interrupt import interruptible
from newswire.figures import Figures
from newswire.logging import printable
from newswire.metrics import INBOX_STATES
from newswire.reasons import Stage
from newswire.settings import KafkaSettings, load
from newswire.stages import RunningStage, stages

LOOK = 1.0  # seconds
# Kafka is asked over new connections each time; what waits there is read at leisure.
LAG_EVERY = 5.0  # seconds


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """One stage over the last second; ``seconds`` are of a batch, for index from the file to the search hit."""

    stage: str
    up: bool
    articles_in: int = 0
    articles_out: int = 0
    out_per_second: float = 0.0
    in_flight: int = 0
    retries: int = 0
    dead_letters: int = 0
    p50_seconds: float | None = None
    p99_seconds: float | None = None


@click.command("top")
@click.option("--once", is_flag=True, help="Look twice, a second apart, print that and end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --once.")
def command(once: bool, as_json: bool) -> None:
    r"""Show throughput, latency, lag and errors of each stage, every second, until Ctrl-C.

    \b
    newswire top
    newswire top --once --json
    """
    if as_json and not once:
        raise click.UsageError("--json prints one look; add --once.")
    with explained():
        services = stages()
    if as_json:
        json_output.echo(_record(services))
        return
    console = Console()
    with interruptible() as stop:
        if once or not console.is_terminal:
            _once(console, services, stop)
        else:
            _live(console, services, stop)


def _live(console: Console, services: Sequence[RunningStage], stop: threading.Event) -> None:
    board, lag, due = Board(), Text(""), 0.0
    with Live(console=console, auto_refresh=False, screen=True) as live:
        while not stop.is_set():
            now = time.monotonic()
            if now >= due:
                lag, due = _lag(), now + LAG_EVERY
            live.update(Group(board.table(services, now), "", _inbox(services), lag), refresh=True)
            stop.wait(LOOK)


def _once(console: Console, services: Sequence[RunningStage], stop: threading.Event) -> None:
    board = Board()
    board.table(services, time.monotonic())
    stop.wait(LOOK)
    console.print(board.table(services, time.monotonic()))
    console.print(_inbox(services))
    console.print(_lag())
    if not any(service.figures() for service in services):
        raise Failure("No service answers. Does one run, here perhaps by `newswire up`? NEWSWIRE_SERVICES says where.")


def _inbox(services: Sequence[RunningStage]) -> Text:
    figures = next((one.figures() for one in services if one.stage is Stage.INGEST), None)
    if figures is None:
        return Text("")
    counts = (f"{figures.total('inbox_files', state=state):,.0f} {state}" for state in INBOX_STATES)
    return Text(f"inbox: {', '.join(counts)}")


def _lag() -> Text:
    try:
        found = backlogs(load(KafkaSettings))
    except KafkaError as error:
        return Text(printable(kafka.explain(error, load(KafkaSettings))), style="yellow")
    return Text("lag: " + ", ".join(f"{one.lag:,} of {one.topic}" for one in found))


def _record(services: Sequence[RunningStage]) -> dict[str, object]:
    before = [(one.figures(), time.monotonic()) for one in services]
    time.sleep(LOOK)
    rates = [
        _rates(one.stage, one.figures(), first, time.monotonic() - at)
        for one, (first, at) in zip(services, before, strict=True)
    ]
    lag: list[Backlog] | None
    try:
        lag = backlogs(load(KafkaSettings))
    except KafkaError:
        lag = None
    return {"stages": rates, "backlogs": lag}


def _rates(stage: Stage, figures: Figures | None, first: Figures | None, seconds: float) -> Rates:
    if figures is None:
        return Rates(stage=stage.value, up=False)
    out = figures.total("articles_out_total")
    timing = "end_to_end_seconds" if stage is Stage.INDEX else "stage_seconds"
    return Rates(
        stage=stage.value,
        up=True,
        articles_in=int(figures.total("articles_in_total")),
        articles_out=int(out),
        out_per_second=round((out - first.total("articles_out_total")) / seconds, 3) if first else 0.0,
        in_flight=int(figures.total("in_flight_articles")),
        retries=int(figures.total("retries_total")),
        dead_letters=int(figures.total("dead_letters_total")),
        p50_seconds=figures.quantile(timing, 0.5),
        p99_seconds=figures.quantile(timing, 0.99),
    )
