"""The attackers against brute force: every table of whole numbers that agrees with the visible cells is written out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from scipy import sparse

from katsaus.suppression.attack import intervals, weak
from katsaus.suppression.exact import determined
from katsaus.suppression.goals import Task
from katsaus.suppression.propagation import propagate
from katsaus.suppression.suppress import suppress
from katsaus.suppression.system import Bools, Floats, System, sums

THRESHOLD = 5
MOST = 9
"""Hidden cells; more would take long to write out."""


def with_totals(body: Floats) -> tuple[Floats, list[tuple[int, list[int]]]]:
    """A table of any dimension with all totals, flat, and its sums; the grand total comes last."""
    full = body
    for axis in range(body.ndim):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    place = np.arange(full.size).reshape(full.shape)
    relations = []
    for axis in range(body.ndim):
        lines = np.moveaxis(place, axis, -1).reshape(-1, full.shape[axis])
        relations += [(int(line[-1]), [int(at) for at in line[:-1]]) for line in lines]
    return full.ravel(), relations


def some_hidden(random: np.random.Generator, shape: tuple[int, ...]) -> Bools:
    """A block of inner cells of a table, most of them, and one cell from anywhere but the grand total."""
    block = np.zeros([side + 1 for side in shape], dtype=bool)
    block[
        np.ix_(*[np.sort(random.choice(side, min(side, random.integers(2, 4)), replace=False)) for side in shape])
    ] = True
    hidden = block.ravel()
    hidden &= random.random(hidden.size) < random.choice([0.9, 1.0])
    hidden[random.integers(hidden.size - 1)] = True
    hidden[random.permutation(np.flatnonzero(hidden))[MOST:]] = False
    return hidden


def small_table(seed: int) -> Task:
    """A random table of two or three dimensions, some cells of it hidden, and its small counts to protect.

    Every third table has a weighted sum of hidden cells published beside it, as a score or a mean would be: there whole
    numbers betray more than fractions do.
    """
    random = np.random.default_rng(seed)
    shape = [(2, 3), (3, 3), (3, 4), (2, 2, 2), (3, 2, 2), (3, 3, 2)][seed % 6]
    values, relations = with_totals(random.poisson(random.choice([1.0, 2.0]), shape).astype(np.float64))
    hidden = np.append(some_hidden(random, shape), False)
    weights = np.where(hidden[:-1], random.integers(0, 4, values.size), 0) * (seed // 6 % 3 == 0)
    values = np.append(values, weights @ values)
    score = sparse.csr_array(np.append(weights, -1.0)[None, :])
    system = System(
        values=values,
        equations=sparse.csr_array(sparse.vstack([sums(relations, cells=values.size), score])),
        constants=np.zeros(len(relations) + 1),
        lower=np.zeros(values.size),
        upper=np.full(values.size, np.inf),
        publishable=np.ones(values.size, dtype=bool),
    )
    primary = np.flatnonzero(hidden & (values > 0) & (values < THRESHOLD))
    contributors = hidden & (values == 1) & (random.random(values.size) < 0.1)
    above = np.where(random.random(primary.size) < 0.8, 1, THRESHOLD - values[primary])
    nothing = np.zeros(values.size, dtype=bool)
    return Task(system, primary, np.ones(primary.size), above, 1 + values, nothing, hidden, contributors)


def tables(system: System, hidden: Bools) -> Floats:
    """All tables [k, n] of whole numbers that agree with the visible cells, found by trying."""
    cells = np.flatnonzero(hidden)
    equations = system.equations.toarray()[:, cells]
    need = -(system.equations.toarray() @ np.where(hidden, 0, system.values))
    top = int(system.values[-2])  # the grand total
    rest_most = [
        np.where(equations[:, at:] > 0, equations[:, at:], 0).sum(axis=1) * top for at in range(cells.size + 1)
    ]
    rest_least = [
        np.where(equations[:, at:] < 0, equations[:, at:], 0).sum(axis=1) * top for at in range(cells.size + 1)
    ]

    def grow(at: int, left: Floats) -> Iterator[list[int]]:
        if (left > rest_most[at] + 0.1).any() or (left < rest_least[at] - 0.1).any():
            return
        if at == cells.size:
            yield []
            return
        for value in range(top + 1):
            for more in grow(at + 1, left - equations[:, at] * value):
                yield [value, *more]

    found = np.array(list(grow(0, need)), dtype=np.float64).reshape(-1, cells.size)
    full = np.repeat(system.values[None, :], len(found), axis=0)
    full[:, cells] = found
    return full


def betrayed(work: Task, possible: Floats) -> list[int]:
    """The primary cells that the tables leave in too little doubt, also to neighbours who know their own cell."""
    values, found = work.system.values, []
    several = work.system.equations.toarray()[((work.system.equations.toarray() != 0) & (values != 0)).sum(axis=1) > 2]
    for cell, below, above in zip(work.primary, work.below, work.above, strict=True):
        knowing = [
            other
            for other in np.flatnonzero(work.contributors & work.kept)
            if other != cell and (several[:, cell] * several[:, other] != 0).any()
        ]
        views = [possible, *(possible[possible[:, other] == values[other]] for other in knowing)]
        if any(v[:, cell].max() < values[cell] + above or v[:, cell].min() > values[cell] - below for v in views):
            found.append(int(cell))
    return found


def compare(seed: int) -> None:
    """What the attackers say of a table and what is true."""
    work = small_table(seed)
    system, hidden = work.system, work.hidden
    possible = tables(system, hidden)
    truth = np.column_stack([possible.min(axis=0), possible.max(axis=0)])
    assert (intervals(system, hidden) == truth[hidden]).all(), "the interval is exact"
    outer = propagate(system, hidden)
    assert (outer[:, 0] <= truth[:, 0]).all(), "propagation holds for certain"
    assert (outer[:, 1] >= truth[:, 1]).all(), "propagation holds for certain"
    fixed = determined(system, hidden)
    assert (truth[fixed, 0] == truth[fixed, 1]).all(), "what equations fix has one value"
    assert weak(work, hidden).tolist() == betrayed(work, possible), "no weak cell is missed, none made up"


def test_the_attackers_equal_brute_force_on_100_tables() -> None:
    for seed in range(100):
        compare(seed)


@pytest.mark.slow
def test_the_attackers_equal_brute_force_on_1000_tables() -> None:
    for seed in range(1000):
        compare(seed)


def test_the_null_space_test_finds_what_equations_fix() -> None:
    """Against the rank of the whole matrix: a cell is fixed if leaving its column out lowers the rank."""
    for seed in range(100):
        work = small_table(seed)
        matrix = work.system.equations.toarray()[:, work.hidden]
        rank = np.linalg.matrix_rank(matrix)
        without = [np.linalg.matrix_rank(np.delete(matrix, at, axis=1)) for at in range(matrix.shape[1])]
        assert determined(work.system, work.hidden)[work.hidden].tolist() == [other < rank for other in without]


def two_by_two(seed: int) -> Task:
    """A small table with totals and its small counts to protect, nothing hidden beyond them."""
    values, relations = with_totals(np.random.default_rng(seed).poisson(4, (2, 2)).astype(np.float64))
    nothing = np.zeros(values.size, dtype=bool)
    system = System(
        values=values,
        equations=sums(relations, cells=values.size),
        constants=np.zeros(len(relations)),
        lower=np.zeros(values.size),
        upper=np.full(values.size, np.inf),
        publishable=~nothing,
    )
    primary = np.flatnonzero((values > 0) & (values < THRESHOLD))
    above = THRESHOLD - values[primary]
    return Task(system, primary, np.ones(primary.size), above, 1 + values, nothing, nothing, nothing)


def cheapest(work: Task) -> float:
    """The least cost of a safe pattern, among all patterns."""
    others = np.setdiff1d(np.arange(work.weights.size), work.primary)
    costs = []
    for chosen in product([False, True], repeat=others.size):
        more = others[np.array(chosen, dtype=bool)]
        hidden = work.kept
        hidden[more] = True
        if not weak(work, hidden).size:
            costs.append(float(work.weights[more].sum()))
    return min(costs)


@pytest.mark.parametrize("seed", range(8))
def test_no_pattern_is_cheaper_and_safe(seed: int) -> None:
    work = two_by_two(seed)
    pattern = suppress(work, gap=0)
    assert not weak(work, pattern.hidden).size
    assert [pattern.cost, pattern.bound] == pytest.approx([cheapest(work)] * 2)
