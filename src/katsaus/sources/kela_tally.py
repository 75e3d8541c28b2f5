"""Rows of a Kela data set added up by month, municipality and age group, in memory that does not grow with them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from katsaus.config.contract import Contract
from katsaus.config.findings import some
from katsaus.errors import Problem, SourceError
from katsaus.sources.kela_columns import AGE, MONTH, MUNICIPALITY, UNKNOWN, Dataset

CORRECT = "look at the data set; if it has changed, correct src/katsaus/sources/kela_columns.py"

_LONGEST_LINE = 10_000
_TOWNS = 1000
"""Numbers of municipalities run from 000 to 999."""

_ALL, _AGE_UNKNOWN = "_T", "_U"
_BETWEEN = re.compile(r"([0-9]{1,2})[-–]([0-9]{1,3})")
_UNDER = re.compile(r"[Aa]lle ([0-9]{1,3})")
_OVER = re.compile(r"([0-9]{1,3})(?:\+| tai yli| vuotta täyttäneet)")
_NO_AGE = re.compile(r"Tieto puuttuu|Tuntematon")
_FORMS = {
    MONTH: (re.compile(r"[0-9]{4}(0[1-9]|1[0-2])"), "rows have no month such as 202103"),
    MUNICIPALITY: (re.compile(r"[0-9]{3}"), "rows have no municipality's number of three digits"),
    AGE: (
        re.compile("|".join(pattern.pattern for pattern in (_BETWEEN, _UNDER, _OVER, _NO_AGE))),
        "rows have an unknown age group",
    ),
}
_FIGURES = {"integer": re.compile(r"[0-9]{1,12}"), "number": re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")}


class Tally:
    """Sums of the rows of `months` (from, to; None where open) that a data set's files have."""

    def __init__(self, dataset: Dataset, contract: Contract, *, months: tuple[str | None, str | None]) -> None:
        self.unknown = 0
        """Rows of an unknown municipality, which are in no sum."""
        self._dataset, self._contract, self._months = dataset, contract, months
        self._sums: dict[tuple[str, str], np.ndarray] = {}  # hundredths, a row for each number of a municipality
        self._met: dict[tuple[str, str], np.ndarray] = {}  # a bit for each combination that was added
        self._bits = {chosen: 1 << number for number, chosen in enumerate(product(*dataset.summed.values()))}
        self._forms = _FORMS | {
            theirs: (_FIGURES[contract.fields[ours].type], "rows have a figure that is not a number")
            for ours, theirs in dataset.measures.items()
        }

    def read(self, path: Path, columns: list[str]) -> None:
        """Add the CSV at `path`, whose header must be `columns`. Raises one SourceError with every kind of fault."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(iter(lambda: file.readline(_LONGEST_LINE), ""), strict=True)
            try:
                if next(rows, None) != columns:
                    raise SourceError(Problem("the header is not the one in package.json", path.name, do=CORRECT))
                faults = Counter(self._faults(rows, columns))
            except (UnicodeDecodeError, csv.Error):
                why = "it is not UTF-8, or cut short"
                raise SourceError(Problem("not comma-separated values", path.name, why, CORRECT)) from None
        if faults:
            raise SourceError(Problem(f"{count} {fault}", path.name, do=CORRECT) for fault, count in faults.items())

    def lines(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """Area, month, age group and figures, sorted; the group of all ages first."""
        totals: dict[tuple[str, str], np.ndarray] = {}
        met: dict[tuple[str, str], np.ndarray] = {}
        for (month, group), sums in self._sums.items():
            for key in ((month, _ALL), (month, group)):
                totals[key] = totals.get(key, 0) + sums
                met[key] = met.get(key, 0) | self._met[month, group]
        kinds = [self._contract.fields[name].type for name in self._dataset.measures]
        for town in range(_TOWNS):
            for month, group in sorted(totals):
                if met[month, group][town]:
                    figures = zip(totals[month, group][town].tolist(), kinds, strict=True)
                    yield f"KU{town:03d}", month, group, [_told(number, kind) for number, kind in figures]

    def _faults(self, rows: Iterable[list[str]], columns: list[str]) -> Iterator[str]:
        place = {name: number for number, name in enumerate(columns)}
        kept = [(place[name], value) for name, value in self._dataset.kept.items()]
        first, last = ((wanted or "").replace("-", "") for wanted in self._months)
        month, town = place[MONTH], place[MUNICIPALITY]
        for row in rows:
            if len(row) != len(columns):
                yield "rows have too few or too many fields"
            elif any(row[at] != value for at, value in kept) or row[month] < first or (last and row[month] > last):
                continue
            elif row[town] == UNKNOWN:
                self.unknown += 1
            elif fault := self._added(dict(zip(columns, row, strict=True))):
                yield fault

    def _added(self, row: dict[str, str]) -> str:
        """What is wrong with the row; the empty text if it was added."""
        for name, (pattern, fault) in self._forms.items():
            if not pattern.fullmatch(row[name]):
                return fault
        bit = self._bits.get(tuple(row[name] for name in self._dataset.summed))
        if bit is None:
            return f"rows have an unknown value of {some(self._dataset.summed)}"
        key, town = (_month(row[MONTH]), _group(row[AGE])), int(row[MUNICIPALITY])
        if key not in self._sums:
            self._met[key] = np.zeros(_TOWNS, dtype="int64")
            self._sums[key] = np.zeros((_TOWNS, len(self._dataset.measures)), dtype="int64")
        if self._met[key][town] & bit:
            return "rows repeat another of the same month, municipality and group"
        self._met[key][town] |= bit
        self._sums[key][town] += [_hundredths(row[name]) for name in self._dataset.measures.values()]
        return ""


@cache
def _month(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


@cache
def _group(age: str) -> str:
    """The code of an age group: "17-19" is Y17T19."""
    if match := _BETWEEN.fullmatch(age):
        return f"Y{match[1]}T{match[2]}"
    if match := _UNDER.fullmatch(age):
        return f"Y_LT{match[1]}"
    return f"Y_GE{match[1]}" if (match := _OVER.fullmatch(age)) else _AGE_UNKNOWN


def _hundredths(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole + f"{rest:0<2}")


def _told(number: int, kind: str) -> str:
    sign, (whole, rest) = "-" if number < 0 else "", divmod(abs(number), 100)
    return f"{sign}{whole}" if kind == "integer" else f"{sign}{whole}.{rest:02d}"
