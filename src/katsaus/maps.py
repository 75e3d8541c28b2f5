"""Maps as charts: areas in their places and shapes, and the tile map that gives every trial area the same room.

Both are drawn of rows of `page.Review.figures` and hold classes and labels, never a figure beyond what is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from katsaus import theme
from katsaus.boundaries import COUNTRY, Boundaries, Box, Shape, around
from katsaus.classes import NO_FIGURE, Classes
from katsaus.config.models import TrialArea
from katsaus.terms import Words

WIDTH = 286
"""Pixels of a map: with its edges it fits a phone, so that one drawing serves every page."""
TALLEST, FLATTEST = 1.4, 0.6
"""Height of a map of municipalities, as a share of its width."""
MARGIN = 0.08
"""Share of a map of municipalities that surrounds them."""

TILE_HEIGHT = 46
SMALL_TILE = (13, 12)
"""Width and height of a tile in the panels of earlier months."""
PANELS = 4
"""Panels of earlier months side by side."""


def choropleth(table: pd.DataFrame, classes: Classes, *, boundaries: Boundaries, words: Words) -> alt.LayerChart:
    """A map of the areas of `table` (one indicator, one month): municipalities, trial areas or regions.

    The rest of the country is quiet background; municipalities are named on the map.
    """
    shapes = boundaries.of(table["area"])
    towns = all(code.startswith("KU") for code in shapes)
    country = boundaries.of([COUNTRY])
    frame = _Frame.of(around(shapes.values())) if towns else _Frame(country[COUNTRY].box)
    ground = boundaries.within(frame.box, kind="KU") if towns else country
    rows = _drawn(table, classes, words=words).assign(shape=[_geometry(shape) for shape in shapes.values()])
    layers = [
        alt.Chart(pd.DataFrame({"shape": [_geometry(shape) for shape in ground.values()]}))
        .mark_geoshape(fill=theme.MAP_LAND, stroke=theme.PAPER, strokeWidth=1, clip=True)
        .encode(shape=alt.Shape("shape:G")),
        alt.Chart(rows)
        .mark_geoshape(stroke=theme.PAPER, strokeWidth=0.8, clip=True, aria=True)
        .encode(
            shape=alt.Shape("shape:G"),
            description="area:N",
            fill=_fill(rows, classes, words=words, legend=_legend_below() if towns else _legend_at_sea()),
        ),
        *(_names(table, shapes, frame=frame) if towns else ()),
    ]
    return (
        alt.LayerChart(layer=layers)
        .project(type="identity", reflectY=True, scale=frame.scale, translate=frame.translate)
        .properties(width=WIDTH, height=frame.height, usermeta={"credit": boundaries.credit[words.lang]})
    )


def tiles(
    table: pd.DataFrame, classes: Classes, *, areas: tuple[TrialArea, ...], words: Words
) -> alt.LayerChart | alt.ConcatChart:
    """A tile for each trial area of `table` (one indicator), with its name and figure, in the newest month; beside it a
    small panel for each earlier month.
    """
    known = {area.code: area.tile for area in areas}
    rows = _drawn(table, classes, words=words).assign(
        month=table["month"],
        column=[known[code].column for code in table["area"]],
        row=[known[code].row for code in table["area"]],
        name=[known[code].label[words.lang] for code in table["area"]],
        ink=[_ink(row, classes) for row in table.itertuples()],
        figure=[row.value_symbol or words.number(row.value, classes.decimals) for row in table.itertuples()],
    )
    newest = rows["month"].max()
    panel = _labelled(rows[rows["month"] == newest], _fill(rows, classes, words=words, legend=_legend_below()))
    earlier = rows[rows["month"] < newest]
    if earlier.empty:
        return panel
    title = alt.TitleParams(words.month(newest, "short"), anchor="start", fontSize=14, color=theme.INK)
    return alt.ConcatChart(
        concat=[panel.properties(title=title), _panels(earlier, rows, classes=classes, words=words)]
    ).properties(columns=2, spacing=24)


def _drawn(table: pd.DataFrame, classes: Classes, *, words: Words) -> pd.DataFrame:
    """What of `table` a map draws: source, area and the label of its class, or of the symbol in its place."""
    missing = {symbol: words.term(text) for symbol, text in NO_FIGURE.items()}
    told = [missing.get(row.value_symbol) or classes.labels[classes.of(row.value)] for row in table.itertuples()]
    return pd.DataFrame({"source": table["source"].to_list(), "area": table["area"].to_list(), "class": told})


def colours(count: int) -> list[str]:
    """Colours of `count` classes, lowest first, as far apart as they can be."""
    last = len(theme.MAP_CLASSES) - 1
    at = [round(place * last / max(count - 1, 1)) for place in range(count)] if count > 1 else [last // 2]
    return [theme.MAP_CLASSES[place] for place in at]


def _fill(rows: pd.DataFrame, classes: Classes, *, words: Words, legend: alt.Legend | None) -> alt.Fill:
    """The colour of each class, highest first in the legend, and one look for all that has no figure."""
    absent = [told for text in NO_FIGURE.values() if (told := words.term(text)) in set(rows["class"])]
    domain = [*reversed(classes.labels), *absent]
    range_ = [*reversed(colours(len(classes.labels))), *(theme.MAP_HIDDEN for _ in absent)]
    return alt.Fill("class:N", scale=alt.Scale(domain=domain, range=range_), legend=legend)


def _legend_at_sea() -> alt.Legend:
    """In the Gulf of Bothnia and beyond, where no map of the country has anything to show."""
    return alt.Legend(orient="none", legendX=0, legendY=150, direction="vertical", **_LEGEND)


def _legend_below() -> alt.Legend:
    return alt.Legend(orient="bottom", direction="vertical", columns=2, **_LEGEND)


_LEGEND: dict[str, Any] = {
    "title": None,
    "symbolType": "square",
    "symbolSize": 180,
    "symbolStrokeWidth": 0.5,
    "symbolStrokeColor": theme.AXIS,
    "labelFontSize": 12,
    "labelColor": theme.INK,
    "labelLimit": 0,
    "rowPadding": 3,
}


def _geometry(shape: Shape) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": shape.polygons}


def _names(table: pd.DataFrame, shapes: Mapping[str, Shape], *, frame: _Frame) -> Iterator[alt.Chart]:
    """The name of each area in its middle, on a seam of paper that keeps it legible on every class."""
    places = [frame.place(*shape.middle) for shape in shapes.values()]
    rows = pd.DataFrame(places, columns=["x", "y"]).round(1).assign(label=table["label"].to_list())
    x, y = (alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None))
    for look in ({"stroke": theme.PAPER, "strokeWidth": 3}, {}):
        yield alt.Chart(rows).mark_text(fontSize=12, color=theme.INK, **look).encode(x=x, y=y, text="label:N")


def _labelled(rows: pd.DataFrame, fill: alt.Fill) -> alt.LayerChart:
    """The tile map of one month, with names and figures."""
    base = alt.Chart(rows).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0)),
    )
    text = {"ink": alt.Color("ink:N", scale=None, legend=None)}
    return alt.layer(
        base.mark_rect(stroke=theme.PAPER, strokeWidth=2, cornerRadius=3, aria=True).encode(
            fill=fill, description="area:N"
        ),
        base.mark_text(fontSize=13, fontWeight=600, dy=-8).encode(text="name:N", color=text["ink"]),
        base.mark_text(fontSize=12, dy=9).encode(text="figure:N", color=text["ink"]),
    ).properties(width=WIDTH, height=TILE_HEIGHT * int(rows["row"].nunique()))


def _panels(earlier: pd.DataFrame, every: pd.DataFrame, *, classes: Classes, words: Words) -> alt.FacetChart:
    """A small tile map for each earlier month, without letters: the large one tells which tile is whose."""
    months = {month: words.month(month, "short") for month in sorted(earlier["month"].unique())}
    rows = earlier.assign(when=[months[month] for month in earlier["month"]])
    wide, high = SMALL_TILE
    return (
        alt.Chart(rows)
        .mark_rect(stroke=theme.PAPER, strokeWidth=1, aria=True)
        .encode(
            x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0)),
            y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0)),
            fill=_fill(every, classes, words=words, legend=None),
            description="area:N",
        )
        .properties(width=wide * int(rows["column"].nunique()), height=high * int(rows["row"].nunique()))
        .facet(facet=alt.Facet("when:N", title=None, sort=list(months.values())), columns=PANELS, spacing=8)
    )


def _ink(row: Any, classes: Classes) -> str:
    """The colour of letters on the class of a row."""
    if row.value_symbol:
        return theme.INK
    colour = colours(len(classes.labels))[classes.of(row.value)]
    return theme.TILE_INKS[theme.MAP_CLASSES.index(colour)]


@dataclass(frozen=True)
class _Frame:
    """Where a box of the earth comes to lie in the picture: pixel = metre × `scale` + `translate`, north upwards."""

    box: Box

    @classmethod
    def of(cls, box: Box) -> _Frame:
        """`box` with a margin, wider where it would be a tall picture and taller where it would be a flat one."""
        west, south, east, north = box
        wide, high = (east - west) * (1 + MARGIN), (north - south) * (1 + MARGIN)
        wide, high = max(wide, high / TALLEST), max(high, wide * FLATTEST)
        x, y = (west + east) / 2, (south + north) / 2
        return cls((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))

    @property
    def scale(self) -> float:
        """Pixels of a metre."""
        return WIDTH / (self.box[2] - self.box[0])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return round((self.box[3] - self.box[1]) * self.scale)

    @property
    def translate(self) -> list[float]:
        """Pixels by which a scaled place is moved."""
        return [-self.box[0] * self.scale, self.box[3] * self.scale]

    def place(self, east: float, north: float) -> tuple[float, float]:
        """Pixels from the left and the top."""
        return (east - self.box[0]) * self.scale, (self.box[3] - north) * self.scale
