"""``newswire ingest --again``: the articles of some files published once more."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from newswire.cli import Failure, json_output, resend
from newswire.cli.failures import explained
from newswire.cli.interrupt import interruptible
from newswire.logging import printable
from newswire.pace import Pace
from newswire.wording import counted
from services.ingest.again import Source, Tally, Unreadable
from services.ingest.inbox import is_temporary
from services.ingest.ledger.reader import LedgerReader
from services.ingest.put_away import REASON_SUFFIX


def run(paths: Sequence[Path], rate: float, *, as_json: bool) -> None:
    """Send what the files hold; a file that cannot be read does not stop the others."""
    tally, files, failed = Tally(), 0, dict[str, str]()
    with (
        explained(),
        interruptible() as stop,
        resend.ledger() as ledger,
        resend.sender(ledger, Pace(rate, wait=stop.wait)) as again,
    ):
        sources = resend.Sources()
        for path in _files(paths):
            try:
                sent = again.send(_source(ledger, sources, path))
            except Unreadable as error:
                failed[str(path)] = str(error)
                continue
            if sent is None:
                break
            tally, files = tally.plus(sent), files + 1
    if as_json:
        json_output.echo({"files": files, **tally._asdict(), "failed": failed})
    else:
        click.echo(f"{counted(tally.sent, 'article')} of {counted(files, 'file')} sent again.")
        if tally.others:
            click.echo(f"{counted(tally.others, 'record')} came before with another file, and is sent with that.")
        if tally.refused:
            click.echo(f"{counted(tally.refused, 'record')} refused by their reader, as before.")
    for name, cause in failed.items():
        click.echo(printable(f"newswire: {name} {cause}."), err=True)
    if stop.is_set():
        raise click.Abort
    if tally.unknown:
        raise Failure(
            f"{counted(tally.unknown, 'record')} not sent: the ledger does not know what they say, so they were never "
            "published. Records under embargo will be; else put their files into the inbox."
        )
    if failed:
        raise Failure(f"{counted(len(failed), 'file')} could not be read.")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files, and those in the directories, by name; the notes beside put-away ones are none."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for directory, inner, names in os.walk(path):
            inner.sort()
            yield from (Path(directory, one) for one in sorted(names) if _is_article(one))


def _is_article(name: str) -> bool:
    return not is_temporary(name) and not name.endswith(REASON_SUFFIX)


def _source(ledger: LedgerReader, sources: resend.Sources, path: Path) -> Source:
    """A put-away file is named as it was when it came."""
    absolute = Path(os.path.realpath(path.parent), path.name)
    data = sources.data.resolve()
    found = ledger.put_away(str(absolute.relative_to(data))) if absolute.is_relative_to(data) else None
    return sources.put_away(found) if found else sources.any(absolute)
