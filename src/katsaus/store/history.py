"""A snapshot against the one before it: what was lost, what was revised, what came again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from katsaus.config.findings import Finding, some
from katsaus.store.cube import NORMAL, Cube
from katsaus.store.movements import thousandfold

A_FEW = 10
"""Figures that may turn from a mark into zero, or back, without being noteworthy."""


@dataclass(frozen=True)
class _Common:
    """The measure of two cubes at the series and months that both have."""

    months: tuple[str, ...]
    states: tuple[np.ndarray, np.ndarray]
    values: tuple[np.ndarray, np.ndarray]

    @property
    def changed(self) -> np.ndarray:
        """Where (series by months) the later cube says something else than the earlier one."""
        now, then = self.values
        return np.asarray((self.states[0] != self.states[1]) | ((self.states[0] == NORMAL) & (now != then)))

    @property
    def swapped(self) -> np.ndarray:
        """Where a zero has become a mark or a mark a zero."""
        (state, earlier), (value, old) = self.states, self.values
        turned_zero = (state == NORMAL) & (value == 0) & (earlier > NORMAL)
        turned_mark = (earlier == NORMAL) & (old == 0) & (state > NORMAL)
        return np.asarray(turned_zero | turned_mark)


def compare_with_before(cube: Cube, before: Cube, *, where: str) -> list[Finding]:
    """What is noteworthy in `cube` against the table of the snapshot `before` it."""
    found = [*_lost(cube, before, where=where), *_revised(cube, before, where=where)]
    if not found and (cube.keys, cube.months, cube.measures) == (before.keys, before.months, before.measures):
        found.append(Finding("same-file-again", where, {"month": cube.months[-1]}))
    return found


def _lost(cube: Cube, before: Cube, *, where: str) -> Iterator[Finding]:
    lost = {
        "areas": set(before.areas) - set(cube.areas),
        "months": set(before.months) - set(cube.months),
        "groups": _groups(before) - _groups(cube),
        "measures": {before.column(measure) for measure in set(before.measures) - set(cube.measures)},
    }
    if any(lost.values()):
        fields = {kind: len(gone) for kind, gone in lost.items()}
        yield Finding("coverage-shrank", where, {**fields, "names": some(set().union(*lost.values()))})


def _groups(cube: Cube) -> set[str]:
    """Responsible organisations and groups that occur, each pair as one name."""
    return {f"{responsible}.{group}" for _, responsible, group in cube.keys}


def _revised(cube: Cube, before: Cube, *, where: str) -> Iterator[Finding]:
    swapped = 0
    for common, column in _shared(cube, before):
        swapped += int(common.swapped.sum())
        changed = common.changed
        if not changed.any():
            continue
        if thousandfold(common.values[1].reshape(-1, 1), common.values[0].reshape(-1, 1)).any():
            yield Finding("unit-changed", where, {"column": column})
        months = [common.months[at] for at in np.flatnonzero(changed.any(axis=0))]
        fields = {"column": column, "count": int(changed.sum()), "first": months[0], "last": months[-1]}
        yield Finding("history-revised", where, fields)
    if swapped > A_FEW:
        yield Finding("zero-missing-swapped", where, {"count": swapped})


def _shared(cube: Cube, before: Cube) -> Iterator[tuple[_Common, str]]:
    """Each measure that both have, at the series and months that both have, with its column."""
    keys = [key for key in cube.keys if key in before.rows]
    months = tuple(month for month in cube.months if month in before.months)
    if not keys or not months:
        return
    now = np.ix_([cube.rows[key] for key in keys], [cube.months.index(month) for month in months])
    then = np.ix_([before.rows[key] for key in keys], [before.months.index(month) for month in months])
    for measure in cube.measures:
        if measure in before.values:
            states = (cube.states[measure][now], before.states[measure][then])
            values = (cube.values[measure][now], before.values[measure][then])
            yield _Common(months, states, values), cube.column(measure)
