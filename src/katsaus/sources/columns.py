"""Columns of a delivered table, each cell a number that points to one of the column's distinct texts."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from katsaus.config.findings import Finding
from katsaus.sources.header import Header

CHUNK = 2_000
DISTINCT = 300_000
"""Distinct texts that a column may hold: more than any real one, and few enough for the memory."""


class TooVariedError(Exception):
    """A column holds more distinct texts than a table can."""


@dataclass(frozen=True)
class Column:
    """`texts` are sorted and distinct; the cell of a row is `texts[codes[row]]`."""

    texts: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True)
class Columns:
    """Columns by name; `numbers` are their rows' numbers in the file, its header being row 1.

    `odd` are the numbers of rows that have more or fewer cells than the header: they are in no column.
    """

    columns: Mapping[str, Column]
    numbers: NDArray[np.int32]
    odd: tuple[int, ...]


@dataclass(frozen=True)
class Read:
    """What could be read of a delivered file, whatever its kind; no `columns` where the file or its header is wrong."""

    header: Header | None
    columns: Columns | None
    findings: tuple[Finding, ...]


Rows = Iterable[Sequence[object]]
Writing = Callable[[object], str]


def gather(rows: Rows, positions: Mapping[str, int], *, width: int, write: Writing) -> Columns:
    """The columns at `positions` (by name, from 0) of `rows` of `width` cells; `write` gives the text of a cell.

    Raises TooVariedError.
    """
    seen = {name: _numbering() for name in positions}
    codes = {name: array("i") for name in positions}
    numbers, odd = array("i"), array("i")
    rest = iter(rows)
    number = 2
    while chunk := list(islice(rest, CHUNK)):
        rank = range(number, number + len(chunk))
        number += len(chunk)
        if set(map(len, chunk)) == {width}:
            numbers.extend(rank)
        else:
            odd.extend(at for at, row in zip(rank, chunk, strict=True) if len(row) != width)
            numbers.extend(at for at, row in zip(rank, chunk, strict=True) if len(row) == width)
            chunk = [row for row in chunk if len(row) == width]
        for name, position in positions.items():
            codes[name].extend(map(seen[name].__getitem__, [row[position] for row in chunk]))
        if any(len(index) > DISTINCT for index in seen.values()):
            raise TooVariedError
    columns = {name: _column(list(map(write, seen[name])), _int32(codes[name])) for name in positions}
    return Columns(columns, _int32(numbers), tuple(odd))


def _numbering() -> defaultdict[object, int]:
    """A dictionary that gives every new key the next number."""
    index: defaultdict[object, int] = defaultdict()
    index.default_factory = index.__len__
    return index


def _column(texts: list[str], codes: NDArray[np.int32]) -> Column:
    """A column with its texts sorted, each once: a spreadsheet may hold the same text as a number and as a text."""
    ordered = tuple(sorted(set(texts)))
    rank = {text: position for position, text in enumerate(ordered)}
    places = np.array([rank[text] for text in texts], np.int32)
    return Column(ordered, places[codes] if len(codes) else codes)


def _int32(numbers: array[int]) -> NDArray[np.int32]:
    return np.array(numbers, np.int32)
