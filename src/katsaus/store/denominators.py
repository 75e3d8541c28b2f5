"""Figures by which others are divided: present, above zero, and renewed when their year turns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from katsaus.config.findings import Finding, some
from katsaus.config.sources import Source
from katsaus.store.cube import Cube

ENOUGH_PERSONS = 100
"""Figures below this may well be the same in two years."""


def denominators(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """Denominators that are missing or zero, and yearly measures that do not follow the calendar year."""
    for measure, field in sorted(cube.contract.measures.items()):
        if measure not in cube.values:
            continue
        if field.denominator:
            lacking = cube.present & ~cube.known(measure)
            yield from _tell(cube, measure, wrong=lacking, code="denominator-missing", where=where)
            yield from _tell(cube, measure, wrong=cube.values[measure] == 0, code="denominator-zero", where=where)
        if measure in source.yearly:
            yield from _yearly(cube, measure, where=where)


def _tell(cube: Cube, measure: str, *, wrong: np.ndarray, code: str, where: str) -> Iterator[Finding]:
    if wrong.any():
        areas = cube.area_of(np.flatnonzero(wrong.any(axis=1)))
        fields = {"areas": some(areas), "months": some(cube.told_months(wrong))}
        yield Finding(code, where, {"column": cube.column(measure), "count": int(wrong.sum()), **fields})


def _yearly(cube: Cube, measure: str, *, where: str) -> Iterator[Finding]:
    values = cube.values[measure]
    turning = np.array([month.endswith("-01") for month in cube.months])
    turning[0] = False
    moved = np.zeros(values.shape, dtype=bool)
    moved[:, 1:] = np.abs(values[:, 1:] - values[:, :-1]) > 0
    moved[:, turning] = False
    yield from _tell(cube, measure, wrong=moved, code="denominator-moved", where=where)
    old = []
    for at in np.flatnonzero(turning):
        now, then = values[:, at], values[:, at - 1]
        compared = np.minimum(now, then) >= ENOUGH_PERSONS
        if compared.any() and np.mean((now == then)[compared]) > 1 / 2:
            old.append(cube.months[at])
    if old:
        fields = {"column": cube.column(measure), "count": len(old), "months": some(old)}
        yield Finding("denominator-old", where, fields)
