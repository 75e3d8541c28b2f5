"""A delivered extract at the door: from a file that may be anything to a table of canonical text, or to findings.

The file is `<contract>-<month>.csv` or `.xlsx`, the complete series of one table up to that month. Nothing is written
and nothing is mended: what is not as the contract says is refused, with a code, counts and places, never a value.
What the figures say (areas, totals, duplicates, jumps) is looked at when the store takes them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from katsaus.config.contract import Contract
from katsaus.config.findings import Finding, some
from katsaus.sources import separated, spreadsheet
from katsaus.sources.cells import NIL, Rules, fault
from katsaus.sources.columns import Columns, Read

_NAME = re.compile(
    r"(?P<contract>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)-(?P<month>(19|20)[0-9]{2}-(0[1-9]|1[0-2]))\.(?P<kind>csv|xlsx)"
)
_SHOWN = re.compile(r"(?!.*[0-9]{5})[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ARCHIVE = b"PK\x03\x04"
_TIMES = 2
"""A table with so many times the rows that its areas, months and groups can have is not a table of them."""


@dataclass(frozen=True)
class Delivery:
    """What came in. With `findings` the table is empty; where the file's name says neither, contract and month are too.

    `table` has category columns of canonical text, in the contract's order; its rows are in the order of the file.
    `sha256` is that of the delivered file, empty where it was not read.
    """

    contract: str
    month: str
    table: pd.DataFrame
    sha256: str
    findings: tuple[Finding, ...]


def read_delivery(path: Path, contracts: Mapping[str, Contract], *, root: Path, today: date) -> Delivery:
    """Read a delivered file against its contract; a place in a message is relative to `root` where it lies below."""
    where = shown(path, root)
    name = _NAME.fullmatch(path.name)
    contract = contracts.get(name["contract"]) if name else None
    if name is None or contract is None or not contract.delivered:
        return Delivery("", "", pd.DataFrame(), "", (Finding("file-name", where),))
    month = name["month"]
    early = [Finding("month-early", where)] if month >= f"{today:%Y-%m}" else []
    try:
        read = _read(path, contract, where=where)
        sha256 = _sha256(path) if read.columns else ""
    except OSError:
        return Delivery(contract.name, month, pd.DataFrame(), "", (*early, Finding("file-unreadable", where)))
    found = (*early, *read.findings, *_content_findings(read, contract, path=path, where=where))
    findings = tuple({finding.code: finding for finding in found}.values())
    table = pd.DataFrame() if findings or read.columns is None else _table(read.columns, contract)
    return Delivery(contract.name, month, table, sha256, findings)


def as_csv(delivery: Delivery) -> bytes:
    """The delivered table as the CSV of a snapshot: the contract's columns in order, the delivered rows in order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(delivery.table.columns)
    texts = [column.cat.categories.to_numpy(object)[column.cat.codes] for _, column in delivery.table.items()]
    writer.writerows(zip(*texts, strict=True))
    return text.getvalue().encode("utf-8")


def shown(path: Path, root: Path) -> str:
    """The file in a message, from `root` where it lies below; names that look like none of ours are not repeated."""
    names = path.relative_to(root).parts if path.is_relative_to(root) else (path.name,)
    return "/".join(name if _SHOWN.fullmatch(name) else "…" for name in names)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, contract: Contract, *, where: str) -> Read:
    """The file's columns, by its kind. Raises OSError."""
    if not path.is_file():
        raise FileNotFoundError
    packed = path.suffix == ".xlsx"
    if path.stat().st_size > (spreadsheet.BYTES if packed else separated.BYTES):
        return Read(None, None, (Finding("file-too-large", where),))
    if not packed:
        return separated.read_separated(path, contract, where=where)
    content = path.read_bytes()
    if content.startswith(_ARCHIVE):
        return spreadsheet.read_spreadsheet(content, contract, where=where)
    found = separated.kind(content[:4096])
    return Read(None, None, (Finding(found if found in ("file-empty", "file-html") else "file-kind", where),))


def _content_findings(read: Read, contract: Contract, *, path: Path, where: str) -> Iterator[Finding]:
    """What is wrong with the rows and cells of what could be read."""
    if read.columns is None or read.header is None:
        return
    columns = read.columns
    if columns.odd:
        fields = {"count": len(columns.odd), "row": columns.odd[0], "width": read.header.width}
        yield Finding("row-length", where, fields)
    elif not len(columns.numbers):
        yield Finding("file-no-rows", where)
    month = path.stem[-len("2023-06") :]
    rules = Rules(frozenset({*contract.table_schema.missing_values, NIL}), month, path.suffix == ".xlsx")
    yield from _cell_findings(columns, contract, rules=rules, where=where)
    yield from _whole_findings(columns, contract, month=month, where=where)


def _cell_findings(columns: Columns, contract: Contract, *, rules: Rules, where: str) -> Iterator[Finding]:
    """A finding for each code, with all columns that it was met in and the first row."""
    met: dict[str, list[tuple[str, NDArray[np.int32]]]] = defaultdict(list)
    for name, column in columns.columns.items():
        codes = [fault(text, contract.fields[name], rules=rules) for text in column.texts]
        for code in sorted({code for code in codes if code}):
            there = np.array([code == other for other in codes])[column.codes]
            met[code].append((name, columns.numbers[there]))
    for code, places in sorted(met.items()):
        fields = {
            "count": sum(len(rows) for _, rows in places),
            "columns": some(name for name, _ in places),
            "row": min(int(rows[0]) for _, rows in places),
        }
        yield Finding(code, where, fields)


def _whole_findings(columns: Columns, contract: Contract, *, month: str, where: str) -> Iterator[Finding]:
    """What is wrong with columns as wholes: their origin, their newest month, the number of rows."""
    distinct = {
        field.role: column.texts
        for name, column in columns.columns.items()
        if (field := contract.fields[name]).role in ("DATA_ORIGIN", "TIME_PERIOD", "REF_AREA")
    }
    if len(distinct.get("DATA_ORIGIN", ())) > 1:
        yield Finding("origin-several", where)
    if contract.kind == "records" or not len(columns.numbers):
        return
    if month not in distinct.get("TIME_PERIOD", (month,)):
        yield Finding("month-last", where, {"month": month})
    possible = len(distinct.get("REF_AREA", ())) * len(distinct.get("TIME_PERIOD", ())) * _cells_of_a_month(contract)
    if possible and len(columns.numbers) > _TIMES * possible:
        yield Finding("rows-ten-times", where)


def _cells_of_a_month(contract: Contract) -> int:
    """Rows that an area can have in a month: responsible organisations times groups."""
    count = 1
    for field in contract.fields.values():
        if field.role in ("RESPONSIBLE", "GROUP"):
            count *= len(field.constraints.enum or ("_T",))
    return count


def _table(columns: Columns, contract: Contract) -> pd.DataFrame:
    found = {name: columns.columns[name] for name in contract.fields if name in columns.columns}
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(column.codes, categories=pd.Index(column.texts, dtype="str"))
            for name, column in found.items()
        }
    )
