"""``newswire status``: whether everything runs, and what became of the files; one screen."""

from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newswire.cli import Failure, json_output, letter_view
from newswire.cli.desk import Desk
from newswire.cli.failures import explained
from newswire.condition import Condition, look
from newswire.logging import printable
from newswire.stages import stages
from newswire.wording import counted
from services.ingest.answers import Totals


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    r"""Show whether everything runs and what became of the files; exit 1 with the cause if something is not ready.

    Counts of articles are since a service was started, those of files since the ledger was
    begun. A `newswire up` is found by its data directory, NEWSWIRE_DATA; services elsewhere by
    NEWSWIRE_SERVICES.

    \b
    newswire status
    newswire status --json | jq .files.states.rejected.files
    """
    with explained():
        condition = look(stages(), _totals)
    if as_json:
        json_output.echo(condition)
    else:
        _show(letter_view.console(), condition)
    if not condition.is_ready:
        raise Failure(_why_not(condition))


def _totals() -> Totals | None:
    try:
        return Desk().totals()
    except Failure:
        return None  # said by the stage that is not up


def _show(console: Console, condition: Condition) -> None:
    console.print(_stages(condition))
    console.print()
    for name, told in _facts(condition):
        console.print(Text(f"{name:<10}", style="dim") + Text(printable(told), style="default"), soft_wrap=True)


def _stages(condition: Condition) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("stage", "", "in", "ok", "again", "dead", "in flight", "oldest"):
        table.add_column(name, justify="left" if name in ("stage", "") else "right")
    for one in condition.stages:
        state, style = ("ready", "green") if one.ready else ("not ready", "yellow") if one.up else ("not up", "red")
        counts = (one.articles_in, one.ok, one.duplicate + one.stale, one.dead, one.in_flight)
        oldest = _age(condition.at - one.oldest) if one.oldest else "–"
        table.add_row(one.stage, Text(state, style=style), *(f"{count:,}" for count in counts), oldest)
    return table


def _facts(condition: Condition) -> list[tuple[str, str]]:
    facts = []
    if condition.files is not None:
        states = [(name, one.files) for name, one in condition.files.states.items()]
        states.append(("no longer listed", condition.files.forgotten.files))
        states += list((condition.inbox or {}).items())
        told = " + ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in states if count)
        seen = condition.seen
        facts.append(("files", f"{seen:,} seen = {told or 'none'}" if seen is not None else told))
        if since := condition.files.unfinished_since:
            facts.append(("", f"the oldest that is not put away was seen {_since(since, condition.at)}"))
    if condition.backlogs is not None:
        lag = ", ".join(f"{one.group} {one.lag:,} of {one.topic}" for one in condition.backlogs)
        facts.append(("lag", lag))
    if condition.articles is not None:
        withdrawn = f", {condition.articles.withdrawn:,} withdrawn" if condition.articles.withdrawn else ""
        facts.append(("index", f"{counted(condition.articles.found, 'article')}{withdrawn}"))
    if condition.letters is not None:
        told = ", ".join(f"{one.letters:,} {one.stage} {one.reason}" for one in condition.letters)
        facts.append(("letters", f"open: {told}; see `newswire dlq list`" if told else "none open"))
    return facts


def _since(instant: datetime, now: datetime) -> str:
    return f"{_age(now - instant)} ago ({letter_view.when(instant)})"


def _age(age: timedelta) -> str:
    """A duration in its largest unit."""
    seconds = max(0.0, age.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _why_not(condition: Condition) -> str:
    """What is not ready, and why."""
    causes = list(condition.troubles)
    for one in condition.stages:
        if not one.up:
            cause = "; ".join(one.causes.values()) or f"it does not answer at {one.address}"
            causes.append(f"{one.stage} is not up: {cause}.")
        elif not one.ready:
            causes.append(f"{one.stage} is not ready: {'; '.join(one.causes.values())}.")
    return "\n".join(causes)
