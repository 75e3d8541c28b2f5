"""What changed between two vintages: which published figures, where, when and why. Counts and places, never values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.models import Indicator
from katsaus.config.project import Project, load_project
from katsaus.disclosure import ProtectedTable
from katsaus.disclosure.release import release_of
from katsaus.errors import Problem, UsageError
from katsaus.figures import fingerprints, protected
from katsaus.indicators import derive
from katsaus.panel import KNOWN, SERIES, Cells, Panel, evaluate, over_areas, panel
from katsaus.store.compare import compare
from katsaus.store.manifest import Vintage, open_vintage, vintages
from katsaus.store.vintage import read_source

Reason = Literal["source revision", "correction", "method", "new", "gone"]
Flags = npt.NDArray[np.bool_]

ABSENT, CHANGED = -1, 99
"""States of figures beside those of `katsaus.panel`: a table has no place for it; it hangs on a changed cell."""

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

    Both are computed by today's definitions, so that a difference is one of data. An indicator that was defined
    otherwise in the old vintage is told as a change of method, with all its figures; one that was not defined is new.
    Raises DataError.
    """
    redefined = _redefined(project, old=old, new=new)
    altered = redefined | (project.indicators.keys() - old.manifest.definitions.keys())
    changed = compare(old, new, project=project)
    for source in sorted(project.sources.keys() & (new.manifest.sources.keys() | old.manifest.sources.keys())):
        if source not in changed and not any(source in project.indicators[name].sources for name in altered):
            continue
        tables = _tables(project, changed.get(source, NOTHING), source=source, vintages=(old, new))
        if tables is None:
            continue  # records, of which no indicator is computed
        for key in sorted(tables.before.cells.keys() | tables.after.cells.keys()):
            yield from _of_indicator(tables, key)
            if key.partition(":")[0] in redefined and key in tables.after.cells:
                yield from _method(tables.after, key)


def _redefined(project: Project, *, old: Vintage, new: Vintage) -> set[str]:
    """The indicators defined otherwise in `old` than in `new`, or than today where `new` is what builds are made of."""
    then = old.manifest.definitions
    newest = new.id == vintages(new.root)[-1]
    now = fingerprints(project) if newest else new.manifest.definitions
    return {name for name, mark in now.items() if then.get(name, mark) != mark}


@dataclass(frozen=True)
class _Tables:
    """A source before and after: its protected figures, and which of them hang on a cell that the source revised or
    that a correction changed.
    """

    before: ProtectedTable
    after: ProtectedTable
    revised: Mapping[str, Flags]
    corrected: Mapping[str, Flags]


def _tables(project: Project, cells: pd.DataFrame, *, source: str, vintages: tuple[Vintage, Vintage]) -> _Tables | None:
    """A source in two vintages whose changed cells are `cells`; one that lacks it has a table without months."""
    held = [source in vintage.manifest.sources for vintage in vintages]
    there = vintages[1] if held[1] else vintages[0]
    if source not in there.manifest.sources[source].content:
        return None
    before, after = (
        protected(project, vintage if has else there, source=source)
        for vintage, has in zip(vintages, held, strict=True)
    )
    before, after = before if held[0] else before.until(""), after if held[1] else after.until("")
    defined = vintages[0].manifest.definitions
    known = [key for key in before.cells if key.partition(":")[0] in defined]
    own = panel(read_source(there, project, source=source))
    hand = (cells["CORRECTION"] != "").to_numpy()
    definitions = [project.indicators[name] for name in sorted({key.partition(":")[0] for key in after.cells})]
    members = release_of(project, source=source, measures=own.measures).published_members
    revised, corrected = (
        _touched(_causes(part, own, members=members), definitions) for part in (cells[~hand], cells[hand])
    )
    return _Tables(before.only(known), after, revised, corrected)


def _method(table: ProtectedTable, key: str) -> Iterator[Change]:
    shown = table.cells[key].states == KNOWN
    yield from _by_area(Change(table.source, key, "", "method", (), 0), shown, series=table.series, months=table.months)


def _of_indicator(tables: _Tables, key: str) -> Iterator[Change]:
    """The changes of one indicator, by area and reason."""
    before, after = tables.before, tables.after
    series = before.series.union(after.series)
    months = before.months.union(after.months)
    old, new = (_aligned(table, key, series=series, months=months) for table in (before, after))
    revised, corrected = (
        _spread(flags.get(key), after, series=series, months=months) for flags in (tables.revised, tables.corrected)
    )
    differs = (old.states != new.states) | ((new.states == KNOWN) & (old.values != new.values))
    reasons: dict[Reason, Flags] = {
        "new": differs & (old.states == ABSENT),
        "gone": differs & (new.states == ABSENT),
    }
    rest = differs & ~reasons["new"] & ~reasons["gone"]
    reasons["correction"] = rest & corrected & ~revised
    reasons["source revision"] = rest & ~reasons["correction"]
    for reason, cells in reasons.items():
        yield from _by_area(Change(after.source, key, "", reason, (), 0), cells, series=series, months=months)


def _by_area(change: Change, cells: Flags, *, series: pd.MultiIndex, months: pd.Index) -> Iterator[Change]:
    """`change` for every area that has `cells`, with their months and number."""
    areas = series.get_level_values("REF_AREA")
    for area in areas[np.flatnonzero(cells.any(axis=1))].unique():
        own = cells[np.asarray(areas == area)]
        touched = tuple(str(month) for month in months[np.flatnonzero(own.any(axis=0))])
        yield replace(change, area=str(area), months=touched, cells=int(own.sum()))


def _aligned(table: ProtectedTable, key: str, *, series: pd.MultiIndex, months: pd.Index) -> Cells:
    """The figures of an indicator at `series` and `months`; `ABSENT` where the table has no place for them."""
    rows, columns = table.series.get_indexer(series), table.months.get_indexer(months)
    outside = (rows[:, None] < 0) | (columns[None, :] < 0)
    if key not in table.cells or not len(table.months):
        return Cells(np.full(outside.shape, np.nan), np.full(outside.shape, ABSENT, dtype="int8"))
    cells, place = table.cells[key], np.ix_(rows, columns)
    return Cells(
        np.where(outside, np.nan, cells.values[place]), np.where(outside, ABSENT, cells.states[place]).astype("int8")
    )


def _spread(flags: Flags | None, table: ProtectedTable, *, series: pd.MultiIndex, months: pd.Index) -> Flags:
    """`flags` of the table's own series and months at `series` and `months`; False outside."""
    rows, columns = table.series.get_indexer(series), table.months.get_indexer(months)
    outside = (rows[:, None] < 0) | (columns[None, :] < 0)
    return ~outside & flags[np.ix_(rows, columns)] if flags is not None and flags.size else np.zeros_like(outside)


def _causes(cells: pd.DataFrame, source: Panel, *, members: Mapping[str, Sequence[str]]) -> Panel:
    """In which areas measures changed: a panel like `source`, CHANGED at the changed `cells` and in their sums."""
    rows = source.series.get_indexer(pd.MultiIndex.from_frame(cells[SERIES].astype(object)))
    columns = source.months.get_indexer(pd.Index(cells["TIME_PERIOD"].astype(object)))
    there = (rows >= 0) & (columns >= 0)
    flags = {}
    for name, known in source.measures.items():
        states = np.zeros_like(known.states)
        own = there & (cells["MEASURE"] == name).to_numpy()
        states[rows[own], columns[own]] = CHANGED
        flags[name] = Cells(np.ones_like(known.values), states)
    return over_areas(Panel(source.series, source.months, flags), members)


def _touched(causes: Panel, definitions: Iterable[Indicator]) -> dict[str, Flags]:
    """Which figures are computed of a changed cell, by indicator or part.

    The formulas themselves say it: what hangs on a CHANGED cell, in whatever month or area, takes over its state.
    """
    return {
        key: found.states == CHANGED
        for definition in definitions
        for key, found in derive(causes, definition, take=partial(evaluate, areas=causes)).items()
    }
