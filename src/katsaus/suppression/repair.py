"""From a pattern that is nearly safe to a safe one: more hidden where an attacker gets through, spare cells shown."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from katsaus.suppression.attack import attack
from katsaus.suppression.goals import NOBODY, Block
from katsaus.suppression.program import Program
from katsaus.suppression.system import Bools, Floats, Ints, Matrix, support

SOME = 1e-6


class Repair:
    """Hides for each goal that fails the cells of the cheapest deviations that would meet it."""

    def __init__(self, block: Block) -> None:
        nothing = np.zeros(block.equations.shape[0])
        both = sparse.csr_array(sparse.hstack([block.equations, -block.equations]))
        self._block = block
        self._upper = np.concatenate([block.up, block.down])
        self._program = Program(both, (nothing, nothing), lower=np.zeros(2 * block.size), upper=self._upper)
        self._program.set(presolve="off", solver="simplex")

    def hide(self, hidden: Bools, goals: Ints) -> Bools | None:
        """The pattern [n] with more hidden, so that each of these goals can be met; None if one can't be."""
        hidden = hidden.copy()
        for goal in goals:
            self._program.price(np.tile(np.where(hidden, 0, self._block.weights), 2))
            moved = self._cheapest(int(goal))
            if moved is None:
                return None
            hidden |= moved
        return hidden

    def _cheapest(self, goal: int) -> Bools | None:
        goals, size = self._block.goals, self._block.size
        lower, upper = np.zeros(2 * size), self._upper.copy()
        if (known := int(goals.without[goal])) != NOBODY:
            upper[[known, size + known]] = 0
        aim, other = (0, size) if goals.sign[goal] > 0 else (size, 0)
        cell = int(goals.cell[goal])
        lower[aim + cell], upper[other + cell] = goals.level[goal], 0
        if lower[aim + cell] > upper[aim + cell]:
            return None
        self._program.bound(lower, upper)
        answer = self._program.run()
        if answer.status != "optimal":
            return None
        return np.asarray((answer.columns[:size] > SOME) | (answer.columns[size:] > SOME))


def with_rows(block: Block, cells: Bools) -> Bools:
    """These cells [n] and all that share an equation with one of them."""
    pattern = support(block.equations)
    return np.asarray(pattern.T @ (pattern @ cells.astype(np.float64)) > 0) | cells


def without_spare(block: Block, hidden: Bools, *, cuts: Matrix, witnesses: dict[int, Floats]) -> Bools:
    """The safe pattern [n] after showing again, dearest first, what no goal needs.

    `witnesses` are deviations that meet each goal: only goals that use a cell can need it. What a cut needs is needed.
    """
    hidden = hidden.copy()
    columns = sparse.csc_array(cuts)
    slack = cuts @ hidden.astype(np.float64) - 1
    spare = np.flatnonzero(hidden & ~block.fixed)
    for cell in spare[np.argsort(-block.weights[spare], kind="stable")]:
        part = slice(columns.indptr[cell], columns.indptr[cell + 1])
        if (slack[columns.indices[part]] < columns.data[part] - SOME).any():
            continue
        users = np.array([goal for goal, moved in witnesses.items() if abs(moved[cell]) > SOME], dtype=np.intp)
        fewer = hidden.astype(np.float64)
        fewer[cell] = 0
        found: dict[int, Floats] = {}
        if next(attack(block, fewer, goals=users, witnesses=found), None) is None:
            hidden[cell] = False
            slack[columns.indices[part]] -= columns.data[part]
            witnesses |= found
    return hidden
