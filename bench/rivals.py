"""What ``elasticsearch.helpers`` reaches with the documents that the index service writes, in every sensible setting.

Its side of the comparison is the lighter one: the documents come from memory, no
Kafka, no check against the contract, no derived fields to work out, no dead
letters; and nothing is tried again.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch, helpers

from bench.corpus import Corpus

INDEX = "newswire-v999999"  # matches the articles' template


class Rival(NamedTuple):
    """One configuration; ``threads`` 0 is ``streaming_bulk``."""

    threads: int
    chunk: int

    def __str__(self) -> str:
        name = f"parallel_bulk, {self.threads} threads" if self.threads else "streaming_bulk"
        return f"{name}, {self.chunk} a request"

    def write(self, client: Elasticsearch, actions: Iterator[dict[str, Any]]) -> Iterator[tuple[bool, Any]]:
        """Send everything; an outcome for each."""
        if not self.threads:
            return iter(helpers.streaming_bulk(client, actions, chunk_size=self.chunk))
        return iter(helpers.parallel_bulk(client, actions, thread_count=self.threads, chunk_size=self.chunk))


RIVALS = [Rival(threads, chunk) for threads in (0, 2, 4) for chunk in (100, 250, 500, 1000)]


def measure(client: Elasticsearch, corpus: Corpus, rival: Rival, count: int) -> float:
    """Documents per second, from the first request to the refresh that makes all of them searchable."""
    client.indices.delete(index=INDEX, ignore_unavailable=True)
    client.indices.create(index=INDEX)
    started = time.monotonic()
    for ok, item in rival.write(client, corpus.actions(INDEX, count)):
        if not ok:
            raise RuntimeError(f"the helpers failed: {item}")
    client.indices.refresh(index=INDEX)
    took = time.monotonic() - started
    if client.count(index=INDEX)["count"] != count:
        raise RuntimeError("the helpers lost documents")
    client.indices.delete(index=INDEX)
    return count / took
