"""What an SVG draws, as a reader with a ruler meets it: texts, lines and outlines with their places in the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from katsaus.errors import AuditError, Problem

_TRANSLATE: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_HALF: Final = re.compile(r"translate\(-?\d*\.5,-?\d*\.5\)")
_COMMAND: Final = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER: Final = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_QUIET: Final = {"defs", "clipPath", "pattern"}
_WORDS: Final = {"title", "desc", "metadata"}


@dataclass(frozen=True)
class Shape:
    """An element of a drawing: its tag, the place of its origin in the picture, what its attributes say.

    `axis` numbers the group of an axis that it stands in, 0 for none: Vega moves such groups by half a pixel, taken off
    here. `text` is of texts, its lines parted by line feeds.
    """

    tag: str
    x: float
    y: float
    given: Mapping[str, str]
    axis: int
    text: str = ""

    @property
    def fill(self) -> str:
        """The colour of its inside, "" where it has none."""
        return self.given.get("fill", "")

    @property
    def stroke(self) -> str:
        """The colour of its outline, "" where it has none."""
        return self.given.get("stroke", "")

    def number(self, name: str) -> float:
        """An attribute in pixels."""
        return float(self.given.get(name, "0").removesuffix("px"))

    @property
    def corners(self) -> list[tuple[float, float]]:
        """The ends of the straight parts of an outline, in the picture. Raises AuditError."""
        return [(self.x + x, self.y + y) for x, y in _corners(self.given.get("d", ""))]

    @property
    def commands(self) -> str:
        """The letters of its outline: "MLL", "MhvhZ"."""
        return "".join(letter for letter, _ in _COMMAND.findall(self.given.get("d", "")))


def read_shapes(svg: str) -> tuple[list[Shape], list[str]]:
    """The shapes of a drawing in order, and the words that describe it (its title, description and labels).

    Raises AuditError.
    """
    try:
        root = ET.fromstring(svg)
    except ET.ParseError:
        raise AuditError(Problem("no well-formed SVG")) from None
    walker = _Walker()
    return list(walker.walk(root, (0.0, 0.0, 0))), walker.words


class _Walker:
    def __init__(self) -> None:
        self.words: list[str] = []
        self._axes = 0

    def walk(self, element: ET.Element, at: tuple[float, float, int]) -> Iterator[Shape]:
        """The shapes within `element`, whose origin and axis are `at`."""
        self._describe(element)
        for child in element:
            tag = child.tag.rpartition("}")[2]
            if tag in _QUIET:
                continue
            if tag in _WORDS:
                self.words.append("".join(child.itertext()))
                continue
            here = self._moved(child.get("transform", ""), at, group=tag == "g")
            if tag == "g":
                yield from self.walk(child, here)
                continue
            self._describe(child)
            if tag not in {"text", "line", "path", "rect"} or (tag != "text" and len(child)):
                raise AuditError(Problem("an element is not known in a drawing"))
            lines = [child.text or "", *("".join(part.itertext()) for part in child)] if tag == "text" else []
            yield Shape(tag, *here[:2], child.attrib, here[2], "\n".join(filter(None, lines)))

    def _describe(self, element: ET.Element) -> None:
        for name, text in element.attrib.items():
            aria = name.startswith("aria-") and name != "aria-labelledby"
            if aria or name in {"alt", "title"} or (name.startswith("data-") and name != "data-area"):
                self.words.append(text)

    def _moved(self, transform: str, at: tuple[float, float, int], *, group: bool) -> tuple[float, float, int]:
        if not transform:
            return at
        found = _TRANSLATE.fullmatch(transform)
        if not found:
            raise AuditError(Problem("something is turned or scaled"))
        half = 0.5 if group and _HALF.fullmatch(transform) else 0.0  # a mark may stand there by chance
        if half:
            self._axes += 1
        return at[0] + float(found[1]) - half, at[1] + float(found[2]) - half, self._axes if half else at[2]


def _corners(outline: str) -> Iterator[tuple[float, float]]:
    x = y = 0.0
    for letter, text in _COMMAND.findall(outline):
        parts = [float(number) for number in _NUMBER.findall(text)]
        if letter in "ML":
            for x, y in zip(parts[::2], parts[1::2], strict=True):
                yield x, y
        elif letter in "hHvV":
            (step,) = parts
            x = step if letter == "H" else x + step * (letter == "h")
            y = step if letter == "V" else y + step * (letter == "v")
            yield x, y
        elif letter not in "ZzAC":
            raise AuditError(Problem(f"an outline with {letter} is not known"))
