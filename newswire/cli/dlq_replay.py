"""``newswire dlq replay``: letters sent back into the stage where they failed, and what came of it."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

import click
from elasticsearch import Elasticsearch

from newswire import kafka
from newswire.cli import Failure, json_output, letters
from newswire.cli.interrupt import interruptible
from newswire.cli.progress import bar
from newswire.letters import arrival
from newswire.letters.filed import FiledLetter, State
from newswire.letters.original import DeadTopic
from newswire.letters.register import Filters, Register
from newswire.letters.way_back import LeftOut, Outcome, Refused, Sent, WayBack
from newswire.logging import printable
from newswire.pace import Pace
from newswire.settings import KafkaSettings, load, seconds

# A letter is searched, read, sent and marked in about 30 ms; beside live traffic this is hardly seen.
RATE = 20.0  # a second
# Whoever fixed nothing finds out after the fifth time at the latest.
ENOUGH_ATTEMPTS = 5
LOOK = 0.25  # seconds
SHOWN = 20  # refused letters that are named one by one


class Duration(click.ParamType):
    """``10s``, ``2m``; a bare number is seconds."""

    name = "duration"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        try:
            return value if isinstance(value, float) else seconds(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}.")


@click.command("replay")
@click.argument("starts", metavar="[LETTERS]...", nargs=-1)
@letters.filtered
@click.option("--all", "everything", is_flag=True, help="All open letters.")
@click.option(
    "--rate", default=RATE, show_default=True, type=click.FloatRange(0, min_open=True), help="Letters a second at most."
)
@click.option(
    "--max-attempts",
    default=ENOUGH_ATTEMPTS,
    show_default=True,
    type=click.IntRange(1),
    help="Leave out what failed as often as this.",
)
@click.option("--force", is_flag=True, help="However often it failed; named letters also where they were sent already.")
@click.option(
    "--wait", default="10s", show_default=True, type=Duration(), help="How long to wait for what comes of it."
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
    if (bool(starts) + narrowed + everything) != 1:
        raise click.UsageError("Name the letters, or narrow them down with filters, or say --all.")
    report = Report()
    with (
        letters.opened() as (register, client),
        kafka.producer(load(KafkaSettings)) as producer,
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
            click.echo(report.sentence(dry_run), err=True)
            raise
        if not dry_run and report.sent:
            register.refresh()
            _await(register, client, report, stop, time.monotonic() + wait)
    report.tell(dry_run, as_json)
    if stop.is_set():
        raise click.Abort
    report.judge()


class Report:
    """What became of each letter."""

    def __init__(self) -> None:
        self.asked = 0
        self.sent: list[FiledLetter] = []
        self.left_out: list[LeftOut] = []
        self.refused: list[Refused] = []
        self.resolved: list[FiledLetter] = []
        self.failed_again: list[FiledLetter] = []

    @property
    def waiting(self) -> list[FiledLetter]:
        """Sent, and nothing is known of it yet."""
        known = {letter.id for letter in (*self.resolved, *self.failed_again)}
        return [letter for letter in self.sent if letter.id not in known]

    def add(self, outcome: Outcome) -> None:
        """Note one outcome."""
        match outcome:
            case Sent(letter):
                self.sent.append(letter)
            case LeftOut():
                self.left_out.append(outcome)
            case Refused():
                self.refused.append(outcome)
            case _:
                assert_never(outcome)

    def sentence(self, dry_run: bool) -> str:
        """How far it came."""
        letters = "letter" if self.asked == 1 else "letters"
        return f"{len(self.sent):,} of {self.asked:,} {letters} {'would be ' if dry_run else ''}sent back."

    def tell(self, dry_run: bool, as_json: bool) -> None:
        """Print it."""
        if as_json:
            json_output.echo(self._json(dry_run))
            return
        click.echo(self.sentence(dry_run))
        for why, times in Counter(one.why for one in self.left_out).most_common():
            click.echo(f"{times:,} left out: {why}.")
        for one in self.refused[:SHOWN]:
            click.echo(printable(f"{one.letter_id[:10]} cannot be sent back: {one.why}."))
        if len(self.refused) > SHOWN:
            click.echo(f"… and {len(self.refused) - SHOWN:,} more that cannot.")
        if dry_run:
            return
        if self.resolved:
            click.echo(f"{len(self.resolved):,} got through and {_are(self.resolved)} resolved.")
        for letter in self.failed_again[:SHOWN]:
            click.echo(
                printable(f"{letter.id[:10]} failed again ({letter.attempts} times now): {letter.message[:200]}")
            )
        if len(self.failed_again) > SHOWN:
            click.echo(f"… and {len(self.failed_again) - SHOWN:,} more that failed again.")
        if self.waiting:
            way = f"{len(self.waiting):,} {_are(self.waiting)} still on the way"
            click.echo(f"{way}; `newswire dlq resolve --arrived` looks again.")

    def judge(self) -> None:
        """Raise Failure where something asked for was not done."""
        if self.refused:
            raise Failure(f"{len(self.refused):,} of {self.asked:,} letters cannot be sent back.")
        if self.failed_again:
            raise Failure(f"{len(self.failed_again):,} of {len(self.sent):,} letters failed again.")
        if self.left_out and not self.sent:
            raise Failure("Every one of the letters was left out; --force sends them all the same.")

    def _json(self, dry_run: bool) -> dict[str, Any]:
        lists: dict[str, Sequence[FiledLetter]] = {
            "sent": self.sent,
            "resolved": self.resolved,
            "failed_again": self.failed_again,
            "waiting": self.waiting,
        }
        return {
            "dry_run": dry_run,
            "asked": self.asked,
            **{name: [letter.id for letter in found] for name, found in lists.items()},
            "left_out": [{"id": one.letter_id, "why": one.why} for one in self.left_out],
            "refused": [{"id": one.letter_id, "why": one.why} for one in self.refused],
        }


def _are(letters: Sequence[FiledLetter]) -> str:
    return "is" if len(letters) == 1 else "are"


def _wanted(
    register: Register, starts: Sequence[str], force: bool, filters: Filters, report: Report
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


def _send(way_back: WayBack, found: Sequence[FiledLetter], pace: Pace, report: Report, dry_run: bool) -> None:
    """Send one after the other; between two of them, a Ctrl-C ends it."""
    with bar("looking" if dry_run else "sending back", len(found)) as advance:
        for letter in found:
            if not pace.step(0 if dry_run else 1):
                return
            report.add(way_back.send(letter, dry_run=dry_run))
            advance(1)


def _await(register: Register, client: Elasticsearch, report: Report, stop: threading.Event, deadline: float) -> None:
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
