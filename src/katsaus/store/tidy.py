"""Cubes of a source as its one tidy table, built from codes: no text is repeated five million times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from katsaus.store.cube import SUPPRESSED, Cube

DIMENSIONS = ("REF_AREA", "RESPONSIBLE", "GROUP", "TIME_PERIOD", "MEASURE")
"""What tells one observation from another, in the order in which the table is sorted."""
COLUMNS = ("REF_AREA", "TIME_PERIOD", "RESPONSIBLE", "GROUP", "MEASURE", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS")

_STATUSES = ("-", "A", "Q", "O", "M")
"""By state of a cell; one of the first kind is never in a table."""


def tidy(cubes: Sequence[Cube]) -> pd.DataFrame:
    """One row an observation, sorted by `DIMENSIONS`; the columns are `COLUMNS`, all but OBS_VALUE (float64) of
    categories that are sorted and all occur.
    """
    names = [sorted({name for cube in cubes for name in _names(cube)[axis]}) for axis in range(len(DIMENSIONS))]
    parts = [_codes(cube, names) for cube in cubes]
    codes = [np.concatenate([part[axis] for part in parts]) for axis in range(len(DIMENSIONS) + 2)]
    if len(cubes) > 1:
        order = np.argsort(_packed(codes, names), kind="stable")
        codes = [column[order] for column in codes]
    *dimensions, values, states = codes
    columns: dict[str, Any] = {
        name: pd.Categorical.from_codes(column, categories=pd.Index(listed))
        for name, column, listed in zip(DIMENSIONS, dimensions, names, strict=True)
    }
    columns["OBS_STATUS"] = _categorical(states, _STATUSES)
    columns["CONF_STATUS"] = _categorical((states == SUPPRESSED).astype(np.int8), ("F", "C"))
    return pd.DataFrame({**columns, "OBS_VALUE": values}, copy=False)[list(COLUMNS)]


def _names(cube: Cube) -> tuple[Sequence[str], ...]:
    return (
        *(sorted({key[axis] for key in cube.keys}) for axis in range(3)),
        cube.told_months(cube.present),
        cube.measures,
    )


def _codes(cube: Cube, names: Sequence[Sequence[str]]) -> list[np.ndarray]:
    """For each observation of the cube the codes of its dimensions, its value and its state."""
    kept = np.flatnonzero(cube.present.ravel())
    row, column = np.divmod(kept, len(cube.months))
    count = len(cube.measures)
    keys = [_places([key[axis] for key in cube.keys], names[axis]) for axis in range(3)]
    months, measures = _places(cube.months, names[3]), _places(cube.measures, names[4])
    values = np.stack([cube.values[measure].ravel()[kept] for measure in cube.measures], axis=1).ravel()
    states = np.stack([cube.states[measure].ravel()[kept] for measure in cube.measures], axis=1).ravel()
    repeated = [np.repeat(codes[row], count) for codes in keys]
    return [*repeated, np.repeat(months[column], count), np.tile(measures, len(kept)), values, states]


def _places(found: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Where each of `found` is among `names`, in the smallest whole numbers; -1 where it is not."""
    place = {name: at for at, name in enumerate(names)}
    size = np.int8 if len(names) <= np.iinfo(np.int8).max else np.int16
    return np.array([place.get(name, -1) for name in found], dtype=size)


def _packed(codes: Sequence[np.ndarray], names: Sequence[Sequence[str]]) -> np.ndarray:
    packed = codes[0].astype(np.int64)
    for column, listed in zip(codes[1 : len(DIMENSIONS)], names[1:], strict=True):
        packed *= len(listed)
        packed += column
    return packed


def _categorical(codes: np.ndarray, names: Sequence[str]) -> Any:
    """A column of few distinct values, its categories sorted and only those that occur."""
    occurring = [at for at in range(len(names)) if (codes == at).any()]
    listed = sorted(names[at] for at in occurring)
    place = np.full(len(names), -1, dtype=np.int8)
    for at in occurring:
        place[at] = listed.index(names[at])
    return pd.Categorical.from_codes(place[codes], categories=pd.Index(listed))
