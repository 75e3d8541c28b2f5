"""The project's protected figures, and the frames that notebooks get of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR, shift
from katsaus.config.models import Text
from katsaus.config.project import Project, load_project
from katsaus.disclosure import NOT_COMPUTABLE, ProtectedTable, protect
from katsaus.indicators import change_in_percent, counts
from katsaus.sources.snapshot import find_sidecar, read_sidecar
from katsaus.store import SOURCE, load_observations

COMPARISON = ("trial", "other", "country")
"""What every area is held against: all trial municipalities, the other mainland municipalities, the whole country."""

UNAVAILABLE = ".."
"""Symbol of a figure from before the data begin."""


@dataclass(frozen=True)
class Figures:
    """The protected figures of a project, with what is needed to name them.

    `members` is area code → codes of the areas that it sums, `names` and `chart_names` are area code → name.
    """

    project: Project
    table: ProtectedTable
    citation: Text
    members: Mapping[str, Sequence[str]]
    names: Mapping[str, Text]
    chart_names: Mapping[str, Text]


def load_figures(root: Path) -> Figures:
    """From the snapshots of the project at `root` to its `ProtectedTable`. Raises ConfigError and DataError."""
    project = load_project(root)
    members = area_members(project)
    observed = counts(load_observations(project), members)
    table = protect(observed, project.indicators, withheld=withheld_areas(project))
    named = [*project.municipalities.values(), *project.areas, *project.groups.values()]
    return Figures(
        project,
        table,
        read_sidecar(find_sidecar(root, SOURCE), root).citation,
        members,
        names={area.code: area.name for area in named},
        chart_names={area.code: getattr(area, "chart_name", area.name) for area in named},
    )


def area_members(project: Project) -> dict[str, Sequence[str]]:
    """Area → the areas of the source that it sums; a municipality, and the whole country as published, is its own."""
    return {
        **{code: [code] for code in project.municipalities},
        **{area.code: area.municipalities for area in project.areas},
        "trial": project.trial_municipalities,
        "other": project.other_municipalities,
        "country": ["SSS"],
    }


def withheld_areas(project: Project) -> list[str]:
    """Municipalities that are not published singly: those of the regions that a disclosure rule withholds."""
    regions = {withheld.region for rule in project.rules for withheld in rule.withheld}
    return [code for code, municipality in project.municipalities.items() if municipality.region in regions]


def frame(table: ProtectedTable, indicator: str, rows: pd.MultiIndex, *, persons: bool) -> pd.DataFrame:
    """One row for each area and month of `rows`: value, year_ago, change and change_percent, each with its symbol.

    Changes are against the same month of the previous year, from unrounded figures; a change in per cent is of `persons` only.
    """
    areas, months = rows.get_level_values(0), rows.get_level_values(1)
    before = pd.MultiIndex.from_arrays([areas, [shift(month, -MONTHS_IN_YEAR) for month in months]])
    now, then = (table.values[indicator].reindex(index).set_axis(rows) for index in (rows, before))
    mark, mark_then = (
        table.symbols[indicator].reindex(index).fillna(UNAVAILABLE).to_numpy() for index in (rows, before)
    )
    mark_change = np.where(mark == "", mark_then, mark)
    percent = change_in_percent(now, then) if persons else now * np.nan
    return pd.DataFrame(
        {
            "indicator": indicator,
            "area": areas,
            "month": months,
            "value": now.to_numpy(),
            "year_ago": then.to_numpy(),
            "change": (now - then).to_numpy(),
            "change_percent": percent.to_numpy(),
            "value_symbol": mark,
            "year_ago_symbol": mark_then,
            "change_symbol": mark_change,
            "change_percent_symbol": np.where((mark_change == "") & percent.isna(), NOT_COMPUTABLE, mark_change),
        }
    )
