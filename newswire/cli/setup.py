"""``newswire setup``: topics, templates, indices, aliases."""

import signal
from collections.abc import Callable
from functools import partial

import click
from elasticsearch import Elasticsearch

from newswire import elastic, kafka
from newswire.cli import Failure, consent
from newswire.cli.failures import explained
from newswire.cli.tell import report
from newswire.logging import printable
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from newswire.wording import counted
from services.index import schema
from services.index.generations.family import FAMILIES


@click.command("setup")
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@click.option("--rebuild", is_flag=True, help="Fill a new generation of the indices even if the mapping is up to date.")
@click.option("--drop-old", is_flag=True, help="Only delete the generations that are no longer in use.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
def command(dry_run: bool, rebuild: bool, drop_old: bool, yes: bool) -> None:
    r"""Create or update topics, index template and alias; safe to repeat, also while articles flow.

    Where a new version needs another mapping, new fields are added in place. What
    cannot be added becomes a new generation of the index: filled from the old one
    while articles are written and searched, then put in its place at once. Until
    then the old one stays in use; interrupted or killed, it goes on when called
    again. Afterwards the old one is kept until --drop-old.

    \b
    newswire setup --dry-run
    newswire setup
    newswire setup --drop-old
    """
    if drop_old and rebuild:
        raise click.UsageError(
            "--drop-old does nothing else: give --rebuild first, and --drop-old when you are content."
        )
    # What runs this in a container ends it with SIGTERM; the old generation is put right as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with explained():
        to_elastic = load(ElasticsearchSettings)
        with elastic.client(to_elastic) as client:
            if drop_old:
                _drop_old(client, dry_run=dry_run, yes=yes)
            elif dry_run:
                _preview(client, to_elastic, rebuild=rebuild)
            else:
                _declare(client, to_elastic, rebuild=rebuild)


def _declare(client: Elasticsearch, to_elastic: ElasticsearchSettings, *, rebuild: bool) -> None:
    """Step after step, each told when it is done; a Ctrl-C says between which two it came."""
    steps: dict[str, Callable[[], list[str]]] = {
        "topics": lambda: kafka.declare(load(KafkaSettings), load(TopicSettings))
    }
    for family in FAMILIES:
        steps[family.alias] = partial(
            schema.declare, client, to_elastic, rebuild=rebuild, report=report(), families=[family]
        )
    left = list(steps)
    try:
        for name, step in steps.items():
            for line in step():
                click.echo(printable(line))
            left.remove(name)
    except KeyboardInterrupt:
        done = ", ".join(name for name in steps if name not in left)
        click.echo(
            f"Done: {done or 'nothing'}. Not done: {', '.join(left)}. What is in use is whole; "
            "`newswire setup` goes on, and with --dry-run says with what.",
            err=True,
        )
        raise


def _preview(client: Elasticsearch, to_elastic: ElasticsearchSettings, *, rebuild: bool) -> None:
    missing = kafka.missing(load(KafkaSettings))
    click.echo(f"topics: would create {', '.join(missing)}" if missing else "topics: all there")
    for line in schema.preview(client, to_elastic, rebuild=rebuild):
        click.echo(printable(line))


def _drop_old(client: Elasticsearch, *, dry_run: bool, yes: bool) -> None:
    old = schema.old_generations(client)
    if not old:
        click.echo("every generation is in use; there is nothing to delete")
        return
    listed = ", ".join(f"{name} ({counted(documents, 'document')})" for name, documents in old.items())
    if dry_run:
        click.echo(f"would delete {listed}")
        return
    if not consent.given(f"Delete {listed}?", yes=yes):
        raise Failure("Nothing was deleted.")
    for name in old:
        schema.drop(client, name, report=report())
        click.echo(f"index {name} deleted")
