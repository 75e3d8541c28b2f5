"""The tables of a folder of the site, each cell with the figure that it is of, as their descriptions tell it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from katsaus.audit.findings import OTHER, VISIBLE, Finding, named
from katsaus.audit.released import CONCEALED, Released, Shown
from katsaus.errors import AuditError, Problem
from katsaus.table import Subject

DESCRIBED = ".csv-metadata.json"


@dataclass(frozen=True)
class Twin:
    """A table by its `label`: the subjects of its cells row by row, the released figures of these, and the first column
    of figures in the download.
    """

    label: str
    subjects: Sequence[Sequence[Subject]]
    shown: Sequence[Sequence[Shown]]
    first: int

    def cells(self) -> Iterator[tuple[Subject, Shown]]:
        """Every cell with its figure."""
        for subjects, shown in zip(self.subjects, self.shown, strict=True):
            yield from zip(subjects, shown, strict=True)


def read_twin(folder: Path, label: str, *, released: Released) -> Twin:
    """The table `label` of a folder, from the description beside its download. Raises AuditError."""
    try:
        (note,) = json.loads((folder / f"{label}{DESCRIBED}").read_text(encoding="utf-8"))["notes"]
        subjects = expanded(note["figures"], size=tuple(note["size"]))
        first = int(note["firstColumn"]) - 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuditError(Problem("the table does not say what its figures are of")) from error
    return Twin(label, subjects, [[_known(subject, released) for subject in row] for row in subjects], first)


def _known(subject: Subject, released: Released) -> Shown:
    shown = released.shown(subject)
    if shown is None:
        raise AuditError(Problem(f"the project has no such figure: {named(subject)}"))
    return shown


def expanded(figures: Mapping[str, Any], *, size: tuple[int, int]) -> list[list[Subject]]:
    """The subjects of a table's cells, `size` rows and columns, from what `katsaus.table.identified` says of them.

    Raises ValueError.
    """
    if set(figures) != set(Subject._fields):
        raise ValueError("fields are missing")
    rows, columns = size
    grids = [list(_along(figures[name], rows, columns=columns)) for name in Subject._fields]
    return [[Subject(*(grid[i][j] for grid in grids)) for j in range(columns)] for i in range(rows)]


def _along(told: Any, rows: int, *, columns: int) -> Iterator[Sequence[str]]:
    """A field of every cell, row by row. Raises ValueError where there are more or fewer than cells."""
    if isinstance(told, str):
        told = {"rows": [told] * rows}
    for _, row in zip(range(rows), told.get("rows", [""] * rows), strict=True):
        own = told.get("columns", [row] * columns)
        if len(own) != columns:
            raise ValueError("too few or too many columns")
        yield own


def compared(text: str, subject: Subject, *, wanted: str) -> tuple[str, str] | None:
    """What is wrong with the `text` of a cell that should be `wanted`, and the figure's names; None if nothing is."""
    if text == wanted:
        return None
    return (VISIBLE if wanted == CONCEALED else OTHER), named(subject)


def check_download(file: str, text: str, *, twin: Twin) -> Iterator[Finding]:
    """Hold a CSV against the released figures."""
    head, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    widths = {twin.first + len(twin.subjects[0]), twin.first + len(twin.subjects[0]) + 1}
    if len(rows) != len(twin.subjects) or {len(row) for row in (head, *rows)} - widths:
        yield Finding(file, "", "the table has other rows or columns than its description")
        return
    for i, (row, subjects, shown) in enumerate(zip(rows, twin.subjects, twin.shown, strict=True)):
        for j, (subject, figure) in enumerate(zip(subjects, shown, strict=True)):
            if wrong := compared(row[twin.first + j], subject, wanted=figure.plain):
                yield Finding(file, f"row {i + 1}, column {twin.first + j + 1}", *wrong)


def around(text: str, twin: Twin) -> Iterator[str]:
    """The texts of a CSV that are not figures: headings, headers of rows, remarks."""
    head, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    last = twin.first + len(twin.subjects[0])
    yield from head
    for row in rows:
        yield from (*row[: twin.first], *row[last:])


def check_tool(file: str, data: Mapping[str, Any], *, released: Released) -> Iterator[Finding]:
    """Hold the data file of the compare tool against the released figures."""
    figures, places = dict(data["figures"]), released.figures
    codes = [places.code_of(area["slug"]) for area in data["areas"]]
    (reference,) = set(figures.pop("area")["columns"]) - set(codes)
    lines = [*zip(codes, data["areas"], strict=True), (reference, data["reference"])]
    for code, line in lines:
        for month, value in zip(data["months"], line["values"], strict=True):
            subject = Subject(**figures, area=code, month=month["id"])
            shown = released.shown(subject)
            wanted = "" if shown is None else shown.symbol or float(shown.plain)
            if value != wanted:
                what = VISIBLE if wanted == CONCEALED else OTHER
                yield Finding(file, f"{line['label']}, {month['id']}", what, named(subject))
