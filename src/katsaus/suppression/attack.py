"""The attacker: linear programmes that find how far a hidden cell can be from its value, given everything visible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from katsaus.suppression.goals import NOBODY, Block, Goals, Task, block_of
from katsaus.suppression.program import Answer, Program
from katsaus.suppression.system import Bools, Floats, Ints, Matrix, System, components, is_whole

PATIENCE = 10.0
"""Seconds for one question on whole numbers; a question without an answer counts as a weak cell."""

FEW = 8
"""Goals below this number, and batches that settle less than this part of the open ones, are taken one by one."""


PACK = 100
"""Small components are attacked together up to this many cells."""


@dataclass(frozen=True)
class Failure:
    """A goal (its place) that can't be met, with the duals of the equations that prove it; none if wholeness does."""

    goal: int
    duals: Floats | None


class Attacker:
    """One attacker's programme over the deviations z of cells: ``equations @ z == 0``, bounds moved as cells appear."""

    def __init__(self, equations: Matrix, *, down: Floats, up: Floats, whole: Bools | None = None) -> None:
        self._nothing = np.zeros(equations.shape[0])
        self._program = Program(equations, (self._nothing, self._nothing), lower=-down, upper=up)
        self._program.set(presolve="off", solver="simplex", simplex_strategy=4)
        self._equations, self.size, self.whole = equations, equations.shape[1], whole
        self._room = (-down, up)
        self._lower, self._upper = -down, up.copy()

    def allow(self, down: Floats, up: Floats, *, whole: Bools | None = None) -> None:
        """New room of all cells, and which are whole numbers."""
        self._room, self.whole = (-down, up), whole
        self._lower, self._upper = -down, up.copy()
        self._program.bound(-down, up)

    def hold(self, cell: int) -> None:
        """The attacker knows this cell."""
        self._limit(cell, 0.0, upper=0.0)

    def release(self, cell: int) -> None:
        """The attacker knows of it what the room says."""
        self._limit(cell, self._room[0][cell], upper=self._room[1][cell])

    def _limit(self, cell: int, lower: float, *, upper: float) -> None:
        self._lower[cell], self._upper[cell] = lower, upper
        self._program.bound(np.array([lower]), np.array([upper]), at=np.array([cell]))

    def push(self, gain: Floats) -> Answer:
        """Deviations with the largest ``gain @ z``."""
        self._program.price(-gain)
        answer = self._program.run()
        if answer.status == "infeasible":
            raise RuntimeError("an attacker's programme has no solution, though the truth is one")
        return answer

    def farthest(self, cell: int, sign: float) -> float:
        """How far a cell can be from its value in a direction; infinite if nothing bounds it."""
        gain = np.zeros(self.size)
        gain[cell] = sign
        answer = self.push(gain)
        if answer.status == "unbounded":
            return np.inf
        if self.convincing(answer.columns):
            return -answer.objective
        return -self._in_whole_numbers(-gain, (self._lower, self._upper), seconds=np.inf).objective

    def witness(self, cell: int, far: float, *, first: Floats) -> Floats | None:
        """Whole deviations with the cell at least that far, if there are any: the `first`, or others found in time."""
        if self.convincing(first):
            return first
        lower, upper = self._lower.copy(), self._upper.copy()
        (lower if far > 0 else upper)[cell] = far
        answer = self._in_whole_numbers(np.zeros(self.size), (lower, upper), seconds=PATIENCE)
        return answer.columns if answer.status == "optimal" else None

    def _in_whole_numbers(self, cost: Floats, bounds: tuple[Floats, Floats], *, seconds: float) -> Answer:
        program = Program(self._equations, (self._nothing, self._nothing), lower=bounds[0], upper=bounds[1])
        program.set(time_limit=seconds, mip_rel_gap=0.0)
        program.integral(np.zeros(self.size, dtype=bool) if self.whole is None else self.whole)
        program.price(cost)
        return program.run()

    def convincing(self, deviations: Floats) -> bool:
        """Are whole numbers whole? True of an attacker who doesn't care."""
        return self.whole is None or bool(is_whole(deviations[self.whole]).all())


@dataclass(frozen=True)
class Round:
    """Goals that are being pressed: which are `left`, and for those settled the deviations that met them."""

    goals: Goals
    left: Bools
    witnesses: dict[int, Floats]

    def settle(self, deviations: Floats, among: Bools) -> None:
        """Take away what the deviations show to be possible."""
        for goal in np.flatnonzero(self.left & among & self.goals.met(deviations)):
            self.left[goal] = False
            self.witnesses[int(goal)] = deviations


def press(attacker: Attacker, goals: Goals, *, witnesses: dict[int, Floats] | None = None) -> Iterator[Failure]:
    """The goals that can't be met. One set of deviations often shows many to be possible, so batches come first.

    `witnesses` gets the deviations that meet each of the others.
    """
    state = Round(goals, np.ones(goals.cell.size, dtype=bool), {} if witnesses is None else witnesses)
    for known in np.unique(goals.without):
        among = goals.without == known
        if known != NOBODY:
            attacker.hold(int(known))
        try:
            for sign in (1.0, -1.0):
                _batches(attacker, state, among=among & (goals.sign == sign))
            yield from _one_by_one(attacker, state, among=among)
        finally:  # whoever asks may stop at the first failure
            if known != NOBODY:
                attacker.release(int(known))


def _batches(attacker: Attacker, state: Round, *, among: Bools) -> None:
    """Settle goals of one direction together for as long as that pays."""
    generator = np.random.default_rng(0)
    goals = state.goals
    while (which := np.flatnonzero(state.left & among)).size >= FEW:
        gain = np.zeros(attacker.size)
        np.add.at(gain, goals.cell[which], goals.sign[which] * generator.uniform(0.5, 1.5, which.size))
        deviations = attacker.push(gain).columns
        if attacker.convincing(deviations):
            state.settle(deviations, among)
        if state.left[which].sum() > which.size * (1 - 1 / FEW):
            return


def _one_by_one(attacker: Attacker, state: Round, *, among: Bools) -> Iterator[Failure]:
    """Settle the goals that are left, or tell that they can't be met."""
    goals = state.goals
    for goal in np.flatnonzero(among):
        if not state.left[goal]:
            continue
        gain = np.zeros(attacker.size)
        gain[goals.cell[goal]] = goals.sign[goal]
        answer = attacker.push(gain)
        if not goals.met(answer.columns)[goal]:
            state.left[goal] = False
            yield Failure(int(goal), -answer.duals)
        elif (deviations := attacker.witness(*goals.aim(int(goal)), first=answer.columns)) is None:
            state.left[goal] = False
            yield Failure(int(goal), None)
        else:
            state.settle(deviations, among)


def _packs(equations: Matrix, hidden: Bools, *, targets: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Equations and cells (sorted) of components that have targets; small ones together, as programmes cost time."""
    wanted = np.zeros(hidden.size, dtype=bool)
    wanted[targets] = True
    pack: list[tuple[Ints, Ints]] = []
    for rows, cells in components(equations, hidden):
        if wanted[cells].any():
            pack.append((rows, cells))
        if sum(part.size for _, part in pack) >= PACK:
            yield _together(pack)
            pack = []
    if pack:
        yield _together(pack)


def _together(pack: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    return np.concatenate([rows for rows, _ in pack]), np.sort(np.concatenate([cells for _, cells in pack]))


def _spread(part: Floats, at: Ints, *, size: int) -> Floats:
    """An array of this size that is `part` at these positions and 0 elsewhere."""
    full = np.zeros(size)
    full[at] = part
    return full


def attack(
    block: Block, chosen: Floats, *, goals: Ints | None = None, witnesses: dict[int, Floats] | None = None
) -> Iterator[Failure]:
    """Attack the goals of a block (all, or those at some places) where cells are hidden, wholly or in fractions [n].

    One programme for each set of hidden cells that equations join. `witnesses` gets for each goal that is met the
    deviations [n] that show it.
    """
    places = np.arange(block.goals.cell.size) if goals is None else goals
    wanted = block.goals.take(places)
    for rows, cells in _packs(block.equations, chosen > 0, targets=wanted.cell):
        which, own = wanted.within(cells)
        down, up = block.down[cells] * chosen[cells], block.up[cells] * chosen[cells]
        part = sparse.csr_array(block.equations[rows][:, cells])
        attacker = Attacker(part, down=down, up=up, whole=None if block.whole is None else block.whole[cells])
        found: dict[int, Floats] = {}
        for failure in press(attacker, own, witnesses=found):
            duals = None if failure.duals is None else _spread(failure.duals, rows, size=block.equations.shape[0])
            yield Failure(int(places[which[failure.goal]]), duals)
        if witnesses is not None:
            whole = {id(moved): _spread(moved, cells, size=block.size) for moved in found.values()}
            witnesses |= {int(places[which[goal]]): whole[id(moved)] for goal, moved in found.items()}


def weak(task: Task, hidden: Bools) -> Ints:
    """Positions of the primary cells that an attacker learns too much about where these cells [n] are hidden.

    That is: visible ones, and those whose interval does not reach the levels of the task, be it of real or (for cells
    known to be whole) of whole numbers, or given a contributor's knowledge. A solution found for one cell settles all
    others that it shows to be free.
    """
    block = block_of(task)
    unknown = task.system.unknown(hidden)
    found = [failure.goal for failure in attack(block, unknown.astype(np.float64))]
    bare = ~unknown[block.goals.cell]
    return np.unique(np.concatenate([block.goals.cell[np.array(found, dtype=np.intp)], block.goals.cell[bare]]))


def intervals(system: System, hidden: Bools, *, cells: Ints | None = None) -> Floats:
    """The least and greatest possible values [k, 2] of these cells (all hidden ones if left out) to an attacker.

    Exact: over whole numbers where the attacker knows cells to be whole, infinite where nothing bounds a cell. The
    interval of a visible cell is its value.
    """
    asked = np.flatnonzero(hidden) if cells is None else cells
    found = np.repeat(system.values[:, None], 2, axis=1)
    wanted = np.zeros(system.values.size, dtype=bool)
    wanted[asked] = True
    for rows, columns in components(system.equations, system.unknown(hidden)):
        if wanted[columns].any():
            part = sparse.csr_array(system.equations[rows][:, columns])
            values = system.values[columns]
            down, up = values - system.lower[columns], system.upper[columns] - values
            attacker = Attacker(part, down=down, up=up, whole=system.integral[columns])
            for place in np.flatnonzero(wanted[columns]):
                found[columns[place]] += [-attacker.farthest(int(place), -1.0), attacker.farthest(int(place), 1.0)]
    found[system.integral] = np.round(found[system.integral])
    return found[asked]
