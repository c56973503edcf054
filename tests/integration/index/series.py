"""Articles of one test, told apart from all others by their agency, and what became of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from newswire import enriched, identity, kafka
from newswire.enriched import Enriched, Enrichment
from newswire.settings import KafkaSettings, load
from newswire.topics import DEAD, ENRICHED, INDEX_GROUP, Trail, headers


def document(name: str, **fields: Any) -> Enriched:
    """A small article; ``name`` decides its id."""
    given = {"title": name, "body": f"The text of {name}.", "revision": 1000} | fields
    status = given.pop("status", "ok")
    return Enriched(
        id=identity.id_of_text(name, ""), enrichment=Enrichment(status=status, version=1, model="test"), **given
    )


def poisoned(article: Enriched) -> bytes:
    """A message that decodes, of a document that no mapping takes: an event on a day that is none."""
    event = b'"events":[{"type":"x","score":0.5,"status":"reported","evidence":[],"date":{"from":"soon","to":"later"}}]'
    return enriched.encode(article).replace(b'"events":[]', event)


class Series:
    """Sends articles of one agency and asks what is behind the alias of them."""

    def __init__(self, agency: str, producer: KafkaProducer, client: Elasticsearch) -> None:
        self.agency = agency
        self.sent: set[str] = set()
        self.poison: set[str] = set()
        self._producer = producer
        self._client = client

    def publish(
        self,
        count: int,
        *,
        poison_every: int = 0,
        poison: Callable[[Enriched], bytes] = poisoned,
        attempts: int = 1,
    ) -> None:
        """Send ``count`` more, some of them poison, and wait until the broker has them."""
        now = datetime.now(UTC)
        trail = headers(enriched.SCHEMA, Trail("trace", now, now, attempts))
        futures = []
        start = len(self.sent) + len(self.poison)
        for number in range(start, start + count):
            article = document(f"{self.agency} {number}", agency=self.agency)
            bad = poison_every and number % poison_every == 0
            (self.poison if bad else self.sent).add(article.id)
            value = poison(article) if bad else enriched.encode(article)
            futures.append(self._producer.send(ENRICHED.name, key=article.id.encode(), value=value, headers=trail))
        for future in futures:
            future.get(timeout=60)

    def count(self) -> int:
        """How many documents of the series readers see."""
        return int(self._client.count(index="newswire", query=self._query)["count"])

    def letters(self) -> int:
        """How many of its poison are among the dead letters."""
        query = {"terms": {"key": sorted(self.poison)}}
        return int(self._client.count(index="newswire-dead", query=query)["count"])

    def complete(self) -> bool:
        """Whether as many are there as were sent, good and poison."""
        return self.count() == len(self.sent) and (not self.poison or self.letters() == len(self.poison))

    def check(self) -> None:
        """Every article exactly once behind the alias, every poison one in the dead letters, nothing else."""
        self._client.indices.refresh(index="newswire,newswire-dead")
        assert self._ids("newswire", self._query, "id") == sorted(self.sent)
        keys = sorted(self.sent | self.poison)
        assert self._ids("newswire-dead", {"terms": {"key": keys}}, "key") == sorted(self.poison)

    @property
    def _query(self) -> dict[str, Any]:
        return {"term": {"agency": self.agency}}

    def _ids(self, index: str, query: dict[str, Any], field: str) -> list[str]:
        found: list[str] = []
        after: list[Any] | None = None
        while True:
            answer = self._client.search(
                index=index,
                query=query,
                size=10_000,
                sort=[{field: "asc"}],
                search_after=after,
                source_includes=[field],
            )
            hits = answer["hits"]["hits"]
            if not hits:
                return found
            found += [hit["_source"][field] for hit in hits]
            after = hits[-1]["sort"]


@contextmanager
def watching(environ: Mapping[str, str]) -> Iterator[KafkaConsumer]:
    """A consumer that only asks what the index group has committed."""
    with kafka.consumer(load(KafkaSettings, environ), INDEX_GROUP) as consumer:
        yield consumer


def lag(consumer: KafkaConsumer) -> int:
    """How many messages the index group has not yet committed."""
    partitions = [
        TopicPartition(topic.name, number)
        for topic in (ENRICHED, DEAD)
        for number in consumer.partitions_for_topic(topic.name) or ()
    ]
    ends = consumer.end_offsets(partitions)
    begins = consumer.beginning_offsets(partitions)
    return sum(ends[p] - (consumer.committed(p) or begins[p]) for p in partitions)
