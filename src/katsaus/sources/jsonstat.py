"""JSON-stat 2 read strictly: sizes that agree, figures as they are written, marks of missing figures kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from katsaus.errors import Problem, SourceError
from katsaus.sources.strict_json import AGAIN, Foreign, checked, parse_json

MARKS = ("...", "..", ".", "-")
"""Hidden, not available, can't exist, nil: how Statistics Finland marks that there is no figure."""


class _Category(Foreign):
    index: dict[str, int]


class _Dimension(Foreign):
    category: _Category


class _Dataset(Foreign):
    version: Literal["2.0"]
    class_: Literal["dataset"] = Field(alias="class")
    id: list[str]
    size: list[int]
    dimension: dict[str, _Dimension]
    value: list[Any]
    status: dict[str, str] | None = None
    updated: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,16}Z?$")


@dataclass(frozen=True)
class Cube:
    """An answer: codes by dimension, and its cells, each a number's text or a mark; the last dimension runs fastest."""

    updated: str
    dimensions: dict[str, tuple[str, ...]]
    cells: list[str]


def read_cube(content: bytes, where: str) -> Cube:
    """`content` as a Cube. Raises one SourceError with everything that is not as JSON-stat promises."""
    dataset = checked(parse_json(content, where), _Dataset, where=where)
    faults = list(_faults(dataset))
    if not faults:
        cells, faults = _cells(dataset)
    if faults:
        raise SourceError(Problem(fault, where, do=AGAIN) for fault in faults)
    dimensions = {name: _codes(dataset.dimension[name]) for name in dataset.id}
    return Cube(dataset.updated, dimensions, cells)


def _codes(dimension: _Dimension) -> tuple[str, ...]:
    index = dimension.category.index
    return tuple(sorted(index, key=index.__getitem__))


def _faults(dataset: _Dataset) -> Iterator[str]:
    if len(set(dataset.id)) != len(dataset.id) or set(dataset.id) != set(dataset.dimension):
        yield "the dimensions are not those that the answer lists"
        return
    if len(dataset.size) != len(dataset.id):
        yield f"{len(dataset.id)} dimensions have {len(dataset.size)} sizes"
        return
    for number, (name, size) in enumerate(zip(dataset.id, dataset.size, strict=True), 1):
        places = sorted(dataset.dimension[name].category.index.values())
        if places != list(range(size)):
            yield f"dimension {number} does not have as many codes as its size says"
    if len(dataset.value) != math.prod(dataset.size):
        yield "the answer does not have as many cells as its sizes say"


def _cells(dataset: _Dataset) -> tuple[list[str], list[str]]:
    """The cells, and what is wrong with them: how many, never what they hold."""
    marks, faults = _marks(dataset)
    cells, strange, bare, both = [], 0, 0, 0
    for place, value in enumerate(dataset.value):
        mark = marks.get(place)
        if value is None:
            bare += mark is None
            cells.append(mark or "")
            continue
        text = _number(value)
        strange += text is None
        both += mark is not None
        cells.append(text or "")
    told = ((strange, "are not numbers"), (bare, "are empty without a mark"), (both, "have a mark beside a number"))
    return cells, faults + [f"{count} cells {what}" for count, what in told if count]


def _marks(dataset: _Dataset) -> tuple[dict[int, str], list[str]]:
    given = dataset.status or {}
    places = {str(place) for place in range(len(dataset.value))} if given else set()
    outside = sum(key not in places for key in given)
    unknown = sum(mark not in MARKS for mark in given.values())
    told = ((outside, "stand at no cell"), (unknown, "are unknown"))
    faults = [f"{count} marks {what}" for count, what in told if count]
    return {} if faults else {int(key): mark for key, mark in given.items()}, faults


def _number(value: object) -> str | None:
    """The text of an exact decimal; None where `value` is something else."""
    if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        return None
    text = str(value)
    return None if "E" in text else text
