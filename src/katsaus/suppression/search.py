"""The search for the cheapest safe pattern of one block: choose, attack, cut, and choose again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy import sparse

from katsaus.suppression.attack import Attacker, Failure, attack, press
from katsaus.suppression.cuts import capacity, distinct, from_rows
from katsaus.suppression.goals import Block
from katsaus.suppression.master import Master
from katsaus.suppression.program import Answer
from katsaus.suppression.repair import SOME, Repair, with_rows, without_spare
from katsaus.suppression.system import Bools, Floats, Ints, Matrix

STALLED = 1e-3
PATIENCE = 3
"""Rounds in fractions end when this many in a row raise the bound by less than that part of it."""

NARROW = 6
"""Choices among known cells for each choice among all."""

LIFT = 0.01
"""The fraction of its room that every cell has at least when a sparse cut is looked for."""

ENOUGH = 40
"""Sparse cuts take time, and goals that fail by the hundred share them."""


@dataclass(frozen=True)
class Found:
    """A pattern [n] that was attacked in vain, its cost, and what no pattern costs less than."""

    hidden: Bools
    cost: float
    bound: float
    rounds: int


class Search:
    """Fischetti and Salazar's cutting planes for one block, until `gap` is proven or the clock reaches `deadline`."""

    def __init__(self, block: Block, *, gap: float, deadline: float) -> None:
        self._block, self._gap, self._deadline = block, gap, deadline
        self._cuts = from_rows(block)
        self._master = Master(block.weights, self._cuts)
        self._attacker = Attacker(block.equations, down=block.down, up=block.up)
        self._repair = Repair(block)
        self._best: Bools | None = None
        self._cost = np.inf
        self._bound = 0.0
        self._known = block.fixed
        self._rounds = 0

    def run(self) -> Found | None:
        """The best pattern found; None if no pattern protects the block."""
        possible = self._in_fractions() and self._in_cells()
        if possible and self._best is None:
            possible = self._by_rows()
        if not possible or self._best is None:
            return None
        return Found(self._best, self._cost, min(self._bound, self._cost), self._rounds)

    def _late(self) -> bool:
        return perf_counter() >= self._deadline

    def _in_fractions(self) -> bool:
        """Cuts from choices in fractions, which are cheap; False if none is possible."""
        stalled = 0
        while stalled < PATIENCE and not self._late():
            answer = self._master.relax()
            if answer.status != "optimal":
                return False
            stalled = 0 if answer.objective > self._bound * (1 + STALLED) else stalled + 1
            self._bound = max(self._bound, answer.objective)
            if not self._separate(np.clip(answer.columns, 0, 1)):
                return True
        return True

    def _in_cells(self) -> bool:
        """Choices of whole cells, each attacked and mended into a safe pattern; False if none is possible.

        A choice among all cells raises the bound; choices among those that turned up in patterns so far are quick, and
        soon safe and cheap.
        """
        while self._open() and not self._late():
            answer = self._choose(np.ones(self._block.size, dtype=bool))
            if answer.status == "infeasible":
                return False
            self._bound = max(self._bound, answer.bound)
            if answer.status == "optimal" and not self._try(answer.columns):
                self._narrow()
        return True

    def _narrow(self) -> None:
        """Choices among the cells of patterns so far, until one is safe."""
        for _ in range(NARROW):
            if self._late() or not self._open():
                return
            answer = self._choose(self._known)
            if answer.status != "optimal" or self._try(answer.columns):
                return

    def _choose(self, among: Bools) -> Answer:
        left = max(self._deadline - perf_counter(), 0.1)
        start = None if self._best is None else self._best.astype(np.float64)
        return self._master.solve(among, gap=self._gap / 2, seconds=left, start=start)

    def _try(self, columns: Floats) -> bool:
        """Keep a choice that is safe; else (False) add the cuts that it breaks and keep what it is mended into."""
        hidden = np.asarray(np.round(columns) == 1) | self._block.fixed
        self._known = self._known | hidden
        failures, witnesses = self._attack(hidden)
        if not failures:
            self._keep(hidden, witnesses)
            return True
        if not self._separate(hidden.astype(np.float64)):
            self._cut_whole(hidden)
        self._mend(hidden, failures)
        return False

    def _open(self) -> bool:
        return self._best is None or self._cost - self._bound > self._gap * self._cost + 1e-6

    def _attack(self, hidden: Bools) -> tuple[list[Failure], dict[int, Floats]]:
        """The goals that a pattern leaves unmet, and the deviations that meet the others."""
        self._rounds += 1
        witnesses: dict[int, Floats] = {}
        failures = attack(self._block, (hidden | self._block.fixed).astype(np.float64), witnesses=witnesses)
        return list(failures), witnesses

    def _separate(self, chosen: Floats) -> bool:
        """Cuts that a choice (fractions [n]) breaks; False if there are none.

        A cut counts no cell for more than the level of its goal, so the attacker of a level is given no more room than
        that: its duals are those of the cut that is broken most. Only what these leave is asked with all the room.
        """
        chosen = np.where(self._block.fixed, 1, chosen)
        levels = self._block.goals.level
        added = [self._separated(chosen, np.flatnonzero(levels == most), most=most) for most in np.unique(levels)]
        if not any(added):
            added = [self._separated(chosen, np.arange(levels.size), most=np.inf)]
        return any(added)

    def _separated(self, chosen: Floats, which: Ints, *, most: float) -> bool:
        """Cuts for some goals, from an attacker whom no cell gives more room than `most`; False if there are none."""
        self._rounds += 1
        block = self._block.narrowed(most)
        failures = list(attack(block, chosen, goals=which))
        some = failures[:: len(failures) // ENOUGH + 1]
        lifted = np.maximum(chosen, LIFT)
        self._attacker.allow(block.down * lifted, block.up * lifted)
        return self._cut([self._sparser(failure) for failure in some], broken_by=chosen) or (
            self._cut(failures, broken_by=chosen)
        )

    def _sparser(self, failure: Failure) -> Failure:
        """A proof that counts few cells: if all of them give a little room, duals that need many are dear."""
        again = list(press(self._attacker, self._block.goals.take([failure.goal])))
        return Failure(failure.goal, again[0].duals) if again else failure

    def _cut(self, failures: Sequence[Failure], *, broken_by: Floats) -> bool:
        """Add the cuts that failures prove and the choice breaks; False if there are none."""
        proven = [(failure.goal, failure.duals) for failure in failures if failure.duals is not None]
        if not proven:
            return False
        goals, duals = zip(*proven, strict=True)
        cuts = distinct(capacity(self._block, np.array(goals), duals=np.array(duals)))
        cuts = sparse.csr_array(cuts[cuts @ broken_by < 1 - SOME])
        self._add(cuts)
        return cuts.shape[0] > 0

    def _cut_whole(self, hidden: Bools) -> None:
        """What hides less than a pattern that wholeness betrays is betrayed too, so something else has to be hidden."""
        self._add(sparse.csr_array((~(hidden | self._block.fixed)).astype(np.float64)[None, :]))

    def _add(self, cuts: Matrix) -> None:
        self._cuts = sparse.csr_array(sparse.vstack([self._cuts, cuts]))
        self._master.add(cuts)

    def _mend(self, hidden: Bools, failures: Sequence[Failure]) -> None:
        """Make the choice safe by hiding more, if that is simple, and keep it if it is the best so far."""
        goals = np.array([failure.goal for failure in failures], dtype=np.intp)
        mended = self._repair.hide(hidden, goals)
        if mended is None:
            return
        rest, witnesses = self._attack(mended)
        if not rest:
            self._keep(mended, witnesses)

    def _keep(self, hidden: Bools, witnesses: dict[int, Floats]) -> None:
        """Keep a safe pattern, without what is spare, if it is the best so far."""
        hidden = without_spare(self._block, hidden, cuts=self._cuts, witnesses=witnesses)
        cost = float(self._block.weights[hidden].sum())
        self._known = self._known | hidden
        if cost < self._cost:
            self._best, self._cost = hidden, cost

    def _by_rows(self) -> bool:
        """Time is up without a safe pattern: hide whole equations until nobody gets through; False if somebody does."""
        hidden = self._block.fixed
        reached = np.zeros(self._block.size, dtype=bool)
        while True:
            failures, _ = self._attack(hidden)
            if not failures:
                self._best, self._cost = hidden, float(self._block.weights[hidden].sum())
                return True
            before = reached.copy()
            reached[self._block.goals.cell[[failure.goal for failure in failures]]] = True
            reached = with_rows(self._block, reached)
            if (reached == before).all():
                return False
            hidden = hidden | reached
