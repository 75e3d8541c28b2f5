"""From the bytes of a snapshot to the tidy table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tiny_store import PLANTED, Change, Store, after, put

from katsaus.config.project import Project
from katsaus.errors import DataError, SnapshotError
from katsaus.store.load import load_source
from katsaus.store.reading import read_table, read_text
from katsaus.store.tidy import COLUMNS, DIMENSIONS


def loaded(store: Store, source: str, **changes: Change) -> pd.DataFrame:
    store.write_source(source, {name.replace("_", "-"): change for name, change in changes.items()})
    table = load_source(store.project, source).table
    assert table is not None
    return table


def cell(table: pd.DataFrame, area: str, month: str, measure: str) -> pd.Series:
    key = (area == table.REF_AREA) & (month == table.TIME_PERIOD) & (measure == table.MEASURE)
    (row,) = (row for _, row in table[key].iterrows())
    return row


def test_the_table_has_one_row_an_observation_in_order(store: Store) -> None:
    table = loaded(store, "ministry")
    assert tuple(table.columns) == COLUMNS
    keys = table[list(DIMENSIONS)].astype(str)
    assert not keys.duplicated().any()
    assert keys.equals(keys.sort_values(list(DIMENSIONS), ignore_index=True))
    assert table.OBS_VALUE.dtype == "float64"
    for name in set(COLUMNS) - {"OBS_VALUE"}:
        categories = list(table[name].cat.categories)
        assert categories == sorted(set(table[name])), "sorted, and all occur"


def test_the_order_of_rows_and_columns_does_not_matter(store: Store) -> None:
    table = loaded(store, "ministry")
    mixed: Change = lambda text: text.sample(frac=1, random_state=1)[list(text.columns[::-1])]  # noqa: E731
    again = loaded(store, "ministry", ministry_jobseekers=mixed, ministry_services=mixed, ministry_flows=mixed)
    assert again.equals(table)


def test_figures_are_those_of_the_text(store: Store) -> None:
    text = store.table("ministry-jobseekers")
    row = text[(text.area == "KU604") & (text.responsible == "trial") & (text.group == "F") & (text.month == "2021-05")]
    table = loaded(store, "ministry")
    found = table[
        (table.REF_AREA == "KU604")
        & (table.RESPONSIBLE == "trial")
        & (table.GROUP == "F")
        & (table.TIME_PERIOD == "2021-05")
    ].set_index("MEASURE")
    assert len(found) == 11
    for measure, value in found.OBS_VALUE.items():
        assert value == float(row[str(measure)].item())


@pytest.mark.parametrize(
    ("mark", "status", "confidential"), [("...", "Q", "C"), ("..", "O", "F"), (".", "M", "F"), ("-", "A", "F")]
)
def test_marks_are_kept_apart(store: Store, mark: str, status: str, confidential: str) -> None:
    """Three points are protected, two not available, one can't exist; a dash is a true zero."""
    cell_alone = {"month": "2021-05", "responsible": "_T"}
    change = after(
        put("services_started", "..", area="SSS", **cell_alone),
        put("services_started", mark, area="KU049", **cell_alone),
    )
    table = loaded(store, "ministry", ministry_services=change)
    found = cell(table, "KU049", "2021-05", "services_started")
    assert (status, confidential) == (found.OBS_STATUS, found.CONF_STATUS)
    assert found.OBS_VALUE == 0 if mark == "-" else np.isnan(found.OBS_VALUE)


def test_a_hidden_part_leaves_its_total_alone(store: Store) -> None:
    table = loaded(store, "statfin-12r5", statfin_12r5=put("AVPAIKATLOPUSSA", "...", Alue="KU049"))
    assert (table[(table.REF_AREA == "KU049") & (table.MEASURE == "vacancies")].CONF_STATUS == "C").all()
    assert table[table.REF_AREA == "MK01"].OBS_VALUE.notna().all()


# Mergers


def split(text: pd.DataFrame) -> pd.DataFrame:
    """Nurmes before 2020 in two: a tenth of it is Valtimo's."""
    own = text[text.Alue == "KU541"]
    numbers = [name for name in text.columns if name.isupper()]
    part = (own[numbers].astype(int) // 10).astype(int)
    rest = own[numbers].astype(int) - part
    return pd.concat(
        [
            text[text.Alue != "KU541"],
            own.assign(**rest.astype(str)),
            own.assign(Alue="KU911", **part.astype(str)),
        ],
        ignore_index=True,
    )


def earlier(text: pd.DataFrame) -> pd.DataFrame:
    """Ten years earlier: 2010 and 2011, long before the merger."""
    return text.assign(Kuukausi=text.Kuukausi.str.replace("202", "201"))


def test_municipalities_are_summed_for_the_months_before_their_merger(store: Store) -> None:
    whole = loaded(store, "statfin-12r5", statfin_12r5=earlier)
    store.write("statfin-12r5", split(earlier(store.table("statfin-12r5"))))
    summed = load_source(store.project, "statfin-12r5").table
    assert summed is not None
    assert summed.equals(whole)


def test_a_sum_of_a_hidden_municipality_is_hidden(store: Store) -> None:
    change = after(earlier, split, put("AVPAIKATLOPUSSA", "...", Alue="KU911"))
    table = loaded(store, "statfin-12r5", statfin_12r5=change)
    nurmes = table[(table.REF_AREA == "KU541") & (table.MEASURE == "vacancies")]
    assert nurmes.OBS_VALUE.isna().all()
    assert set(nurmes.CONF_STATUS) == {"C"}


def test_a_percentage_of_two_municipalities_is_no_sum(store: Store) -> None:
    table = loaded(store, "statfin-12r5", statfin_12r5=after(earlier, split, lambda text: text.assign(TYOTOSUUS="9.5")))
    nurmes = table[(table.REF_AREA == "KU541") & (table.MEASURE == "unemployed_share")]
    assert set(nurmes.OBS_STATUS) == {"O"}


def test_mergers_name_known_municipalities_and_run_one_way(project: Project) -> None:
    old = [merger.old for merger in project.mergers]
    assert len(old) == len(set(old))
    assert {merger.new for merger in project.mergers} <= project.municipalities.keys()
    assert not {merger.new for merger in project.mergers} & set(old)


# What is no table


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "columns are missing"),
        (b"<!DOCTYPE html>\n<p>Log in\n", "columns are missing"),
        (b"Alue;Kuukausi;TYOTTOMATLOPUSSA;TYOVOIMATK;AVPAIKATLOPUSSA\n", "5 columns are missing"),
        (b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK\n", "1 columns are missing: AVPAIKATLOPUSSA"),
        (b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA,extra\n", "1 columns are not in the contract"),
        (b"Alue,Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\n", "1 columns are there twice: Alue"),
        (b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\n", "the table has no rows"),
        (
            f"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\nSSS,2021M05,{PLANTED},1,1,1\n".encode(),
            "1 rows have more or fewer fields",
        ),
        (
            f"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\nSSS,2021M05,{PLANTED}\n".encode(),
            "1 rows have more or fewer fields",
        ),
        (b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\nSSS,\xe4,1,1,1\n", "not in UTF-8"),
        (b'Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\n"SSS,1,1,1,1\n', "not a table"),
    ],
)
def test_what_is_no_such_table_is_refused(project: Project, content: bytes, what: str) -> None:
    with pytest.raises(DataError, match=what) as caught:
        read_text(content, project.contracts["statfin-12r5"], where="file.csv.gz")
    assert PLANTED not in str(caught.value)


def test_text_stays_text(project: Project) -> None:
    """A column of numbers alone is not read as numbers: 007 and 1e3 must be seen as they are written."""
    content = b"Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA\nSSS,2021M05,007,1e3,+5\n"
    table = read_text(content, project.contracts["statfin-12r5"], where="file.csv.gz")
    assert table.iloc[0].tolist() == ["SSS", "2021M05", "007", "1e3", "+5"]


def test_a_table_without_one_known_key_is_no_cube(store: Store) -> None:
    text = store.table("statfin-12r5").assign(Alue="KU999").astype("category")
    contract = store.project.contracts["statfin-12r5"]
    reading = read_table(text, contract, project=store.project, where="file.csv.gz")
    assert reading.cube is None
    assert [finding.code for finding in reading.findings] == ["area-unknown"]


def test_a_source_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(DataError, match="no source statfin-9999"):
        load_source(store.project, "statfin-9999")
    with pytest.raises(SnapshotError, match="no snapshot of statfin-12r5"):
        load_source(store.project, "statfin-12r5")
