"""The choice of cells to hide: least weight under all cuts found so far, in fractions and in whole cells."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from katsaus.suppression.program import Answer, Program
from katsaus.suppression.system import Bools, Floats, Matrix


class Master:
    """Minimise ``weights @ x`` under ``cuts @ x >= 1``, with 0 <= x <= 1 and x = 1 for the fixed cells."""

    def __init__(self, weights: Floats, cuts: Matrix) -> None:
        self._weights = weights
        self._cuts = cuts
        nothing = sparse.csr_array((0, weights.size))
        self._relaxed = self._program(nothing)
        self._relaxed.add(cuts, np.ones(cuts.shape[0]))

    def _program(self, cuts: Matrix) -> Program:
        rows = (np.ones(cuts.shape[0]), np.full(cuts.shape[0], np.inf))
        program = Program(cuts, rows, lower=np.zeros(self._weights.size), upper=np.ones(self._weights.size))
        program.price(self._weights)
        return program

    def add(self, cuts: Matrix) -> None:
        """Add cuts."""
        self._cuts = sparse.csr_array(sparse.vstack([self._cuts, cuts]))
        self._relaxed.add(cuts, np.ones(cuts.shape[0]))

    def relax(self) -> Answer:
        """The cheapest choice in fractions."""
        return self._relaxed.run()

    def solve(self, among: Bools, *, gap: float, seconds: float, start: Floats | None) -> Answer:
        """The cheapest choice of whole cells among some [n], up to a relative gap; `bound` is theirs at any status."""
        program = self._program(self._cuts)
        program.bound(np.zeros(among.size), among.astype(np.float64))
        program.integral(np.ones(self._weights.size, dtype=bool))
        program.set(mip_rel_gap=gap, time_limit=seconds)
        if start is not None:
            program.start(start)
        return program.run()
