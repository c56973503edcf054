"""The judgement of Kibana's objects: every rule complains of what breaks it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.kibana import fitting, structure
from tests.kibana.objects import Saved, layers, saved
from tests.kibana.structure import Rule

Break = Callable[[Saved], object]


@pytest.fixture(scope="module")
def objects() -> Saved:
    return saved()


@pytest.fixture
def broken(objects: Saved) -> Saved:
    """A copy to break."""
    return Saved(copy.deepcopy(objects.objects), objects.fields)


def column(objects: Saved, lens: str, name: str) -> dict[str, Any]:
    (layer,) = layers(objects.get("lens", lens)).values()
    return dict.__getitem__(layer["columns"], name)


def attributes(objects: Saved, kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = objects.get(kind, name)["attributes"]
    return found


def layer_of(objects: Saved, number: int) -> dict[str, Any]:
    found: dict[str, Any] = attributes(objects, "map", "newswire-map")["layerListJSON"][number]
    return found


def panel(objects: Saved, number: int) -> dict[str, Any]:
    found: dict[str, Any] = attributes(objects, "dashboard", "newswire-newsroom")["panelsJSON"][number]
    return found


def control(objects: Saved) -> dict[str, Any]:
    found = attributes(objects, "dashboard", "newswire-newsroom")["controlGroupInput"]["panelsJSON"]["tag"]
    return dict.__getitem__(found, "explicitInput")


def query(objects: Saved) -> dict[str, Any]:
    search = attributes(objects, "search", "newswire-contested")
    found: dict[str, Any] = search["kibanaSavedObjectMeta"]["searchSourceJSON"]["query"]
    return found


BREAKS: list[tuple[Rule, Break, str]] = [
    (structure.unique, lambda o: o.objects.append(o.objects[0]), "this id is there 2 times"),
    (
        structure.known_attributes,
        lambda o: attributes(o, "links", "newswire-links").update(color="red"),
        "no attribute color",
    ),
    (
        structure.references,
        lambda o: o.get("lens", "newswire-people")["references"][0].update(id="x"),
        "x is not in the file",
    ),
    (structure.references, lambda o: o.get("lens", "newswire-people")["references"].clear(), "is no reference"),
    (structure.references, lambda o: o.get("links", "newswire-links")["attributes"]["links"].pop(), "is not used"),
    (
        structure.references,
        lambda o: o.get("map", "newswire-map")["references"].pop(),
        "layer_3_source_index_pattern is no",
    ),
    (
        structure.references,
        lambda o: o.get("map", "newswire-map")["attributes"]["layerListJSON"].pop(0),
        "is no reference",
    ),
    (
        structure.references,
        lambda o: panel(o, 1).update(panelRefName="panel_x"),
        "newswire-articles:panel_x is no reference",
    ),
    (
        structure.references,
        lambda o: o.get("dashboard", "newswire-newsroom")["references"].append(
            o.get("dashboard", "newswire-newsroom")["references"][0]
        ),
        "two references are named",
    ),
    (
        structure.reached,
        lambda o: o.get("dashboard", "newswire-newsroom")["references"].clear(),
        "newswire-map: nothing shows",
    ),
    (
        fitting.views,
        lambda o: attributes(o, "index-pattern", "newswire").update(timeFieldName="title"),
        "title is a text",
    ),
    (
        fitting.views,
        lambda o: attributes(o, "index-pattern", "newswire")["fieldAttrs"].update(nobody={}),
        "no field nobody",
    ),
    (
        fitting.views,
        lambda o: attributes(o, "index-pattern", "newswire-dead").update(sourceFilters=[{"value": "bytes"}]),
        "no field bytes",
    ),
    (
        fitting.views,
        lambda o: attributes(o, "index-pattern", "newswire").update(runtimeFieldMap={"a": {}}),
        "a runtime field is a script",
    ),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-people", "value").update(sourceField="person"),
        "no field person",
    ),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-people", "value").update(sourceField="title"),
        "title is a text",
    ),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-people", "value").update(sourceField="events.actors"),
        "no field events.actors, or it is nested",
    ),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-toll", "killed").update(sourceField="people"),
        "people is a keyword",
    ),
    (fitting.lens_columns, lambda o: column(o, "newswire-volume", "time").update(sourceField="revision"), "is a long"),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-people", "value").update(sourceField="dates.text"),
        "the mapping of dates.text does not allow",
    ),
    (fitting.lens_columns, lambda o: column(o, "newswire-people", "count").pop("scale"), "has no scale"),
    (fitting.lens_columns, lambda o: column(o, "newswire-people", "count").update(sourceField="id"), "a count is of"),
    (
        fitting.lens_columns,
        lambda o: column(o, "newswire-people", "value")["params"]["orderBy"].update(columnId="sum"),
        "ordered by sum",
    ),
    (
        fitting.lens_columns,
        lambda o: layers(o.get("lens", "newswire-people"))["data"]["columnOrder"].reverse(),
        "not the order of the columns",
    ),
    (
        structure.charts,
        lambda o: attributes(o, "lens", "newswire-volume")["state"]["visualization"]["layers"][0].pop("splitAccessor"),
        "the chart draws ['count', 'time']",
    ),
    (
        structure.charts,
        lambda o: attributes(o, "lens", "newswire-volume")["state"]["visualization"].pop("legend"),
        "the chart has no legend",
    ),
    (
        structure.charts,
        lambda o: attributes(o, "lens", "newswire-toll")["state"]["visualization"].update(layerId="other"),
        "draws another layer",
    ),
    (
        fitting.searches,
        lambda o: attributes(o, "search", "newswire-latest")["columns"].append("headline"),
        "no field headline",
    ),
    (
        fitting.searches,
        lambda o: attributes(o, "search", "newswire-latest").update(sort=[["title", "desc"]]),
        "is a text",
    ),
    (fitting.searches, lambda o: attributes(o, "search", "newswire-latest").update(sort=[["id", "up"]]), "sorted up"),
    (fitting.controls, lambda o: control(o).update(fieldName="published_at"), "published_at is a date"),
    (fitting.controls, lambda o: control(o).update(id="other"), "another id inside"),
    (fitting.map_layers, lambda o: layer_of(o, 2)["sourceDescriptor"].update(geoField="event_places"), "is a keyword"),
    (
        fitting.map_layers,
        lambda o: layer_of(o, 3)["sourceDescriptor"]["tooltipProperties"].append("who"),
        "no field who",
    ),
    (fitting.map_layers, lambda o: layer_of(o, 3)["sourceDescriptor"].update(sortField="body"), "body is a text"),
    (fitting.map_layers, lambda o: layer_of(o, 1)["joins"][0].update(leftField="iso2"), "no field iso2"),
    (fitting.map_layers, lambda o: layer_of(o, 1)["joins"][0]["right"].update(term="locations"), "is a geo_point"),
    (
        fitting.map_layers,
        lambda o: layer_of(o, 2)["sourceDescriptor"]["metrics"].append({"type": "max", "field": "title"}),
        "title is a text",
    ),
    (fitting.map_layers, lambda o: layer_of(o, 2)["sourceDescriptor"].update(metrics=[]), "drawn by doc_count"),
    (fitting.map_layers, lambda o: layer_of(o, 1)["joins"][0]["right"].update(id="new"), "drawn by __kbnjoin__count__"),
    (fitting.map_layers, lambda o: layer_of(o, 0)["sourceDescriptor"].update(type="EMS_TMS"), "needs the Internet"),
    (fitting.queries, lambda o: query(o).update(query="events.status : claimed"), "no field events.status"),
    (fitting.queries, lambda o: query(o).update(query="title : flood"), "title is a text"),
    (fitting.queries, lambda o: query(o).update(query="people : ("), "a value is expected"),
    (structure.layout, lambda o: panel(o, 2)["gridData"].update(x=0), "lies over another panel"),
    (structure.layout, lambda o: panel(o, 2)["gridData"].update(w=9), "there is a gap in row 3"),
    (structure.layout, lambda o: panel(o, 4)["gridData"].update(x=47), "wider than the dashboard"),
    (structure.layout, lambda o: panel(o, 2)["gridData"].update(i="other"), "is other in the grid"),
    (structure.linked, lambda o: attributes(o, "links", "newswire-links")["links"].reverse(), "is out of order"),
    (
        structure.offline,
        lambda o: attributes(o, "index-pattern", "newswire").update(title="https://a.example"),
        "Internet",
    ),
]


@pytest.mark.parametrize(("rule", "damage", "complaint"), BREAKS, ids=[f"{b[0].__name__}: {b[2]}" for b in BREAKS])
def test_a_broken_object_is_complained_of(rule: Rule, damage: Break, complaint: str, broken: Saved) -> None:
    damage(broken)
    assert [sentence for sentence in rule(broken) if complaint in sentence], list(rule(broken))


def test_every_rule_is_shown_to_fail() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(structure.RULES + fitting.RULES)
