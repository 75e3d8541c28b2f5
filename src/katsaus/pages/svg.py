"""Charts to SVG at build time, in long-lived processes with the house theme and the page's language.

vl-convert keeps a JavaScript engine: it must not be forked after its first use and costs most of a second before its
first chart. Its processes are therefore spawned once, warmed at the start of a build and kept to its end.
"""

from __future__ import annotations

import math
import os
import re
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final

from katsaus import theme
from katsaus.errors import FigureError, Problem
from katsaus.pages.formats import NUMBERS, TIMES
from katsaus.pages.svg_text import inline, standalone

VEGA_LITE: Final = "6.4"
FONTS: Final = Path(__file__).parent / "assets" / "fonts"
_NARROWEST_PLOT: Final = 96
_ROOM: Final = 6
"""Pixels that a chart may be narrower than the others."""
_WIDTH: Final = re.compile(r'( width=")[\d.]+(".*? viewBox="0 0 )[\d.]+( )')
_ORIGIN: Final = re.compile(r'transform="translate\(([\d.]+),')


@dataclass(frozen=True)
class Chart:
    """What is to be drawn: the specification without size or config, the words that stand for the picture, and those
    that a file of its own says at its foot: source, licence, caveats.
    """

    label: str
    spec: dict[str, Any]
    title: str
    alt: str
    foot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """One chart as two elements for the page (wide and narrow) and one complete file on white.

    A chart that brings a size of its own and fits a phone is drawn once: its `narrow` is empty.
    """

    label: str
    wide: str
    narrow: str
    file: str


class Converters:
    """The converter processes as a context: they start warming when it is entered and end with it."""

    def __init__(self, jobs: int = 2) -> None:
        self._jobs = max(1, jobs)
        self._pool: ProcessPoolExecutor | None = None
        self._bundling = Lock()
        self._bundle = ""

    def __enter__(self) -> Converters:
        self._pool = ProcessPoolExecutor(self._jobs, mp_context=get_context("spawn"), initializer=_start)
        for _ in range(self._jobs):
            self._pool.submit(_start)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def convert(self, charts: Sequence[Chart], lang: str, *, where: str = "") -> list[Drawing]:
        """Draw `charts` in the language `lang`; waits, and may be called from several threads at once.

        Raises FigureError with every chart that Vega-Lite can't draw; `where` names the page in it.
        """
        if self._pool is None:
            raise RuntimeError("Converters are used outside their with block")
        pending = [(chart, self._pool.submit(_draw, chart, lang)) for chart in charts]
        drawn = [(chart, future.result()) for chart, future in pending]
        problems = [_undrawable(chart, result, where=where) for chart, result in drawn if isinstance(result, str)]
        if problems:
            raise FigureError(problems)
        return [result for _, result in drawn if isinstance(result, Drawing)]

    def bundle(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one script for a browser, made once: it takes seconds."""
        if self._pool is None:
            raise RuntimeError("Converters are used outside their with block")
        with self._bundling:
            self._bundle = self._bundle or self._pool.submit(_bundle).result()
        return self._bundle


def _undrawable(chart: Chart, reason: str, *, where: str) -> Problem:
    return Problem(f"the chart {chart.label} can't be drawn", where, reason, "run the cell in JupyterLab to see it")


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the build, which ends its converters
    os.environ["TZ"] = "UTC"  # months are dates without a time zone: any other zone moves them to the day before
    import vl_convert  # noqa: PLC0415  never loaded outside these processes

    vl_convert.register_font_directory(str(FONTS))
    trivial = {"data": {"values": [{"a": 1}]}, "mark": "text", "encoding": {"text": {"field": "a"}}}
    vl_convert.vegalite_to_svg(trivial, vl_version=VEGA_LITE, config=theme.config("wide"))


def _bundle() -> str:
    import vl_convert  # noqa: PLC0415

    text: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)
    return text


def _draw(chart: Chart, lang: str) -> Drawing | str:
    """The drawing, or the reason why there is none."""
    spec = {key: part for key, part in chart.spec.items() if key != "config"}  # the one that JupyterLab shows it with
    try:
        wide, narrow = _variants(spec, lang)
    except ValueError as error:
        said = next((line for line in str(error).splitlines() if line.startswith("Error: ")), "")
        return (
            "" if any(letter.isdigit() for letter in said) else said.removeprefix("Error: ")
        )  # a digit may be a figure
    return Drawing(
        chart.label,
        wide=inline(wide, chart.label, lang=lang, alt=chart.alt, variant="wide" if narrow else "small"),
        narrow=inline(narrow, chart.label, lang=lang, alt=chart.alt, variant="narrow") if narrow else "",
        file=standalone(wide, chart.label, lang=lang, words=(chart.title, chart.alt), foot=chart.foot),
    )


def _variants(spec: dict[str, Any], lang: str) -> tuple[str, str]:
    """The wide and the narrow SVG; the latter is empty where one serves both."""
    if "facet" in spec:
        return _panels(spec, lang)
    config, room = theme.config("narrow"), theme.TOTAL_WIDTHS["narrow"]
    if "concat" in spec:  # what stands side by side on a screen is stacked on a phone
        stacked = _convert(spec | {"columns": 1}, lang, config=config, plot=room)
        return _convert(spec, lang, config=config, plot=room), stacked
    if spec.get("width", math.inf) <= room:
        return _convert(spec, lang, config=config, plot=room), ""
    return _both(spec, lang)


def _both(spec: dict[str, Any], lang: str) -> tuple[str, str]:
    """The wide and the narrow SVG of a chart of one panel."""
    wide, plot = _fitted(spec, lang, variant="wide")
    beside = (width_of(wide) - plot) * _font("narrow") / _font("wide")  # axis and end labels, in smaller letters
    narrow, _ = _fitted(spec, lang, variant="narrow", plot=theme.TOTAL_WIDTHS["narrow"] - math.ceil(beside) - 1)
    return wide, narrow


def _panels(spec: dict[str, Any], lang: str) -> tuple[str, str]:
    """The wide and the narrow SVG of a chart of many small panels: as many stand in a row as are legible."""
    wide, narrow = (_panelled(spec, lang, variant=variant) for variant in theme.TOTAL_WIDTHS)
    return wide, narrow


def _panelled(spec: dict[str, Any], lang: str, *, variant: theme.Variant) -> str:
    columns, config, total = theme.PANELS[variant], theme.panel_config(variant), theme.TOTAL_WIDTHS[variant]
    # Without regard to the names above the panels, which would drive their columns apart.
    arranged = {**spec, "columns": columns, "bounds": "flush", "spacing": theme.PANEL_SPACING}
    axis = _left_of(_convert(arranged, lang, config=config, plot=_NARROWEST_PLOT))
    gaps = theme.PANEL_SPACING["column"] * (columns - 1)
    svg = _convert(arranged, lang, config=config, plot=(total - axis - gaps - 2) // columns)
    # Vega counts the names of the last column twice: what is right of the panels is empty.
    return _WIDTH.sub(rf"\g<1>{total}\g<2>{total}\g<3>", svg, count=1)


def _fitted(spec: dict[str, Any], lang: str, *, variant: theme.Variant, plot: int | None = None) -> tuple[str, int]:
    """SVG as wide as the page's figures, and the width of its plot: what axis and labels leave is drawn again."""
    config = theme.config(variant)
    plot = max(_NARROWEST_PLOT, plot or config["view"]["continuousWidth"])
    svg = _convert(spec, lang, config=config, plot=plot)
    excess = width_of(svg) - theme.TOTAL_WIDTHS[variant]
    fits = -_ROOM <= excess <= 0
    if fits or plot == _NARROWEST_PLOT or "width" in spec:
        return svg, plot
    plot = max(_NARROWEST_PLOT, plot - excess)
    return _convert(spec, lang, config=config, plot=plot), plot


def _font(variant: theme.Variant) -> int:
    size: int = theme.config(variant)["axis"]["labelFontSize"]
    return size


def _left_of(svg: str) -> int:
    """Pixels left of the plot: its vertical axis."""
    found = _ORIGIN.search(svg)
    return math.ceil(float(found[1])) if found else 0


def width_of(svg: str) -> int:
    """Width in pixels as vl-convert writes it in the first element."""
    return int(float(svg.partition(' width="')[2].partition('"')[0]))


def height_of(svg: str) -> int:
    """Height in pixels as vl-convert writes it in the first element."""
    return int(float(svg.partition(' height="')[2].partition('"')[0]))


def _convert(spec: dict[str, Any], lang: str, *, config: dict[str, Any], plot: int) -> str:
    import vl_convert  # noqa: PLC0415

    svg: str = vl_convert.vegalite_to_svg(
        spec,
        vl_version=VEGA_LITE,
        config=config | {"view": config["view"] | {"continuousWidth": plot, "discreteWidth": plot}},
        format_locale=NUMBERS,
        time_format_locale=TIMES[lang],
        allowed_base_urls=[],
    )
    return svg
