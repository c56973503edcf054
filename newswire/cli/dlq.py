"""``newswire dlq``: what failed, why, its original bytes, and its way back in."""

import sys
from typing import Any

import click

from newswire.cli import Failure, dlq_replay, json_output, letter_view, letters
from newswire.cli.parsed import Parsed
from newswire.letters import arrival
from newswire.letters.filed import State
from newswire.letters.original import DeadTopic
from newswire.letters.register import Filters, Register
from newswire.letters.way_back import put_away_file
from newswire.logging import printable
from newswire.reasons import Stage
from newswire.settings import KafkaSettings, load, whole
from newswire.wording import counted


class _Listed(click.Group):
    """A group that lists its commands with whole sentences; click would cut them at the width of the terminal."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command and the first sentence of its help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=200)) for name, one in self.commands.items()])


@click.group("dlq", cls=_Listed)
def command() -> None:
    r"""Failed articles: find them, look at them, send them back, settle them.

    A letter is open until it is sent back (replayed), and resolved once its article got
    through or you say so. Sent back and failed again, it is open with one attempt more.

    \b
    newswire dlq list --counts
    newswire dlq show 3f2a
    newswire dlq replay 3f2a
    newswire dlq replay --stage index --reason mapping_rejected --dry-run
    newswire dlq resolve 3f2a --note "a test file"
    """


@command.command("list")
@letters.filtered
@click.option("--size", default=20, show_default=True, type=Parsed("number", whole(1, 1000)), help="How many letters.")
@click.option("--after", metavar="LETTER", help="Go on after this letter, the last one of the page before.")
@click.option("--counts", is_flag=True, help="How many there are of each stage and reason.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; originals only with `show`.")
def list_(size: int, after: str | None, counts: bool, as_json: bool, **asked: Any) -> None:
    """List failed articles, the newest first."""
    wanted = letters.filters(**asked)
    with letters.opened() as (register, _):
        if counts:
            _counts(register, wanted, as_json)
            return
        start = register.position(letters.named(register, after)) if after else None
        page = register.page(wanted, size, start)
    if as_json:
        json_output.echo({"total": page.total, "letters": [letter_view.record(letter) for letter in page.letters]})
        return
    if not page.letters:
        click.echo("No letters. `--state all` shows settled ones, too." if wanted.states else "No letters.")
        return
    console = letter_view.console()
    console.print(letter_view.table(page.letters))
    if len(page.letters) == size and page.total > size:
        console.print(f"{page.total:,} letters in all; --after {page.letters[-1].id[:16]} goes on.", style="dim")


def _counts(register: Register, wanted: Filters, as_json: bool) -> None:
    found = register.counts(wanted)
    if as_json:
        json_output.echo([one._asdict() for one in found])
    elif found:
        letter_view.console().print(letter_view.counts(found))
    else:
        click.echo("No letters.")


@command.command("show")
@click.argument("letter")
@click.option("--original", is_flag=True, help="Write the bytes that failed to standard output, as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the original in base64.")
def show(letter: str, original: bool, as_json: bool) -> None:
    r"""Show everything about LETTER, of whose id the beginning will do.

    \b
    newswire dlq show 3f2a --original > broken.json
    """
    if original and sys.stdout.isatty():
        raise click.UsageError("A terminal obeys what may stand in a failed file; write it to one: … --original > FILE")
    with letters.opened() as (register, _):
        whole = register.whole(letters.named(register, letter).id)
        if whole is None:
            raise Failure(f"The letter {letter!r} is gone.")
        with DeadTopic(load(KafkaSettings)) as topic:
            found = topic.original(whole)
        if not found.complete and whole.stage is Stage.INGEST and whole.source and whole.source.record is None:
            data = put_away_file(whole, letters.places(), found.data)
            found = found._replace(data=data, complete=True) if isinstance(data, bytes) else found
    if original:
        sys.stdout.buffer.write(found.data)
        sys.stdout.buffer.flush()
        if not found.complete:
            raise Failure("These are not all of its bytes: the letter was cut, and its put-away file is not here.")
    elif as_json:
        json_output.echo(letter_view.record(whole, original=found))
    else:
        console = letter_view.console()
        for line in (*letter_view.lines(whole), *letter_view.preview(found)):
            console.print(line, soft_wrap=True)


@command.command("resolve")
@click.argument("starts", metavar="[LETTERS]...", nargs=-1)
@click.option("--note", help="Why: for whoever looks later.")
@click.option("--arrived", is_flag=True, help="All letters that were sent back and whose articles got through since.")
@click.option("--mended", is_flag=True, help="All letters of files of whose name a good file came since.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def resolve(starts: tuple[str, ...], note: str | None, arrived: bool, mended: bool, as_json: bool) -> None:
    """Say of LETTERS that nothing remains to be done; a new failure of the same input opens them again."""
    if [bool(starts), arrived, mended].count(True) != 1:
        raise click.UsageError("Name the letters, or say --arrived or --mended.")
    with letters.opened() as (register, client):
        if arrived:
            found = arrival.arrived(client, list(register.all(Filters(states=(State.REPLAYED,)))))
        elif mended:
            files = Filters(stages=(Stage.INGEST,), states=(State.OPEN, State.REPLAYED))
            found = arrival.mended(client, register.all(files))
        else:
            found = [letters.named(register, one) for one in starts]
        settled = letters.settle(register, found, note)
    if as_json:
        json_output.echo({"resolved": [one.id for one in settled]})
        return
    click.echo(f"{counted(len(settled), 'letter')} resolved.")
    for one in () if starts else settled:
        click.echo(printable(letter_view.brief(one)))


command.add_command(dlq_replay.command)
