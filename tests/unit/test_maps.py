import gzip
import json
import re
from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from katsaus import theme
from katsaus.boundaries import load_boundaries
from katsaus.chart import drawn_only
from katsaus.classes import CLASSES, Classes, classes, history, limits_of, peers
from katsaus.errors import FigureError
from katsaus.figures import load_figures
from katsaus.maps import choropleth, colours, tiles
from katsaus.pages.svg import Chart, Converters
from katsaus.query import Query, Wanted
from katsaus.rounding import half_away
from katsaus.terms import load_words
from katsaus.wording import Wording

MONTH = "2023-06"
HIDDEN, MISSING = "KK20", "KK03"
PLANTED = 987654.321


@pytest.fixture(scope="module")
def figures(root):
    return load_figures(root)


@pytest.fixture(scope="module")
def boundaries(root):
    return load_boundaries(root)


@pytest.fixture(scope="module")
def words(root):
    return {lang: load_words(root, lang) for lang in ("fi", "sv")}


@pytest.fixture(scope="module")
def converters():
    with Converters(1) as running:
        yield running


@pytest.fixture
def query(figures, words):
    return Query(figures, Wording(figures.project, words["fi"]), month=MONTH)


@pytest.fixture
def areas(figures, query):
    """The rate of unemployment in every trial area, in two months."""
    codes = [area.code for area in figures.project.areas]
    return query.rows(["D01"], Wanted(codes, ["2022-06", MONTH]))


def now(table):
    return table[table["month"] == MONTH]


def covered(table):
    """`table` with a hidden and a missing figure; their values are planted where none should ever be drawn."""
    table = table.copy()
    for code, symbol in ((HIDDEN, "..."), (MISSING, "..")):
        table.loc[table["area"] == code, ["value_symbol", "value"]] = [symbol, PLANTED]
    return table


def spec(chart):
    return drawn_only(chart.to_dict())


def drawn(converters, chart, lang="fi"):
    return converters.convert([Chart("fig-map", spec(chart), "Otsikko", "Vaihtoehto")], lang)[0]


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter() if element.tag.endswith("text")]


def fills(svg):
    """Area → the fills of its marks."""
    found = {}
    for element in ET.fromstring(svg).iter():
        if area := element.get("data-area"):
            found.setdefault(area, set()).add(element.get("fill"))
    return found


# Classes

numbers = st.lists(st.integers(-10_000, 10_000_000), min_size=1, max_size=200)


@given(numbers, st.integers(0, 2))
def test_limits_rise_and_leave_no_class_empty(whole, decimals):
    values = sorted(Decimal(number).scaleb(-decimals) for number in whole)
    limits = limits_of(values, decimals)
    assert len(limits) < CLASSES
    assert all(low < high for low, high in pairwise(limits))
    ends = [0, *(bisect_left(values, limit) for limit in limits), len(values)]
    assert all(before < after for before, after in pairwise(ends))
    assert all(limit == half_away(float(limit), decimals) for limit in limits)


@given(st.integers(0, 1_000_000), st.integers(20, 400))
def test_classes_of_evenly_spread_figures_are_of_about_equal_size(least, count):
    values = [Decimal(least + step) for step in range(count)]
    ends = [0, *(bisect_left(values, limit) for limit in limits_of(values, 0)), len(values)]
    assert len(ends) == CLASSES + 1
    assert max(after - before for before, after in pairwise(ends)) <= 2 * len(values) / CLASSES + 1


def test_limits_are_as_round_as_they_can_be():
    assert limits_of([Decimal(number) / 10 for number in range(60, 160)], 1) == [8, 10, 12, 14]
    assert limits_of([Decimal(number * number) for number in range(1, 101)], 0) == [500, 1500, 4000, 6000]
    assert limits_of([Decimal(3)] * 9, 0) == []
    assert limits_of([], 0) == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_every_published_figure_is_in_the_one_class_whose_label_tells_it(areas, figures, words, lang):
    made = classes(areas, project=figures.project, words=words[lang])
    assert len(made.labels) == len(made.limits) + 1 == CLASSES
    under, more = {"fi": ("alle", "vähintään"), "sv": ("under", "minst")}[lang]
    bounds = [re.findall(r"\d+,\d", label) for label in made.labels]
    assert made.labels[0].startswith(under)
    assert made.labels[-1].startswith(more)
    assert all("%" in label for label in made.labels)
    for value in areas["value"]:
        shown = half_away(value, 1)
        place = made.of(value)
        low = Decimal(bounds[place][0].replace(",", ".")) if place else None
        high = Decimal(bounds[place][-1].replace(",", ".")) if place < CLASSES - 1 else None
        assert low is None or shown >= low
        assert high is None or (shown < high if place == 0 else shown <= high)


def test_a_figure_is_classed_as_it_is_published():
    made = Classes((Decimal("8.0"),), ("alle 8,0", "vähintään 8,0"), 1)
    assert [made.of(value) for value in (7.94, 7.95, 8.04)] == [0, 1, 1]


def test_hidden_figures_have_no_part_in_the_classes(areas, figures, words):
    made = classes(covered(areas), project=figures.project, words=words["fi"])
    visible = areas[~areas["area"].isin([HIDDEN, MISSING])]
    assert made == classes(visible, project=figures.project, words=words["fi"])


def test_every_month_of_the_trials_up_to_the_page_shares_the_classes(areas, figures, query):
    found = history(now(areas), query, project=figures.project)
    assert sorted(found["month"].unique())[0] == "2021-03"
    assert sorted(found["month"].unique())[-1] == MONTH
    assert found["month"].nunique() == 28
    assert list(found["area"].unique()) == peers(["KK01"], figures.project)


def test_a_map_is_of_areas_of_one_kind(figures):
    assert len(peers(["MK01"], figures.project)) == 18
    assert len(peers(["KU091", "KU049"], figures.project)) == 118
    for mixed in (["KK01", "MK01"], ["country"], ["KU478"]):
        with pytest.raises(FigureError, match="several kinds"):
            peers(mixed, figures.project)


# Colours


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ramp", "inks", "land"),
    [
        (theme.MAP_CLASSES, theme.TILE_INKS, theme.MAP_LAND),
        (theme.DARK_MAP_CLASSES, theme.DARK_TILE_INKS, theme.DARK_MAP_LAND),
    ],
)
def test_classes_differ_in_lightness_and_carry_legible_letters(ramp, inks, land):
    steps = [contrast(land, colour) for colour in ramp]
    assert all(high / low > 1.2 for low, high in pairwise([1, *steps]))
    assert all(contrast(colour, ink) >= 4.5 for colour, ink in zip(ramp, inks, strict=True))


def test_few_classes_take_colours_far_apart():
    assert colours(5) == list(theme.MAP_CLASSES)
    assert colours(2) == [theme.MAP_CLASSES[0], theme.MAP_CLASSES[-1]]
    assert len({*colours(3)}) == 3
    assert len(colours(1)) == 1


def test_the_style_knows_every_colour_of_the_maps(root):
    css = (root / "src/katsaus/pages/assets/style.css").read_text()
    light, dark = css.split("/* Maps:", 1)[1].split("@media screen", 1)
    for colour in (*theme.MAP_CLASSES, theme.MAP_LAND, *theme.TILE_INKS):
        assert colour in light
        assert f'.chart [fill="{colour}"]' in css
    for colour in (*theme.DARK_MAP_CLASSES, theme.DARK_MAP_LAND, *theme.DARK_TILE_INKS):
        assert colour in dark


# Maps


def choropleth_of(table, figures, boundaries, words):
    made = classes(table, project=figures.project, words=words)
    return choropleth(now(table), made, boundaries=boundaries, words=words)


def tiles_of(table, figures, words):
    made = classes(table, project=figures.project, words=words)
    return tiles(table, made, areas=figures.project.areas, words=words)


def test_a_map_holds_no_figure_but_its_classes(areas, figures, boundaries, words):
    table = covered(areas)
    for chart in (
        choropleth_of(table, figures, boundaries, words["fi"]),
        tiles_of(table, figures, words["fi"]),
    ):
        kept = spec(chart)
        columns = {column for rows in kept["datasets"].values() for row in rows for column in row}
        assert not columns & {"value", "source", "year_ago", "change", "value_symbol"}
        text = json.dumps(kept)
        assert "987654" not in text
        unrounded = [repr(float(value)) for value in areas["value"] if len(repr(float(value))) > 6]
        assert unrounded
        assert not any(number in text for number in unrounded)


def test_the_source_of_a_map_can_be_held_against_its_table(areas, figures, boundaries, words):
    chart = choropleth_of(areas, figures, boundaries, words["fi"]).to_dict()
    assert {row.get("source") for rows in chart["datasets"].values() for row in rows} == {None, "statfin-12r5"}


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_a_map_of_areas_is_drawn_once_small_and_light(areas, figures, words, converters, lang):
    boundaries = load_boundaries(figures.project.root)
    drawing = drawn(converters, choropleth_of(covered(areas), figures, boundaries, words[lang]), lang)
    assert not drawing.narrow
    assert float(re.search(r'width="(\d+)"', drawing.wide)[1]) <= theme.TOTAL_WIDTHS["narrow"]
    assert len(gzip.compress(drawing.wide.encode(), 9)) <= 14_000
    assert 'aria-label="Vaihtoehto"' in drawing.wide
    made = classes(covered(areas), project=figures.project, words=words[lang])
    absent = {"fi": ["... peitetty luku", ".. ei tietoa"], "sv": ["... dolt tal", ".. uppgift saknas"]}[lang]
    around = {"fi": "ei mukana kokeilussa", "sv": "inte med i försöken"}[lang]
    assert texts(drawing.wide) == [*reversed(made.labels), *absent, around]


def test_the_legend_tells_only_the_classes_that_the_map_has(areas, figures, words, converters, boundaries):
    made = classes(areas, project=figures.project, words=words["fi"])
    few = now(areas)[[made.of(value) == 1 for value in now(areas)["value"]]]
    chart = choropleth(few, made, boundaries=load_boundaries(figures.project.root), words=words["fi"])
    drawing = drawn(converters, chart)
    assert texts(drawing.wide) == [made.labels[1], "ei mukana kokeilussa"]
    assert set.union(*fills(drawing.wide).values()) == {theme.MAP_CLASSES[1]}


def test_every_shape_tells_its_area_and_has_the_colour_of_its_class(areas, figures, boundaries, words, converters):
    table = covered(areas)
    drawing = drawn(converters, choropleth_of(table, figures, boundaries, words["fi"]))
    made = classes(table, project=figures.project, words=words["fi"])
    wanted = {row.area: {theme.MAP_CLASSES[made.of(row.value)]} for row in now(table).itertuples()}
    wanted[HIDDEN], wanted[MISSING] = {"url(#fig-map-small-hatch)"}, {theme.PAPER}
    assert fills(drawing.wide) == wanted
    assert 'id="fig-map-small-hatch"' in drawing.wide
    assert 'id="fig-map-hatch"' in drawing.file


def test_only_marks_of_areas_tell_one(areas, figures, words, converters):
    made = spec(tiles_of(now(areas), figures, words["fi"]))
    stamped = made | {"title": {"text": "synteettinen aineisto", "anchor": "end"}}
    drawing = converters.convert([Chart("fig-map", stamped, "Otsikko", "Vaihtoehto")], "fi")[0]
    assert "synteettinen aineisto" in texts(drawing.wide)
    assert set(fills(drawing.wide)) == {area.code for area in figures.project.areas}


def test_municipalities_are_named_on_their_map(figures, query, words, converters):
    boundaries = load_boundaries(figures.project.root)
    codes = next(area.municipalities for area in figures.project.areas if area.code == "KK02")
    table = query.rows(["D01"], Wanted(codes, [MONTH]))
    chart = choropleth_of(table, figures, boundaries, words["fi"])
    drawing = drawn(converters, chart)
    assert set(fills(drawing.wide)) == set(codes)
    assert {figures.names[code]["fi"] for code in codes} <= set(texts(drawing.wide))
    names = [dict(row) for rows in spec(chart)["datasets"].values() for row in rows if "label" in row]
    overlaps = [
        (one["label"], other["label"])
        for at, one in enumerate(names[: len(codes)])
        for other in names[at + 1 : len(codes)]
        if abs(one["y"] - other["y"]) < 12
        and abs(one["x"] - other["x"]) < 3 * (len(one["label"]) + len(other["label"]))
    ]
    assert not overlaps


def test_regions_have_a_map(figures, query, boundaries, words, converters):
    table = query.rows(["D01"], Wanted(figures.project.codes("mainland_region"), [MONTH]))
    drawing = drawn(converters, choropleth_of(table, figures, boundaries, words["sv"]), "sv")
    assert len(fills(drawing.wide)) == 18
    assert len(gzip.compress(drawing.wide.encode(), 9)) <= 14_000


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_tiles_name_every_area_with_its_figure(areas, figures, words, converters, lang):
    drawing = drawn(converters, tiles_of(now(covered(areas)), figures, words[lang]), lang)
    shown = texts(drawing.wide)
    assert not drawing.narrow
    assert set(fills(drawing.wide)) == {area.code for area in figures.project.areas}
    assert {area.tile.label[lang] for area in figures.project.areas} <= set(shown)
    assert words[lang].number(now(areas)["value"].iloc[0], 1) in shown
    assert {"...", ".."} <= set(shown)


def test_earlier_months_are_panels_that_stand_beneath_on_a_phone(figures, query, words, converters):
    months = ["2021-06", "2021-09", "2021-12", "2022-03", "2022-06", "2022-09", "2022-12", "2023-03", MONTH]
    codes = [area.code for area in figures.project.areas]
    table = query.rows(["D01"], Wanted(codes, months))
    drawing = drawn(converters, tiles_of(table, figures, words["sv"]), "sv")
    for svg, variant in ((drawing.wide, "wide"), (drawing.narrow, "narrow")):
        assert float(re.search(r'width="(\d+)"', svg)[1]) <= theme.TOTAL_WIDTHS[variant]
        shown = [text for text in texts(svg) if re.fullmatch(r"\d+/\d{4}", text)]
        assert sorted(shown) == sorted(words["sv"].month(month, "short") for month in months)
        assert [text for text in shown if text != "6/2023"] == [
            words["sv"].month(month, "short") for month in months[:-1]
        ]
        assert svg.count('data-area="KK20"') == len(months)
    assert len(gzip.compress((drawing.wide + drawing.narrow).encode(), 9)) <= 8_000


def test_no_two_areas_have_the_same_tile_and_all_have_short_names(figures):
    places = {(area.tile.column, area.tile.row) for area in figures.project.areas}
    assert len(places) == len(figures.project.areas) == 25
    for lang in ("fi", "sv"):
        labels = [area.tile.label[lang] for area in figures.project.areas]
        assert len(set(labels)) == 25
        assert all(2 < len(label) <= 5 for label in labels)


def test_an_empty_history_has_no_class(figures, words):
    table = pd.DataFrame({"indicator": ["D01"], "value": [PLANTED], "value_symbol": ["..."]})
    assert classes(table, project=figures.project, words=words["fi"]) == Classes((), (), 1)
