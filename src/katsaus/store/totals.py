"""Totals against the sums of their parts: areas within areas, responsible organisations and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from katsaus.config.findings import Finding, some
from katsaus.config.project import COUNTRY, TRIAL, Project
from katsaus.config.sources import AreaTotal, Source
from katsaus.store.cube import Cube

_AXES = {"responsible": 1, "group": 2}


@dataclass(frozen=True)
class _Sums:
    """`totals` are rows of the cube; `parts` the rows that belong to them, ordered by total, each total's from `starts`
    on; `whole` says for each total whether all its parts have a row at all.
    """

    totals: np.ndarray
    parts: np.ndarray
    starts: np.ndarray
    whole: np.ndarray


def area_totals(cube: Cube, source: Source, *, project: Project, where: str) -> Iterator[Finding]:
    """Each area against the sum of its areas. Where a part has no figure or is missing, which is told elsewhere, the
    total must not be below the rest.
    """
    for rule in source.area_totals:
        parents = _parents(rule, project)
        sizes = Counter(parents.values())
        keys = [(parents.get(area), responsible, group) for area, responsible, group in cube.keys]
        sums = _sums(cube, keys, sizes=sizes)
        for measure, wrong in _wrong(cube, sums, tolerance=rule.tolerance, unallocated=rule.unallocated):
            if measure in rule.without:
                continue
            fields = _fields(cube, measure, sums=sums, wrong=wrong)
            yield Finding("totals-area", where, fields | {"total": rule.total, "parts": rule.parts})


def group_totals(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """The total of a dimension against the sum of its parts, where all of them are delivered."""
    for rule in source.group_totals:
        axis = _AXES[rule.dimension]
        parents: list[tuple[str | None, ...]] = [
            (*key[:axis], rule.total, *key[axis + 1 :]) if key[axis] in rule.parts else () for key in cube.keys
        ]
        sums = _sums(cube, parents, sizes=dict.fromkeys(cube.areas, len(rule.parts)))
        for measure, wrong in _wrong(cube, sums, tolerance=0, unallocated=0):
            fields = _fields(cube, measure, sums=sums, wrong=wrong)
            yield Finding("totals-group", where, fields | {"total": rule.total, "parts": " + ".join(rule.parts)})


def _parents(rule: AreaTotal, project: Project) -> dict[str, str]:
    parts = project.codes(rule.parts)
    if rule.total == "country":
        return dict.fromkeys(parts, COUNTRY)
    if rule.total == "trial":
        return dict.fromkeys(parts, TRIAL)
    if rule.total == "trial_area":
        return {code: area.code for area in project.areas for code in area.municipalities}
    return {code: project.municipalities[code].region for code in parts}


def _sums(cube: Cube, parents: Sequence[tuple[str | None, ...]], *, sizes: Mapping[str, int]) -> _Sums:
    """What sums to what, by the key of the total of each row; `sizes` are how many parts a total of an area has."""
    rows: Mapping[Any, int] = cube.rows
    parent = np.array([rows.get(key, -1) for key in parents])
    parts = np.flatnonzero(parent >= 0)
    parts = parts[np.argsort(parent[parts], kind="stable")]
    totals, starts, counts = np.unique(parent[parts], return_index=True, return_counts=True)
    expected = np.array([sizes[cube.keys[row][0]] for row in totals], dtype=int)
    return _Sums(totals, parts, starts, whole=counts >= expected)


def _wrong(cube: Cube, sums: _Sums, *, tolerance: float, unallocated: float) -> Iterator[tuple[str, np.ndarray]]:
    """Each measure with totals that are not what their parts come to, and where (totals by months)."""
    if not sums.totals.size:
        return
    for measure in cube.measures:
        if cube.contract.measures[measure].unit == "percent":
            continue
        known = cube.known(measure)
        total = cube.values[measure][sums.totals]
        come_to = np.add.reduceat(cube.filled(measure)[sums.parts], sums.starts, axis=0)
        complete = np.logical_and.reduceat(known[sums.parts], sums.starts, axis=0) & sums.whole[:, None]
        excess = total - come_to
        slack = tolerance + 1e-6
        wrong = (excess < -slack) | (complete & (excess > slack + unallocated * total))
        if wrong.any():
            yield measure, wrong & known[sums.totals]


def _fields(cube: Cube, measure: str, *, sums: _Sums, wrong: np.ndarray) -> dict[str, object]:
    areas = cube.area_of(sums.totals[wrong.any(axis=1)])
    return {
        "column": cube.column(measure),
        "count": int(wrong.sum()),
        "areas": some(areas),
        "months": some(cube.told_months(wrong)),
    }
