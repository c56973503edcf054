"""The judged articles, read, enriched and indexed by the code that does it in production."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from newswire.article import Article, Source
from newswire.settings import ElasticsearchSettings, load
from services.enrich.pipeline import Enricher
from services.index import document
from services.index.generations.family import ARTICLES, wanted
from services.ingest.identify import draft
from services.ingest.readers import read_records
from services.ingest.readers.record import Refused

SAMPLES = Path(__file__).parents[2] / "samples"
WRITTEN = Path(__file__).with_name("articles.ndjson")


def articles() -> dict[str, Article]:
    """The newest version of each article by the name it is judged by: its id in the file, or the sample's name."""
    newest: dict[str, tuple[str, Article]] = {}
    named = [msgspec.json.decode(line)["id"] for line in WRITTEN.read_bytes().splitlines()]
    for path in (*sorted(SAMPLES.iterdir()), WRITTEN):
        for number, (several, article) in enumerate(_read(path)):
            name = named[number] if path == WRITTEN else f"{path.stem}:{number}" if several else path.stem
            known = newest.get(article.id)
            # Of a copy the first name stays; of a correction the newest.
            if known is None or article.revision > known[1].revision:
                newest[article.id] = name, article
    return dict(newest.values())


def _read(path: Path) -> list[tuple[bool, Article]]:
    data = path.read_bytes()
    records = read_records(data, path.name, UTC)
    found = []
    for number, record in enumerate(records.records):
        source = Source(path=path.name, record=number, format=records.format, bytes=len(data), sha256="")
        made = record if isinstance(record, Refused) else draft(record, source)
        if not isinstance(made, Refused):
            found.append(msgspec.structs.replace(made.article, revision=max(made.wanted or 1, 1)))
    return [(len(found) > 1, article) for article in found]


def index(client: Elasticsearch, name: str) -> dict[str, str]:
    """Make the index ``name`` with the production mapping and fill it; returns article id → judged name."""
    look = wanted(ARTICLES, load(ElasticsearchSettings, {}))
    client.indices.delete(index=name, ignore_unavailable=True)
    client.indices.create(index=name, settings=look.settings, mappings=look.mappings)
    enricher, now = Enricher(), datetime.now(UTC)
    named = {}
    lines: list[Any] = []
    for told, article in articles().items():
        named[article.id] = told
        stored = document.project(enricher.enrich(article), indexed_at=now)
        lines += [{"index": {"_id": article.id}}, document.encode(stored)]
    answer = client.bulk(index=name, operations=lines, refresh=True)
    if answer["errors"]:
        raise RuntimeError(f"the index refused an article: {answer['items']}")
    return named
