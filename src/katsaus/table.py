"""Tables as they leave a notebook: formatted cells for the page, plain ones for the CSV, notes and symbols."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from katsaus.errors import FigureError, Problem
from katsaus.output import TABLE
from katsaus.rounding import half_away


@dataclass(frozen=True)
class Column:
    """One column of figures: `label` in the page's language, `decimals` published, `signed` where a change is shown."""

    id: str
    label: str
    decimals: int
    signed: bool = False


class Subject(NamedTuple):
    """What a figure is of: by this a download says it, and the audit finds the figure that was released.

    `measure` is a column of `Review.figures` ("value", "year_ago", "change_percent"), held against `month`.
    """

    source: str
    indicator: str
    measure: str
    area: str
    responsible: str
    group: str
    month: str


@dataclass(frozen=True)
class Cell:
    """A figure and the symbol that stands in its place where there is none; `decimals` if not those of its column."""

    value: float
    symbol: str
    decimals: int | None = None
    subject: Subject | None = None

    def plain(self, column: Column) -> str:
        """For machines: no groups of thousands, decimal point."""
        return self.symbol or str(half_away(self.value, self.of(column).decimals))

    def of(self, column: Column) -> Column:
        """The column as it holds for this cell."""
        return column if self.decimals is None else replace(column, decimals=self.decimals)


@dataclass(frozen=True)
class Furniture:
    """What stands around a table: notes, explanations of the symbols used, source; all in the page's language.

    `synthetic` is what synthetic figures are called where they are shown, "" where figures are real; `data` heads the
    column of a download that says so, `remarks` the one of what is to be noted of single rows. The notes `beside` stand
    right under the figure, the other ones are called for by number. `others` are the sources of the project that the
    table is not of. `gaps` is what a chart of the table says where it lacks a hidden figure, by the kind of its marks.
    """

    caption: str
    notes: Sequence[str]
    symbols: Mapping[str, str]
    source: str
    synthetic: str = ""
    data: str = ""
    remarks: str = ""
    beside: Sequence[str] = ()
    others: Collection[str] = ()
    gaps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row: its header (text, with the address of its page from the root of the language), its plain headers and its
    cells. `remark` is what the download says of it: the notes that do not hold for every row. `area` is the code of the
    area that the row is of, where it is of one.
    """

    header: str
    plain_headers: tuple[str, ...]
    cells: tuple[Cell, ...]
    href: str = ""
    emphasis: bool = False
    remark: str = ""
    area: str = ""


@dataclass(frozen=True)
class Table:
    """A table of figures in the page's language; a cell's last expression shows it.

    `headings` are the labels of the row header on the page and of the plain row headers in the CSV.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    headings: tuple[str, tuple[str, ...]]
    furniture: Furniture
    number: Callable[[float, Column], str]

    def as_json(self) -> dict[str, Any]:
        """The table as the `TABLE` of an output."""
        used = {cell.symbol for row in self.rows for cell in row.cells if cell.symbol}
        head = {"id": "row", "label": self.headings[0], "align": "left"}
        return {
            "caption": self._caption(),
            "synthetic": bool(self.furniture.synthetic),
            "columns": [head, *({"id": c.id, "label": c.label, "align": "right"} for c in self.columns)],
            "rows": [[self._header(row), *self._formatted(row)] for row in self.rows],
            "row_headers": 1,
            "areas": [row.area for row in self.rows],
            "figures": identified([[cell.subject for cell in row.cells] for row in self.rows]),
            "first": int(bool(self.furniture.synthetic)) + len(self.headings[1]),
            "emphasis": [position for position, row in enumerate(self.rows) if row.emphasis],
            "symbols": [text for symbol, text in self.furniture.symbols.items() if symbol in used],
            "notes": list(self.furniture.notes),
            "beside": list(self.furniture.beside),
            "source": self.furniture.source,
            "csv": self._csv(),
        }

    def _caption(self) -> str:
        return marked(self.furniture.caption, self.furniture.synthetic)

    def _header(self, row: Row) -> str | dict[str, str]:
        return {"text": row.header, "href": row.href} if row.href else row.header

    def _formatted(self, row: Row) -> list[str]:
        return [
            cell.symbol or self.number(cell.value, cell.of(column))
            for cell, column in zip(row.cells, self.columns, strict=True)
        ]

    def _csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        # Columns of their own say that figures are synthetic or remarked upon: rows get copied without what stands
        # around them.
        around = self.furniture
        mark = [around.synthetic] if around.synthetic else []
        remarked = any(row.remark for row in self.rows)
        head = [around.data] if mark else []
        tail = [around.remarks] if remarked else []
        writer.writerow([*head, *self.headings[1], *(column.label for column in self.columns), *tail])
        for row in self.rows:
            plain = [cell.plain(column) for cell, column in zip(row.cells, self.columns, strict=True)]
            writer.writerow([*mark, *row.plain_headers, *plain, *([row.remark] if remarked else [])])
        return text.getvalue()

    def as_markdown(self) -> str:
        """The table as a Markdown pipe table, for a reader in JupyterLab."""
        lines = [
            *([self._caption(), ""] if self.furniture.synthetic else []),
            "| " + " | ".join([self.headings[0], *(column.label for column in self.columns)]) + " |",
            "|:---|" + "---:|" * len(self.columns),
            *("| " + " | ".join([row.header, *self._formatted(row)]) + " |" for row in self.rows),
        ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            TABLE: self.as_json(),
            "text/markdown": self.as_markdown(),
            "text/plain": self._caption(),
        }


def marked(text: str, synthetic: str) -> str:
    """`text` with what synthetic figures are called, where they are synthetic."""
    return f"{text} – {synthetic}" if synthetic else text


def cells(rows: pd.DataFrame, measure: str) -> list[Cell]:
    """The cells of a measure from rows of `Review.figures`.

    Rows whose values were taken from another measure, as a line of the year before, name it in a column "measure".
    """
    known = rows if "measure" in rows else rows.assign(measure=measure)
    subjects = [Subject(*row) for row in zip(*(known[name] for name in Subject._fields), strict=True)]
    return [
        Cell(float(value), str(symbol), subject=subject)
        for value, symbol, subject in zip(rows[measure], rows[f"{measure}_symbol"], subjects, strict=True)
    ]


def identified(grid: Sequence[Sequence[Subject | None]]) -> dict[str, Any]:
    """What the figures of a table are of, in little room: each field of `Subject` as the text that holds for all cells,
    or as {"rows": …} or {"columns": …}, one for each. Empty where a cell is of nothing known.

    Raises FigureError where a field hangs on row and column at once.
    """
    known = [[subject for subject in row if subject] for row in grid]
    if not known or any(len(own) < len(row) for own, row in zip(known, grid, strict=True)):
        return {}
    return {name: _told_once([[subject[at] for subject in row] for row in known], name) for at, name in FIELDS}


FIELDS = tuple(enumerate(Subject._fields))


def _told_once(grid: Sequence[Sequence[str]], name: str) -> str | dict[str, list[str]]:
    first = list(grid[0])
    if all(list(row) == first for row in grid):
        return first[0] if len(set(first)) == 1 else {"columns": first}
    if all(len(set(row)) == 1 for row in grid):
        return {"rows": [row[0] for row in grid]}
    what = f"the {name} of a table's figures hangs on row and column at once"
    raise FigureError(Problem(what, do="make its rows or its columns of it"))
