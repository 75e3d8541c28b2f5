"""What changed between two vintages, and what of it a correction explains."""

from __future__ import annotations

import datetime

import pandas as pd
from tiny_store import Change, Store, after, plus, put, without

from katsaus.store.compare import compare
from katsaus.store.manifest import Vintage
from katsaus.store.tidy import DIMENSIONS
from katsaus.store.vintage import save_vintage

CELL = {"Alue": "KU507", "Kuukausi": "2021M05"}
VACANCIES = "AVPAIKATLOPUSSA"


def save(store: Store, change: Change = lambda same: same, month: str = "2022-02") -> Vintage:
    store.write("statfin-12r5", change(store.table("statfin-12r5")))
    return save_vintage(store.project, month, today=datetime.date(2023, 7, 25), definitions={})


def counts(cells: pd.DataFrame) -> dict[str, int]:
    return {str(name): int(count) for name, count in cells.CHANGE.value_counts().items()}


def test_equal_vintages_differ_in_nothing(store: Store) -> None:
    assert compare(save(store), save(store, month="2022-03"), project=store.project) == {}


def test_each_kind_of_change_is_found(store: Store) -> None:
    totals = put(VACANCIES, "...", Alue=("MK10", "SSS"))
    old = save(
        store, after(totals, without(Kuukausi="2022M02"), put(VACANCIES, "...", Alue="KU507", Kuukausi="2021M06"))
    )
    new = save(
        store, after(totals, plus(VACANCIES, 1, **CELL), put(VACANCIES, "...", Alue="KU091", Kuukausi="2021M07"))
    )
    (cells,) = compare(old, new, project=store.project).values()
    assert counts(cells) == {"added": len(cells[cells.TIME_PERIOD == "2022-02"]), "status": 2, "value": 1}
    assert set(cells[cells.CHANGE == "added"].TIME_PERIOD) == {"2022-02"}
    value = cells[cells.CHANGE == "value"][list(DIMENSIONS)].iloc[0]
    assert tuple(value) == ("KU507", "_T", "_T", "2021-05", "vacancies")
    status = cells[cells.CHANGE == "status"]
    assert set(zip(status.REF_AREA, status.TIME_PERIOD, strict=True)) == {("KU507", "2021-06"), ("KU091", "2021-07")}
    assert "OBS_VALUE" not in cells
    (back,) = compare(new, old, project=store.project).values()
    assert counts(back) == {"lost": counts(cells)["added"], "status": 2, "value": 1}


def test_a_table_that_came_is_all_new(store: Store) -> None:
    old = save(store)
    store.write_source("ttl-kykyviisari")
    new = save(store, month="2022-03")
    found = compare(old, new, project=store.project)
    assert set(found) == {"ttl-kykyviisari"}
    assert counts(found["ttl-kykyviisari"]) == {"added": 3 * 4 * 38}
    assert counts(compare(new, old, project=store.project)["ttl-kykyviisari"]) == {"lost": 3 * 4 * 38}


def test_a_correction_explains_its_change(store: Store) -> None:
    right = int(store.table("statfin-12r5").set_index(["Alue", "Kuukausi"]).loc[("KU507", "2021M05"), VACANCIES])
    old = save(store)
    (store.project.root / "data/corrections.yml").write_text(
        "corrections:\n  - {id: known, source: statfin-12r5, what: {fi: a, sv: b}, why: {fi: a, sv: b}, "
        "reported: 2021-06-22, key: {REF_AREA: KU507, TIME_PERIOD: 2021-05, MEASURE: vacancies}, "
        f"delivered: {right}, expected: '...'}}\n",
        encoding="utf-8",
    )
    new = save(store, put(VACANCIES, "...", Alue="KU091", Kuukausi="2021M07"))
    (cells,) = compare(old, new, project=store.project).values()
    assert dict(zip(cells.REF_AREA, cells.CORRECTION, strict=True)) == {"KU507": "known", "KU091": ""}
    assert set(cells.CHANGE) == {"status"}
