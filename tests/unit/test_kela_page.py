"""Kela's situation picture: real figures first, its caveat beside every figure, and shares of the right population."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from katsaus.config.matrix import Page
from katsaus.config.project import Project, load_project
from katsaus.disclosure import ProtectedTable
from katsaus.figures import load_figures
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.pages.figures import Content, Figure, Table, beside, content_of, read

ROOT = Path(__file__).resolve().parents[2]
NEWEST, FIRST = "2023-06", "2021-03"
REAL = ["tbl-country", "fig-assistance", "fig-unemployment", "fig-regions", "fig-changes"]


@cache
def project() -> Project:
    return load_project(ROOT)


@cache
def assistance() -> ProtectedTable:
    return load_figures(ROOT).table("kela-assistance")


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def content(month: str, lang: str) -> Content:
    page = Page("kela", "trial", month, lang, f"{month}/kela/", pdf=True)
    return read(finish(run_notebook(prepare(ROOT / page.path, page), lambda _: None)), page.name)


def shown(page: Content) -> dict[str, Figure | Table]:
    return {block.label: block for block in page.blocks if isinstance(block, Figure | Table)}


def table(label: str, *, month: str = NEWEST, lang: str = "fi") -> Mapping[str, Any]:
    return content_of(shown(content(month, lang))[label])


def test_the_population_of_2022_is_that_of_the_municipalities_at_the_end_of_2021() -> None:
    people: Counter[str] = Counter()
    for town in project().municipalities.values():
        people[town.region] += town.population
    regions = project().codes("mainland_region")
    months = [f"2022-{month:02d}" for month in range(1, 13)]
    recipients, _ = assistance().look_up("K09", areas=regions, months=months)
    shares, _ = assistance().look_up("K12", areas=regions, months=months)
    expected = [100 * count / people[regions[at // 12]] for at, count in enumerate(recipients)]
    assert shares == pytest.approx(expected)


def test_the_country_is_divided_by_the_population_of_the_mainland() -> None:
    """5 563 970 inhabitants on 31.12.2022, of whom 30 359 lived in Åland, which Kela's figures leave out."""
    (share,), _ = assistance().look_up("K12", areas=["country"], months=[NEWEST])
    assert share == pytest.approx(100 * 200_553 / (5_563_970 - 30_359))


def test_there_is_no_share_where_there_is_no_population() -> None:
    _, symbols = assistance().look_up("K12", areas=["country", "MK01"], months=["2021-12", "2022-01"])
    assert symbols.tolist() == ["..", "", "..", ""]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_real_figures_come_first_and_made_up_ones_are_marked(lang: str) -> None:
    blocks = shown(content(NEWEST, lang))
    assert [label for label, block in blocks.items() if not content_of(block)["synthetic"]] == REAL
    assert list(blocks)[: len(REAL)] == REAL


@pytest.mark.parametrize(("lang", "words"), [("fi", "ei kerro työllistymisestä"), ("sv", "säger ingenting om")])
def test_the_caveat_of_kela_stands_beside_every_figure(lang: str, words: str) -> None:
    for label, block in shown(content(NEWEST, lang)).items():
        assert any(words in note for note in beside(block)), label


def test_both_languages_show_the_same() -> None:
    finnish, swedish = (shown(content(NEWEST, lang)) for lang in ("fi", "sv"))
    assert list(finnish) == list(swedish)
    for label, block in finnish.items():
        figures = [[row[1:] for row in content_of(part)["rows"]] for part in (block, swedish[label])]
        assert figures[0] == figures[1], label


def test_time_steps_are_quarters_over_two_years() -> None:
    months = [column["label"] for column in table("fig-steps")["columns"][1:]]
    assert months == ["6/2023", "3/2023", "12/2022", "9/2022", "6/2022", "3/2022", "12/2021", "9/2021", "6/2021"]


def test_every_line_has_the_figures_of_the_year_before_in_its_table() -> None:
    rows = table("fig-assistance")["rows"]
    assert len(rows) == 25
    now, before = ([row[column] for row in rows] for column in (1, 2))
    assert before[:13] == now[12:]


@pytest.mark.parametrize("month", [FIRST, NEWEST])
def test_no_chart_is_drawn_of_nothing(month: str) -> None:
    page = content(month, "fi")
    assert ("fig-regions" in shown(page)) == (month == NEWEST)
    for figure in page.figures:
        assert re.search(r"\d", "".join(str(cell) for row in figure.words["table"]["rows"] for cell in row[1:]))
