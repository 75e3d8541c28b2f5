"""The cells of a release with their true figures, and which of them need protection. Nothing of this leaves here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from katsaus.disclosure.equations import PART, REST, Layout, layout
from katsaus.disclosure.scope import Scope, counted, is_small, scope, sum_of
from katsaus.disclosure.table import Flags, Release
from katsaus.errors import Problem, SuppressionError
from katsaus.panel import HIDDEN, KNOWN, Panel, over_areas
from katsaus.suppression.program import Program
from katsaus.suppression.system import Ints, Matrix, System

Floats = npt.NDArray[np.float64]

SHOWN_ZERO = 1.0
"""The least that a reader takes a hidden count for: zeros are shown."""


@dataclass(frozen=True)
class Counts:
    """The cells of a release over all months: `values` and `states` are [cells, months] in the order of `layout`.

    Its repr holds no figure.
    """

    release: Release
    areas: Panel
    scope: Scope
    layout: Layout
    values: Floats = field(repr=False)
    states: npt.NDArray[np.int8] = field(repr=False)

    @property
    def months(self) -> list[str]:
        """The months, oldest first."""
        return list(self.areas.months)

    def primary(self) -> Flags:
        """The cells [cells, months] that are small counts of people, or that the source left blank."""
        small: Flags = is_small(self.values, self.release) & self.looked_at[:, None] | (self.states == HIDDEN)
        return small

    @cached_property
    def looked_at(self) -> Flags:
        """The cells [cells] that the threshold looks at."""
        return self.never_negative & (self.layout.row >= 0)

    @cached_property
    def never_negative(self) -> Flags:
        """The cells [cells] that readers know not to be negative: counts, and what totals have beyond their parts."""
        names = [name.removeprefix(f"{REST}:").partition(PART)[0] for name in self.layout.names]
        flags = [counted(name, self.release, areas=self.areas, published=self.scope) for name in names]
        return np.array(flags, dtype=bool)[self.layout.name]


def counts(source: Panel, release: Release) -> Counts:
    """The cells that a release publishes of a source, with the unpublished ones that equations need."""
    areas = over_areas(source, release.published_members)
    published = scope(release, areas)
    cells = layout(release, areas, published=published)
    values = np.full((len(cells.name), len(areas.months)), np.nan)
    states = np.zeros(values.shape, dtype="int8")
    for number, name in enumerate(cells.names):
        own = np.flatnonzero((cells.name == number) & (cells.row >= 0))
        if len(own):
            of = sum_of(name, areas, published=published)
            values[own], states[own] = of.values[cells.row[own]], of.states[cells.row[own]]
    return Counts(release, areas, published, cells, values, states)


@dataclass(frozen=True)
class Window:
    """The cells of a few months as one system: cell `i` of month `m` of the window is `m * cells + i`.

    `small` are the counts to protect, and `alone` the parts that a whole total falls into, both [months * cells].
    """

    system: System
    small: Flags
    alone: Flags
    first: int
    months: int

    def flat(self, cells: Flags) -> Flags:
        """The months of the window of an array [cells, months], in the order of the system."""
        return cells[:, self.first : self.first + self.months].T.ravel()


def window(of: Counts, *, first: int, last: int) -> Window:
    """The system of the months `first` to `last` (positions, both included). Raises SuppressionError."""
    cells, months = len(of.layout.name), last - first + 1
    values = of.values[:, first : last + 1].T.ravel()
    known = of.states[:, first : last + 1].T.ravel() == KNOWN
    blank = of.states[:, first : last + 1].T.ravel() == HIDDEN
    rest = np.tile(of.layout.row < 0, months)
    there = known | blank | rest
    matrix = _rows(of.layout.equations, there, cells=cells, months=months)
    people = np.tile(of.never_negative, months)
    values = _completed(values, matrix, unknown=np.flatnonzero(blank | rest), people=people)
    publishable = np.tile(of.layout.publishable, months) & (known | blank)
    system = System(
        values=np.where(there, values, 0.0),
        equations=matrix,
        constants=np.zeros(matrix.shape[0]),
        lower=np.where(people, np.where(publishable & (values >= 1), SHOWN_ZERO, 0.0), -np.inf),
        upper=np.where(there, np.inf, 0.0),
        publishable=publishable,
    )
    small = of.primary()[:, first : last + 1].T.ravel() | (rest & people & is_small(system.values, of.release))
    return Window(system, small, _alone(of.layout, system), first, months)


def _alone(layout: Layout, system: System) -> Flags:
    """The parts that a whole published total falls into, which tell something of everybody in it."""
    found = np.zeros(system.values.shape, dtype=bool)
    cells = len(layout.name)
    for start in range(0, len(found), cells):
        for (total, _, _), *rest in layout.partitions:
            parts = start + np.array([cell for cell, _, _ in rest])
            nonzero = parts[system.values[parts] > 0]
            if len(nonzero) == 1 and system.publishable[start + total] and system.publishable[parts].sum() > 1:
                found[nonzero] = True
    return found


def _rows(equations: Sequence[Sequence[tuple[int, int, int]]], there: Flags, *, cells: int, months: int) -> Matrix:
    """The equations of every month of the window whose cells all have a figure there."""
    sizes = np.array([len(equation) for equation in equations], dtype="intp")
    flat = np.array([term for equation in equations for term in equation], dtype="intp").reshape(-1, 3)
    number = np.repeat(np.arange(len(sizes)), sizes)
    parts = []
    for month in range(months):
        place = (month - flat[:, 1]) * cells + flat[:, 0]
        inside = (place >= 0) & (month >= flat[:, 1])
        good = np.ones(len(sizes), dtype=bool)
        good[number[~(inside & there[np.where(inside, place, 0)])]] = False
        keep = good[number]
        renumbered = np.cumsum(good) - 1
        parts.append(
            sparse.csr_array(
                (flat[keep, 2].astype(float), (renumbered[number[keep]], place[keep])),
                shape=(int(good.sum()), cells * months),
            )
        )
    return sparse.csr_array(sparse.vstack(parts, format="csr"))


def _completed(values: Floats, matrix: Matrix, *, unknown: Ints, people: Flags) -> Floats:
    """The figures with some that fit the equations where there are none: blanks of the source, rests of totals."""
    filled = np.nan_to_num(values)
    filled[unknown] = 0.0
    if not len(unknown):
        return filled
    lacking = sparse.csr_array(matrix[:, unknown])
    touched = np.flatnonzero(np.diff(lacking.indptr))
    counted = people[unknown]
    rest = np.asarray(-(matrix[touched] @ filled))
    endless = np.full(len(unknown), np.inf)
    program = Program(lacking[touched], (rest, rest), lower=np.where(counted, 0.0, -endless), upper=endless)
    program.integral(counted)
    found = program.run()
    if found.status != "optimal":
        what = "what the source left blank fits no equation of the release"
        raise SuppressionError(Problem(what, do="see katsaus check for totals that do not agree"))
    filled[unknown] = found.columns
    return filled
