"""A snapshot's bytes as text, and its text as a cube of figures or as typed records."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pandas as pd

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding, some
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem
from katsaus.sources.columns import TooVariedError, gather
from katsaus.store.cube import Cube
from katsaus.store.placing import place
from katsaus.store.records import read_records

_DO = "take a new snapshot; if it comes the same, ask the source"


@dataclass(frozen=True)
class Reading:
    """One table: a `cube` of observations or a frame of `records` (neither where it can't be read), and what was
    found wrong with it.
    """

    cube: Cube | None
    records: pd.DataFrame | None
    findings: tuple[Finding, ...]


def read_text(content: bytes, contract: Contract, *, where: str) -> pd.DataFrame:
    """The CSV as text: a category column for each of the contract's that it has, in the contract's order.

    Raises DataError if it is no such table.
    """
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""), strict=True)
    try:
        header = next(rows, [])
        _refuse_header(header, contract, where=where)
        positions = {name: header.index(name) for name in contract.fields if name in header}
        read = gather(rows, positions, width=len(header), write=str)
    except UnicodeDecodeError:
        raise DataError(Problem("the table is not in UTF-8", where, do=_DO)) from None
    except (csv.Error, TooVariedError):
        raise DataError(Problem("not a table of comma-separated values", where, do=_DO)) from None
    if read.odd:
        why = f"the first of them is row {read.odd[0]}; perhaps a decimal comma"
        what = f"{len(read.odd)} rows have more or fewer fields than the header"
        raise DataError(Problem(what, where, why, _DO))
    if not len(read.numbers):
        raise DataError(Problem("the table has no rows", where, do=_DO))
    columns = {
        name: pd.Categorical.from_codes(column.codes, categories=pd.Index(column.texts, dtype="str"))
        for name, column in read.columns.items()
    }
    return pd.DataFrame(columns, copy=False)


def _refuse_header(header: list[str], contract: Contract, *, where: str) -> None:
    needed = {name for name, field in contract.fields.items() if not field.optional}
    problems = []
    if lacking := needed - set(header):
        problems.append(f"{len(lacking)} columns are missing: {some(lacking)}")
    if unknown := set(header) - contract.fields.keys():
        problems.append(f"{len(unknown)} columns are not in the contract: {some(unknown)}")
    if repeated := {name for name in header if header.count(name) > 1}:
        problems.append(f"{len(repeated)} columns are there twice: {some(repeated)}")
    if problems:
        raise DataError(Problem(what, where, do=_DO) for what in problems)


def read_table(text: pd.DataFrame, contract: Contract, *, project: Project, where: str) -> Reading:
    """The figures of a table of text, with every fault of its codes, months, keys and cells."""
    findings: list[Finding] = []
    if contract.kind == "records":
        return Reading(None, read_records(text, contract, where=where, findings=findings), tuple(findings))
    cube = place(text, contract, project=project, where=where, findings=findings)
    return Reading(cube, None, tuple(findings))
