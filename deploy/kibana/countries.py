"""The outlines of the countries in Elasticsearch: the ground of the map of events where no map service can be reached.

Elasticsearch's own index rather than Elastic's map service: the map works on a
machine without Internet, and can colour a country by the articles that name it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

INDEX = "newswire-outlines"
NDJSON = Path(__file__).resolve().parent / "countries.ndjson"

MAPPINGS: Mapping[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "code": {"type": "keyword"},
        "name": {"type": "keyword"},
        "outline": {"type": "geo_shape"},
    },
}
# A third of a megabyte: one shard, and a copy of it where there is a second node.
SETTINGS = {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}


class Incomplete(RuntimeError):
    """Elasticsearch refused some of the outlines; the message says which and why."""


def load(client: Elasticsearch, content: bytes, mappings: Mapping[str, Any] = MAPPINGS, index: str = INDEX) -> int:
    """Make the index of ``content`` unless that is what it holds; returns how many outlines were written.

    1. What is there of another edition, or of a run that was cut off, is deleted.
    2. The outlines are written.
    3. Only then the index says which edition it holds.

    Raises Incomplete, or what the client raises when Elasticsearch refuses or is away.
    """
    edition = hashlib.sha256(content).hexdigest()
    if client.indices.exists(index=index):
        held = next(iter(client.indices.get_mapping(index=index).body.values()))["mappings"].get("_meta", {})
        if held.get("edition") == edition:
            return 0
        client.indices.delete(index=index)
    client.indices.create(index=index, mappings=mappings, settings=SETTINGS)
    outlines = content.splitlines()
    answer = client.bulk(operations=list(_operations(outlines)), index=index, refresh=True)
    if answer["errors"]:
        raise Incomplete("; ".join(_refusals(answer["items"]))[:1000])
    client.indices.put_mapping(index=index, meta={"edition": edition})
    return len(outlines)


def _operations(outlines: list[bytes]) -> Iterator[Any]:
    for outline in outlines:
        yield json.dumps({"index": {"_id": json.loads(outline)["code"] or "land"}}).encode()
        yield outline


def _refusals(items: list[dict[str, Any]]) -> Iterator[str]:
    for item in items:
        if "error" in item["index"]:
            yield f"{item['index']['_id']}: {item['index']['error'].get('reason')}"
