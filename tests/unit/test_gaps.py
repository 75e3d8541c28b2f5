"""What charts show where a figure is missing: nothing that a line would run across, no bar like a zero."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import pandas as pd
import pytest

from katsaus.chart import VEGA_LITE, drawn_only
from katsaus.compare import panels
from katsaus.gaps import POINT, Whole, show_gaps
from katsaus.page import Review, open_review
from katsaus.pages.svg import Chart, Converters
from katsaus.terms import load_words

MONTHS = [f"2023-0{month}" for month in range(1, 8)]
NAN = float("nan")


@pytest.fixture(scope="module")
def converters() -> Iterator[Converters]:
    with Converters(1) as running:
        yield running


@pytest.fixture
def review(root: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.chdir(root)
    return open_review("kainuu", "2023-06", "fi")


def series(values: list[float], symbols: list[str], label: str = "A") -> pd.DataFrame:
    return pd.DataFrame(
        {"month": MONTHS[: len(values)], "label": label, "series": "area", "value": values, "value_symbol": symbols}
    )


def lines(frame: pd.DataFrame) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(frame).mark_line().encode(x=alt.X("month:T"), y=alt.Y("value:Q"), color=alt.Color("label:N"))
    )
    return chart


def bars(frame: pd.DataFrame) -> alt.Chart:
    chart: alt.Chart = alt.Chart(frame).mark_bar().encode(x=alt.X("value:Q"), y=alt.Y("label:N", sort=None))
    return chart


def whole(chart: Any) -> Whole:
    return show_gaps(chart.to_dict())


def alone(made: Whole) -> list[float]:
    return [row["value_alone"] for rows in made.spec["datasets"].values() for row in rows if row.get("value_alone")]


def drawn(converters: Converters, chart: Any) -> ET.Element:
    spec = drawn_only(whole(chart).spec)
    return ET.fromstring(converters.convert([Chart("fig-x", spec, "Otsikko", "Vaihtoehto")], "fi")[0].wide)


def texts(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter() if element.tag.endswith("text")]


BROKEN = series([5, 6, NAN, 7, NAN, 8, 9], ["", "", "...", "", "...", "", ""])


def test_a_figure_between_two_gaps_is_a_point() -> None:
    made = whole(lines(BROKEN))
    assert made.lacking == ("line",)
    assert alone(made) == [7]
    line, point = made.spec["layer"]
    assert line["mark"]["type"] == "line"
    assert point["mark"] == {"type": "point", "filled": True, "size": POINT}
    assert point["encoding"]["y"]["field"] == "value_alone"


def test_the_line_breaks_at_what_is_hidden(converters: Converters) -> None:
    svg = drawn(converters, lines(BROKEN))
    paths = [e.get("d", "") for e in svg.iter() if e.get("stroke") and e.tag.endswith("path")]
    path = max(paths, key=lambda d: d.count("L"))
    assert (path.count("M"), path.count("L")) == (3, 2)  # January to February; April, drawn as a point; June to July


def test_each_line_has_gaps_of_its_own() -> None:
    other = series([1, NAN, NAN, NAN, NAN, NAN, 2], ["", *["..."] * 5, ""], label="B")
    assert sorted(alone(whole(lines(pd.concat([BROKEN, other]))))) == [1, 2, 7]


def test_a_whole_line_is_left_as_it_is() -> None:
    spec = lines(series([5.0, 6.0, 7.0], [""] * 3)).to_dict()
    made = show_gaps(spec)
    assert made.lacking == ()
    assert {key: part for key, part in made.spec.items() if key != "datasets"} == {
        key: part for key, part in spec.items() if key != "datasets"
    }


def test_what_is_not_there_breaks_the_line_and_is_not_called_hidden() -> None:
    made = whole(lines(series([5, NAN, 7], ["", "..", ""])))
    assert made.lacking == ()
    assert alone(made) == [5, 7]


def test_layers_and_panels_are_walked_into(converters: Converters) -> None:
    other = BROKEN.assign(value=1.0, value_symbol="", series="trial", area="trial")
    table = pd.concat([BROKEN.assign(area="KK07"), other])
    made = whole(panels(table, {"KK07": "9 %"}, measure="value"))
    assert made.lacking == ("line",)
    assert alone(made) == [7]
    assert "spec" in made.spec
    assert drawn(converters, panels(table, {"KK07": "9 %"}, measure="value")) is not None


def test_a_hidden_bar_is_its_symbol_and_a_zero_is_none(converters: Converters) -> None:
    frame = pd.DataFrame({"label": ["much", "zero", "hid"], "value": [9, 0, NAN], "value_symbol": ["", "", "..."]})
    made = whole(bars(frame))
    assert made.lacking == ("bar",)
    svg = drawn(converters, bars(frame))
    assert texts(svg).count("...") == 1
    heights = {text.text: _height(text) for text in svg.iter() if text.tag.endswith("text")}
    assert abs(heights["..."] - heights["hid"]) < 6


def _height(text: ET.Element) -> float:
    found = re.search(r"translate\([-\d.]+,([-\d.]+)\)", text.get("transform", ""))
    return float(found[1]) if found else NAN


def test_a_bar_of_a_month_is_its_symbol_too(converters: Converters) -> None:
    upright = alt.Chart(BROKEN).mark_bar().encode(x=alt.X("yearmonth(month):T"), y=alt.Y("value:Q"))
    assert texts(drawn(converters, upright)).count("...") == 2


def test_a_hidden_earlier_figure_is_a_missing_mark() -> None:
    frame = pd.DataFrame({"label": ["a"], "value": [9], "value_symbol": [""]})
    earlier = frame.assign(year_ago=NAN, year_ago_symbol="...")
    ticks = alt.Chart(earlier).mark_tick().encode(x=alt.X("year_ago:Q"), y=alt.Y("label:N"))
    assert whole(bars(earlier) + ticks).lacking == ("mark",)


def test_nothing_of_a_hidden_figure_is_in_the_chart() -> None:
    frame = BROKEN.assign(secret=987654321)
    spec = drawn_only(whole(bars(frame)).spec)
    assert "987654321" not in json.dumps(spec)
    assert {key for rows in spec["datasets"].values() for row in rows for key in row} == {
        *("label", "value", "value_symbol")
    }


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_a_chart_says_beneath_why_its_line_is_broken(root: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.chdir(root)
    review = open_review("kainuu", "2023-06", lang)
    table = review.figures("A03", months=5)
    table.loc[table.index[2], ["value", "value_symbol"]] = [NAN, "..."]
    drawing = alt.Chart(table).mark_line().encode(x=alt.X("month:T"), y=alt.Y("value:Q"))
    shown = review.chart(drawing, review.by_month(table, caption="x"), title="T", subtitle="S", alt="A")
    bundle = shown._repr_mimebundle_()
    twin = bundle["application/vnd.katsaus.figure+json"]["table"]
    note = load_words(root, lang).term("The line is broken where a figure is hidden for data protection (...).")
    assert twin["beside"][-1] == note
    assert [row[1] for row in twin["rows"]].count("...") == 1
    assert len(twin["symbols"]) == 1
    assert None in [row["value"] for rows in bundle[VEGA_LITE]["datasets"].values() for row in rows]


# How notebooks sort and cut


def test_what_has_no_figure_stands_last_by_its_code(review: Review) -> None:
    table = review.figures("A03", areas=review.municipalities)
    codes = sorted(table["area"])
    hidden, there = codes[:3], table[table["area"].isin(codes[3:])]
    table.loc[table["area"].isin(hidden), "value_symbol"] = "..."  # their values stay: the order must not follow them
    for lowest in (False, True):
        ranked = review.ranked(table, lowest=lowest)
        assert list(ranked["area"])[-3:] == hidden
        assert list(ranked["value"])[:-3] == sorted(there["value"], reverse=not lowest)


def test_months_before_the_first_figure_are_cut_and_hidden_ones_kept(review: Review) -> None:
    table = review.figures("A03", months=6)
    table["value_symbol"] = ["..", "..", "...", "", "..", ""]
    assert list(review.since_first(table)["month"]) == list(table["month"])[2:]
    assert review.since_first(table.assign(value_symbol="..")).empty is False


def test_a_text_alternative_says_in_words_what_is_hidden(review: Review) -> None:
    table = review.figures("A03", areas=["KK20", "country"])
    table.loc[table["area"] == "KK20", "value_symbol"] = "..."
    told = review.telling(table)
    assert "Helsinki peitetty tietosuojan vuoksi (vuotta aiemmin" in told
    assert "..." not in told
