"""Counts of areas and groups, and the indicators derived from them as `reviews/indicators.yml` defines them.

Everything here is a pure function on frames whose rows are REF_AREA × TIME_PERIOD. Nothing reads files or knows
languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR
from katsaus.config.models import Indicator

SMALLEST_BASE = 50
"""A change in per cent or an index is not computed from a base of fewer persons than this."""

SKIPPING = {"vacancies", "matched"}
"""The counts whose sum leaves out a member without a figure; of any other count a blank makes the sum a blank."""


def counts(observations: pd.DataFrame, members: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Counts of every area: unemployed, labour force, vacancies, and the unemployed where vacancies are known.

    `observations`: tidy, columns REF_AREA, TIME_PERIOD, INDICATOR, OBS_VALUE (NA where the source is blank). `members`:
    area → the REF_AREAs that it sums (a municipality and the whole country are their own only member). Returns rows
    REF_AREA × TIME_PERIOD (sorted), columns unemployed, labour_force (persons), vacancies and `matched`: the unemployed
    of the members that have a vacancy figure, so that numerator and denominator of C11 are the same municipalities. A
    sum of the latter two skips a blank, unless every member is blank; of any other count a blank makes the sum blank.
    """
    parts = {str(name): _by_month(rows) for name, rows in observations.groupby("INDICATOR", observed=True)}
    parts["matched"] = parts["unemployed"].where(parts["vacancies"].notna())
    areas, places = sorted(members), parts["unemployed"].index
    position = {str(area): number for number, area in enumerate(places)}
    rows = [[position[member] for member in members[area]] for area in areas]
    summed = {
        name: np.concatenate([(_sum if name in SKIPPING else np.sum)(values[own], axis=0) for own in rows])
        for name, values in ((name, part.to_numpy()) for name, part in parts.items())
    }
    months = parts["unemployed"].columns
    return pd.DataFrame(summed, index=pd.MultiIndex.from_product([areas, months], names=["REF_AREA", "TIME_PERIOD"]))


def _by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """One measure as areas × months."""
    table = rows.astype({"REF_AREA": "str", "TIME_PERIOD": "str", "OBS_VALUE": "float64"})
    return table.pivot(index="REF_AREA", columns="TIME_PERIOD", values="OBS_VALUE")


def _sum(values: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """Sums along `axis`, skipping blanks; blank where all are."""
    return np.where(np.isnan(values).all(axis), np.nan, np.nansum(values, axis))


def count(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """A count as it is."""
    return table[definition.numerator]


def percentage(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """Numerator per denominator, per cent, unrounded."""
    return 100 * table[definition.numerator] / table[definition.denominator]


def change_of_percentage(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """The percentage less that of the same month of the previous year, in percentage points, unrounded."""
    now = percentage(table, definition)
    return now - now.groupby("REF_AREA").shift(MONTHS_IN_YEAR)


def index(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """The count, the mean of the definition's base period = 100; none where that mean is under 50.

    Raises ValueError for a definition without a base period.
    """
    if definition.base is None:
        raise ValueError(f"{definition.id} is an index without a base")
    values = table[definition.numerator]
    months = values.index.get_level_values("TIME_PERIOD")
    base = values[(months >= definition.base.first) & (months <= definition.base.last)].groupby("REF_AREA").mean()
    base = base.where(base >= SMALLEST_BASE)
    indexed: pd.Series = 100 * values / base.reindex(values.index.get_level_values("REF_AREA")).to_numpy()
    return indexed


def average_percentage(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """Twelve months' numerators summed per their denominators summed, per cent."""
    parts = table[[definition.numerator, definition.denominator]]
    sums = parts.groupby("REF_AREA").rolling(MONTHS_IN_YEAR).sum().droplevel(0)
    return percentage(sums, definition)


def per_vacancy(table: pd.DataFrame, _: Indicator) -> pd.Series:
    """Unemployed jobseekers per vacancy, of the municipalities with a vacancy figure; none without vacancies."""
    return table["matched"] / table["vacancies"].where(table["vacancies"] > 0)


INDICATORS: dict[str, Callable[[pd.DataFrame, Indicator], pd.Series]] = {
    "A03": count,
    "C11": per_vacancy,
    "C12": count,
    "D01": percentage,
    "D02": change_of_percentage,
    "D04": index,
    "D05": average_percentage,
    "D07": count,
}

LOOKS_BACK = {"D02": MONTHS_IN_YEAR + 1, "D05": MONTHS_IN_YEAR}
"""Months, this one included, whose counts an indicator uses; one where it is not named."""


def derive(table: pd.DataFrame, definitions: Mapping[str, Indicator]) -> pd.DataFrame:
    """Every indicator of `table` (the shape `counts` returns), one column each; NA where it can't be computed."""
    return pd.DataFrame({name: INDICATORS[name](table, definitions[name]) for name in definitions}, index=table.index)


def hidden(table: pd.DataFrame, definition: Indicator) -> pd.Series:
    """True where a count that the indicator needs is blank in `table` (the shape `counts` returns)."""
    needed = [part for part in (definition.numerator, definition.denominator) if part]
    blank = table[needed].isna().any(axis=1)
    if not blank.any():
        return blank
    window = LOOKS_BACK.get(definition.id, 1)
    return blank.astype("float64").groupby("REF_AREA").rolling(window, min_periods=1).max().droplevel(0) > 0


def change_in_percent(now: pd.Series, before: pd.Series) -> pd.Series:
    """Change from `before` to `now` in per cent; NA where `before` is under 50, which calls for persons only."""
    return 100 * (now - before) / before.where(before >= SMALLEST_BASE)
