"""From figures of units to the rows of a delivered table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from katsaus.config.contract import Contract
from synthetic_extracts.world import Ints, World

ORIGIN = "synthetic"


@dataclass(frozen=True)
class Parts:
    """Figures of units × months × groups × measures: all, and those of the two responsible organisations (or none)."""

    every: Ints
    trial: Ints | None = None
    te_office: Ints | None = None


def table(world: World, parts: Parts, *, groups: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Rows for municipalities, trial areas, all of these and the country (where there are only all): first those of the
    first area, by responsible organisation, group and month.
    """
    frames = [_frame(world, parts.every, responsible="_T", groups=groups, measures=measures)]
    for responsible, values in (("trial", parts.trial), ("te_office", parts.te_office)):
        if values is not None:
            frames.append(_frame(world, values, responsible=responsible, groups=groups, measures=measures))
    rows = pd.concat(frames, ignore_index=True)
    return rows.sort_values(["area", "responsible", "group", "month"], ignore_index=True, kind="stable")


def _frame(
    world: World, values: Ints, *, responsible: str, groups: Sequence[str], measures: Sequence[str]
) -> pd.DataFrame:
    every = responsible == "_T"
    first = 1 if every else world.start
    towns = np.arange(len(world.municipalities)) if every else world.trial_units
    stacked = [values[towns], *(values[list(units)].sum(axis=0, keepdims=True) for units in world.areas.values())]
    stacked.append(values[world.trial_units].sum(axis=0, keepdims=True))
    codes = [*(world.municipalities[town] for town in towns), *world.areas, "KK"]
    if every:
        stacked.append(values.sum(axis=0, keepdims=True))
        codes.append("SSS")
    cells = np.concatenate(stacked)[:, first:]
    months = world.months[first:]
    index = pd.MultiIndex.from_product([codes, months, groups], names=["area", "month", "group"])
    frame = pd.DataFrame(cells.reshape(-1, len(measures)), columns=list(measures), index=index).reset_index()
    return frame.assign(responsible=responsible)


def content(rows: pd.DataFrame, contract: Contract) -> bytes:
    """`rows` as a CSV in the contract's columns. Raises KeyError if one of them is missing."""
    columns = list(contract.fields)
    delivered = rows.assign(data_origin=ORIGIN)[columns]
    return delivered.to_csv(index=False, lineterminator="\n").encode("utf-8")
