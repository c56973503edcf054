"""``newswire list``: files by what became of them."""

import sys
from collections.abc import Iterable
from datetime import datetime

import click
from rich.text import Text

from newswire.cli import json_output, letter_view
from newswire.cli.desk import Desk
from newswire.cli.failures import explained
from newswire.cli.instant import Instant
from newswire.cli.parsed import MOST, Parsed
from newswire.logging import printable
from newswire.reasons import REASONS, Stage
from newswire.settings import whole
from services.ingest.ledger.found import STATES, FileFound

# A screen of them.
SIZE = 50
REASONS_OF_FILES = [reason.value for reason in REASONS[Stage.INGEST]]
STYLES = {"rejected": "red", "embargoed": "yellow", "reading": "yellow", "duplicate": "dim"}


@click.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="What became of it.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="REASON",
    type=click.Choice(REASONS_OF_FILES),
    help=f"Refused for it, or its first refused record was: {', '.join(REASONS_OF_FILES)}.",
)
@click.option("--path", metavar="GLOB", default="", help="Of such a path: '*.xml', 'sports/*'.")
@click.option("--since", type=Instant(), metavar="WHEN", help="Finished then or later: 2025-02-07, 2d, 6h.")
@click.option(
    "--size",
    type=Parsed("number", whole(1, MOST)),
    help=f"How many files at most.  [default: {SIZE}; with --json, all]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(
    *,
    states: tuple[str, ...],
    reasons: tuple[str, ...],
    path: str,
    since: datetime | None,
    size: int | None,
    as_json: bool,
) -> None:
    r"""List files, the ones finished last first; an option given twice takes either.

    A file is listed once something of it is done; `newswire why FILE` tells of one that still
    waits. Times are UTC.

    \b
    newswire list --state rejected --since 2h
    newswire list --reason truncated --path 'afp/*'
    newswire list --state rejected --json | jq -r .path
    """
    with explained():
        most = size if size or as_json else SIZE
        found = Desk().files(states=states, reasons=reasons, path=path, since=since, most=most)
        if as_json:
            for one in found:
                sys.stdout.buffer.write(json_output.line(one))
            sys.stdout.buffer.flush()
        else:
            _show(found, most or SIZE)


def _show(found: Iterable[FileFound], most: int) -> None:
    console = letter_view.console()
    shown = 0
    for one in found:
        console.print(_line(one), soft_wrap=True)
        shown += 1
    if not shown:
        console.print("No such files. Without options, all that came are listed.")
    elif shown == most:
        console.print(Text(f"… the newest {shown:,}; --size shows more", style="dim"))


def _line(file: FileFound) -> Text:
    line = Text(f"{letter_view.when(file.finished_at)}  ", style="dim")
    line.append(f"{file.state:<9}  ", style=STYLES.get(file.state, "green"))
    line.append(printable(file.path), style="default")
    if file.reason:
        line.append(f"  {file.reason}", style="red")
    return line
