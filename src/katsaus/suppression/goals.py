"""What has to be protected: for each primary cell how far an attacker must be left in doubt, above and below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from katsaus.suppression.system import EXACT, Bools, Floats, Ints, Matrix, System, components, support

NOBODY = -1
ROOM = 20.0
"""Levels that a cell may be from its value in the attacker's programmes."""

SAME = 2
"""An equation with so many cells above zero says that these are of the same people."""


@dataclass(frozen=True)
class Task:
    """A system and what to protect in it.

    `primary` [k] are positions of cells; the attacker's interval of each must reach ``value - below`` [k] or lower and
    ``value + above`` [k] or higher. `weights` [n] > 0 are what hiding a cell costs. `visible` [n] must stay visible,
    `hidden` [n] are hidden already (as primaries are). `contributors` [n] are cells of a single person, who knows the
    cell though it is hidden; no primary that shares an equation with it may be weaker for that.
    """

    system: System
    primary: Ints
    below: Floats
    above: Floats
    weights: Floats
    visible: Bools
    hidden: Bools
    contributors: Bools

    def __post_init__(self) -> None:
        cells = self.system.values.shape
        if any(part.shape != cells for part in (self.weights, self.visible, self.hidden, self.contributors)):
            raise ValueError("weights, visible, hidden and contributors are of every cell")
        if not self.primary.shape == self.below.shape == self.above.shape:
            raise ValueError("below and above are of every primary cell")
        if (self.weights <= 0).any():
            raise ValueError("hiding a cell costs something")
        if (self.visible & self.kept).any():
            raise ValueError("a cell must stay visible and is hidden")

    @property
    def kept(self) -> Bools:
        """The cells [n] that every pattern hides: primary ones and those hidden already."""
        kept = self.hidden & self.system.publishable
        kept[self.primary[self.system.publishable[self.primary]]] = True
        return kept


@dataclass(frozen=True)
class Goals:
    """For each primary, direction and knowing contributor: ``sign × z[cell] >= level`` while ``z[without] = 0``."""

    cell: Ints
    sign: Floats
    level: Floats
    without: Ints

    def take(self, which: Ints | Bools | list[int]) -> Goals:
        """Some of them."""
        return Goals(self.cell[which], self.sign[which], self.level[which], self.without[which])

    def within(self, cells: Ints) -> tuple[Ints, Goals]:
        """Which goals are of these sorted cells, and these told by positions among them; nobody else knows a cell."""
        which = np.flatnonzero(np.isin(self.cell, cells))
        own = self.take(which)
        known = np.isin(own.without, cells)
        place = np.where(known, np.searchsorted(cells, own.without), NOBODY)
        return which, Goals(np.searchsorted(cells, own.cell), own.sign, own.level, place)

    def aim(self, goal: int) -> tuple[int, float]:
        """The cell of a goal and the deviation that meets it."""
        return int(self.cell[goal]), float(self.sign[goal] * self.level[goal])

    def met(self, deviations: Floats) -> Bools:
        """Which the deviations [n] show to be possible (the knowing contributor's cell aside)."""
        return np.asarray(self.sign * deviations[self.cell] >= self.level - EXACT)


def goals_of(task: Task) -> Goals:
    """The goals of all primary cells; a contributor's knowledge makes its own goal for every neighbour."""
    pairs = _neighbours(task)
    alone = np.setdiff1d(np.arange(task.primary.size), pairs[0])
    which = np.concatenate([alone, pairs[0]])
    without = np.concatenate([np.full(alone.size, NOBODY), pairs[1]])
    both = Goals(
        np.tile(task.primary[which], 2),
        np.repeat([1.0, -1.0], which.size),
        np.concatenate([task.above[which], task.below[which]]),
        np.tile(without, 2),
    )
    return both.take(both.level > 0)


def _neighbours(task: Task) -> tuple[Ints, Ints]:
    """Primary (its place in the task) and contributor's cell of every pair that shares an equation.

    An equation with no more than two cells above zero (an area and its only member with anyone) makes no pair: both
    count the same people, and knowing one tells of nobody else.
    """
    above = (task.system.values != 0).astype(np.float64)
    several = np.asarray(support(task.system.equations) @ above) > SAME
    pattern = sparse.csc_array(support(task.system.equations)[several])
    knowing = np.flatnonzero(task.contributors & task.kept)
    shared = sparse.csr_array(pattern[:, task.primary].T @ pattern[:, knowing]).tocoo()
    place, other = shared.coords
    different = task.primary[place] != knowing[other]
    return place[different].astype(np.intp), knowing[other[different]].astype(np.intp)


@dataclass(frozen=True)
class Block:
    """Cells that are attacked or protected together: their equations and goals, how far each may fall and rise.

    Every pattern hides the `fixed` cells, which weigh nothing. `whole` are those that the attacker knows to be whole
    numbers; None is an attacker who reckons in fractions.
    """

    equations: Matrix
    down: Floats
    up: Floats
    goals: Goals
    fixed: Bools
    weights: Floats
    whole: Bools | None

    @property
    def size(self) -> int:
        """How many cells."""
        return self.weights.size

    def narrowed(self, most: float) -> Block:
        """The block for an attacker in fractions who is given no more room in any cell than this."""
        return replace(self, down=np.minimum(self.down, most), up=np.minimum(self.up, most), whole=None)


def block_of(task: Task) -> Block:
    """The whole task as one block."""
    system, (down, up) = task.system, _room(task)
    fixed = task.kept | ~system.publishable
    return Block(
        system.equations, down, up, goals_of(task), fixed, np.where(fixed, 0, task.weights), whole=system.integral
    )


def blocks(task: Task) -> Iterator[tuple[Ints, Block]]:
    """The parts of the task that can be solved apart: what equations join of the cells that may be hidden."""
    whole = block_of(task)
    for rows, cells in components(whole.equations, task.system.unknown(~task.visible)):
        which, own = whole.goals.within(cells)
        if which.size:
            equations = sparse.csr_array(whole.equations[rows][:, cells])
            down, up, fixed = whole.down[cells], whole.up[cells], whole.fixed[cells]
            yield cells, Block(equations, down, up, own, fixed, whole.weights[cells], task.system.integral[cells])


def _room(task: Task) -> tuple[Floats, Floats]:
    """How far each cell [n] may fall and rise in the attacker's eyes, at most ROOM times the largest level.

    An attacker who thinks cells less free than they are finds narrower intervals, so what is protected from that one is
    protected from the true one; and numbers of one size keep the programmes stable.
    """
    most = np.ceil(ROOM * max(task.above.max(initial=1), task.below.max(initial=1)))
    system = task.system
    return np.clip(system.values - system.lower, 0, most), np.clip(system.upper - system.values, 0, most)
