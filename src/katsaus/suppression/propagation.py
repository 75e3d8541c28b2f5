"""The second step of an audit: intervals of hidden cells from one equation at a time, again and again."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from katsaus.suppression.system import EXACT, Bools, Floats, Ints, Matrix, System

ROUNDS = 60
"""Bounds can creep for ever; stopped early they are wider than need be, never wrong."""


def propagate(system: System, hidden: Bools) -> Floats:
    """Bounds [n, 2] of every cell that follow from single equations, from bounds and from wholeness.

    They hold for certain, so a cell whose upper bound here is small is disclosed; the reverse needs the attacker's
    linear programmes.
    """
    unknown = system.unknown(hidden)
    low = np.where(unknown, system.lower, system.values)
    high = np.where(unknown, system.upper, system.values)
    asked = np.asarray(abs(system.equations) @ unknown.astype(np.float64) > 0)
    equations, constants = sparse.csr_array(system.equations[asked]), system.constants[asked]
    whole = system.integral & unknown
    for _ in range(ROUNDS):
        new_low, new_high = _once(equations, constants, low=low, high=high)
        new_low = np.where(whole, np.ceil(new_low - EXACT), new_low)
        new_high = np.where(whole, np.floor(new_high + EXACT), new_high)
        new_low, new_high = np.where(unknown, new_low, low), np.where(unknown, new_high, high)
        better = (new_low > low + EXACT) | (new_high < high - EXACT)
        if not better.any():
            break
        low, high = np.maximum(low, new_low), np.minimum(high, new_high)
    return np.column_stack([low, high])


def _once(equations: Matrix, constants: Floats, *, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The bounds that each equation gives its cells, given those of its other cells."""
    rows = equations.shape[0]
    row = np.repeat(np.arange(rows), np.diff(equations.indptr))
    column, weight = equations.indices, equations.data
    least = weight * np.where(weight > 0, low[column], high[column])
    most = weight * np.where(weight > 0, high[column], low[column])
    room_below = constants[row] - _of_others(most, row, rows=rows)
    room_above = constants[row] - _of_others(least, row, rows=rows)
    new_low = np.where(weight > 0, room_below, room_above) / weight
    new_high = np.where(weight > 0, room_above, room_below) / weight
    lows, highs = low.copy(), high.copy()
    np.maximum.at(lows, column, new_low)
    np.minimum.at(highs, column, new_high)
    return lows, highs


def _of_others(terms: Floats, row: Ints, *, rows: int) -> Floats:
    """Sum of the other terms of the row: infinite if one of these is (all of a row are so in one direction)."""
    endless = ~np.isfinite(terms)
    finite = np.where(endless, 0, terms)
    others = np.bincount(row, endless, minlength=rows)[row] - endless
    direction = np.sign(np.bincount(row, np.where(endless, np.sign(terms), 0), minlength=rows))[row]
    total = np.bincount(row, finite, minlength=rows)[row] - finite
    return np.where(others > 0, np.copysign(np.inf, direction), total)
