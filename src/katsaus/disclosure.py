"""Disclosure control: the one door through which figures leave for charts, pages, downloads and releases.

`protect` makes a `ProtectedTable`; nothing else can. The rule of a source stands in `reviews/disclosure.yml` with its
reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.models import DisclosureRule, Indicator
from katsaus.indicators import derive, measures_of
from katsaus.panel import HIDDEN, KNOWN, NOT_COMPUTABLE, TOTAL, UNAVAILABLE, Cells, Panel, over_areas

SYMBOLS = {KNOWN: "", NOT_COMPUTABLE: "–", HIDDEN: "...", UNAVAILABLE: ".."}
"""What stands in place of a figure: without meaning (persons per no vacancy); protected; no data."""

PEOPLE = frozenset({"persons", "households"})
"""Units of indicators that are themselves counts to protect, also as a difference of others."""

_DOOR = object()


@dataclass(frozen=True)
class ProtectedTable:
    """Figures of one source that may be drawn: for each indicator (or part, "B03:coaching") `Cells` of series × months.

    `series` are REF_AREA × RESPONSIBLE × GROUP, sorted, `months` "2023-06". `log` counts what disclosure control did.
    Synthetic figures and real ones are never in the same table. Made by `protect` alone.
    """

    source: str
    synthetic: bool
    series: pd.MultiIndex
    months: pd.Index
    cells: Mapping[str, Cells]
    log: Mapping[str, int]
    door: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.door is not _DOOR:
            raise TypeError("a ProtectedTable is made by katsaus.disclosure.protect alone")

    def until(self, month: str) -> ProtectedTable:
        """The same table without anything later than `month`."""
        keep = int((self.months <= month).sum())
        cells = {name: Cells(part.values[:, :keep], part.states[:, :keep]) for name, part in self.cells.items()}
        return replace(self, months=self.months[:keep], cells=cells)

    def look_up(
        self, indicator: str, *, areas: Sequence[str], months: Sequence[str], at: tuple[str, str] = (TOTAL, TOTAL)
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
        """Values and symbols of an indicator, area by area and within it month by month; `..` outside the table.

        `at` is the responsible organisation and the group.
        """
        rows = np.array([self._rows.get((area, *at), -1) for area in areas], dtype="intp")
        columns = self.months.get_indexer(pd.Index(months, dtype=object))
        inside = (rows[:, None] >= 0) & (columns[None, :] >= 0)
        if not inside.any():  # a source may begin after the page's month, and there is nothing to look into
            return np.full(inside.size, np.nan), np.full(inside.size, SYMBOLS[UNAVAILABLE], dtype=object)
        place = np.ix_(rows, columns)
        cells = self.cells[indicator]
        states = np.where(inside, cells.states[place], UNAVAILABLE)
        symbols = np.array([SYMBOLS[state] for state in sorted(SYMBOLS)], dtype=object)[states]
        return np.where(inside, cells.values[place], np.nan).ravel(), symbols.ravel()

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], int]:
        """A look-up in pandas' own index costs a millisecond or two, and a page asks fifty times."""
        return {key: row for row, key in enumerate(self.series)}


@dataclass(frozen=True)
class Release:
    """What of a source is to be published: its indicators, areas (area → the REF_AREAs it sums) and the rule in force.

    The areas of `withheld` are not published singly. `counts` are the measures that the rule's threshold looks at.
    """

    definitions: Mapping[str, Indicator]
    members: Mapping[str, Sequence[str]]
    rule: DisclosureRule
    counts: Collection[str]
    withheld: Collection[str] = ()


def protect(source: Panel, release: Release, *, synthetic: bool) -> ProtectedTable:
    """Protected figures of the panel of a source.

    Counts of 1 up to the threshold of the rule are hidden in every area, municipality or sum, and so is what the source
    left blank; everything else is computed from what remains, so that a figure derived from a hidden one is hidden too.
    Zeros stay. (Hidden cells that others give away are the business of complementary suppression.)
    """
    members = {area: own for area, own in release.members.items() if area not in release.withheld}
    areas, primary = _without_small(over_areas(source, members), release)
    cells: dict[str, Cells] = {}
    for definition in release.definitions.values():
        summed = areas
        if definition.blanks == "skip":
            summed, _ = _without_small(over_areas(source, members, skipping=measures_of(definition)), release)
            if not summed.series.equals(areas.series):
                raise ValueError(f"{definition.id}: an area has a figure of its own and lacks those of its members")
        for name, derived in derive(summed, definition).items():
            cells[name] = _visible(derived, definition, threshold=release.rule.threshold)
    log = {
        "primary": primary,
        "hidden": sum(int((part.states == HIDDEN).sum()) for part in cells.values()),
        "published": sum(int((part.states == KNOWN).sum()) for part in cells.values()),
        "withheld": len(release.members) - len(members),
    }
    return ProtectedTable(release.rule.source, synthetic, areas.series, areas.months, cells, log, _DOOR)


def _without_small(areas: Panel, release: Release) -> tuple[Panel, int]:
    """The panel with its small counts hidden, and how many these are."""
    threshold = release.rule.threshold
    if threshold is None:
        return areas, 0
    measures = dict(areas.measures)
    hidden = 0
    for name in _among(release.counts, measures):
        small = _small(measures[name], threshold)
        hidden += int(small.sum())
        measures[name] = measures[name].where(~small, HIDDEN)
    return replace(areas, measures=measures), hidden


def _among(names: Iterable[str], measures: Mapping[str, Cells]) -> list[str]:
    return [name for name in names if name in measures]


def _small(cells: Cells, threshold: int) -> npt.NDArray[np.bool_]:
    return (cells.values > 0) & (cells.values < threshold)


def _visible(cells: Cells, definition: Indicator, *, threshold: int | None) -> Cells:
    """A count of people that is the difference of others is held to the threshold like them."""
    if threshold is None or definition.unit not in PEOPLE or definition.formula != "count":
        return cells
    return cells.where(~_small(cells, threshold), HIDDEN)
