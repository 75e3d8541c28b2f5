"""The first step of an audit: the hidden cells that the equations alone fix, whatever the bounds."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from katsaus.errors import Problem, SuppressionError
from katsaus.suppression.system import Bools, Floats, Matrix, System, support

PROBES = 2
ROUNDS = 200
RIDGE = 1e-8
SETTLED = 1e-9
"""Vectors that a round moves by no more are the null space's."""
NOTHING = 1e-6
"""A random vector of the null space has components of about 1; of a fixed cell it has none but rounding errors."""


def determined(system: System, hidden: Bools) -> Bools:
    """Which hidden cells [n] have one value only in all solutions of the equations, given the visible cells.

    Such a cell has no component in any vector of the null space of the equations (restricted to what the attacker
    doesn't see), so it has none in random vectors projected on it; other cells have one, with probability 1.

    Raises SuppressionError if the projection doesn't settle: then nothing is known.
    """
    free = _peeled(system.equations, system.unknown(hidden))
    found = hidden & ~free
    columns = np.flatnonzero(free)
    rest = sparse.csr_array(system.equations[:, columns])
    rest = sparse.csr_array(rest[np.diff(rest.indptr) > 0])
    fixed = np.abs(_null_vectors(rest)).max(axis=1, initial=0) < NOTHING
    found[columns[fixed]] = hidden[columns[fixed]]
    return found


def _peeled(equations: Matrix, unknown: Bools) -> Bools:
    """What stays unknown when equations with a single unknown cell are solved one after the other."""
    pattern = support(equations)
    free = unknown.copy()
    while True:
        alone = (pattern @ free.astype(np.float64)) == 1
        solved = np.asarray(pattern.T @ alone.astype(np.float64) > 0) & free
        if not solved.any():
            return free
        free &= ~solved


def _null_vectors(equations: Matrix) -> Floats:
    """Random vectors [n, PROBES] of the null space: what remains of noise without its part in the row space.

    The least squares are regularised, as equations may repeat each other; each round shrinks what is left of the row
    space by the ridge over the squared singular value, and leaves the null space as it is.
    """
    rows, columns = equations.shape
    vectors: Floats = np.random.default_rng(0).standard_normal((columns, PROBES))
    if not rows:
        return vectors
    size = 1 / np.sqrt(equations.multiply(equations).sum(axis=1))
    scaled = sparse.csr_array(equations.multiply(size[:, None]))
    normal = sparse.csc_array(scaled @ scaled.T + RIDGE * sparse.eye_array(rows))
    solver = splu(normal, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}, diag_pivot_thresh=0.0)
    for _ in range(ROUNDS):
        step = scaled.T @ solver.solve(np.asarray(scaled @ vectors))
        vectors = np.asarray(vectors - step)
        if np.abs(step).max(initial=0) < SETTLED:
            return vectors
    why = "the equations are nearly dependent"
    do = "attack with fewer months or tables at a time"
    raise SuppressionError(
        Problem(f"the null space of {rows} equations of {columns} cells can't be told", why=why, do=do)
    )
