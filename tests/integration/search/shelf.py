"""An index with the production mapping and articles made for one test."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from newswire.cli import asked
from newswire.enriched import Enriched, Enrichment, Event, EventPlace, Location, Place
from newswire.search import Answer, Question, search
from newswire.settings import ElasticsearchSettings, load
from services.index import document
from services.index.generations.family import ARTICLES, wanted

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Shelf:
    """Its own index behind its own alias, which leaves out what was withdrawn as the production alias does."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self.client = client
        self.alias = f"search-{name}"
        self._index = f"{self.alias}-1"
        self._numbers = itertools.count()
        look = wanted(ARTICLES, load(ElasticsearchSettings, {}))
        aliases = {self.alias: {"filter": ARTICLES.alias_filter}}
        client.indices.create(index=self._index, settings=look.settings, mappings=look.mappings, aliases=aliases)

    def close(self) -> None:
        self.client.indices.delete(index=self._index)

    def put(self, title: str | None = None, body: str = "Nothing.", *, id: str | None = None, **fields: Any) -> str:
        """Store an article; searchable once ``refresh`` is called. Returns its id."""
        return self.put_all([{"title": title, "body": body, "id": id, **fields}])[0]

    def put_all(self, articles: list[dict[str, Any]]) -> list[str]:
        lines: list[Any] = []
        for fields in articles:
            given = {"body": "Nothing.", "published_at": datetime(2025, 12, 1, tzinfo=UTC), **fields}
            given["id"] = given.get("id") or f"{next(self._numbers):032x}"
            article = Enriched(revision=1, enrichment=Enrichment(status="ok", version=1, model=""), **given)
            article = msgspec.structs.replace(article, event_tags=sorted({event.type for event in article.events}))
            stored = document.project(article, indexed_at=NOW)
            lines += [{"index": {"_id": article.id}}, document.encode(stored)]
        answer = self.client.bulk(index=self._index, operations=lines)
        assert not answer["errors"], answer
        return [line["index"]["_id"] for line in lines[::2]]

    def refresh(self) -> None:
        self.client.indices.refresh(index=self._index)

    def ask(self, text: str = "", **options: Any) -> Answer:
        """The first page, with the command line's own words for filters."""
        question, _ = asked.question(asked.Options(text=text, **options), NOW)
        return self.answer(question)

    def answer(self, question: Question, **how: Any) -> Answer:
        return search(self.client, question, asked.vocabulary(), index=self.alias, **how)

    def found(self, text: str = "", **options: Any) -> set[str]:
        """The ids of the first page."""
        return {hit.id for hit in self.ask(text, **options).hits}


def event(tag: str, *, place: tuple[int, str] | None = None, status: str = "reported", **fields: Any) -> Event:
    where = EventPlace(geonameid=place[0], name=place[1]) if place else None
    return Event(type=tag, score=0.9, status=status, place=where, evidence=[(0, 1)], **fields)  # type: ignore[arg-type]


def place(geonameid: int, name: str, lat: float, lon: float, country: str = "UA") -> Place:
    return Place(
        geonameid=geonameid,
        name=name,
        kind="city",
        country=country,
        admin1=None,
        location=Location(lat=lat, lon=lon),
        confidence=0.9,
        mentions=[],
    )


def shelf(client: Elasticsearch, name: str) -> Iterator[Shelf]:
    """The life of one shelf, for a fixture."""
    made = Shelf(client, name)
    try:
        yield made
    finally:
        made.close()
