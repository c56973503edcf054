"""Where a command that works on the index tells how far it is."""

import sys

import click

from newswire.cli.progress import bar
from newswire.logging import printable
from services.index.generations.report import Report, in_lines


def report() -> Report:
    """On standard error: a bar and sentences on a terminal, a line every now and then elsewhere."""

    def say(line: str) -> None:
        click.echo(printable(line), err=True)

    return Report(say, bar) if sys.stderr.isatty() else in_lines(say)
