"""The system of equations of a release, made of the catalogue of indicators, the areas and the relations of the source.

A reader knows that an area is the sum of its municipalities, a total the sum of its groups, a published sum that of its
measures, and that the identities of the source hold. The cells are the same in every month; equations may reach back
over months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from katsaus.config.expression import Expression
from katsaus.disclosure.scope import Scope
from katsaus.disclosure.table import Flags, Release
from katsaus.panel import Panel, places

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

REST = "rest"
"""The name of cells that no series has: what a total has beyond its parts."""

PART = " but "
"""What stands in the name of a rest between a measure and what is taken from it."""

Nested = Sequence[tuple[int, tuple[int, ...]]]
"""Rows of sums of areas, and of the areas that each sums."""

Term = tuple[int, int, int]
"""A cell, how many months back, and the sign that it has in an equation."""


@dataclass(frozen=True)
class Layout:
    """The cells of one month and the equations (sums of terms that are zero) between cells.

    Of each cell [n]: its sum in `names`, its row in `series` (-1 of a rest), whether it is `publishable`, and how many
    areas its area sums (`sizes`). `partitions` are the equations of a total and its parts: the total first.
    """

    names: Sequence[str]
    name: Ints
    row: Ints
    publishable: Flags
    sizes: Ints
    equations: Sequence[Sequence[Term]]
    partitions: Sequence[Sequence[Term]]

    @property
    def reach(self) -> int:
        """How many months back the equations reach."""
        return max((lag for equation in self.equations for _, lag, _ in equation), default=0)


@dataclass
class _Book:
    """Cells by name and row, and the equations found."""

    publishable: dict[tuple[str, int], bool] = field(default_factory=dict)
    equations: dict[tuple[tuple[tuple[str, int], int, int], ...], bool] = field(default_factory=dict)

    def enter(self, terms: Iterable[tuple[tuple[str, int], int, int]], *, partition: bool) -> None:
        """An equation; cells that it needs and that are not published are entered with it."""
        written = tuple(terms)
        self.equations.setdefault(written, partition)
        for cell, _, _ in written:
            self.publishable.setdefault(cell, False)


def layout(release: Release, areas: Panel, *, published: Scope) -> Layout:
    """The cells and equations of a release; `areas` is the panel of its areas."""
    book = _Book()
    for name, flags in published.sums.items():
        book.publishable |= {(name, int(row)): True for row in np.flatnonzero(flags)}
    for name in published.sums:
        if name not in areas.measures:
            _write_sum(book, name, expression=published.written[name], areas=areas)
    nested = list(_nested(release, areas))
    names = {*areas.measures, *published.sums}
    _add_areas(book, nested, names=names, add=True)
    rows = sorted({row for _, row in book.publishable if row >= 0})
    for relation in _relations(release, areas):
        _add_relation(book, relation, rows=rows)
    _add_areas(book, nested, names=names, add=False)
    _add_country(book, release, areas=areas)
    return _told(book, release, areas=areas)


@dataclass(frozen=True)
class _Relation:
    """Terms (name, lag, sign, row at each series) that come to zero at every series."""

    terms: Sequence[tuple[str, int, int, Sequence[int]]]
    partition: bool


def _relations(release: Release, areas: Panel) -> Iterator[_Relation]:
    """The identities and subsets of the source, and the totals over its groups and responsible organisations."""
    for identity in release.identities:
        terms = [*_spread(identity.left, areas, sign=1), *_spread(identity.right, areas, sign=-1)]
        if not identity.tolerance and all(name in areas.measures for name, *_ in terms):
            alone = len(identity.left.terms) == 1
            yield _Relation(terms, partition=alone and all(t.sign > 0 and not t.lag for t in identity.right.terms))
    for subset in release.subsets:
        terms = [*_spread(subset.of, areas, sign=1), *_spread(subset.part, areas, sign=-1)]
        if all(name in areas.measures for name, *_ in terms):
            rest = f"{REST}:{terms[0][0]}{PART}{subset.part.text}"
            yield _Relation([*terms, (rest, 0, -1, _own(areas))], partition=False)
    for total in release.totals:
        dimension = total.dimension.upper()
        parts = [places(areas, at={dimension: part}).tolist() for part in total.parts]  # none at a part itself
        for name in areas.measures:
            yield _Relation([(name, 0, 1, _own(areas)), *((name, 0, -1, at) for at in parts)], partition=True)


def _add_relation(book: _Book, relation: _Relation, *, rows: Sequence[int]) -> None:
    """The relation at every one of `rows` where all its terms are and two at least are known."""
    for row in rows:
        known = 0
        for name, _, _, at in relation.terms:  # a plain loop: it is the longest of a build, and most rows fall out
            place = at[row]
            if place < 0:
                break
            known += (name, place) in book.publishable
        else:
            if known > 1:
                terms = [((name, at[row]), lag, sign) for name, lag, sign, at in relation.terms]
                book.enter(terms, partition=relation.partition)


def _spread(expression: Expression, areas: Panel, *, sign: int) -> list[tuple[str, int, int, Sequence[int]]]:
    return [
        (term.measure, term.lag, sign * term.sign, places(areas, at=dict(term.at)).tolist() if term.at else _own(areas))
        for term in expression.terms
    ]


def _own(areas: Panel) -> Sequence[int]:
    return range(len(areas.series))


def _write_sum(book: _Book, name: str, *, expression: Expression, areas: Panel) -> None:
    terms = _spread(expression, areas, sign=-1)
    for row in [row for known, row in book.publishable if known == name]:
        parts = [((measure, at[row]), lag, sign) for measure, lag, sign, at in terms]
        if all(place >= 0 for (_, place), _, _ in parts):
            book.enter([((name, row), 0, 1), *parts], partition=False)


def _nested(release: Release, areas: Panel) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each series of a sum of areas with those of its parts, once for every kind of areas in it; -1 stands for what is
    in none of them, or in one that the source has nothing of.
    """
    members = {area: frozenset(own) for area, own in release.published_members.items()}
    parts = {area: list(_made_of(area, members, kinds=release.kinds)) for area in members}
    rows = {key: row for row, key in enumerate(areas.series)}
    for (area, responsible, group), row in rows.items():
        for cover in parts.get(area, ()):
            own = [rows.get((part, responsible, group), -1) for part in cover]
            there = [part for part in own if part >= 0]
            whole = len(there) == len(own) and sum(len(members[part]) for part in cover) == len(members[area])
            if there:
                yield row, tuple(there if whole else [*there, -1])


def _made_of(
    area: str, members: Mapping[str, frozenset[str]], *, kinds: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """The areas of a kind within `area` that have no member in common, for every kind."""
    within: dict[str, list[str]] = {}
    for name, own in sorted(members.items()):
        if own < members[area] or (own == members[area] and area < name):  # of two that are the same, one equation
            within.setdefault(kinds.get(name, name), []).append(name)
    for names in within.values():
        if sum(len(members[name]) for name in names) == len({one for name in names for one in members[name]}):
            yield tuple(names)


def _add_areas(book: _Book, nested: Nested, *, names: Collection[str], add: bool) -> None:
    """The sums over areas of those `names` that are published of the area and of a part, other parts added; or, if none
    may be added, that are known of the area and all its parts, and published of one of them.
    """
    by_row: dict[int, list[str]] = {}
    for name, row in book.publishable:
        if name in names:
            by_row.setdefault(row, []).append(name)
    for row, parts in nested:
        for name in by_row.get(row, []):
            total = book.publishable[name, row]
            cells = [(name, part) if part >= 0 else (f"{REST}:{name}", row) for part in parts]
            known = [book.publishable.get(cell, False if cell[0] != name else None) for cell in cells]
            if (total and any(known)) if add else (None not in known and any((total, *known))):
                book.enter([((name, row), 0, 1), *((cell, 0, -1) for cell in cells)], partition=False)


def _add_country(book: _Book, release: Release, *, areas: Panel) -> None:
    """The country is the trial and the other municipalities, and those whose municipality nobody knows."""
    series = list(areas.series)
    rows = {key: row for row, key in enumerate(series)}
    for name, row in [cell for cell in book.publishable if cell[0] in areas.measures]:
        area, *at = series[row]
        parts = [(name, rows.get((part, *at), -1)) for part in ("trial", "other")]
        known = [book.publishable.get(cell) for cell in ((name, row), *parts)]
        if area == "country" and None not in known and any(known):
            rest = [] if release.whole_country else [((f"{REST}:{name}", row), 0, -1)]
            book.enter([((name, row), 0, 1), *((part, 0, -1) for part in parts), *rest], partition=False)


def _told(book: _Book, release: Release, *, areas: Panel) -> Layout:
    """The layout without equations that say nothing: of two unknown cells with opposite signs that are in no other."""
    equations = dict(book.equations)
    while True:
        times = Counter(cell for equation in equations for cell, _, _ in equation)
        free = {cell for cell, known in book.publishable.items() if not known and times[cell] == 1}
        empty = [equation for equation in equations if len({sign for cell, _, sign in equation if cell in free}) > 1]
        if not empty:
            break
        for equation in empty:
            del equations[equation]
    cells = sorted({cell for cell, known in book.publishable.items() if known or times[cell]})
    place = {cell: i for i, cell in enumerate(cells)}
    names = sorted({name for name, _ in cells})
    row = np.array([row for _, row in cells], dtype="intp")
    sizes = np.array([len(release.members.get(area, ())) for area in areas.series.get_level_values("REF_AREA")])
    whole = [equation for equation in equations if equations[equation]]
    return Layout(
        names,
        np.searchsorted(names, [name for name, _ in cells]),
        np.where([name.startswith(f"{REST}:") for name, _ in cells], -1, row),
        np.array([book.publishable[cell] for cell in cells]),
        np.where(row >= 0, sizes[row], 1),
        [[(place[cell], lag, sign) for cell, lag, sign in equation] for equation in equations],
        [[(place[cell], lag, sign) for cell, lag, sign in equation] for equation in whole],
    )
