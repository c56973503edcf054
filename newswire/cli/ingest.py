"""``newswire ingest``: the ingest service in the foreground; what the containers run."""

import click

from newswire.cli.service import serve
from newswire.reasons import Stage
from services.ingest.main import run


@click.command("ingest")
def command() -> None:
    """Run the ingest service until SIGTERM or Ctrl-C.

    Settings are environment variables: `newswire check --settings` lists them.
    """
    serve(Stage.INGEST, run)
