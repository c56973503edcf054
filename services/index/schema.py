"""Templates, indices and aliases in Elasticsearch, declared as often as anybody likes."""

import json
from importlib.resources import files
from typing import Any, NamedTuple

from elasticsearch import BadRequestError, Elasticsearch

from newswire.elastic import DEAD_ALIAS, INDEX_ALIAS
from newswire.settings import ElasticsearchSettings


class Family(NamedTuple):
    """An alias, the generation that is current, and the data file of its template."""

    alias: str
    generation: str
    template: str
    alias_filter: dict[str, Any] | None


# A withdrawn article is a tombstone; whoever reads through the alias never sees it.
NOT_WITHDRAWN = {"bool": {"must_not": {"term": {"pubstatus": "canceled"}}}}
FAMILIES = (
    Family(INDEX_ALIAS, "newswire-v1", "articles.json", NOT_WITHDRAWN),
    Family(DEAD_ALIAS, "newswire-dead-v1", "dead_letters.json", None),
)


class IncompatibleMapping(Exception):
    """The index holds fields that the new template maps otherwise: a new generation is needed."""


def template(family: Family, settings: ElasticsearchSettings) -> dict[str, Any]:
    """The composable index template of ``family`` with this installation's shard and refresh settings."""
    body: dict[str, Any] = json.loads(files("services.index.template").joinpath(family.template).read_text("utf-8"))
    body["template"]["settings"]["index"] |= {
        "number_of_shards": settings.shards,
        "number_of_replicas": settings.replicas,
        "refresh_interval": settings.refresh_interval,
    }
    return body


def declare(client: Elasticsearch, settings: ElasticsearchSettings) -> list[str]:
    """Create or update everything; returns a line for each thing done. Safe to repeat.

    An existing index keeps its shards; fields are added, never changed. Raises
    IncompatibleMapping where a field would have to change.
    """
    done: list[str] = []
    for family in FAMILIES:
        body = template(family, settings)
        client.indices.put_index_template(name=family.alias, **_arguments(body))
        if not client.indices.exists(index=family.generation):
            client.indices.create(index=family.generation)
            done.append(f"index {family.generation} created")
        else:
            _update(client, family, body, settings)
            done.append(f"index {family.generation} is there, mapping up to date")
        alias: dict[str, Any] = {"index": family.generation, "alias": family.alias, "is_write_index": True}
        if family.alias_filter:
            alias["filter"] = family.alias_filter
        client.indices.update_aliases(actions=[{"add": alias}])
        done.append(f"alias {family.alias} → {family.generation}")
    return done


def _arguments(body: dict[str, Any]) -> dict[str, Any]:
    return {{"_meta": "meta"}.get(name, name): value for name, value in body.items()}


def _update(client: Elasticsearch, family: Family, body: dict[str, Any], settings: ElasticsearchSettings) -> None:
    client.indices.put_settings(
        index=family.generation,
        settings={"refresh_interval": settings.refresh_interval, "number_of_replicas": settings.replicas},
    )
    try:
        client.indices.put_mapping(index=family.generation, properties=body["template"]["mappings"]["properties"])
    except BadRequestError as error:
        raise IncompatibleMapping(
            f"The mapping of {family.generation} cannot be changed to the new one in place ({error.error}): "
            f"{str(error.body)[:300]}"
        ) from error


def missing(client: Elasticsearch) -> list[str]:
    """What ``declare`` would still have to create; empty when all is there."""
    return [family.alias for family in FAMILIES if not client.indices.exists_alias(name=family.alias)]
