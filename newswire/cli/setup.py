"""``newswire setup``: topics, templates, indices, aliases."""

import signal

import click
from elasticsearch import Elasticsearch

from newswire import elastic, kafka
from newswire.cli import Failure, consent
from newswire.cli.failures import explained
from newswire.cli.tell import report
from newswire.logging import printable
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from services.index import schema

# A preview is asked for by somebody who waits for it.
PATIENCE = 5.0  # seconds


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
    for line in kafka.declare(load(KafkaSettings), load(TopicSettings)):
        click.echo(line)
    try:
        lines = schema.declare(client, to_elastic, rebuild=rebuild, report=report())
    except KeyboardInterrupt:
        click.echo("What is in use is whole; `newswire setup --dry-run` says what is left to do.", err=True)
        raise
    for line in lines:
        click.echo(printable(line))


def _preview(client: Elasticsearch, to_elastic: ElasticsearchSettings, *, rebuild: bool) -> None:
    missing = kafka.missing(load(KafkaSettings), patience=PATIENCE)
    click.echo(f"topics: would create {', '.join(missing)}" if missing else "topics: all there")
    for line in schema.preview(client, to_elastic, rebuild=rebuild):
        click.echo(printable(line))


def _drop_old(client: Elasticsearch, *, dry_run: bool, yes: bool) -> None:
    old = schema.old_generations(client)
    if not old:
        click.echo("every generation is in use; there is nothing to delete")
        return
    listed = ", ".join(f"{name} ({documents:,} documents)" for name, documents in old.items())
    if dry_run:
        click.echo(f"would delete {listed}")
        return
    if not consent.given(f"Delete {listed}?", yes=yes):
        raise Failure("Nothing was deleted.")
    for name in old:
        schema.drop(client, name, report=report())
        click.echo(f"index {name} deleted")
