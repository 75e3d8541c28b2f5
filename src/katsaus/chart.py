"""Charts as they leave a notebook: a Vega-Lite specification that holds the drawn columns only, with its words beside
it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from katsaus import theme
from katsaus.calendar import shift
from katsaus.drawn import refuse_foreign
from katsaus.errors import FigureError, Problem
from katsaus.gaps import show_gaps
from katsaus.output import FIGURE
from katsaus.table import Table, marked

VEGA_LITE = "application/vnd.vegalite.v5+json"
"""What JupyterLab shows by itself; the marks of a review are the same in Vega-Lite 5 and 6."""


@dataclass(frozen=True)
class Figure:
    """A chart with its finding as title, measure as subtitle, text alternative and table twin; a cell's last expression
    shows it.
    """

    chart: alt.TopLevelMixin
    title: str
    subtitle: str
    alt: str
    table: Table

    def __post_init__(self) -> None:
        problems = [
            Problem(f"a chart without {name}", do=f"give review.chart(…, {name}=…) in both languages")
            for name in ("title", "subtitle", "alt")
            if not getattr(self, name).strip()
        ]
        if self.alt.strip() and self.alt.strip() == self.title.strip():
            problems.append(Problem("a chart whose alt text repeats its title", do="tell the finding with its figures"))
        if problems:
            raise FigureError(problems)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        synthetic = self.table.furniture.synthetic
        drawn = self.chart.to_dict()
        _refuse(drawn, self.table.furniture.others)
        refuse_foreign(drawn, self.table)
        whole = show_gaps(drawn)
        spec = _stamped(drawn_only(finished(whole.spec)), synthetic)
        table = self.table.as_json()
        table["beside"] += [self.table.furniture.gaps[kind] for kind in whole.lacking]
        bundle = {
            VEGA_LITE: spec,
            FIGURE: {
                "title": self.title,
                "subtitle": marked(self.subtitle, synthetic),
                "alt": marked(self.alt, synthetic),
                "source": "; ".join(filter(None, (table["source"], spec.get("usermeta", {}).get("credit")))),
                "table": table,
            },
            "text/plain": marked(self.alt, synthetic),
        }
        if alt.renderers.active == "svg":
            rendered = alt.renderers.get()(spec)  # type: ignore[misc]
            bundle.update(rendered[0] if isinstance(rendered, tuple) else rendered)
        return bundle


def _refuse(spec: dict[str, Any], others: Collection[str]) -> None:
    """Raise FigureError if the chart is drawn of a source that its table is not of: its marks are the table's."""
    drawn = {row.get("source") for rows in spec.get("datasets", {}).values() for row in rows}
    if foreign := sorted(drawn.intersection(others)):
        what = f"a chart of {', '.join(foreign)} with a table of another source"
        raise FigureError(Problem(what, do="give review.chart the table of the figures that it draws"))


def _stamped(spec: dict[str, Any], synthetic: str) -> dict[str, Any]:
    """`spec` with `synthetic` written into the image itself, which may be copied without its page."""
    if not synthetic:
        return spec
    title = {"text": synthetic, "anchor": "end", "fontSize": 13, "color": theme.COLOURS["area"], "offset": 12}
    return {**spec, "title": title}


def finished(spec: dict[str, Any]) -> dict[str, Any]:
    """`spec` with what depends on the chart as a whole.

    An axis of figures that does not begin at zero ends at a tick with its number, and has no line beneath it that looks
    like zero; what the chart is about is its thick whole line.
    """
    body = deepcopy({key: part for key, part in spec.items() if key != "datasets"})
    encodings = list(_encodings(body))
    ticks = theme.PANEL_TICKS if "facet" in body else theme.TICKS
    afloat = [(name, part[name]) for part in encodings for name in ("x", "y") if _floats(part.get(name, {}))]
    for name, channel in afloat:
        channel["scale"].setdefault("nice", ticks)
        if name == "y":
            channel["scale"].pop("padding", None)  # Vega-Lite would leave room beyond the last tick
    if any(name == "y" for name, _ in afloat):
        for part in encodings:
            if part.get("x", {}).get("type") == "temporal":
                part["x"].setdefault("axis", {}).setdefault("domain", False)
    drawn = {row.get("series") for rows in spec.get("datasets", {}).values() for row in rows}
    subject = next((group for group in theme.SUBJECTS if group in drawn), "area")
    for part in encodings:
        for name, own in (("strokeDash", theme.DASHES["area"]), ("strokeWidth", theme.LINE_WIDTHS["area"])):
            if part.get(name, {}).get("field") == "series":
                scale = part[name]["scale"]
                scale["range"][scale["domain"].index(subject)] = own
    return {**body, "datasets": spec.get("datasets", {})}


def _encodings(part: Any) -> Iterator[dict[str, Any]]:
    """The encodings of a specification's views, to be changed in place."""
    if isinstance(part, dict):
        if isinstance(part.get("encoding"), dict):
            yield part["encoding"]
        for name, inner in part.items():
            if name in ("layer", "concat", "hconcat", "vconcat", "spec"):
                yield from _encodings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _encodings(inner)


def _floats(channel: Mapping[str, Any]) -> bool:
    """Whether a scale of figures need not begin at zero."""
    return (channel.get("scale") or {}).get("zero") is False


def drawn_only(spec: dict[str, Any]) -> dict[str, Any]:
    """`spec` in the house theme, without the columns of its data that it does not draw.

    Altair writes every column of the frame into the specification; what is not drawn has no business in a public page.
    """
    body = {key: part for key, part in spec.items() if key not in ("datasets", "config")}
    words = set(_words(body))
    datasets = {
        name: [{column: value for column, value in row.items() if column in words} for row in rows]
        for name, rows in spec.get("datasets", {}).items()
    }
    return {**body, "datasets": datasets, "config": {**theme.config("wide"), "background": theme.PAPER}}


def _words(part: Any) -> Iterator[str]:
    """Every word of the specification's texts: the fields of its encodings and transforms are among them."""
    if isinstance(part, dict):
        for value in part.values():
            yield from _words(value)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value)
    elif isinstance(part, str):
        yield from re.findall(r"\w+", part)


def series_style(*, dashed: bool = True) -> dict[str, Any]:
    """Colour, width and dashes of a series, the same in every chart; labels stand on the lines, so there is no legend.

    To be spread into `encode`: ``encode(x=…, y=…, **review.series())``. `dashed=False` gives the colour alone, for bars
    and points.
    """
    groups = list(theme.COLOURS)
    color = alt.Color("series:N", legend=None, scale=alt.Scale(domain=groups, range=list(theme.COLOURS.values())))
    if not dashed:
        return {"color": color}
    # Of this type by name: Vega-Lite would draw widths evenly spread between the first and the last.
    widths = alt.Scale(type="ordinal", domain=groups, range=list(theme.LINE_WIDTHS.values()))
    dashes = alt.Scale(domain=groups, range=list(theme.DASHES.values()))
    return {
        "color": color,
        "strokeWidth": alt.StrokeWidth("series:N", legend=None, scale=widths),
        "strokeDash": alt.StrokeDash("series:N", legend=None, scale=dashes),
    }


def end_labels(frame: pd.DataFrame, field: str = "value") -> alt.Chart:
    """A layer that names each line of `frame` (columns month, series, label, `field`) at its right end."""
    last = frame.dropna(subset=[field]).sort_values("month").groupby("label", sort=False).tail(1)
    labels: alt.Chart = (
        alt.Chart(last)
        .mark_text(align="left", baseline="middle", dx=6)
        .encode(x=alt.X("month:T"), y=alt.Y(f"{field}:Q"), text=alt.Text("label:N"), **series_style(dashed=False))
    )
    return labels


def a_year_before(frame: pd.DataFrame, field: str = "value") -> pd.DataFrame:
    """The rows of `frame` a year before its newest month, of its first line (columns month, series, label, `field`)."""
    known = frame.dropna(subset=[field])
    newest = str(known["month"].max()) if len(known) else ""
    first = known[known["label"] == known["label"].iloc[0]] if len(known) else known
    return first[first["month"] == (shift(newest, -12) if newest else "")]


def year_rings(frame: pd.DataFrame, field: str = "value") -> alt.Chart:
    """A layer with a quiet ring on the first line of `frame`, at the same month of the previous year as its newest."""
    rings: alt.Chart = (
        alt.Chart(a_year_before(frame, field))
        .mark_point(filled=False, size=60, strokeWidth=1.5, opacity=1)
        .encode(x=alt.X("month:T"), y=alt.Y(f"{field}:Q"), **series_style(dashed=False))
    )
    return rings


def event_marks(events: pd.DataFrame) -> alt.LayerChart:
    """A layer that marks `events` (columns month, event) by quiet vertical lines, each with its label above the plot
    on a line of its own: labels would overlap each other and the lines of the figures on a phone. Close to the right
    edge a label stands left of its line, where it takes no width from the plot.
    """
    above = events.assign(top=[(line - len(events)) * EVENT_LINE for line in range(len(events))])
    # YValue, not alt.value: Altair takes 10 ms to find out what a value is for.
    top, floor = alt.YValue(alt.expr("datum.top")), alt.Y2Value("height")  # type: ignore[no-untyped-call]
    marks = alt.Chart(above).encode(x="month:T", y=top)
    rules = marks.mark_rule(color=theme.AXIS, strokeDash=[2, 3]).encode(y2=floor)
    late = "scale('x', datum.month) > 0.85 * width"
    side, beside = alt.ExprRef(f"{late} ? 'right' : 'left'"), alt.ExprRef(f"{late} ? -4 : 4")
    labels = marks.mark_text(align=side, baseline="top", dx=beside, color=theme.SOFT_INK).encode(text="event:N")
    return alt.LayerChart(layer=[rules, labels])


EVENT_LINE = 17
"""Pixels between two labels of events."""
