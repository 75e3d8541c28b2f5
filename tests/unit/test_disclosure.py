"""The door: nothing is drawn that did not pass it, and what hangs on a hidden figure is hidden."""

import pandas as pd
import pytest
from test_indicators import DEFINITIONS, LAST, MEMBERS, observations

from katsaus.disclosure import HIDDEN, NOT_COMPUTABLE, ProtectedTable, protect
from katsaus.indicators import counts


def protected(vacancies: dict[str, float | None], withheld: list[str] | None = None) -> ProtectedTable:
    return protect(counts(observations(vacancies), MEMBERS), DEFINITIONS, withheld=withheld or [])


def test_only_protect_makes_a_protected_table() -> None:
    frame = pd.DataFrame({"A03": [1.0]})
    with pytest.raises(TypeError, match="protect alone"):
        ProtectedTable(frame, frame.astype(str), {}, object())


def test_a_blank_of_the_source_hides_the_count_and_what_comes_of_it() -> None:
    table = protected({"KU001": None, "KU002": 20, "KU003": 5})
    row = table.symbols.loc[("KU001", LAST)]
    assert dict(row[["A03", "C12", "C11", "D01"]]) == {"A03": "", "C12": HIDDEN, "C11": HIDDEN, "D01": ""}
    assert table.values.loc[("KU001", LAST), ["C12", "C11"]].isna().all()


def test_a_zero_is_a_figure_and_a_ratio_to_it_is_not_computable() -> None:
    table = protected({"KU001": 0, "KU002": 20, "KU003": 5})
    assert table.values.loc[("KU001", LAST), "C12"] == 0
    assert table.symbols.loc[("KU001", LAST), "C11"] == NOT_COMPUTABLE


def test_withheld_areas_are_not_in_the_table() -> None:
    table = protected({"KU001": 1, "KU002": 20, "KU003": 5}, withheld=["KU003"])
    assert "KU003" not in table.values.index.get_level_values("REF_AREA")
    assert table.log["withheld"] == 24


def test_nothing_later_than_the_month_is_left() -> None:
    table = protected({"KU001": 1, "KU002": 20, "KU003": 5}).until("2020-06")
    assert table.values.index.get_level_values("TIME_PERIOD").max() == "2020-06"
    assert table.symbols.index.equals(table.values.index)


def test_the_log_counts_and_tells_no_figure() -> None:
    log = protected({"KU001": None, "KU002": 987654321, "KU003": 5}).log
    assert log["hidden"] == 24 * 2  # C11 and C12 of one municipality
    assert "987654321" not in str(log)
