"""Protected figures as notebooks get them: rows with a value, what it was a year and a month ago, and the changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR, shift
from katsaus.config.rules import TOTAL
from katsaus.disclosure import SYMBOLS, ProtectedTable
from katsaus.errors import Problem, UsageError
from katsaus.figures import COMPARISON, Figures, definition_of
from katsaus.indicators import percentage_change
from katsaus.output import SYNTHETIC, Output, show
from katsaus.panel import NOT_COMPUTABLE
from katsaus.spelling import refuse_unknown
from katsaus.wording import Wording

BEFORE = {"year": ("year_ago", "change", MONTHS_IN_YEAR), "month": ("month_ago", "month_change", 1)}
"""What a figure is held against: the names of the earlier figure and of the change, and how many months lie between."""


WEIGHT = {symbol: state for state, symbol in SYMBOLS.items()}
"""Of two reasons why there is no figure the heavier one is told."""


@dataclass(frozen=True)
class Wanted:
    """Which figures: of areas (codes), months, responsible organisations and groups, of the indicator's first source
    unless `source` names another.
    """

    areas: Sequence[str]
    months: Sequence[str]
    source: str = ""
    responsible: Sequence[str] = (TOTAL,)
    groups: Sequence[str] = (TOTAL,)


def listed(name: str, values: Iterable[str]) -> list[str]:
    """`values` as a list. Raises UsageError for one text, whose letters they would be."""
    if isinstance(values, str):
        raise UsageError(Problem(f"{name} is a text", do=f'write a list: {name}=["{values}"]'))
    return list(values)


class Query:
    """The figures of a project that a page of `month` may show, with their names in the language of `wording`."""

    def __init__(self, figures: Figures, wording: Wording, *, month: str) -> None:
        self._figures = figures
        self._wording = wording
        self._month = month
        self._tables: dict[str, ProtectedTable] = {}

    def rows(self, indicators: Sequence[str], wanted: Wanted) -> pd.DataFrame:
        """A row for each indicator (of one with parts: for each part), organisation, group, area and month.

        Raises UsageError for what there is not, with what may have been meant.
        """
        if not indicators:
            do = 'name one of reviews/indicators.yml: review.figures("A03")'
            raise UsageError(Problem("figures of no indicator", do=do))
        keys = [key for indicator in indicators for key in self._expanded(indicator)]
        by_indicator = len(keys) > 1 and len(wanted.areas) == 1
        parts = [part for key in keys for part in self._parts(key, wanted, by_indicator=by_indicator)]
        return pd.DataFrame({name: list(chain.from_iterable(part[name] for part in parts)) for name in parts[0]})

    def again(self, table: pd.DataFrame) -> pd.DataFrame:
        """The figures of the areas and months of `table` (rows of one indicator, source, organisation and group)."""
        first = table.iloc[0]
        at = {"responsible": [first["responsible"]], "groups": [first["group"]]}
        wanted = Wanted(list(table["area"].unique()), list(table["month"].unique()), first["source"], **at)
        return self.rows([first["indicator"]], wanted)

    def row(self, indicator: str, wanted: Wanted) -> Any:
        """The one row of `wanted`, its columns as attributes."""
        if len(parts := self._expanded(indicator)) > 1:
            raise UsageError(Problem(f"{indicator} has parts", do=f"name one of them: {', '.join(parts)}"))
        return SimpleNamespace(
            **{name: column[0] for name, column in next(self._parts(indicator, wanted, by_indicator=False)).items()}
        )

    def months(self, count: int) -> list[str]:
        """`count` months, the page's the last; fewer where no source begins so early."""
        if count < 1:
            raise UsageError(Problem(f"figures of {count} months", do="ask for one month at least"))
        first = min(sidecar.first_month for held in self._figures.sidecars.values() for sidecar in held)
        months = [self._month]
        while len(months) < count and months[-1] > first:
            months.append(shift(months[-1], -1))
        return months[::-1]

    def _expanded(self, indicator: str) -> Sequence[str]:
        definition = definition_of(self._figures.project, indicator)
        return [*definition.numerators] if definition.parts and ":" not in indicator else [indicator]

    def _parts(self, key: str, wanted: Wanted, *, by_indicator: bool) -> Iterator[dict[str, Any]]:
        table = self._table(self._figures.source_of(key, wanted.source))
        self._check(table, wanted)
        size = len(wanted.areas) * len(wanted.months)
        areas = [area for area in wanted.areas for _ in wanted.months]
        for responsible in wanted.responsible:
            for group in wanted.groups:
                yield {
                    "indicator": [key] * size,
                    "source": [table.source] * size,
                    "area": areas,
                    "responsible": [responsible] * size,
                    "group": [group] * size,
                    "month": list(wanted.months) * len(wanted.areas),
                    "label": self._labels(areas, at=(responsible, group), wanted=wanted)
                    if not by_indicator
                    else [self._wording.heading(key)] * size,
                    "series": [self._series(area, responsible) for area in areas],
                    **self._measures(table, key, wanted=wanted, at=(responsible, group)),
                }

    def _table(self, source: str) -> ProtectedTable:
        """The figures of a source up to the page's month; that a synthetic one was handed out is told to the page."""
        if source not in self._tables:
            self._tables[source] = self._figures.table(source).until(self._month)
            if source in self._figures.synthetic:
                show(Output(SYNTHETIC, {"source": source}, self._wording.synthetic))
        return self._tables[source]

    def _check(self, table: ProtectedTable, wanted: Wanted) -> None:
        """Raise UsageError for an area that there is not, and for an organisation or group that the source has not."""
        for area in wanted.areas:
            self._figures.check_code(area)
        for level, names, what in ((1, wanted.responsible, "responsible organisation"), (2, wanted.groups, "group")):
            for name in names:
                refuse_unknown(f"{what} in {table.source} called", name, known=table.series.unique(level=level))

    def _labels(self, areas: Sequence[str], *, at: tuple[str, str], wanted: Wanted) -> list[str]:
        responsible, group = at
        if len(wanted.responsible) > 1:
            return [self._wording.organisation(responsible)] * len(areas)
        if len(wanted.groups) > 1:
            return [self._wording.group(group)] * len(areas)
        return [self._figures.chart_names[area][self._wording.lang] for area in areas]

    @staticmethod
    def _series(area: str, responsible: str) -> str:
        if responsible != TOTAL:
            return {"trial": "clients"}.get(responsible, responsible)
        return area if area in COMPARISON else "area"

    def _measures(self, table: ProtectedTable, key: str, *, wanted: Wanted, at: tuple[str, str]) -> dict[str, Any]:
        """value, and for each of `BEFORE` the earlier figure and the change from it, all with their symbols.

        Changes are from unrounded figures; those in per cent are of counts only.
        """
        counted = definition_of(self._figures.project, key).counts
        now, mark = table.look_up(key, areas=wanted.areas, months=wanted.months, at=at)
        measures: dict[str, Any] = {"value": now, "value_symbol": mark}
        for earlier, change, months in BEFORE.values():
            before = [shift(month, -months) for month in wanted.months]
            then, mark_then = table.look_up(key, areas=wanted.areas, months=before, at=at)
            missing = np.array([max(pair, key=WEIGHT.__getitem__) for pair in zip(mark, mark_then, strict=True)])
            percent = percentage_change(now, then) if counted else np.full(len(now), np.nan)
            in_percent = np.where((missing == "") & np.isnan(percent), SYMBOLS[NOT_COMPUTABLE], missing)
            measures |= {earlier: then, f"{earlier}_symbol": mark_then}
            measures |= {change: now - then, f"{change}_symbol": missing}
            measures |= {f"{change}_percent": percent, f"{change}_percent_symbol": in_percent}
        return measures
