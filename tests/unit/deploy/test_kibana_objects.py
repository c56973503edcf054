"""What Kibana imports, judged without a Kibana, which would show an empty panel and say nothing of most mistakes."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Object = dict[str, Any]

TEMPLATES = {"newswire": "articles.json", "newswire-dead": "dead_letters.json"}

KEYWORDS = {"keyword"}
NUMBERS = {"long", "integer", "short", "float", "double"}
# What Lens lets each of its operations be made of. A text field has no values to count.
FITTING = {
    "terms": KEYWORDS | NUMBERS | {"boolean"},
    "unique_count": KEYWORDS | NUMBERS | {"date"},
    "date_histogram": {"date"},
    "sum": NUMBERS,
    "average": NUMBERS,
    "max": NUMBERS | {"date"},
}
SORTABLE = KEYWORDS | NUMBERS | {"date"}


@pytest.fixture(scope="module")
def build(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("deploy/kibana/build.py")


@pytest.fixture(scope="module")
def ndjson(root: Path) -> list[str]:
    return (root / "deploy/kibana/newswire.ndjson").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def stored(ndjson: list[str]) -> list[Object]:
    """The objects as they are sent."""
    return [json.loads(line) for line in ndjson]


@pytest.fixture(scope="module")
def readable(stored: list[Object], build: ModuleType) -> list[Object]:
    """The same objects with their nested JSON parsed."""
    return [one | {"attributes": build.unpack(one["attributes"])} for one in stored]


@pytest.fixture(scope="module")
def fields(root: Path) -> dict[str, dict[str, str]]:
    """For each data view, the type of every field that can be asked for by its path."""

    def walk(properties: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
        for name, mapping in properties.items():
            path = f"{prefix}{name}"
            kind = mapping.get("type", "object")
            if kind == "nested":
                continue  # neither Lens nor a control aggregates nested fields
            yield path, kind
            yield from walk(mapping.get("properties", {}) | mapping.get("fields", {}), f"{path}.")

    found = {}
    for view, file in TEMPLATES.items():
        template = json.loads((root / "services/index/template" / file).read_text(encoding="utf-8"))
        found[view] = dict(walk(template["template"]["mappings"]["properties"], ""))
    return found


def of_type(objects: list[Object], kind: str) -> list[Object]:
    chosen = [one for one in objects if one["type"] == kind]
    assert chosen, kind
    return chosen


def view_of(one: Object, name: str) -> str:
    (view,) = (ref["id"] for ref in one["references"] if ref["name"] == name)
    return str(view)


def named_references(one: Object) -> set[str]:
    """The names under which an object's attributes refer to others."""
    attributes = one["attributes"]
    if one["type"] == "search":
        return {attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]["indexRefName"]}
    if one["type"] == "lens":
        layers = attributes["state"]["datasourceStates"]["formBased"]["layers"]
        return {f"indexpattern-datasource-layer-{layer}" for layer in layers}
    if one["type"] == "dashboard":
        panels = {f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in attributes["panelsJSON"]}
        controls = attributes.get("controlGroupInput", {}).get("panelsJSON", {})
        return panels | {f"controlGroup_{control}:optionsListDataView" for control in controls}
    return set()


def test_the_file_to_import_is_the_one_the_objects_make(build: ModuleType, root: Path) -> None:
    assert (root / "deploy/kibana/newswire.ndjson").read_text(encoding="utf-8") == build.build(), (
        "run: python deploy/kibana/build.py"
    )


def test_every_line_is_one_object_and_every_nested_string_parses(readable: list[Object]) -> None:
    for one in readable:  # the fixtures have parsed both
        assert {"type", "id", "attributes", "references"} <= one.keys()


def test_no_object_carries_the_history_of_one_kibana(readable: list[Object], build: ModuleType) -> None:
    for one in readable:
        assert not (one.keys() - {"coreMigrationVersion", "typeMigrationVersion"}) & build.NOISE


def test_every_id_is_unique_and_is_the_name_of_its_file(readable: list[Object], root: Path) -> None:
    ids = [one["id"] for one in readable]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {file.stem for file in (root / "deploy/kibana/objects").glob("*.json")}


def test_every_reference_leads_to_an_object_of_the_file(readable: list[Object]) -> None:
    there = {(one["type"], one["id"]) for one in readable}
    for one in readable:
        for reference in one["references"]:
            assert (reference["type"], reference["id"]) in there, one["id"]


def test_every_reference_is_used_and_every_name_used_is_a_reference(readable: list[Object]) -> None:
    for one in readable:
        names = [reference["name"] for reference in one["references"]]
        assert len(set(names)) == len(names), one["id"]
        assert set(names) == named_references(one), one["id"]


def test_everything_is_reached_from_a_dashboard(readable: list[Object]) -> None:
    reached = {(ref["type"], ref["id"]) for one in readable for ref in one["references"]}
    rest = {(one["type"], one["id"]) for one in readable if one["type"] != "dashboard"}
    assert rest <= reached


def test_each_data_view_shows_an_alias_by_a_date_it_has(
    readable: list[Object], fields: dict[str, dict[str, str]]
) -> None:
    views = of_type(readable, "index-pattern")
    assert {view["id"] for view in views} == TEMPLATES.keys()
    for view in views:
        assert view["attributes"]["title"] == view["id"]
        assert fields[view["id"]][view["attributes"]["timeFieldName"]] == "date"


def test_every_column_of_a_panel_is_made_of_a_field_that_fits(
    readable: list[Object], fields: dict[str, dict[str, str]]
) -> None:
    for lens in of_type(readable, "lens"):
        for name, layer in lens["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].items():
            view = view_of(lens, f"indexpattern-datasource-layer-{name}")
            assert layer["columnOrder"] == list(layer["columns"])
            for column in layer["columns"].values():
                if column["operationType"] == "count":
                    assert column["sourceField"] == "___records___"
                else:
                    assert fields[view][column["sourceField"]] in FITTING[column["operationType"]], lens["id"]
                # Without it a chart stays blank and says nothing.
                assert column["scale"] in {"ordinal", "interval", "ratio"}
                order = column.get("params", {}).get("orderBy", {})
                assert order.get("columnId", column["sourceField"]) in {column["sourceField"], *layer["columns"]}


def test_every_query_asks_for_fields_that_exist(readable: list[Object], fields: dict[str, dict[str, str]]) -> None:
    def queries(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if value.get("language") == "kuery":
                yield value["query"]
            for item in value.values():
                yield from queries(item)
        elif isinstance(value, list):
            for item in value:
                yield from queries(item)

    for one in readable:
        views = {ref["id"] for ref in one["references"] if ref["type"] == "index-pattern"}
        for query in queries(one["attributes"]):
            for field in re.findall(r"([\w.]+) *(?::|[<>]=?)", query):
                assert any(field in fields[view] for view in views), one["id"]


def test_every_chart_draws_the_columns_it_has(readable: list[Object]) -> None:
    for lens in of_type(readable, "lens"):
        state = lens["attributes"]["state"]
        ((name, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
        shown = state["visualization"]
        kind = lens["attributes"]["visualizationType"]
        if kind == "lnsXY":
            (drawn,) = shown["layers"]
            used = {drawn["xAccessor"], *drawn["accessors"]} | {drawn.get("splitAccessor", drawn["xAccessor"])}
            assert {"preferredSeriesType", "legend", "fittingFunction"} <= shown.keys()
        elif kind == "lnsMetric":
            drawn, used = shown, {shown["metricAccessor"]}
        else:
            assert kind == "lnsDatatable"
            drawn, used = shown, {column["columnId"] for column in shown["columns"]}
        assert drawn["layerId"] == name
        assert used == layer["columns"].keys(), lens["id"]


def test_every_table_shows_and_sorts_by_fields_that_exist(
    readable: list[Object], fields: dict[str, dict[str, str]]
) -> None:
    for search in of_type(readable, "search"):
        known = fields[view_of(search, "kibanaSavedObjectMeta.searchSourceJSON.index")]
        assert set(search["attributes"]["columns"]) <= known.keys()
        for field, direction in search["attributes"]["sort"]:
            assert known[field] in SORTABLE
            assert direction in {"asc", "desc"}


def test_every_control_offers_the_values_of_a_keyword(
    readable: list[Object], fields: dict[str, dict[str, str]]
) -> None:
    for dashboard in of_type(readable, "dashboard"):
        for name, control in dashboard["attributes"].get("controlGroupInput", {}).get("panelsJSON", {}).items():
            view = view_of(dashboard, f"controlGroup_{name}:optionsListDataView")
            assert control["explicitInput"]["id"] == name
            assert fields[view][control["explicitInput"]["fieldName"]] in KEYWORDS


def test_the_panels_of_a_dashboard_fill_its_columns_and_do_not_overlap(readable: list[Object]) -> None:
    for dashboard in of_type(readable, "dashboard"):
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["attributes"]["panelsJSON"]:
            grid = panel["gridData"]
            assert grid["i"] == panel["panelIndex"]
            cells = {
                (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
            }
            assert not cells & taken, panel["panelIndex"]
            taken |= cells
        assert {x for x, _ in taken} == set(range(48))
        assert len(taken) == 48 * len({y for _, y in taken})
