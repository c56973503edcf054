"""How the saved objects hang together: ids, attributes, references, charts, the grid of a dashboard.

Each rule yields a sentence for every offence, beginning with the id of the object.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from tests.kibana.objects import Object, Saved, controls_of, layers

# The attributes used here; Kibana refuses a dashboard, a search or links with one that it does not know.
# docs/kibana.md, "Where the shapes come from", names the schemas.
ATTRIBUTES = {
    "index-pattern": "title name timeFieldName fieldFormatMap runtimeFieldMap fieldAttrs sourceFilters allowNoIndex",
    "search": "title description columns sort grid hideChart isTextBasedQuery timeRestore kibanaSavedObjectMeta",
    "lens": "title description visualizationType state",
    "map": "title description layerListJSON mapStateJSON uiStateJSON",
    "links": "title description layout links",
    "dashboard": "title description controlGroupInput panelsJSON optionsJSON "
    "timeRestore timeFrom timeTo refreshInterval kibanaSavedObjectMeta",
}

COLUMNS = 48  # of a dashboard

Rule = Callable[[Saved], Iterable[str]]


def unique(saved: Saved) -> Iterator[str]:
    """Ids are unique, across the types too, because a file is named by its id."""
    for name, times in Counter(one["id"] for one in saved.objects).items():
        if times > 1:
            yield f"{name}: this id is there {times} times"


def known_attributes(saved: Saved) -> Iterator[str]:
    """No attribute that the type's schema does not have."""
    for one in saved.objects:
        for strange in one["attributes"].keys() - set(ATTRIBUTES[one["type"]].split()):
            yield f"{one['id']}: Kibana knows no attribute {strange} of {one['type']}"


def references(saved: Saved) -> Iterator[str]:
    """Every reference leads to an object of the file, is used, and every name that is used is a reference."""
    there = {(one["type"], one["id"]) for one in saved.objects}
    for one in saved.objects:
        names = [reference["name"] for reference in one["references"]]
        for reference in one["references"]:
            if (reference["type"], reference["id"]) not in there:
                yield f"{one['id']}: {reference['type']} {reference['id']} is not in the file"
        for name in (name for name, times in Counter(names).items() if times > 1):
            yield f"{one['id']}: two references are named {name}"
        used = set(_named(one))
        for name in set(names) - used:
            yield f"{one['id']}: the reference {name} is not used"
        for name in used - set(names):
            yield f"{one['id']}: {name} is no reference"


def reached(saved: Saved) -> Iterator[str]:
    """What is no data view, no search and no dashboard is only seen where another object shows it."""
    shown = {(reference["type"], reference["id"]) for one in saved.objects for reference in one["references"]}
    for one in saved.objects:
        if one["type"] not in {"dashboard", "search"} and (one["type"], one["id"]) not in shown:
            yield f"{one['id']}: nothing shows it"


def charts(saved: Saved) -> Iterator[str]:
    """A chart draws exactly the columns that are there."""
    for lens in saved.of_type("lens"):
        ((name, layer),) = layers(lens).items()
        shown = lens["attributes"]["state"]["visualization"]
        kind = lens["attributes"]["visualizationType"]
        if kind == "lnsXY":
            (drawn,) = shown["layers"]
            used = {drawn["xAccessor"], *drawn["accessors"], drawn.get("splitAccessor", drawn["xAccessor"])}
            for need in {"preferredSeriesType", "legend", "fittingFunction"} - shown.keys():
                yield f"{lens['id']}: the chart has no {need}"
        elif kind == "lnsMetric":
            drawn, used = shown, {shown["metricAccessor"]}
        else:
            drawn, used = shown, {column["columnId"] for column in shown["columns"]}
        if drawn["layerId"] != name or drawn["layerType"] != "data":
            yield f"{lens['id']}: the chart draws another layer"
        if used != layer["columns"].keys():
            yield f"{lens['id']}: the chart draws {sorted(used)} of {sorted(layer['columns'])}"


def layout(saved: Saved) -> Iterator[str]:
    """Panels do not overlap and leave no gap in the 48 columns; each goes by one name."""
    for dashboard in saved.of_type("dashboard"):
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["attributes"]["panelsJSON"]:
            grid = panel["gridData"]
            if grid["i"] != panel["panelIndex"]:
                yield f"{dashboard['id']}: the panel {panel['panelIndex']} is {grid['i']} in the grid"
            across, down = range(grid["x"], grid["x"] + grid["w"]), range(grid["y"], grid["y"] + grid["h"])
            cells = {(x, y) for x in across for y in down}
            if cells & taken:
                yield f"{dashboard['id']}: {panel['panelIndex']} lies over another panel"
            if across.stop > COLUMNS:
                yield f"{dashboard['id']}: {panel['panelIndex']} is wider than the dashboard"
            taken |= cells
        for y in range(max(y for _, y in taken) + 1):
            if {x for x, at in taken if at == y} < set(range(COLUMNS)):
                yield f"{dashboard['id']}: there is a gap in row {y}"


def linked(saved: Saved) -> Iterator[str]:
    """A link is to a dashboard, each in its place."""
    for one in saved.of_type("links"):
        for order, link in enumerate(one["attributes"]["links"]):
            if link["type"] != "dashboardLink" or link["order"] != order:
                yield f"{one['id']}: the link {link['id']} is out of order or leads elsewhere"


def offline(saved: Saved) -> Iterator[str]:
    """Nothing is fetched from anywhere but Kibana."""
    for one in saved.objects:
        if re.search(r"https?://|EMS_|WMS|XYZ", str(one["attributes"])):
            yield f"{one['id']}: asks for something from the Internet"


RULES: tuple[Rule, ...] = (unique, known_attributes, references, reached, charts, layout, linked, offline)


def _named(one: Object) -> Iterator[str]:
    """The names under which an object's attributes refer to others."""
    attributes = one["attributes"]
    if one["type"] == "search":
        yield attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]["indexRefName"]
    elif one["type"] == "lens":
        yield from (f"indexpattern-datasource-layer-{layer}" for layer in layers(one))
    elif one["type"] == "links":
        yield from (link["destinationRefName"] for link in attributes["links"])
    elif one["type"] == "map":
        for number, layer in enumerate(attributes["layerListJSON"]):
            yield from _as_extracted(layer["sourceDescriptor"], f"layer_{number}_source_index_pattern")
            for joint, join in enumerate(layer["joins"]):
                yield from _as_extracted(join["right"], f"layer_{number}_join_{joint}_index_pattern")
    elif one["type"] == "dashboard":
        yield from (f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in attributes["panelsJSON"])
        yield from (f"controlGroup_{name}:optionsListDataView" for name in controls_of(one))


def _as_extracted(source: Object, name: str) -> Iterator[str]:
    """The reference of a layer goes by the layer's place; Kibana would name it so again on the next save."""
    if "indexPatternRefName" in source:
        yield name
        if source["indexPatternRefName"] != name:
            yield source["indexPatternRefName"]
