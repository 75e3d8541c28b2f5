"""Cells and the equations between them: everything that is known about tables before a cell is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from katsaus.errors import Problem, SuppressionError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Matrix: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"

EXACT = 1e-6
"""What is nearer to a whole number, or to the constant of an equation, equals it (relative to its size)."""


@dataclass(frozen=True)
class System:
    """Cells of tables of counts and what an attacker knows to hold between them.

    ``equations @ cells == constants`` ([m, n] sparse, [m]) and ``lower <= cells <= upper`` ([n], infinite if unknown).
    `values` are the true values [n]. What is never `publishable` [n] is unknown to the attacker at no cost: a slack
    column (a rounding interval: ``100 × unemployed / labour force − rate − slack = 0`` with
    ``−0.05 <= slack <= 0.05``), or a table that isn't published.

    `whole` [n] are the cells that the attacker knows to be whole numbers. Left out, they are those whose value and
    finite bounds are whole; that is the stronger attacker, so a forgotten rate costs hidden cells, never safety.

    Raises SuppressionError if the true values contradict what is known.
    """

    values: Floats = field(repr=False)
    equations: Matrix = field(repr=False)
    constants: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    publishable: Bools
    whole: Bools | None = None

    def __post_init__(self) -> None:
        rows, cells = self.equations.shape
        shapes = [part.shape for part in (self.values, self.lower, self.upper, self.publishable)]
        if self.constants.shape != (rows,) or any(shape != (cells,) for shape in shapes):
            raise ValueError(f"arrays don't fit {rows} equations of {cells} cells")
        if not self.equations.data.all():
            raise ValueError("an equation names a cell that it doesn't weigh")
        slack = EXACT * (1 + abs(self.equations) @ np.abs(self.values))
        wrong = int((~(np.abs(self.equations @ self.values - self.constants) <= slack)).sum())
        outside = int((~((self.lower - EXACT <= self.values) & (self.values <= self.upper + EXACT))).sum())
        if wrong or outside:
            raise SuppressionError(
                Problem(
                    f"the figures contradict {wrong} of {rows} equations and {outside} of {cells} limits",
                    why="an attacker who takes these for true would exclude the truth; no pattern could be trusted",
                    do="leave out the equations that the figures don't keep, or mend the figures",
                )
            )

    @cached_property
    def integral(self) -> Bools:
        """The cells that the attacker knows to be whole numbers."""
        if self.whole is not None:
            return self.whole
        finite = [np.where(np.isfinite(part), part, 0) for part in (self.values, self.lower, self.upper)]
        return is_whole(finite[0]) & is_whole(finite[1]) & is_whole(finite[2])

    def unknown(self, hidden: Bools) -> Bools:
        """The cells [n] that the attacker does not see if these [n] are hidden."""
        return hidden | ~self.publishable


def is_whole(numbers: Floats) -> Bools:
    """Which numbers are whole."""
    return np.asarray(np.abs(numbers - np.round(numbers)) <= EXACT)


def support(equations: Matrix) -> Matrix:
    """1 where an equation weighs a cell."""
    pattern = equations.copy()
    pattern.data = np.ones(pattern.data.size)
    return pattern


def sums(relations: Iterable[tuple[int, Sequence[int]]], *, cells: int) -> Matrix:
    """Equations ``total − parts = 0`` among so many cells, from pairs: position of a total, positions of its parts."""
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    count = 0
    for total, parts in relations:
        columns += [total, *parts]
        signs += [1.0, *[-1.0] * len(parts)]
        rows += [count] * (1 + len(parts))
        count += 1
    return sparse.csr_array((signs, (rows, columns)), shape=(count, cells), dtype=np.float64)


def components(equations: Matrix, unknown: Bools) -> list[tuple[Ints, Ints]]:
    """Equations and cells of every set of `unknown` cells that equations join: pairs of row and column positions.

    The cells of different components vary independently of each other.
    """
    columns = np.flatnonzero(unknown)
    rest = sparse.csr_array(equations[:, columns])
    rows = rest.shape[0]
    row, column = rest.tocoo().coords
    joins = (np.ones(row.size), (row.astype(np.intp), rows + column.astype(np.intp)))
    graph: Matrix = sparse.csr_array(joins, shape=(rows + columns.size, rows + columns.size))
    count, labels = connected_components(graph, directed=False)
    row_order, column_order = (np.argsort(part, kind="stable") for part in (labels[:rows], labels[rows:]))
    row_ends = np.searchsorted(labels[:rows][row_order], np.arange(count + 1))
    column_ends = np.searchsorted(labels[rows:][column_order], np.arange(count + 1))
    return [
        (row_order[row_ends[at] : row_ends[at + 1]], columns[column_order[column_ends[at] : column_ends[at + 1]]])
        for at in range(count)
        if column_ends[at] < column_ends[at + 1]
    ]
