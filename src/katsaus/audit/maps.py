"""What a map shows: each area in the class of its visible figure, and in none where its figure is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from katsaus import theme
from katsaus.audit.drawing import Picture
from katsaus.audit.findings import OTHER, VISIBLE, Finding, named
from katsaus.audit.numbers import MINUS, NBSP, numbers
from katsaus.audit.released import CONCEALED, Shown
from katsaus.audit.shapes import Shape
from katsaus.errors import AuditError, Problem
from katsaus.figures import COMPARISON
from katsaus.rounding import half_away
from katsaus.table import Subject

_LINE: Final = 10
"""Pixels within which a sample of a class and its words stand on one line."""


@dataclass(frozen=True)
class Class:
    """A class of the legend: figures from `least` up to `most`, as published; None where it is open."""

    least: Decimal | None
    most: Decimal | None

    def holds(self, figure: Shown) -> bool:
        """Whether a visible figure is of the class."""
        value = half_away(figure.value, figure.decimals)
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def check_map(picture: Picture, shapes: Sequence[Shape], *, month_of: Mapping[str, str]) -> Iterator[Finding]:
    """Hold the classes of a map, and the numbers written on it, against its twin; `month_of` is "6/2023" → "2023-06".

    Raises AuditError.
    """
    drawn = {shape.given["data-area"] for shape in shapes if "data-area" in shape.given}
    if drawn < {subject.area for subject, _ in picture.twin.cells() if subject.area not in COMPARISON}:
        yield picture.finding("", "a map without some areas of its table")
    classes = _legend(shapes, picture)
    for shape in shapes:
        if "data-area" not in shape.given:
            continue
        cells = _cells(picture, shape, month=_panel(shape, shapes, month_of=month_of))
        if not cells:
            yield picture.finding("an area", "not one that its table has")
            continue
        subject, figure = cells[0]
        place = f"{subject.area}, {subject.month}"
        if figure.symbol and shape.fill in theme.MAP_CLASSES:
            yield picture.finding(
                place, f"{VISIBLE} by its class" if figure.symbol == CONCEALED else OTHER, figure=named(subject)
            )
        elif not figure.symbol and not (shape.fill in classes and classes[shape.fill].holds(figure)):
            yield picture.finding(place, f"the class is {OTHER}", figure=named(subject))


def legend_of(shapes: Sequence[Shape]) -> Mapping[str, Shape]:
    """Fill of each class → the words of the legend that tell it."""
    samples = [shape for shape in shapes if shape.tag == "path" and shape.stroke == theme.AXIS and not shape.axis]
    texts = [shape for shape in shapes if shape.tag == "text"]
    found: dict[str, Shape] = {}
    for sample in samples:
        beside = [text for text in texts if abs(text.y - sample.y) <= _LINE and 0 <= text.x - sample.x <= 2 * _LINE]
        if len(beside) != 1:
            raise AuditError(Problem("a class of the legend has no words"))
        found[sample.fill] = beside[0]
    return found


def _legend(shapes: Sequence[Shape], picture: Picture) -> Mapping[str, Class]:
    """The classes by their fill, those that the map has: one that tells a limit alone is open beyond it."""
    step, words = _step(picture), picture.names.words
    told = {fill: text.text for fill, text in legend_of(shapes).items() if fill in theme.MAP_CLASSES}
    classes: dict[str, Class] = {}
    for fill, text in told.items():
        least, most = _values(text)[0], _values(text)[-1]
        below, above = (_is(text, words.term(form, value="|")) for form in ("under {value}", "{value} or more"))
        classes[fill] = Class(None if below else least, most - step if below else None if above else most)
    return classes


def _is(text: str, form: str) -> bool:
    """Whether a text is of a form, in which a bar stands in place of the figure."""
    before, _, after = form.partition("|")
    return text.startswith(before) and text.endswith(after)


def _values(text: str) -> list[Decimal]:
    found = [number.text.replace(NBSP, "").replace(",", ".").replace(MINUS, "-") for number in numbers(text)]
    if not found:
        raise AuditError(Problem("a class of the legend has no limits"))
    return [Decimal(number.lstrip("+")) for number in found]


def _step(picture: Picture) -> Decimal:
    """The smallest difference between published figures."""
    return Decimal(1).scaleb(-picture.twin.shown[0][0].decimals)


def _cells(picture: Picture, shape: Shape, *, month: str) -> list[tuple[Subject, Shown]]:
    """The cells that a shape may show: those of the indicator of the twin's first column."""
    first = picture.twin.subjects[0][0]
    return [
        (subject, figure)
        for subject, figure in picture.twin.cells()
        if (subject.area, subject.indicator, subject.measure) == (shape.given["data-area"], first.indicator, "value")
        and month in {"", subject.month}
    ]


def _panel(shape: Shape, shapes: Sequence[Shape], *, month_of: Mapping[str, str]) -> str:
    """The month of the panel of a shape, "" where there is none: that of the heading next to the panel's origin, which
    is the origin of its shapes too.
    """
    headings = [text for text in shapes if text.text in month_of and text.y <= shape.y]
    if not headings:
        return ""
    return month_of[min(headings, key=lambda text: abs(text.x - shape.x) + abs(text.y - shape.y)).text]
