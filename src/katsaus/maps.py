"""Maps as charts: areas in their places and shapes, and the tile map that gives every trial area the same room.

Both are drawn of rows of `page.Review.figures` and hold classes and labels, never a figure beyond what is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from katsaus import theme
from katsaus.boundaries import COUNTRY, Boundaries, Box, Shape, around
from katsaus.classes import NO_FIGURE, Classes
from katsaus.config.models import TrialArea
from katsaus.terms import Words

WIDTH = 282
"""Pixels of a map: with its edges it fits a phone, so that one drawing serves every page."""
TALLEST, FLATTEST = 1.4, 0.6
"""Height of a map of municipalities, as a share of its width."""
MARGIN = 0.08
"""Share of a map of municipalities that surrounds them."""

NAME, LETTER, LINE = 12, 6.4, 13.0
"""Pixels of a name on a map: the size of its letters, the width of one, the height of a line."""

TILE_HEIGHT = 46
SMALL_TILE = (12, 12)
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
    rows = _drawn(table, classes, words=words).assign(shape=_geometries(shapes))
    land = _land(shapes, words)
    layers = [
        alt.Chart(pd.DataFrame({"shape": _geometries(ground)}))
        .mark_geoshape(fill=theme.MAP_LAND, stroke=theme.PAPER, strokeWidth=1, clip=True)
        .encode(shape=alt.Shape("shape:G")),
        alt.Chart(rows)
        .mark_geoshape(stroke=theme.PAPER, strokeWidth=0.8, clip=True, aria=True)
        .encode(
            shape=alt.Shape("shape:G"),
            description="area:N",
            fill=_fill(rows, classes, words=words, legend=_legend_below() if towns else _legend_at_sea(), land=land),
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
    places = [known[code] for code in table["area"]]
    rows = _drawn(table, classes, words=words).assign(
        month=table["month"].to_list(),
        column=[tile.column for tile in places],
        row=[tile.row for tile in places],
        name=[tile.label[words.lang] for tile in places],
        ink=[_ink(row, classes) for row in _rows(table)],
        figure=[row.value_symbol or words.number(row.value, classes.decimals) for row in _rows(table)],
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


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """Rows of figures, their columns as attributes."""
    yield from table.itertuples()


def _drawn(table: pd.DataFrame, classes: Classes, *, words: Words) -> pd.DataFrame:
    """What of `table` a map draws: source, area and the label of its class, or of the symbol in its place."""
    missing = {symbol: words.term(text) for symbol, text in NO_FIGURE.items()}
    told = [missing.get(row.value_symbol) or classes.labels[classes.of(row.value)] for row in _rows(table)]
    return pd.DataFrame({"source": table["source"].to_list(), "area": table["area"].to_list(), "class": told})


def colours(count: int) -> list[str]:
    """Colours of `count` classes, lowest first, as far apart as they can be."""
    last = len(theme.MAP_CLASSES) - 1
    at = [round(place * last / max(count - 1, 1)) for place in range(count)] if count > 1 else [last // 2]
    return [theme.MAP_CLASSES[place] for place in at]


def _fill(rows: pd.DataFrame, classes: Classes, *, words: Words, legend: alt.Legend | None, land: str = "") -> alt.Fill:
    """The colour of each class that there is among `rows`, highest first in the legend; what is hidden and what is not
    there are none of them, nor is the `land` around.
    """
    met = set(rows["class"])
    shades = dict(zip(classes.labels, colours(len(classes.labels)), strict=False))
    absent = {words.term(text): theme.PAPER for text in NO_FIGURE.values()}
    absent[words.term(NO_FIGURE["..."])] = theme.MAP_HIDDEN
    known = {**{label: shades[label] for label in reversed(classes.labels)}, **absent}
    told = {label: colour for label, colour in known.items() if label in met}
    told |= {land: theme.MAP_LAND} if land else {}
    return alt.Fill("class:N", scale=alt.Scale(domain=list(told), range=list(told.values())), legend=legend)


def _land(shapes: Collection[str], words: Words) -> str:
    """What the legend says of the land around areas of one kind; a map of the regions leaves none on the mainland."""
    if all(code.startswith("KU") for code in shapes):
        return words.term("other municipalities")
    return words.term("not in the trial") if all(code.startswith("KK") for code in shapes) else ""


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


def _geometries(shapes: Mapping[str, Shape]) -> Any:
    """The shapes as GeoJSON, one a row."""
    return [{"type": "MultiPolygon", "coordinates": shape.polygons} for shape in shapes.values()]


def _names(table: pd.DataFrame, shapes: Mapping[str, Shape], *, frame: _Frame) -> Iterator[alt.Chart]:
    """The name of each area in its middle, on a seam of paper that keeps it legible on every class."""
    labels = table["label"].to_list()
    places = _apart([frame.place(*shape.middle) for shape in shapes.values()], labels)
    rows = pd.DataFrame(places, columns=["x", "y"]).round(1).assign(label=labels)
    x, y = (alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None))
    for stroke in (theme.PAPER, None):
        marks = alt.Chart(rows).mark_text(fontSize=NAME, color=theme.INK, stroke=stroke, strokeWidth=3)
        yield marks.encode(x=x, y=y, text="label:N")


def _apart(places: Sequence[tuple[float, float]], labels: Sequence[str]) -> list[tuple[float, float]]:
    """`places` of `labels`, within the picture, and those lowered that would cover one above them."""
    halves = [LETTER * len(label) / 2 for label in labels]
    free: dict[int, tuple[float, float]] = {}
    for at in sorted(range(len(places)), key=lambda at: places[at][1]):
        x, y = min(max(places[at][0], halves[at]), WIDTH - halves[at]), places[at][1]
        while any(
            abs(x - left) < halves[at] + halves[other] + LETTER and abs(y - top) < LINE
            for other, (left, top) in free.items()
        ):
            y += 1
        free[at] = (x, y)
    return [free[at] for at in range(len(places))]


def _labelled(rows: pd.DataFrame, fill: alt.Fill) -> alt.LayerChart:
    """The tile map of one month, with names and figures."""
    base = alt.Chart(rows).encode(**_places())
    tile = base.mark_rect(stroke=theme.PAPER, strokeWidth=2, cornerRadius=3, aria=True)
    ink = alt.Color("ink:N", scale=None, legend=None)
    layers = [
        tile.encode(fill=fill, description="area:N"),
        base.mark_text(fontSize=13, fontWeight=600, dy=-8).encode(text="name:N", color=ink),
        base.mark_text(fontSize=12, dy=9).encode(text="figure:N", color=ink),
    ]
    return alt.LayerChart(layer=layers).properties(width=WIDTH, height=TILE_HEIGHT * int(rows["row"].nunique()))


def _places() -> dict[str, Any]:
    scale = alt.Scale(padding=0)
    return {"x": alt.X("column:O", axis=None, scale=scale), "y": alt.Y("row:O", axis=None, scale=scale)}


def _panels(earlier: pd.DataFrame, every: pd.DataFrame, *, classes: Classes, words: Words) -> alt.FacetChart:
    """A small tile map for each earlier month, without letters: the large one tells which tile is whose."""
    months = {month: words.month(month, "short") for month in sorted(earlier["month"].unique())}
    rows = earlier.assign(when=[months[month] for month in earlier["month"]])
    wide, high = SMALL_TILE
    size = {"width": wide * int(rows["column"].nunique()), "height": high * int(rows["row"].nunique())}
    fill = _fill(every, classes, words=words, legend=None)
    panel = alt.Chart(rows).mark_rect(stroke=theme.PAPER, strokeWidth=1, aria=True).properties(**size)
    panels: alt.FacetChart = panel.encode(fill=fill, description="area:N", **_places()).facet(
        facet=alt.Facet("when:N", title=None, sort=list(months.values())), columns=PANELS, spacing=8
    )
    return panels


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
