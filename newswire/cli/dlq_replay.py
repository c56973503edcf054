"""``newswire dlq replay``: letters sent back into the stage where they failed, and what came of it."""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from elasticsearch import Elasticsearch

from newswire import kafka
from newswire.cli import Failure, json_output, letters
from newswire.cli.interrupt import interruptible
from newswire.cli.parsed import Parsed, rate
from newswire.cli.progress import bar
from newswire.cli.replay_report import ReplayReport
from newswire.letters import arrival
from newswire.letters.filed import FiledLetter, State
from newswire.letters.original import DeadTopic
from newswire.letters.register import Filters, Register
from newswire.letters.way_back import LeftOut, WayBack
from newswire.logging import printable
from newswire.pace import Pace
from newswire.settings import KafkaSettings, load, seconds, whole
from newswire.topics import MOST_ATTEMPTS

# A letter is searched, read, sent and marked in about 30 ms; beside live traffic this is hardly seen.
RATE = 20.0  # a second
# Whoever fixed nothing finds out after the fifth time at the latest.
ENOUGH_ATTEMPTS = 5
LOOK = 0.25  # seconds


@click.command("replay")
@click.argument("starts", metavar="[LETTERS]...", nargs=-1)
@letters.filtered
@click.option("--all", "everything", is_flag=True, help="All that the filters find; without filters, all open ones.")
@click.option("--rate", default=RATE, show_default=True, type=Parsed("number", rate), help="Letters a second at most.")
@click.option(
    "--max-attempts",
    default=ENOUGH_ATTEMPTS,
    show_default=True,
    type=Parsed("number", whole(1, MOST_ATTEMPTS)),
    help="Leave out what failed as often as this.",
)
@click.option("--force", is_flag=True, help="However often it failed; named letters also where they were sent already.")
@click.option(
    "--wait",
    default="10s",
    show_default=True,
    type=Parsed("duration", seconds),
    help="How long to wait for what comes of it.",
)
@click.option(
    "--inbox",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where files go back to.  [default: the inbox they came from]",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send and mark nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    starts: tuple[str, ...],
    everything: bool,
    rate: float,
    max_attempts: int,
    force: bool,
    wait: float,
    inbox: Path | None,
    dry_run: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    r"""Send LETTERS, or those that the filters find, back into the stage where they failed.

    A message goes to the topic that its stage reads, a file into the inbox it came from, byte
    for byte, with one attempt more. What gets through within --wait is resolved; what fails
    again is open again. What failed --max-attempts times is left out: fix the cause first, or
    look at it with `newswire dlq show`.

    To send articles again that did not fail (after an upgrade, say), use `newswire replay`.

    \b
    newswire dlq replay 3f2a 77c0
    newswire dlq replay --stage enrich --since 2d --dry-run
    """
    context = click.get_current_context()
    narrowed = any(
        context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE for name in ("states", *asked)
    )
    if not (starts or narrowed or everything):
        raise click.UsageError("Name the letters, or narrow them down with filters, or say --all.")
    if starts and (narrowed or everything):
        raise click.UsageError("Name the letters, or take what filters or --all find; not both.")
    report = ReplayReport(dry_run=dry_run)
    with (
        letters.opened() as (register, client),
        kafka.producer(load(KafkaSettings), **kafka.AT_A_TERMINAL) as producer,
        DeadTopic(load(KafkaSettings)) as topic,
        interruptible() as stop,
    ):
        wanted = _wanted(register, starts, force, letters.filters(**asked), report)
        way_back = WayBack(
            register,
            topic,
            producer,
            letters.places(inbox),
            max_attempts=None if force else max_attempts,
            now=lambda: datetime.now(UTC),
        )
        try:
            _send(way_back, wanted, Pace(rate, wait=stop.wait), report, dry_run)
        except BaseException:
            click.echo(report.sentence, err=True)
            raise
        if not dry_run and report.sent:
            register.refresh()
            _await(register, client, report, stop, time.monotonic() + wait)
    if as_json:
        json_output.echo(report.record())
    else:
        for line in report.lines():
            click.echo(printable(line))
    if stop.is_set():
        raise click.Abort
    if failure := report.failure:
        raise Failure(failure)


def _wanted(
    register: Register, starts: Sequence[str], force: bool, filters: Filters, report: ReplayReport
) -> list[FiledLetter]:
    """What is to be sent, decided before the first is: what fails again meanwhile is not sent twice."""
    if not starts:
        found = list(register.all(filters))
        report.asked = len(found)
        # The oldest first, as they came.
        return found[::-1]
    found = list({letter.id: letter for letter in (letters.named(register, start) for start in starts)}.values())
    report.asked = len(found)
    for letter in found:
        if letter.state is not State.OPEN and not force:
            report.add(LeftOut(letter.id, f"{letter.state.value} already"))
    return [letter for letter in found if letter.state is State.OPEN or force]


def _send(way_back: WayBack, found: Sequence[FiledLetter], pace: Pace, report: ReplayReport, dry_run: bool) -> None:
    """Send one after the other; between two of them, a Ctrl-C ends it."""
    with bar("looking" if dry_run else "sending back", len(found)) as advance:
        for letter in found:
            if not pace.step(0 if dry_run else 1):
                return
            report.add(way_back.send(letter, dry_run=dry_run))
            advance(1)


def _await(
    register: Register, client: Elasticsearch, report: ReplayReport, stop: threading.Event, deadline: float
) -> None:
    """Until ``deadline``, see what gets through (and is resolved) and what fails again."""
    with bar("waiting", len(report.sent)) as advance:
        while time.monotonic() < deadline and not stop.is_set():
            if not (waiting := report.waiting):
                return
            before = len(report.resolved) + len(report.failed_again)
            report.failed_again += _failed_again(register, waiting)
            failed = {letter.id for letter in report.failed_again}
            there = arrival.arrived(client, [letter for letter in waiting if letter.id not in failed])
            report.resolved += letters.settle(register, there)
            advance(len(report.resolved) + len(report.failed_again) - before)
            stop.wait(LOOK)


def _failed_again(register: Register, letters: Sequence[FiledLetter]) -> Iterator[FiledLetter]:
    sent = {letter.id: letter.attempts for letter in letters}
    return (now for now in register.many(list(sent)) if now.attempts > sent[now.id])
