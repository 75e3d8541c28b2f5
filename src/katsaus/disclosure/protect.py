"""The one door through which figures leave for charts, pages, downloads and releases.

`protect` makes a `ProtectedTable`; nothing else can. The rule of a source stands in `reviews/disclosure.yml` with its
reason, the pattern of every month in `data/patterns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.expression import Expression
from katsaus.disclosure.patterns import FOLDER, Pattern, masks
from katsaus.disclosure.scope import Scope, scope, small, sum_of
from katsaus.disclosure.table import DOOR, Flags, ProtectedTable, Release
from katsaus.errors import Problem, SuppressionError
from katsaus.indicators import derive, measures_of
from katsaus.panel import HIDDEN, KNOWN, SERIES, UNAVAILABLE, Cells, Panel, evaluate, over_areas, rows_over

BASE = 5
"""What counts are rounded to where a rule says so."""


def protect(source: Panel, release: Release, *, patterns: Mapping[str, Pattern], synthetic: bool) -> ProtectedTable:
    """Protected figures of the panel of a source: those that the release publishes, and of these what its rule lets.

    Suppression hides the cells (sums of measures) of the month's pattern: small counts, and those that would give them
    back. What the source left blank is hidden too, and so is every figure derived from a hidden cell. Rounding rounds
    all counts to base 5 before anything is computed of them. Zeros stay. What is not published is not computed either.

    Raises SuppressionError if a month has no pattern, or one that lets a small count through.
    """
    members = release.published_members
    series = pd.MultiIndex.from_tuples(list(rows_over(source, members)), names=SERIES)
    every = replace(source, series=series, measures={})
    whole = scope(release, every)
    rows = np.flatnonzero(np.logical_or.reduce([*whole.indicators.values(), *whole.sums.values()]))
    areas = over_areas(source, members, among=set(series[rows]))
    published = scope(release, areas)
    hidden, primary = _hidden(areas, published, release=release, patterns=patterns, every=every)
    shown = _shown(areas, published, release=release, hidden=hidden)
    cells: dict[str, Cells] = {}
    for definition in release.definitions.values():
        own = areas
        take = shown
        if definition.blanks == "skip":
            if release.rule.threshold is not None:
                raise ValueError(f"{definition.id}: sums that skip blanks are of sources protected at the source only")
            own = over_areas(source, members, skipping=measures_of(definition), among=set(areas.series))
            if not own.series.equals(areas.series):
                raise ValueError(f"{definition.id}: an area has a figure of its own and lacks those of its members")
            take = _as_delivered(own)
        for name, derived in derive(own, definition, take=take).items():
            cells[name] = _spread(derived, published.indicators[name], at=rows, rows=len(series))
    log = {
        "primary": primary,
        "secondary": sum(int((flags & published.sums[name][:, None]).sum()) for name, flags in hidden.items())
        - primary,
        "hidden": sum(int((part.states == HIDDEN).sum()) for part in cells.values()),
        "published": sum(int((part.states == KNOWN).sum()) for part in cells.values()),
        "withheld": sum(area in release.members for area in release.withheld),
    }
    return ProtectedTable(release.rule.source, synthetic, series, areas.months, cells, whole.indicators, log, DOOR)


def _spread(derived: Cells, flags: Flags, *, at: npt.NDArray[np.intp], rows: int) -> Cells:
    """The published figures among so many rows, `at` their places; all others are unavailable."""
    shape = (rows, derived.values.shape[1])
    found = Cells(np.full(shape, np.nan), np.full(shape, UNAVAILABLE, dtype="int8"))
    found.values[at[flags]], found.states[at[flags]] = derived.values[flags], derived.states[flags]
    return found


def _hidden(
    areas: Panel, published: Scope, *, release: Release, patterns: Mapping[str, Pattern], every: Panel
) -> tuple[dict[str, Flags], int]:
    """Which published cells the patterns hide, by sum, and how many of them are small counts. What a pattern hides must
    be among `every` series; it may be published no longer.

    Raises SuppressionError with every month whose pattern is missing or hides too little.
    """
    if release.rule.threshold is None or release.rule.method == "rounding":
        return {}, 0
    rows = every.series.get_indexer(areas.series)
    found = masks({month: pattern.hidden for month, pattern in patterns.items()}, every)
    hidden = {name: flags[rows] for name, flags in found.items()}
    if unknown := sorted(hidden.keys() - published.sums.keys()):
        what = f"patterns hide sums that are not published: {', '.join(unknown)}"
        do = "write them in reviews/indicators.yml as they were written when the patterns were made"
        raise SuppressionError(Problem(what, f"{FOLDER.as_posix()}/{release.rule.source}", do=do))
    primary = 0
    bare = np.zeros(len(areas.months), dtype="int64")
    nowhere = np.zeros((len(areas.series), 1), dtype=bool)
    for name, counts in small(release, areas, published=published).items():
        primary += int(counts.sum())
        bare += (counts & ~hidden.get(name, nowhere)).sum(axis=0)
    problems = []
    for month, number in zip(areas.months, bare, strict=True):
        where = f"{FOLDER.as_posix()}/{release.rule.source}/{month}.json"
        if month not in patterns:
            problems.append(Problem("the month has no pattern of hidden cells", where, do="run katsaus check --save"))
        elif number:
            what = f"the pattern lets {number} small counts through"
            do = "if the month was never published, delete the file and run katsaus check --save"
            problems.append(Problem(what, where, "figures, tables or threshold are not those that it was made for", do))
    if problems:
        raise SuppressionError(problems)
    return hidden, primary


def _shown(
    areas: Panel, published: Scope, *, release: Release, hidden: Mapping[str, Flags]
) -> Callable[[Expression], Cells]:
    """What takes the published sums from the panel: hidden where a pattern says so, unavailable where unpublished."""
    if release.rule.method == "rounding":
        rounded = {name: _rounded(areas.measures[name]) for name in areas.measures if name in release.counts}
        areas = replace(areas, measures={**areas.measures, **rounded})
    sums = {
        name: _as_published(sum_of(name, areas, published=published), flags, hidden=hidden.get(name))
        for name, flags in published.sums.items()
    }
    single = replace(areas, measures=sums)

    def take(expression: Expression) -> Cells:
        return sums[expression.text] if expression.text in sums else evaluate(expression, single)

    return take


def _as_published(cells: Cells, flags: Flags, *, hidden: Flags | None) -> Cells:
    there = cells.where(flags[:, None], UNAVAILABLE)
    return there if hidden is None else there.where(~hidden, HIDDEN)


def _as_delivered(areas: Panel) -> Callable[[Expression], Cells]:
    return lambda expression: evaluate(expression, areas)


def _rounded(cells: Cells) -> Cells:
    """Counts to the nearest multiple of the base."""
    return Cells(np.floor(cells.values / BASE + 0.5) * BASE, cells.states)
