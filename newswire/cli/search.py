"""``newswire search``: the index from the terminal."""

import json

import click
from elasticsearch import ApiError, BadRequestError
from rich.console import Console

from newswire import elastic
from newswire.cli import Failure, hits
from newswire.cli.failures import explained
from newswire.elastic import INDEX_ALIAS
from newswire.query import Question, body
from newswire.settings import ElasticsearchSettings, load


@click.command("search")
@click.argument("query", nargs=-1)
@click.option("--tag", "tags", multiple=True, help="An event tag or a branch of them: conflict, law.*, unrest.protest.")
@click.option("--place", "places", multiple=True, help="A place by name.")
@click.option("--person", "people", multiple=True, help="A person by name.")
@click.option("--org", "organizations", multiple=True, help="An organisation or group by name.")
@click.option("--country", "countries", multiple=True, help="A country by its ISO code: UA.")
@click.option("--from", "first", metavar="DATE", help="Published on or after: 2025-02-01.")
@click.option("--to", "last", metavar="DATE", help="Published on or before.")
@click.option("--size", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many hits.")
@click.option("--json", "as_json", is_flag=True, help="Print Elasticsearch's answer as JSON.")
def command(query: tuple[str, ...], as_json: bool, **asked: object) -> None:
    r"""Search the index; the words of QUERY all have to occur, "quoted words" as a phrase.

    An option given twice takes either; different options narrow one another.

    \b
    newswire search drone --place Sumy
    newswire search --tag conflict.remote --from 2025-02-01
    """
    question = Question(text=" ".join(query), **asked)  # type: ignore[arg-type] # click has checked the types
    with explained():
        settings = load(ElasticsearchSettings)
        with elastic.client(settings) as client:
            try:
                answer = client.search(index=INDEX_ALIAS, **body(question))
            except BadRequestError as error:
                raise Failure(f"Elasticsearch cannot read this query: {_cause(error)}") from error
    if as_json:
        click.echo(json.dumps(answer.body, indent=2, ensure_ascii=False))
    else:
        hits.show(Console(), answer.body)


def _cause(error: ApiError) -> str:
    """The innermost reason Elasticsearch gives, which is the one that names the mistake."""
    causes = error.body.get("error", {}).get("root_cause", []) if isinstance(error.body, dict) else []
    return str(causes[0].get("reason", error.error))[:300] if causes else str(error.error)
