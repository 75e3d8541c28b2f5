"""A table fetched in parts that outlive an interrupted run: each is kept as it came and believed only when it fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from katsaus.config.contract import Contract
from katsaus.errors import Problem, SourceError
from katsaus.sources.jsonstat import MARKS, Cube, read_cube
from katsaus.sources.layout import Layout
from katsaus.sources.strict_json import AGAIN

_WHOLE = re.compile(r"(-?[0-9]+)(?:\.0+)?")

Rows = dict[tuple[str, str], str]
"""Figures of an area and period, as the end of a line of the CSV."""


@dataclass(frozen=True)
class Part:
    """What one query asks for."""

    areas: tuple[str, ...]
    periods: tuple[str, ...]


def split(layout: Layout, cells: int) -> list[Part]:
    """Parts of the table of at most `cells` cells each, by periods and where needed by areas."""
    rows = max(1, cells // len(layout.measures))
    areas = min(len(layout.areas), rows)
    periods = rows // areas
    return [
        Part(layout.areas[place : place + areas], layout.periods[start : start + periods])
        for start in range(0, len(layout.periods), periods)
        for place in range(0, len(layout.areas), areas)
    ]


@dataclass(frozen=True)
class Store:
    """The parts of one state of a table, in a folder of their own: 000.json and so on."""

    folder: Path
    where: str
    layout: Layout
    contract: Contract

    def rows(self, part: Part, *, number: int, ask: Callable[[], bytes]) -> tuple[Rows, str]:
        """The part's rows and the stamp of the table's last update: from its file if that will do, else from `ask`.

        Raises SourceError when what `ask` gives is not what the part is to hold; it is then not kept.
        """
        path = self.folder / f"{number:03d}.json"
        if path.exists():
            try:
                return self._read(path.read_bytes(), part)
            except SourceError:
                path.unlink()  # of another wish, or damaged: the table itself still has it
        content = ask()
        found = self._read(content, part)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(path)
        return found

    def _read(self, content: bytes, part: Part) -> tuple[Rows, str]:
        cube = read_cube(content, self.where)
        asked = self.layout.choice(part.areas, part.periods)
        if {name: set(codes) for name, codes in cube.dimensions.items()} != {name: set(asked[name]) for name in asked}:
            raise SourceError(Problem("the answer is not what was asked for", self.where, do=AGAIN))
        return dict(self._rows(cube)), cube.updated

    def _rows(self, cube: Cube) -> Iterator[tuple[tuple[str, str], str]]:
        layout, names = self.layout, list(cube.dimensions)
        first = (layout.area, layout.period, layout.contents)
        order = [names.index(name) for name in (*first, *(name for name in names if name not in first))]
        cells = np.array(cube.cells, dtype=object).reshape([len(codes) for codes in cube.dimensions.values()])
        cells = cells.transpose(order).reshape([len(cube.dimensions[name]) for name in first])
        contents = cube.dimensions[layout.contents]
        columns = [self._canonical(cells[:, :, contents.index(code)], name) for name, code in layout.measures.items()]
        for place, area in enumerate(cube.dimensions[layout.area]):
            for when, period in enumerate(cube.dimensions[layout.period]):
                yield (area, period), ",".join(column[place, when] for column in columns)

    def _canonical(self, cells: np.ndarray, column: str) -> np.ndarray:
        """The cells of a column, whole numbers without a decimal point. Raises SourceError where they are not whole."""
        if self.contract.fields[column].type == "number":
            return cells
        found = np.array([cell if cell in MARKS else _whole(cell) for cell in cells.flat], dtype=object)
        if count := int(np.sum(found == "")):
            raise SourceError(Problem(f"{column}: {count} cells are not whole numbers", self.where, do=AGAIN))
        return found.reshape(cells.shape)


def _whole(cell: str) -> str:
    match = _WHOLE.fullmatch(cell)
    return match[1] if match else ""
