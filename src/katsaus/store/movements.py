"""Figures against their month before: jumps of single areas, a changed unit, a month that came twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from katsaus.config.findings import Finding, some
from katsaus.config.sources import Jump, Source
from katsaus.store.cube import Cube

FEW_AREAS = 5
"""With fewer areas than this there is no telling what all areas do."""
LARGE = 1_000
THOUSAND = (500.0, 2_000.0)
"""A change by a factor in here, or by its inverse, is taken for a change between units and thousands."""
COMPARABLE = 50
SAME = 0.95
FEW_FIGURES = 3


def jumps(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """Figures that no real month makes, against what the areas of the same group do that month."""
    if source.jump is None:
        return
    for measure in cube.measures:
        wrong = np.zeros(cube.present.shape, dtype=bool)
        if measure not in (*source.yearly, *source.jump.without):
            for rows in cube.blocks.values():
                wrong[rows, 1:] = _jumping(cube.values[measure][rows], source.jump)
        if wrong.any():
            areas = cube.area_of(np.flatnonzero(wrong.any(axis=1)))
            fields = {"areas": some(areas), "months": some(cube.told_months(wrong))}
            yield Finding("jump", where, {"column": cube.column(measure), "count": int(wrong.sum()), **fields})


def _jumping(values: np.ndarray, jump: Jump) -> np.ndarray:
    """Where (areas by months from the second on) a figure jumps. A month in which the middle area jumps says nothing
    about single ones.
    """
    before, now = values[:, :-1], values[:, 1:]
    large = np.asarray(np.fmax(before, now) >= jump.from_)
    if not large.any():
        return large
    ratio = np.maximum(now, 1) / np.maximum(before, 1)
    usual = middle(ratio) if len(values) >= FEW_AREAS else np.ones(ratio.shape[1])
    ordinary = (usual <= jump.factor) & (usual >= 1 / jump.factor)
    beyond = ratio / usual
    return np.asarray(large & ordinary & ((beyond > jump.factor) | (beyond < 1 / jump.factor)))


def middle(values: np.ndarray) -> np.ndarray:
    """The (lower) median of each column, without NaN; 1 where a column has nothing else."""
    ordered = np.sort(values, axis=0)
    counts = np.sum(~np.isnan(values), axis=0)
    found = ordered[np.maximum((counts - 1) // 2, 0), np.arange(values.shape[1])]
    return np.where(counts > 0, found, 1.0)


def units(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """Measures that from one month to the next turn into thousands, or back."""
    for measure in cube.measures:
        values = cube.values[measure]
        ratio = thousandfold(values[:, :-1], values[:, 1:])
        changed = [month for month, found in zip(cube.months[1:], ratio, strict=True) if found]
        if changed and measure not in source.yearly:
            fields = {"column": cube.column(measure), "count": len(changed), "months": some(changed)}
            yield Finding("unit-thousands", where, fields)


def thousandfold(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """For each column whether the large figures changed, in the middle, by a factor of about a thousand."""
    usable = (np.fmax(before, now) >= LARGE) & (np.fmin(before, now) > 0)
    ratio = np.where(usable, now / np.where(usable, before, 1.0), np.nan)
    usual = middle(ratio)
    least, most = THOUSAND
    return np.asarray(((usual >= least) & (usual <= most)) | ((usual >= 1 / most) & (usual <= 1 / least)))


def repeated_months(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """Months whose figures are those of the month before: the file of last month under a new name."""
    alike = np.zeros(len(cube.months) - 1, dtype=int)
    compared = np.zeros(len(cube.months) - 1, dtype=int)
    for measure in cube.measures:
        if measure not in source.yearly:
            before, now = cube.values[measure][:, :-1], cube.values[measure][:, 1:]
            usable = np.fmin(before, now) >= COMPARABLE
            compared += (usable & ~np.isnan(before) & ~np.isnan(now)).sum(axis=0)
            alike += (usable & (before == now)).sum(axis=0)
    again = (compared >= FEW_FIGURES) & (alike > SAME * compared)
    months = [month for month, found in zip(cube.months[1:], again, strict=True) if found]
    if months:
        yield Finding("month-repeated", where, {"count": len(months), "months": some(months)})
