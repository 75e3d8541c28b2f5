"""The definitions of the project's own indicators.yml, held to the worked examples that the methods page shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from katsaus.calendar import months_until
from katsaus.config.examples import Example
from katsaus.config.expression import parse
from katsaus.config.project import Project, load_project
from katsaus.indicators import FORMULAS, derive, measures_of
from katsaus.panel import KNOWN, Panel, evaluate, over_areas, panel

ROOT = Path(__file__).parents[2]
NEWEST = "2021-03"
PLACES = {"REF_AREA": "", "RESPONSIBLE": "_T", "GROUP": "_T"}


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(ROOT)


def rows(example: Example) -> Iterator[dict[str, object]]:
    months = months_until(NEWEST, example.months)
    for number, member in enumerate(example.members):
        for key, given in member.items():
            (term,) = parse(key).terms
            place = {**PLACES, "REF_AREA": f"KU{number:03d}", **dict(term.at)}
            for month, value in zip(months, given if isinstance(given, tuple) else [given] * len(months), strict=True):
                hidden = value == "..."
                yield place | {
                    "TIME_PERIOD": month,
                    "MEASURE": term.measure,
                    "OBS_VALUE": np.nan if hidden else float(value),
                    "CONF_STATUS": "C" if hidden else "F",
                }


def group_of(example: Example, *, skipping: tuple[str, ...]) -> Panel:
    table = pd.DataFrame(list(rows(example)))
    for name in table.columns.drop("OBS_VALUE"):
        table[name] = pd.Categorical(table[name])
    members = {"group": [f"KU{number:03d}" for number in range(len(example.members))], "other": ["other"]}
    return over_areas(panel(table), members, skipping=skipping)


@pytest.mark.parametrize(
    "example", load_project(ROOT).examples, ids=lambda example: f"{example.indicator}: {example.says.en}"
)
def test_definition(project: Project, example: Example) -> None:
    definition = project.indicators[example.indicator.partition(":")[0]]
    assert example.source in definition.sources
    shown = tuple(part for part in definition.parts if f"{definition.id}:{part.id}" == example.indicator)
    definition = definition.model_copy(update={"parts": shown})  # members need not have what other parts are made of
    skipping = measures_of(definition) if definition.blanks == "skip" else ()
    areas = group_of(example, skipping=skipping)
    cells = derive(areas, definition, take=partial(evaluate, areas=areas))[example.indicator]
    place = areas.series.get_loc(("group", "_T", "_T")), areas.months.get_loc(NEWEST)
    if example.expected is None:
        assert cells.states[place] != KNOWN
    else:
        assert cells.values[place] == pytest.approx(example.expected, abs=1e-6)


def test_every_published_indicator_but_plain_counts_has_an_example(project: Project) -> None:
    shown = {example.indicator.partition(":")[0] for example in project.examples}
    plain = {
        name
        for name, item in project.indicators.items()
        if item.formula == "count" and item.numerator and len(item.numerator.terms) == 1 and item.blanks == "hide"
    }
    assert {name for name, item in project.indicators.items() if item.sources} - plain <= shown


def test_every_formula_is_used_and_has_an_example(project: Project) -> None:
    used = {project.indicators[example.indicator.partition(":")[0]].formula for example in project.examples}
    assert used == FORMULAS.keys()


def test_an_indicator_is_published_or_says_why_not(project: Project) -> None:
    """The 67 of the field's list, and the review's own."""
    own = {"C12", "C13", "C14", "D07", "K09", "K10", "K11", "K12", "Y07"}
    counts = {"A": 15, "B": 7, "C": 11, "D": 6, "K": 8, "Y": 6, "E": 6, "S": 8}
    listed = {f"{letter}{number:02}" for letter, last in counts.items() for number in range(1, last + 1)}
    assert project.indicators.keys() == listed | own
    assert len(listed) == 67
    assert {name for name, item in project.indicators.items() if not item.sources} == {
        "B04",
        "C06",
        "D06",
        *(f"E0{number}" for number in range(1, 7)),
        *(f"S0{number}" for number in range(1, 9)),
    }
