"""Capacity cuts: what a goal that can't be met says about every pattern (Fischetti and Salazar)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from katsaus.suppression.goals import NOBODY, Block
from katsaus.suppression.system import Floats, Ints, Matrix

DUST = 1e-7
"""Smaller parts of a level are rounding errors of the duals. Without them a cut is stricter, never less safe."""


def capacity(block: Block, goals: Ints, *, duals: Floats) -> Matrix:
    """Rows ``cut @ x >= 1`` [k, n] that every protecting pattern x keeps, from goals [k] and duals of equations [k, m].

    With ``sign × z[cell] = d @ z`` for ``d = sign × e[cell] − duals @ equations``, no attacker can get past the sum of
    ``d × room`` over the hidden cells; so that sum has to reach the level. Whatever the duals are this is true. More
    than the level helps nobody, so larger parts are clipped to it. An empty row is a goal that nothing can meet.
    """
    own = block.goals.take(goals)
    lines = np.arange(goals.size)
    deviations = np.asarray(-(block.equations.T @ duals.T).T)
    deviations[lines, own.cell] += own.sign
    parts = np.where(deviations > 0, deviations * block.up, -deviations * block.down)
    known = own.without != NOBODY
    parts[lines[known], own.without[known]] = 0
    need = own.level - parts[:, block.fixed].sum(axis=1)
    asking = need > DUST
    parts, need = parts[asking], need[asking]
    parts[:, block.fixed] = 0
    shares = np.minimum(parts / need[:, None], 1)
    return sparse.csr_array(np.where(shares > DUST, shares, 0))


def from_rows(block: Block) -> Matrix:
    """The cuts that each equation of a goal's cell makes by itself: its other cells must give room enough."""
    if not block.goals.cell.size:
        return sparse.csr_array((0, block.size))
    by_cell = sparse.csc_array(block.equations)
    counts = np.diff(by_cell.indptr)[block.goals.cell]
    goals = np.repeat(np.arange(block.goals.cell.size), counts)
    places = np.concatenate([np.arange(*by_cell.indptr[cell : cell + 2]) for cell in block.goals.cell])
    rows, factors = by_cell.indices[places], by_cell.data[places]
    duals = sparse.csr_array(
        (block.goals.sign[goals] / factors, (np.arange(goals.size), rows)), shape=(goals.size, block.equations.shape[0])
    )
    return distinct(capacity(block, goals, duals=duals.toarray()))


def distinct(cuts: Matrix) -> Matrix:
    """The cuts without repetitions."""
    seen: dict[tuple[bytes, bytes], int] = {}
    for row in range(cuts.shape[0]):
        part = slice(cuts.indptr[row], cuts.indptr[row + 1])
        seen.setdefault((cuts.indices[part].tobytes(), cuts.data[part].round(9).tobytes()), row)
    return sparse.csr_array(cuts[sorted(seen.values())])
