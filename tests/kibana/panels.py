"""What Kibana asks Elasticsearch for each panel, layer, control and table, worked out from the saved objects.

A translation of the parts that are used here, so that every one of them can be
asked on the real engine. As Kibana does it, with three simplifications: an ``auto``
interval is a day, the remainder that Lens gets by a second request is left to
``sum_other_doc_count``, and a map is asked for the whole world.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.kibana import kuery
from tests.kibana.objects import Object, Saved, controls_of, layers, view_of

Body = dict[str, Any]

# Buckets of a grid, and documents of a layer, at most: DEFAULT_MAX_BUCKETS_LIMIT of the maps plug-in is 65,535 and the
# window of an index 10,000.
MOST = 10_000
# Lens asks for cardinalities with Elasticsearch's default precision, a grid of FINE resolution for three levels more
# than the zoom: es_geo_grid_source.tsx.
PRECISION = 2 + 3
OPERATIONS = {"unique_count": "cardinality", "max": "max", "min": "min", "sum": "sum", "average": "avg"}


class Period(NamedTuple):
    """A time range as the time picker has it."""

    start: str
    end: str


class Request(NamedTuple):
    """One search; ``title`` is the data view's, which names an index or an alias."""

    name: str
    title: str
    body: Body


def requests(saved: Saved, dashboard: Object, period: Period) -> Iterator[Request]:
    """Every request that a dashboard makes when it is opened."""
    for panel in dashboard["attributes"]["panelsJSON"]:
        shown = saved.get(panel["type"], panel["panelIndex"])
        own = panel["embeddableConfig"].get("timeRange")
        yield from of_object(saved, shown, Period(own["from"], own["to"]) if own else period)
    for name, control in controls_of(dashboard).items():
        view = _view(saved, view_of(dashboard, f"controlGroup_{name}:optionsListDataView"))
        field = control["explicitInput"]["fieldName"]
        aggs = {"suggestions": {"terms": {"field": field, "size": 10}}, "total": {"cardinality": {"field": field}}}
        yield _request(f"control {name}", view, period, {"size": 0, "aggs": aggs})


def of_object(saved: Saved, one: Object, period: Period) -> Iterator[Request]:
    """The requests of one object; links have none."""
    if one["type"] == "lens":
        yield _lens(saved, one, period)
    elif one["type"] == "search":
        yield _search(saved, one, period)
    elif one["type"] == "map":
        for layer in one["attributes"]["layerListJSON"]:
            yield from _layer(saved, one, layer, period)


def _lens(saved: Saved, lens: Object, period: Period) -> Request:
    ((name, layer),) = layers(lens).items()
    view = _view(saved, view_of(lens, f"indexpattern-datasource-layer-{name}"))
    columns = [(column_id, layer["columns"][column_id]) for column_id in layer["columnOrder"]]
    aggs = {column_id: _measure(column) for column_id, column in columns if not column["isBucketed"]}
    for column_id, column in reversed([(i, column) for i, column in columns if column["isBucketed"]]):
        aggs = {column_id: _bucket(column, aggs)}
    # A chart over another date than the view's own is limited by that date.
    times = [column["sourceField"] for _, column in columns if column["operationType"] == "date_histogram"]
    query = lens["attributes"]["state"]["query"]["query"]
    return _request(lens["id"], view, period, {"size": 0, "track_total_hits": True, "aggs": aggs}, query, *times)


def _bucket(column: Object, aggs: Body) -> Body:
    params = column.get("params", {})
    match column["operationType"]:
        case "terms":
            by = params["orderBy"]["columnId"]
            # A count is the number of documents; what is filtered or measured goes by its own figure.
            key = {"count": {"_count": params["orderDirection"]}}.get(by, {by: params["orderDirection"]})
            terms: Body = {"field": column["sourceField"], "size": params["size"], "order": key}
            if params["missingBucket"]:
                terms["missing"] = "__missing__"
            return {"terms": terms, "aggs": aggs}
        case "date_histogram":
            histogram = {"field": column["sourceField"], "calendar_interval": "1d", "min_doc_count": 1}
            return {"date_histogram": histogram, "aggs": aggs}
        case "filters":
            asked = {one["label"]: _kuery(one["input"]["query"]) for one in params["filters"]}
            return {"filters": {"filters": asked}, "aggs": aggs}
    raise NotImplementedError(column["operationType"])


def _measure(column: Object) -> Body:
    field = column["sourceField"]
    if column["operationType"] == "count":
        measure: Body = {"value_count": {"field": "_index"}}
    else:
        measure = {OPERATIONS[column["operationType"]]: {"field": field}}
    if "filter" not in column:
        return measure
    return {"filter": _kuery(column["filter"]["query"]), "aggs": {"value": measure}}


def _search(saved: Saved, search: Object, period: Period) -> Request:
    view = _view(saved, view_of(search, "kibanaSavedObjectMeta.searchSourceJSON.index"))
    attributes = search["attributes"]
    body = {
        "size": 500,
        "track_total_hits": True,
        "sort": [{field: {"order": order, "unmapped_type": "boolean"}} for field, order in attributes["sort"]],
        "fields": attributes["columns"],
        "_source": False,
    }
    query = attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]["query"]["query"]
    return _request(search["id"], view, period, body, query)


def _layer(saved: Saved, one: Object, layer: Object, period: Period) -> Iterator[Request]:
    source = layer["sourceDescriptor"]
    view = _view(saved, view_of(one, source["indexPatternRefName"]))
    timed = period if source["applyGlobalTime"] else None
    name, geo = f"{one['id']}: {layer['id']}", source["geoField"]
    if source["type"] == "ES_GEO_GRID":
        measures = {"centroid": {"geo_centroid": {"field": geo}}} | _metrics(source["metrics"])
        grid = {"geotile_grid": {"field": geo, "precision": PRECISION, "size": MOST}, "aggs": measures}
        yield _request(name, view, timed, {"size": 0, "aggs": {"cells": grid}})
    else:
        joined = [join["leftField"] for join in layer["joins"]]
        body: Body = {"size": MOST, "_source": [geo, *joined], "fields": source["tooltipProperties"]}
        if source["sortField"]:
            body["sort"] = [{source["sortField"]: {"order": source["sortOrder"]}}]
        if source["filterByMapBounds"]:
            world = {"top_left": {"lat": 89, "lon": -180}, "bottom_right": {"lat": -89, "lon": 180}}
            body["query"] = {"geo_bounding_box": {geo: world}}
        yield _request(name, view, timed, body)
    for join in layer["joins"]:
        right = join["right"]
        other = _view(saved, view_of(one, right["indexPatternRefName"]))
        terms = {"terms": {"field": right["term"], "size": MOST}, "aggs": _metrics(right["metrics"])}
        timed = period if right["applyGlobalTime"] else None
        yield _request(f"{name}, joined", other, timed, {"size": 0, "aggs": {"join": terms}})


def _metrics(metrics: list[Object]) -> Body:
    return {
        f"{one['type']}_of_{one['field']}": {OPERATIONS[one["type"]]: {"field": one["field"]}}
        for one in metrics
        if one["type"] != "count"
    }


def _view(saved: Saved, name: str) -> Object:
    return saved.get("index-pattern", name)


def _request(name: str, view: Object, period: Period | None, body: Body, query: str = "", *times: str) -> Request:
    attributes = view["attributes"]
    asked = [_kuery(query), body.pop("query", {"match_all": {}})]
    if period is not None:
        dates = times or (attributes["timeFieldName"],)
        asked += [{"range": {date: {"gte": period.start, "lte": period.end}}} for date in dates]
    return Request(name, attributes["title"], {"query": {"bool": {"filter": asked}}} | body)


def _kuery(text: str) -> Body:
    return kuery.to_query(kuery.parse(text))
