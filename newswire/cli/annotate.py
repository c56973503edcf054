"""``newswire annotate``: enrichment alone, no servers; articles in, one enriched document a line out."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO

import click
import msgspec

from newswire import enriched
from newswire.article import Article, Instant, Source
from newswire.cli import Failure
from newswire.cli.failures import explained
from newswire.logging import printable
from newswire.settings import load
from services.enrich.pipeline import Enricher
from services.enrich.settings import EnrichSettings
from services.ingest.identify import draft
from services.ingest.inbox import shown
from services.ingest.readers import read_records
from services.ingest.readers.record import Refused
from services.ingest.settings import IngestSettings


class Line(msgspec.Struct, frozen=True):
    """One line of ``--format ndjson``; other fields are ignored."""

    id: str
    body: str
    title: str | None = None
    published_at: Instant | None = None


@click.command("annotate")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "ndjson"]),
    default="text",
    show_default=True,
    help='text: files as ingest reads them; ndjson: {"id", "title", "body", "published_at"} a line.',
)
def command(files: tuple[Path, ...], form: str) -> None:
    r"""Enrich FILES, or standard input, and write one enriched document a line, in the order of the input.

    With --format ndjson the body is taken as it is and offsets count in it.

    \b
    newswire annotate samples/01-goma.txt
    newswire annotate --format ndjson < articles.ndjson > enriched.ndjson
    """
    with explained():
        own = load(EnrichSettings)
        zone = load(IngestSettings).zone
        enricher = Enricher(text_cap=own.text_cap)
    refused = 0
    for path in files or (None,):
        name = shown(str(path)) if path else "standard input"
        with explained(), path.open("rb") if path else sys.stdin.buffer as stream:
            articles = _lines(stream, name) if form == "ndjson" else _file(stream.read(), name, zone)
            for article in articles:
                if isinstance(article, Refused):
                    click.echo(printable(f"newswire: {name}: {article.reason.value}: {article.message}"), err=True)
                    refused += 1
                    continue
                started = datetime.now(UTC)
                document = msgspec.structs.replace(enricher.enrich(article), enriched_at=started)
                if form == "ndjson":
                    document = msgspec.structs.replace(document, source=None)
                sys.stdout.buffer.write(enriched.encode(document) + b"\n")
            sys.stdout.buffer.flush()
    if refused:
        raise Failure(f"{refused} article{'s' if refused > 1 else ''} could not be read.")


def _file(data: bytes, name: str, zone: tzinfo) -> Iterator[Article | Refused]:
    """The articles of one file, as ingest would publish them (without the ledger's word on revisions)."""
    records = read_records(data, name, zone)
    for number, record in enumerate(records.records):
        if isinstance(record, Refused):
            yield record
            continue
        source = Source(path=name, record=number, format=records.format, bytes=len(data), sha256="")
        made = draft(record, source)
        yield (
            made
            if isinstance(made, Refused)
            else msgspec.structs.replace(made.article, revision=max(made.wanted or 1, 1))
        )


def _lines(stream: IO[bytes], name: str) -> Iterator[Article]:
    decode = msgspec.json.Decoder(Line).decode
    source = Source(path=name, format="ndjson", bytes=0, sha256="")
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            given = decode(line)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise Failure(f"{name}, line {number}: {error}.") from error
        yield Article(
            id=given.id, revision=1, title=given.title, body=given.body, published_at=given.published_at, source=source
        )
