"""``newswire annotate``: enrichment alone, no servers; articles in, enriched documents out, for programs or to read."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import click
import msgspec

from newswire import enriched
from newswire.article import Article, Instant, Source
from newswire.cli import Failure
from newswire.cli.annotated import page, view
from newswire.cli.failures import explained
from newswire.enriched import Enriched
from newswire.logging import printable
from newswire.settings import load
from newswire.wording import counted
from services.enrich.pipeline import Enricher
from services.enrich.settings import EnrichSettings
from services.ingest.identify import draft
from services.ingest.inbox import shown
from services.ingest.readers import read_records
from services.ingest.readers.record import Refused
from services.ingest.settings import IngestSettings

STANDARD_INPUT: Final = Path("-")


class Line(msgspec.Struct, frozen=True):
    """One line of ``--format ndjson``; other fields are ignored."""

    id: str
    body: str
    title: str | None = None
    published_at: Instant | None = None


@click.command("annotate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "ndjson"]),
    default="text",
    show_default=True,
    help='text: files as ingest reads them; ndjson: {"id", "title", "body", "published_at"} a line.',
)
@click.option("--view", "as_view", is_flag=True, help="Show the articles in the terminal, with what was found marked.")
@click.option("--html", "as_page", is_flag=True, help="Write one web page for all articles to standard output.")
def command(files: tuple[Path, ...], form: str, *, as_view: bool, as_page: bool) -> None:
    r"""Enrich FILES, or standard input, and write one enriched document a line, in the order of the input.

    With --format ndjson the body is taken as it is and offsets count in it. A file named - is
    standard input. What cannot be read is named on standard error and left out; then the exit
    status is 1.

    --view and --html are for reading: the text with its names and dates marked, then names,
    places, dates and events. Without colours (NO_COLOR, a pipe) marks are brackets: [PER Ada Obi].
    The page needs nothing but a browser; pointing at a mark tells what it is.

    \b
    newswire annotate samples/01-goma.txt
    newswire annotate --view samples/*.txt
    newswire annotate --html samples/*.txt > page.html
    newswire annotate --format ndjson < articles.ndjson > enriched.ndjson
    """
    with explained():
        own = load(EnrichSettings)
        # What is named here comes from no inbox; the first one's time zone is as good as any.
        zone = ZoneInfo(load(IngestSettings).zones[0])
        enricher = Enricher(text_cap=own.text_cap, tagger=own.tagger)
    out: Output = _Page() if as_page else _View() if as_view else _Lines(form)
    unread = Counter[str]()
    for path in files or (STANDARD_INPUT,):
        for article in _articles(path, form, zone):
            if isinstance(article, Unread):
                click.echo(printable(f"newswire: {article.sentence}"), err=True)
                unread[article.what] += 1
                continue
            out.write(msgspec.structs.replace(enricher.enrich(article), enriched_at=datetime.now(UTC)))
        sys.stdout.buffer.flush()
    out.close()
    if unread:
        told = " and ".join(counted(number, what) for what, number in unread.items())
        raise Failure(f"{told} could not be read.")


class Output(Protocol):
    """Where documents go, one by one; ``close`` writes what belongs behind the last one."""

    def write(self, document: Enriched) -> None:
        """Write one document to standard output."""

    def close(self) -> None:
        """Write the end."""


class _Lines:
    """For programs: JSON, a document a line."""

    def __init__(self, form: str) -> None:
        self._form = form

    def write(self, document: Enriched) -> None:
        if self._form == "ndjson":
            document = msgspec.structs.replace(document, source=None)
        sys.stdout.buffer.write(enriched.encode(document) + b"\n")

    def close(self) -> None:
        sys.stdout.buffer.flush()


class _View:
    """For a person in a terminal."""

    def __init__(self) -> None:
        self._console = view.console()

    def write(self, document: Enriched) -> None:
        view.show(self._console, document)

    def close(self) -> None:
        sys.stdout.flush()


class _Page:
    """For a person with a browser. UTF-8, as the page says, whatever the terminal's encoding."""

    def __init__(self) -> None:
        self._written = 0

    def write(self, document: Enriched) -> None:
        if not self._written:
            sys.stdout.buffer.write(page.head(document.title or "Newswire").encode())
        self._written += 1
        sys.stdout.buffer.write(page.article(document, self._written).encode())

    def close(self) -> None:
        beginning = "" if self._written else page.head("Newswire: no articles")
        sys.stdout.buffer.write((beginning + page.foot()).encode())
        sys.stdout.buffer.flush()


class Unread(NamedTuple):
    """What is left out: a ``file``, or an ``article`` in one; the sentence names it."""

    what: str
    sentence: str


def _articles(path: Path, form: str, zone: tzinfo) -> Iterator[Article | Unread]:
    """The articles of one file or of standard input, in their order."""
    name = "standard input" if path == STANDARD_INPUT else shown(str(path))
    try:
        # Standard input stays open: it may be named twice, and then has nothing left.
        with nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else path.open("rb") as stream:
            yield from _lines(stream, name) if form == "ndjson" else _file(stream.read(), name, zone)
    except OSError as error:
        yield Unread("file", f"{name}: {error.strerror or error}.")


def _file(data: bytes, name: str, zone: tzinfo) -> Iterator[Article | Unread]:
    """The articles of one file, as ingest would publish them (without the ledger's word on revisions)."""
    records = read_records(data, name, zone)
    for number, record in enumerate(records.records):
        source = Source(path=name, record=number, format=records.format, bytes=len(data), sha256="")
        made = record if isinstance(record, Refused) else draft(record, source)
        if isinstance(made, Refused):
            yield Unread("article", f"{name}: {made.reason.value}: {made.message}")
        else:
            yield msgspec.structs.replace(made.article, revision=max(made.wanted or 1, 1))


def _lines(stream: IO[bytes], name: str) -> Iterator[Article | Unread]:
    decode = msgspec.json.Decoder(Line).decode
    source = Source(path=name, format="ndjson", bytes=0, sha256="")
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            given = decode(line)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            yield Unread("article", f"{name}, line {number}: {error}.")
            continue
        yield Article(
            id=given.id, revision=1, title=given.title, body=given.body, published_at=given.published_at, source=source
        )
