"""Boundaries of municipalities, trial areas, regions and the country, on land, in metres of ETRS-TM35FIN.

They are made by scripts/boundaries.py and kept in data/boundaries with a sidecar that names origin and licence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from katsaus.config.files import validated
from katsaus.config.models import Line, Model, Text
from katsaus.config.strict_yaml import load
from katsaus.errors import ConfigError, FigureError, Problem, SnapshotError

FOLDER = "data/boundaries"
SIDECAR = f"{FOLDER}/boundaries.yml"
COUNTRY = "country"
RESTORE = "restore both files from version control, or run scripts/boundaries.py again"

Box = tuple[float, float, float, float]
"""West, south, east, north."""


class Origin(Model):
    """One of the works that the boundaries are made from."""

    title: Line
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    licence: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Sidecar(Model):
    """What the boundaries are: `files` is name → sha256, `credit` what must stand under every map."""

    title: Text
    credit: Text
    licence: Line
    origins: Annotated[tuple[Origin, ...], Field(min_length=1)]
    made: Line
    files: dict[str, str]


@dataclass(frozen=True)
class Shape:
    """One area: its polygons as the coordinates of a GeoJSON MultiPolygon, and a `middle` well inside the largest."""

    polygons: list[Any]
    middle: tuple[int, int]

    @property
    def box(self) -> Box:
        """The smallest box around it."""
        points = [point for polygon in self.polygons for point in polygon[0]]
        east, north = [x for x, _ in points], [y for _, y in points]
        return min(east), min(north), max(east), max(north)


@dataclass(frozen=True)
class Boundaries:
    """`shapes` is code → shape: KU…, KK…, MK… and "country"; `credit` what must stand under every map."""

    shapes: Mapping[str, Shape]
    credit: Text

    def of(self, codes: Iterable[str]) -> dict[str, Shape]:
        """The shapes of `codes`, in their order. Raises FigureError for those that have none."""
        wanted = list(codes)
        if missing := [code for code in wanted if code not in self.shapes]:
            what = f"no boundaries of {', '.join(missing)}"
            raise FigureError(Problem(what, do="draw municipalities, trial areas or regions"))
        return {code: self.shapes[code] for code in wanted}

    def within(self, box: Box, *, kind: str) -> dict[str, Shape]:
        """The shapes whose codes begin with `kind` and that reach into `box`."""
        return {code: shape for code, shape in self.shapes.items() if code.startswith(kind) and _meet(shape.box, box)}


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def around(shapes: Iterable[Shape]) -> Box:
    """The smallest box around `shapes`."""
    west, south, east, north = zip(*(shape.box for shape in shapes), strict=True)
    return min(west), min(south), max(east), max(north)


def load_boundaries(root: Path) -> Boundaries:
    """The boundaries of the project at `root`.

    Raises SnapshotError if a file is missing or not the one that the sidecar describes.
    """
    try:
        sidecar = validated(load(root / SIDECAR, root), Sidecar)
    except ConfigError as error:
        raise SnapshotError(error.problems) from None
    shapes: dict[str, Shape] = {}
    problems: list[Problem] = []
    for name, sha256 in sidecar.files.items():
        try:
            shapes.update(_read(root / FOLDER / name, sha256))
        except (OSError, ValueError):
            why = f"it is missing, or its sha256 is not the one in {SIDECAR}"
            problems.append(Problem("the boundaries can't be read", f"{FOLDER}/{name}", why, RESTORE))
    if problems:
        raise SnapshotError(problems)
    return Boundaries(shapes, sidecar.credit)


def _read(path: Path, sha256: str) -> Iterator[tuple[str, Shape]]:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError
    for feature in json.loads(content)["features"]:
        east, north = feature["properties"]["middle"]
        yield feature["id"], Shape(feature["geometry"]["coordinates"], (east, north))
