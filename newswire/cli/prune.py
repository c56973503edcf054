"""``newswire prune``: old articles deleted."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import click

from newswire import elastic
from newswire.cli import Failure, consent
from newswire.cli.failures import explained
from newswire.cli.instant import Instant
from newswire.cli.tell import report
from newswire.settings import ElasticsearchSettings, load
from newswire.topics import rfc3339
from newswire.wording import counted
from services.index import schema
from services.index.generations.family import ARTICLES
from services.index.prune import Prune


@click.command("prune")
@click.option(
    "--older-than",
    "before",
    type=Instant(deleting=True),
    required=True,
    metavar="AGE|DATE",
    help="90d, 3mo, 2024-01-01.",
)
@click.option("--dry-run", is_flag=True, help="Count them, delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(before: datetime, dry_run: bool, yes: bool, as_json: bool) -> None:
    r"""Delete old articles from the index, by their date of publication.

    Withdrawn articles are kept as they are, without text: they see to it that no
    replay brings them back. What was deleted can be had again from Kafka by
    `newswire replay`, as long as its topics are kept. Interrupted, it goes on when
    called again.

    \b
    newswire prune --older-than 90d --dry-run
    newswire prune --older-than 2024-01-01 --yes
    """
    if before > datetime.now(UTC):
        raise click.UsageError(f"--older-than: {rfc3339(before)} is still to come.")
    with explained(), elastic.client(load(ElasticsearchSettings)) as client:
        if reasons := schema.missing(client):
            raise Failure(f"{'; '.join(reasons)}: run `newswire setup` first.")
        _prune(Prune(client, ARTICLES, before, report()), before, dry_run=dry_run, yes=yes, as_json=as_json)


def _prune(prune: Prune, before: datetime, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    found, tombstones = prune.found(), prune.tombstones()
    what = f"{counted(found, 'article')} from before {rfc3339(before)}"
    started = time.monotonic()
    if found and not dry_run:
        if not consent.given(f"Delete {what} from {prune.index}?", yes=yes):
            raise Failure("Nothing was deleted.")
        try:
            prune.run()
        except KeyboardInterrupt:
            click.echo(f"{prune.deleted:,} of {what} are deleted; the same command goes on.", err=True)
            raise
    counts: dict[str, Any] = {
        "index": prune.index,
        "before": rfc3339(before),
        "dry_run": dry_run,
        "found": found,
        "deleted": prune.deleted,
        "changed": prune.changed,
        "tombstones": tombstones,
        "seconds": round(time.monotonic() - started, 3),
    }
    if as_json:
        click.echo(json.dumps(counts, indent=2))
        return
    if not found:
        click.echo(f"{prune.index} has {what}; nothing to do")
    else:
        click.echo(f"{what} would be deleted" if dry_run else f"{prune.deleted:,} of {what} deleted from {prune.index}")
    if prune.changed:
        click.echo(f"{prune.changed:,} were written anew meanwhile and are kept")
    if tombstones:
        click.echo(f"{tombstones:,} as old were withdrawn; what is left of them is kept")
