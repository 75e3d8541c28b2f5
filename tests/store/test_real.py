"""The figures in the repository: real ones pass without a warning and are the published ones, and all load quickly."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from katsaus.config.project import Project
from katsaus.sources.snapshot import find_sidecar, read_sidecar, snapshots
from katsaus.store.load import load_source


@pytest.fixture(scope="module")
def observations(project: Project) -> pd.DataFrame:
    table = load_source(project, "statfin-12r5").table
    assert table is not None
    return table


def values(observations: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Figures of a measure: areas by months."""
    found = observations[measure == observations.MEASURE]
    return found.pivot_table("OBS_VALUE", "REF_AREA", "TIME_PERIOD", observed=True, dropna=False)


def test_real_figures_pass_without_a_warning(project: Project) -> None:
    """Also those of the spring of 2020, when the unemployed doubled everywhere."""
    checked = 0
    for name, source in project.sources.items():
        if not all(snapshots(project.root, table) for table in source.tables):
            continue
        if any(read_sidecar(find_sidecar(project.root, table), project.root).synthetic for table in source.tables):
            continue
        loaded = load_source(project, name)
        assert (name, loaded.warnings) == (name, ())
        assert not loaded.synthetic
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("area", "month", "count"),
    [
        ("SSS", "2021-03", 331_526),
        ("KU091", "2023-06", 39_233),
        ("SSS", "2021-10", 259_036),
        ("SSS", "2022-01", 273_726),
    ],
)
def test_published_figures_are_found(observations: pd.DataFrame, area: str, month: str, count: int) -> None:
    assert values(observations, "unemployed").loc[area, month] == count


def test_a_hidden_figure_has_a_status_and_no_value_and_a_zero_is_a_zero(observations: pd.DataFrame) -> None:
    assert (observations.OBS_VALUE.isna() == (observations.CONF_STATUS == "C")).all()
    assert (observations.OBS_VALUE.isna() == (observations.OBS_STATUS == "Q")).all()
    by_measure = observations.groupby("MEASURE", observed=True).OBS_VALUE
    hidden = by_measure.apply(lambda figures: int(figures.isna().sum())).to_dict()
    zeros = by_measure.apply(lambda figures: int((figures == 0).sum())).to_dict()
    assert hidden == {"labour_force": 0, "unemployed": 187, "vacancies": 1776}
    assert zeros == {"labour_force": 0, "unemployed": 35, "vacancies": 338}
    assert not observations.OBS_VALUE.between(1, 4).any(), "the source hides 1 to 4"


def test_regions_come_to_the_published_sum_of_march_2021(observations: pd.DataFrame) -> None:
    month = values(observations, "unemployed")["2021-03"]
    regions = month[month.index.astype(str).str.startswith("MK")]
    assert regions.sum() == 331_164, "and the country holds 362 persons of unknown residence more"


def test_the_labour_force_is_the_same_all_year_and_changes_in_january(observations: pd.DataFrame) -> None:
    country = values(observations, "labour_force").loc["SSS"]
    by_year = country.groupby(country.index.astype(str).str[:4]).agg(["nunique", "first"])
    assert set(by_year["nunique"]) == {1}
    assert by_year.loc[["2021", "2022", "2023"], "first"].tolist() == [2_630_884, 2_636_256, 2_648_166]


MEASURED = """
import resource, sys, time
from pathlib import Path
from katsaus.config.project import load_project
from katsaus.store.load import load_source
project = load_project(Path(sys.argv[1]))
started = time.perf_counter()
for name in sys.argv[2:]:
    load_source(project, name)
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


@pytest.mark.slow
def test_all_sources_load_in_time_and_memory(project: Project) -> None:
    """Half of what the whole update may take: 30 seconds and 1.5 GB."""
    whole = [name for name, source in project.sources.items() if all(snapshots(project.root, t) for t in source.tables)]
    command = [sys.executable, "-c", MEASURED, str(project.root), *whole]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 15
    assert megabytes < 750
