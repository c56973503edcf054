"""The ``newswire`` command: one file a subcommand, imported only when it is called.

Exit status: 0 done, 1 a failure explained in one sentence on standard error,
2 wrong usage.
"""

import importlib
import os
import sys
from typing import NoReturn

import click

from newswire import __version__, running
from newswire.logging import printable

# What each command is for, in the order of a first acquaintance.
COMMANDS: dict[str, str] = {
    "demo": "Feed the samples through the whole system and show what becomes of them.",
    "up": "Run the whole system on this machine and feed it from a directory.",
    "annotate": "Enrich files or standard input, without any server.",
    "search": "Search the index.",
    "status": "Show whether everything runs, and what became of the files.",
    "why": "Tell what became of a file or an article, step by step.",
    "list": "List files by what became of them.",
    "top": "Show throughput, latency, lag and errors, live.",
    "dlq": "Find failed articles, look at them, send them back, settle them.",
    "replay": "Send articles again through a stage, after an upgrade or a repair.",
    "reconcile": "Compare ledger and index; send again what was lost.",
    "withdraw": "Take an article out of search.",
    "ledger": "Back up what ingest knows of all files.",
    "setup": "Create or update topics, index template and alias; safe to repeat.",
    "prune": "Delete old articles from the index.",
    "check": "Check settings, connections, topics and mapping.",
    "ingest": "Run the ingest service.",
    "enrich": "Run the enrich service.",
    "index": "Run the index service.",
}
# They start what the others look for.
STARTING = frozenset({"demo", "up"})
# The modules are named after the commands, but where Python has other plans for the name.
MODULES = {"list": "listing"}


class Failure(click.ClickException):
    """What a person is told in one sentence; exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the sentence to standard error."""
        click.echo("\n".join(map(printable, f"newswire: {self.format_message()}".splitlines())), err=True)


class Commands(click.Group):
    """A group that knows its commands' one-liners without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of a first acquaintance."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, and only that."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"newswire.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return _with_examples(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their one-liners."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that does not exist is told what does."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            ctx.fail(f"There is no command {args[0]!r}. `newswire --help` lists them.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="newswire %(version)s")
@click.pass_context
def group(context: click.Context) -> None:
    """Newswire: from an article dropped into a directory to a search hit, with its entities and events."""
    if context.invoked_subcommand not in STARTING:
        context.with_resource(running.joined())


def _with_examples(command: click.Command) -> click.Command:
    """``command`` with the lines of its examples kept apart: click's mark for that is a backspace, not its escape."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _with_examples(inner)
    return command


def main() -> NoReturn:
    """Run the command line and exit."""
    # What a terminal of another encoding cannot show is escaped, not a reason to stop half-way.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # it is a TextIOWrapper
    try:
        group.main(prog_name="newswire", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("newswire: interrupted", err=True)
        sys.exit(130)
    except OSError as error:
        # Commands explain their own; what is left is standard output, which nothing more can be written to.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for the few lines until the end
        click.echo(f"newswire: the output cannot be written: {error.strerror}.", err=True)
        sys.exit(1)
    except SystemExit as leaving:
        # The reader of our output has gone, as `head` does; that is no failure, though click takes it for one.
        sys.exit(0 if isinstance(leaving.__context__, BrokenPipeError) else leaving.code)
    sys.exit(0)
