"""One table of observations as matrices: a row for each series (area, responsible organisation, group), a column for
each month, a matrix for each measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from katsaus.config.contract import Contract

ABSENT, NORMAL, SUPPRESSED, UNAVAILABLE, IMPOSSIBLE = range(5)
"""What a cell is: its row was not delivered, it holds a figure, or it holds a mark of the source."""

MARKS = {"...": SUPPRESSED, "..": UNAVAILABLE, ".": IMPOSSIBLE}
NIL = "-"
"""The mark of a magnitude of nil, which is a figure: zero."""

TOTAL = "_T"
Key = tuple[str, str, str]
"""A series: REF_AREA, RESPONSIBLE, GROUP."""


@dataclass(frozen=True)
class Cube:
    """`keys` are sorted; `months` are sorted and without gaps where the table's frequency allows; `present` (series by
    month) says which rows were delivered; `values` (float64, NaN where there is no figure) and `states` (uint8, one of
    the constants above) hold a matrix of series by month for each measure.
    """

    contract: Contract
    keys: tuple[Key, ...]
    months: tuple[str, ...]
    present: np.ndarray
    values: dict[str, np.ndarray]
    states: dict[str, np.ndarray]

    @cached_property
    def rows(self) -> dict[Key, int]:
        """The row of each series."""
        return {key: row for row, key in enumerate(self.keys)}

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Codes of the areas, sorted."""
        return tuple(sorted({key[0] for key in self.keys}))

    @cached_property
    def blocks(self) -> dict[tuple[str, str], np.ndarray]:
        """The rows of each pair of responsible organisation and group, in the order of their areas."""
        found: dict[tuple[str, str], list[int]] = {}
        for row, (_, responsible, group) in enumerate(self.keys):
            found.setdefault((responsible, group), []).append(row)
        return {pair: np.array(rows) for pair, rows in sorted(found.items())}

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, sorted."""
        return tuple(sorted(self.values))

    def column(self, measure: str) -> str:
        """The source's name of a measure, for messages."""
        return self.contract.measures[measure].name

    def area_of(self, rows: Sequence[int] | np.ndarray) -> set[str]:
        """The areas of some rows."""
        return {self.keys[row][0] for row in rows}

    def told_months(self, where: np.ndarray) -> list[str]:
        """The months in which `where` (rows of anything by months) holds anywhere."""
        return [self.months[column] for column in np.flatnonzero(where.any(axis=0))]

    def filled(self, measure: str) -> np.ndarray:
        """The figures of a measure with zero where there is none."""
        return np.asarray(np.nan_to_num(self.values[measure], nan=0.0))

    def known(self, measure: str) -> np.ndarray:
        """Where a measure has a figure."""
        return np.asarray(self.states[measure] == NORMAL)
