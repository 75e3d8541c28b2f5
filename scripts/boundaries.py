"""Makes data/boundaries from municipal boundaries with sea areas and a coastline. Run once a classification, by hand.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run --with shapely==2.2.0,pyproj==3.7.2 scripts/boundaries.py kuntarajat_2021.geojson package/land-10m.json

The same input gives the same bytes; write the sums that it tells into data/boundaries/boundaries.yml. The build never
runs this: it reads what is in data/boundaries.

1. Borders and coastline are projected to ETRS-TM35FIN and cut at each other; a piece belongs to the municipality that
   holds it, and a piece of sea to none. Pieces share their borders exactly, so that nothing gapes or overlaps later.
2. Where the coastline knows hardly any land of a municipality (Brändö), a round island of the size of its
   land area stands for it.
3. Small islands are left out, but never the largest of a municipality, area or region.
4. Lines are simplified together (shared borders stay shared) and rounded: finely for maps of one area, coarsely for
   maps of the whole country.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from pyproj import Transformer
from rich.console import Console
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from katsaus.config.files import read_files

CONSOLE = Console(soft_wrap=True)
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "data" / "boundaries"
TO_FINLAND = Transformer.from_crs("EPSG:4326", "EPSG:3067", always_xy=True)
FINLAND = (18.5, 59.0, 32.0, 70.5)
"""Degrees: west, south, east, north."""

ATLANTIC = -30
"""Degrees east: Europe and Asia begin here, and end beyond the date line."""

FINE = {"tolerance": 300.0, "islet": 1.0e6, "grid": 10}
COARSE = {"tolerance": 2000.0, "islet": 20.0e6, "grid": 100}
"""Metres, square metres, metres: of the simplification, of the smallest island, of the rounding."""

LEAST_LAND = 0.1
"""Share of its land area that the coastline must know of a municipality."""

Shapes = dict[str, BaseGeometry]


def main() -> None:
    """Read both files, write data/boundaries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("municipalities", type=Path, help="municipal boundaries of 2021, sea areas included (GeoJSON)")
    parser.add_argument("land", type=Path, help="land-10m.json of the npm package world-atlas")
    arguments = parser.parse_args()
    features = json.loads(arguments.municipalities.read_text(encoding="utf-8"))["features"]
    towns = dict(sorted((f"KU{f['properties']['NATCODE']}", f) for f in features))
    dry = on_land({code: projected(shape(f["geometry"])) for code, f in towns.items()}, land(arguments.land))
    sizes = {code: f["properties"]["LANDAREA"] * 1e6 for code, f in towns.items()}
    dry = {
        code: with_island(part, sizes[code], whole=projected(shape(towns[code]["geometry"])))
        for code, part in dry.items()
    }
    fine = simplified(dry, tolerance=FINE["tolerance"], islet=FINE["islet"])
    write("municipalities", fine, grid=int(FINE["grid"]))
    files = read_files(ROOT)
    region = {town.code: town.region for town in files.municipalities.municipalities}
    area = {code: known.code for known in files.areas.areas for code in known.municipalities}
    zones = united(dry, {code: f"{area.get(code, '')}/{region[code]}" for code in dry})
    zones = simplified(zones, tolerance=COARSE["tolerance"], islet=COARSE["islet"])
    grid = int(COARSE["grid"])
    write("areas", united(zones, {zone: zone.partition("/")[0] for zone in zones}), grid=grid)
    write("regions", united(zones, {zone: zone.partition("/")[2] for zone in zones}), grid=grid)
    write("country", united(zones, dict.fromkeys(zones, "country")), grid=grid)


def projected(geometry: BaseGeometry) -> BaseGeometry:
    """`geometry` in metres of ETRS-TM35FIN."""
    return shapely.transform(geometry, TO_FINLAND.transform, interleaved=False)


def land(path: Path) -> BaseGeometry:
    """The land around Finland of a TopoJSON file in degrees, in metres."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + left, y * scale_y + low))
        arcs.append(points)

    def ring(parts: Iterable[int]) -> list[tuple[float, float]]:
        joined: list[tuple[float, float]] = []
        for part in parts:
            points = arcs[part] if part >= 0 else arcs[~part][::-1]
            joined.extend(points[1:] if joined else points)
        return [(x + 360 if x < ATLANTIC else x, y) for x, y in joined]

    box = shapely.box(*FINLAND)
    pieces = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for rings in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            outer = Polygon(ring(rings[0]))
            if outer.intersects(box):
                polygon = Polygon(outer.exterior.coords, [ring(hole) for hole in rings[1:]])
                pieces.append(projected(shapely.make_valid(polygon, method="structure").intersection(box)))
    return shapely.union_all(pieces)


def on_land(towns: Shapes, dry: BaseGeometry) -> Shapes:
    """The land of each municipality; neighbours share their borders vertex by vertex."""
    country = shapely.union_all(list(towns.values()))
    lines = [town.boundary for town in towns.values()] + [dry.boundary.intersection(country.buffer(1000))]
    faces = list(polygonize(shapely.union_all(lines, grid_size=0.01)))
    tree = shapely.STRtree(list(towns.values()))
    codes = list(towns)
    held: dict[str, list[Polygon]] = defaultdict(list)
    shapely.prepare(dry)
    for face in faces:
        inside = face.representative_point()
        if dry.intersects(inside):
            for found in tree.query(inside, predicate="intersects")[:1]:
                held[codes[found]].append(face)
    return {code: shapely.union_all(held[code]) for code in codes}


def with_island(part: BaseGeometry, size: float, *, whole: BaseGeometry) -> BaseGeometry:
    """`part`, or a round island of `size` square metres where the coastline knows too little of it."""
    if part.area >= LEAST_LAND * size:
        return part
    middle = part.centroid if not part.is_empty else whole.representative_point()
    island = Point(round(middle.x), round(middle.y)).buffer((size / 3.1416) ** 0.5, quad_segs=4).intersection(whole)
    return shapely.union_all([part, island])


def united(parts: Shapes, whole: Mapping[str, str]) -> Shapes:
    """`parts` joined by what `whole` says they belong to; those that belong to "" are left out."""
    groups: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, part in parts.items():
        groups[whole[code]].append(part)
    return {code: shapely.union_all(group) for code, group in sorted(groups.items()) if code}


def simplified(parts: Shapes, *, tolerance: float, islet: float) -> Shapes:
    """`parts` without their small islands, all simplified together."""
    kept = [MultiPolygon(list(islands(part, islet))) for part in parts.values()]
    return dict(zip(parts, shapely.coverage_simplify(kept, tolerance), strict=True))


def islands(part: BaseGeometry, smallest: float) -> Iterator[Polygon]:
    """The polygons of at least `smallest` square metres, and the largest one in any case; holes are only of others."""
    polygons = sorted(shapely.get_parts(part), key=lambda polygon: -polygon.area)
    yield from (polygon for at, polygon in enumerate(polygons) if at == 0 or polygon.area >= smallest)


def write(name: str, parts: Shapes, *, grid: int) -> None:
    """Write data/boundaries/<name>.geojson: a line a feature, coordinates in whole metres on a grid."""
    lines = []
    for code, part in parts.items():
        rounded = shapely.make_valid(shapely.transform(part, lambda points: (points / grid).round() * grid))
        polygons = [polygon for polygon in shapely.get_parts(rounded) if polygon.geom_type == "Polygon"]
        polygons.sort(key=lambda polygon: -polygon.area)
        middle = shapely.maximum_inscribed_circle(polygons[0], tolerance=100).coords[0]
        feature = {
            "type": "Feature",
            "id": code,
            "properties": {"middle": [round(number) for number in middle]},
            "geometry": {"type": "MultiPolygon", "coordinates": [rings(polygon) for polygon in polygons]},
        }
        lines.append(json.dumps(feature, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (OUT / f"{name}.geojson").write_text(text, encoding="utf-8")
    CONSOLE.print(f"{name}.geojson: {hashlib.sha256(text.encode()).hexdigest()}")


def rings(polygon: Polygon) -> list[list[list[int]]]:
    """The rings of a polygon in whole metres."""
    found: list[Any] = [polygon.exterior, *polygon.interiors]
    return [[[round(x), round(y)] for x, y in ring.coords] for ring in found]


if __name__ == "__main__":
    main()
