"""What a browser needs to draw a comparison of the reader's own choice: the figures with a specification, and Vega."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from katsaus import theme
from katsaus.pages.assets import write_asset
from katsaus.pages.figures import Explore
from katsaus.pages.formats import NUMBERS, TIMES
from katsaus.pages.svg import Converters

FILE: Final = "explore.json"
LICENCES: Final = "vega-licences.txt"

CHOSEN: Final[dict[str, str]] = {
    "area": theme.COLOURS["area"],
    "second": "#00766c",
    "third": "#8c1d68",
    "fourth": theme.INK,
    "trial": theme.COLOURS["trial"],
}
"""Colours of the chosen areas, in the order of their choice, and of what all are held against."""

DASHES: Final[dict[str, list[float]]] = {
    "area": [1, 0],
    "second": [5, 2],
    "third": [1.5, 2.5],
    "fourth": [10, 2, 2, 2],
    "trial": [9, 3],
}


def data_file(block: Explore, vega: str, *, lang: str) -> str:
    """The file beside the page: protected figures as published, the chart's form, how `lang` writes numbers, and the
    way from the page to `vega`.
    """
    sizes = {variant: _size(variant) for variant in theme.TOTAL_WIDTHS}
    form = {"spec": _spec(block.content["data"]["synthetic"]), "sizes": sizes}
    return json.dumps(
        {**block.content["data"], **form, "vega": vega, "numbers": NUMBERS, "times": TIMES[lang]},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def write_bundle(out: Path, converters: Converters) -> str:
    """Write Vega and its licences into the assets below `out`, the root of a language; returns its path from there."""
    write_asset(out, LICENCES)
    return write_asset(out, "vega.js", content=converters.bundle().encode())


def _size(variant: theme.Variant) -> dict[str, Any]:
    config = theme.config(variant)
    view = config["view"]
    return {
        "width": theme.TOTAL_WIDTHS[variant],
        "height": view["continuousHeight"],
        "line": config["text"]["fontSize"] * 1.2,
        "config": config,
    }


def _spec(synthetic: str) -> dict[str, Any]:
    """Lines with a dot and their names at the right end, and dots between gaps; the script gives size and data."""
    month = {"field": "month", "type": "temporal", "title": None, "scale": {"type": "utc"}}
    value = {"type": "quantitative", "title": None, "scale": {"zero": False}}
    color = _series(list(CHOSEN.values()))
    shown = {"x": month, "y": {"field": "value", **value}, "color": color}
    line = {
        "data": {"name": "points"},
        "mark": {"type": "line"},
        "encoding": {
            **shown,
            "strokeDash": _series(list(DASHES.values())),
            "strokeWidth": {"condition": {"test": "datum.series === 'trial'", "value": 1.5}, "value": 2.75},
        },
    }
    alone = {
        "data": {"name": "points"},
        "mark": {"type": "point"},
        # not filtered: Vega warns of scales without data
        "encoding": {**shown, "size": {"condition": {"test": "datum.alone", "value": 36}, "value": 0}},
    }
    end = {"data": {"name": "ends"}, "mark": {"type": "point", "size": 36}, "encoding": shown}
    names = {
        "data": {"name": "ends"},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
        "encoding": {
            "x": month,
            "y": {"field": "at", **value},
            "text": {"field": "label", "type": "nominal"},
            "color": color,
        },
    }
    title = {"text": synthetic, "anchor": "end", "fontSize": 13, "color": theme.COLOURS["area"]}
    mark = {"title": title} if synthetic else {}
    return {**mark, "autosize": {"type": "fit-x", "contains": "padding"}, "layer": [line, alone, end, names]}


def _series(values: list[Any]) -> dict[str, Any]:
    scale = {"domain": list(CHOSEN), "range": values}
    return {"field": "series", "type": "nominal", "legend": None, "scale": scale}
