"""The two families of indices, what each is to look like, and how a stored document becomes one of today.

A family is an alias and the generations that were ever behind it. Its template is
a data file; ``wanted`` joins it with this installation's settings.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

from newswire.elastic import DEAD_ALIAS, INDEX_ALIAS
from newswire.letters import filed
from newswire.settings import ElasticsearchSettings
from newswire.topics import DEAD, ENRICHED, MIB
from services.index import document

Hit = dict[str, Any]


class Family(NamedTuple):
    """``template`` is the data file's; ``project`` gives the bytes that this version stores for a search hit.

    Whatever version stored that; it raises msgspec.MsgspecError where the hit is no
    document. ``page`` is how many documents are read at once at most: a page has to
    fit into memory.
    """

    alias: str
    noun: str
    template: dict[str, Any]
    alias_filter: dict[str, Any] | None
    project: Callable[[Hit], bytes]
    page: int


class Wanted(NamedTuple):
    """What a generation of this version looks like; ``settings`` are flat (``index.sort.field``).

    ``fingerprint`` stands for the mapping and for what of the settings cannot be
    changed in place. It is kept in the index: equal means equal, without a
    comparison field by field, which another version of Elasticsearch may print
    differently.
    """

    mappings: dict[str, Any]
    settings: dict[str, Any]
    fingerprint: str


# Settings that are part of what documents were indexed with. Codec and shards are not: a new generation takes the new
# ones, but they alone are no reason for it.
STRUCTURE = ("index.analysis.", "index.sort.", "index.similarity.")
# Given once, when an index is made.
FIXED = (*STRUCTURE, "index.number_of_shards", "index.codec")

# A withdrawn article is a tombstone; whoever reads through the alias never sees it.
NOT_WITHDRAWN = {"bool": {"must_not": {"term": {"pubstatus": "canceled"}}}}


def _read(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(files("services.index.template").joinpath(name).read_text("utf-8"))
    return body


def _article(hit: Hit) -> bytes:
    article = document.decode(msgspec.json.encode(hit["_source"]))
    return document.encode(document.project(article, indexed_at=article.indexed_at or datetime.now(UTC)))


def _letter(hit: Hit) -> bytes:
    return filed.encode(filed.of_hit(hit))


# Documents are some 10 kB each, but one may be as large as its topic allows, and nobody knows before it is read. So a
# page is never of more documents than fit into this, however small those before were; three times as many would be a
# quarter faster.
WORST_PAGE = 128 * MIB  # bytes of JSON
ARTICLES = Family(
    INDEX_ALIAS,
    "articles",
    _read("articles.json"),
    NOT_WITHDRAWN,
    _article,
    WORST_PAGE // ENRICHED.max_message_bytes,
)
LETTERS = Family(
    DEAD_ALIAS,
    "dead letters",
    _read("dead_letters.json"),
    None,
    _letter,
    WORST_PAGE // DEAD.max_message_bytes,
)
FAMILIES = (ARTICLES, LETTERS)


def template(family: Family, settings: ElasticsearchSettings) -> dict[str, Any]:
    """The composable index template of ``family`` with this installation's shard and refresh settings."""
    body = copy.deepcopy(family.template)
    body["index_patterns"] = [f"{family.alias}-v*"]
    body["template"]["settings"]["index"] |= {
        "number_of_shards": settings.shards,
        "number_of_replicas": settings.replicas,
        "refresh_interval": settings.refresh_interval,
    }
    return body


def wanted(family: Family, settings: ElasticsearchSettings) -> Wanted:
    """What the current generation of ``family`` should look like."""
    inside = template(family, settings)["template"]
    flat = {name if name.startswith("index.") else f"index.{name}": v for name, v in _flat(inside["settings"])}
    structure = {name: value for name, value in flat.items() if name.startswith(STRUCTURE)}
    canonical = json.dumps([inside["mappings"], structure], sort_keys=True, ensure_ascii=True)
    return Wanted(inside["mappings"], flat, hashlib.sha256(canonical.encode()).hexdigest()[:16])


def _flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """As Elasticsearch prints flat settings; lists stay lists."""
    pairs: list[tuple[str, Any]] = []
    for name, value in settings.items():
        path = f"{prefix}{name}"
        pairs += _flat(value, f"{path}.") if isinstance(value, Mapping) else [(path, value)]
    return pairs
