"""``newswire demo``: the samples through the whole system, told so that a newcomer understands it."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import click
import msgspec
from elasticsearch import Elasticsearch
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from newswire import elastic
from newswire.article import Source
from newswire.cli import Failure, asked, hits
from newswire.cli.asked import Options
from newswire.cli.board import Board
from newswire.cli.failures import explained
from newswire.elastic import DEAD_ALIAS, INDEX_ALIAS
from newswire.logging import printable
from newswire.search import search
from newswire.search.answer import hit as found_hit
from newswire.settings import ElasticsearchSettings, load
from newswire.system import System
from newswire.wording import counted
from services.ingest.identify import draft
from services.ingest.readers import read_records
from services.ingest.readers.record import Refused

# From the last file dropped to the last article searchable; takes about a second.
PATIENCE = 60.0  # seconds
POLL = 0.05  # seconds
QUESTIONS = (
    Options(text="drone attack", size=2),
    Options(tags=("conflict.remote.*",), near="Odesa", within="200km", size=2),
    Options(text="protest", countries=("Kenya",), size=2),
)


@click.command("demo")
@click.option(
    "--samples",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Articles to feed.  [default: the repository's samples/]",
)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Keep everything here afterwards.")
def command(samples: Path | None, data: Path | None) -> None:
    """Feed the samples through real Kafka, Faust and Elasticsearch and show what becomes of them.

    Takes free ports and a temporary directory, so it disturbs nothing; servers
    named by NEWSWIRE_KAFKA and NEWSWIRE_ELASTICSEARCH get the samples, though. Exit
    status 0 when every article is searchable and every broken file explained.
    """
    console = Console(highlight=False)
    source = samples or Path(__file__).parents[2] / "samples"
    if not source.is_dir():
        raise Failure(
            "The samples are part of the repository; run this in a clone, or name a directory with --samples."
        )
    # Leave as with Ctrl-C, so that nothing stays behind in the temporary directory.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with explained():
        if data is not None:
            run(console, source, data.absolute())
            return
        with tempfile.TemporaryDirectory(prefix="newswire-demo-") as temporary:
            run(console, source, Path(temporary))


class Expected:
    """What has to come out, worked out from the files alone: article ids, and files that are refused."""

    def __init__(self, files: list[Path]) -> None:
        self.ids: dict[str, str] = {}
        self.records = 0
        self.bad = 0
        self.refused: set[str] = set()
        self._revisions: dict[str, int] = {}
        for path in files:
            data = path.read_bytes()
            found = read_records(data, path.name, UTC)
            for number, record in enumerate(found.records):
                where = Source(path=path.name, record=number, format=found.format, bytes=len(data), sha256="")
                made = record if isinstance(record, Refused) else draft(record, where)
                self.records += 1
                if isinstance(made, Refused):
                    self.refused.add(path.name)
                    self.bad += 1
                    continue
                # Of several versions the newest is the one that must be found.
                if (made.wanted or 0) >= self._revisions.get(made.article.id, 0):
                    self._revisions[made.article.id] = made.wanted or 0
                    self.ids[made.article.id] = made.article.title or ""


def run(console: Console, source: Path, place: Path) -> None:
    """Everything between the first line and the last; raises Failure when something is missing."""

    def heading(text: str) -> None:
        console.print()
        console.print(Rule(Text(text, style="bold"), align="left", style="dim"))

    heading("1  Starting Kafka, Elasticsearch and the three services")
    inbox = place / "inbox"
    with System(inbox, place / "data", say=lambda line: console.print(line, markup=False), any_port=True) as system:
        files = sorted(path for path in source.iterdir() if path.is_file() and not path.name.startswith("."))
        expected = Expected(files)
        heading(f"2  Dropping {len(files)} files into the watched directory")
        for path in files:
            # As another program would: written under a temporary name, then renamed.
            shutil.copyfile(path, inbox / f".{path.name}.part")
            (inbox / f".{path.name}.part").rename(inbox / path.name)
            console.print(f"   {path.name}", markup=False)
        dropped = time.monotonic()
        settings = load(ElasticsearchSettings, os.environ | system.environment)
        with elastic.client(settings) as client:
            missing = _await(client, expected, system.watch)
            took = time.monotonic() - dropped
            heading(f"3  {len(expected.ids)} articles searchable {took:.1f} s later")
            _documents(console, client, expected)
            heading("4  What the system understood of one of them")
            _closer_look(console, client)
            heading("5  Searching")
            for options in QUESTIONS:
                console.print(Text(f"\n$ newswire search {_typed(options)}", style="dim"))
                question, notes = asked.question(options)
                answer = search(client, question, asked.vocabulary())
                # No word on further pages: there is nobody to ask for them when this ends.
                hits.show(console, msgspec.structs.replace(answer, notes=[*notes, *answer.notes], next=None))
            heading("6  What could not be read is kept, with the reason, as searchable as the rest")
            _letters(console, client)
            heading("7  What each stage counted (Prometheus reads the same figures)")
            console.print(Board().table(system.services, time.monotonic()))
    if missing:
        raise Failure(
            f"{len(missing)} of {len(expected.ids)} articles did not become searchable: {', '.join(missing)}."
        )
    console.print(
        f"\nEvery one of the {len(files)} files is accounted for. Of the {counted(expected.records, 'record')} in them "
        f"{expected.bad:,} cannot be read, and the others make {counted(len(expected.ids), 'article')}: what is over "
        "are older versions and copies."
    )


def _await(client: Elasticsearch, expected: Expected, watch: Callable[[], None]) -> list[str]:
    """Wait for the newest version of each article and a letter for each refused file; returns what is missing."""
    deadline = time.monotonic() + PATIENCE
    while True:
        watch()
        answer = client.search(index=INDEX_ALIAS, size=1000, source_includes=["id", "title"])
        found = {hit["_source"]["id"]: hit["_source"].get("title") or "" for hit in answer["hits"]["hits"]}
        letters = client.search(index=DEAD_ALIAS, size=1000, source_includes=["source"])
        refused = {(hit["_source"].get("source") or {}).get("path") for hit in letters["hits"]["hits"]}
        missing = [title for one, title in expected.ids.items() if found.get(one) != title]
        missing += sorted(expected.refused - refused)
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(POLL)


def _documents(console: Console, client: Elasticsearch, expected: Expected) -> None:
    """Each article with its places, people and tags."""
    answer = client.search(index=INDEX_ALIAS, size=1000, sort=[{"source.path": "asc"}, {"source.record": "asc"}])
    for hit in answer["hits"]["hits"]:
        if hit["_source"]["id"] in expected.ids:
            for line in hits.lines(found_hit(hit, folded=0)):
                console.print(line)


def _typed(options: Options) -> str:
    """What a person types to ask this."""
    flags = [f"--tag '{tag}'" for tag in options.tags] + [f"--country {name}" for name in options.countries]
    if options.near:
        flags.append(f"--near {options.near} --within {options.within}")
    return " ".join([*options.text.split(), *flags, f"--size {options.size}"])


def _closer_look(console: Console, client: Elasticsearch) -> None:
    """The article with most events: each event with its arguments and the sentence that carries it."""
    answer = client.search(index=INDEX_ALIAS, size=1000)
    found = [hit["_source"] for hit in answer["hits"]["hits"]]
    if not found:
        return  # and the end says what is missing
    richest = max(found, key=lambda one: (len(one["events"]), one["id"]))
    console.print(Text(printable(richest.get("title") or ""), style="bold cyan"))
    for event in richest["events"]:
        console.print(Text(f"\n{event['type']}", style="magenta"), Text(" · ".join(_facts(event)), style="dim"))
        for start, end in event["evidence"][:2]:
            console.print(Text(f"   “{printable(richest['body'][start:end])}”"))


def _facts(event: dict[str, Any]) -> list[str]:
    facts = [event["status"]]
    for name, word in (
        ("actors", "by"),
        ("targets", "against"),
        ("claimed_by", "claimed by"),
        ("denied_by", "denied by"),
    ):
        if event[name]:
            facts.append(f"{word} {', '.join(event[name])}")
    if event.get("place"):
        facts.append(event["place"]["name"])
    if event.get("date"):
        first, last = event["date"]["from"], event["date"]["to"]
        facts.append(first if first == last else f"{first} to {last}")
    for name in ("fatalities", "injured", "missing", "arrested", "displaced"):
        if count := event.get(name):
            low, high = count["min"], count["max"]
            facts.append(f"{name} {low if low == high else f'{low} or more' if high is None else f'{low} to {high}'}")
    return [printable(fact) for fact in facts]


def _letters(console: Console, client: Elasticsearch) -> None:
    for hit in client.search(index=DEAD_ALIAS, size=20)["hits"]["hits"]:
        letter = hit["_source"]
        path = (letter.get("source") or {}).get("path") or letter["key"]
        console.print(Text(f"{printable(path)}  {letter['stage']}/{letter['reason']}", style="red"))
        console.print(Text(f"   {printable(letter['message'])}"))
        if letter.get("put_away"):
            console.print(Text(f"   the file lies in {printable(letter['put_away'])}", style="dim"))
