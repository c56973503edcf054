"""``newswire ledger``: care for what ingest knows of all files."""

import time
from pathlib import Path

import click

from newswire.cli import Failure
from newswire.cli.failures import explained
from newswire.cli.progress import bar
from newswire.logging import printable
from newswire.settings import ServiceSettings, load
from services.ingest.ledger.backup import backup
from services.ingest.main import ledger_path


@click.group("ledger")
def command() -> None:
    r"""Back up the ledger: what became of each file, and the revision of each article.

    \b
    newswire ledger backup /backups/ledger-2025-02-07.sqlite3
    """


@command.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def backup_(file: Path, force: bool) -> None:
    r"""Copy the ledger to FILE while ingest goes on: consistent, checked and synced when this ends.

    To restore it, stop ingest, delete ledger.sqlite3, ledger.sqlite3-wal and ledger.sqlite3-shm
    in NEWSWIRE_DATA/ingest, copy FILE there as ledger.sqlite3, and start ingest.

    \b
    newswire ledger backup "/backups/ledger-$(date +%F).sqlite3"
    """
    with explained():
        ledger = ledger_path(load(ServiceSettings).data)
        if not ledger.exists():
            raise Failure(f"There is no ledger at {ledger}; is NEWSWIRE_DATA the data directory of ingest?")
        if file.exists() and file.samefile(ledger):
            raise Failure(f"{file} is the ledger itself; name another file.")
        if file.exists() and not force:
            raise Failure(f"{file} is there already; --force replaces it.")
        if not file.absolute().parent.is_dir():
            raise Failure(f"There is no directory {file.absolute().parent}; make it first.")
        started, done = time.monotonic(), 0
        with bar("copying", 100) as advance:

            def progress(copied: int, pages: int) -> None:
                nonlocal done
                percent = 100 * copied // max(1, pages)
                advance(percent - done)
                done = percent

            size = backup(ledger, file.absolute(), progress)
    click.echo(printable(f"{file}: {size:,} bytes, checked, in {time.monotonic() - started:.1f} s"))
