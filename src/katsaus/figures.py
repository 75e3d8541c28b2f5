"""The project's protected figures, and the frames that notebooks get of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR, shift
from katsaus.config.models import Group, Text, TrialArea
from katsaus.config.project import Project, load_project
from katsaus.disclosure import HIDDEN, NOT_COMPUTABLE, ProtectedTable, protect
from katsaus.indicators import change_in_percent, counts
from katsaus.sources.snapshot import find_sidecar, read_sidecar
from katsaus.store import SOURCE, load_observations

COMPARISON = ("trial", "other", "country")
"""What every area is held against: all trial municipalities, the other mainland municipalities, the whole country."""

PER_VACANCY = "C11"


@dataclass(frozen=True)
class Figures:
    """The protected figures of a project, with what is needed to name them.

    `members` is area code → codes of the areas that it sums, `names` and `chart_names` are area code → name, `lacking`
    is month → municipalities whose number of vacancies is not published, which leave the ratio to vacancies of their
    areas.
    """

    project: Project
    table: ProtectedTable
    citation: Text
    members: Mapping[str, Sequence[str]]
    names: Mapping[str, Text]
    chart_names: Mapping[str, Text]
    lacking: Mapping[str, frozenset[str]]


def load_figures(root: Path) -> Figures:
    """From the snapshots of the project at `root` to its `ProtectedTable`. Raises ConfigError and DataError."""
    project = load_project(root)
    members = area_members(project)
    observed = counts(load_observations(project), members)
    table = protect(observed, project.indicators, withheld=withheld_areas(project))
    towns = {code: municipality.name for code, municipality in project.municipalities.items()}
    areas: list[TrialArea | Group] = [*project.areas, *project.groups.values()]
    return Figures(
        project,
        table,
        read_sidecar(find_sidecar(root, SOURCE), root).citation,
        members,
        names=towns | {area.code: area.name for area in areas},
        chart_names=towns | {area.code: area.chart_name for area in areas},
        lacking=_lacking(table, project),
    )


def _lacking(table: ProtectedTable, project: Project) -> dict[str, frozenset[str]]:
    hidden = table.symbols.index[table.symbols[PER_VACANCY] == HIDDEN]
    by_month: dict[str, set[str]] = {month: set() for month in table.symbols.index.unique("TIME_PERIOD")}
    for area, month in hidden:
        if area in project.municipalities:
            by_month[month].add(area)
    return {month: frozenset(areas) for month, areas in by_month.items()}


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


def columns(
    table: ProtectedTable, indicator: str, *, areas: Sequence[str], months: Sequence[str], persons: bool
) -> dict[str, Any]:
    """Columns of equal length, for each of `areas` and, within it, of `months`: value, year_ago, change and
    change_percent.

    Each has its `…_symbol`. Changes are against the same month of the previous year, from unrounded figures; a change
    in per cent is of `persons` only.
    """
    before = [shift(month, -MONTHS_IN_YEAR) for month in months]
    now, mark = table.look_up(indicator, areas=areas, months=months)
    then, mark_then = table.look_up(indicator, areas=areas, months=before)
    mark_change = np.where(mark == "", mark_then, mark)
    percent = change_in_percent(pd.Series(now), pd.Series(then)).to_numpy() if persons else np.full(len(now), np.nan)
    return {
        "indicator": [indicator] * len(now),
        "area": [area for area in areas for _ in months],
        "month": list(months) * len(areas),
        "value": now,
        "year_ago": then,
        "change": now - then,
        "change_percent": percent,
        "value_symbol": mark,
        "year_ago_symbol": mark_then,
        "change_symbol": mark_change,
        "change_percent_symbol": np.where((mark_change == "") & np.isnan(percent), NOT_COMPUTABLE, mark_change),
    }
