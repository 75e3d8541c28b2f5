"""Releases at random: what is shown does not hang on what is hidden, and leaves every small count in doubt."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.signal import fftconvolve

from katsaus.config.models import Indicator
from katsaus.disclosure import ProtectedTable, Release, protect
from katsaus.disclosure.counts import Counts, counts, window
from katsaus.disclosure.patterns import Pattern
from katsaus.panel import Panel
from katsaus.suppression.attack import intervals
from katsaus.suppression.exact import determined
from katsaus.suppression.system import System

sys.path.append(str(Path(__file__).parents[1] / "unit"))
from sample_panel import Row, definition, observed, release, small_alone
from sample_release import identity, labels, own, parted, people, persons, solved

THRESHOLD = 5
AREAS = {"KK01": ("KU001", "KU002"), "KK02": ("KU003", "KU004"), "KK03": ("KU005",)}
TOWNS = tuple(town for towns in AREAS.values() for town in towns)
TREE = {**AREAS, "trial": TOWNS}
MEMBERS = own(*TOWNS, **TREE)
Ints = npt.NDArray[np.int64]
Cell = tuple[str, str, str]
"""Measure, responsible organisation and month."""


@dataclass(frozen=True)
class Kind:
    """A sort of release: what is counted of each town, what is published of it, and what binds the figures."""

    months: tuple[str, ...]
    free: tuple[Cell, ...]
    definitions: tuple[Indicator, ...]
    relations: dict[str, Any]
    bound: dict[Cell, tuple[tuple[int, Cell], ...]]

    def shown(self) -> list[tuple[str, Cell]]:
        """The indicators that show counts, and the counts that they show."""
        (table,) = self.relations.get("tables", ({},))
        every = product(self.definitions, table.get("responsible", ("_T",)), self.months)
        named = [(item, (item.numerators[item.id].text, *at)) for item, *at in every if item.formula == "count"]
        return [(item.id, cell) for item, cell in named if cell in self.cells()]

    def cells(self) -> list[Cell]:
        """All counts, published or not."""
        return [*self.free, *self.bound]

    def of(self, cell: Cell) -> Ints:
        """A count as a sum of those that are `free`."""
        signs = {other: sign for sign, other in self.bound.get(cell, ((1, cell),))}
        return np.array([signs.get(other, 0) for other in self.free])


NOW, THEN = "2021-02", "2021-01"


def identities() -> Kind:
    """Three counts of which one is the sum of the others, with shares of it."""
    each = [persons("A01", "seekers"), persons("A02", "working"), persons("A03", "idle")]
    share = definition("A04", "percentage", "idle", "seekers")
    free = (("working", "_T", NOW), ("idle", "_T", NOW))
    within = [identity("seekers", "working + idle")]
    return Kind(
        (NOW,), free, (*each, share), {"identities": within}, {("seekers", "_T", NOW): tuple((1, f) for f in free)}
    )


def organisations() -> Kind:
    """A count and the part of it that one organisation has; that of the other isn't published."""
    free = (("people", "trial", NOW), ("people", "te_office", NOW))
    table = {"areas": ("municipality", "trial_area", "trial"), "responsible": ("_T", "trial")}
    relations = {"totals": [parted("responsible", "trial", "te_office")], "tables": (table,)}
    return Kind(
        (NOW,), free, (persons("A01", "people"),), relations, {("people", "_T", NOW): tuple((1, f) for f in free)}
    )


def stocks() -> Kind:
    """A stock in two months and what it came by."""
    each = [persons("A01", "stock"), persons("A02", "came"), persons("A03", "left")]
    free = (("stock", "_T", THEN), ("came", "_T", NOW), ("left", "_T", NOW))
    signs = tuple(zip((1, 1, -1), free, strict=True))
    within = [identity("stock", "stock[lag=1] + came - left")]
    return Kind((THEN, NOW), free, tuple(each), {"identities": within}, {("stock", "_T", NOW): signs})


KINDS = {"identities": identities, "organisations": organisations, "stocks": stocks}


@dataclass(frozen=True)
class Country:
    """Figures of a kind: `truth` are the free counts of each town [town, free count]."""

    kind: Kind
    truth: Ints

    def rows(self) -> list[Row]:
        """What the source delivers: counts of towns."""
        return [
            row
            for measure, responsible, month in self.kind.cells()
            for row in people(
                dict(zip(TOWNS, (self.truth @ self.kind.of((measure, responsible, month))).tolist(), strict=True)),
                month=month,
                measure=measure,
                responsible=responsible,
            )
        ]

    def release(self) -> tuple[Panel, Release]:
        source = observed(self.rows())
        wanted = release(source, *self.kind.definitions, members=MEMBERS, threshold=THRESHOLD, **self.kind.relations)
        return source, wanted

    def counts(self) -> Counts:
        return counts(*self.release())

    def protected(self, patterns: dict[str, Pattern]) -> ProtectedTable:
        source, wanted = self.release()
        return protect(source, wanted, patterns=patterns, synthetic=False)

    def figure(self, area: str, cell: Cell) -> int:
        """The true count of an area."""
        own_towns = [TOWNS.index(town) for town in MEMBERS[area]]
        return int((self.truth[own_towns] @ self.kind.of(cell)).sum())

    def seen(self, table: ProtectedTable) -> list[tuple[str, Cell, int]]:
        """The counts of areas that the table shows."""
        found = []
        for name, cell in self.kind.shown():
            values, symbols = table.look_up(name, areas=list(MEMBERS), months=[cell[2]], at=(cell[1], "_T"))
            found += [(area, cell, int(v)) for area, v, s in zip(MEMBERS, values, symbols, strict=True) if not s]
        return found


def country(kind: Kind, seed: int) -> Country:
    """Towns with many small counts and some zeros; what left is no more than there was."""
    random = np.random.default_rng(seed)
    size = (len(TOWNS), len(kind.free))
    truth = np.where(random.random(size) < 0.3, random.integers(0, 5, size), random.integers(5, 30, size))
    for cell in kind.bound:
        lacking = np.maximum(-(truth @ kind.of(cell)), 0)
        truth[:, 0] += lacking
    return Country(kind, truth)


# What is shown does not hang on what is hidden


def elsewhere(of: Country, table: ProtectedTable, *, seed: int) -> Country:
    """Other figures of which the same is seen, as far off in a random direction as they may be."""
    rows, constants = [], []
    size = of.truth.size
    for area, cell, value in of.seen(table):
        row = np.zeros(of.truth.shape)
        row[[TOWNS.index(town) for town in MEMBERS[area]]] = of.kind.of(cell)
        rows.append(row.ravel())
        constants.append(value)
    seen = LinearConstraint(np.array(rows), constants, constants)
    each = np.array(
        [np.kron(np.eye(len(TOWNS))[town], of.kind.of(cell)) for cell in of.kind.bound for town in range(len(TOWNS))]
    )
    found = milp(
        np.random.default_rng(seed).normal(size=size),
        integrality=np.ones(size),
        bounds=Bounds(np.zeros(size), of.truth.ravel() + 12),
        constraints=[seen, LinearConstraint(each, 0, np.inf)],
    )
    assert found.status == 0
    return Country(of.kind, np.round(found.x).astype("int64").reshape(of.truth.shape))


def no_interference(kind: Kind, seed: int) -> bool:
    """Whether there were other figures; if so, they look the same."""
    true = country(kind, seed)
    patterns = solved(true.counts())
    table = true.protected(patterns)
    other = elsewhere(true, table, seed=seed)
    twin = other.protected(patterns)
    assert table.series.equals(twin.series)
    assert set(table.cells) == set(twin.cells)
    for name, cells in table.cells.items():
        assert np.array_equal(cells.states, twin.cells[name].states), name
        assert np.array_equal(cells.values, twin.cells[name].values, equal_nan=True), name
    for told in ("hidden", "published", "withheld"):
        assert table.log[told] == twin.log[told]
    return not np.array_equal(true.truth, other.truth)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_does_not_hang_on_what_is_hidden(kind: str) -> None:
    differ = [no_interference(KINDS[kind](), seed) for seed in range(6)]
    assert sum(differ) > 3, "too few releases hide anything"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_does_not_hang_on_what_is_hidden_in_many(kind: str) -> None:
    assert sum(no_interference(KINDS[kind](), seed) for seed in range(100, 300)) > 100


# All tables of whole numbers that look the same


FAR = 8
"""How far a town's count may be from the truth; fewer tables make a stronger attacker."""


@dataclass(frozen=True)
class Grid:
    """Which counts are possible of an area: `mask` over all combinations of free counts from `least` on."""

    mask: npt.NDArray[np.bool_]
    least: Ints

    def where(self, weights: Ints, *, low: float, high: float) -> Grid:
        """Those of which a sum is between bounds."""
        sums = np.zeros(self.mask.shape)
        for axis, (weight, first) in enumerate(zip(weights, self.least, strict=True)):
            along = weight * (first + np.arange(self.mask.shape[axis]))
            sums += along.reshape([-1 if other == axis else 1 for other in range(self.mask.ndim)])
        return Grid(self.mask & (sums >= low) & (sums <= high), self.least)

    def plus(self, other: Grid) -> Grid:
        """What two areas may have together."""
        return Grid(fftconvolve(self.mask, other.mask) > 0.5, self.least + other.least)


@dataclass(frozen=True)
class Reader:
    """Somebody who writes out every table that agrees with what is shown."""

    of: Country
    seen: list[tuple[str, Cell, int]]

    def can_be(self, area: str, cell: Cell, *, low: float = 0, high: float = np.inf) -> bool:
        """Whether a count may lie between bounds."""

        def narrowed(grid: Grid, place: str) -> Grid:
            for where, shown, value in self.seen:
                if where == place:
                    grid = grid.where(self.of.kind.of(shown), low=value, high=value)
            return grid.where(self.of.kind.of(cell), low=low, high=high) if place == area else grid

        def together(place: str, parts: Sequence[Grid]) -> Grid:
            whole = parts[0]
            for part in parts[1:]:
                whole = whole.plus(part)
            return narrowed(whole, place)

        areas = [together(name, [narrowed(self._town(town), town) for town in towns]) for name, towns in AREAS.items()]
        return all(grid.mask.any() for grid in areas) and bool(together("trial", areas).mask.any())

    def _town(self, town: str) -> Grid:
        truth = self.of.truth[TOWNS.index(town)]
        least = np.maximum(truth - FAR, 0)
        grid = Grid(np.ones(truth + FAR + 1 - least, dtype=bool), least)
        for cell in self.of.kind.bound:
            grid = grid.where(self.of.kind.of(cell), low=0, high=np.inf)
        return grid


def pinned(of: Country, table: ProtectedTable) -> tuple[int, list[str]]:
    """How many small counts there are, and those that may not be larger than they are, up to the threshold, or less."""
    reader = Reader(of, of.seen(table))
    small = [
        (area, cell, of.figure(area, cell))
        for area, cell in product(MEMBERS, of.kind.cells())
        if 0 < of.figure(area, cell) < THRESHOLD
    ]
    return len(small), [
        f"{area} {' '.join(cell)}"
        for area, cell, true in small
        if not (reader.can_be(area, cell, low=THRESHOLD) and (true == 1 or reader.can_be(area, cell, high=true - 1)))
    ]


def in_doubt(kind: Kind, seeds: range) -> int:
    small = 0
    for seed in seeds:
        true = country(kind, seed)
        number, found = pinned(true, true.protected(solved(true.counts())))
        assert found == [], f"seed {seed}"
        small += number
    return small


@pytest.mark.parametrize(("kind", "seeds"), {"identities": 8, "organisations": 8, "stocks": 4}.items())
def test_no_small_count_is_pinned_in_20_releases(kind: str, seeds: int) -> None:
    assert in_doubt(KINDS[kind](), range(seeds)) > 2 * seeds


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_small_count_is_pinned_in_300_releases(kind: str) -> None:
    assert in_doubt(KINDS[kind](), range(100, 200)) > 200


@pytest.mark.parametrize("kind", KINDS)
def test_the_reader_finds_small_counts_that_are_given_back(kind: str) -> None:
    """Where the small counts alone are hidden, most can be worked out."""
    true = country(KINDS[kind](), 2)
    number, found = pinned(true, true.protected(small_alone(*true.release())))
    assert len(found) > number / 2


# Everything that holds, and what of it is reckoned with


def everything(of: Country) -> tuple[System, list[str]]:
    """Every count of every area with every equation, also those that tell nothing, and the names of the counts."""
    cells = [(area, cell) for area in MEMBERS for cell in of.kind.cells()]
    place = {cell: number for number, cell in enumerate(cells)}
    rows = []
    for (area, parts), cell in product({**AREAS, "trial": tuple(AREAS)}.items(), of.kind.cells()):
        rows.append({place[area, cell]: 1, **{place[part, cell]: -1 for part in parts}})
    for area, (cell, terms) in product(MEMBERS, of.kind.bound.items()):
        rows.append({place[area, cell]: 1, **{place[area, other]: -sign for sign, other in terms}})
    matrix = np.array([[row.get(at, 0) for at in range(len(cells))] for row in rows], dtype="float64")
    shown = {cell for _, cell in of.kind.shown()}
    values = np.array([of.figure(area, cell) for area, cell in cells], dtype="float64")
    publishable = np.array([cell in shown for _, cell in cells])
    system = System(
        values=values,
        equations=sparse.csr_array(matrix),
        constants=np.zeros(len(rows)),
        lower=np.where(publishable & (values >= 1), 1.0, 0.0),  # zeros are shown
        upper=np.full(len(cells), np.inf),
        publishable=publishable,
    )
    names = [f"{cell[2]} {cell[0]}/{area}{'' if cell[1] == '_T' else f'/{cell[1]}/_T'}" for area, cell in cells]
    return system, names


def compare(of: Country, seed: int) -> int:
    """Hide cells at random, small or not: whoever knows all equations finds out what is found of those kept."""
    kept = of.counts()
    part = window(kept, first=0, last=len(kept.months) - 1)
    named = [f"{month} {label}" for month in kept.months for label in labels(kept)]
    whole, names = everything(of)
    random = np.random.default_rng(seed)
    hidden = dict(zip(names, whole.publishable & (random.random(len(names)) < random.uniform(0.2, 0.7)), strict=True))
    ours = np.array([hidden.get(name, False) for name in named])
    theirs = np.array([hidden[name] for name in names])
    cells = [name for name in names if hidden[name]]
    at = [np.array([where.index(name) for name in cells], dtype="intp") for where in (named, names)]
    assert determined(part.system, ours)[at[0]].tolist() == determined(whole, theirs)[at[1]].tolist()
    assert intervals(part.system, ours, cells=at[0]).tolist() == intervals(whole, theirs, cells=at[1]).tolist()
    return whole.equations.shape[0] - part.system.equations.shape[0]


def publications(kind: Kind) -> Iterator[Kind]:
    """The kind with every choice of published counts: the fewer, the more is left out."""
    each = [item for item in kind.definitions if item.formula == "count"]
    for number in range(1, len(each) + 1):
        yield from (replace(kind, definitions=chosen) for chosen in combinations(each, number))


@pytest.mark.parametrize("kind", KINDS)
def test_equations_that_are_left_out_tell_nothing(kind: str) -> None:
    left_out = [compare(country(some, seed), seed) for some in publications(KINDS[kind]()) for seed in range(3)]
    assert max(left_out) > 0
