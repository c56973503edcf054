"""Whether each field that the saved objects name is there, and fits what is done with it.

Kibana itself shows an empty panel where one does not, and says nothing. Each rule
yields a sentence for every offence, beginning with the id of the object.
"""

from collections.abc import Iterator
from typing import Any

from tests.kibana import kuery
from tests.kibana.objects import Fields, Object, Saved, controls_of, layers, view_of
from tests.kibana.structure import Rule

KEYWORDS = {"keyword"}
NUMBERS = {"long", "integer", "short", "float"}
DATES = {"date"}
# What an operation of Lens, or a metric of a map, can be made of.
FITTING = {
    "terms": KEYWORDS | NUMBERS | {"boolean"},
    "unique_count": KEYWORDS | NUMBERS | DATES,
    "date_histogram": DATES,
    "sum": NUMBERS,
    "average": NUMBERS,
    "min": NUMBERS | DATES,
    "max": NUMBERS | DATES,
}
SORTABLE = KEYWORDS | NUMBERS | DATES
GEO = {"ES_SEARCH": {"geo_point", "geo_shape"}, "ES_GEO_GRID": {"geo_point"}}


def views(saved: Saved) -> Iterator[str]:
    """A data view goes by a date it has; its labels, formats and filters are of fields it has."""
    for view in saved.of_type("index-pattern"):
        attributes, fields = view["attributes"], saved.fields[view["id"]]
        if "timeFieldName" in attributes:
            yield from _fit(view, fields, attributes["timeFieldName"], DATES)
        hidden = [each["value"] for each in attributes.get("sourceFilters", [])]
        for name in [*attributes["fieldFormatMap"], *attributes["fieldAttrs"], *hidden]:
            yield from _fit(view, fields, name)
        if attributes["runtimeFieldMap"]:
            yield f"{view['id']}: a runtime field is a script"


def lens_columns(saved: Saved) -> Iterator[str]:
    """Every column is made of a field that its operation can be made of."""
    for lens in saved.of_type("lens"):
        for name, layer in layers(lens).items():
            columns = layer["columns"]
            fields = saved.fields[view_of(lens, f"indexpattern-datasource-layer-{name}")]
            if layer["columnOrder"] != list(columns):
                yield f"{lens['id']}: columnOrder is not the order of the columns"
            for column in columns.values():
                operation = column["operationType"]
                if column.get("scale") not in {"ordinal", "interval", "ratio"}:  # the chart stays blank
                    yield f"{lens['id']}: the column {column['label']} has no scale"
                if operation == "count":
                    if column["sourceField"] != "___records___":
                        yield f"{lens['id']}: a count is of ___records___"
                elif operation != "filters":
                    yield from _fit(lens, fields, column["sourceField"], FITTING[operation], counts=True)
                by = column.get("params", {}).get("orderBy", {}).get("columnId")
                if by is not None and by not in columns:
                    yield f"{lens['id']}: ordered by {by}, which is no column"


def searches(saved: Saved) -> Iterator[str]:
    """A table shows fields that exist and sorts by one that can be sorted by."""
    for search in saved.of_type("search"):
        fields = saved.fields[view_of(search, "kibanaSavedObjectMeta.searchSourceJSON.index")]
        attributes = search["attributes"]
        for name in [*attributes["columns"], *attributes["grid"].get("columns", {})]:
            yield from _fit(search, fields, name)
        for name, direction in attributes["sort"]:
            yield from _fit(search, fields, name, SORTABLE, counts=True)
            if direction not in {"asc", "desc"}:
                yield f"{search['id']}: sorted {direction}"


def controls(saved: Saved) -> Iterator[str]:
    """A control offers the values of a keyword."""
    for dashboard in saved.of_type("dashboard"):
        for name, control in controls_of(dashboard).items():
            fields = saved.fields[view_of(dashboard, f"controlGroup_{name}:optionsListDataView")]
            if control["explicitInput"]["id"] != name:
                yield f"{dashboard['id']}: the control {name} has another id inside"
            yield from _fit(dashboard, fields, control["explicitInput"]["fieldName"], KEYWORDS, counts=True)


def map_layers(saved: Saved) -> Iterator[str]:
    """A layer takes its places, join, measures, colours and tooltips from fields that fit, and from no map service."""
    for one in saved.of_type("map"):
        for layer in one["attributes"]["layerListJSON"]:
            source = layer["sourceDescriptor"]
            if source["type"] not in GEO:
                yield f"{one['id']}: {source['type']} of {layer['id']} needs the Internet, or is unknown here"
                continue
            fields = saved.fields[view_of(one, source["indexPatternRefName"])]
            yield from _fit(one, fields, source["geoField"], GEO[source["type"]])
            for name in source.get("tooltipProperties", []):
                yield from _fit(one, fields, name)
            if source.get("sortField"):
                yield from _fit(one, fields, source["sortField"], SORTABLE, counts=True)
            yield from _measures(one, fields, source.get("metrics", []))
            offered = _measured(source.get("metrics", []))
            for join in layer["joins"]:
                right = join["right"]
                others = saved.fields[view_of(one, right["indexPatternRefName"])]
                yield from _fit(one, fields, join["leftField"], KEYWORDS)
                yield from _fit(one, others, right["term"], KEYWORDS, counts=True)
                yield from _measures(one, others, right["metrics"])
                offered |= {f"__kbnjoin__{measured}__{right['id']}" for measured in _joined(right["metrics"])}
            for field in _styled(layer):
                if field["name"] not in offered and not (field["origin"] == "source" and field["name"] in fields):
                    yield f"{one['id']}: {layer['id']} is drawn by {field['name']}, which it does not have"


def queries(saved: Saved) -> Iterator[str]:
    """Every query parses, and asks for fields that can be asked for."""
    for one in saved.objects:
        known = {ref["id"] for ref in one["references"] if ref["type"] == "index-pattern"}
        for text in _queries(one["attributes"]):
            try:
                clauses = list(kuery.clauses(kuery.parse(text)))
            except ValueError as error:
                yield f"{one['id']}: {error}"
                continue
            for clause in clauses:
                for view in known:
                    yield from _fit(one, saved.fields[view], clause.field, KEYWORDS | NUMBERS | DATES, found=True)


RULES: tuple[Rule, ...] = (views, lens_columns, searches, controls, map_layers, queries)


def _fit(
    one: Object,
    fields: Fields,
    name: str,
    types: set[str] | None = None,
    *,
    counts: bool = False,
    found: bool = False,
) -> Iterator[str]:
    field = fields.get(name)
    if field is None:
        yield f"{one['id']}: there is no field {name}, or it is nested"
    elif types is not None and field.type not in types:
        yield f"{one['id']}: {name} is a {field.type}, which does not fit"
    elif (counts and not field.counts) or (found and not field.found):
        yield f"{one['id']}: the mapping of {name} does not allow that"


def _measures(one: Object, fields: Fields, metrics: list[Object]) -> Iterator[str]:
    for metric in metrics:
        if metric["type"] != "count":
            yield from _fit(one, fields, metric["field"], FITTING[metric["type"]], counts=True)


def _measured(metrics: list[Object]) -> set[str]:
    """What a grid calls its measures."""
    return {"doc_count" if one["type"] == "count" else f"{one['type']}_of_{one['field']}" for one in metrics}


def _joined(metrics: list[Object]) -> set[str]:
    """What a join calls them."""
    return {"count" if one["type"] == "count" else f"{one['type']}_of_{one['field']}" for one in metrics}


def _styled(layer: Object) -> Iterator[Object]:
    for style in layer["style"]["properties"].values():
        if style.get("type") == "DYNAMIC":
            yield style["options"]["field"]


def _queries(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("language") == "kuery":
            yield value["query"]
        for item in value.values():
            yield from _queries(item)
    elif isinstance(value, list):
        for item in value:
            yield from _queries(item)
