"""Snapshots as one tidy, checked, sorted table. Nothing is guessed, filled or dropped, and no value is ever told."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from katsaus.config.checks import following
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem
from katsaus.sources.snapshot import Sidecar, find_sidecar, read_snapshot

SOURCE = "statfin-12r5"
MEASURES = {"TYOTTOMATLOPUSSA": "unemployed", "TYOVOIMATK": "labour_force", "AVPAIKATLOPUSSA": "vacancies"}
"""The source's codes of measures and what they are called here."""

COUNTRY = "SSS"
HIDDEN = "..."
"""The source's mark for a protected figure."""

_AREA, _MONTH = "Alue", "Kuukausi"
_HEADER = (_AREA, _MONTH, *MEASURES)
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
_MONTH_CODE = re.compile(r"[0-9]{4}M(0[1-9]|1[0-2])")
_DO = "correct the data at its source and take a new snapshot"


def load_observations(project: Project) -> pd.DataFrame:
    """All observations, one row per area, month and measure, sorted by these.

    Columns REF_AREA ("KU091", "MK01", "SSS"), TIME_PERIOD ("2021-03"), INDICATOR ("unemployed", "labour_force",
    "vacancies"), OBS_VALUE (Int64, a count of persons or vacancies; NA when hidden) and CONF_STATUS ("F" free, "C"
    hidden by the source). Raises SnapshotError, or one DataError that tells every kind of fault and how many.
    """
    path = find_sidecar(project.root, SOURCE)
    sidecar, content = read_snapshot(path, project.root)
    where = (path.parent / sidecar.file).relative_to(project.root).as_posix()
    table = _read_table(content, where)
    problems = [Problem(what, where, do=_DO) for what in _faults(table, sidecar, project=project)]
    problems.extend(_calendar_problems(table, project))
    if problems:
        raise DataError(problems)
    return _tidy(table)


def _calendar_problems(table: pd.DataFrame, project: Project) -> Iterator[Problem]:
    months = [month.replace("M", "-") for month in table[_MONTH].cat.categories]
    first, last = min(months), max(months)
    for month in project.months:
        if not first <= month <= last:
            what = f"the month {month} is outside the data ({first} to {last})"
            yield Problem(what, "reviews/calendar.yml", do="take it out, or take a newer snapshot into data/sources")


def _read_table(content: bytes, where: str) -> pd.DataFrame:
    """The CSV as text in categories: each distinct text is looked at once, not at each of its thousands of places."""
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=object, na_filter=False).astype("category")
    except UnicodeDecodeError:
        raise DataError(Problem("the table is not in UTF-8", where, do=_DO)) from None
    except ValueError:  # pandas' own message may repeat a value
        why = "rows with too many or too few fields, perhaps a decimal comma, or no table at all"
        raise DataError(Problem("not a table of comma-separated values", where, why, _DO)) from None
    if tuple(table.columns) != _HEADER:
        raise DataError(Problem("the header is not as expected", where, f"it should be {','.join(_HEADER)}", _DO))
    if table.empty:
        raise DataError(Problem("the table has no rows", where, do=_DO))
    return table


def _faults(table: pd.DataFrame, sidecar: Sidecar, *, project: Project) -> list[str]:
    return [
        *_sidecar_faults(table, sidecar),
        *_area_faults(table, project),
        *_month_faults(table),
        *_row_faults(table),
        *_value_faults(table),
    ]


def _sidecar_faults(table: pd.DataFrame, sidecar: Sidecar) -> Iterator[str]:
    months = table[_MONTH].cat.categories
    found: dict[str, object] = {
        "rows": len(table),
        "areas": len(table[_AREA].cat.categories),
        "first_month": months.min().replace("M", "-"),
        "last_month": months.max().replace("M", "-"),
    }
    for name, value in found.items():
        if value != getattr(sidecar, name):
            yield f"the sidecar says {name}: {getattr(sidecar, name)}, the snapshot has {value}"


def _area_faults(table: pd.DataFrame, project: Project) -> Iterator[str]:
    expected = {*project.municipalities, *project.regions, COUNTRY}
    found = set(table[_AREA].cat.categories)
    if unknown := found - expected:
        yield f"{len(unknown)} unknown area codes: {_some(unknown)}"
    if missing := expected - found:
        yield f"{len(missing)} areas are missing: {_some(missing)}"


def _month_faults(table: pd.DataFrame) -> Iterator[str]:
    codes = set(table[_MONTH].cat.categories)
    if wrong := {code for code in codes if not _MONTH_CODE.fullmatch(code)}:
        yield f"{len(wrong)} month codes are not like 2021M03"
        return
    found = {code.replace("M", "-") for code in codes}
    gaps = set()
    month, last = min(found), max(found)
    while month < last:
        if month not in found:
            gaps.add(month)
        month = following(month)
    if gaps:
        yield f"{len(gaps)} months are missing in the middle: {_some(gaps)}"


def _row_faults(table: pd.DataFrame) -> Iterator[str]:
    keys = [_AREA, _MONTH]
    repeated = int(table.duplicated(keys).sum())
    identical = int(table.duplicated().sum())
    if identical:
        yield f"{identical} rows repeat another row"
    if repeated > identical:
        yield f"{repeated - identical} rows contradict another row of the same area and month"
    areas, months = (len(table[key].cat.categories) for key in keys)
    present = table[~table.duplicated(keys)].groupby(_MONTH, observed=True).size()
    lacking = present[present < areas]
    if len(lacking):
        absent = areas * months - int(present.sum())
        some = _some(str(code).replace("M", "-") for code in lacking.index)
        yield f"{absent} rows are missing: {len(lacking)} months lack areas that others have: {some}"


def _value_faults(table: pd.DataFrame) -> Iterator[str]:
    for code in MEASURES:
        column = table[code]
        bad = [text for text in column.cat.categories if text != HIDDEN and not _COUNT.fullmatch(text)]
        negative = [text for text in bad if text.startswith(("-", "−")) and _COUNT.fullmatch(text[1:])]
        if count := int(column.isin(negative).sum()):
            yield f"{code}: {count} values are negative"
        if count := int(column.isin(set(bad) - set(negative)).sum()):
            yield f"{code}: {count} values are not whole numbers or {HIDDEN}"
    if count := int((table["TYOVOIMATK"] == HIDDEN).sum()):
        yield f"TYOVOIMATK: {count} values are missing; without a labour force there is no share"


def _some(values: Iterable[str], limit: int = 5) -> str:
    listed = sorted(values)
    return ", ".join(listed[:limit]) + (" …" if len(listed) > limit else "")


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    table = table.sort_values([_AREA, _MONTH], key=lambda column: column.astype(str), ignore_index=True)
    months = table[_MONTH].cat.rename_categories(lambda code: code.replace("M", "-"))
    values, hidden = zip(*(_numbers(table[code]) for code in _SORTED), strict=True)
    mask = np.column_stack(hidden).ravel()
    return pd.DataFrame(
        {
            "REF_AREA": np.repeat(table[_AREA].astype(object).to_numpy(), len(_SORTED)),
            "TIME_PERIOD": np.repeat(months.astype(object).to_numpy(), len(_SORTED)),
            "INDICATOR": np.tile([MEASURES[code] for code in _SORTED], len(table)),
            "OBS_VALUE": pd.arrays.IntegerArray(np.column_stack(values).ravel(), mask),
            "CONF_STATUS": np.where(mask, "C", "F"),
        }
    )


_SORTED = sorted(MEASURES, key=MEASURES.__getitem__)


def _numbers(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The counts (0 where hidden) and where they are hidden."""
    categories = column.cat.categories
    counts = np.array([0 if text == HIDDEN else int(text) for text in categories], dtype="int64")
    codes = column.cat.codes.to_numpy()
    return counts[codes], np.asarray(categories == HIDDEN)[codes]
