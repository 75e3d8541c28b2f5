"""A vintage can be read in part, made again to the last byte, and never changes."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_store import PLANTED, Store, plus, put, without

from katsaus.errors import DataError, SnapshotError
from katsaus.store.load import load_source
from katsaus.store.manifest import Vintage, open_vintage, stale, vintages, write_manifest
from katsaus.store.parquet import GROUP_ROWS, fingerprint, read_parquet, write_parquet
from katsaus.store.vintage import read_source, save_vintage

TODAY = datetime.date(2023, 7, 25)
REVISED = {"Alue": ("KU507", "MK10", "SSS"), "Kuukausi": "2021M05"}


def save(store: Store, *, month: str = "2022-02", definitions: Mapping[str, str] | None = None) -> Vintage:
    return save_vintage(store.project, month, today=TODAY, definitions=definitions or {"A03": "first"})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def vintage(store: Store) -> Vintage:
    store.write_source("statfin-12r5")
    return save(store)


def test_a_vintage_holds_every_source_that_has_snapshots(store: Store) -> None:
    store.write_source("statfin-12r5")
    store.write_source("ministry")
    held = save(store).manifest
    assert (held.id, held.month, held.saved) == ("2022-02-1", "2022-02", TODAY)
    assert {name: source.synthetic for name, source in held.sources.items()} == {
        "statfin-12r5": False,
        "ministry": True,
    }
    observations = {
        name: len(store.table(name)) * len(store.project.contracts[name].measures)
        for name in ("ministry-jobseekers", "ministry-services", "ministry-flows")
    }
    assert held.sources["ministry"].rows == {"ministry": sum(observations.values())}
    assert set(held.sources["ministry"].snapshots) == {"ministry-jobseekers", "ministry-services", "ministry-flows"}
    assert held.definitions == {"A03": "first"}


def test_what_is_read_is_what_was_loaded(store: Store, vintage: Vintage) -> None:
    table = load_source(store.project, "statfin-12r5").table
    assert table is not None
    pd.testing.assert_frame_equal(read_source(vintage, store.project, source="statfin-12r5"), table)
    some = read_source(vintage, store.project, source="statfin-12r5", areas=["KU604", "SSS"])
    expected = table[table.REF_AREA.isin(["KU604", "SSS"])]
    pd.testing.assert_frame_equal(some.astype(str), expected.reset_index(drop=True).astype(str))
    assert list(some.REF_AREA.cat.categories) == ["KU604", "SSS"]


def test_an_area_that_is_not_there_has_no_rows(store: Store, vintage: Vintage) -> None:
    assert read_source(vintage, store.project, source="statfin-12r5", areas=["KU999"]).empty


def test_the_same_figures_are_the_same_vintage(store: Store, vintage: Vintage) -> None:
    before = contents(store.project.root)
    again = save_vintage(store.project, "2022-02", today=datetime.date(2024, 1, 1), definitions={"A03": "first"})
    assert again == vintage
    assert contents(store.project.root) == before


@pytest.mark.parametrize("what", ["figures", "definitions", "month"])
def test_a_change_is_a_new_vintage_and_the_old_one_stays(store: Store, vintage: Vintage, what: str) -> None:
    before = contents(store.project.root)
    if what == "figures":
        store.write("statfin-12r5", plus("AVPAIKATLOPUSSA", 1, **REVISED)(store.table("statfin-12r5")))
    definitions = {"A03": "second"} if what == "definitions" else None
    new = save(store, month="2022-03" if what == "month" else "2022-02", definitions=definitions)
    assert new.id == ("2022-03-1" if what == "month" else "2022-02-2")
    assert vintages(store.project.root) == ["2022-02-1", new.id]
    assert contents(store.project.root).items() >= before.items()
    assert open_vintage(store.project.root) == new
    assert open_vintage(store.project.root, "2022-02-1") == vintage


def test_numbers_are_ordered_as_numbers(store: Store, vintage: Vintage) -> None:
    for number in range(2, 12):
        save(store, definitions={"A03": str(number)})
    assert vintages(store.project.root)[-2:] == ["2022-02-10", "2022-02-11"]
    assert open_vintage(store.project.root).id == "2022-02-11"


def test_nothing_is_saved_of_faulty_figures_and_all_sources_are_told(store: Store) -> None:
    store.write_source("statfin-12r5", {"statfin-12r5": put("AVPAIKATLOPUSSA", f"-{PLANTED}", **REVISED)})
    store.write_source("ttl-kykyviisari", {"ttl-kykyviisari": put("pairs", "x", area="KK20", month="2021-06")})
    with pytest.raises(DataError, match=r"(?s)value-negative.*mark-unknown") as caught:
        save(store)
    assert PLANTED not in str(caught.value)
    assert vintages(store.project.root) == []
    assert contents(store.project.root / "data/vintages") == {}


def test_a_source_of_which_a_table_is_missing_is_refused(store: Store) -> None:
    store.write("ministry-jobseekers", store.table("ministry-jobseekers"))
    with pytest.raises(DataError, match="no snapshot of ministry-services"):
        save(store)


def test_without_snapshots_there_is_nothing_to_save(store: Store) -> None:
    with pytest.raises(DataError, match="no source has a snapshot"):
        save(store)


def test_without_vintages_there_is_nothing_to_open(store: Store, vintage: Vintage) -> None:
    with pytest.raises(DataError, match="no vintage 2022-02-7"):
        open_vintage(store.project.root, "2022-02-7")
    with pytest.raises(DataError, match="no such vintage"):
        open_vintage(store.project.root, "../../secret")
    (store.project.root / "data/vintages/2022-02-1.yml").unlink()
    with pytest.raises(DataError, match="no vintage has been saved"):
        open_vintage(store.project.root)


def test_a_source_that_the_vintage_does_not_hold_is_refused(store: Store, vintage: Vintage) -> None:
    with pytest.raises(DataError, match="holds no such source"):
        read_source(vintage, store.project, source="ministry")


def test_tables_that_are_missing_are_made_again_to_the_last_byte(store: Store, vintage: Vintage) -> None:
    before = contents(store.project.root)
    shutil.rmtree(vintage.folder)
    assert len(read_source(vintage, store.project, source="statfin-12r5", areas=["KU507"])) == 21 * 3
    assert contents(store.project.root) == before


def test_they_are_made_of_the_old_snapshot_with_the_old_corrections(store: Store) -> None:
    right = store.table("statfin-12r5").set_index(["Alue", "Kuukausi"]).AVPAIKATLOPUSSA["KU507", "2021M05"]
    (store.project.root / "data/corrections.yml").write_text(
        "corrections:\n  - {id: wrong, source: statfin-12r5, what: {fi: a, sv: b}, why: {fi: a, sv: b}, "
        "reported: 2021-06-22, key: {REF_AREA: KU507, TIME_PERIOD: 2021-05, MEASURE: vacancies}, "
        f"delivered: {PLANTED}, expected: {right}}}\n",
        encoding="utf-8",
    )
    wrong = put("AVPAIKATLOPUSSA", PLANTED, Alue="KU507", Kuukausi="2021M05")
    store.write_source("statfin-12r5", {"statfin-12r5": wrong})
    vintage = save(store)
    assert [correction.id for correction in vintage.manifest.corrections] == ["wrong"]
    table = read_source(vintage, store.project, source="statfin-12r5")
    store.write_source("statfin-12r5")
    (store.project.root / "data/corrections.yml").write_text("corrections: []\n", encoding="utf-8")
    shutil.rmtree(vintage.folder)
    again = read_source(open_vintage(store.project.root), store.project, source="statfin-12r5")
    pd.testing.assert_frame_equal(again, table)


def test_a_snapshot_of_the_vintage_that_was_changed_is_refused(store: Store, vintage: Vintage) -> None:
    shutil.rmtree(store.project.root / "data/sources")
    shutil.rmtree(vintage.folder)
    store.write_source("statfin-12r5", {"statfin-12r5": plus("AVPAIKATLOPUSSA", 1, **REVISED)})
    with pytest.raises(SnapshotError, match="the snapshot has been changed"):
        read_source(vintage, store.project, source="statfin-12r5")


def test_tables_that_come_out_otherwise_are_not_put(store: Store, vintage: Vintage) -> None:
    held = vintage.manifest.sources["statfin-12r5"].model_copy(update={"content": {"statfin-12r5": "0" * 64}})
    other = Vintage(vintage.root, vintage.manifest.model_copy(update={"sources": {"statfin-12r5": held}}))
    shutil.rmtree(vintage.folder)
    with pytest.raises(SnapshotError, match="can't be made again"):
        read_source(other, store.project, source="statfin-12r5")
    assert not vintage.folder.exists()


@pytest.mark.parametrize("damage", ["cut", "flip", "nothing", "html"])
def test_a_damaged_table_is_refused(store: Store, vintage: Vintage, damage: str) -> None:
    path = vintage.folder / "statfin-12r5.parquet"
    good = path.read_bytes()
    flipped = bytes([*good[:2000], good[2000] ^ 1, *good[2001:]])
    path.write_bytes({"cut": good[:-100], "flip": flipped, "nothing": b"", "html": b"<html>"}[damage])
    with pytest.raises(SnapshotError, match="the saved table is damaged"):
        read_source(vintage, store.project, source="statfin-12r5")


@pytest.mark.parametrize(
    ("old", "new"), [("id: 2022-02-1", "id: 2022-02-2"), ("saved: ", "made: "), ("  A03: first", "\tA03: first")]
)
def test_a_damaged_manifest_is_refused(store: Store, vintage: Vintage, old: str, new: str) -> None:
    path = store.project.root / "data/vintages/2022-02-1.yml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SnapshotError):
        open_vintage(store.project.root)


def test_what_an_interrupted_run_left_is_replaced(store: Store) -> None:
    store.write_source("statfin-12r5")
    left = store.project.root / "data/vintages/2022-02-1"
    left.mkdir(parents=True)
    (left / "statfin-12r5.parquet").write_bytes(b"half")
    assert not read_source(save(store), store.project, source="statfin-12r5").empty


def test_a_manifest_is_never_written_over(store: Store, vintage: Vintage) -> None:
    before = contents(store.project.root)
    with pytest.raises(FileExistsError):
        write_manifest(store.project.root, vintage.manifest.model_copy(update={"definitions": {}}))
    assert contents(store.project.root) == before


def test_contracts_with_newer_snapshots_are_told(store: Store, vintage: Vintage) -> None:
    assert stale(vintage, store.project) == []
    store.write("statfin-12r5", without(Kuukausi="2022M02")(store.table("statfin-12r5")))
    assert stale(vintage, store.project) == [], "an older month is no newer snapshot"
    store.write("statfin-12r5", store.table("statfin-12r5"))
    store.write("ttl-kykyviisari", store.table("ttl-kykyviisari"))
    assert stale(vintage, store.project) == ["statfin-12r5", "ttl-kykyviisari"]


def test_reading_starts_no_thread(store: Store, vintage: Vintage) -> None:
    """A process that forks for each page must have one thread when it does."""
    code = (
        "import sys; from pathlib import Path; from katsaus.store.parquet import read_parquet\n"
        "for areas in (['KU507'], None): read_parquet(Path(sys.argv[1]), name='x', areas=areas)\n"
        "print(len(list(Path('/proc/self/task').iterdir())))"
    )
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
    command = [sys.executable, "-c", code, str(vintage.folder / "statfin-12r5.parquet")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_areas_are_read_from_their_own_row_groups(tmp_path: Path) -> None:
    rows = np.arange(3 * GROUP_ROWS)
    areas = pd.Categorical.from_codes(rows * 6 // len(rows), categories=pd.Index(list("ABCDEF")))
    table = pd.DataFrame({"REF_AREA": areas, "OBS_VALUE": rows.astype("float64")})
    write_parquet(table, tmp_path / "t.parquet")
    assert pq.ParquetFile(tmp_path / "t.parquet").num_row_groups == 3
    assert fingerprint(read_parquet(tmp_path / "t.parquet", name="t")) == fingerprint(table)
    read = read_parquet(tmp_path / "t.parquet", name="t", areas=["C"])
    assert read.OBS_VALUE.tolist() == table.OBS_VALUE[table.REF_AREA == "C"].tolist()


CELLS = st.lists(
    st.tuples(st.sampled_from(["KK", "KU091", "SSS"]), st.sampled_from("AOQ"), st.one_of(st.none(), st.floats(0, 1e9))),
    min_size=1,
    max_size=40,
)


@given(CELLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_as_it_was(tmp_path: Path, cells: list[tuple[str, str, float | None]]) -> None:
    areas, statuses, values = zip(*sorted(cells, key=lambda cell: cell[0]), strict=True)
    table = pd.DataFrame(
        {
            "REF_AREA": pd.Categorical(areas),
            "OBS_STATUS": pd.Categorical(statuses),
            "OBS_VALUE": pd.array(values, dtype="float64"),
            "COUNT": pd.array([None if value is None else int(value) for value in values], dtype="Int32"),
        }
    ).astype({"OBS_VALUE": "float64"})
    for _ in range(2):
        write_parquet(table, tmp_path / "t.parquet")
    first = (tmp_path / "t.parquet").read_bytes()
    read = read_parquet(tmp_path / "t.parquet", name="t")
    pd.testing.assert_frame_equal(read, table)
    assert fingerprint(read) == fingerprint(table)
    write_parquet(read, tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").read_bytes() == first


def test_a_fingerprint_tells_a_mark_from_a_zero_and_a_code_from_another() -> None:
    table = pd.DataFrame({"REF_AREA": pd.Categorical(["KK", "SSS"]), "OBS_VALUE": [0.0, 1.0]})
    others = [
        table.assign(OBS_VALUE=[float("nan"), 1.0]),
        table.assign(OBS_VALUE=[0.0, 2.0]),
        table.assign(REF_AREA=pd.Categorical(["KK", "KK"])),
        table.assign(REF_AREA=pd.Categorical(["KK", "MK01"])),
        table.rename(columns={"OBS_VALUE": "VALUE"}),
        table.iloc[:1],
    ]
    assert len({fingerprint(one) for one in [table, *others]}) == 7
    assert fingerprint(table.assign(OBS_VALUE=[-0.0, 1.0])) == fingerprint(table)
