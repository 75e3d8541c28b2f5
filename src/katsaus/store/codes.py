"""Codes of areas, months, responsible organisations and groups in a table of text: which rows can be placed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from katsaus.config.contract import Contract, ContractField
from katsaus.config.findings import Finding, some
from katsaus.config.mergers import Merger
from katsaus.config.models import AreaKind
from katsaus.config.project import Project
from katsaus.store.cube import TOTAL

_FORMS = {
    "YYYY-MM": re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])"),
    "YYYYMmm": re.compile(r"(20[0-9]{2})M(0[1-9]|1[0-2])"),
    "YYYY": re.compile(r"(20[0-9]{2})"),
}


@dataclass(frozen=True)
class Axis:
    """One dimension of the rows: `codes` index `names`, which are sorted; -1 where the text is no code."""

    names: tuple[str, ...]
    codes: np.ndarray

    def index(self, name: str) -> int:
        """The code of a name; -1 where no row has it."""
        return self.names.index(name) if name in self.names else -1


def axis(column: pd.Series | None, accept: Callable[[str], str | None], *, rows: int) -> tuple[Axis, dict[str, int]]:
    """The column's codes by what `accept` makes of each text, and how many rows have each text that it refuses.

    A table without the column has the total everywhere.
    """
    if column is None:
        return Axis((TOTAL,), np.zeros(rows, dtype=np.int16)), {}
    texts = [str(text) for text in column.cat.categories]
    accepted = [accept(text) for text in texts]
    names = tuple(sorted({name for name in accepted if name is not None}))
    place = {name: position for position, name in enumerate(names)}
    codes = np.array([-1 if name is None else place[name] for name in accepted], dtype=np.int32)
    own = column.cat.codes.to_numpy()
    counts = np.bincount(own, minlength=len(texts))
    refused = {text: int(counts[at]) for at, text in enumerate(texts) if accepted[at] is None}
    return Axis(names, codes[own]), refused


def area_axis(text: pd.DataFrame, contract: Contract, *, project: Project, where: str, findings: list[Finding]) -> Axis:
    """Areas of the contract's kinds (of any kind where it names none), and old codes of merged municipalities."""
    kinds = contract.areas or get_args(AreaKind)
    known = {code for kind in kinds for code in project.codes(kind)} | {merger.old for merger in project.mergers}
    column = text[contract.column("REF_AREA")]
    found, refused = axis(column, lambda code: code if code in known else None, rows=len(text))
    if refused:
        fields = {"count": len(refused), "areas": some(refused), "rows": sum(refused.values())}
        findings.append(Finding("area-unknown", where, fields))
    return found


def expected_areas(contract: Contract, project: Project) -> set[str]:
    """Codes of the areas that every month of the table must hold; none where the contract names no kinds."""
    return {code for kind in contract.areas for code in project.codes(kind)}


def month_axis(text: pd.DataFrame, contract: Contract, *, where: str, findings: list[Finding]) -> Axis:
    """Months as "2021-03", years as "2021"."""
    column = contract.column("TIME_PERIOD")
    assert column is not None
    form = contract.fields[column].format

    def accept(code: str) -> str | None:
        found = _FORMS[form].fullmatch(code)
        return "-".join(found.groups()) if found else None

    found, refused = axis(text[column], accept, rows=len(text))
    if refused:
        fields = {"column": column, "count": len(refused), "rows": sum(refused.values()), "form": form}
        findings.append(Finding("month-format", where, fields))
    return found


def listed_axis(text: pd.DataFrame, field: ContractField | None, *, where: str, findings: list[Finding]) -> Axis:
    """Values of a column that says what it may hold; the total everywhere where there is no such column."""
    if field is None:
        return axis(None, lambda code: code, rows=len(text))[0]
    allowed, form = field.constraints.enum, field.constraints.pattern

    def accept(code: str) -> str | None:
        listed = allowed is None or code in allowed
        return code if listed and (form is None or re.fullmatch(form, code)) else None

    found, refused = axis(text[field.name], accept, rows=len(text))
    if refused:
        fields = {"column": field.name, "count": len(refused), "codes": some(refused), "rows": sum(refused.values())}
        findings.append(Finding("code-unknown", where, fields))
    return found


def retired(areas: Axis, project: Project) -> dict[int, Merger]:
    """Mergers by the index of the old code among the areas."""
    return {areas.index(merger.old): merger for merger in project.mergers if merger.old in areas.names}
