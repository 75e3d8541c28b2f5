"""The figures that the other tests damage are without a fault."""

from __future__ import annotations

import pytest
from tiny_store import MONTHS, Store

from katsaus.store.load import load_source


@pytest.mark.parametrize("source", ["statfin-12r5", "ministry", "ttl-kykyviisari"])
def test_nothing_is_found_in_what_is_right(store: Store, source: str) -> None:
    store.write_source(source)
    assert store.codes(source) == set()


def test_all_tables_of_a_source_are_one(store: Store) -> None:
    store.write_source("ministry")
    loaded = load_source(store.project, "ministry")
    assert loaded.synthetic
    assert loaded.table is not None
    assert set(loaded.table.MEASURE.cat.categories) >= {"unemployed", "started", "coaching"}
    assert tuple(loaded.table.TIME_PERIOD.cat.categories) == MONTHS
    series = loaded.table[["REF_AREA", "RESPONSIBLE", "GROUP"]].drop_duplicates()
    assert len(series) == 11 * (3 * 3 + 3 + 2 * 3 + 3 + 1)
