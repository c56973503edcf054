"""Enriched articles for the benchmark of the index service: enriched once, then as many as are asked for."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bench import articles
from newswire import enriched, identity
from newswire.article import Source
from newswire.enriched import Enriched
from services.enrich.pipeline import Enricher
from services.index import document
from services.ingest.identify import draft
from services.ingest.readers import read_records
from services.ingest.readers.record import RawArticle

# More than fit into what Lucene compresses together, so that the repetition of the texts gains nothing.
DIFFERENT = 400


class Corpus:
    """``count`` articles with ids of their own; the texts repeat after ``DIFFERENT``."""

    def __init__(self, count: int, samples: Path) -> None:
        self.count = count
        self._texts = [enriched.encode(one) for one in _enriched(min(count, DIFFERENT), samples)]
        now = datetime.now(UTC)
        self._stored = [document.encode(document.project(enriched.decode(v), indexed_at=now)) for v in self._texts]

    @property
    def mean_bytes(self) -> int:
        """The mean length of a message."""
        return sum(map(len, self._texts)) // len(self._texts)

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Id and value of each message of the enriched topic."""
        for number in range(self.count):
            text = self._texts[number % len(self._texts)]
            yield _id(number), text.replace(_id(number % len(self._texts)).encode(), _id(number).encode(), 1)

    def actions(self, index: str, count: int) -> Iterator[dict[str, Any]]:
        """The first ``count`` as actions of ``elasticsearch.helpers``: what the service writes, decoded."""
        decode = msgspec.json.decode
        for number in range(count):
            source = decode(self._stored[number % len(self._stored)])
            source["id"] = _id(number)
            version = identity.external_version(
                source["revision"],
                canceled=False,
                status=source["enrichment"]["status"],
                enrichment_version=source["enrichment"]["version"],
            )
            yield {
                "_index": index,
                "_id": source["id"],
                "_source": source,
                "version": version,
                "version_type": "external_gte",
            }


def _id(number: int) -> str:
    return f"{number:032x}"


def _enriched(count: int, samples: Path) -> Iterator[Enriched]:
    rng = random.Random(4)  # noqa: S311 - repeatable on purpose
    pool = articles.sentences(samples)
    enricher = Enricher()
    for number in range(count):
        data = articles.text(rng, pool, f"index {number}").encode()
        source = Source(path=f"index-{number}.txt", format="text", bytes=len(data), sha256="")
        (record,) = read_records(data, source.path, UTC).records
        assert isinstance(record, RawArticle)  # noqa: S101 - our own text
        made = draft(record, source)
        article = msgspec.structs.replace(made.article, id=_id(number), revision=made.wanted)  # type: ignore[union-attr]
        yield msgspec.structs.replace(enricher.enrich(article), enriched_at=datetime.now(UTC))
