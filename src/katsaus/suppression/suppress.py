"""Secondary suppression: the cheapest cells to hide so that no attacker learns too much."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from katsaus.errors import Problem, SuppressionError
from katsaus.suppression.attack import weak
from katsaus.suppression.goals import Task, blocks
from katsaus.suppression.search import Search
from katsaus.suppression.system import Bools

__all__ = ["Pattern", "Task", "suppress"]

NAMED = 10


@dataclass(frozen=True)
class Pattern:
    """Which cells to hide [n], attacked in vain, and how good that is.

    `cost` is the weight of the secondary cells, `bound` what no pattern costs less than, `gap` their relative
    difference, `proven` that this is no more than was asked for. `rounds` are attacks in `seconds`.
    """

    hidden: Bools
    cost: float
    bound: float
    gap: float
    seconds: float
    rounds: int
    proven: bool


def suppress(task: Task, *, gap: float = 0.02, seconds: float = 60.0) -> Pattern:
    """The cells to hide: the primary ones, those hidden already, and the cheapest others that protect them.

    Every pattern is attacked before it is returned. If the `gap` isn't proven in time it is the best safe one, and not
    `proven`; if there is none by then, whole equations of primary cells are hidden. The same task gives the same
    pattern, if it is solved in time.

    Raises SuppressionError if hiding everything that may be hidden doesn't protect.
    """
    start = perf_counter()
    parts = sorted(blocks(task), key=lambda part: part[0].size)
    hidden = task.kept
    cost, bound, rounds = 0.0, 0.0, 0
    for cells, block in parts:
        found = Search(block, gap=gap, deadline=start + seconds).run()
        if found is None:
            raise SuppressionError(_impossible(task))
        hidden[cells[found.hidden & task.system.publishable[cells]]] = True
        cost, bound, rounds = cost + found.cost, bound + found.bound, rounds + found.rounds
    reached = (cost - bound) / cost if cost else 0.0
    return Pattern(hidden, cost, bound, reached, perf_counter() - start, rounds, reached <= gap + 1e-6)


def _impossible(task: Task) -> Problem:
    found = weak(task, ~task.visible)
    named = ", ".join(str(cell) for cell in found[:NAMED])
    return Problem(
        f"{found.size} of {task.primary.size} primary cells can't be protected (positions {named}"
        f"{' …' if found.size > NAMED else ''})",
        why="even with everything hidden that may be hidden, what stays visible gives them away",
        do="let more cells be hidden, or don't publish the tables",
    )
