"""What a chart shows where a figure is missing: lines break, a bar gives way to the symbol in its place.

Vega-Lite itself breaks a line at a missing figure, and draws nothing of a figure that has no neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from katsaus.disclosure import SYMBOLS
from katsaus.panel import HIDDEN

Kind = Literal["line", "bar", "mark"]
Spec = dict[str, Any]

SERIES = ("color", "detail", "facet", "strokeDash", "strokeWidth")
"""Channels whose fields tell the lines of a chart apart."""
POINT = 36
"""Area in pixels of the point of a figure between gaps."""
KINDS: Mapping[str, Kind] = {"line": "line", "bar": "bar", "point": "mark", "tick": "mark", "rule": "mark"}


@dataclass(frozen=True)
class Whole:
    """A specification that shows its gaps, and the kinds of marks that lack a hidden figure."""

    spec: Spec
    lacking: tuple[Kind, ...]


def show_gaps(spec: Spec) -> Whole:
    """`spec` (Vega-Lite with its datasets, as Altair gives it) with a point for each figure that stands alone in its
    line and the symbol in place of each bar that has no figure.

    That a field is hidden or missing is told by the column "{field}_symbol" beside it, as `Review.figures` has them.
    """
    gaps = _Gaps({name: [dict(row) for row in rows] for name, rows in spec.get("datasets", {}).items()})
    body = gaps.filled({key: part for key, part in spec.items() if key != "datasets"}, _Around())
    return Whole({**body, "datasets": gaps.datasets}, tuple(sorted(gaps.lacking)))


@dataclass(frozen=True)
class _Around:
    """What a mark has from the views around it: the name of its data, and encodings."""

    data: str = ""
    encoding: Mapping[str, Any] = field(default_factory=dict)

    def within(self, view: Spec) -> _Around:
        """The same for the parts of `view`."""
        name = view.get("data", {}).get("name", self.data)
        facet = {"facet": view["facet"]} if isinstance(view.get("facet"), dict) else {}
        return _Around(name, {**self.encoding, **view.get("encoding", {}), **facet})


class _Gaps:
    """Walks the views of one specification; `datasets` get columns as its marks need them."""

    def __init__(self, datasets: dict[str, list[dict[str, Any]]]) -> None:
        self.datasets = datasets
        self.lacking: set[Kind] = set()

    def filled(self, view: Spec, around: _Around) -> Spec:
        """`view` with what shows the gaps of its marks, in layers with them."""
        within = around.within(view)
        if "layer" in view:
            layers = [part for layer in view["layer"] for part in self._layers(layer, within)]
            return {**view, "layer": layers}
        for beside in ("concat", "hconcat", "vconcat"):
            if beside in view:
                return {**view, beside: [self.filled(part, within) for part in view[beside]]}
        if "spec" in view:
            return {**view, "spec": self.filled(view["spec"], within)}
        if added := list(self._added(view, within)):
            mark = {key: view[key] for key in ("mark", "encoding", "transform") if key in view}
            return {**{key: part for key, part in view.items() if key not in mark}, "layer": [mark, *added]}
        return view

    def _layers(self, layer: Spec, around: _Around) -> Iterator[Spec]:
        if "layer" in layer:
            yield self.filled(layer, around)
            return
        yield layer
        own = {"data": layer["data"]} if "data" in layer else {}
        for added in self._added(layer, around.within(layer)):
            yield {**own, **added}

    def _added(self, view: Spec, around: _Around) -> Iterator[Spec]:
        """The layers that the mark of `view` needs beside it."""
        kind = KINDS.get(view["mark"]["type"])
        if kind is None:
            return
        rows = self.datasets.get(around.data, [])
        encoding = {name: part for name, part in around.encoding.items() if name != "facet"}
        for channel in [name for name in ("x", "y") if _measured(encoding.get(name, {}))]:
            measure = encoding[channel]["field"]
            symbol = f"{measure}_symbol"
            if any(row[measure] is None and row.get(symbol) == SYMBOLS[HIDDEN] for row in rows):
                self.lacking.add(kind)
            if kind == "line" and self._alone(rows, channel, encoding=around.encoding):
                yield _points(view["mark"], channel, encoding=encoding)
            if kind == "bar" and any(row.get(symbol) for row in rows):
                yield {**_symbols(channel, symbol, encoding=encoding), "transform": _filtered(view, symbol)}

    @staticmethod
    def _alone(rows: Sequence[dict[str, Any]], channel: str, *, encoding: Mapping[str, Any]) -> bool:
        """Write into `rows` which figures have no neighbour in their line, and whether there are any."""
        measure, along = encoding[channel]["field"], encoding["x" if channel == "y" else "y"]["field"]
        told_by = [encoding[name]["field"] for name in SERIES if "field" in encoding.get(name, {})]

        def line(row: Mapping[str, Any]) -> tuple[str, ...]:
            return tuple(str(row[name]) for name in told_by)

        found = False
        for _, members in groupby(sorted(rows, key=lambda row: (line(row), str(row[along]))), key=line):
            own = list(members)
            known = [False, *(row[measure] is not None for row in own), False]
            for at, row in enumerate(own, 1):
                alone = known[at] and not known[at - 1] and not known[at + 1]
                row[f"{measure}_alone"] = row[measure] if alone else None
                found = found or alone
        return found


def _measured(encoding: Mapping[str, Any]) -> bool:
    return encoding.get("type") == "quantitative" and isinstance(encoding.get("field"), str)


def _points(line: Spec, channel: str, *, encoding: Mapping[str, Any]) -> Spec:
    """Points of the mark `line` where a figure has no neighbour."""
    measure = encoding[channel]
    alone = {"title": measure["field"], **measure, "field": f"{measure['field']}_alone"}
    colour = {"color": line["color"]} if "color" in line else {}
    return {
        "mark": {"type": "point", "filled": True, "size": POINT, **colour},
        "encoding": {**{name: part for name, part in encoding.items() if "stroke" not in name}, channel: alone},
    }


def _symbols(channel: str, symbol: str, *, encoding: Mapping[str, Any]) -> Spec:
    """The symbols at the foot of bars that have no figure."""
    place = {"align": "left", "dx": 4, "baseline": "middle"} if channel == "x" else {"baseline": "bottom", "dy": -3}
    along = {name: encoding[name] for name in ("x", "y") if name in encoding and name != channel}
    foot = {"datum": 0, "type": "quantitative"}
    text = {"field": symbol, "type": "nominal"}
    return {"mark": {"type": "text", **place}, "encoding": {**along, channel: foot, "text": text}}


def _filtered(view: Spec, symbol: str) -> list[Spec]:
    return [*view.get("transform", []), {"filter": f"datum['{symbol}']"}]
