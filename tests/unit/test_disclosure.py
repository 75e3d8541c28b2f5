"""The door: nothing is drawn that did not pass it, and what hangs on a hidden figure is hidden."""

import numpy as np
import pandas as pd
import pytest
from sample_panel import Row, definition, observed, protected
from test_indicators import LAST, MEMBERS, rows

from katsaus.disclosure import ProtectedTable

COUNT = definition("A03", "count", "unemployed", unit="persons")
VACANCIES = definition("C12", "count", "vacancies", unit="vacancies", blanks="skip")
RATIO = definition("C11", "ratio", "unemployed", "vacancies", blanks="skip")
SHARE = definition("D01", "percentage", "unemployed", "labour_force")
ALL = (COUNT, VACANCIES, RATIO, SHARE)


def seen(table: ProtectedTable, indicator: str, area: str, month: str = LAST) -> tuple[float, str]:
    values, symbols = table.look_up(indicator, areas=[area], months=[month])
    return float(values[0]), str(symbols[0])


def test_only_protect_makes_a_protected_table() -> None:
    with pytest.raises(TypeError, match="protect alone"):
        ProtectedTable("x", False, pd.MultiIndex.from_tuples([("a", "b", "c")]), pd.Index([]), {}, {}, {}, object())


def test_a_blank_of_the_source_hides_the_count_and_what_comes_of_it() -> None:
    source = observed(rows({"KU001": "...", "KU002": 20, "KU003": 5}))
    table = protected(source, *ALL, members=MEMBERS)
    shown = {name: seen(table, name, "KU001") for name in ("A03", "C12", "C11", "D01")}
    assert {name: symbol for name, (_, symbol) in shown.items()} == {"A03": "", "C12": "...", "C11": "...", "D01": ""}
    assert np.isnan(shown["C12"][0])
    assert np.isnan(shown["C11"][0])


def test_a_zero_is_a_figure_and_a_ratio_to_it_is_not_computable() -> None:
    table = protected(observed(rows({"KU001": 0, "KU002": 20, "KU003": 5})), *ALL, members=MEMBERS)
    assert seen(table, "C12", "KU001") == (0, "")
    assert seen(table, "C11", "KU001")[1] == "–"


def test_what_is_outside_the_table_is_no_data() -> None:
    table = protected(observed(rows({"KU001": 1, "KU002": 20, "KU003": 5})), *ALL, members=MEMBERS)
    assert seen(table, "A03", "KU999")[1] == ".."
    assert seen(table, "A03", "KU001", "1999-01")[1] == ".."


def test_withheld_areas_are_not_in_the_table() -> None:
    source = observed(rows({"KU001": 1, "KU002": 20, "KU003": 5}))
    table = protected(source, *ALL, members=MEMBERS, withheld=["KU003"])
    assert seen(table, "A03", "KU003")[1] == ".."
    assert seen(table, "A03", "gap")[0] == 240
    assert table.log["withheld"] == 1


def test_nothing_later_than_the_month_is_left() -> None:
    table = protected(observed(rows({"KU001": 1, "KU002": 20, "KU003": 5})), *ALL, members=MEMBERS).until("2020-06")
    assert table.months.max() == "2020-06"
    assert {cells.values.shape[1] for cells in table.cells.values()} == {len(table.months)}
    assert seen(table, "A03", "KU001", "2020-07")[1] == ".."


def test_the_log_counts_and_tells_no_figure() -> None:
    table = protected(observed(rows({"KU001": "...", "KU002": 987654321, "KU003": 5})), *ALL, members=MEMBERS)
    assert table.log["hidden"] == 24 * 2  # C11 and C12 of one municipality
    assert "987654321" not in str(table.log)


def people(**figures: float) -> list[Row]:
    return [(area, "_T", "_T", LAST, name, value) for area in ("KU001",) for name, value in figures.items()]


@pytest.mark.parametrize(("value", "symbol"), [(0, ""), (1, "..."), (4, "..."), (5, "")])
def test_counts_from_one_to_below_the_threshold_are_hidden(value: int, symbol: str) -> None:
    source = observed(people(unemployed=value, labour_force=100))
    table = protected(source, COUNT, SHARE, members=MEMBERS, threshold=5)
    assert seen(table, "A03", "KU001")[1] == symbol
    assert seen(table, "D01", "KU001")[1] == symbol, "a rate of a hidden count gives it back"


@pytest.mark.parametrize("threshold", [3, 10])
def test_the_threshold_is_the_rule_s(threshold: int) -> None:
    below = protected(observed(people(unemployed=threshold - 1)), COUNT, members=MEMBERS, threshold=threshold)
    there = protected(observed(people(unemployed=threshold)), COUNT, members=MEMBERS, threshold=threshold)
    assert (seen(below, "A03", "KU001")[1], seen(there, "A03", "KU001")[1]) == ("...", "")


def test_a_small_sum_of_an_area_is_hidden_and_a_large_one_of_small_parts_is_not() -> None:
    source = observed(
        [(area, "_T", "_T", LAST, "unemployed", value) for area, value in {"KU001": 3, "KU002": 4, "KU003": 0}.items()]
    )
    table = protected(source, COUNT, members=MEMBERS, threshold=5)
    assert seen(table, "A03", "both") == (7, "")
    assert seen(table, "A03", "gap")[1] == "..."
    assert seen(table, "A03", "other") == (0, "")


def test_people_left_over_from_a_difference_are_counted_like_others() -> None:
    rest = definition("A11", "count", "jobseekers - unemployed", unit="persons")
    net = definition("C03", "count", "jobseekers - unemployed", unit="spells")
    source = observed(people(jobseekers=53, unemployed=50))
    assert seen(protected(source, rest, members=MEMBERS, threshold=5), "A11", "KU001")[1] == "..."
    balance = protected(source, net, members=MEMBERS, threshold=5)
    assert seen(balance, "C03", "KU001") == (3, ""), "a balance of two shown flows hides nobody"


def test_a_hidden_month_hides_its_changes_averages_and_gaps() -> None:
    change = definition("D02", "change_of_percentage", "unemployed", "labour_force")
    average = definition("D05", "average_percentage", "unemployed", "labour_force")
    gap = definition("D03", "gap_of_percentage", "unemployed", "labour_force")
    given = rows({"KU001": 10, "KU002": 20, "KU003": 5})
    year_ago = "2020-02"
    given = [(*row[:5], 3) if row[:1] + row[3:5] == ("KU003", year_ago, "unemployed") else row for row in given]
    table = protected(observed(given), change, average, gap, members=MEMBERS, threshold=5)
    assert seen(table, "D02", "KU003")[1] == "..."
    assert seen(table, "D05", "KU003", "2021-01")[1] == "..."
    assert seen(table, "D05", "KU003")[1] == ""
    assert seen(table, "D03", "KU001", year_ago)[1] == "...", "the gap is against the area with the hidden count"


def test_a_survey_looks_at_its_respondents_only() -> None:
    mean = definition("Y02", "ratio", "score", "respondents", unit="score")
    few, enough = (
        protected(observed(people(score=30, respondents=n)), mean, members=MEMBERS, threshold=10) for n in (9, 10)
    )
    assert (seen(few, "Y02", "KU001")[1], seen(enough, "Y02", "KU001")) == ("...", (3, ""))
