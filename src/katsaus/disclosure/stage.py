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
from katsaus.suppression.propagation import propagate
from katsaus.suppression.system import Ints, System, components

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
        """What is to be protected, and how far: small counts up to the threshold, others by a step; downwards as far
        as figures can go where everything is hidden (what has two parts that are no zeros is two at least).
        """
        primary = np.flatnonzero(self.small | self.alone)
        least = propagate(self.system, self.system.publishable)[primary, 0]
        room = np.maximum(self.threshold - self.system.values[primary], DOUBT)
        sensitive = self.small | self.alone
        return Task(
            self.system,
            primary=primary,
            below=np.clip(self.system.values[primary] - least, 0.0, DOUBT),
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
    hidden = hidden_cells(of, {name: pattern.hidden for name, pattern in patterns.items()})
    last = of.months.index(month)
    now, near = _reached(of, last, hidden=hidden)
    cells = len(of.layout.name)
    own = slice(len(now.small) - cells, len(now.small))
    unseen = now.flat(hidden)
    settled = np.ones(len(unseen), dtype=bool)
    settled[own] = _published_before(of, patterns[month]) & ~unseen[own] if month in patterns else False
    sizes = np.tile(of.layout.sizes, now.months)
    weights = (1 + np.log1p(np.abs(now.system.values))) * (1 + LEVEL * np.log10(sizes))
    threshold = of.release.rule.threshold or 0
    stage = Stage(now.system, own, unseen, settled, now.small & near, now.alone & near, weights, threshold)
    months = of.months[now.first : last + 1]
    if older is None or not set(months) <= set(older.months):
        return stage
    start = older.months.index(months[0])
    then = window(older, first=start, last=start + now.months - 1)
    twin = np.concatenate([_twins(of, older) + month * len(older.layout.name) for month in range(now.months)])
    there = np.tile(_twins(of, older) >= 0, now.months)
    same = there & (now.system.values == then.system.values[np.where(there, twin, 0)])
    if same.all():
        return stage
    settled[own] &= same[own]
    before = {
        name: pattern.hidden if pattern.earlier is None else pattern.earlier for name, pattern in patterns.items()
    }
    pairs = np.flatnonzero(same), twin[same]
    return _joined(stage, then, hidden=then.flat(hidden_cells(older, before)), pairs=pairs)


def _reached(of: Counts, last: int, *, hidden: Flags) -> tuple[Window, Flags]:
    """The window of the `last` month (a position) and those before it that bear on it, and the cells that do.

    Equations reach back to the first of them; and on from it where what they carry over is hidden there.
    """
    carried = np.array(sorted({cell for terms in of.layout.equations for cell, lag, _ in terms if lag}), dtype="intp")
    cells, reach = len(of.layout.name), of.layout.reach
    first = max(0, last - reach)
    while True:
        now = window(of, first=first, last=last)
        unseen = now.flat(hidden)
        near = _near(now.system, slice(len(unseen) - cells, len(unseen)), unseen=unseen)
        oldest = np.concatenate([carried + month * cells for month in range(min(reach, last - first))] or [carried])
        if first == 0 or not (near & now.system.unknown(unseen))[oldest].any():
            return now, near
        first -= 1


def _near(system: System, own: slice, *, unseen: Flags) -> Flags:
    """The cells that those of the month itself bear on: joined with them by equations of cells that may be hidden.

    What else the earlier months hide was attacked with them.
    """
    varying = system.unknown(unseen)
    varying[own] = True
    near = np.zeros(len(unseen), dtype=bool)
    for _, cells in components(system.equations, varying):
        near[cells] = (cells >= own.start).any()
    return near


def _twins(of: Counts, older: Counts) -> Ints:
    """For each cell its place among those of the older vintage; -1 where that has none."""
    places = {key: place for place, key in enumerate(_keys(older))}
    return np.array([places.get(key, -1) if key[1] else -1 for key in _keys(of)], dtype="intp")


def _keys(of: Counts) -> list[tuple[str, tuple[str, ...]]]:
    series = [*of.areas.series, ()]
    return [(of.layout.names[name], series[row]) for name, row in zip(of.layout.name, of.layout.row, strict=True)]


def _joined(stage: Stage, then: Window, *, hidden: Flags, pairs: tuple[Ints, Ints]) -> Stage:
    """The stage with the cells of an older vintage, of which `pairs` are one cell in both."""
    now, old = stage.system, then.system
    mine, theirs = pairs
    rows = np.tile(np.arange(len(mine)), 2)
    cells = len(now.values)
    tie = sparse.csr_array(
        (np.repeat([1.0, -1.0], len(mine)), (rows, np.concatenate([mine, theirs + cells]))),
        shape=(len(mine), cells + len(old.values)),
    )
    both = sparse.block_diag([now.equations, old.equations])
    system = System(
        values=np.concatenate([now.values, old.values]),
        equations=sparse.csr_array(sparse.vstack([both, tie])),
        constants=np.concatenate([now.constants, old.constants, np.zeros(len(mine))]),
        lower=np.concatenate([now.lower, old.lower]),
        upper=np.concatenate([now.upper, old.upper]),
        publishable=np.concatenate([now.publishable, old.publishable]),
    )
    return replace(
        stage,
        system=system,
        unseen=np.concatenate([stage.unseen, hidden]),
        settled=np.concatenate([stage.settled, np.ones(len(old.values), dtype=bool)]),
        small=np.concatenate([stage.small, then.small]),
        alone=np.concatenate([stage.alone, np.zeros(len(old.values), dtype=bool)]),
        weights=np.concatenate([stage.weights, np.ones(len(old.values))]),
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


def hidden_cells(of: Counts, hidden: Mapping[str, Hidden]) -> Flags:
    """Which cells [cells, months] are hidden by month, those that the source left blank with them."""
    found: Flags = of.states == HIDDEN
    for name, flags in masks(hidden, of.areas).items():
        if name in of.layout.names:
            own = np.flatnonzero((of.layout.name == of.layout.names.index(name)) & (of.layout.row >= 0))
            found[own] |= flags[of.layout.row[own]]
    return found & of.layout.publishable[:, None]
