"""``newswire setup``: topics, templates, indices, aliases."""

import click

from newswire import elastic, kafka
from newswire.cli.failures import explained
from newswire.settings import ElasticsearchSettings, KafkaSettings, TopicSettings, load
from services.index import schema


@click.command("setup")
def command() -> None:
    """Create or update topics, index template and alias; safe to repeat, also while articles flow."""
    with explained():
        to_elastic = load(ElasticsearchSettings)
        to_kafka = load(KafkaSettings)
        topics = load(TopicSettings)
        for line in kafka.declare(to_kafka, topics):
            click.echo(line)
        with elastic.client(to_elastic) as client:
            lines = schema.declare(client, to_elastic)
        for line in lines:
            click.echo(line)
