"""Rows of text placed into a cube by their keys: repeated ones are told, merged municipalities summed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from katsaus.calendar import shift
from katsaus.config.contract import Contract
from katsaus.config.findings import Finding, some
from katsaus.config.mergers import Merger
from katsaus.config.project import Project
from katsaus.store.cells import Cells, read_cells
from katsaus.store.codes import Axis, area_axis, listed_axis, month_axis, retired
from katsaus.store.cube import ABSENT, NORMAL, UNAVAILABLE, Cube

STEPS = {"monthly": 1, "half-yearly": 6}
LONGEST = 600
"""Months between the first and the last beyond which no table is meant: gaps are then told, not filled."""


@dataclass(frozen=True)
class _Dimensions:
    areas: Axis
    responsibles: Axis
    groups: Axis
    months: Axis

    @property
    def packed(self) -> np.ndarray:
        """A number for the series of each row, in the order of areas, responsible organisations and groups."""
        upper = self.areas.codes.astype(np.int64) * len(self.responsibles.names) + self.responsibles.codes
        return np.asarray(upper * len(self.groups.names) + self.groups.codes)

    def unpack(self, packed: np.ndarray) -> list[tuple[str, str, str]]:
        groups, responsibles = len(self.groups.names), len(self.responsibles.names)
        rest, group = np.divmod(packed, groups)
        area, responsible = np.divmod(rest, responsibles)
        names = (self.areas.names, self.responsibles.names, self.groups.names)
        return [(names[0][a], names[1][r], names[2][g]) for a, r, g in zip(area, responsible, group, strict=True)]


def place(
    text: pd.DataFrame, contract: Contract, *, project: Project, where: str, findings: list[Finding]
) -> Cube | None:
    """The table as a cube; None where no row has a known key. What is wrong goes to `findings`."""
    found = _dimensions(text, contract, project=project, where=where, findings=findings)
    parts = (found.areas, found.responsibles, found.groups, found.months)
    usable = np.logical_and.reduce([axis.codes >= 0 for axis in parts])
    if not usable.any():
        return None
    packed = found.packed * len(found.months.names) + found.months.codes
    rows = _unique(text, packed, usable=usable, where=where, findings=findings)
    old = retired(found.areas, project)
    merged = np.isin(found.areas.codes[rows], list(old))
    cells = {
        name: read_cells(text[field.name], field, marks=contract.table_schema.missing_values, where=where)
        for name, field in contract.measures.items()
        if field.name in text
    }
    findings.extend(finding for column in cells.values() for finding in column.findings)
    leaving = [index for index, merger in old.items() if merger.old not in project.municipalities]
    added = np.isin(found.areas.codes[rows], leaving)
    cube = _scatter(found, rows[~added], cells=cells, contract=contract)
    if merged.any():
        _refuse_old_codes(found, rows[merged], old=old, where=where, findings=findings)
    if added.any():
        _add_old_codes(cube, found, rows=rows[added], old=old, cells=cells)
    return cube


def _dimensions(
    text: pd.DataFrame, contract: Contract, *, project: Project, where: str, findings: list[Finding]
) -> _Dimensions:
    columns = {role: contract.column(role) for role in ("RESPONSIBLE", "GROUP")}
    fields = {role: contract.fields[name] if name else None for role, name in columns.items()}
    return _Dimensions(
        areas=area_axis(text, contract, project=project, where=where, findings=findings),
        responsibles=listed_axis(text, fields["RESPONSIBLE"], where=where, findings=findings),
        groups=listed_axis(text, fields["GROUP"], where=where, findings=findings),
        months=month_axis(text, contract, where=where, findings=findings),
    )


def _unique(
    text: pd.DataFrame, packed: np.ndarray, *, usable: np.ndarray, where: str, findings: list[Finding]
) -> np.ndarray:
    """The first row of each key, in the table's order; further rows of a key are told."""
    numbers = np.flatnonzero(usable)
    _, first, back = np.unique(packed[numbers], return_index=True, return_inverse=True)
    again = np.flatnonzero(first[back] != np.arange(len(numbers)))
    if again.size:
        one, other = numbers[again], numbers[first[back[again]]]
        differs = np.zeros(len(again), dtype=bool)
        for name in text.columns:
            codes = text[name].cat.codes.to_numpy()
            differs |= codes[one] != codes[other]
        for code, which in (("key-repeated", ~differs), ("key-conflicting", differs)):
            if which.any():
                findings.append(Finding(code, where, {"count": int(which.sum()), "row": int(one[which][0]) + 2}))
    return numbers[np.sort(first)]


def _scatter(found: _Dimensions, rows: np.ndarray, *, cells: dict[str, Cells], contract: Contract) -> Cube:
    series, line = np.unique(found.packed[rows], return_inverse=True)
    months = timeline(found.months.names, contract.frequency)
    column = np.array([months.index(name) for name in found.months.names])[found.months.codes[rows]]
    shape = (len(series), len(months))
    present = np.zeros(shape, dtype=bool)
    present[line, column] = True
    values, states = {}, {}
    for name, cell in cells.items():
        values[name] = np.full(shape, np.nan)
        values[name][line, column] = cell.values[rows]
        states[name] = np.full(shape, ABSENT, dtype=np.uint8)
        states[name][line, column] = cell.states[rows]
    return Cube(contract, tuple(found.unpack(series)), months, present=present, values=values, states=states)


def timeline(found: tuple[str, ...], frequency: str) -> tuple[str, ...]:
    """Months or years from the first to the last of `found` by the table's frequency, and those of `found` off it."""
    if frequency == "yearly":
        return tuple(str(year) for year in range(int(found[0]), int(found[-1]) + 1))
    step, months = STEPS[frequency], [found[0]]
    while months[-1] < found[-1] and len(months) < LONGEST:
        months.append(shift(months[-1], step))
    return found if months[-1] < found[-1] else tuple(sorted({*months[:-1], *found}))


def _refuse_old_codes(
    found: _Dimensions, rows: np.ndarray, *, old: dict[int, Merger], where: str, findings: list[Finding]
) -> None:
    """Tell of rows with a merged municipality's code from the merger on, apart where the new code is there too."""
    months = np.array(found.months.names)
    new_keys = set(zip(found.areas.codes.tolist(), found.months.codes.tolist(), strict=True))
    told: dict[str, list[tuple[str, str]]] = {"code-merged": [], "code-merged-twice": []}
    for row in rows:
        merger, month = old[found.areas.codes[row]], str(months[found.months.codes[row]])
        if month >= merger.first:
            twice = (found.areas.index(merger.new), found.months.codes[row]) in new_keys
            told["code-merged-twice" if twice else "code-merged"].append((merger.old, month))
    for code, cases in told.items():
        if cases:
            areas, at = {area for area, _ in cases}, {month for _, month in cases}
            fields = {"rows": len(cases), "areas": some(areas), "first": min(at), "last": max(at)}
            findings.append(Finding(code, where, fields))


def _add_old_codes(
    cube: Cube, found: _Dimensions, *, rows: np.ndarray, old: dict[int, Merger], cells: dict[str, Cells]
) -> None:
    """Add the figures of months before the merger to the new municipality, which keeps no figure if either has none.

    A percentage of two municipalities is no sum of theirs: it becomes not available.
    """
    keys = found.unpack(found.packed[rows])
    for row, (area, responsible, group) in zip(rows, keys, strict=True):
        merger = old[found.areas.index(area)]
        month = found.months.names[found.months.codes[row]]
        line = cube.rows.get((merger.new, responsible, group))
        if line is None or month >= merger.first:
            continue
        at = (line, cube.months.index(month))
        for name, cell in cells.items():
            _add(cube, name, at=at, value=cell.values[row], state=int(cell.states[row]))


def _add(cube: Cube, measure: str, *, at: tuple[int, int], value: float, state: int) -> None:
    values, states = cube.values[measure], cube.states[measure]
    if states[at] == ABSENT:
        return
    if cube.contract.measures[measure].unit == "percent":
        state = max(state, UNAVAILABLE)
    values[at] += value
    states[at] = max(states[at], state)
    if states[at] != NORMAL:
        values[at] = np.nan
