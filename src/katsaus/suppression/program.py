"""Linear and mixed integer programmes in HiGHS, kept and changed rather than made anew; every status is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from katsaus.suppression.system import Bools, Floats, Ints, Matrix

THREADS = 1
"""HiGHS has one scheduler for the whole process, so this is the same everywhere."""

Status = Literal["optimal", "infeasible", "unbounded", "time"]
STATUSES: dict[highspy.HighsModelStatus, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time",
}


@dataclass(frozen=True)
class Answer:
    """How a run ended; the objective, the columns and the duals of the rows are meaningful if it is "optimal"."""

    status: Status
    objective: float
    columns: Floats
    duals: Floats
    bound: float


class Program:
    """Minimise ``cost @ z`` with ``row_lower <= matrix @ z <= row_upper`` and ``lower <= z <= upper``."""

    def __init__(self, matrix: Matrix, rows: tuple[Floats, Floats], *, lower: Floats, upper: Floats) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.set(output_flag=False, threads=THREADS, random_seed=0)
        self.size = matrix.shape[1]
        self._all = np.arange(self.size, dtype=np.int32)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = np.zeros(self.size)
        model.col_lower_, model.col_upper_ = lower, upper
        model.row_lower_, model.row_upper_ = rows
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.num_row_, model.a_matrix_.num_col_ = matrix.shape
        model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = matrix.data
        _fine(self._highs.passModel(model))

    def set(self, **options: bool | int | float | str) -> None:
        """Set options of HiGHS."""
        for name, value in options.items():
            _fine(self._highs.setOptionValue(name, value))

    def bound(self, lower: Floats, upper: Floats, *, at: Ints | None = None) -> None:
        """New bounds of all columns or of some."""
        columns = self._all if at is None else at.astype(np.int32)
        _fine(self._highs.changeColsBounds(columns.size, columns, lower, upper))

    def price(self, cost: Floats) -> None:
        """New costs of all columns."""
        _fine(self._highs.changeColsCost(self.size, self._all, cost))

    def integral(self, columns: Bools) -> None:
        """Make these columns whole numbers and all others real ones."""
        kinds = columns.astype(np.uint8)
        _fine(self._highs.changeColsIntegrality(self.size, self._all, kinds))

    def add(self, matrix: Matrix, lower: Floats) -> None:
        """Add rows ``matrix @ z >= lower``."""
        starts, places = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        endless = np.full(lower.size, highspy.kHighsInf)
        _fine(self._highs.addRows(lower.size, lower, endless, matrix.nnz, starts, places, matrix.data))

    def start(self, columns: Floats) -> None:
        """Offer a solution to begin with."""
        _fine(self._highs.setSolution(self.size, self._all, columns))

    def run(self) -> Answer:
        """Solve. Raises RuntimeError at a status that has no meaning for us."""
        _fine(self._highs.run())
        found = self._highs.getModelStatus()
        if found not in STATUSES:  # where it began from may have been numerically bad
            _fine(self._highs.clearSolver())
            _fine(self._highs.run())
            found = self._highs.getModelStatus()
        if found not in STATUSES:
            raise RuntimeError(f"HiGHS ended with {self._highs.modelStatusToString(found)}")
        info = self._highs.getInfo()
        solution = self._highs.getSolution()
        return Answer(
            STATUSES[found],
            info.objective_function_value,
            np.array(solution.col_value),
            np.array(solution.row_dual),
            info.mip_dual_bound,
        )


def _fine(status: highspy.HighsStatus) -> None:
    """A warning is a time limit or an unbounded ray, which the model's status tells."""
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refused a call")
