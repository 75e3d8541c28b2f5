"""Disclosure control: the one door through which figures leave for charts, pages, downloads and releases.

`protect` makes a `ProtectedTable`; nothing else can. The rule of a source stands in `reviews/disclosure.yml` with its
reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.models import Indicator
from katsaus.indicators import LOOKS_BACK, derive, hidden

HIDDEN, NOT_COMPUTABLE, UNAVAILABLE = "...", "–", ".."
"""Symbols in place of a figure: protected; without meaning (persons per no vacancy); from before the data begin."""

_DOOR = object()


@dataclass(frozen=True)
class ProtectedTable:
    """Figures that may be drawn: REF_AREA × TIME_PERIOD with one column an indicator.

    `values` holds unrounded figures (NA where there is none), `symbols` the mark that stands in the place of a missing
    one, both sorted and of the same shape. `log` counts what disclosure control did. Made by `protect` alone.
    """

    values: pd.DataFrame
    symbols: pd.DataFrame
    log: Mapping[str, int]
    door: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.door is not _DOOR:
            raise TypeError("a ProtectedTable is made by katsaus.disclosure.protect alone")

    def until(self, month: str) -> ProtectedTable:
        """The same table without anything later than `month`."""
        keep = self.values.index.get_level_values("TIME_PERIOD") <= month
        return ProtectedTable(self.values[keep], self.symbols[keep], self.log, _DOOR)

    def look_up(
        self, indicator: str, *, areas: Sequence[str], months: Sequence[str]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
        """Values and symbols of an indicator, area by area and within it month by month; `..` outside the table.

        Every area has every month, so that a figure lies at a known place: a search by label would be a hundred times
        slower.
        """
        known_areas, known_months = self._axes
        shape = (len(known_areas), len(known_months))
        rows, columns = known_areas.get_indexer(pd.Index(areas)), known_months.get_indexer(pd.Index(months))
        inside = (rows[:, None] >= 0) & (columns[None, :] >= 0)
        place = np.ix_(rows, columns)
        values = np.where(inside, self.values[indicator].to_numpy().reshape(shape)[place], np.nan)
        symbols = np.where(inside, self.symbols[indicator].to_numpy().reshape(shape)[place], UNAVAILABLE)
        return values.ravel(), symbols.ravel()

    @cached_property
    def _axes(self) -> tuple[pd.Index, pd.Index]:
        index = self.values.index
        return index.unique("REF_AREA"), index.unique("TIME_PERIOD")


def protect(counts: pd.DataFrame, definitions: Mapping[str, Indicator], *, withheld: Sequence[str]) -> ProtectedTable:
    """Protected figures from `counts` (the shape `indicators.counts` returns).

    The rule in force is "protected at the source": a count that the source left blank stays hidden, and everything that
    `indicators.derive` computes is computed from these counts, so that a figure derived from a hidden one is hidden
    too. The areas of `withheld` are not published singly and leave the table.
    """
    published = counts[~counts.index.get_level_values("REF_AREA").isin(list(withheld))]
    values = derive(published, definitions)
    symbols = _symbols(published, values, definitions=definitions)
    log = {
        "withheld": len(counts) - len(published),
        "hidden": int((symbols == HIDDEN).to_numpy().sum()),
        "published": int(values.notna().to_numpy().sum()),
    }
    return ProtectedTable(values, symbols, log, _DOOR)


def _symbols(counts: pd.DataFrame, values: pd.DataFrame, *, definitions: Mapping[str, Indicator]) -> pd.DataFrame:
    """`..` where months from before the data are needed, `...` where a needed count is blank, else `–`."""
    month = counts.groupby("REF_AREA").cumcount() + 1
    return pd.DataFrame(
        {
            name: np.select(
                [values[name].notna(), month < LOOKS_BACK.get(name, 1), hidden(counts, definitions[name])],
                ["", UNAVAILABLE, HIDDEN],
                NOT_COMPUTABLE,
            )
            for name in values.columns
        },
        index=values.index,
        dtype=object,
    )
