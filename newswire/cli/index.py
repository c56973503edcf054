"""``newswire index``: the index service in the foreground; what the containers run."""

import click

from newswire.cli.service import serve
from newswire.reasons import Stage
from services.index.main import run


@click.command("index")
def command() -> None:
    """Run the index service until SIGTERM or Ctrl-C.

    Settings are environment variables: `newswire check --settings` lists them.
    """
    serve(Stage.INDEX, run)
