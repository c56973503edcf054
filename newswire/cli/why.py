"""``newswire why``: the whole story of one file or article."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from rich.console import Console
from rich.text import Text

from newswire import elastic, pruned
from newswire.cli import Failure, json_output, letter_view
from newswire.cli.desk import Desk
from newswire.cli.failures import explained
from newswire.letters.filed import FiledLetter
from newswire.letters.register import Filters, Register
from newswire.logging import printable
from newswire.settings import ElasticsearchSettings, load
from newswire.steps import Known
from newswire.story import Story, of_article, of_file
from newswire.whereabouts import Whereabouts
from newswire.wording import counted
from services.ingest.answers import ArticleAnswer, FileAnswer, Now
from services.ingest.inbox import shown
from services.ingest.settings import IngestSettings

# Of a file with many articles; the others differ in their names only, mostly.
MOST_ARTICLES = 10
MOST_VERSIONS = 3
MOST_LETTERS = 100
LONGEST = 200  # characters of a name that are said again
PATIENCE = 10.0  # seconds

_ID = re.compile("[0-9a-f]{6,32}")
_WHOLE_ID = 32


@click.command("why")
@click.argument("name", metavar="FILE|ID")
@click.option("--all", "everything", is_flag=True, help="All versions of the file, and a hundred of its articles.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str, everything: bool, as_json: bool) -> None:
    r"""Tell what became of a file or an article, step by step, and what to do now.

    FILE is a path (below the inbox, absolute, or where the file was put away), its name alone,
    or the SHA-256 of its bytes. ID is that of an article, or at least its first six digits.
    Times are UTC. The services answer, so this works on any machine that reaches them.

    \b
    newswire why sports/a.txt
    newswire why data/rejected/2025-02-07/b.json
    newswire why 9f2c07
    """
    if not name.strip():
        raise click.UsageError("Name a file, or the id of an article.")
    with explained():
        desk = Desk()
        stories = _of_article(desk, name) if _ID.fullmatch(name.lower()) else []
        answer = None
        if not stories:
            answer = desk.file(_path(name))
            stories = _of_file(desk, answer, everything)
    now = answer.now if answer else []
    similar = [] if stories or now or not answer else answer.similar
    if as_json:
        json_output.echo({"asked": printable(name), "stories": stories, "now": now, "similar": similar})
    else:
        # What is done is told by its story.
        _show(letter_view.console(), stories, [one for one in now if one.doing != "done"], answer)
    if not stories and not any(one.doing or one.there for one in now):
        raise Failure(_unknown(name, answer))


def _path(name: str) -> str:
    """What stands on the command line as ingest knows it: below an inbox where it lies in one."""
    if not os.path.lexists(name):
        return shown(name)
    # The directory may be reached through a link, the file itself may be one.
    absolute = os.path.join(os.path.realpath(os.path.dirname(name) or "."), os.path.basename(name))
    for inbox in (str(one.resolve()) for one in load(IngestSettings).inboxes):
        if absolute.startswith(f"{inbox}/"):
            return shown(absolute[len(inbox) + 1 :])
    return shown(absolute)


def _of_article(desk: Desk, start: str) -> list[Story]:
    """The story of the article, or of each whose id begins so."""
    answer = desk.article(start.lower())
    ids = list(dict.fromkeys(one.id for one in answer.contents))
    if not ids and len(start) == _WHOLE_ID:
        # Of a ledger that was lost, or not of this ingest: the index may know it.
        ids = [start.lower()]
    if len(ids) > MOST_ARTICLES:
        raise Failure(f"{len(ids)} articles or more begin with {start!r}; give more of its digits.")
    known = _known(dict.fromkeys(ids, answer))
    stories = [of_article(one, known) for one in ids]
    return [one for one in stories if one.steps]


def _of_file(desk: Desk, answer: FileAnswer, everything: bool) -> list[Story]:
    versions = answer.versions if everything else answer.versions[:MOST_VERSIONS]
    if not versions:
        return []
    most = MOST_ARTICLES * 10 if everything else MOST_ARTICLES
    ids = dict.fromkeys(article for version in versions for article in version.file.articles[:most])
    articles = {one: desk.article(one) for one in list(ids)[: most * 2]}
    known = _known(articles, Filters(source=_literally(versions[0].file.path)))
    return [of_file(version, known) for version in versions]


def _known(articles: Mapping[str, ArticleAnswer], letters: Filters | None = None) -> Known:
    """Beside what the ledger says, what the index and letters do; only where Elasticsearch answers."""
    settings = load(ElasticsearchSettings)
    now = datetime.now(UTC)
    try:
        with elastic.client(settings, request_timeout=PATIENCE) as client:
            indexed = Whereabouts(client).of(list(articles))
            return Known(articles, indexed, _letters(client, articles, letters), now, pruned.read(client))
    except (TransportError, ApiError) as error:
        click.echo(printable(f"newswire: {elastic.explain(error, settings)}"), err=True)
        return Known(articles, None, [], now)


def _letters(client: Elasticsearch, ids: Iterable[str], wanted: Filters | None) -> list[FiledLetter]:
    """The letters of the file, and of its articles."""
    register = Register(client)
    found = register.page(wanted, MOST_LETTERS).letters if wanted else []
    for article in ids:
        found += register.page(Filters(article=article), MOST_LETTERS).letters
    return list({one.id: one for one in found}.values())


def _literally(path: str) -> str:
    return re.sub(r"([*?\\])", r"\\\1", path)


def _show(console: Console, stories: Sequence[Story], now: Sequence[Now], answer: FileAnswer | None) -> None:
    for one in now:
        console.print(Text(printable(_at_this_moment(one))), soft_wrap=True)
    for number, story in enumerate(stories):
        if number or now:
            console.print()
        _tell(console, story)
    left = len(answer.versions) - len(stories) if answer else 0
    if left > 0 or (answer and answer.more):
        console.print(Text(f"\n{counted(left, 'older version')} or more; --all shows them.", style="dim"))


def _tell(console: Console, story: Story) -> None:
    heading = Text(printable(story.name), style="bold")
    heading.append(f"  {printable(story.state)}", style="cyan")
    console.print(heading, soft_wrap=True)
    console.print(Text(printable(story.verdict)), soft_wrap=True)
    width = max((len(step.what) for step in story.steps), default=0)
    for step in story.steps:
        at = f"{step.at:%Y-%m-%d %H:%M:%S}.{step.at.microsecond // 1000:03}" if step.at else ""
        line = Text(f"  {at:<23}  ", style="dim")
        line.append(f"{step.what:<{width}}  ", style="red" if step.what in ("refused", "letter", "missing") else "cyan")
        line.append(printable(step.text), style="default")
        console.print(line, soft_wrap=True)


# What the service does about a file of which nothing is written yet.
_DOING = {
    "waiting": "It was seen, and its turn will come.",
    "settling": "It is watched until it has kept still: somebody may still be writing it.",
    "reading": "It is being read.",
    "in hand": "It is being published.",
    "embargoed": "It waits for the end of an embargo.",
}


def _at_this_moment(now: Now) -> str:
    where = f"{now.path} lies in {now.inbox}. "
    if now.temporary:
        return where + "Its name says that it is not finished, or hidden: rename it, and it will be taken."
    if now.doing is None:
        return where + "The service has not noticed it yet; it looks through the inbox every NEWSWIRE_RESCAN."
    return where + _DOING.get(now.doing, f"It is {now.doing}.")


def _unknown(name: str, answer: FileAnswer | None) -> str:
    """What to say of a name that nobody saw."""
    said = f"Nothing is known of {name if len(name) <= LONGEST else f'…{name[-LONGEST:]}'}."
    if answer is None:
        return said
    if not answer.complete:
        return f"{said} The search for the name alone took too long: give its path below the inbox."
    if answer.similar:
        return f"{said} Similar: {', '.join(answer.similar)}."
    here = Path(name)
    inboxes = " and ".join(answer.inboxes)
    if os.path.lexists(name):
        return f"{said} {here.absolute()} is in no inbox; put it into {inboxes}."
    return (
        f"{said} It has not come to {inboxes}, or so long ago that its row was let go (NEWSWIRE_LEDGER_KEEP); "
        "an article is still known by its id."
    )
