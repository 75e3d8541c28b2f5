"""Boundaries of panels, sums and formulas: blanks, zeros, small bases, the first year, other places and times."""

from functools import partial

import numpy as np
import pytest
from sample_panel import Row, definition, observed

from katsaus.calendar import months_until
from katsaus.config.expression import parse
from katsaus.indicators import derive, percentage_change
from katsaus.panel import HIDDEN, KNOWN, NOT_COMPUTABLE, UNAVAILABLE, Cells, Panel, evaluate, over_areas

MONTHS = months_until("2021-02", 24)
LAST = MONTHS[-1]
MEMBERS = {
    "KU001": ["KU001"],
    "KU002": ["KU002"],
    "KU003": ["KU003"],
    "both": ["KU001", "KU002"],
    "gap": ["KU002", "KU003"],
    "other": ["KU003"],
}
FIXED = {"KU001": (100, 1000), "KU002": (200, 4000), "KU003": (40, 500)}


def rows(vacancies: dict[str, float | str | None]) -> list[Row]:
    """Three municipalities over 24 months: 100, 200 and 40 unemployed of 1 000, 4 000 and 500; the given vacancies."""
    return [
        (area, "_T", "_T", month, name, value)
        for area, (unemployed, labour_force) in FIXED.items()
        for month in MONTHS
        for name, value in (("unemployed", unemployed), ("labour_force", labour_force), ("vacancies", vacancies[area]))
    ]


FULL = rows({"KU001": 10, "KU002": 20, "KU003": 5})
D01 = definition("D01", "percentage", "unemployed", "labour_force")


def at(cells: Cells, panel: Panel, area: str, month: str = LAST) -> tuple[float, int]:
    place = panel.series.get_loc((area, "_T", "_T")), panel.months.get_loc(month)
    return float(cells.values[place]), int(cells.states[place])


def derived(panel: Panel, *args: str | None, area: str, month: str = LAST, **more: object) -> tuple[float, int]:
    item = definition("X01", *args, **more)  # type: ignore[arg-type]
    return at(derive(panel, item, take=partial(evaluate, areas=panel))["X01"], panel, area, month)


def test_a_rate_of_a_group_is_the_sum_over_the_sum() -> None:
    areas = over_areas(observed(FULL), MEMBERS)
    found = derive(areas, D01, take=partial(evaluate, areas=areas))["D01"]
    assert at(found, areas, "both") == (100 * 300 / 5000, KNOWN)


def test_a_member_without_vacancies_leaves_both_parts_of_the_ratio() -> None:
    source = observed(rows({"KU001": 10, "KU002": 20, "KU003": "..."}))
    areas = over_areas(source, MEMBERS, skipping=("unemployed", "vacancies"))
    assert derived(areas, "ratio", "unemployed", "vacancies", area="gap") == (200 / 20, KNOWN)
    assert at(areas.measures["vacancies"], areas, "gap") == (20, KNOWN)
    whole = over_areas(source, MEMBERS)
    assert at(whole.measures["unemployed"], whole, "gap") == (240, KNOWN)
    assert at(whole.measures["vacancies"], whole, "gap")[1] == HIDDEN


def test_a_group_of_blanks_only_is_blank() -> None:
    areas = over_areas(observed(rows({"KU001": "...", "KU002": "...", "KU003": 5})), MEMBERS, skipping=("vacancies",))
    value, state = at(areas.measures["vacancies"], areas, "both")
    assert np.isnan(value)
    assert state == HIDDEN


@pytest.mark.parametrize(("vacancies", "state"), [("...", HIDDEN), (None, UNAVAILABLE), (0, NOT_COMPUTABLE)])
def test_hidden_unavailable_and_zero_are_told_apart(vacancies: float | str | None, state: int) -> None:
    areas = over_areas(observed(rows({"KU001": vacancies, "KU002": 20, "KU003": 5})), MEMBERS)
    assert derived(areas, "ratio", "unemployed", "vacancies", area="KU001")[1] == state


def test_the_highest_reason_for_a_missing_sum_is_told() -> None:
    areas = over_areas(observed(rows({"KU001": "...", "KU002": None, "KU003": 5})), MEMBERS)
    assert at(areas.measures["vacancies"], areas, "both")[1] == UNAVAILABLE


def test_an_area_that_the_source_has_is_its_own_row() -> None:
    delivered: list[Row] = [("KK01", "_T", "_T", LAST, "unemployed", 301), ("KK", "_T", "_T", LAST, "unemployed", 302)]
    areas = over_areas(observed([*FULL, *delivered]), {"KK01": ["KU001", "KU002"], "trial": ["KU001", "KU002"]})
    assert at(areas.measures["unemployed"], areas, "KK01")[0] == 301
    assert at(areas.measures["unemployed"], areas, "trial")[0] == 302


def test_an_area_without_all_its_members_is_left_out() -> None:
    areas = over_areas(observed(FULL), {"KU001": ["KU001"], "more": ["KU001", "KU999"]})
    assert list(areas.series.get_level_values("REF_AREA")) == ["KU001"]


def test_what_looks_back_a_year_has_no_figure_in_the_first() -> None:
    areas = over_areas(observed(FULL), MEMBERS)
    average = ("average_percentage", "unemployed", "labour_force")
    assert derived(areas, *average, area="KU001", month=MONTHS[10])[1] == UNAVAILABLE
    assert derived(areas, *average, area="KU001", month=MONTHS[11]) == (pytest.approx(10), KNOWN)
    change = ("change_of_percentage", "unemployed", "labour_force")
    assert derived(areas, *change, area="KU001", month=MONTHS[11])[1] == UNAVAILABLE
    assert derived(areas, *change, area="KU001", month=MONTHS[12]) == (0, KNOWN)


def test_an_index_starts_from_a_base_of_fifty_persons() -> None:
    areas = over_areas(observed(FULL), MEMBERS)
    base = {"first": "2020-03", "last": "2021-02"}
    assert derived(areas, "index", "unemployed", area="KU001", base=base) == (100, KNOWN)
    assert derived(areas, "index", "unemployed", area="KU003", base=base)[1] == NOT_COMPUTABLE


def test_a_blank_hides_the_average_of_the_twelve_months_it_belongs_to() -> None:
    blank = [(*row[:5], "...") if row[0] == "KU001" and row[3:5] == (MONTHS[5], "unemployed") else row for row in FULL]
    areas = over_areas(observed(blank), MEMBERS)
    average = ("average_percentage", "unemployed", "labour_force")
    assert derived(areas, *average, area="KU001", month=MONTHS[16])[1] == HIDDEN
    assert derived(areas, *average, area="KU001", month=MONTHS[17])[1] == KNOWN
    assert derived(areas, *average, area="KU002", month=MONTHS[16])[1] == KNOWN


def test_a_gap_is_against_the_other_municipalities() -> None:
    areas = over_areas(observed(FULL), MEMBERS)
    assert derived(areas, "gap_of_percentage", "unemployed", "labour_force", area="KU001") == (10 - 8, KNOWN)
    assert derived(areas, "gap_of_percentage", "unemployed", "labour_force", area="other") == (0, KNOWN)


@pytest.mark.parametrize(("smallest", "state"), [(1000, KNOWN), (1001, NOT_COMPUTABLE)])
def test_a_rate_needs_its_smallest_denominator(smallest: int, state: int) -> None:
    areas = over_areas(observed(FULL), MEMBERS)
    found = derived(areas, "percentage", "unemployed", "labour_force", area="KU001", minimum_denominator=smallest)
    assert found[1] == state


@pytest.mark.parametrize(("before", "expected"), [(49.0, None), (50.0, 100.0), (51.0, 96.0784)])
def test_a_change_in_per_cent_needs_a_base_of_fifty(before: float, expected: float | None) -> None:
    change = percentage_change(np.array([100.0]), np.array([before]))[0]
    assert np.isnan(change) if expected is None else change == pytest.approx(expected, abs=1e-4)
    given = {MONTHS[0]: before, MONTHS[12]: 100.0}
    areas = observed([("KU001", "_T", "_T", month, "x", value) for month, value in given.items()])
    state = derived(areas, "change_in_percent", "x", area="KU001", month=MONTHS[12])[1]
    assert state == (NOT_COMPUTABLE if expected is None else KNOWN)


def test_a_sum_adds_subtracts_looks_back_and_elsewhere() -> None:
    months = MONTHS[-2:]
    source = observed(
        [
            ("KU001", responsible, group, month, measure, number)
            for number, (responsible, group, month, measure) in enumerate(
                (r, g, m, name) for r in ("_T", "trial") for g in ("_T", "F") for m in months for name in ("a", "b")
            )
        ]
    )
    total, women = [("KU001", "_T", group) for group in ("_T", "F")]
    rows = {key: source.series.get_loc(key) for key in (total, women)}
    # numbered in order: _T/_T a b a b = 0 1 2 3, _T/F = 4 … 7, trial/_T = 8 … 11, trial/F = 12 … 15
    assert evaluate(parse("a + b - a[lag=1]"), source).values[rows[total], 1] == 2 + 3 - 0
    assert evaluate(parse("a[group=F]"), source).values[rows[total], 1] == 6
    assert evaluate(parse("a[responsible=trial]"), source).values[rows[women], 1] == 14
    assert (
        evaluate(parse("a[group=F]"), source).states[rows[women], 1] == UNAVAILABLE
    )  # women among women: not a series
    assert evaluate(parse("a[lag=1]"), source).states[rows[total], 0] == UNAVAILABLE


@pytest.mark.parametrize("text", ["", "a b", "a +", "+", "a[lag=x]", "a[foo=1]", "3", "a*b", "a[lag=1"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write for example|an example|in brackets|whole number"):
        parse(text)
