"""What changed between two vintages: which published figures, where, when and why. Counts and places, never values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR
from katsaus.config.models import Indicator
from katsaus.config.project import Project, load_project
from katsaus.disclosure import ProtectedTable
from katsaus.errors import Problem, UsageError
from katsaus.figures import area_members, fingerprints, protected
from katsaus.indicators import measures_of
from katsaus.panel import KNOWN, SERIES, Cells, Panel, over_areas, panel
from katsaus.store.compare import compare
from katsaus.store.manifest import Vintage, open_vintage, vintages
from katsaus.store.vintage import read_source

Reason = Literal["source revision", "correction", "method", "new", "gone"]
Flags = npt.NDArray[np.bool_]


NOTHING = pd.DataFrame(columns=[*SERIES, "TIME_PERIOD", "MEASURE", "CORRECTION"], dtype=object)


@dataclass(frozen=True)
class Change:
    """Figures of an indicator in an area that changed for one reason: in which `months`, and how many there are over
    all responsible organisations and groups.
    """

    source: str
    indicator: str
    area: str
    reason: Reason
    months: tuple[str, ...]
    cells: int


@dataclass(frozen=True)
class Changes:
    """What changed from the vintage `old` to `new`."""

    old: str
    new: str
    found: tuple[Change, ...]


def diff(root: Path, *, old: str | None, new: str | None) -> Changes:
    """The changes between two vintages of the project at `root`, by default the last two.

    Raises UsageError if there are no two, ConfigError and DataError.
    """
    known = vintages(root)
    chosen = [old or (known[-2] if len(known) > 1 else ""), new or (known[-1] if known else "")]
    if unknown := [name for name in chosen if name not in known]:
        what = f"no vintage {unknown[0]}" if unknown[0] else "there are no two vintages yet"
        do = f"choose from {', '.join(known)}" if known else "save them with katsaus check --save"
        raise UsageError(Problem(what, do=do))
    project = load_project(root)
    before, after = (open_vintage(root, name) for name in chosen)
    return Changes(before.id, after.id, tuple(differences(project, old=before, new=after)))


def differences(project: Project, *, old: Vintage, new: Vintage) -> Iterator[Change]:
    """Every change of published figures from `old` to `new`, by source, indicator, area and reason.

    Both are computed by today's definitions, so that a difference is one of data; an indicator whose definition is
    not the one of the old vintage is told as a change of method. Raises DataError.
    """
    defined = old.manifest.definitions
    redefined = {name for name, mark in fingerprints(project).items() if defined.get(name, mark) != mark}
    changed = compare(old, new, project=project)
    for source in sorted(new.manifest.sources.keys() & old.manifest.sources.keys()):
        if source not in new.manifest.sources[source].content:
            continue  # records, of which no indicator is computed
        before, after = (protected(project, vintage, source=source) for vintage in (old, new))
        members = area_members(project)
        cells = changed.get(source, NOTHING)
        causes = _causes(cells, panel(read_source(new, project, source=source)), members=members)
        tables = _Tables(before, after, causes)
        for key in sorted(before.cells.keys() | after.cells.keys()):
            definition = project.indicators[key.partition(":")[0]]
            yield from _of_indicator(tables, key, definition=definition)
            if definition.id in redefined:
                yield from _method(after, key)


def _method(table: ProtectedTable, key: str) -> Iterator[Change]:
    areas = tuple(table.series.unique("REF_AREA"))
    months = tuple(map(str, table.months))
    for area in areas:
        yield Change(table.source, key, area, "method", months, len(months))


@dataclass(frozen=True)
class _Tables:
    before: ProtectedTable
    after: ProtectedTable
    causes: Mapping[str, Panel]


def _of_indicator(tables: _Tables, key: str, *, definition: Indicator) -> Iterator[Change]:
    """The changes of one indicator, by area and reason."""
    before, after, causes = tables.before, tables.after, tables.causes
    series = before.series.union(after.series)
    months = before.months.union(after.months)
    old, new = (_aligned(table, key, series=series, months=months) for table in (before, after))
    revised, corrected = (
        _touched(causes[why], definition, series=series, months=months) for why in ("revised", "corrected")
    )
    differs = (old.states != new.states) | ((new.states == KNOWN) & (old.values != new.values))
    reasons: dict[Reason, Flags] = {
        "new": differs & _absent(before, series=series, months=months),
        "gone": differs & _absent(after, series=series, months=months),
    }
    rest = differs & ~reasons["new"] & ~reasons["gone"]
    reasons["correction"] = rest & corrected & ~revised
    reasons["source revision"] = rest & ~reasons["correction"]
    areas = series.get_level_values("REF_AREA")
    for reason, cells in reasons.items():
        for area in areas[np.flatnonzero(cells.any(axis=1))].unique():
            own = cells[np.asarray(areas == area)]
            touched = tuple(str(month) for month in months[np.flatnonzero(own.any(axis=0))])
            yield Change(after.source, key, str(area), reason, touched, int(own.sum()))


def _aligned(table: ProtectedTable, key: str, *, series: pd.MultiIndex, months: pd.Index) -> Cells:
    rows, columns = table.series.get_indexer(series), table.months.get_indexer(months)
    outside = (rows[:, None] < 0) | (columns[None, :] < 0)
    if key not in table.cells:
        return Cells(np.full(outside.shape, np.nan), np.full(outside.shape, -1, dtype="int8"))
    cells, place = table.cells[key], np.ix_(rows, columns)
    return Cells(
        np.where(outside, np.nan, cells.values[place]), np.where(outside, -1, cells.states[place]).astype("int8")
    )


def _absent(table: ProtectedTable, *, series: pd.MultiIndex, months: pd.Index) -> Flags:
    return (table.series.get_indexer(series)[:, None] < 0) | (table.months.get_indexer(months)[None, :] < 0)


def _causes(cells: pd.DataFrame, source: Panel, *, members: Mapping[str, Sequence[str]]) -> dict[str, Panel]:
    """In which areas measures changed: panels of 0 and 1, by the source ("revised") and by a correction ("corrected").

    `cells` are the changed cells of the source (see `katsaus.store.compare`), `source` its new panel.
    """
    rows = source.series.get_indexer(pd.MultiIndex.from_frame(cells[SERIES].astype(object)))
    columns = source.months.get_indexer(pd.Index(cells["TIME_PERIOD"].astype(object)))
    there = (rows >= 0) & (columns >= 0)
    by_hand = (cells["CORRECTION"] != "").to_numpy()
    panels = {}
    for why, chosen in (("revised", there & ~by_hand), ("corrected", there & by_hand)):
        flags = {}
        for name, known in source.measures.items():
            flag = np.zeros(known.values.shape)
            own = chosen & (cells["MEASURE"] == name).to_numpy()
            flag[rows[own], columns[own]] = 1
            flags[name] = Cells(flag, np.zeros(flag.shape, dtype="int8"))
        panels[why] = over_areas(Panel(source.series, source.months, flags), members)
    return panels


def _touched(causes: Panel, definition: Indicator, *, series: pd.MultiIndex, months: pd.Index) -> Flags:
    """Where a measure that the indicator needs changed in its area, in the month or one of the twelve before it."""
    flags = np.zeros((len(causes.series), len(causes.months)), dtype=bool)
    for name in measures_of(definition):
        changed = causes.measures[name].values > 0
        for back in range(MONTHS_IN_YEAR + 1):
            flags[:, back:] |= changed[:, : changed.shape[1] - back]
    rows, columns = causes.series.get_indexer(series), causes.months.get_indexer(months)
    outside = (rows[:, None] < 0) | (columns[None, :] < 0)
    return np.where(outside, False, flags[np.ix_(rows, columns)])
