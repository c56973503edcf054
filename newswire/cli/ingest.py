"""``newswire ingest``: the ingest service in the foreground; what the containers run."""

from pathlib import Path

import click

from newswire.cli.parsed import Parsed, rate
from newswire.cli.resend import RATE
from newswire.cli.service import serve
from newswire.reasons import Stage
from services.ingest.main import run


@click.command("ingest")
@click.option("--again", is_flag=True, help="Run no service; publish the articles of these files once more.")
@click.option(
    "--rate",
    default=RATE,
    show_default=True,
    type=Parsed("number", rate),
    help="With --again: articles a second at most.",
)
@click.option("--json", "as_json", is_flag=True, help="With --again: print JSON.")
@click.argument("files", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
def command(*, again: bool, rate: float, as_json: bool, files: tuple[Path, ...]) -> None:
    r"""Run the ingest service until SIGTERM or Ctrl-C.

    Settings are environment variables: `newswire check --settings` lists them.

    With --again, the articles of PATHs (files that were put away, copies of them, directories of
    either) are published once more, though the ledger has them as published: with the revisions
    they had, so that nothing newer is replaced. It needs no running service. What the ledger does
    not know was never published; put it into the inbox.

    \b
    newswire ingest
    newswire ingest --again data/processed/2025-02-07/afp
    """
    if again != bool(files):
        raise click.UsageError(
            "--again needs the files." if again else "PATHs are for --again; NEWSWIRE_INBOX is read."
        )
    if again:
        from newswire.cli import ingest_again  # noqa: PLC0415 - the service does not carry it

        ingest_again.run(files, rate, as_json=as_json)
    else:
        serve(Stage.INGEST, run)
