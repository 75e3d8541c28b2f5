"""The comparison areas: chosen by the rule, the same in every month, explained in both languages."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_project import copy_project, replace

from katsaus.comparison import comparison_areas, explained, nearest
from katsaus.config.models import Period
from katsaus.config.project import load_project
from katsaus.errors import ConfigError, DataError, UsageError
from katsaus.figures import Figures, load_figures
from katsaus.page import open_review
from katsaus.terms import load_words

BASE = [*(f"2020-{number:02}" for number in range(3, 13)), "2021-01", "2021-02"]


@pytest.fixture(scope="module")
def figures(root: Path) -> Figures:
    return load_figures(root)


def own_reckoning(figures: Figures) -> dict[str, list[str]]:
    """The rule again, in plain Python: D01 and the logarithm of D07 over the twelve months before the trials."""
    table = figures.table("statfin-12r5")

    def mean(indicator: str, area: str) -> float:
        return fmean(table.look_up(indicator, areas=[area], months=BASE)[0])

    codes = [area.code for area in figures.project.areas]
    shares = {code: mean("D01", code) for code in codes}
    sizes = {code: math.log(mean("D07", code)) for code in codes}
    scaled = [
        {code: (value - fmean(known.values())) / pstdev(known.values()) for code, value in known.items()}
        for known in (shares, sizes)
    ]
    return {
        own: sorted(
            (code for code in codes if code != own),
            key=lambda code, own=own: (math.dist([f[own] for f in scaled], [f[code] for f in scaled]), code),  # type: ignore[misc]
        )[:3]
        for own in codes
    }


def test_each_area_has_the_three_that_the_rule_gives(figures: Figures) -> None:
    found = comparison_areas(figures)
    assert len(found) == 25
    assert {code: list(near) for code, near in found.items()} == own_reckoning(figures)


def test_they_are_the_same_on_the_pages_of_every_month(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    found = [open_review("kainuu", month, "fi").comparison_areas for month in ("2021-03", "2022-09", "2023-06")]
    assert found == [found[0]] * 3
    assert "KK07" not in found[0]


@pytest.mark.parametrize("area", ["trial", "hyrynsalmi"])
def test_no_other_page_has_comparison_areas(root: Path, monkeypatch: pytest.MonkeyPatch, area: str) -> None:
    monkeypatch.chdir(root)
    review = open_review(area, "2023-06", "sv")
    with pytest.raises(UsageError, match="no trial area"):
        _ = review.comparison_areas


def test_of_areas_at_the_same_distance_the_smaller_code_comes_first() -> None:
    features = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [5.0, 0.0]])
    assert nearest(["A", "B", "C", "D"], features, number=2)["A"] == ("B", "C")


def test_a_feature_that_all_areas_share_decides_nothing() -> None:
    features = np.array([[1.0, 7.0], [2.0, 7.0], [4.0, 7.0]])
    assert nearest(["A", "B", "C"], features, number=1) == {"A": ("B",), "B": ("A",), "C": ("B",)}


@given(
    st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=4, max_size=9, unique=True),
    st.sampled_from([0.5, 4.0, 1024.0]),
)
def test_the_unit_of_a_feature_does_not_matter(points: list[tuple[int, int]], factor: float) -> None:
    codes = [f"KK{number:02}" for number in range(len(points))]
    features = np.array(points, dtype="float64")
    found = nearest(codes, features, number=3)
    assert found == nearest(codes, features * [factor, 1], number=3)
    assert all(code not in near and len(set(near)) == 3 for code, near in found.items())


def test_a_figure_missing_from_the_base_is_refused(figures: Figures) -> None:
    rule = figures.project.comparison.model_copy(update={"base": Period(first="2017-06", last="2018-05")})
    project = dataclasses.replace(figures.project, comparison=rule)
    with pytest.raises(DataError, match="D01 is not known of every trial area from 2017-06 to 2018-05"):
        comparison_areas(dataclasses.replace(figures, project=project))


@pytest.mark.parametrize(("lang", "told"), [("fi", "3/2020–2/2021"), ("sv", "3/2020–2/2021")])
def test_the_rule_is_explained_with_the_areas_of_each(figures: Figures, root: Path, lang: str, told: str) -> None:
    text = explained(figures, load_words(root, lang))
    assert told in text
    assert "{" not in text
    lines = [line for line in text.splitlines() if line.startswith("- **")]
    assert len(lines) == 25
    names = {area.code: area.name[lang] for area in figures.project.areas}
    first = next(line for line in lines if line.startswith(f"- **{names['KK07']}:**"))
    assert first.partition(":** ")[2] == "; ".join(names[code] for code in comparison_areas(figures)["KK07"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("number: 3", "number: 25", "not so many other areas"),
        ("number: 3", "number: 0", "number: 0 should be greater than or equal to 1"),
        ("indicator: D07", "indicator: D06", "no published indicator D06"),
        ("indicator: D07", "indicator: B03", "no published indicator B03"),
        ("last: 2021-02", "last: 2021-03", "reaches into the published months"),
        ("last: 2021-02", "last: 2020-02", "ends before it begins"),
        ("ovat ne {number} muuta", "ovat ne kolme muuta", "the text has the fields"),
        ("de {number} andra", "de {numer} andra", "the text has the fields"),
        ("de {number} andra", "de {number andra", "the text has no fields"),
    ],
)
def test_a_rule_that_can_not_hold_is_refused(root: Path, tmp_path: Path, old: str, new: str, says: str) -> None:
    project = copy_project(root, tmp_path)
    line = replace(project / "reviews" / "comparison.yml", old, new)
    with pytest.raises(ConfigError) as caught:
        load_project(project)
    (problem,) = caught.value.problems
    assert says in str(problem)
    assert f"reviews/comparison.yml:{line}" in str(problem)
