import re
from itertools import combinations
from pathlib import Path

import altair as alt
import pytest

from katsaus import pages, theme

STYLE = Path(pages.__file__).parent / "assets" / "style.css"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("group", theme.COLOURS)
def test_every_group_is_readable_as_text_in_both_schemes(group):
    assert contrast(theme.COLOURS[group], theme.PAPER) >= 4.5
    assert contrast(theme.DARK_COLOURS[group], theme.DARK_INKS[theme.PAPER]) >= 4.5


@pytest.mark.parametrize("ink", [theme.INK, theme.SOFT_INK])
def test_inks_are_readable_in_both_schemes(ink):
    assert contrast(ink, theme.PAPER) >= 4.5
    assert contrast(theme.DARK_INKS[ink], theme.DARK_INKS[theme.PAPER]) >= 4.5


@pytest.mark.parametrize(
    "together",
    [
        ["area", "trial", "other", "country"],
        ["area", "parent", "country"],
        ["area", "previous"],
        ["clients", "te_office"],
    ],
)
def test_lines_of_a_chart_differ_without_colour(together):
    for first, second in combinations(together, 2):
        widths = sorted(theme.LINE_WIDTHS[group] for group in (first, second))
        assert theme.DASHES[first] != theme.DASHES[second] or widths[1] >= 2 * widths[0]
    assert max(together, key=theme.LINE_WIDTHS.__getitem__) == together[0]
    assert theme.DASHES[together[0]] == [1, 0]


@pytest.mark.parametrize("variant", theme.TOTAL_WIDTHS)
def test_the_year_before_stands_out_beyond_its_bar(variant):
    marks = theme.config(variant)
    assert marks["tick"]["bandSize"] == marks["bar"]["discreteBandSize"] + 8
    for paper, inks in ((theme.PAPER, {}), (theme.DARK_INKS[theme.PAPER], theme.DARK_INKS)):
        assert contrast(inks.get(marks["tick"]["color"], marks["tick"]["color"]), paper) >= 7


def test_land_is_no_class_of_a_map():
    for lands, classes in (
        (theme.MAP_LAND, theme.MAP_CLASSES),
        (theme.DARK_MAP_LAND, theme.DARK_MAP_CLASSES),
    ):
        assert contrast(lands, classes[0]) >= 1.25
        red, _, blue = (int(lands[at : at + 2], 16) for at in (1, 3, 5))
        assert blue <= red  # without the hue of the classes


def test_the_area_is_darkest_on_paper():
    assert min(theme.COLOURS, key=lambda group: luminance(theme.COLOURS[group])) == "area"


def test_no_text_is_smaller_than_twelve_pixels():
    for variant in ("wide", "narrow"):
        config = theme.config(variant)
        assert config["axis"]["labelFontSize"] >= 12
        assert config["text"]["fontSize"] >= 12


def test_configurations_are_independent():
    theme.config("wide")["view"]["continuousWidth"] = 1
    assert theme.config("wide")["view"]["continuousWidth"] > 1


def test_register_makes_the_theme_that_of_altair():
    before = alt.theme.active
    try:
        theme.register()
        assert alt.theme.active == "katsaus"
        chart = alt.Chart(alt.Data(values=[{"a": 1}])).mark_line().encode(x="a:Q").to_dict()
        assert chart["config"]["font"] == theme.FONT
    finally:
        alt.theme.enable(before)


def custom_properties(css: str, start: str) -> dict[str, str]:
    block = css[css.index(":root", css.index(start)) :]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block[: block.index("}")]))


def test_the_stylesheet_knows_every_colour_of_the_theme():
    css = STYLE.read_text(encoding="utf-8")
    light, dark = custom_properties(css, "@font-face"), custom_properties(css, "@media (prefers-color-scheme: dark)")
    for group, colour in theme.COLOURS.items():
        assert light[group] == colour
        assert dark[group] == theme.DARK_COLOURS[group]
        for paint in ("fill", "stroke"):
            assert f'.chart [{paint}="{colour}"] {{ {paint}: var(--{group}); }}' in css
    for name, colour in {"ink": theme.INK, "soft": theme.SOFT_INK, "grid": theme.GRID, "axis": theme.AXIS}.items():
        assert light[name] == colour
        assert dark[name] == theme.DARK_INKS[colour]
