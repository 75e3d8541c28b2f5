"""What was released: every figure that a page may show, computed anew from the protected tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from katsaus.calendar import shift
from katsaus.disclosure import SYMBOLS
from katsaus.errors import UsageError
from katsaus.figures import Figures, definition_of
from katsaus.indicators import percentage_change
from katsaus.panel import HIDDEN, NOT_COMPUTABLE
from katsaus.query import BEFORE
from katsaus.rounding import half_away
from katsaus.table import Subject
from katsaus.terms import Words
from katsaus.wording import LEVELS

WEIGHT = {symbol: state for state, symbol in SYMBOLS.items()}
CONCEALED = SYMBOLS[HIDDEN]
EARLIER = {earlier: months for earlier, _, months in BEFORE.values()}
CHANGES = {change: months for _, change, months in BEFORE.values()}
MEASURES = ("value", *EARLIER, *CHANGES, *(f"{change}_percent" for change in CHANGES))

Cell = tuple[float, str]


@dataclass(frozen=True)
class Shown:
    """A released figure: its unrounded `value` or the `symbol` in its place, and how tables write it."""

    value: float = field(repr=False)
    symbol: str
    decimals: int
    signed: bool

    @cached_property
    def published(self) -> float:
        """The value as it is published, rounded; of visible figures alone."""
        return float(half_away(self.value, self.decimals))

    @property
    def plain(self) -> str:
        """As downloads have it."""
        return self.symbol or str(half_away(self.value, self.decimals))

    def written(self, words: Words) -> str:
        """As pages have it."""
        if self.symbol:
            return self.symbol
        return words.signed(self.value, self.decimals) if self.signed else words.number(self.value, self.decimals)


class Released:
    """The released figures of a project by their subject, each series looked up once."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._series: dict[tuple[str, ...], Sequence[Cell] | None] = {}
        self._shown: dict[Subject, Shown | None] = {}

    def shown(self, subject: Subject) -> Shown | None:
        """The figure of `subject`; None for one that the project does not publish."""
        if subject not in self._shown:
            self._shown[subject] = self._look_up(subject)
        return self._shown[subject]

    @cached_property
    def _months(self) -> dict[str, int]:
        """All months of any source or calendar, by their place in a series."""
        first = "2000-01"
        last = max(self.figures.project.months)
        months = [first]
        while months[-1] < last:
            months.append(shift(months[-1], 1))
        return {month: at for at, month in enumerate(months)}

    def _look_up(self, subject: Subject) -> Shown | None:
        series, measure = self._held(subject), subject.measure
        if series is None or subject.month not in self._months or measure not in MEASURES:
            return None
        definition = definition_of(self.figures.project, subject.indicator)
        at = self._months[subject.month]
        value, symbol = self._measured(series, measure, at=at, counted=definition.counts)
        decimals = 1 if measure.endswith("_percent") else definition.decimals
        return Shown(value, symbol, decimals, signed=measure not in LEVELS)

    @staticmethod
    def _measured(series: Sequence[Cell], measure: str, *, at: int, counted: bool) -> Cell:
        def ago(months: int) -> Cell:
            return series[at - months] if at >= months else (math.nan, "..")

        if measure in EARLIER or measure == "value":
            return ago(EARLIER.get(measure, 0))
        (now, mark), (then, mark_then) = series[at], ago(CHANGES[measure.removesuffix("_percent")])
        symbol = max(mark, mark_then, key=WEIGHT.__getitem__)
        if not measure.endswith("_percent"):
            return now - then, symbol
        percent = float(percentage_change(np.array([now]), np.array([then]))[0]) if counted else math.nan
        return percent, symbol or (SYMBOLS[NOT_COMPUTABLE] if math.isnan(percent) else "")

    def _held(self, subject: Subject) -> Sequence[Cell] | None:
        """The figures of all months of a subject's series; None where nothing of the kind is published."""
        source, key, _, area, responsible, group, _ = subject
        if source not in self.figures.vintage.manifest.sources or area not in self.figures.members:
            return None
        at = (source, key, area, responsible, group)
        if at not in self._series:
            self._series[at] = self._looked_up(subject)
        return self._series[at]

    def _looked_up(self, subject: Subject) -> Sequence[Cell] | None:
        table = self.figures.table(subject.source)
        if subject.indicator not in table.cells:
            return None
        at, months = (subject.responsible, subject.group), list(self._months)
        try:
            values, symbols = table.look_up(subject.indicator, areas=[subject.area], months=months, at=at)
        except UsageError:
            return None
        return list(zip(values.tolist(), symbols.tolist(), strict=True))
