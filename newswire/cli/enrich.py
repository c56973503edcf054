"""``newswire enrich``: the enrich service in the foreground; what the containers run."""

import click

from newswire.cli.service import serve
from newswire.reasons import Stage
from services.enrich.main import run


@click.command("enrich")
def command() -> None:
    """Run the enrich service until SIGTERM or Ctrl-C.

    Settings are environment variables: `newswire check --settings` lists them.
    """
    serve(Stage.ENRICH, run)
