"""What disclosure control lets through: figures that may be drawn, and the release that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.models import Indicator
from katsaus.config.rules import TOTAL, DisclosureRule, PublishedKind
from katsaus.config.sources import GroupTotal, Identity, Subset
from katsaus.errors import Problem, UsageError
from katsaus.panel import HIDDEN, KNOWN, NOT_COMPUTABLE, UNAVAILABLE, Cells

SYMBOLS = {KNOWN: "", NOT_COMPUTABLE: "–", HIDDEN: "...", UNAVAILABLE: ".."}
"""What stands in place of a figure: without meaning (persons per no vacancy); protected; no data."""

Flags = npt.NDArray[np.bool_]

PEOPLE = frozenset({"persons", "households"})
"""Units of indicators that are themselves counts to protect, also as a difference of others."""

DOOR: Final = object()
"""What `protect` alone holds: the key to a `ProtectedTable`."""


@dataclass(frozen=True)
class ProtectedTable:
    """Figures of one source that may be drawn: `Cells` of series × months of each indicator (or part, "B03:coaching").

    `series` are REF_AREA × RESPONSIBLE × GROUP, sorted, `months` "2023-06". `published` says for each indicator at
    which series it may be asked for. `log` counts what disclosure control did. Real and synthetic figures are never
    in the same table. Made by `protect` alone.
    """

    source: str
    synthetic: bool
    series: pd.MultiIndex
    months: pd.Index
    cells: Mapping[str, Cells]
    published: Mapping[str, Flags] = field(repr=False)
    log: Mapping[str, int]
    door: InitVar[object]

    def __post_init__(self, door: object) -> None:
        if door is not DOOR:
            raise TypeError("a ProtectedTable is made by katsaus.disclosure.protect alone")

    def until(self, month: str) -> ProtectedTable:
        """The same table without anything later than `month`."""
        keep = int((self.months <= month).sum())
        cells = {name: Cells(part.values[:, :keep], part.states[:, :keep]) for name, part in self.cells.items()}
        return replace(self, months=self.months[:keep], cells=cells, door=DOOR)

    def only(self, keys: Collection[str]) -> ProtectedTable:
        """The same table with these indicators alone."""
        return replace(self, cells={name: part for name, part in self.cells.items() if name in keys}, door=DOOR)

    def look_up(
        self, indicator: str, *, areas: Sequence[str], months: Sequence[str], at: tuple[str, str] = (TOTAL, TOTAL)
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
        """Values and symbols of an indicator, area by area and within it month by month; `..` outside the table.

        `at` is the responsible organisation and the group. Raises UsageError for what is not published.
        """
        rows = np.array([self._rows.get((area, *at), -1) for area in areas], dtype="intp")
        columns = self.months.get_indexer(pd.Index(months, dtype=object))
        inside = (rows[:, None] >= 0) & (columns[None, :] >= 0)
        if not inside.any():  # a source may begin after the page's month, and there is nothing to look into
            return np.full(inside.size, np.nan), np.full(inside.size, SYMBOLS[UNAVAILABLE], dtype=object)
        if not self.published[indicator][rows[rows >= 0]].all():
            self._refuse(indicator, [area for area, row in zip(areas, rows, strict=True) if row >= 0], at=at)
        place = np.ix_(rows, columns)
        cells = self.cells[indicator]
        states = np.where(inside, cells.states[place], UNAVAILABLE)
        symbols = np.array([SYMBOLS[state] for state in sorted(SYMBOLS)], dtype=object)[states]
        return np.where(inside, cells.values[place], np.nan).ravel(), symbols.ravel()

    def _refuse(self, indicator: str, areas: Sequence[str], *, at: tuple[str, str]) -> None:
        outside = [area for area in areas if not self.published[indicator][self._rows[area, *at]]]
        what = f"{indicator} of {outside[0]} ({self.source}, {at[0]} × {at[1]}) is not among the published tables"
        do = "add it to tables of the rule, and have it protected by katsaus check --save"
        raise UsageError(Problem(what, "reviews/disclosure.yml", do=do))

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], int]:
        """A look-up in pandas' own index costs a millisecond or two, and a page asks fifty times."""
        return {key: row for row, key in enumerate(self.series)}


@dataclass(frozen=True)
class Release:
    """What of a source is to be published: its indicators, areas and the rule in force.

    `members` is area → the REF_AREAs it sums, `kinds` area → its kind; the areas of `withheld` are not published
    singly. `counts` are the measures that the rule's threshold looks at. What a reader knows to hold between measures
    are `identities` and `subsets`, between groups or responsible organisations `totals`, and that `trial` and `other`
    are parts of the country: all of it (`whole_country`), or all but persons without a known municipality.
    """

    definitions: Mapping[str, Indicator]
    members: Mapping[str, Sequence[str]]
    kinds: Mapping[str, PublishedKind]
    rule: DisclosureRule
    counts: Collection[str]
    withheld: Collection[str] = ()
    identities: Sequence[Identity] = ()
    subsets: Sequence[Subset] = ()
    totals: Sequence[GroupTotal] = ()
    whole_country: bool = False

    @property
    def people(self) -> frozenset[str]:
        """What is written of the sums that are shown as numbers of people."""
        return frozenset(
            numerator.text
            for definition in self.definitions.values()
            if definition.unit in PEOPLE and definition.formula == "count"
            for numerator in definition.numerators.values()
        )

    @property
    def published_members(self) -> Mapping[str, Sequence[str]]:
        """The members of the areas that are published at all."""
        wanted = {kind for table in self.rule.tables for kind in table.areas}
        return {
            area: own
            for area, own in self.members.items()
            if area not in self.withheld and (not wanted or self.kinds.get(area) in wanted)
        }
