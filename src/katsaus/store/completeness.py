"""Whether every area has every month that others have, and every column a figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from katsaus.config.findings import Finding, some
from katsaus.config.project import Project
from katsaus.store.codes import expected_areas
from katsaus.store.cube import NORMAL, Cube

JOINING = 2
"""Months at the start or the end of a table which an area lacks when it is said to join or leave; one month is taken
for an incomplete month."""


def completeness(cube: Cube, project: Project, *, where: str) -> Iterator[Finding]:
    """Missing areas, missing months, columns of marks alone, areas that join or leave, single rows that are missing."""
    if missing := expected_areas(cube.contract, project) - set(cube.areas):
        yield Finding("area-missing", where, {"count": len(missing), "areas": some(missing)})
    if empty := sorted(set(cube.months) - set(cube.told_months(cube.present))):
        yield Finding("month-gap", where, {"count": len(empty), "months": some(empty)})
    columns = cube.contract.measures
    if void := [columns[name].name for name, states in cube.states.items() if not (states == NORMAL).any()]:
        yield Finding("figures-missing", where, {"count": len(void), "columns": some(void)})
    if not cube.contract.areas:
        return  # such a table has rows only where there are cases
    for responsible in sorted({key[1] for key in cube.keys}):
        yield from _rows(cube, responsible, where=where)


def _rows(cube: Cube, responsible: str, *, where: str) -> Iterator[Finding]:
    """Rows of one responsible organisation that are missing though others of the month and group are there."""
    areas = sorted({key[0] for key in cube.keys if key[1] == responsible})
    groups = sorted({key[2] for key in cube.keys if key[1] == responsible})
    present = np.zeros((len(areas), len(groups), len(cube.months)), dtype=bool)
    for at, area in enumerate(areas):
        for group_at, group in enumerate(groups):
            if (row := cube.rows.get((area, responsible, group))) is not None:
                present[at, group_at] = cube.present[row]
    lacking = np.logical_or.reduce(present, axis=0)[None] & ~present
    if not lacking.any():
        return
    held = np.logical_or.reduce(present, axis=1)
    active = np.logical_or.reduce(held, axis=0)
    outside = _outside(held[:, active])
    away = np.zeros((len(areas), len(cube.months)), dtype=bool)
    away[:, active] = outside
    if outside.any():
        gone = [areas[at] for at in np.flatnonzero(away.any(axis=1))]
        months = cube.told_months(away)
        fields = {"count": len(gone), "areas": some(gone), "first": months[0], "last": months[-1]}
        yield Finding("area-gap", where, fields)
    lacking &= ~away[:, None]
    if lacking.any():
        months = cube.told_months(np.logical_or.reduce(lacking, axis=1))
        found = [areas[at] for at in np.flatnonzero(lacking.any(axis=(1, 2)))]
        fields = {"rows": int(lacking.sum()), "count": len(months), "months": some(months), "areas": some(found)}
        yield Finding("month-incomplete", where, fields)


def _outside(present: np.ndarray) -> np.ndarray:
    """Where (areas by months) an area has not joined yet or has left, for `JOINING` months or more."""
    months = np.arange(present.shape[1])
    first = present.argmax(axis=1)[:, None]
    last = present.shape[1] - 1 - present[:, ::-1].argmax(axis=1)[:, None]
    early = (months < first) & (first >= JOINING)
    late = (months > last) & (present.shape[1] - 1 - last >= JOINING)
    return np.asarray(early | late)
