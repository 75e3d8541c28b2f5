"""A snapshot's bytes as text, and its text as a cube of figures or as typed records."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pandas as pd

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding, some
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem
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

    Raises DataError if it is no such table. A field too few becomes an empty text, which `read_table` refuses.
    """
    try:
        table = pd.read_csv(io.BytesIO(content), dtype="category", na_filter=False, index_col=False)
    except UnicodeDecodeError:
        raise DataError(Problem("the table is not in UTF-8", where, do=_DO)) from None
    except (ValueError, Warning):  # pandas' own message may repeat a value
        why = "rows with too many fields, perhaps a decimal comma, or no table at all"
        raise DataError(Problem("not a table of comma-separated values", where, why, _DO)) from None
    needed = {name for name, field in contract.fields.items() if not field.optional}
    found = set(table.columns)
    if lacking := needed - found:
        raise DataError(Problem(f"{len(lacking)} columns are missing: {some(lacking)}", where, do=_DO))
    if unknown := found - contract.fields.keys():
        raise DataError(Problem(f"{len(unknown)} columns are not in the contract: {some(unknown)}", where, do=_DO))
    if table.empty:
        raise DataError(Problem("the table has no rows", where, do=_DO))
    return table[[name for name in contract.fields if name in found]]


def read_table(text: pd.DataFrame, contract: Contract, *, project: Project, where: str) -> Reading:
    """The figures of a table of text, with every fault of its codes, months, keys and cells."""
    findings: list[Finding] = []
    if contract.kind == "records":
        return Reading(None, read_records(text, contract, where=where, findings=findings), tuple(findings))
    cube = place(text, contract, project=project, where=where, findings=findings)
    return Reading(cube, None, tuple(findings))
