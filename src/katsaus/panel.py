"""A source's observations as a panel of series and months, its sums over areas and sums of its measures."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.calendar import shift
from katsaus.config.expression import Expression, Term
from katsaus.config.project import TRIAL
from katsaus.config.rules import TOTAL

Values = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]

KNOWN, NOT_COMPUTABLE, HIDDEN, UNAVAILABLE = range(4)
"""Why a figure is missing; of several reasons the highest is told."""

DELIVERED_AS = {"trial": TRIAL}
"""Groups that sources may deliver as areas of their own."""

SERIES = ["REF_AREA", "RESPONSIBLE", "GROUP"]

Series = tuple[str, str, str]
"""What names a series: its value of each of these."""


@dataclass(frozen=True)
class Cells:
    """Figures of all series (rows) in all months (columns): `values` (NaN where there is none) and why, `states`.

    Its repr holds neither: what is printed or told of an error must not tell a figure.
    """

    values: Values = field(repr=False)
    states: States = field(repr=False)

    def where(self, kept: npt.NDArray[np.bool_], otherwise: int) -> Cells:
        """The same, without the figures that are not `kept`; these are missing for the reason `otherwise`."""
        lost = ~kept & (self.states == KNOWN)
        return Cells(np.where(lost, np.nan, self.values), np.where(lost, otherwise, self.states).astype("int8"))


@dataclass(frozen=True)
class Panel:
    """A source's measures as `Cells`, all of the same series (REF_AREA, RESPONSIBLE, GROUP) and months, both sorted."""

    series: pd.MultiIndex
    months: pd.Index
    measures: Mapping[str, Cells]

    def positions(self, areas: Sequence[str], *, responsible: str, group: str) -> npt.NDArray[np.intp]:
        """Rows of `areas` at a responsible organisation and group; -1 where there is no such series."""
        return np.array([self._rows.get((area, responsible, group), -1) for area in areas], dtype="intp")

    @cached_property
    def _rows(self) -> dict[Series, int]:
        """A look-up in pandas' own index costs a millisecond, and there are thousands."""
        return {key: row for row, key in enumerate(self.series)}


def panel(observations: pd.DataFrame) -> Panel:
    """The observations of one source (the store's columns) as a panel. A cell without a row is unavailable."""
    keys = [observations[name].cat for name in SERIES]
    codes = np.zeros(len(observations), dtype="int64")
    for key in keys:
        codes *= len(key.categories)
        codes += key.codes.to_numpy()
    there = np.zeros(math.prod(len(key.categories) for key in keys), dtype=bool)
    there[codes] = True  # sorting millions of codes to find a few thousand takes ten times as long
    found = np.flatnonzero(there)
    parts: list[pd.Index] = []
    months, measures = observations["TIME_PERIOD"].cat, observations["MEASURE"].cat
    shape = (len(measures.categories), len(found), len(months.categories))
    place = (np.cumsum(there) - 1)[codes]
    place += measures.codes.to_numpy() * np.int64(len(found))
    place *= len(months.categories)
    place += months.codes.to_numpy()
    for key in reversed(keys):
        found, code = np.divmod(found, len(key.categories))
        parts.insert(0, pd.Index(key.categories[code].astype(object)))
    values = np.full(shape, np.nan)
    states = np.full(shape, UNAVAILABLE, dtype="int8")
    given = observations["OBS_VALUE"].to_numpy()
    hidden = (observations["CONF_STATUS"] == "C").to_numpy()
    values.ravel()[place] = given
    states.ravel()[place] = np.where(~np.isnan(given), KNOWN, np.where(hidden, HIDDEN, UNAVAILABLE)).astype("int8")
    cells = {str(name): Cells(values[i], states[i]) for i, name in enumerate(measures.categories)}
    return Panel(pd.MultiIndex.from_arrays(parts, names=SERIES), pd.Index(months.categories.astype(object)), cells)


def over_areas(
    source: Panel,
    members: Mapping[str, Sequence[str]],
    *,
    skipping: Iterable[str] = (),
    among: Collection[Series] | None = None,
) -> Panel:
    """The panel of areas: each is its own row where the source has one, else the sum of its `members`.

    A sum lacks what a member lacks. The measures of `skipping` are known together or not at all: a member that lacks
    one of them leaves the sums of all, which then are of members always and lack a figure only where every member does.
    An area without a series of its own or of all its members is left out, and so is what is not `among` the wanted.
    """
    skipped = list(skipping)
    names = skipped or list(source.measures)
    taken = {name: source.measures[name] for name in names}
    if skipped:
        state = np.max([cells.states for cells in taken.values()], axis=0)
        taken = {name: Cells(np.where(state == KNOWN, cells.values, np.nan), state) for name, cells in taken.items()}
    found = rows_over(source, members, summed=bool(skipped))
    keys = [key for key in found if among is None or key in among]
    rows = [found[key] for key in keys]
    add = _sum_known if skipped else _sum_all
    index = pd.MultiIndex.from_tuples(keys, names=SERIES)
    return Panel(index, source.months, {name: add(cells, rows) for name, cells in taken.items()})


def rows_over(
    source: Panel, members: Mapping[str, Sequence[str]], *, summed: bool = False
) -> dict[Series, npt.NDArray[np.intp]]:
    """The series of areas, sorted, with the rows that each sums: its own, or (if `summed`, always) its members'."""
    found: dict[Series, npt.NDArray[np.intp]] = {}
    for responsible, group in source.series.droplevel("REF_AREA").unique():
        for area, own in members.items():
            itself = own[0] if len(own) == 1 else DELIVERED_AS.get(area, area)
            position = source.positions([itself], responsible=responsible, group=group)
            if (summed and len(own) > 1) or position[0] < 0:
                position = source.positions(own, responsible=responsible, group=group)
            if (position >= 0).all():
                found[area, responsible, group] = position
    return {key: found[key] for key in sorted(found)}


def _sum_all(cells: Cells, rows: Sequence[npt.NDArray[np.intp]]) -> Cells:
    """Sums of `rows`; each lacks what one of its rows lacks, for the highest of their reasons."""
    return Cells(_reduced(cells.values, rows, by=np.add), _reduced(cells.states, rows, by=np.maximum))


def _sum_known(cells: Cells, rows: Sequence[npt.NDArray[np.intp]]) -> Cells:
    """Sums of `rows` without those that lack a figure; lacking where all do."""
    states = _reduced(cells.states, rows, by=np.minimum)
    values = _reduced(np.nan_to_num(cells.values), rows, by=np.add)
    return Cells(np.where(states == KNOWN, values, np.nan), states)


def _reduced(part: npt.NDArray[Any], rows: Sequence[npt.NDArray[np.intp]], *, by: np.ufunc) -> npt.NDArray[Any]:
    """The rows of `part` that each of `rows` names, made one row."""
    reduced = part[[own[0] for own in rows]]
    several = [i for i, own in enumerate(rows) if len(own) > 1]
    if several:
        begins = np.cumsum([0, *(len(rows[i]) for i in several[:-1])])
        reduced[several] = by.reduceat(part[np.concatenate([rows[i] for i in several])], begins, axis=0)
    return reduced


def evaluate(expression: Expression, areas: Panel) -> Cells:
    """The sum that `expression` writes, at every series of `areas`."""
    if len(expression.terms) == 1 and expression.terms[0].sign > 0:
        return _term(expression.terms[0], areas)
    terms = [_term(term, areas) for term in expression.terms]
    values = np.sum([term.sign * cells.values for term, cells in zip(expression.terms, terms, strict=True)], axis=0)
    return Cells(values, np.max([cells.states for cells in terms], axis=0))


def _term(term: Term, areas: Panel) -> Cells:
    cells = areas.measures[term.measure]
    if term.at:
        cells = elsewhere(cells, areas, at=dict(term.at))
    return earlier(cells, areas.months, months=term.lag) if term.lag else cells


def elsewhere(cells: Cells, areas: Panel, *, at: Mapping[str, str]) -> Cells:
    """At every series the figure of another one, whose dimensions `at` differ; a series that is itself part of such a
    dimension has none.
    """
    place = places(areas, at=at)
    lost = (place < 0)[:, None]
    return Cells(
        np.where(lost, np.nan, cells.values[place]), np.where(lost, UNAVAILABLE, cells.states[place]).astype("int8")
    )


def places(areas: Panel, *, at: Mapping[str, str]) -> npt.NDArray[np.intp]:
    """For every series the row of the one whose dimensions `at` differ; -1 where `elsewhere` has no figure."""
    frame = areas.series.to_frame(index=False)
    own = np.ones(len(frame), dtype=bool)
    for dimension, value in at.items():
        if dimension != "REF_AREA":
            own &= (frame[dimension] == TOTAL).to_numpy()
        frame[dimension] = value
    return np.where(own, areas.series.get_indexer(pd.MultiIndex.from_frame(frame)), -1)


def earlier(cells: Cells, periods: pd.Index, *, months: int) -> Cells:
    """At every month the figure of so many `months` before; unavailable before the data begin."""
    place = periods.get_indexer(pd.Index([shift(str(period), -months) for period in periods], dtype=object))
    lost = (place < 0)[None, :]
    return Cells(
        np.where(lost, np.nan, cells.values[:, place]),
        np.where(lost, UNAVAILABLE, cells.states[:, place]).astype("int8"),
    )
