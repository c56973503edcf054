"""The saved objects as Kibana gets them, with their nested JSON parsed, and the fields that they may ask for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.kibana import scripts

Object = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
NDJSON = ROOT / "deploy/kibana/newswire.ndjson"
# Which template, or which mapping of ours, stands behind the index that a data view names.
TEMPLATES = {"newswire": "articles", "newswire-v*": "articles", "newswire-dead": "dead_letters"}


class Field(NamedTuple):
    """What the mapping says of a field. ``counts``: it has values that an aggregation or a sort can read."""

    type: str
    counts: bool
    found: bool  # a query can ask for it


Fields = dict[str, Field]


class Saved(NamedTuple):
    """Everything that is judged: the objects, and for each data view its fields."""

    objects: list[Object]
    fields: dict[str, Fields]

    def of_type(self, kind: str) -> list[Object]:
        return [one for one in self.objects if one["type"] == kind]

    def get(self, kind: str, name: str) -> Object:
        (one,) = (one for one in self.of_type(kind) if one["id"] == name)
        return one


def saved() -> Saved:
    """What the committed file holds."""
    build = scripts.load("build")
    objects = [json.loads(line) for line in NDJSON.read_text(encoding="utf-8").splitlines()]
    readable = [one | {"attributes": build.unpack(one["attributes"])} for one in objects]
    return Saved(readable, {one["id"]: fields_of(one) for one in readable if one["type"] == "index-pattern"})


def mapping(title: str) -> dict[str, Any]:
    """The mapping behind a data view's title."""
    if title == scripts.load("countries").INDEX:
        return dict(scripts.load("countries").MAPPINGS)
    template = ROOT / f"services/index/template/{TEMPLATES[title]}.json"
    return dict(json.loads(template.read_text(encoding="utf-8"))["template"]["mappings"])


def fields_of(view: Object) -> Fields:
    """Every field of a data view that can be asked for by its path; Lens and controls do not reach nested ones."""
    return dict(_walk(mapping(view["attributes"]["title"])["properties"], ""))


def view_of(one: Object, reference: str) -> str:
    """The id of the data view that a reference of ``one`` names."""
    (view,) = (ref["id"] for ref in one["references"] if ref["name"] == reference)
    return str(view)


def layers(lens: Object) -> dict[str, Any]:
    """The layers of a Lens object by their id."""
    return dict(lens["attributes"]["state"]["datasourceStates"]["formBased"]["layers"])


def controls_of(dashboard: Object) -> dict[str, Any]:
    """The controls of a dashboard by their names."""
    return dict(dashboard["attributes"].get("controlGroupInput", {}).get("panelsJSON", {}))


def _walk(properties: dict[str, Any], prefix: str) -> Iterator[tuple[str, Field]]:
    for name, mapped in properties.items():
        kind = mapped.get("type", "object")
        if kind == "nested" or mapped.get("enabled") is False:
            continue
        if kind != "object":
            counts = kind not in {"text", "binary"} and mapped.get("doc_values", True)
            yield f"{prefix}{name}", Field(kind, counts, mapped.get("index", True) and kind != "binary")
        yield from _walk(mapped.get("properties", {}) | mapped.get("fields", {}), f"{prefix}{name}.")
