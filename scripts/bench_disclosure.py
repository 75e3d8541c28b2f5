"""Times the hiding of cells and its attackers on made-up tables of fixed seeds, against the bars of disclosure control.

Municipalities have log-normal sizes, so many cells are of 1 to 4 people. Counts of 1 to 4 are hidden (threshold 5), an
attacker must be left in doubt from one below to the threshold; zeros stay; a cell's weight is its logarithm, doubled
for each total. Seconds are wall time; the exit code tells if a pattern misses its bar in counts, gap or status.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from katsaus.suppression.attack import weak
from katsaus.suppression.exact import determined
from katsaus.suppression.goals import Task
from katsaus.suppression.propagation import propagate
from katsaus.suppression.suppress import suppress
from katsaus.suppression.system import Bools, Floats, Ints, System, sums

SEED = 2023
THRESHOLD = 5
MUNICIPALITIES, AREAS, ALONE = 118, 25, 5
MONTHS = 26
Relations = list[tuple[int, list[int]]]


@dataclass(frozen=True)
class Margin:
    """One dimension of a table: so many leaves, all cells of it, and which of these are sums of which."""

    leaves: int
    size: int
    relations: Relations


def regional(rng: np.random.Generator, *, leaves: int, areas: int, alone: int) -> Margin:
    """Municipalities in areas in a total; the first `alone` areas have one municipality, which stands for both."""
    member = np.concatenate([np.arange(areas), rng.integers(alone, areas, leaves - areas)])
    relations: Relations = []
    tops = list(range(alone))
    for area in range(alone, areas):
        tops.append(leaves + len(relations))
        relations.append((tops[-1], [int(at) for at in np.flatnonzero(member == area)]))
    total = leaves + len(relations)
    return Margin(leaves, total + 1, [*relations, (total, tops)])


def twofold(rng: np.random.Generator, *, leaves: int) -> Margin:
    """Municipalities in regions and, across these, in other areas; both sum to the total."""
    first, second = (regional(rng, leaves=leaves, areas=areas, alone=0) for areas in (18, 25))
    shift = first.size - 1 - leaves  # the second hierarchy's areas come after the regions, its total is the last cell
    size = leaves + 18 + 25 + 1
    moved = [
        (at + shift, [part if part < leaves else part + shift for part in parts]) for at, parts in second.relations
    ]
    regions = [(size - 1 if at == first.size - 1 else at, parts) for at, parts in first.relations]
    return Margin(leaves, size, [*regions, *moved])


def simple(leaves: int) -> Margin:
    """Categories and their total."""
    return Margin(leaves, leaves + 1, [(leaves, list(range(leaves)))])


def crossed(first: Margin, second: Margin) -> Margin:
    """Both dimensions at once; leaves come first."""
    order = [row * second.size + column for row in range(first.leaves) for column in range(second.leaves)]
    rest = sorted(set(range(first.size * second.size)) - set(order))
    place = {cell: at for at, cell in enumerate([*order, *rest])}
    relations = [
        (place[total * second.size + column], [place[part * second.size + column] for part in parts])
        for total, parts in first.relations
        for column in range(second.size)
    ] + [
        (place[row * second.size + total], [place[row * second.size + part] for part in parts])
        for total, parts in second.relations
        for row in range(first.size)
    ]
    return Margin(len(order), first.size * second.size, relations)


def counts(rng: np.random.Generator, shape: tuple[int, int], *, people: float) -> Floats:
    """Skewed counts of municipalities and categories, about so many people in a municipality of middle size."""
    sizes = rng.lognormal(np.log(people), 1.3, shape[0])
    shares = rng.dirichlet(np.full(shape[1], 1.5)) * rng.lognormal(0, 0.3, shape)
    return rng.poisson(sizes[:, None] * shares).astype(np.float64).ravel()


def filled(margin: Margin, leaves: Floats) -> tuple[Floats, Floats]:
    """All cells of a table and the level of each: 1 for leaves, doubled for each sum."""
    values, level = np.zeros(margin.size), np.zeros(margin.size)
    values[: leaves.size], level[: leaves.size] = leaves, 1
    waiting = list(margin.relations)
    while waiting:  # a sum can be taken when its parts are known
        ready = [(total, parts) for total, parts in waiting if level[parts].all()]
        waiting = [item for item in waiting if item not in ready]
        for total, parts in ready:
            values[total], level[total] = values[parts].sum(), 2 * level[parts].max()
    return values, level


def task(margin: Margin, leaves: Floats) -> Task:
    """The task of hiding the small counts of a table."""
    values, level = filled(margin, leaves)
    nothing = np.zeros(margin.size, dtype=bool)
    system = System(
        values=values,
        equations=sums(margin.relations, cells=margin.size),
        constants=np.zeros(len(margin.relations)),
        lower=np.zeros(margin.size),
        upper=np.full(margin.size, np.inf),
        publishable=~nothing,
    )
    primary: Ints = np.flatnonzero((values > 0) & (values < THRESHOLD))
    return Task(
        system=system,
        primary=primary,
        below=np.ones(primary.size),
        above=THRESHOLD - values[primary],
        weights=1 + level * np.log2(1 + values),
        visible=values == 0,
        hidden=nothing,
        contributors=nothing,
    )


def categories() -> Task:
    """118 municipalities × 8 categories × 3 levels, five areas of one municipality: 1 251 cells."""
    rng = np.random.default_rng(SEED)
    margin = crossed(regional(rng, leaves=MUNICIPALITIES, areas=AREAS, alone=ALONE), simple(8))
    return task(margin, counts(rng, (MUNICIPALITIES, 8), people=200))


def sex_and_age() -> Task:
    """118 municipalities × sex × age × 3 levels: 2 502 cells."""
    rng = np.random.default_rng(SEED)
    margin = crossed(regional(rng, leaves=MUNICIPALITIES, areas=AREAS, alone=ALONE), crossed(simple(2), simple(5)))
    return task(margin, counts(rng, (MUNICIPALITIES, 10), people=200))


def two_hierarchies() -> Task:
    """308 municipalities in 18 regions and, across them, 25 other areas × 4 categories."""
    rng = np.random.default_rng(SEED)
    margin = crossed(twofold(rng, leaves=308), simple(4))
    return task(margin, counts(rng, (308, 4), people=60))


def linked() -> tuple[System, Bools, Ints]:
    """26 months of stock, in- and outflow in 139 areas × 9 categories, hidden two per line; and the primary cells."""
    rng = np.random.default_rng(SEED)
    margin = crossed(regional(rng, leaves=MUNICIPALITIES, areas=AREAS, alone=ALONE), simple(8))
    shape = (MUNICIPALITIES, 8)
    stock = counts(rng, shape, people=200)
    tables: list[Floats] = []
    relations: Relations = []
    flows: list[tuple[int, int, int, int]] = []
    for month in range(MONTHS):
        come, go = rng.poisson(0.1 * stock).astype(np.float64), rng.binomial(stock.astype(int), 0.1).astype(np.float64)
        stock = stock + come - go
        start = len(tables) * margin.size
        tables += [filled(margin, part)[0] for part in (stock, come, go)]
        for part in range(3):
            shift = start + part * margin.size
            relations += [(total + shift, [at + shift for at in parts]) for total, parts in margin.relations]
        if month:
            flows += [
                (start + at, start - 3 * margin.size + at, start + margin.size + at, start + 2 * margin.size + at)
                for at in range(margin.size)
            ]
    return _linked_system(np.concatenate(tables), relations, flows=flows)


def _linked_system(
    values: Floats, relations: Relations, *, flows: Sequence[tuple[int, int, int, int]]
) -> tuple[System, Bools, Ints]:
    from scipy import sparse  # noqa: PLC0415

    within = sums(relations, cells=values.size)
    rows = np.repeat(np.arange(len(flows)), 4)
    signs = np.tile([1.0, -1.0, -1.0, 1.0], len(flows))
    across = sparse.csr_array((signs, (rows, np.array(flows).ravel())), shape=(len(flows), values.size))
    equations = sparse.csr_array(sparse.vstack([within, across]))
    system = System(
        values=values,
        equations=equations,
        constants=np.zeros(equations.shape[0]),
        lower=np.zeros(values.size),
        upper=np.full(values.size, np.inf),
        publishable=np.ones(values.size, dtype=bool),
    )
    primary = (values > 0) & (values < THRESHOLD)
    return system, two_per_line(values, relations, hidden=primary), np.flatnonzero(primary)


def two_per_line(values: Floats, relations: Relations, *, hidden: Bools) -> Bools:
    """The plain rule: no sum has a single hidden cell; its smallest other cell is hidden too."""
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for total, parts in relations:
            line = np.array([total, *parts])
            if hidden[line].sum() == 1:
                rest = line[~hidden[line] & (values[line] > 0)]
                if rest.size:
                    hidden[rest[np.argmin(values[rest])]] = changed = True
    return hidden


@dataclass(frozen=True)
class Bar:
    """A table, the gap to prove, and the seconds that it may take."""

    name: str
    make: Callable[[], Task]
    gap: float
    seconds: float


BARS = (
    Bar("118 municipalities × 8 categories × 3 levels", categories, 0.0, 2.0),
    Bar("118 municipalities × sex × age × 3 levels", sex_and_age, 0.02, 60.0),
    Bar("308 municipalities in two hierarchies × 4", two_hierarchies, 0.05, 180.0),
)


def measured(bar: Bar) -> tuple[list[str], bool]:
    """A line of the table, and whether counts, gap and status are as they should be."""
    work = bar.make()
    pattern = suppress(work, gap=bar.gap, seconds=2 * bar.seconds)
    start = perf_counter()
    exposed = weak(work, pattern.hidden).size
    seconds = perf_counter() - start
    fixed = int(determined(work.system, pattern.hidden).sum())
    secondary = int(pattern.hidden.sum()) - work.primary.size
    line = [bar.name, *(f"{count:,}" for count in (work.weights.size, work.primary.size, secondary, fixed, exposed))]
    line += [f"{pattern.gap:.2%} (≤ {bar.gap:.0%})", f"{pattern.seconds:.2f} (≤ {bar.seconds:g})", f"{seconds:.3f}"]
    return line, pattern.proven and not fixed and not exposed


def audited() -> list[str]:
    """What an audit of many months finds of a plain pattern, and how long its first two steps take."""
    system, hidden, primary = linked()
    start = perf_counter()
    fixed = determined(system, hidden)
    middle = perf_counter()
    upper = propagate(system, hidden)[primary, 1]
    end = perf_counter()
    return [
        f"{system.values.size:,} cells, {MONTHS} months, two hidden per line: {primary.size:,} primary, "
        f"{int(hidden.sum()) - primary.size:,} secondary",
        f"determined: {int(fixed[primary].sum()):,} primary cells in {middle - start:.2f} s",
        f"bounded below the threshold by propagation: {int((upper < THRESHOLD).sum()):,} in {end - middle:.2f} s",
        f"both: {end - start:.2f} s (≤ 5)",
    ]


def main() -> None:
    """The command line of scripts/bench --disclosure."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    console = Console(width=170)
    columns = ("table", "cells", "primary", "secondary", "determined", "weak", "gap", "seconds", "attack")
    table = Table(*columns, title=f"seed {SEED}, threshold {THRESHOLD}")
    good = True
    for bar in BARS:
        line, kept = measured(bar)
        table.add_row(*line)
        good &= kept
    console.print(table)
    for text in audited():
        console.print(text)
    if not good:
        sys.exit("a pattern misses its bar")


if __name__ == "__main__":
    main()
