"""The definitions of the project's own indicators.yml, held to worked examples (newest month March 2021)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from katsaus.calendar import months_until
from katsaus.config.project import Project, load_project
from katsaus.indicators import counts, derive

CASES = yaml.safe_load(Path(__file__).with_name("unemployment.yml").read_text(encoding="utf-8"))
NEWEST = "2021-03"


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    return load_project(root)


def observations(case: dict[str, Any]) -> pd.DataFrame:
    months = months_until(NEWEST, case["months"])
    rows = [
        (f"KU{number:03d}", month, measure, None if value == "..." else value)
        for number, member in enumerate(case["members"])
        for measure, given in member.items()
        for month, value in zip(months, given if isinstance(given, list) else [given] * len(months), strict=True)
    ]
    return pd.DataFrame(rows, columns=["REF_AREA", "TIME_PERIOD", "INDICATOR", "OBS_VALUE"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['indicator']}: {case['says']}")
def test_definition(project: Project, case: dict[str, Any]) -> None:
    table = counts(observations(case), {"group": [f"KU{number:03d}" for number in range(len(case["members"]))]})
    value = derive(table, {case["indicator"]: project.indicators[case["indicator"]]}).loc[("group", NEWEST)].item()
    if case["expected"] is None:
        assert pd.isna(value)
    else:
        assert value == pytest.approx(case["expected"], abs=1e-6)


def test_every_indicator_but_plain_counts_has_an_example(project: Project) -> None:
    assert project.indicators.keys() - {case["indicator"] for case in CASES} == {"A03", "D07"}
