"""Pure arithmetic of indicators: the formulas of reviews/indicators.yml.

Everything is computed from unrounded counts; rounding comes once, when a figure is shown. Files and languages are
unknown here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR
from katsaus.config.expression import Expression
from katsaus.config.models import Indicator
from katsaus.panel import KNOWN, NOT_COMPUTABLE, UNAVAILABLE, Cells, Panel, Values, earlier, elsewhere

SMALLEST_BASE = 50
"""A change in per cent or an index against fewer than these is not computed."""

OTHER = "other"
"""The group that a gap is measured from."""


def divided(numerator: Cells, denominator: Cells, *, smallest: float | None = None, times: float = 1) -> Cells:
    """`times` the quotient; not computable where the denominator is 0 or below `smallest`."""
    states = np.maximum(numerator.states, denominator.states)
    states = np.where(
        (states == KNOWN) & ((denominator.values == 0) | (denominator.values < (smallest or 0))), NOT_COMPUTABLE, states
    ).astype("int8")
    safe = np.where(states == KNOWN, denominator.values, np.nan)
    return Cells(times * numerator.values / safe, states)


def less(now: Cells, before: Cells) -> Cells:
    """The difference."""
    return Cells(now.values - before.values, np.maximum(now.states, before.states))


@dataclass(frozen=True)
class Sums:
    """What a formula gets: the areas, numerator and (where there is one) denominator of a definition."""

    areas: Panel
    numerator: Cells
    denominator: Cells
    definition: Indicator


def count(sums: Sums) -> Cells:
    """The sum as it is."""
    return sums.numerator


def ratio(sums: Sums) -> Cells:
    """Numerator per denominator, unrounded."""
    return divided(sums.numerator, sums.denominator, smallest=sums.definition.minimum_denominator)


def percentage(sums: Sums) -> Cells:
    """Numerator per denominator, per cent, unrounded."""
    return divided(sums.numerator, sums.denominator, smallest=sums.definition.minimum_denominator, times=100)


def change_of_percentage(sums: Sums) -> Cells:
    """The percentage less that of the same month of the previous year, in percentage points, unrounded."""
    now = percentage(sums)
    return less(now, earlier(now, sums.areas.months, months=MONTHS_IN_YEAR))


def change_in_percent(sums: Sums) -> Cells:
    """The change from the same month of the previous year in per cent; none from a base under 50."""
    before = earlier(sums.numerator, sums.areas.months, months=MONTHS_IN_YEAR)
    return divided(less(sums.numerator, before), before, smallest=SMALLEST_BASE, times=100)


def index(sums: Sums) -> Cells:
    """The count, the mean of the definition's base period = 100; none where that mean is under 50."""
    base = sums.definition.base
    if base is None:
        raise ValueError(f"{sums.definition.id} is an index without a base")
    months = sums.areas.months
    inside = np.asarray((months >= base.first) & (months <= base.last))
    if not inside.any():
        return Cells(np.full_like(sums.numerator.values, np.nan), np.full_like(sums.numerator.states, UNAVAILABLE))
    mean = sums.numerator.values[:, inside].mean(axis=1, keepdims=True)
    state = sums.numerator.states[:, inside].max(axis=1, keepdims=True)
    wide = np.ones_like(sums.numerator.values)
    return divided(sums.numerator, Cells(mean * wide, (state * wide).astype("int8")), smallest=SMALLEST_BASE, times=100)


def average_percentage(sums: Sums) -> Cells:
    """Twelve months' numerators summed per their denominators summed, per cent."""
    whole = [_year(cells, sums.areas.months) for cells in (sums.numerator, sums.denominator)]
    return divided(whole[0], whole[1], times=100)


def _year(cells: Cells, months: pd.Index) -> Cells:
    """The sum of each month and the eleven before it."""
    windows = [cells, *(earlier(cells, months, months=back) for back in range(1, MONTHS_IN_YEAR))]
    return Cells(np.sum([part.values for part in windows], axis=0), np.max([part.states for part in windows], axis=0))


def gap_of_percentage(sums: Sums) -> Cells:
    """The percentage less that of the other municipalities, in percentage points, unrounded."""
    own = percentage(sums)
    return less(own, elsewhere(own, sums.areas, at={"REF_AREA": OTHER}))


FORMULAS: dict[str, Callable[[Sums], Cells]] = {
    "average_percentage": average_percentage,
    "change_in_percent": change_in_percent,
    "change_of_percentage": change_of_percentage,
    "count": count,
    "gap_of_percentage": gap_of_percentage,
    "index": index,
    "percentage": percentage,
    "ratio": ratio,
}
"""What reviews/indicators.yml may name as a formula."""


def derive(areas: Panel, definition: Indicator, *, take: Callable[[Expression], Cells]) -> dict[str, Cells]:
    """Every value of an indicator (one, or one for each part) at every series and month of `areas`.

    `take` gives the sums that its numerators and denominator write.
    """
    denominator = take(definition.denominator) if definition.denominator else None
    found = {}
    for key, expression in definition.numerators.items():
        numerator = take(expression)
        sums = Sums(areas, numerator, denominator or numerator, definition)
        found[key] = FORMULAS[definition.formula](sums)
    return found


def measures_of(definition: Indicator) -> tuple[str, ...]:
    """Every measure that an indicator needs, each once."""
    sums = [*definition.numerators.values(), *([definition.denominator] if definition.denominator else [])]
    return tuple(dict.fromkeys(measure for part in sums for measure in part.measures))


def percentage_change(now: Values, before: Values) -> Values:
    """Change from `before` to `now` in per cent; NaN where `before` is under 50, which calls for persons only."""
    return 100 * (now - before) / np.where(before >= SMALLEST_BASE, before, np.nan)
