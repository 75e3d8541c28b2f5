"""Figures as running text publishes them: rounded as the ministry rounds, and compared as rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from katsaus.config.models import COUNTS, Indicator
from katsaus.rounding import half_away
from katsaus.spelling import refuse_unknown

Against = Literal["year", "month"]


WHOLES = frozenset({"trial", "other", "country"})
"""Groups whose counts the ministry tells in hundreds; an area's own are told exactly."""

HUNDREDS = -2
ROUNDED_FROM = 1000
"""Smaller counts of a group are told exactly: in hundreds too little would be left of them."""

PERCENT_FROM = 1000
"""A smaller change in hundreds is not told in per cent too: what is rounded away would be seen to be missing."""

CHANGES: dict[Against, str] = {"year": "change", "month": "month_change"}
"""The column of `Review.figures` that holds a change."""


@dataclass(frozen=True)
class Figure:
    """A protected figure: its area, its value and the symbol that stands in place of a missing one ("" for none)."""

    area: str
    value: float
    symbol: str


@dataclass(frozen=True)
class Comparison:
    """A protected figure beside an earlier one, or another's, and their unrounded difference.

    `symbol` stands in place of a missing difference. `percent` is the change in per cent, None where there is none.
    """

    area: str
    value: float
    other: float
    difference: float
    symbol: str
    percent: float | None = None


def figure(row: Any) -> Figure:
    """The figure of a row of `Review.figures`."""
    return Figure(row.area, float(row.value), str(row.value_symbol))


def change(row: Any, against: Against) -> Comparison:
    """The figure of a row of `Review.figures` beside that of the year or month before. Raises UsageError for others."""
    refuse_unknown("time to hold against called", against, known=CHANGES)
    name = CHANGES[against]
    return Comparison(
        row.area,
        float(row.value),
        float(getattr(row, f"{against}_ago")),
        float(getattr(row, name)),
        str(getattr(row, f"{name}_symbol")),
        percent=None if getattr(row, f"{name}_percent_symbol") else float(getattr(row, f"{name}_percent")),
    )


def gap(own: Any, other: Any) -> Comparison:
    """The figures of two rows beside each other; the symbol is that of the first that is missing."""
    symbol = str(own.value_symbol) or str(other.value_symbol)
    return Comparison(own.area, float(own.value), float(other.value), float(own.value) - float(other.value), symbol)


def decimals(indicator: Indicator, area: str, *, value: float) -> int:
    """How many decimals running text tells of a value, and of its change: −2 for hundreds."""
    whole = indicator.unit in COUNTS and area in WHOLES and abs(value) >= ROUNDED_FROM
    return HUNDREDS if whole else indicator.decimals


@dataclass(frozen=True)
class Difference:
    """A difference as it is told: its `size` with `places` decimals, whether it is above zero (1), zero or below (−1).

    One of zero is `exact` where the two figures are also the same as tables show them.
    """

    size: Decimal
    places: int
    sign: int
    exact: bool
    percent: Decimal | None


def difference(compared: Comparison, indicator: Indicator) -> Difference:
    """The difference of two known figures, rounded like the first of them."""
    places = decimals(indicator, compared.area, value=compared.value)
    rounded = half_away(compared.difference, places)
    same = half_away(compared.value, indicator.decimals) == half_away(compared.other, indicator.decimals)
    percent = None
    if compared.percent is not None and (places != HUNDREDS or abs(rounded) >= PERCENT_FROM):
        percent = abs(half_away(compared.percent, 1)) or None
    return Difference(abs(rounded), places, (rounded > 0) - (rounded < 0), same, percent)
