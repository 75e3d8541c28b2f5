"""What a chart may draw: the figures of its table, which come protected and say what they are of.

A chart goes out under the source of its table. So every number that it draws must be a figure of that table, at the
same indicator, area, organisation, group and month; what a chart computes itself, or a frame of another origin, could
be anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from katsaus.errors import FigureError, Problem
from katsaus.rounding import half_away
from katsaus.spelling import near
from katsaus.table import Subject, Table

Spec = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]

SUBJECT = tuple(name for name in Subject._fields if name != "measure")
WHY = "a page shows only protected figures with their source"
DO = "take the rows from review.figures and choose or sort them with pandas"
COMPUTING = ("aggregate", "impute", "bin")
"""What in an encoding makes new numbers of those that it is given."""
DISCRETE = ("nominal", "ordinal")


def refuse_foreign(spec: Spec, table: Table) -> None:
    """Raise FigureError if the chart `spec` (Vega-Lite with its datasets, as Altair gives it) draws any number that is
    no figure of `table`, computes one, or names a column that its frame lacks. No message holds a figure.
    """
    held: dict[tuple[str, ...], set[float]] = {}
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.subject and not cell.symbol:
                figures = held.setdefault(tuple(getattr(cell.subject, name) for name in SUBJECT), set())
                figures |= {cell.value, float(half_away(cell.value, cell.of(column).decimals))}
    problems = dict.fromkeys(
        problem for mark in _marks(spec, _Mark(), datasets=spec.get("datasets", {})) for problem in mark.problems(held)
    )
    if problems:
        raise FigureError(problems)


def refuse_unreleased(table: pd.DataFrame, released: pd.DataFrame) -> None:
    """Raise FigureError if a map's `table` (rows of `Review.figures`) has a figure that is not among those `released`
    of its areas and months.
    """
    named, known = (
        zip(rows["area"], rows["month"], rows["value"].fillna(0), rows["value_symbol"], strict=True)
        for rows in (table, released)
    )
    if not set(known).issuperset(named):
        raise FigureError(Problem("the map shows a figure that was not published", why=WHY, do=DO))


@dataclass(frozen=True)
class _Mark:
    """A mark with what it has from the views around it: its rows, the channels that it draws by, and what is computed
    on the way.
    """

    rows: Rows = ()
    foreign: bool = False
    channels: Mapping[str, Any] = field(default_factory=dict)
    computed: tuple[str, ...] = ()

    def within(self, view: Spec, datasets: Mapping[str, Rows]) -> _Mark:
        """The same for what is in `view`."""
        data = view.get("data")
        named = data.get("name") in datasets if data else False
        rows = self.rows if not data else datasets[data["name"]] if named else data.get("values", ())
        facet = view.get("facet", {})
        around = {"facet": facet} if "field" in facet else facet
        mark = view.get("mark", {})
        shown = ("invalid",) if isinstance(mark, dict) and "invalid" in mark else ()
        computed = [next(iter(step)) for step in view.get("transform", ()) if "filter" not in step]
        computed += [name for name in ("repeat",) if name in view]
        return _Mark(
            rows,
            bool(data) and not named and "values" not in data if data else self.foreign,
            {**self.channels, **around, **view.get("encoding", {})},
            (*self.computed, *computed, *shown),
        )

    def problems(self, held: Mapping[tuple[str, ...], Collection[float]]) -> Iterator[Problem]:
        """Everything for which the mark is refused."""
        if self.foreign:
            yield Problem("the chart brings data of its own", why=WHY, do=DO)
        for name in self.computed:
            yield _computes(name)
        for channel in _fields(self.channels):
            yield from (_computes(name) for name in COMPUTING if channel.get(name))
            if channel.get("stack") == "normalize":
                yield _computes("normalize")
            yield from self._of_column(channel, held)

    def _of_column(self, channel: Spec, held: Mapping[tuple[str, ...], Collection[float]]) -> Iterator[Problem]:
        name = channel["field"]
        if self.rows and name not in self.rows[0]:
            what = f"the chart draws the column {name}, which its frame has not"
            yield Problem(what, do=near(name, self.rows[0]))
        elif not _is_place(channel) and any(not _holds(row, name, held=held) for row in self.rows):
            yield Problem("the chart draws a figure that its table doesn't hold", why=WHY, do=DO)


def _marks(view: Spec, around: _Mark, *, datasets: Mapping[str, Rows]) -> Iterator[_Mark]:
    """The marks of a specification."""
    mark = around.within(view, datasets)
    parts = [part for name in ("layer", "concat", "hconcat", "vconcat") for part in view.get(name, ())]
    for part in [*parts, *([view["spec"]] if "spec" in view else [])]:
        yield from _marks(part, mark, datasets=datasets)
    if "mark" in view:
        yield mark


def _fields(part: Any) -> Iterator[Spec]:
    """Every definition of a channel that names a column, conditions and the order of another channel among them."""
    if isinstance(part, Mapping):
        if isinstance(part.get("field"), str):
            yield part
        for value in part.values():
            yield from _fields(value)
    elif isinstance(part, list):
        for value in part:
            yield from _fields(value)


def _is_place(channel: Spec) -> bool:
    """Whether its numbers are places in the picture: pixels, or steps without any axis."""
    scale, axis = channel.get("scale", ""), channel.get("axis", "")
    return scale is None or (axis is None and channel.get("type") in DISCRETE)


def _holds(row: Mapping[str, Any], name: str, *, held: Mapping[tuple[str, ...], Collection[float]]) -> bool:
    """Whether the table has the number in the column `name` of `row`. A column `{name}_area` says of which area it is,
    where that is not the row's.
    """
    value = row[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    subject = {**row, "area": row.get(f"{name}_area", row.get("area"))}
    return value in held.get(tuple(str(subject.get(part)) for part in SUBJECT), ())


def _computes(name: str) -> Problem:
    do = "let review.figures give the figure; what is missing belongs into reviews/"
    return Problem(f"the chart computes ({name}) what it draws", why=WHY, do=do)
