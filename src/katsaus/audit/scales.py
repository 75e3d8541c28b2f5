"""The axes of a drawing: how its labels turn pixels into figures and months."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from katsaus.audit.numbers import MINUS, NBSP
from katsaus.audit.shapes import Shape
from katsaus.calendar import shift
from katsaus.errors import AuditError, Problem

PRECISION: Final = 0.25
"""Pixels by which a mark may be off: drawings round each coordinate and each step to a tenth."""

_NUMBER: Final = re.compile(rf"{MINUS}?\d{{1,3}}(?:{NBSP}\d{{3}})*(?:,\d+)?")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
TWO: Final = 2
_SHIFT: Final = 0.3
"""Part of its letters' height by which Vega lowers a label to the middle of its tick, rounded to whole pixels."""


@dataclass(frozen=True)
class Scale:
    """An axis, `upright` or lying: pixel = `zero` + `unit` · value. `ticks` are the labelled values, and `begin` and
    `end` the pixels between which it lies; of an axis of time values are days since year 1.
    """

    upright: bool
    zero: float
    unit: float
    ticks: Sequence[float]
    begin: float
    end: float

    def pixel(self, value: float) -> float:
        """Where a value is drawn."""
        return self.zero + self.unit * value

    def near(self, pixel: float) -> float:
        """Pixels from the axis to a place outside it; 0 within."""
        return max(self.begin - pixel, pixel - self.end, 0.0)

    def month(self, pixel: float) -> str:
        """The month whose first day is drawn at `pixel`, on an axis of time; "" where none is."""
        day = date.fromordinal(round((pixel - self.zero) / self.unit)) + timedelta(days=14)
        first = day.replace(day=1)
        return first.isoformat()[:7] if abs(self.pixel(first.toordinal()) - pixel) <= 2 * PRECISION else ""


@dataclass(frozen=True)
class Axes:
    """The axes of a drawing: of figures, of time, and the labels that name bars and points (place, text)."""

    figures: Sequence[Scale]
    times: Sequence[Scale]
    labels: Sequence[tuple[float, str]]

    def of(self, scales: Sequence[Scale], x: float, *, y: float) -> Scale | None:
        """The nearest of `scales` to a place in the picture."""
        return min(scales, key=lambda scale: scale.near(y if scale.upright else x), default=None)

    def label(self, y: float) -> str:
        """The text that names what is drawn at the height `y`: the lowest that is not clearly below it."""
        return max(((at, text) for at, text in self.labels if at <= y + 6), default=(0, ""))[1]


def read_axes(shapes: Sequence[Shape], *, months: Collection[str] = ()) -> Axes:
    """The axes of a drawing whose table has `months`. Raises AuditError for labels that stand at no scale."""
    figures: list[Scale] = []
    times: list[Scale] = []
    years: list[Shape] = []
    plots = _plots(shapes)
    labels = [(s.y, s.text) for s in shapes if s.tag == "text" and not s.axis and _names(s)]
    for number in sorted({shape.axis for shape in shapes} - {0}):
        own = [shape for shape in shapes if shape.axis == number]
        texts, lines = ([shape for shape in own if shape.tag == tag] for tag in ("text", "line"))
        kinds = {_kind(text.text) for text in texts}
        if kinds == {"number"}:
            figures.append(_scale(texts, [_value(text.text) for text in texts], lines=lines))
        elif kinds == {"year"} and len(texts) < TWO:
            years.extend(texts)
        elif kinds == {"year"}:
            scale = _scale(texts, [_first(text) for text in texts], lines=lines)
            times.append(_across(scale, plots))
        elif kinds <= {"name"}:
            labels.extend((text.y, text.text) for text in texts)
        else:
            raise AuditError(Problem("an axis has labels of several kinds"))
        if len(texts) + len(lines) < len(own):
            raise AuditError(Problem("an axis holds something that is neither label nor line"))
    if not times and months:
        times = [_of_months(plot, months, bars=any("h" in shape.commands for shape in shapes)) for plot in plots]
    for year in years:
        if all(abs(scale.pixel(_first(year)) - year.x) > 2 * PRECISION for scale in times):
            raise AuditError(Problem("the labels of an axis stand at no scale"))
    return Axes(figures, times, labels)


def _first(year: Shape) -> int:
    """The day at which the label of a year stands."""
    return date(int(year.text), 1, 1).toordinal()


def _plots(shapes: Sequence[Shape]) -> list[tuple[float, float]]:
    """Where plots with lines across them begin and end."""
    written = {shape.axis for shape in shapes if shape.tag == "text"}
    across = [shape for shape in shapes if shape.tag == "line" and shape.axis not in {0, *written}]
    found = {(line.x, line.x + line.number("x2")) for line in across if line.number("x2") and not line.number("y2")}
    return sorted(found)


def _across(scale: Scale, plots: Sequence[tuple[float, float]]) -> Scale:
    """An axis of time along the whole of its plot: its labels begin and end within."""
    own = [(begin, end) for begin, end in plots if begin - 1 <= scale.begin and scale.end <= end + 1]
    return replace(scale, begin=own[0][0], end=own[0][1]) if len(own) == 1 else scale


def _of_months(plot: tuple[float, float], months: Collection[str], *, bars: bool) -> Scale:
    """The axis of a time so short that fewer than two years have labels: from the first month of its table to the last,
    with `bars` to the end of that.
    """
    oldest, newest = min(months), shift(max(months), 1) if bars else max(months)
    first, last = (date.fromisoformat(f"{month}-01").toordinal() for month in (oldest, newest))
    if first == last:
        raise AuditError(Problem("an axis has too few labels to measure by, or they stand in no line"))
    unit = (plot[1] - plot[0]) / (last - first)
    return Scale(False, plot[0] - unit * first, unit, (), *plot)


def _names(text: Shape) -> bool:
    """Whether a text in the picture can name what is drawn under it; a symbol in place of a bar does not."""
    return text.given.get("text-anchor") == "start" and any(letter.isalpha() for letter in text.text)


def _kind(text: str) -> str:
    return "year" if _YEAR.fullmatch(text) else "number" if _NUMBER.fullmatch(text) else "name"


def _value(text: str) -> float:
    return float(text.replace(NBSP, "").replace(",", ".").replace(MINUS, "-"))


def _scale(texts: Sequence[Shape], values: Sequence[float], *, lines: Sequence[Shape]) -> Scale:
    """The scale of an axis from the places of its labels, which must stand in line at even distances."""
    upright = len(texts) > 1 and abs(texts[0].y - texts[-1].y) > abs(texts[0].x - texts[-1].x)
    size = texts[0].number("font-size")
    pixels = [text.y - round(_SHIFT * size) if upright else text.x for text in texts]
    across = {round(text.x if upright else text.y) for text in texts}
    if len(set(values)) < TWO or len(across) > 1:
        raise AuditError(Problem("an axis has too few labels to measure by, or they stand in no line"))
    unit, zero = np.polyfit(values, pixels, 1)
    if max(abs(zero + unit * value - pixel) for value, pixel in zip(values, pixels, strict=True)) > PRECISION:
        raise AuditError(Problem("the labels of an axis stand at no scale"))
    ends = [pixel for line in lines for pixel in _ends(line, upright=upright)]
    return Scale(upright, float(zero), float(unit), values, min([*pixels, *ends]), max([*pixels, *ends]))


def _ends(line: Shape, *, upright: bool) -> tuple[float, float]:
    """Where a line of an axis begins and ends along it."""
    begin = line.y if upright else line.x
    return begin, begin + line.number("y2" if upright else "x2")
