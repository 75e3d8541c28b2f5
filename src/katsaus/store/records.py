"""A table of records, one row a spell or a survey: typed columns instead of a cube."""

from __future__ import annotations

import re

import pandas as pd

from katsaus.config.contract import Contract, ContractField
from katsaus.config.findings import Finding, some
from katsaus.store.cells import read_cells
from katsaus.store.cube import NORMAL


def read_records(text: pd.DataFrame, contract: Contract, *, where: str, findings: list[Finding]) -> pd.DataFrame:
    """The contract's columns sorted by its key: text as category, whole numbers as Int32 (NA where there is none),
    other numbers as float64.
    """
    columns = {}
    for name, column in text.items():
        field = contract.fields[str(name)]
        if field.type == "string":
            _refuse_codes(column, field, where=where, findings=findings)
            columns[field.name] = column
            continue
        cells = read_cells(column, field, marks=contract.table_schema.missing_values, where=where)
        findings.extend(cells.findings)
        figures = pd.Series(cells.values).where(cells.states == NORMAL)
        columns[field.name] = figures.astype("Int32") if field.type == "integer" else figures
    table = pd.DataFrame(columns)
    keys = list(contract.table_schema.primary_key)
    repeated = int(table.duplicated(keys).sum())
    identical = int(table.duplicated().sum())
    if identical:
        row = int(table.duplicated().to_numpy().argmax()) + 2
        findings.append(Finding("key-repeated", where, {"count": identical, "row": row}))
    if repeated > identical:
        row = int((table.duplicated(keys) & ~table.duplicated()).to_numpy().argmax()) + 2
        findings.append(Finding("key-conflicting", where, {"count": repeated - identical, "row": row}))
    for name, column in table.items():
        if contract.fields[str(name)].type == "string":
            kept = column.cat.remove_unused_categories()
            table[name] = kept.cat.reorder_categories(sorted(kept.cat.categories))
    return table.sort_values(keys, ignore_index=True)


def _refuse_codes(column: pd.Series, field: ContractField, *, where: str, findings: list[Finding]) -> None:
    allowed, form = field.constraints.enum, field.constraints.pattern
    texts = [str(text) for text in column.cat.categories]
    refused = [
        text
        for text in texts
        if (allowed is not None and text not in allowed) or (form is not None and not re.fullmatch(form, text))
    ]
    if refused:
        rows = int(column.isin(refused).sum())
        codes = some(refused if allowed is not None else [])  # what has a form may name a person
        fields = {"column": field.name, "count": len(refused), "codes": codes, "rows": rows}
        findings.append(Finding("code-unknown", where, fields))
