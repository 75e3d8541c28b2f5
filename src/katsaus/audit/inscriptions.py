"""The numbers that are written into a picture: each belongs to a visible cell of the label that it stands with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from katsaus.audit.drawing import Picture
from katsaus.audit.findings import VISIBLE, Finding
from katsaus.audit.maps import legend_of
from katsaus.audit.numbers import Number, numbers
from katsaus.audit.released import CONCEALED, Shown
from katsaus.audit.shapes import Shape
from katsaus.table import Subject

Fixed = Callable[[Number], bool]
"""Whether a number stands in the texts of the project as it stands here."""
_LABEL_ENDS: Final = re.compile(r"\n|: |$")


def check_inscriptions(picture: Picture, shapes: Sequence[Shape], *, fixed: Fixed) -> Iterator[Finding]:
    """Hold the texts of a picture, those of its axes and of a map's legend aside, against its twin."""
    legend = {id(text) for text in legend_of(shapes).values()}
    subjects = [subject for subject, _ in picture.twin.cells()]
    for shape in shapes:
        if shape.tag != "text" or shape.axis or id(shape) in legend:
            continue
        found = [number for number in numbers(shape.text.replace("\n", " ")) if not fixed(number)]
        if not found or picture.names.labelled(shape.text, subjects):
            continue
        cells = _meant(picture, shape, shapes=shapes)
        if not all(any(explains(cell, number, picture=picture) for _, cell in cells) for number in found):
            hidden = [cell for _, cell in cells if cell.symbol == CONCEALED]
            yield picture.finding(
                "a text in the picture", VISIBLE if hidden else "a number that no visible cell explains"
            )


def explains(cell: Shown, number: Number, *, picture: Picture) -> bool:
    """Whether `number` is how a visible cell is written."""
    return bool(not cell.symbol and cell.written(picture.names.words).lstrip("+−") == number.size)


def _meant(picture: Picture, text: Shape, *, shapes: Sequence[Shape]) -> list[tuple[Subject, Shown]]:
    """The cells of the newest month that a text with a number can be about: those of the tile that it stands on, or of
    what the lines above the number name.
    """
    cells = list(picture.twin.cells())
    newest = max(subject.month for subject, _ in cells)
    cells = [cell for cell in cells if cell[0].month == newest]
    tile = next((shape.given["data-area"] for shape in shapes if "data-area" in shape.given and _on(text, shape)), "")
    if tile:
        return [cell for cell in cells if cell[0].area == tile]
    named: set[Subject] = set()
    for end in _LABEL_ENDS.finditer(text.text):  # a label of several lines ends where the longest name does
        named = set(picture.names.labelled(text.text[: end.start()], [subject for subject, _ in cells])) or named
    return [cell for cell in cells if cell[0] in named]


def _on(text: Shape, tile: Shape) -> bool:
    xs, ys = zip(*tile.corners, strict=True)
    return bool(min(xs) <= text.x <= max(xs) and min(ys) <= text.y <= max(ys))
