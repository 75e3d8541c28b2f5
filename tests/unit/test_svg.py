import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import altair as alt
import pandas as pd
import pytest
import sample_notebook as sample

from katsaus import theme
from katsaus.chart import finished, series_style
from katsaus.errors import FigureError
from katsaus.pages.figures import read
from katsaus.pages.svg import Chart, Converters, width_of
from katsaus.pages.svg_text import apart, inline, printed


@pytest.fixture(scope="module")
def converters():
    with Converters(2) as running:
        yield running


def charts(lang):
    figures = read(sample.executed(lang), "page").figures
    return [Chart(f.label, f.spec, f.words["title"], f.words["alt"]) for f in figures]


@pytest.fixture(scope="module")
def drawings(converters):
    return {lang: converters.convert(charts(lang), lang) for lang in ("fi", "sv")}


def texts(svg):
    return [text.text for text in ET.fromstring(svg).iter() if text.tag.endswith("text")]


def sizes(svg):
    return [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_every_chart_is_drawn_in_order_with_its_words(drawings, lang):
    assert [drawing.label for drawing in drawings[lang]] == ["fig-rate", "fig-bars", "fig-dots"]
    for chart, drawing in zip(charts(lang), drawings[lang], strict=True):
        for svg in (drawing.wide, drawing.narrow):
            root = ET.fromstring(svg)
            assert root.attrib["role"] == "img"
            assert root.attrib["aria-label"] == chart.alt
            assert root.attrib["lang"] == lang


def test_inline_svg_holds_nothing_that_the_page_forbids(drawings):
    for drawing in drawings["fi"]:
        for svg in (drawing.wide, drawing.narrow):
            assert "style" not in svg
            assert "font-family" not in svg
            assert "aria-roledescription" not in svg
            assert "xmlns" not in svg


def test_charts_fit_their_widths_and_keep_their_text_large(drawings):
    for drawing in drawings["sv"]:
        assert width_of(drawing.wide) <= theme.TOTAL_WIDTHS["wide"]
        narrow = theme.TOTAL_WIDTHS["narrow"]
        scale = min(1, narrow / width_of(drawing.narrow))
        assert min(sizes(drawing.narrow)) * scale >= 12
        assert min(sizes(drawing.wide)) >= 12


def test_charts_use_the_width_of_a_phone(drawings):
    for drawing in drawings["fi"]:
        assert theme.TOTAL_WIDTHS["narrow"] - 12 <= width_of(drawing.narrow) <= theme.TOTAL_WIDTHS["narrow"]


def test_numbers_are_written_in_the_page_s_language(drawings):
    bars = texts(drawings["fi"][1].wide)
    assert "1\N{NO-BREAK SPACE}000" in bars
    assert "−500" in bars


@pytest.mark.parametrize(("lang", "march"), [("fi", "maaliskuu"), ("sv", "mars")])
def test_month_names_are_small_and_of_the_page_s_language(converters, lang, march):
    axis = {"format": "%B", "tickCount": 3}
    spec = {
        "data": {"values": [{"m": "2023-03", "v": 1}, {"m": "2023-05", "v": 2}]},
        "mark": "line",
        "encoding": {
            "x": {"field": "m", "type": "temporal", "axis": axis},
            "y": {"field": "v", "type": "quantitative"},
        },
    }
    [drawing] = converters.convert([Chart("fig-m", spec, "Title", "Alt")], lang)
    assert march in texts(drawing.wide)


def test_a_file_stands_alone_on_white(drawings):
    drawing = drawings["sv"][0]
    root = ET.fromstring(drawing.file)
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "sv"
    assert [child.tag.rpartition("}")[2] for child in root[:3]] == ["title", "desc", "rect"]
    assert root[0].text == sample.WORDS["sv"]["finding"]
    assert root[2].attrib["fill"] == theme.PAPER
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert ids >= set(root.attrib["aria-labelledby"].split())


def test_a_file_says_its_source_and_caveats_at_its_foot_and_to_those_who_hear_it(converters):
    chart = charts("sv")[0]
    foot = ("Talen säger ingenting om effekter. " * 6, "Källa: FPA, CC BY 4.0")
    [drawing] = converters.convert([replace(chart, foot=foot)], "sv")
    root = ET.fromstring(drawing.file)
    lines = [part.text for part in root[-1]]
    assert len(lines) > 2  # the first is too long for one
    assert " ".join(lines).split() == " ".join(foot).split()
    assert root[1].text == " ".join([chart.alt, *foot])
    assert "CC BY" not in drawing.wide


def test_lines_have_the_widths_of_the_theme(converters):
    groups = ["area", "trial", "other", "country"]
    rows = [{"month": f"2023-0{m}", "value": m + at, "series": g} for at, g in enumerate(groups) for m in (1, 2)]
    made = alt.Chart(pd.DataFrame(rows)).mark_line().encode(x="month:T", y="value:Q", **series_style())
    [drawing] = converters.convert([Chart("fig-a", made.to_dict(), "Title", "Alt")], "fi")
    drawn = [line for line in ET.fromstring(drawing.wide).iter() if line.get("stroke") in theme.COLOURS.values()]
    assert [float(line.get("stroke-width")) for line in drawn] == [theme.LINE_WIDTHS[group] for group in groups]


def test_what_a_chart_is_about_is_whole_and_its_floating_axis_ends_at_numbers():
    rows = pd.DataFrame([{"month": "2023-01", "value": 7.3, "series": group} for group in ("trial", "country")])
    y = alt.Y("value:Q", scale=alt.Scale(zero=False, padding=20))
    made = finished(alt.Chart(rows).mark_line().encode(x="month:T", y=y, **series_style()).to_dict())["encoding"]
    at = made["strokeDash"]["scale"]["domain"].index("trial")
    assert made["strokeDash"]["scale"]["range"][at] == theme.DASHES["area"]
    assert made["strokeWidth"]["scale"]["range"][at] == theme.LINE_WIDTHS["area"]
    assert made["y"]["scale"] == {"zero": False, "nice": theme.TICKS}
    assert made["x"]["axis"] == {"domain": False}


def test_a_printed_chart_is_a_whole_document(drawings):
    root = ET.fromstring(printed(drawings["fi"][0].wide))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["font-family"] == theme.FONT


def test_drawing_twice_gives_the_same_text(converters, drawings):
    assert converters.convert(charts("fi"), "fi") == drawings["fi"]


def test_the_config_of_a_notebook_does_not_decide(converters, drawings):
    chart = charts("fi")[0]
    loud = Chart(chart.label, {**chart.spec, "config": {"view": {"continuousWidth": 50}}}, chart.title, chart.alt)
    assert converters.convert([loud], "fi") == drawings["fi"][:1]


def test_all_charts_that_cannot_be_drawn_are_told_without_figures(converters):
    broken = [
        Chart(f"fig-{name}", {"mark": "nonsense", "data": {"values": [{"a": 987654321}]}}, "T", "A") for name in "ab"
    ]
    with pytest.raises(FigureError) as error:
        converters.convert(broken, "fi", where="page")
    assert [problem.what for problem in error.value.problems] == [
        "the chart fig-a can't be drawn",
        "the chart fig-b can't be drawn",
    ]
    assert "987654321" not in str(error.value)


def test_converters_are_of_no_use_outside_their_block():
    with pytest.raises(RuntimeError):
        Converters(1).convert([], "fi")


def test_labels_that_would_cover_each_other_are_moved_apart(drawings):
    drawn = [text for text in ET.fromstring(drawings["fi"][0].wide).iter() if text.text in sample.WORDS["fi"]["groups"]]
    heights = sorted(float(text.attrib["transform"].split(",")[1].rstrip(")")) for text in drawn)
    assert len(heights) == 4
    assert all(lower - upper >= 14 for upper, lower in pairwise(heights))


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([], []),
        ([5.0], [5.0]),
        ([0.0, 20.0], [0.0, 20.0]),
        ([0.0, 10.0], [0.0, 10.0]),
        ([4.0, 4.0], [-1.0, 9.0]),
        ([0.0, 2.0, 11.0], [-5.666666666666667, 4.333333333333333, 14.333333333333332]),
    ],
)
def test_apart_keeps_the_centre_of_close_labels(positions, expected):
    assert apart(positions, 10) == pytest.approx(expected)


def test_ids_of_two_charts_never_meet():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><defs><clipPath id="clip0">'
        '<rect x="0.123" width="9" height="9"/></clipPath></defs><g clip-path="url(#clip0)"><path d="M0,0L1.26,2.04"/>'
        '<g><g/></g><path class="background" d="M0,0h1"/></g></svg>'
    )
    clean = inline(svg, "fig-a", lang="fi", alt="x", variant="wide")
    assert 'id="fig-a-wide-0"' in clean
    assert "url(#fig-a-wide-0)" in clean
    assert inline(svg.replace("clip0", "clip17"), "fig-a", lang="fi", alt="x", variant="wide") == clean
    assert "M0,0L1.3,2" in clean
    assert "M0,0h1" not in clean
