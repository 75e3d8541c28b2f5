"""The house theme of charts: constant colours for groups, and Vega-Lite configurations of two widths.

Colours come from the Suomi.fi design tokens (brand, highlight and depth scales) where these are strong enough: every
mark stands out 3:1 and every label 4.5:1 from the page. Lines are told apart without any colour, as on black-and-white
paper: what a page is about is thick and whole, what it is held against is dashed, thin or dotted.
"""

from __future__ import annotations

from typing import Any, Final, Literal

Variant = Literal["wide", "narrow"]
Group = Literal["area", "trial", "clients", "te_office", "parent", "other", "country", "previous"]
"""Whose figures: the page's own area, all trial municipalities, clients of the trials, clients of the TE offices, a
municipality's own trial area, the other municipalities, the whole country, the same month of the year before.
"""

FONT: Final = "Katsaus Sans"
FONT_STACK: Final = f"{FONT}, Helvetica, Arial, sans-serif"

COLOURS: Final[dict[Group, str]] = {
    "area": "#00347a",
    "trial": "#b3520b",
    "clients": "#0b6b4f",
    "te_office": "#6a3d9a",
    "parent": "#57534e",
    "other": "#3d5560",
    "country": "#6e6e6e",
    "previous": "#66758f",
}
DARK_COLOURS: Final[dict[Group, str]] = {
    "area": "#8cbcff",
    "trial": "#f5a461",
    "clients": "#62d3a8",
    "te_office": "#cdb2ec",
    "parent": "#d8d2ca",
    "other": "#b3cdd8",
    "country": "#b8b8b8",
    "previous": "#9db0cf",
}
DASHES: Final[dict[Group, list[float]]] = {
    "area": [1, 0],
    "trial": [9, 3],
    "clients": [1, 0],
    "te_office": [7, 2, 2, 2],
    "parent": [5, 3],
    "other": [1, 0],
    "country": [1, 3],
    "previous": [2, 2],
}
LINE_WIDTHS: Final[dict[Group, float]] = {
    "area": 3,
    "trial": 2.25,
    "clients": 3,
    "te_office": 2.25,
    "parent": 2,
    "other": 1.25,
    "country": 2.25,
    "previous": 1.25,
}
SUBJECTS: Final[tuple[Group, ...]] = ("area", "clients", "trial")
"""What a chart is about: the first of these that it draws, as whole and thick as a page's own area."""

INK: Final = "#212121"
SOFT_INK: Final = "#56606b"
GRID: Final = "#e3e8ec"
AXIS: Final = "#97a3ad"
PAPER: Final = "#ffffff"
DARK_INKS: Final[dict[str, str]] = {
    INK: "#f0f2f4",
    SOFT_INK: "#b4bdc6",
    GRID: "#323a42",
    AXIS: "#717c87",
    PAPER: "#14181d",
}

MAP_CLASSES: Final = ("#b3d0ea", "#86b6de", "#5a9bd0", "#2868a8", "#0b3872")
"""Classes of maps from the lowest: one hue, so that lightness alone orders them for every eye and on grey paper."""
MAP_LAND: Final = "#e9e8e4"
"""Land beside what a map is about: a grey without the hue of the classes."""
MAP_HIDDEN: Final = "#f6f7f8"
"""A place whose figure is hidden; pages hatch it, so that it is no shade among the others."""
TILE_INKS: Final = ("#10243b", "#10243b", "#0f243a", "#fdfdfd", "#fdfdfd")
"""Letters on each class, 4.5:1; the middle one is a colour of its own because its letters stay dark in dark mode."""
DARK_MAP_CLASSES: Final = ("#23405c", "#30608f", "#5a9bd0", "#8fc0ea", "#d3e8fc")
DARK_MAP_LAND: Final = "#2e2d2b"
DARK_TILE_INKS: Final = ("#f6f8fa", "#f6f8fa", "#0b1a2b", "#0b1a2b", "#0b1a2b")

TOTAL_WIDTHS: Final[dict[Variant, int]] = {"wide": 792, "narrow": 288}
"""Pixels that a chart takes with its axis and end labels, so that charts and tables end at the same edge."""

PANELS: Final[dict[Variant, int]] = {"wide": 5, "narrow": 2}
"""Panels in a row of a chart that has one for each area."""

TICKS: Final = 5
PANEL_TICKS: Final = 3
"""About how many numbers an axis has."""

PANEL_SPACING: Final = {"row": 64, "column": 14}
"""Pixels between panels; above each stand its name, of two lines at most, and its figure."""

_PLOTS: Final[dict[Variant, dict[str, int]]] = {
    "wide": {"width": 620, "height": 225, "font": 14, "bar": 19},
    "narrow": {"width": 168, "height": 210, "font": 13, "bar": 19},
}


def config(variant: Variant = "wide") -> dict[str, Any]:
    """The Vega-Lite `config` of a chart `TOTAL_WIDTHS[variant]` pixels wide.

    Sizes live in `view`, not in the chart, so that one specification serves both widths.
    """
    plot = _PLOTS[variant]
    font = plot["font"]
    return {
        "font": FONT,
        "aria": False,
        "background": None,
        "padding": {"left": 1, "right": 1, "top": 6, "bottom": 1},
        "view": {
            "stroke": None,
            "continuousWidth": plot["width"],
            "continuousHeight": plot["height"],
            "discreteWidth": plot["width"],
            "discreteHeight": {"step": plot["bar"] + 5},
        },
        **_axes(font, year_step=3 if variant == "narrow" else 1),
        **_marks(font, plot["bar"]),
        "legend": {
            "labelFontSize": font,
            "titleFontSize": font,
            "labelColor": INK,
            "titleColor": SOFT_INK,
            "orient": "top",
            "direction": "horizontal" if variant == "wide" else "vertical",
            "symbolStrokeWidth": 2,
        },
        "header": {
            "labelFontSize": font,
            "titleFontSize": font,
            "labelColor": INK,
            "titleColor": SOFT_INK,
            "labelFontWeight": 600,
        },
        "range": {"category": list(COLOURS.values()), "ordinal": [COLOURS["previous"], COLOURS["area"]]},
    }


def panel_config(variant: Variant) -> dict[str, Any]:
    """The `config` of a chart of many small panels."""
    whole = config(variant)
    label = {"labelAnchor": "start", "labelAlign": "left", "labelFontSize": 12, "labelLineHeight": 15}
    return {
        **whole,
        "view": {**whole["view"], "continuousHeight": 76},
        "axis": {**whole["axis"], "labelFontSize": 12},
        "axisY": {**whole["axisY"], "tickCount": PANEL_TICKS},
        "header": {**whole["header"], **label, "labelPadding": 8},
    }


def _axes(font: int, *, year_step: int) -> dict[str, Any]:
    axis = {
        "labelFontSize": font,
        "titleFontSize": font,
        "labelColor": SOFT_INK,
        "titleColor": SOFT_INK,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "titlePadding": 8,
        "domainColor": AXIS,
        "gridColor": GRID,
        "tickColor": AXIS,
        "ticks": False,
        "labelLimit": 0,
        "labelOverlap": "parity",
    }
    return {
        "axis": axis,
        "axisX": {"grid": False, "tickCount": TICKS if year_step == 1 else 3},
        "axisY": {
            "domain": False,
            "tickCount": TICKS,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleBaseline": "bottom",
            "titleX": 0,
            "titleY": -10,
        },
        "axisXQuantitative": {"grid": True, "domain": False, "labelFlush": False},
        "axisYBand": {"grid": False, "domain": False, "labelColor": INK},
        "axisYPoint": {"grid": True, "domain": False, "labelColor": INK},
        "axisXTemporal": {"ticks": True, "tickSize": 5, "tickCount": {"interval": "year"}, "labelBound": True},
    }


def _marks(font: int, bar: int) -> dict[str, Any]:
    return {
        "line": {"strokeJoin": "round", "strokeCap": "butt"},
        "bar": {"color": COLOURS["area"], "discreteBandSize": bar},
        "point": {"filled": True, "size": 90, "opacity": 1, "color": COLOURS["area"]},
        "rule": {"color": AXIS},
        # Over a bar, the same month of the year before: its ink stands out beyond the bar, a seam of paper upon it.
        "tick": {"color": INK, "thickness": 4, "bandSize": bar + 8, "stroke": PAPER, "strokeWidth": 1},
        "text": {"fontSize": font, "font": FONT, "color": INK},
    }


def register() -> None:
    """Make the theme the one that Altair's charts show in JupyterLab."""
    import altair as alt  # noqa: PLC0415  the build's own process never needs Altair

    @alt.theme.register("katsaus", enable=True)
    def _katsaus() -> alt.theme.ThemeConfig:
        return alt.theme.ThemeConfig(config={**config("wide"), "background": PAPER})  # type: ignore[typeddict-item]
