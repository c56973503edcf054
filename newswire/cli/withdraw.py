"""``newswire withdraw``: an article taken out of search, as a wire's kill does it."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
from elasticsearch import Elasticsearch

from newswire import elastic
from newswire.cli import Failure, consent, json_output
from newswire.cli.desk import Desk
from newswire.cli.failures import explained
from newswire.cli.interrupt import interruptible
from newswire.cli.parsed import Parsed
from newswire.letters.put_back import NoPath, NotSafe, put_back
from newswire.logging import printable
from newswire.settings import ElasticsearchSettings, load, seconds
from newswire.steps import revision
from newswire.topics import rfc3339
from newswire.whereabouts import Indexed, Whereabouts
from services.ingest.ledger.found import Identity
from services.ingest.readers.withdrawal import Withdrawal
from services.ingest.settings import IngestSettings

# The rescan finds it within ten, where no event tells of it; the rest of the way takes one or two.
WAIT = "30s"
LOOK = 0.2  # seconds
_START = re.compile("[0-9a-f]{6,32}")
_WHOLE = 32


class _Article(NamedTuple):
    """What is to be withdrawn, as far as anybody knows it."""

    id: str
    document: Indexed | None
    contents: list[Identity]

    @property
    def is_withdrawn(self) -> bool:
        return self.document is not None and self.document.is_withdrawn

    @property
    def newest(self) -> int | None:
        """Its last revision."""
        known = [one.revision for one in self.contents]
        return max([*known, *([self.document.revision] if self.document else [])], default=None)

    @property
    def told(self) -> str:
        document = self.document
        if document is None:
            return f"{self.id}, which is not in the index" if self.contents else f"{self.id}, which nobody knows"
        facts = [document.agency, f"{document.published_at:%F}" if document.published_at else None]
        facts.append(document.source.path if document.source else None)
        title = f"“{document.title}”" if document.title else "without a title"
        return f"{self.id} {title} ({', '.join(filter(None, facts)) or 'of unknown source'})"


@click.command("withdraw")
@click.argument("article", metavar="ID")
@click.option("--dry-run", is_flag=True, help="Say what would go, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--wait", default=WAIT, show_default=True, type=Parsed("duration", seconds), help="How long to wait.")
@click.option("--no-wait", is_flag=True, help="Do not wait until it is out of search.")
@click.option(
    "--inbox",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where to put the withdrawal.  [default: the first of NEWSWIRE_INBOX]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *, article: str, dry_run: bool, yes: bool, wait: float, no_wait: bool, inbox: Path | None, as_json: bool
) -> None:
    r"""Take the article ID out of search, everywhere and for good; of the id, its beginning will do.

    A small file is put into the inbox, and goes the way of every article: a tombstone without
    text takes the place of the article, so that no replay brings it back. Only a revision that
    its source publishes later does. Of an article that has not come yet, the withdrawal is kept
    and takes effect when it comes.

    \b
    newswire withdraw 9f2c0d71 --dry-run
    newswire withdraw 9f2c0d71aa0b4c5d8e9f001122334455 --yes
    """
    if not _START.fullmatch(article.lower()):
        raise click.UsageError("An article's id has 32 hexadecimal digits; at least the first six are needed.")
    with explained(), elastic.client(load(ElasticsearchSettings)) as client, interruptible() as stop:
        found = _find(client, article.lower())
        requested_at = _instant(found)
        report: dict[str, object] = {
            "article_id": found.id,
            "title": found.document.title if found.document else None,
            "source": found.document.source if found.document else None,
            "requested_at": rfc3339(requested_at),
            "dry_run": dry_run,
            "file": None,
            "withdrawn": found.is_withdrawn,
        }
        if found.is_withdrawn or dry_run:
            would = (
                f"{found.told} would be withdrawn." if not found.is_withdrawn else f"{found.id} is withdrawn already."
            )
            json_output.echo(report) if as_json else click.echo(printable(would))
            return
        if not consent.given(printable(f"Withdraw {found.told}?"), yes=yes):
            raise Failure("Nothing was withdrawn.")
        file = _drop(inbox or load(IngestSettings).inboxes[0], found.id, requested_at)
        gone = not no_wait and _await(client, found.id, stop, time.monotonic() + wait)
        report |= {"file": str(file), "withdrawn": gone}
    if as_json:
        json_output.echo(report)
    else:
        click.echo(printable(_said(found, file, gone=gone)))
    if not gone and not no_wait:
        raise Failure(
            f"It is not withdrawn yet after {wait:g} s. Ingest takes {file} when it runs; "
            f"`newswire why {found.id}` tells how far it is."
        )


def _find(client: Elasticsearch, start: str) -> _Article:
    """The one article whose id begins with ``start``; any whole id will do."""
    documents = {one.id: one for one in Whereabouts(client).beginning(start, 10)}
    try:
        contents = Desk().article(start).contents
    except Failure:
        # Neither the service nor its ledger is to be had: the index is enough to go by.
        contents = []
    ids = {start} if len(start) == _WHOLE else {*documents, *(one.id for one in contents)}
    if not ids:
        raise Failure(f"No article's id begins with {start}; `newswire search --json` prints ids. A whole id is taken.")
    if len(ids) > 1:
        raise Failure(f"{start} is the beginning of several: {', '.join(sorted(ids)[:10])}.")
    (only,) = ids
    return _Article(only, documents.get(only), [one for one in contents if one.id == only])


def _instant(article: _Article) -> datetime:
    """Now, or the moment after its last revision: some are dated ahead, and the withdrawal has to beat them."""
    now = datetime.now(UTC)
    if article.newest is None or article.newest < now.timestamp() * 1000:
        return now
    return datetime.fromtimestamp(article.newest / 1000, UTC) + timedelta(milliseconds=1)


def _drop(inbox: Path, article: str, at: datetime) -> Path:
    """Put the withdrawal into ``inbox``, whole or not at all."""
    document = Withdrawal(article_id=article, requested_at=at)
    name = f"withdraw-{article}-{at:%Y%m%dT%H%M%S%f}Z.json"
    if not inbox.is_dir():
        raise Failure(f"There is no inbox {inbox} here; name ingest's with --inbox, or run this where it is.")
    try:
        put_back(inbox, name, msgspec.json.encode(document))
    except (NoPath, NotSafe) as error:
        raise Failure(f"Nothing can be put into {inbox}: {error}.") from error
    return inbox / name


def _await(client: Elasticsearch, article: str, stop: threading.Event, deadline: float) -> bool:
    """Whether search has lost it before the deadline."""
    while not stop.is_set():
        document = Whereabouts(client).of([article]).get(article)
        if document is not None and document.is_withdrawn:
            return True
        if time.monotonic() >= deadline:
            return False
        stop.wait(LOOK)
    raise click.Abort


def _said(article: _Article, file: Path, *, gone: bool) -> str:
    if not gone:
        return f"{file} is in the inbox; ingest takes it from there."
    if article.newest is None:
        return (
            f"{article.id} is withdrawn before it came: should it come, it stays out of search. "
            "A letter, kill_unmatched, says so; `newswire dlq list --reason kill_unmatched` lists those."
        )
    return f"{article.told} is withdrawn; it was {revision(article.newest)}."
