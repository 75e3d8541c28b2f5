"""Boundaries of the counts and the indicators: blanks, zeros, small bases, the first year."""

import pandas as pd
import pytest

from katsaus.calendar import months_until
from katsaus.config.models import Indicator
from katsaus.indicators import change_in_percent, counts, derive, hidden

MONTHS = months_until("2021-02", 24)
MEMBERS = {
    "KU001": ["KU001"],
    "KU002": ["KU002"],
    "KU003": ["KU003"],
    "both": ["KU001", "KU002"],
    "gap": ["KU002", "KU003"],
}


def observations(vacancies: dict[str, float | None]) -> pd.DataFrame:
    """Three municipalities over 24 months: 100, 200 and 40 unemployed of 1 000, 4 000 and 500; the given vacancies."""
    fixed = {"KU001": (100, 1000), "KU002": (200, 4000), "KU003": (40, 500)}
    rows = [
        (area, month, name, value)
        for area, (unemployed, labour_force) in fixed.items()
        for month in MONTHS
        for name, value in (
            ("unemployed", unemployed),
            ("labour_force", labour_force),
            ("vacancies", vacancies[area]),
        )
    ]
    table = pd.DataFrame(rows, columns=["REF_AREA", "TIME_PERIOD", "INDICATOR", "OBS_VALUE"])
    return table.astype({"OBS_VALUE": "Int64"})


def definition(name: str, numerator: str, denominator: str | None = None, **more: object) -> Indicator:
    text = {"fi": "x", "sv": "x", "en": "x"}
    return Indicator.model_validate(
        {
            "id": name,
            "name": text,
            "heading": {"fi": "x", "sv": "x"},
            "definition": text,
            "unit": "percent",
            "decimals": 1,
            "numerator": numerator,
            "denominator": denominator,
            "direction": "neutral",
            "comparison": "none",
            "source": "made-up",
            **more,
        }
    )


DEFINITIONS = {
    item.id: item
    for item in (
        definition("A03", "unemployed"),
        definition("C11", "unemployed", "vacancies"),
        definition("C12", "vacancies"),
        definition("D01", "unemployed", "labour_force"),
        definition("D02", "unemployed", "labour_force"),
        definition("D04", "unemployed", base={"first": "2020-03", "last": "2021-02"}),
        definition("D05", "unemployed", "labour_force"),
    )
}
LAST = MONTHS[-1]


def test_a_rate_of_a_group_is_the_sum_over_the_sum() -> None:
    table = counts(observations({"KU001": 10, "KU002": 20, "KU003": 5}), MEMBERS)
    assert derive(table, DEFINITIONS).loc[("both", LAST), "D01"] == 100 * 300 / 5000


def test_a_member_without_vacancies_leaves_both_parts_of_the_ratio() -> None:
    table = counts(observations({"KU001": 10, "KU002": 20, "KU003": None}), MEMBERS)
    values = derive(table, DEFINITIONS)
    assert values.loc[("gap", LAST), "C11"] == 200 / 20
    assert values.loc[("gap", LAST), "C12"] == 20
    assert values.loc[("gap", LAST), "A03"] == 240


@pytest.mark.parametrize(("vacancies", "is_hidden"), [(None, True), (0, False)])
def test_no_ratio_without_vacancies_and_a_blank_is_told_from_a_zero(vacancies: int | None, is_hidden: bool) -> None:
    table = counts(observations({"KU001": vacancies, "KU002": 20, "KU003": 5}), MEMBERS)
    assert pd.isna(derive(table, DEFINITIONS).loc[("KU001", LAST), "C11"])
    assert hidden(table, DEFINITIONS["C11"])[("KU001", LAST)] == is_hidden


def test_a_group_of_blanks_only_is_blank() -> None:
    table = counts(observations({"KU001": None, "KU002": None, "KU003": 5}), MEMBERS)
    assert pd.isna(table.loc[("both", LAST), "vacancies"])
    assert pd.isna(table.loc[("both", LAST), "matched"])


def test_what_looks_back_a_year_has_no_figure_in_the_first() -> None:
    values = derive(counts(observations({"KU001": 1, "KU002": 1, "KU003": 1}), MEMBERS), DEFINITIONS)
    first_full = MONTHS[11]
    assert values.loc[("KU001", MONTHS[10]), ["D05"]].isna().all()
    assert values.loc[("KU001", first_full), "D05"] == pytest.approx(10)
    assert pd.isna(values.loc[("KU001", first_full), "D02"])
    assert values.loc[("KU001", MONTHS[12]), "D02"] == 0


def test_an_index_starts_from_a_base_of_fifty_persons() -> None:
    values = derive(counts(observations({"KU001": 1, "KU002": 1, "KU003": 1}), MEMBERS), DEFINITIONS)
    assert values.loc[("KU001", LAST), "D04"] == 100
    assert values.loc[("KU003", slice(None)), "D04"].isna().all()


def test_a_blank_hides_the_average_of_the_twelve_months_it_belongs_to() -> None:
    blank = observations({"KU001": 1, "KU002": 1, "KU003": 1})
    at = (blank["REF_AREA"] == "KU001") & (blank["TIME_PERIOD"] == MONTHS[5]) & (blank["INDICATOR"] == "unemployed")
    blank.loc[at, "OBS_VALUE"] = pd.NA
    table = counts(blank, MEMBERS)
    masked = hidden(table, DEFINITIONS["D05"])
    assert masked[("KU001", MONTHS[16])]
    assert not masked[("KU001", MONTHS[17])]
    assert not masked[("KU002", MONTHS[16])]
    assert derive(table, DEFINITIONS)["D05"].isna()[("KU001", MONTHS[16])]


@pytest.mark.parametrize(("before", "expected"), [(49.0, None), (50.0, 100.0), (51.0, 96.0784)])
def test_a_change_in_per_cent_needs_a_base_of_fifty(before: float, expected: float | None) -> None:
    change = change_in_percent(pd.Series([100.0]), pd.Series([before])).iloc[0]
    assert pd.isna(change) if expected is None else change == pytest.approx(expected, abs=1e-4)
