"""Two vintages cell by cell: which figures came, went or changed, and which of the changes a correction explains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from katsaus.config.corrections import Correction
from katsaus.config.project import Project
from katsaus.store.manifest import Vintage
from katsaus.store.tidy import DIMENSIONS
from katsaus.store.vintage import read_source

CHANGES = ("added", "lost", "status", "value")


def compare(old: Vintage, new: Vintage, *, project: Project) -> dict[str, pd.DataFrame]:
    """For each table whose contents differ, by its name, the cells (or records) that do.

    A frame of observations holds `DIMENSIONS`, CHANGE (one of `CHANGES`; "status" where a figure has become a mark or a
    mark a figure) and CORRECTION, the id of the correction that came or went, or "". One of records holds the records
    that came or went, with CHANGE. No frame holds figures of observations. Raises what `read_source` raises.
    """
    held = [
        {name: digest for source in vintage.manifest.sources.values() for name, digest in source.content.items()}
        for vintage in (old, new)
    ]
    differing = sorted(name for name in held[0].keys() | held[1].keys() if held[0].get(name) != held[1].get(name))
    corrections = _moved(old.manifest.corrections, new.manifest.corrections)
    found: dict[str, pd.DataFrame] = {}
    for name in differing:
        tables = [
            read_source(vintage, project, source=name) if name in contents else None
            for vintage, contents in zip((old, new), held, strict=True)
        ]
        there = next(table for table in tables if table is not None)
        before, after = (there.iloc[:0] if table is None else table for table in tables)
        if "MEASURE" in there:
            found[name] = _observations(before, after, explained=corrections.get(name, {}))
        else:
            found[name] = _records(before, after)
    return found


def _moved(old: tuple[Correction, ...], new: tuple[Correction, ...]) -> dict[str, dict[tuple[str, ...], str]]:
    """Corrections that only one of the vintages holds: their ids by source and by key in the order of `DIMENSIONS`."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for correction in (*old, *new):
        if (correction in old) != (correction in new):
            key = tuple(getattr(correction.key, dimension) for dimension in DIMENSIONS)
            found.setdefault(correction.source, {})[key] = correction.id
    return found


def _observations(
    before: pd.DataFrame, after: pd.DataFrame, *, explained: Mapping[tuple[str, ...], str]
) -> pd.DataFrame:
    names = [sorted({*before[name].cat.categories, *after[name].cat.categories}) for name in DIMENSIONS]
    then, now = (_packed(table, names) for table in (before, after))
    place = np.minimum(np.searchsorted(now, then), max(len(now) - 1, 0))
    kept = now[place] == then if len(now) else np.zeros(len(then), dtype=bool)
    one, other = before[kept], after.iloc[place[kept]]
    status = _statuses(one) != _statuses(other)
    first, second = one.OBS_VALUE.to_numpy(), other.OBS_VALUE.to_numpy()
    value = ~status & (first != second) & ~(np.isnan(first) & np.isnan(second))
    parts = {
        "added": after[~np.isin(now, then)],
        "lost": before[~kept],
        "status": other[status],
        "value": other[value],
    }
    cells = pd.concat([part[list(DIMENSIONS)].astype(str).assign(CHANGE=change) for change, part in parts.items()])
    keys = cells[list(DIMENSIONS)].itertuples(index=False, name=None)
    cells["CORRECTION"] = [explained.get(key, "") for key in keys]
    return pd.DataFrame(cells.sort_values([*DIMENSIONS, "CHANGE"], ignore_index=True))


def _statuses(table: pd.DataFrame) -> np.ndarray:
    """The statuses of rows as the numbers of their letters."""
    letters = np.array([ord(name) for name in table.OBS_STATUS.cat.categories], dtype=np.int8)
    return np.asarray(letters[table.OBS_STATUS.cat.codes.to_numpy()])


def _packed(table: pd.DataFrame, names: list[list[str]]) -> np.ndarray:
    """One number for the key of each row; they ascend as the rows do."""
    packed = np.zeros(len(table), dtype=np.int64)
    for dimension, listed in zip(DIMENSIONS, names, strict=True):
        place = {name: at for at, name in enumerate(listed)}
        own = np.array([place[name] for name in table[dimension].cat.categories], dtype=np.int64)
        packed = packed * len(listed) + (own[table[dimension].cat.codes.to_numpy()] if len(own) else 0)
    return packed


def _records(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    plain = [table.astype(str) for table in (before, after)]
    both = plain[0].merge(plain[1], how="outer", indicator="CHANGE")
    both = both[both.CHANGE != "both"]
    both["CHANGE"] = both.CHANGE.astype(str).map({"left_only": "lost", "right_only": "added"})
    return pd.DataFrame(both.reset_index(drop=True))
