"""What a chart draws are figures of its table; everything else is refused, and no message holds a figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest

from katsaus.errors import FigureError
from katsaus.page import Review, open_review

PLANTED = 98765.25
FOREIGN = "the chart draws a figure that its table doesn't hold"


@pytest.fixture
def review(root: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.chdir(root)
    return open_review("kainuu", "2023-06", "fi")


def shown(review: Review, chart: Any, rows: pd.DataFrame | None = None) -> dict[str, Any]:
    rows = review.figures("D01", months=3) if rows is None else rows
    return dict(
        review.chart(chart, review.by_month(rows, caption="C"), title="T", subtitle="S", alt="A")._repr_mimebundle_()
    )


def line(rows: pd.DataFrame, y: Any = "value:Q") -> alt.Chart:
    drawn: alt.Chart = alt.Chart(rows).mark_line().encode(x="month:T", y=y)
    return drawn


Change = Callable[[pd.DataFrame], pd.DataFrame]


ALLOWED: dict[str, Change] = {
    "as they come": lambda rows: rows,
    "sorted and chosen": lambda rows: rows.sort_values("month", ascending=False).iloc[1:],
    "rounded as published": lambda rows: rows.assign(value=rows["value"].round(1)),
    "with names of its own": lambda rows: rows.assign(label="Osuus", value_of_it=rows["value"]),
    "with a figure taken away": lambda rows: rows.assign(value=rows["value"].where(rows["month"] == "2023-06")),
}
FORGED: dict[str, Change] = {
    "one of its own": lambda rows: rows.assign(value=PLANTED),
    "a raw frame": lambda rows: pd.DataFrame({"month": rows["month"], "value": [1, 2, 3]}),
    "a raw frame of published figures": lambda rows: rows[["month", "value"]],
    "the figures of another month": lambda rows: rows.assign(value=rows["value"].to_numpy()[::-1]),
    "another area's": lambda rows: rows.assign(area="KK20"),
    "another organisation's": lambda rows: rows.assign(responsible="trial"),
    "sums": lambda rows: rows.assign(value=rows["value"].cumsum()),
    "a year before, which the table has not": lambda rows: rows.assign(value=rows["year_ago"]),
}


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED.keys())
def test_figures_of_the_table_are_drawn(review: Review, change: Change) -> None:
    assert shown(review, line(change(review.figures("D01", months=3))))


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
def test_any_other_number_is_refused_without_telling_it(review: Review, change: Change) -> None:
    with pytest.raises(FigureError, match=FOREIGN) as caught:
        shown(review, line(change(review.figures("D01", months=3))))
    assert str(PLANTED) not in str(caught.value)
    assert "take the rows from review.figures" in str(caught.value)


def test_a_hidden_figure_is_no_zero(review: Review) -> None:
    rows = review.figures("D01", months=3).assign(value=[10.0, float("nan"), 11.0], value_symbol=["", "...", ""])
    with pytest.raises(FigureError, match=FOREIGN):
        shown(review, line(rows.fillna(0)), rows)
    assert shown(review, line(rows), rows)


COMPUTED: dict[str, Callable[[pd.DataFrame], Any]] = {
    "a sum": lambda rows: line(rows, "sum(value):Q"),
    "shares of a stack": lambda rows: (
        alt.Chart(rows).mark_bar().encode(x="month:N", y=alt.Y("value:Q", stack="normalize"))
    ),
    "zero for what is missing": lambda rows: line(rows, alt.Y("value:Q", impute=alt.ImputeParams(value=0))),
    "a formula": lambda rows: line(rows, "twice:Q").transform_calculate(twice="2 * datum.value"),
    "what is invalid shown": lambda rows: alt.Chart(rows).mark_line(invalid="show").encode(x="month:T", y="value:Q"),
    "columns in turn": lambda rows: line(rows, alt.Y(alt.repeat(), type="quantitative")).repeat(["value"]),
}


@pytest.mark.parametrize("drawn", COMPUTED.values(), ids=COMPUTED.keys())
def test_a_chart_computes_nothing(review: Review, drawn: Callable[[pd.DataFrame], Any]) -> None:
    with pytest.raises(FigureError, match="the chart computes"):
        shown(review, drawn(review.figures("D01", months=3)))


def test_data_from_elsewhere_are_refused(review: Review) -> None:
    elsewhere = alt.Chart("figures.csv").mark_line().encode(x="month:T", y="value:Q")
    with pytest.raises(FigureError, match="brings data of its own"):
        shown(review, elsewhere)
    with pytest.raises(FigureError, match=FOREIGN):
        shown(review, line(alt.Data(values=[{"month": "2023-06", "value": PLANTED}])))  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["layer", "concat", "facet", "text", "tooltip"])
def test_a_number_is_found_wherever_it_is_drawn(review: Review, place: str) -> None:
    good = review.figures("D01", months=3)
    bad = good.assign(value=PLANTED, name="x")
    charts = {
        "layer": lambda: line(good) + line(bad),
        "concat": lambda: line(good) | line(bad),
        "facet": lambda: line(bad).facet("name:N"),
        "text": lambda: line(good) + alt.Chart(bad).mark_text().encode(text="value:N"),
        "tooltip": lambda: line(good).encode(tooltip=["value:Q"]) + line(bad, alt.value(0)).encode(tooltip=["value:Q"]),
    }
    with pytest.raises(FigureError, match=FOREIGN):
        shown(review, charts[place]())


def test_constants_and_places_are_no_figures(review: Review) -> None:
    rows = review.figures("D01", months=3).assign(place=[1, 2, 3], size=7)
    marks = (
        alt.Chart(rows).mark_text().encode(x=alt.X("place:Q", scale=None), y=alt.Y("size:O", axis=None), text="label:N")
    )
    assert shown(review, line(rows) + marks + alt.Chart().mark_rule().encode(y=alt.YDatum(0)))


def test_a_column_that_is_not_there_is_named_with_its_likeness(review: Review) -> None:
    with pytest.raises(FigureError, match="the column valeu, which its frame has not") as caught:
        shown(review, line(review.figures("D01", months=3), "valeu:Q"))
    assert "did you mean value?" in str(caught.value)


def test_a_map_shows_published_figures_alone(review: Review) -> None:
    rows = review.figures("D01", areas=review.areas)
    assert review.map(rows)
    for forged in (rows.assign(value=PLANTED), rows.assign(value_symbol="...")):
        for draw in (review.map, review.tiles):
            with pytest.raises(FigureError, match="not published"):
                draw(forged)
