"""The pages of areas and municipalities: largest and smallest, first month and newest, in both languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from katsaus.config.matrix import Page
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.page import open_review
from katsaus.pages.figures import Content, Prose, Table, read

ROOT = Path(__file__).resolve().parents[2]
AREAS = ["kainuu", "helsinki", "vantaa-kerava"]
MUNICIPALITIES = ["lestijarvi", "ristijarvi", "tampere"]
MONTHS = ["2021-03", "2023-06"]
LANGS = ["fi", "sv"]
EVERY = [("area", slug) for slug in AREAS] + [("municipality", slug) for slug in MUNICIPALITIES]
MOST_CHARTS = 11
WORDS = {"fi": "Viivakuvio|Pylväskuvio|Kartta|Pistekuvio", "sv": "Linjediagram|Stapeldiagram|Karta|Punktdiagram"}

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def page(notebook: str, slug: str, month: str, lang: str) -> Content:
    """What a page takes of the notebook."""
    wanted = Page(notebook, slug, month, lang, "x/", pdf=False)
    executed = run_notebook(prepare(ROOT / "notebooks" / f"{notebook}.ipynb", wanted), lambda _: None)
    return read(finish(executed), wanted.name)


def tables(content: Content) -> list[Table]:
    """Every table, those of charts too."""
    return [*content.tables, *(figure.table for figure in content.figures)]


def prose(content: Content) -> str:
    return "\n\n".join(block.text for block in content.blocks if isinstance(block, Prose))


def figures_of(table: Table) -> list[list[str]]:
    """The figures as both languages write them, without the names of rows."""
    return [row[1:] for row in table.content["rows"]]


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("notebook", "slug"), EVERY)
def test_both_languages_show_the_same_figures(notebook: str, slug: str, month: str) -> None:
    finnish, swedish = (page(notebook, slug, month, lang) for lang in LANGS)
    assert [table.label for table in tables(finnish)] == [table.label for table in tables(swedish)]
    for one, other in zip(tables(finnish), tables(swedish), strict=True):
        assert sorted(figures_of(one)) == sorted(figures_of(other)), one.label
        assert len(one.content["notes"]) == len(other.content["notes"]), one.label


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("notebook", "slug"), EVERY)
def test_every_chart_draws_something_and_tells_it(notebook: str, slug: str, month: str, lang: str) -> None:
    content = page(notebook, slug, month, lang)
    assert 1 <= len(content.figures) <= MOST_CHARTS
    for figure in content.figures:
        rows = [row for rows in figure.spec["datasets"].values() for row in rows]
        assert any(row.get("value") is not None or "shape" in row for row in rows), figure.label
        told = figure.words["alt"]
        assert re.match(WORDS[lang], told), figure.label
        newest = [cell for row in figure.table.content["rows"][:1] for cell in row[1:] if re.search(r"\d", cell)]
        assert newest, figure.label
        assert newest[0].lstrip("+−") in told, figure.label
        assert not re.search(r"\b(nan|None)\b", told + figure.words["title"] + figure.words["subtitle"]), figure.label


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("slug", "towns"), [("helsinki", 1), ("vantaa-kerava", 2), ("kainuu", 7)])
def test_an_area_has_its_sections(slug: str, towns: int, lang: str) -> None:
    labels = {table.label for table in tables(page("area", slug, "2023-06", lang))}
    drawn = ["responsible", "groups", "activation", "types", "flows", "exits", "reasons", "rate", "compared", "kela"]
    listed = ["residents", "clients", "services", "flows", "durations", "compared", "kela"]
    assert {*(f"fig-{name}" for name in drawn), *(f"tbl-{name}" for name in listed)} <= labels
    assert ("fig-municipalities" in labels) == (towns > 2)
    assert ("tbl-municipalities" in labels) == (towns > 1)


def test_an_area_without_answers_to_kykyviisari_says_so() -> None:
    assert "tbl-kykyviisari" in {table.label for table in page("area", "kainuu", "2023-06", "fi").tables}
    without = page("area", "helsinki", "2023-06", "fi")
    assert "tbl-kykyviisari" not in {table.label for table in without.tables}
    assert "ei ole tältä kuukaudelta Kykyviisarin tuloksia" in prose(without)


@pytest.mark.parametrize("slug", AREAS)
def test_an_area_is_shown_with_its_comparison_areas(slug: str) -> None:
    review = open_review(slug, "2023-06", "sv")
    names = {review.name, *(review.name_of(code) for code in review.comparison_areas)}
    content = page("area", slug, "2023-06", "sv")
    for table in (table for table in tables(content) if table.label.endswith("-compared")):
        rows = table.content["rows"]
        assert {row[0]["text"] for row in rows} == names
        assert [rows[place][0]["text"] for place in table.content["emphasis"]] == [review.name]


def own_cells(content: Content, name: str) -> list[str]:
    """The figures of the month that the page's own tables show of the municipality, its comparisons left out."""
    cells = []
    for table in content.tables:
        if table.label == "tbl-durations":
            own = next(row for row in table.content["rows"] if row[0] == name)
            cells += [own[1], own[3]]
        elif table.label != "tbl-places":
            cells += [row[1] for row in table.content["rows"]]
    return cells


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("slug", MUNICIPALITIES)
def test_a_municipality_tells_how_many_of_its_figures_are_protected(slug: str, lang: str) -> None:
    content = page("municipality", slug, "2023-06", lang)
    cells = own_cells(content, open_review(slug, "2023-06", lang).name)
    sentence = next(line for line in prose(content).splitlines() if re.search("tietosuoja|dataskyddsskäl", line))
    told = [int(number) for number in re.findall(r"\b\d+\b", sentence)]
    hidden = cells.count("...")
    assert told == [len(cells), 2023, *([hidden] if hidden else [])]
    assert hidden or slug == "tampere"


@pytest.mark.parametrize("slug", MUNICIPALITIES)
def test_a_protected_figure_is_explained_under_its_table(slug: str) -> None:
    content = page("municipality", slug, "2023-06", "fi")
    for table in tables(content):
        hidden = any(cell == "..." for row in table.content["rows"] for cell in row[1:])
        assert hidden == any(text.startswith("... =") for text in table.content["symbols"]), table.label


@pytest.mark.parametrize(("slug", "drawn"), [("tampere", True), ("lestijarvi", False)])
def test_only_counts_that_are_large_enough_are_drawn_over_time(slug: str, drawn: bool) -> None:
    labels = {figure.label for figure in page("municipality", slug, "2023-06", "fi").figures}
    assert ("fig-responsible" in labels) == drawn
