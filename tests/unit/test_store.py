from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sample_project import copy_project, replace, rewrite_snapshot

from katsaus.config.project import Project, load_project
from katsaus.errors import DataError
from katsaus.store import load_observations

PLANTED = "987654321"
"""A value that no message may tell."""

Change = Callable[[list[str]], list[str]]


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    return load_project(root)


@pytest.fixture(scope="module")
def observations(project: Project) -> pd.DataFrame:
    return load_observations(project)


def one(observations: pd.DataFrame, area: str, month: str, measure: str = "unemployed") -> pd.Series:
    key = (area == observations.REF_AREA) & (month == observations.TIME_PERIOD) & (measure == observations.INDICATOR)
    (row,) = (row for _, row in observations[key].iterrows())
    return row


@pytest.mark.parametrize(
    ("area", "month", "count"),
    [
        ("SSS", "2021-03", 331_526),
        ("KU091", "2023-06", 39_233),
        ("SSS", "2021-10", 259_036),
        ("SSS", "2022-01", 273_726),
    ],
)
def test_published_figures_are_found(observations: pd.DataFrame, area: str, month: str, count: int) -> None:
    assert count == one(observations, area, month).OBS_VALUE


def test_there_is_one_row_for_each_area_month_and_measure_in_order(observations: pd.DataFrame) -> None:
    keys = ["REF_AREA", "TIME_PERIOD", "INDICATOR"]
    assert len(observations) == 329 * 70 * 3
    assert not observations.duplicated(keys).any()
    assert observations[keys].equals(observations.sort_values(keys, ignore_index=True)[keys])
    assert list(observations.columns) == [*keys, "OBS_VALUE", "CONF_STATUS"]
    assert observations.OBS_VALUE.dtype == "Int64"


def test_a_hidden_figure_has_a_status_and_no_value_and_a_zero_is_a_zero(observations: pd.DataFrame) -> None:
    assert (observations.OBS_VALUE.isna() == (observations.CONF_STATUS == "C")).all()
    assert set(observations.CONF_STATUS) == {"F", "C"}
    counts = observations[observations.INDICATOR != "labour_force"].groupby("INDICATOR")
    assert counts.OBS_VALUE.apply(lambda values: int(values.isna().sum())).to_dict() == {
        "unemployed": 187,
        "vacancies": 1776,
    }
    assert counts.OBS_VALUE.apply(lambda values: int((values == 0).sum())).to_dict() == {
        "unemployed": 35,
        "vacancies": 338,
    }
    assert not observations.OBS_VALUE.between(1, 4).any(), "the source hides 1 to 4"


def test_municipalities_come_to_the_published_sum_of_march_2021(observations: pd.DataFrame) -> None:
    month = observations[(observations.TIME_PERIOD == "2021-03") & (observations.INDICATOR == "unemployed")]
    regions = month[month.REF_AREA.str.startswith("MK")]
    assert int(regions.OBS_VALUE.sum()) == 331_164, "and the country holds 362 persons of unknown residence more"


def test_the_labour_force_is_the_same_all_year_and_changes_in_january(observations: pd.DataFrame) -> None:
    country = observations[(observations.REF_AREA == "SSS") & (observations.INDICATOR == "labour_force")]
    by_year = country.groupby(country.TIME_PERIOD.str[:4]).OBS_VALUE.agg(["nunique", "first"])
    assert set(by_year["nunique"]) == {1}
    assert by_year.loc[["2021", "2022", "2023"], "first"].tolist() == [2_630_884, 2_636_256, 2_648_166]


# What is refused


def without(test: Callable[[str], bool]) -> Change:
    return lambda lines: [lines[0], *(line for line in lines[1:] if not test(line))]


def with_line(area: str, month: str, new: str) -> Change:
    return lambda lines: [new if line.startswith(f"{area},{month},") else line for line in lines]


def twice(line: str) -> Change:
    return lambda lines: [*lines, next(found for found in lines if found.startswith(line))]


def also(line: str) -> Change:
    return lambda lines: [*lines, line]


def refusal(root: Path, tmp_path: Path, change: Change) -> str:
    project = copy_project(root, tmp_path)
    rewrite_snapshot(project, change)
    with pytest.raises(DataError) as caught:
        load_observations(load_project(project))
    assert caught.value.exit_code == 20
    assert PLANTED not in str(caught.value)
    assert PLANTED not in repr(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (without(lambda line: ",2022M05," in line), "1 months are missing in the middle: 2022-05"),
        (without(lambda line: line.startswith("KU091,2022M05")), "1 rows are missing: 1 months lack areas that others"),
        (without(lambda line: line.startswith("KU091,")), "1 areas are missing: KU091"),
        (without(lambda line: line.startswith("SSS,")), "1 areas are missing: SSS"),
        (without(lambda line: ",2021M03," in line or ",2021M0" in line), "months are missing in the middle: 2021-01"),
        (
            without(lambda line: line.split(",")[1] > "2023M05"),
            "the month 2023-06 is outside the data (2018-01 to 2023-05)",
        ),
        (
            without(lambda line: line.split(",")[1] < "2021M04"),
            "the month 2021-03 is outside the data (2021-04 to 2023-10)",
        ),
        (twice("KU091,2022M05"), "1 rows repeat another row"),
        (also(f"KU091,2022M05,{PLANTED},1,1"), "1 rows contradict another row of the same area and month"),
        (with_line("KU091", "2022M05", f"KU999,2022M05,{PLANTED},1,1"), "1 unknown area codes: KU999"),
        (with_line("KU091", "2022M05", f"91,2022M05,{PLANTED},1,1"), "1 unknown area codes: 91"),
        (with_line("KU091", "2022M05", f"KU091,2022-05,{PLANTED},1,1"), "1 month codes are not like 2021M03"),
        (with_line("KU091", "2022M05", f"KU091,2022M13,{PLANTED},1,1"), "1 month codes are not like 2021M03"),
        (with_line("KU091", "2022M05", f"KU091,2022M05,-{PLANTED},1,1"), "TYOTTOMATLOPUSSA: 1 values are negative"),
        (with_line("KU091", "2022M05", f"KU091,2022M05,−{PLANTED},1,1"), "TYOTTOMATLOPUSSA: 1 values are negative"),
        (with_line("KU091", "2022M05", f"KU091,2022M05,{PLANTED}.5,1,1"), "TYOTTOMATLOPUSSA: 1 values are not whole"),
        (with_line("KU091", "2022M05", f"KU091,2022M05,0{PLANTED},1,1"), "TYOTTOMATLOPUSSA: 1 values are not whole"),
        (with_line("KU091", "2022M05", "KU091,2022M05,1e3,1,1"), "TYOTTOMATLOPUSSA: 1 values are not whole numbers"),
        (
            with_line("KU091", "2022M05", "KU091,2022M05,,1,1"),
            "TYOTTOMATLOPUSSA: 1 values are not whole numbers or ...",
        ),
        (with_line("KU091", "2022M05", "KU091,2022M05,1,1,NA"), "AVPAIKATLOPUSSA: 1 values are not whole numbers"),
        (with_line("KU091", "2022M05", "KU091,2022M05,1,1,."), "AVPAIKATLOPUSSA: 1 values are not whole numbers"),
        (with_line("KU091", "2022M05", "KU091,2022M05,1,...,1"), "TYOVOIMATK: 1 values are missing"),
        (lambda lines: [lines[0].replace("TYOVOIMATK", "Tyovoima"), *lines[1:]], "the header is not as expected"),
        (lambda lines: [f"{line};" for line in lines], "the header is not as expected"),
        (lambda _: ["<!DOCTYPE html>", "<p>Log in"], "the header is not as expected"),
        (with_line("KU091", "2022M05", "KU091,2022M05,1,1,1,1,1"), "not a table of comma-separated values"),
    ],
)
def test_faulty_data_are_refused_telling_how_many_and_never_a_value(
    root: Path, tmp_path: Path, change: Change, what: str
) -> None:
    assert what in refusal(root, tmp_path, change)


def test_all_faults_are_told_at_once(root: Path, tmp_path: Path) -> None:
    def change(lines: list[str]) -> list[str]:
        lines = with_line("KU091", "2022M05", f"KU091,2022M05,-{PLANTED},...,x")(lines)
        return without(lambda line: line.startswith("KU049,2022M05"))(lines)

    message = refusal(root, tmp_path, change)
    for what in ("values are negative", "values are missing", "values are not whole numbers", "1 rows are missing"):
        assert what in message


@pytest.mark.parametrize(
    ("old", "new"),
    [("areas: 329", "areas: 328"), ("first_month: 2018-01", "first_month: 2018-02"), ("rows: 23030", "rows: 23031")],
)
def test_a_sidecar_that_says_otherwise_is_refused(root: Path, tmp_path: Path, old: str, new: str) -> None:
    project = copy_project(root, tmp_path)
    replace(project / "data/sources/statfin/12r5-2023-10.yml", old, new)
    with pytest.raises(DataError, match=f"the sidecar says {new}, the snapshot has {old.split()[1]}"):
        load_observations(load_project(project))


def test_a_table_without_rows_is_refused(root: Path, tmp_path: Path) -> None:
    project = copy_project(root, tmp_path)
    rewrite_snapshot(project, lambda lines: lines[:1])
    replace(project / "data/sources/statfin/12r5-2023-10.yml", "rows: 0", "rows: 1")
    with pytest.raises(DataError, match="the table has no rows"):
        load_observations(load_project(project))


def test_the_order_of_rows_in_the_snapshot_does_not_matter(
    root: Path, tmp_path: Path, observations: pd.DataFrame
) -> None:
    project = copy_project(root, tmp_path)
    rewrite_snapshot(project, lambda lines: [lines[0], *reversed(lines[1:])])
    assert load_observations(load_project(project)).equals(observations)
