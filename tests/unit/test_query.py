"""Rows of figures by organisation, group, part and month, and the tables made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from katsaus.errors import FigureError, UsageError
from katsaus.page import Review, open_review


@pytest.fixture
def review(root: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.chdir(root)
    return open_review("kainuu", "2023-06", "sv")


def test_the_month_before_and_its_change_stand_beside_each_figure(review: Review) -> None:
    two = review.figures("A03", "D01", months=2)
    for key in ("A03", "D01"):
        before, now = two[two["indicator"] == key]["value"]
        row = review.figure(key)
        assert (row.month_ago, row.month_change) == (before, now - before)
    assert review.figure("A03").month_change_percent == pytest.approx(
        100 * (review.figure("A03").value / review.figure("A03").month_ago - 1)
    )
    assert review.figure("D01").month_change_percent_symbol == "–"


def test_organisations_and_groups_have_rows_names_and_colours_of_their_own(review: Review) -> None:
    asked = review.figures("A01", responsible=["trial", "te_office"], months=2)
    assert list(asked["label"]) == ["Kommunförsöken"] * 2 + ["TE-byråerna"] * 2
    assert list(asked["series"]) == ["clients"] * 2 + ["te_office"] * 2
    total = review.figure("A01")
    assert asked[asked["month"] == "2023-06"]["value"].sum() == total.value
    by_sex = review.figures("A03", source="ministry", groups=["F", "M"])
    assert list(by_sex["label"]) == ["Kvinnor", "Män"]
    assert by_sex["value"].sum() == review.figure("A03", source="ministry").value
    assert review.figure("A03", source="ministry", group="F").value == by_sex["value"].iloc[0]


def test_an_indicator_with_parts_stands_for_all_of_them(review: Review) -> None:
    parts = review.figures("C14", areas=["country"])
    assert list(parts["indicator"])[:2] == ["C14:open_market", "C14:subsidised"]
    assert parts["label"].iloc[0] == "Arbete på den öppna arbetsmarknaden"
    assert parts["value"].sum() == pytest.approx(100)


def test_a_difference_of_counts_has_no_change_in_per_cent(review: Review) -> None:
    net, started = review.figure("C03"), review.figure("C01")
    assert started.change_percent_symbol == ""
    assert net.change_symbol == ""
    assert net.change_percent_symbol == net.month_change_percent_symbol == "–"


def test_a_row_is_written_by_its_own_unit_and_decimals(review: Review) -> None:
    table = review.by_row(review.figures("A03", "D01", "D04"), caption="x").as_json()
    heads = [column["label"] for column in table["columns"]]
    assert heads == [
        "Nyckeltal",
        "juni 2023",
        "juni 2022",
        "Förändring på ett år",
        "Förändring på ett år, %",
    ]
    persons, rate, index = table["rows"]
    unemployed, share = review.figure("A03"), review.figure("D01")
    assert persons[:2] == ["Arbetslösa arbetssökande", review.number(unemployed.value)]
    assert rate[:2] == ["Arbetslösa av arbetskraften, %", review.number(share.value, 1)]
    assert rate[4] == index[4] == "–"
    assert f",{share.value:.1f}," in table["csv"]


def test_a_table_over_months_has_a_column_for_each_month_shown(review: Review) -> None:
    steps = review.figures("K04", areas=["KK07", "KK20"], months=13)
    steps = steps[steps["month"].isin(["2022-06", "2023-06"])]
    table = review.over_months(steps, caption="x", links=True)
    assert [column.label for column in table.columns] == ["6/2023", "6/2022"]
    assert [row.area for row in table.rows] == ["KK07", "KK20"]
    helsinki = review.figure("K04", "KK20")
    assert [cell.value for cell in table.rows[1].cells] == [helsinki.value, helsinki.year_ago]
    assert table.rows[0].href == "/2023-06/alue/kainuu/index.html"


def test_a_table_by_row_is_of_one_area_and_month(review: Review) -> None:
    for table in (review.figures("A03", months=2), review.figures("A03", areas=["KK07", "country"])):
        with pytest.raises(FigureError, match="several areas or months"):
            review.by_row(table, caption="x")


def test_a_download_remarks_on_the_rows_that_call_for_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    early = open_review("kainuu", "2021-05", "fi")
    csv = early.by_month(early.figures("D01", months=4), caption="x").as_json()["csv"].splitlines()
    assert csv[0].endswith(",Huomautukset")
    may, april, march, february = csv[1:]
    assert may.endswith(",")
    assert "verrataan maaliskuuhun" in april
    assert "puutteelliset, sillä" in march
    assert february.endswith(",")


def test_a_municipality_has_a_review_of_its_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    town = open_review("ristijarvi", "2023-06", "fi")
    assert (town.area, town.name, town.parent) == ("KU697", "Ristijärvi", "KK07")
    assert town.municipalities == ["KU697"]
    with pytest.raises(UsageError, match="no municipality"):
        _ = open_review("kainuu", "2023-06", "fi").parent
    with pytest.raises(UsageError, match="unknown area"):
        open_review("atlantis", "2023-06", "fi")


def test_links_lead_to_pages_of_areas_and_municipalities(review: Review) -> None:
    table = review.by_area(review.figures("D01", areas=["KK07", "KU697", "KU091"]), ["D01"], caption="x", links=True)
    assert [row.href for row in table.rows] == [
        "/2023-06/alue/kainuu/index.html",
        "/2023-06/kunta/ristijarvi/index.html",
        "/2023-06/alue/helsinki/index.html",  # a municipality that is an area by itself
    ]


def test_events_are_those_within_the_months_of_the_chart(review: Review) -> None:
    def told(months: int) -> list[str]:
        spec = review.events(review.figures("D01", months=months)).to_dict()
        return [row["event"] for rows in spec["datasets"].values() for row in rows]

    assert told(37)
    assert not told(2)
