"""Made-up protected figures in the form that notebooks get them, for tests of claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from katsaus.calendar import shift
from katsaus.query import WEIGHT

Key = tuple[str, str, str, str]
"""Area, month, responsible organisation, group."""

MONTH = "2023-06"
TOTAL = ("_T", "_T")


@dataclass(frozen=True)
class Made:
    """Figures of one indicator by place; a text in place of a number is the symbol of a missing one.

    Those that are `counted` have changes in per cent, from 50 on.
    """

    cells: Mapping[Key, float | str] = field(default_factory=dict)
    counted: bool = True

    def figure(self, area: str, month: str, responsible: str, group: str) -> tuple[float, str]:
        cell = self.cells.get((area, month, responsible, group), "..")
        return (float("nan"), cell) if isinstance(cell, str) else (float(cell), "")

    def rows(  # the signature of Review.figures
        self,
        *indicators: str,
        areas: Iterable[str] | None = None,
        months: int = 1,
        source: str = "",  # noqa: ARG002  (there is one source)
        responsible: Sequence[str] = ("_T",),
        groups: Sequence[str] = ("_T",),
    ) -> pd.DataFrame:
        """The figures as `Review.figures` gives them: with changes, from unrounded figures, and symbols."""
        return pd.DataFrame(
            [
                {"indicator": indicator, "source": "ministry", "area": area, "month": month}
                | self._measures(area, month, (responsible[0], groups[0]))
                for indicator in indicators
                for area in areas or ()
                for month in [shift(MONTH, -n) for n in reversed(range(months))]
            ]
        )

    def _measures(self, area: str, month: str, at: tuple[str, str]) -> dict[str, float | str]:
        value, symbol = self.figure(area, month, *at)
        found: dict[str, float | str] = {"value": value, "value_symbol": symbol}
        for before, change, months in (("year_ago", "change", 12), ("month_ago", "month_change", 1)):
            then, lacking = self.figure(area, shift(month, -months), *at)
            percent = 100 * (value - then) / then if self.counted and then >= 50 else float("nan")
            found |= {before: then, f"{before}_symbol": lacking}
            reason = max(symbol, lacking, key=WEIGHT.__getitem__)
            found |= {change: value - then, f"{change}_symbol": reason}
            missing = reason or ("–" if math.isnan(percent) else "")
            found |= {f"{change}_percent": percent, f"{change}_percent_symbol": missing}
        return found


def of_areas(
    values: Mapping[str, float | str],
    before: Mapping[str, float | str] | None = None,
) -> Made:
    """Figures of areas now and, where given, a year before."""
    cells: dict[Key, float | str] = {(area, MONTH, *TOTAL): value for area, value in values.items()}
    cells |= {(area, shift(MONTH, -12), *TOTAL): value for area, value in (before or {}).items()}
    return Made(cells)
