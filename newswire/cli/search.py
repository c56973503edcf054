"""``newswire search``: the index from the terminal."""

import sys
from contextlib import closing
from typing import Any, get_args

import click
import msgspec
from rich.console import Console

from newswire import elastic
from newswire.cli import Failure, asked, bookmark, hits, json_output
from newswire.cli.asked import STATUSES, Options
from newswire.cli.failures import explained
from newswire.cli.parsed import MOST, Parsed
from newswire.logging import printable
from newswire.search import Answer, CursorExpired, QuestionError, cursor, pages, search
from newswire.search.question import LARGEST_PAGE, Order
from newswire.settings import ElasticsearchSettings, load, whole

# Elasticsearch stops after ten seconds of its own; the network gets as many again.
PATIENCE = 20.0  # seconds


# -word is a part of the query; of options only the long ones are taken.
@click.command("search", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1)
@click.option("--tag", "tags", multiple=True, help="An event tag, a branch or a pattern: conflict, law.*, *.verdict.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="How sure the event is.")
@click.option(
    "--min-fatalities",
    "fatalities",
    type=Parsed("number", whole(0, MOST)),
    help="At least so many killed in one event.",
)
@click.option("--place", "places", multiple=True, metavar="NAME", help='A place and all in it: Sumy, "Paris, Texas".')
@click.option("--near", metavar="NAME|LAT,LON", help="A place or position to search around.")
@click.option("--within", metavar="DISTANCE", help=f"How far around --near: 30km, 20 miles.  [default: {asked.NEARBY}]")
@click.option("--person", "people", multiple=True, metavar="NAME", help="A person, by full or last name.")
@click.option("--org", "organizations", multiple=True, metavar="NAME", help="An organisation or group: UN, M23.")
@click.option("--quoted", multiple=True, metavar="NAME", help="Somebody whose words are quoted.")
@click.option(
    "--country", "countries", multiple=True, metavar="NAME", help="A country the article is about: UA, Ghana."
)
@click.option("--agency", "agencies", multiple=True, metavar="NAME", help="The agency that wrote it.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="The language it is in: en.")
@click.option("--source", "sources", multiple=True, metavar="FILE", help="The file it came in; may end in *.")
@click.option("--from", "first", metavar="DATE", help="Published on or after: 2025-02-01, 2025-02, 7d, yesterday.")
@click.option("--to", "last", metavar="DATE", help="Published on or before, the whole day included.")
@click.option("--during", metavar="SPAN", help='--from and --to in one: 2025-02, 7d, "last month".')
@click.option("--sort", "order", type=click.Choice(get_args(Order)), help="The order; without words, newest first.")
@click.option(
    "--size", default=10, show_default=True, type=Parsed("number", whole(1, LARGEST_PAGE)), help="Hits on a page."
)
@click.option("--after", metavar="PAGE", help="The next page, by what the last one ended with.")
@click.option("--all", "unfolded", is_flag=True, help="Every version of an article, not only the first.")
@click.option("--facets", "with_facets", is_flag=True, help="Count tags, countries, people and so on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (docs/search.md says which).")
@click.option("--ndjson", is_flag=True, help="One JSON object a hit, all pages, as they come.")
def command(
    *,
    query: tuple[str, ...],
    after: str | None,
    unfolded: bool,
    with_facets: bool,
    as_json: bool,
    ndjson: bool,
    **options: Any,
) -> None:
    r"""Search the index: the words of QUERY, "quoted ones" as they are written.

    Of many words most have to occur, of one or two all. AND, OR, NOT, -without,
    (groups), dron*, title:, person:, killed:>5 and more: docs/search.md. An option given
    twice takes either; different options narrow one another. --tag, --status,
    --min-fatalities and, beside them, a place have to hold for one event.

    \b
    newswire search drone attack --place Kherson
    newswire search '"war crimes" -Geneva title:(Kherson OR Goma)'
    newswire search --tag conflict.remote.air_drone_strike --place "Sumy Oblast" \
      --min-fatalities 6 --during "last month"
    """
    if query == ("-h",):
        click.echo(click.get_current_context().get_help())
        return
    if unknown := next((word for word in query if word.startswith("--")), None):
        raise click.UsageError(f"No such option: {unknown}; and what stands behind -- is a word of the query.")
    if ndjson and (as_json or after or with_facets):
        raise click.UsageError("--ndjson prints all pages by itself; leave --json, --after and --facets out.")
    given = Options(text=" ".join(query), folded=not unfolded, **options)
    known = asked.vocabulary()
    with explained():
        settings = load(ElasticsearchSettings)
        with elastic.client(settings, request_timeout=PATIENCE) as client:
            try:
                place = cursor.decode(bookmark.find(after)) if after else None
                question, notes = asked.question(given, place.now if place else None)
                if ndjson:
                    with closing(pages(client, question, known)) as several:
                        for page in several:
                            _lines(page)
                    return
                answer = search(client, question, known, after=place, with_facets=with_facets)
            except CursorExpired as error:
                raise Failure(str(error)) from error
            except QuestionError as error:
                raise click.UsageError(printable(str(error))) from error
    answer = msgspec.structs.replace(answer, notes=[*notes, *answer.notes])
    if as_json:
        json_output.echo(answer)
    else:
        following = bookmark.keep(answer.next) if answer.next else None
        hits.show(Console(highlight=False), msgspec.structs.replace(answer, next=following))


def _lines(page: Answer) -> None:
    for note in () if page.hits else (*page.notes, *page.advice):
        click.echo(f"newswire: {printable(note)}", err=True)
    sys.stdout.buffer.writelines(map(json_output.line, page.hits))
    sys.stdout.buffer.flush()
