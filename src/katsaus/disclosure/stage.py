"""Everything that bears on the cells of a month: the months that equations reach back to, and an older vintage.

A figure that was not revised is one cell in both vintages: what was shown of it stays known, what was hidden of it must
not be worked out from old and new figures together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from katsaus.disclosure.counts import Counts, Floats, Window, window
from katsaus.disclosure.patterns import Hidden, Pattern, masks
from katsaus.disclosure.table import Flags
from katsaus.panel import HIDDEN
from katsaus.suppression.goals import Task
from katsaus.suppression.system import System

DOUBT = 1.0
"""How far an attacker's interval must at least reach on either side of a protected figure."""

LEVEL = 2.0
"""How much dearer the figure of a sum of areas is to readers than that of one area, for each tenfold."""


@dataclass(frozen=True)
class Stage:
    """The system of a month with all that bears on it. The cells of the month itself are `own`.

    Of every cell: whether it is `unseen` by the patterns, whether that is `settled`, whether it is a `small` count or
    the part that a whole total falls into (`alone`), and what hiding it costs readers.
    """

    system: System
    own: slice
    unseen: Flags
    settled: Flags
    small: Flags
    alone: Flags
    weights: Floats
    threshold: int

    def task(self) -> Task:
        """What is to be protected, and how far: small counts up to the threshold, others by a step."""
        primary = np.flatnonzero(self.small | self.alone)
        room = np.maximum(self.threshold - self.system.values[primary], DOUBT)
        sensitive = self.small | self.alone
        return Task(
            self.system,
            primary=primary,
            below=np.full(len(primary), DOUBT),
            above=np.where(self.small[primary], room, 0.0),
            weights=self.weights,
            visible=self.settled & ~self.unseen & self.system.publishable & ~sensitive,
            hidden=self.unseen,
            contributors=self.small & (self.system.values == 1),
        )


def stage_of(of: Counts, month: str, *, patterns: Mapping[str, Pattern], older: Counts | None = None) -> Stage:
    """The stage of a month; `older` are the cells of the vintage before, if the month was published of it.

    Raises SuppressionError.
    """
    now = _window(of, month)
    cells = len(of.layout.name)
    start = len(now.small) - cells
    unseen = now.flat(hidden_cells(of, {name: pattern.hidden for name, pattern in patterns.items()}))
    settled = np.arange(len(unseen)) < start
    if month in patterns:
        settled[start:] = _published_before(of, patterns[month]) & ~unseen[start:]
    sizes = np.tile(of.layout.sizes, now.months)
    weights = (1 + np.log1p(np.abs(now.system.values))) * (1 + LEVEL * np.log10(sizes))
    threshold = of.release.rule.threshold or 0
    stage = Stage(now.system, slice(start, start + cells), unseen, settled, now.small, now.alone, weights, threshold)
    if older is None or month not in older.months:
        return stage
    then = _window(older, month)
    if len(then.small) != len(now.small) or not np.array_equal(of.layout.row, older.layout.row):
        return stage  # other tables than those of today: nothing can be told to be the same cell
    same = now.system.values == then.system.values
    if same.all():
        return stage
    stage = replace(stage, settled=settled & same)
    before = {name: pattern.earlier or pattern.hidden for name, pattern in patterns.items()}
    return _joined(stage, then, hidden=then.flat(hidden_cells(older, before)), same=same)


def _joined(stage: Stage, then: Window, *, hidden: Flags, same: Flags) -> Stage:
    """The stage with the cells of an older vintage: those that are the `same` have one value in both."""
    now, old = stage.system, then.system
    cells = len(same)
    alike = np.flatnonzero(same)
    rows = np.tile(np.arange(len(alike)), 2)
    tie = sparse.csr_array(
        (np.repeat([1.0, -1.0], len(alike)), (rows, np.concatenate([alike, alike + cells]))),
        shape=(len(alike), 2 * cells),
    )
    both = sparse.block_diag([now.equations, old.equations])
    system = System(
        values=np.concatenate([now.values, old.values]),
        equations=sparse.csr_array(sparse.vstack([both, tie])),
        constants=np.concatenate([now.constants, old.constants, np.zeros(len(alike))]),
        lower=np.concatenate([now.lower, old.lower]),
        upper=np.concatenate([now.upper, old.upper]),
        publishable=np.concatenate([now.publishable, old.publishable]),
    )
    return Stage(
        system,
        stage.own,
        unseen=np.concatenate([stage.unseen, hidden]),
        settled=np.concatenate([stage.settled, np.ones(cells, dtype=bool)]),
        small=np.concatenate([stage.small, then.small]),
        alone=np.concatenate([stage.alone, np.zeros(cells, dtype=bool)]),
        weights=np.tile(stage.weights, 2),
        threshold=stage.threshold,
    )


def published_kinds(of: Counts) -> Hidden:
    """The published cells of a release: by sum and "responsible/group" the kinds of areas."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, flags in of.scope.sums.items():
        for area, responsible, group in of.areas.series[flags]:
            kind = of.release.kinds.get(area, area)
            found.setdefault(name, {}).setdefault(f"{responsible}/{group}", set()).add(kind)
    return {name: {at: tuple(sorted(kinds)) for at, kinds in cells.items()} for name, cells in found.items()}


def _published_before(of: Counts, pattern: Pattern) -> Flags:
    """The cells of the month [cells] that were published when the pattern was made."""
    cells, series = of.layout, list(of.areas.series)
    found = np.zeros(len(cells.name), dtype=bool)
    for cell in np.flatnonzero(cells.publishable):
        area, responsible, group = series[cells.row[cell]]
        kinds = pattern.published.get(cells.names[cells.name[cell]], {}).get(f"{responsible}/{group}", ())
        found[cell] = of.release.kinds.get(area, area) in kinds
    return found


def _window(of: Counts, month: str) -> Window:
    """The month with those that its equations reach back to."""
    last = of.months.index(month)
    return window(of, first=max(0, last - of.layout.reach), last=last)


def hidden_cells(of: Counts, hidden: Mapping[str, Hidden]) -> Flags:
    """Which cells [cells, months] are hidden by month, those that the source left blank with them."""
    found: Flags = of.states == HIDDEN
    for name, flags in masks(hidden, of.areas).items():
        if name in of.layout.names:
            own = np.flatnonzero((of.layout.name == of.layout.names.index(name)) & (of.layout.row >= 0))
            found[own] |= flags[of.layout.row[own]]
    return found & of.layout.publishable[:, None]
