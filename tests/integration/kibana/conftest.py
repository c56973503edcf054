"""The sample corpus in indices of these tests' own, through the code that the services run."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from elasticsearch import Elasticsearch
from kafka import TopicPartition

from bench.clusters.wire import Wire
from newswire import article as articles
from newswire import dead_letter, enriched
from newswire.article import Article, Source
from newswire.dead_letter import DeadLetter, LetterSource
from newswire.letters import filed
from newswire.letters.filed import FiledLetter, State
from newswire.reasons import Reason, Stage
from newswire.topics import DEAD, ENRICHED, Trail
from services.enrich.core import Done, Job, process, without_enrichment
from services.enrich.pipeline import Enricher
from services.index.item import Item, Record, action
from services.ingest.cluster import Story, sketch
from services.ingest.identify import draft
from services.ingest.readers import read_records
from services.ingest.readers.record import Refused
from tests.kibana import objects, scripts
from tests.kibana.objects import Saved

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime.now(UTC)
# What the data views name, and what stands for it here.
INDICES = {
    "newswire": "kibana-articles",
    "newswire-v*": "kibana-articles-v*",
    "newswire-dead": "kibana-dead",
    "newswire-outlines": "kibana-outlines",
}


class Corpus(NamedTuple):
    """What was indexed: ``articles`` as they can be found, ``withdrawn`` as tombstones, and the letters."""

    articles: list[dict[str, Any]]
    withdrawn: list[dict[str, Any]]
    letters: list[FiledLetter]


@pytest.fixture(scope="package")
def saved() -> Saved:
    return objects.saved()


@pytest.fixture(scope="package")
def corpus(client: Elasticsearch) -> Iterator[Corpus]:
    """Samples, a version of one that enrichment crashed on, a tombstone, and letters of three stages and five ages."""
    items, refused = _items()
    letters = _letters(refused)
    for title, name in (("newswire", "kibana-articles-v1"), ("newswire-dead", "kibana-dead-v1")):
        template = ROOT / f"services/index/template/{objects.TEMPLATES[title]}.json"
        body = msgspec.json.decode(template.read_bytes())["template"]
        shown = {"bool": {"must_not": {"term": {"pubstatus": "canceled"}}}} if title == "newswire" else None
        client.indices.create(
            index=name,
            mappings=body["mappings"],
            settings=body["settings"],
            aliases={INDICES[title]: {"is_write_index": True} | ({"filter": shown} if shown else {})},
        )
    lines: list[Any] = [line for item in items + letters for line in _lines(item)]
    answer = client.bulk(operations=lines, refresh=True)
    assert {status for item in answer["items"] for status in [item["index"]["status"]]} <= {200, 201, 409}, answer
    newest = {
        item.id: msgspec.json.decode(_lines(item)[1]) for item in sorted(items, key=lambda one: one.revision or 0)
    }
    found = [one for one in newest.values() if one["pubstatus"] == "usable"]
    gone = [one for one in newest.values() if one["pubstatus"] == "canceled"]
    yield Corpus(found, gone, [msgspec.json.decode(_lines(one)[1], type=FiledLetter) for one in letters])
    client.indices.delete(index="kibana-articles-v1,kibana-dead-v1")


@pytest.fixture(scope="package")
def outlines(client: Elasticsearch) -> Iterator[None]:
    """The outlines of the countries. The engine of the tests has no geo_shape: here they are kept and not searched."""
    countries = scripts.load("countries")
    index = INDICES["newswire-outlines"]
    countries.load(client, countries.NDJSON.read_bytes(), mappings=unsearched(countries.MAPPINGS), index=index)
    yield
    client.indices.delete(index=index)


def unsearched(mappings: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with shapes that are kept only."""
    properties = mappings["properties"] | {"outline": {"type": "object", "enabled": False}}
    return dict(mappings) | {"properties": properties}


def _items() -> tuple[list[Item], list[tuple[str, Refused]]]:
    enricher, wire = Enricher(), Wire()
    items, refused, first = [], [], None
    for file in sorted((ROOT / "samples").iterdir()):
        data = file.read_bytes()
        records = read_records(data, file.name, UTC)
        for number, record in enumerate(records.records):
            source = Source(path=file.name, record=number, format=records.format, bytes=len(data), sha256="")
            made = record if isinstance(record, Refused) else draft(record, source)
            if isinstance(made, Refused):
                refused.append((file.name, made))
                continue
            article = _clustered(wire, msgspec.structs.replace(made.article, revision=max(made.wanted or 1, 1)))
            first = first or article
            items.append(_item(process(_job(article), enricher.enrich, now=_now)))
    source = Source(path="crash.txt", format="text", bytes=1, sha256="")
    assert first is not None
    body = f"{first.body}\n\nAdds a comment of the mayor."
    crashed = Article(
        id="c" * 32, revision=1, title="The one that crashed", body=body, agency=first.agency, source=source
    )
    crashed = _clustered(wire, crashed)
    items.append(_item(without_enrichment(_job(crashed), Reason.ENRICHMENT_CRASH, now=_now)))
    killed = msgspec.structs.replace(crashed, id="d" * 32, pubstatus="canceled", title=None, body="", agency="Newswire")
    items.append(_item(process(_job(killed), enricher.enrich, now=_now)))
    return items, refused


def _clustered(wire: Wire, article: Article) -> Article:
    """The article with its cluster, as ingest publishes it."""
    (cluster,), _ = wire.take([Story(article.id, article.agency, sketch(article.body))])
    return msgspec.structs.replace(article, cluster=cluster)


def _letters(refused: list[tuple[str, Refused]]) -> list[Item]:
    made = [
        _letter(Stage.INGEST, one.reason, one.message, path, NOW - timedelta(minutes=5)) for path, one in refused
    ] + [
        _letter(Stage.INGEST, Reason.BAD_ENCODING, "No text.", "a.txt", NOW - timedelta(hours=3)),
        _letter(Stage.ENRICH, Reason.BAD_MESSAGE, "No article.", "a.txt", NOW - timedelta(days=2)),
        _letter(Stage.INDEX, Reason.MAPPING_REJECTED, "No date.", "b.txt", NOW - timedelta(days=20)),
        _letter(Stage.INDEX, Reason.TOO_LARGE, "Too large.", "c.txt", NOW - timedelta(days=400)),
    ]
    states = dict(zip(range(len(made)), [State.OPEN] * len(made), strict=True)) | {1: State.REPLAYED}
    items = []
    for offset, letter in enumerate(made):
        record = Record(TopicPartition(DEAD.name, 0), offset, letter.key, dead_letter.encode(letter), None, _trail())
        item = action(record, now=NOW)
        assert isinstance(item, Item)
        document = msgspec.json.decode(item.lines.split(b"\n")[1], type=FiledLetter)
        document = msgspec.structs.replace(document, state=states[offset])
        items.append(item._replace(lines=item.lines.split(b"\n")[0] + b"\n" + filed.encode(document)))
    return items


def _letter(stage: Stage, reason: Reason, message: str, path: str, first: datetime) -> DeadLetter:
    return dead_letter.letter(
        stage=stage,
        reason=reason,
        message=message,
        key=path,
        now=max(first, NOW - timedelta(days=6)),
        first_at=first,
        original=b"what failed",
        source=LetterSource(path=path),
    )


def _job(article: Article) -> Job:
    return Job(articles.encode(article), articles.SCHEMA, NOW)


def _item(answer: object) -> Item:
    assert isinstance(answer, Done)
    record = Record(TopicPartition(ENRICHED.name, 0), 0, "", answer.value, enriched.SCHEMA, _trail())
    item = action(record, now=NOW)
    assert isinstance(item, Item)
    return item


def _lines(item: Item) -> list[bytes]:
    """The action and the document, aimed at the indices of these tests."""
    head, document = item.lines.split(b"\n")
    target = msgspec.json.decode(head)
    target["index"]["_index"] = INDICES[target["index"]["_index"]]
    return [msgspec.json.encode(target), document]


def _trail() -> Trail:
    return Trail("trace", NOW, NOW)


def _now() -> datetime:
    return NOW
