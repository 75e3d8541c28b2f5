"""Which codes of a table hold what its contract calls columns: read from the table's metadata, in old and new form.

On 8 June 2026 Statistics Finland renamed the variables of its tables: Tiedot became contentscode, Kuukausi became
timeperiod_m, in some tables Alue became alue_23_20260101 (the classification of areas and its day), and some contents
got the name of the statistic in front (vaerak-vaesto). Contracts and snapshots keep the old names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from katsaus.calendar import shift
from katsaus.config.contract import Contract
from katsaus.config.findings import some
from katsaus.errors import Problem, SourceError, UsageError
from katsaus.sources.pxweb import Variable
from katsaus.sources.request import Fetching

AREA = r"Alue|alue_23_[0-9]{8}"
CONTENTS = r"Tiedot|contentscode"
PERIODS = {"YYYYMmm": r"Kuukausi|timeperiod_m", "YYYY": r"Vuosi|timeperiod_y"}
TOTAL = "SSS"
"""The code of both sexes, all ages, the whole country: of everything in a variable."""

_KEPT = {"municipality": r"KU[0-9]{3}", "region": r"MK[0-9]{2}", "country": TOTAL}
_PERIOD = {"YYYYMmm": r"[0-9]{4}M(0[1-9]|1[0-2])", "YYYY": r"[0-9]{4}"}
_DO = "compare the table with its contract in data/contracts"


@dataclass(frozen=True)
class Layout:
    """What to ask of a table: its variables' codes, and the codes wanted of each.

    `measures` maps columns of the contract, in its order, to codes of the table; `totals` maps the variables that the
    contract does not have to the code that stands for all of them.
    """

    area: str
    period: str
    contents: str
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    measures: dict[str, str]
    totals: dict[str, str]

    def choice(self, areas: tuple[str, ...], periods: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Codes by variable that ask for these areas and periods."""
        contents = tuple(self.measures.values())
        totals = {name: (code,) for name, code in self.totals.items()}
        return {self.area: areas, self.period: periods, self.contents: contents, **totals}


def find_layout(variables: list[Variable], contract: Contract, *, where: str) -> Layout:
    """The layout of a table with these `variables`: every area of the contract's kinds, every period, every measure.

    Raises one SourceError with everything that the contract promises and the table does not have.
    """
    found = {role: _named(variables, pattern) for role, pattern in _patterns(contract).items()}
    missing = [f"the table has no single variable for {role}" for role, variable in found.items() if not variable]
    if missing:
        raise SourceError(Problem(what, where, do=_DO) for what in missing)
    area, period, contents = (variable for variable in found.values() if variable)
    others = [variable for variable in variables if variable not in (area, period, contents)]
    measures = {name: _code(name, contents.values) for name in (field.name for field in contract.measures.values())}
    faults = [
        *_measure_faults(measures, contract),
        *(f"the variable number {variables.index(item) + 1} has no total" for item in others if not _total(item)),
        *_period_faults(period.values, contract),
    ]
    if faults:
        raise SourceError(Problem(what, where, do=_DO) for what in faults)
    return Layout(
        area=area.code,
        period=period.code,
        contents=contents.code,
        areas=kept(area.values, contract),
        periods=tuple(sorted(period.values)),
        measures={name: code for name, code in measures.items() if code},
        totals={item.code: TOTAL for item in others if TOTAL in item.values},
    )


def kept(codes: Iterable[str], contract: Contract) -> tuple[str, ...]:
    """The codes of areas of the contract's kinds, sorted."""
    pattern = re.compile("|".join(_KEPT[kind] for kind in contract.areas))
    return tuple(sorted(code for code in codes if pattern.fullmatch(code)))


def narrowed(periods: tuple[str, ...], wish: Fetching, *, contract: Contract) -> tuple[str, ...]:
    """The `periods` that are wished for. Raises UsageError where the table does not have them."""
    months = [month_of(period) for period in periods]
    first, last = wish.first or months[0], wish.last or months[-1]
    yearly = contract.frequency == "yearly"
    if yearly:
        first, last = max(f"{first[:4]}-12", months[0]), min(f"{last[:4]}-12", months[-1])
    if not months[0] <= first <= last <= months[-1]:
        what = f"{contract.name} does not have {wish.first or months[0]} to {wish.last or months[-1]}"
        raise UsageError(Problem(what, why=f"it has {months[0]} to {months[-1]}", do="choose months that it has"))
    return tuple(period for period, month in zip(periods, months, strict=True) if first <= month <= last)


def month_of(period: str) -> str:
    """The month of a period: "2021-03" of 2021M03, "2021-12" of the year 2021, whose figures are of its last day."""
    year, _, month = period.partition("M")
    return f"{year}-{month or '12'}"


def _patterns(contract: Contract) -> dict[str, str]:
    period = contract.fields[contract.column("TIME_PERIOD") or ""]
    return {"areas": AREA, "periods": PERIODS[period.format], "contents": CONTENTS}


def _named(variables: list[Variable], pattern: str) -> Variable | None:
    found = [variable for variable in variables if re.fullmatch(pattern, variable.code)]
    return found[0] if len(found) == 1 else None


def _code(column: str, codes: list[str]) -> str | None:
    """The code of a measure: the column's name, perhaps with the name of the statistic in front."""
    found = [code for code in codes if re.fullmatch(rf"(?:[a-z]+-)?{column}", code)]
    return found[0] if len(found) == 1 else None


def _total(variable: Variable) -> bool:
    return variable.elimination or TOTAL in variable.values


def _measure_faults(measures: dict[str, str | None], contract: Contract) -> Iterator[str]:
    if missing := [name for name, code in measures.items() if not code and not contract.fields[name].optional]:
        yield f"{len(missing)} measures are not in the table: {some(missing)}"


def _period_faults(codes: list[str], contract: Contract) -> Iterator[str]:
    form = contract.fields[contract.column("TIME_PERIOD") or ""].format
    if not codes or (strange := [code for code in codes if not re.fullmatch(_PERIOD[form], code)]):
        yield f"{len(strange) if codes else 0} of {len(codes)} periods are not written as {form}"
        return
    months = sorted(month_of(code) for code in codes)
    step = 12 if contract.frequency == "yearly" else 1
    gaps = [month for month, after in pairwise(months) if shift(month, step) != after]
    if gaps:
        yield f"periods are missing in the middle, after {some(gaps)}"
