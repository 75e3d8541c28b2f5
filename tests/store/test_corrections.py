"""Corrections are applied, visible, and refused once there is nothing to correct."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tiny_store import PLANTED, Store, put

from katsaus.config.corrections import load_corrections
from katsaus.errors import ConfigError
from katsaus.store.load import Past, load_source

CELL = {"Alue": "KU507", "Kuukausi": "2021M05"}
WRONG = put("AVPAIKATLOPUSSA", PLANTED, **CELL)

Correct = Callable[..., None]


@pytest.fixture
def correct(store: Store) -> Correct:
    """Writes one correction: the planted value of a cell, unless said otherwise."""

    def write(
        delivered: object = PLANTED,
        expected: object = 81,
        area: str = "KU507",
        month: str = "2021-05",
        measure: str = "vacancies",
    ) -> None:
        (store.project.root / "data/corrections.yml").write_text(
            f"""
corrections:
  - id: too-many-vacancies
    source: statfin-12r5
    key: {{REF_AREA: {area}, TIME_PERIOD: {month}, MEASURE: {measure}}}
    delivered: {delivered}
    expected: {expected}
    what: {{fi: Luku on väärin, sv: Uppgiften är fel}}
    why: {{fi: Lähde kirjasi sen kahdesti, sv: Källan förde in den två gånger}}
    reported: 2021-06-22
""",
            encoding="utf-8",
        )

    return write


def test_the_repository_has_no_correction_yet(store: Store) -> None:
    assert load_corrections(store.project.root) == ()


def test_a_correction_takes_the_place_of_the_figure_and_is_named(store: Store, correct: Correct) -> None:
    right = store.table("statfin-12r5").set_index(["Alue", "Kuukausi"]).AVPAIKATLOPUSSA["KU507", "2021M05"]
    correct(expected=right)
    store.write_source("statfin-12r5", {"statfin-12r5": WRONG})
    loaded = load_source(store.project, "statfin-12r5")
    assert loaded.corrections == ("too-many-vacancies",)
    store.write_source("statfin-12r5")
    plain = load_source(store.project, "statfin-12r5", past=Past({}, ()))
    assert plain.corrections == ()
    assert loaded.table is not None
    assert loaded.table.equals(plain.table)


def test_without_it_the_figure_would_have_been_refused(store: Store) -> None:
    assert store.codes_of("statfin-12r5", {"statfin-12r5": WRONG}) == {"totals-area"}


def test_a_figure_may_be_corrected_to_a_mark(store: Store, correct: Correct) -> None:
    correct(expected='"..."')
    store.write_source("statfin-12r5", {"statfin-12r5": WRONG})
    table = load_source(store.project, "statfin-12r5").table
    assert table is not None
    cell = table[(table.REF_AREA == "KU507") & (table.TIME_PERIOD == "2021-05") & (table.MEASURE == "vacancies")]
    assert cell.OBS_VALUE.isna().all()
    assert (cell.OBS_STATUS.item(), cell.CONF_STATUS.item()) == ("Q", "C")


def test_a_correction_is_refused_once_the_source_says_something_else(store: Store, correct: Correct) -> None:
    correct()
    assert store.codes_of("statfin-12r5", {}) == {"correction-settled"}


@pytest.mark.parametrize("key", [{"area": "KU508"}, {"month": "2019-05"}, {"measure": "jobseekers"}, {"area": "KK20"}])
def test_a_correction_of_nothing_is_refused(store: Store, correct: Correct, key: dict[str, str]) -> None:
    correct(**key)
    assert store.codes_of("statfin-12r5", {}) == {"correction-unknown-key"}


@pytest.mark.parametrize("small", [{"delivered": 7}, {"expected": 7}, {"expected": 7.25}, {"delivered": -7}])
def test_a_small_figure_may_not_stand_in_the_file(store: Store, correct: Correct, small: dict[str, object]) -> None:
    correct(**small)
    with pytest.raises(ConfigError, match="below 10") as caught:
        load_corrections(store.project.root)
    assert "7" not in str(caught.value).replace("corrections.yml:7", "")


@pytest.mark.parametrize("text", ["many", "....", "true", "null"])
def test_what_is_neither_figure_nor_mark_is_refused(store: Store, correct: Correct, text: str) -> None:
    correct(expected=text)
    with pytest.raises(ConfigError, match="a figure or one of the marks"):
        load_corrections(store.project.root)
