"""Cells of text as figures and marks. Each distinct text is looked at once, however many cells hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from katsaus.config.contract import ContractField
from katsaus.config.findings import Finding
from katsaus.store.cube import ABSENT, MARKS, NIL, NORMAL

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,11})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_LOOKS_LIKE_MARK = re.compile(r"[.:–—*xX/-]{1,8}|[Nn]/?[Aa][Nn]?|[Nn]ull")


@dataclass(frozen=True)
class Cells:
    """One column: `values` (float64, NaN where there is no figure) and `states` (uint8; ABSENT where unreadable)."""

    values: np.ndarray
    states: np.ndarray
    findings: tuple[Finding, ...]


def read_cells(column: pd.Series, field: ContractField, *, marks: tuple[str, ...], where: str) -> Cells:
    """The figures of a category column of text, by what its contract says of it. `marks` are those that may occur."""
    texts = [str(text) for text in column.cat.categories]
    values = np.full(len(texts), np.nan)
    states = np.full(len(texts), ABSENT, dtype=np.uint8)
    faults = np.full(len(texts), "", dtype=object)
    form = _WHOLE if field.type == "integer" else _DECIMAL
    for position, text in enumerate(texts):
        if text == NIL:
            text = "0"  # noqa: PLW2901
        if form.fullmatch(text):
            values[position], states[position] = float(text), NORMAL
            faults[position] = _range_fault(values[position], field)
        elif text in marks:
            states[position] = MARKS[text]
            faults[position] = "value-required" if field.constraints.required else ""
        else:
            faults[position] = _text_fault(text)
    codes = column.cat.codes.to_numpy()
    return Cells(values[codes], states[codes], tuple(_tell(faults, codes, field=field, where=where)))


def _range_fault(value: float, field: ContractField) -> str:
    least, most = field.constraints.minimum, field.constraints.maximum
    if least is not None and value < least:
        return "value-negative" if value < 0 else "range-below"
    return "range-above" if most is not None and value > most else ""


def _text_fault(text: str) -> str:
    if not text.strip():
        return "value-empty"
    return "mark-unknown" if _LOOKS_LIKE_MARK.fullmatch(text) else "value-unreadable"


def _tell(faults: np.ndarray, codes: np.ndarray, *, field: ContractField, where: str) -> Iterator[Finding]:
    if not faults.any():
        return
    counts = np.bincount(codes, minlength=len(faults))
    for code in sorted(set(faults) - {""}):
        yield Finding(code, where, {"column": field.name, "count": int(counts[faults == code].sum())})
