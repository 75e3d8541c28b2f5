"""What a notebook gets of a review, over the real figures."""

from __future__ import annotations

import json
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from katsaus.chart import VEGA_LITE, Figure, drawn_only
from katsaus.errors import FigureError, TermError
from katsaus.output import told
from katsaus.page import COMPARISON, Review, open_review

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def review(root: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.chdir(root / "notebooks")
    return open_review("kainuu", "2023-06", "sv")


def test_figures_have_the_same_month_of_the_previous_year_beside_them(review: Review) -> None:
    table = review.figures("A03", areas=["KK20", *COMPARISON])
    assert list(table["value"]) == [39233, 198001, 65873, 264731]
    assert list(table["change"]) == list(table["value"] - table["year_ago"])
    assert list(table["series"]) == ["area", "trial", "other", "country"]
    assert table["label"].iloc[0] == "Helsingfors"


def test_nothing_later_than_the_page_s_month_is_handed_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    early = open_review("helsinki", "2021-03", "fi")
    assert early.figures("D01", months=37)["month"].max() == "2021-03"
    assert early.figure("A03", "country").value == 331526


def test_before_the_data_there_is_a_symbol_of_its_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    first = open_review("helsinki", "2021-03", "fi").figures("A03", months=39).iloc[:3]
    assert list(first["month"]) == ["2018-01", "2018-02", "2018-03"]
    assert set(first["year_ago_symbol"]) == {".."}
    assert set(first["change_symbol"]) == {".."}


def test_a_hidden_figure_is_a_symbol_in_words_tables_and_downloads(review: Review) -> None:
    ristijarvi = review.figure("C12", "KU697")
    assert review.value(ristijarvi) == "..."
    table = review.by_area(
        review.figures("C12", "C11", areas=["KU697", "KU205"]), ["C12", "C11"], caption="x"
    ).as_json()
    assert table["rows"][0][1:] == ["...", "..."]
    assert table["csv"].splitlines()[1].endswith(",...,...")
    assert len(table["symbols"]) == 1


def test_words_and_numbers_are_the_language_s(review: Review) -> None:
    assert review.value(review.figure("D01")) == f"8,6{NBSP}%"
    assert review.value(review.figure("D01"), "change") == f"−0,3{NBSP}procentenheter".replace(NBSP, " ")
    assert review.size(review.figure("A03")) == "97"
    assert review.month_name("inessive") == "i juni 2023"
    assert review.text(fi="a", sv="b") == "b"


@pytest.mark.parametrize(
    ("value", "decimals", "word"), [(0.04, 1, "same"), (0.05, 1, "up"), (-0.05, 1, "down"), (0.4, 0, "same")]
)
def test_direction_is_that_of_the_published_figure(review: Review, value: float, decimals: int, word: str) -> None:
    assert review.choose(value, up="up", same="same", down="down", decimals=decimals) == word


def test_the_text_alternative_tells_the_table_s_figures(review: Review) -> None:
    lines = review.figures("D01", areas=["KK07", "country"], months=13)
    told = review.telling(lines)
    newest = review.by_month(lines, caption="x").as_json()["rows"][0][1:]
    oldest = review.by_month(lines, caption="x").as_json()["rows"][-1][1:]
    for figure in (*newest, *oldest):
        assert f"{figure}{NBSP}%" in told


def test_a_bare_number_is_no_inline_value() -> None:
    with pytest.raises(TypeError, match=r"review\.number"):
        told(1.5)


def chart(review: Review, **words: str) -> Figure:
    lines = review.figures("D01", months=3)
    drawn = alt.Chart(lines).mark_line().encode(x=alt.X("month:T"), y=alt.Y("value:Q"))
    given = {"title": "T", "subtitle": "S", "alt": "A"} | words
    return review.chart(drawn, **given, table=review.by_month(lines, caption="x"))


@pytest.mark.parametrize("words", [{"alt": " "}, {"title": ""}, {"subtitle": ""}, {"alt": "T"}])
def test_a_chart_needs_its_words_and_an_alt_of_its_own(review: Review, words: dict[str, str]) -> None:
    with pytest.raises(FigureError):
        chart(review, **words)


def test_a_chart_holds_the_drawn_columns_only(review: Review) -> None:
    spec = chart(review)._repr_mimebundle_()[VEGA_LITE]
    (rows,) = spec["datasets"].values()
    assert {key for row in rows for key in row} == {"month", "value"}


def test_columns_of_transforms_and_expressions_are_drawn_too() -> None:
    frame = pd.DataFrame({"a": [1], "b": [2], "secret": [987654321]})
    drawn = alt.Chart(frame).transform_calculate(c="datum.a * datum['b']").mark_point().encode(x=alt.X("c:Q"))
    spec = drawn_only(drawn.to_dict())
    (rows,) = spec["datasets"].values()
    assert rows == [{"a": 1, "b": 2}]
    assert "987654321" not in json.dumps(spec)


def test_the_municipalities_left_out_are_named(review: Review) -> None:
    notes = review.by_area(review.figures("C11", areas=["KK07"]), ["C11"], caption="x").as_json()["notes"]
    assert any("Ristijärvi" in note and "Kajanaland" in note for note in notes)
    earlier = review.by_month(review.figures("C11", months=37), caption="x").as_json()["notes"]
    assert any("Hyrynsalmi" in note for note in earlier)


def test_notes_come_with_the_figures_that_call_for_them(review: Review) -> None:
    def notes(indicator: str, months: int) -> list[str]:
        return review.by_month(review.figures(indicator, months=months), caption="x").as_json()["notes"]

    labour_force = next(note for note in notes("D01", 1) if "januari" in note)
    assert labour_force not in notes("A03", 12)
    assert any("mars 2021" in note for note in notes("A03", 37))
    assert not any("mars 2021" in note for note in notes("A03", 12))


def test_groups_are_explained_where_they_are_shown(review: Review) -> None:
    notes = review.by_area(review.figures("D01", areas=["KK07", "other"]), ["D01"], caption="x").as_json()["notes"]
    assert any("175 kommuner" in note for note in notes)
    assert any("Ålands kommuner är små" in note for note in notes)
    alone = review.by_area(review.figures("D01"), ["D01"], caption="x").as_json()["notes"]
    assert not any("Åland" in note for note in alone)


@pytest.mark.parametrize("texts", [{"fi": "a"}, {"sv": "a"}, {"fi": "a", "sv": " "}])
def test_a_text_in_one_language_only_is_refused_in_both(review: Review, texts: dict[str, str]) -> None:
    with pytest.raises(TermError):
        review.text(**texts)
