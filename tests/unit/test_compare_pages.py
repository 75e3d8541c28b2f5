"""Pages of comparison: small panels, the tool's figures, and the file and the bundle that a browser gets."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import sample_notebook as sample
from sample_site import page, shell

from katsaus import pages, theme
from katsaus.chart import drawn_only
from katsaus.compare import explorer, panels
from katsaus.errors import FigureError
from katsaus.output import EXPLORE
from katsaus.page import open_review
from katsaus.pages.assets import write_assets
from katsaus.pages.explore import CHOSEN, DASHES, data_file
from katsaus.pages.figures import Explore, read
from katsaus.pages.publish import publish
from katsaus.pages.svg import NUMBERS, TIMES, Chart, Converters, width_of
from katsaus.review import Review
from katsaus.table import Cell, Column, Furniture, Row, Table
from katsaus.terms import load_words

STYLE = Path(pages.__file__).parent / "assets" / "style.css"
DARK = {"area": "#8cbcff", "second": "#35c0b0", "third": "#e58fc4", "fourth": "#f0f2f4", "trial": "#f5a461"}
SLUGS = {"Kainuu": "kainuu", "Espoo": "espoo"}


def by_month(*newest_first: tuple[str, Sequence[Cell]], synthetic: str = "", decimals: int = 1) -> Table:
    heads = [Column(name, name, decimals) for name in (*SLUGS, "Kokeilukunnat")]
    rows = [Row(month, (month,), tuple(cells)) for month, cells in newest_first]
    symbols = {"...": "... = hidden", "..": ".. = no data"}
    around = Furniture(
        *("Share, %", ["A note"], symbols, "A source", synthetic),
        data="Data",
        beside=["Beside"],
        gaps={"line": "The line is broken"},
    )
    return Table(heads, rows, ("Month", ("Month",)), around, lambda value, column: f"{value:.{column.decimals}f}")


def figures(*values: float) -> list[Cell]:
    return [Cell(value, "") for value in values]


@pytest.fixture
def tool(root: Path) -> Any:
    def make(table: Table, lang: str = "fi") -> dict[str, Any]:
        return dict(explorer(table, SLUGS, unit="{value} %", words=load_words(root, lang)).content)

    return make


# The tool's figures


def test_the_figures_are_the_published_ones_oldest_first(tool: Any) -> None:
    data = tool(by_month(("2023-06", figures(8.649, 9.25, 10)), ("2023-05", figures(-0.04, 9.0, 10.05))))["data"]
    assert [month["id"] for month in data["months"]] == ["2023-05", "2023-06"]
    assert data["areas"] == [
        {"slug": "kainuu", "label": "Kainuu", "values": [0.0, 8.6]},
        {"slug": "espoo", "label": "Espoo", "values": [9.0, 9.3]},
    ]
    assert data["reference"] == {"label": "Kokeilukunnat", "values": [10.1, 10.0]}
    assert math.copysign(1, data["areas"][0]["values"][0]) == 1


def test_numbers_of_persons_have_no_decimals(tool: Any) -> None:
    data = tool(by_month(("2023-06", figures(2.5, 1000, 3)), decimals=0))["data"]
    assert json.dumps([area["values"] for area in data["areas"]]) == "[[3], [1000]]"


def test_a_hidden_figure_is_nowhere(tool: Any) -> None:
    hidden = [Cell(987654321.0, "..."), *figures(9.2, 10)]
    content = tool(by_month(("2023-06", figures(8, 9, 10)), ("2023-05", hidden)))
    assert content["data"]["areas"][0]["values"] == ["...", 8.0]
    assert content["symbols"] == ["... = hidden"]
    assert content["beside"] == ["Beside", "The line is broken"]
    assert "987654321" not in json.dumps(content)


def test_months_before_the_first_figure_are_left_out_and_gaps_kept(tool: Any) -> None:
    nothing = [Cell(math.nan, "..")] * 3
    newest, gap, first = (("2023-06", figures(1, 2, 3)), ("2023-05", nothing), ("2023-04", figures(1, 2, 3)))
    data = tool(by_month(newest, gap, first, ("2023-03", nothing)))["data"]
    assert [month["id"] for month in data["months"]] == ["2023-04", "2023-05", "2023-06"]
    assert data["reference"]["values"] == [3.0, "..", 3.0]


def test_the_first_choice_is_the_ends_of_the_ranking(tool: Any) -> None:
    assert tool(by_month(("2023-06", figures(9, 8, 10))))["default"] == ["kainuu", "espoo"]
    hidden = [*figures(9), Cell(math.nan, "..."), *figures(10)]
    assert tool(by_month(("2023-06", hidden), ("2023-05", figures(9, 8, 10))))["default"] == ["kainuu", "kainuu"]


@pytest.mark.parametrize(("lang", "name"), [("fi", "kesäkuu 2023"), ("sv", "juni 2023")])
def test_months_are_in_the_page_s_language(tool: Any, lang: str, name: str) -> None:
    data = tool(by_month(("2023-06", figures(1, 2, 3))), lang)["data"]
    assert data["months"] == [{"id": "2023-06", "name": name, "short": "6/2023"}]


def test_marks_notes_and_source_go_with_the_figures(tool: Any) -> None:
    content = tool(by_month(("2023-06", figures(1, 2, 3)), synthetic="made up"))
    assert content["synthetic"]
    assert (content["notes"], content["beside"], content["source"]) == (["A note"], ["Beside"], "A source")
    assert content["data"]["synthetic"] == "made up"
    assert content["data"]["measure"] == "Share, % – made up"


# The page's own parts


@pytest.fixture(params=["fi", "sv"])
def review(root: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Review:
    monkeypatch.chdir(root)
    return open_review("trial", "2023-06", request.param)


def ranked(review: Review, months: int = 1) -> pd.DataFrame:
    now = review.figures("D01", areas=review.areas).sort_values("value", ascending=False)
    return review.figures("D01", areas=[*now["area"], "trial"], months=months)


def test_each_area_has_a_panel_named_on_two_lines_at_most(review: Review) -> None:
    lines = ranked(review, 13)
    spec = review.compare.panels(lines).to_dict()
    order = spec["facet"]["sort"]
    labels = list(lines[lines["series"] == "area"]["label"].unique())
    assert [re.sub(r"\s", "", name.rpartition("\n")[0]) for name in order] == [re.sub(r"\s", "", x) for x in labels]
    assert all(1 <= name.count("\n") <= 2 for name in order)
    assert max(len(part) for name in order for part in name.split("\n")) <= 18
    kainuu = next(name for name in order if re.match("Kainuu|Kajanaland", name))
    assert kainuu.endswith(f"\n{review.value(review.figure('D01', 'KK07'))}")


def test_what_panels_do_not_draw_is_not_in_the_chart(review: Review) -> None:
    spec = drawn_only(review.compare.panels(ranked(review, 3)).to_dict())
    (rows,) = spec["datasets"].values()
    assert set(rows[0]) == {"month", "newest", "panel", "quiet", "value"}
    assert len(rows) == 25 * 3


def test_panels_skip_a_hidden_figure() -> None:
    months = ["2023-05", "2023-06"]
    frame = pd.DataFrame(
        {
            "month": months * 2,
            "area": ["KK07"] * 2 + ["trial"] * 2,
            "label": ["Kainuu"] * 2 + ["Kokeilukunnat"] * 2,
            "series": ["area"] * 2 + ["trial"] * 2,
            "value": [np.nan, 8.6, 10.0, 10.1],
        }
    )
    (rows,) = drawn_only(panels(frame, {"KK07": "..."}, measure="value").to_dict())["datasets"].values()
    assert [(row["value"], row["newest"], row["quiet"]) for row in rows] == [(None, None, 10.0), (8.6, 8.6, 10.1)]
    assert {row["panel"] for row in rows} == {"Kainuu\n..."}


UNCHANGED = {"fi": "(ei muutosta vuodessa)", "sv": "(ingen förändring på ett år)"}


def test_the_note_of_each_area_stands_with_its_figure_in_the_same_order(review: Review) -> None:
    table = ranked(review)
    table = table[table["area"] != "trial"]
    text = review.compare.notes(table).content["text"]
    names = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert [name.replace("\\", "") for name in names] == [review.name_of(code) for code in table["area"]]
    for row, part in zip(table.itertuples(), text.split("### ")[1:], strict=True):
        assert review.value(row) in part
        change = review.value(row, "change")
        assert (change if re.search("[1-9]", change) else UNCHANGED[review.lang]) in part.replace("\\", "")
        assert review.area_note(str(row.area)) in part


def test_the_tool_writes_figures_as_the_page_does(review: Review) -> None:
    lines = ranked(review, 2)
    data = review.compare.tool(lines, caption="Share").content["data"]
    own = next(area for area in data["areas"] if area["slug"] == "kainuu")
    written = data["unit"].format(value=review.number(own["values"][-1], data["decimals"]))
    assert written == review.value(review.figure("D01", "KK07"))
    assert not data["signed"]


# Panels as SVG


@pytest.fixture(scope="module")
def converters() -> Any:
    with Converters(1) as running:
        yield running


def test_panels_stand_five_in_a_row_and_two_on_a_phone(converters: Converters, review: Review) -> None:
    spec = drawn_only(review.compare.panels(ranked(review, 13)).to_dict())
    [drawing] = converters.convert([Chart("fig-areas", spec, "Title", "Alt")], review.lang)
    for svg, columns in ((drawing.wide, 5), (drawing.narrow, 2)):
        variant: theme.Variant = "wide" if columns == 5 else "narrow"
        assert width_of(svg) == theme.TOTAL_WIDTHS[variant]
        assert ET.fromstring(svg).attrib["viewBox"].split()[2] == str(theme.TOTAL_WIDTHS[variant])
        years = [text for text in ET.fromstring(svg).iter() if text.text == "2023"]
        assert len(years) == columns
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
        assert min(sizes) >= 12


# What a browser gets


def block(table: Table, tool: Any) -> Explore:
    return Explore(1, tool(table))


def test_the_file_tells_how_the_language_writes_and_where_vega_is(tool: Any) -> None:
    text = data_file(block(by_month(("2023-06", figures(1, 2, 3))), tool), "../assets/vega.js", lang="sv")
    data = json.loads(text)
    assert data["vega"] == "../assets/vega.js"
    assert data["numbers"] == NUMBERS
    assert data["times"] == TIMES["sv"]
    assert set(data["sizes"]) == {"wide", "narrow"}
    assert "title" not in data["spec"]


def test_the_drawing_itself_says_that_figures_are_made_up(tool: Any) -> None:
    made_up = by_month(("2023-06", figures(1, 2, 3)), synthetic="made up")
    assert json.loads(data_file(block(made_up, tool), "", lang="fi"))["spec"]["title"]["text"] == "made up"


def test_the_specification_is_one_that_vega_lite_draws(tool: Any, converters: Converters) -> None:
    table = by_month(("2023-06", figures(8.6, 9.2, 10.1)), ("2023-05", figures(8, 9, 10)))
    spec = json.loads(data_file(block(table, tool), "", lang="fi"))["spec"]
    points = [
        {"month": month, "label": name, "series": series, "value": value}
        for name, series, low in (("Kainuu", "area", 8), ("Espoo", "second", 9))
        for month, value in (("2023-05", low), ("2023-06", low + 1))
    ]
    ends = [{**point, "at": point["value"]} for point in points[1::2]]
    whole = {**spec, "autosize": "pad", "datasets": {"points": points, "ends": ends}}
    [drawing] = converters.convert([Chart("fig-own", whole, "Title", "Alt")], "fi")
    drawn = {text.text for text in ET.fromstring(drawing.wide).iter() if text.tag.endswith("text")}
    assert {"Kainuu", "Espoo"} <= drawn
    assert all(f'stroke="{CHOSEN[name]}"' in drawing.wide for name in ("area", "second"))


@pytest.mark.slow
def test_the_bundle_is_the_same_every_time_and_asks_nobody() -> None:
    texts = []
    for _ in range(2):
        with Converters(1) as fresh:
            texts.append(fresh.bundle())
            assert fresh.bundle() is texts[-1]
    assert texts[0] == texts[1]
    assert "vegaEmbed" in texts[0]
    assert not re.search(r"""(?:import|from|src=)\s*\(?["']https?://""", texts[0])


@pytest.mark.slow
def test_a_page_with_the_tool_brings_its_file_script_and_licences(tool: Any, tmp_path: Path) -> None:
    executed = sample.executed("fi")
    content = tool(by_month(("2023-06", figures(1, 2, 3))))
    executed["cells"].append(sample.code({EXPLORE: content}))
    executed["cells"][-1]["metadata"] = {"katsaus": {"cell": 99}}
    assets = write_assets(tmp_path)
    with Converters(1) as converters:
        publish(executed, page(pdf=False), out=tmp_path, shell=shell(assets=assets), converters=converters)
    folder = tmp_path / page().address
    data = json.loads((folder / "explore.json").read_text("utf-8"))
    script = (folder / data["vega"]).resolve()
    assert script.is_file()
    assert re.fullmatch(r"vega-[0-9a-f]{10}\.js", script.name)
    assert [path.name for path in script.parent.glob("vega-licences-*.txt")]
    html = (folder / "index.html").read_text("utf-8")
    assert f'<script src="../../../{assets["compare"]}" defer></script>' in html
    assert "vega" not in html
    assert re.search(r'<section class="explore"[^>]* hidden', html)


def test_a_page_has_one_tool_at_most(tool: Any) -> None:
    executed = sample.executed("fi")
    for cell in (98, 99):
        executed["cells"].append(sample.code({EXPLORE: tool(by_month(("2023-06", figures(1, 2, 3))))}))
        executed["cells"][-1]["metadata"] = {"katsaus": {"cell": cell}}
    with pytest.raises(FigureError, match="more than one tool"):
        read(executed, "page")


# Colours


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen_areas_are_readable_in_both_schemes(name: str) -> None:
    for colour, paper in ((CHOSEN[name], theme.PAPER), (DARK[name], theme.DARK_INKS[theme.PAPER])):
        light, dark = sorted((luminance(colour), luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_chosen_areas_differ_without_colour() -> None:
    assert len({tuple(dashes) for dashes in DASHES.values()}) == len(CHOSEN) == len(DASHES)


@pytest.mark.parametrize("name", ["second", "third"])
def test_the_stylesheet_knows_the_chosen_areas(name: str) -> None:
    css = STYLE.read_text("utf-8")
    for kind in ("fill", "stroke"):
        assert f'.chart [{kind}="{CHOSEN[name]}"] {{ {kind}: var(--{name}); }}' in css
    assert re.search(rf"--{name}: {CHOSEN[name]};", css)
    assert re.search(rf"dark\) {{ :root {{[^}}]*--{name}: {DARK[name]};", css)
