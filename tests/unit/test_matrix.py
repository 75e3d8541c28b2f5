from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from katsaus.config.matrix import Matrix, Page
from katsaus.config.project import load_project
from katsaus.errors import UsageError


@pytest.fixture(scope="module")
def matrix(root: Path) -> Matrix:
    return load_project(root).matrix


GENERAL = {"": "front", "menetelmat/": "methods", "laatu/": "quality", "lahteet/": "sources"} | {
    "tietosuoja/": "disclosure",
    "sanasto/": "glossary",
    "tietoa/": "about",
}
WITH_PDF = ("methods", "disclosure")
COMPARED = ("a02", "a03", "a04", "b02", "c05", "c09", "d01", "k04")
WHOLE = 1
AREAS = 25
TOWNS = 118
ALONE = 4
"""Municipalities that are a trial area by themselves, so that the area's page is theirs."""


def in_finnish(matrix: Matrix, notebook: str, month: str = "2023-06") -> list[Page]:
    return [page for page in matrix.select([month], langs=["fi"]) if page.notebook == notebook]


def test_a_month_has_140_pages_a_language_of_the_trial_its_areas_and_towns(matrix: Matrix) -> None:
    by_notebook = Counter(page.notebook for page in matrix.select(["2023-06"], langs=["sv"]))
    ours = {"review": WHOLE, "area": AREAS, "municipality": TOWNS - ALONE}
    assert sum(ours.values()) == 140
    beside = {"kela": 1, "comparison": 1, "compare": len(COMPARED), **dict.fromkeys(GENERAL.values(), 1)}
    assert by_notebook == ours | beside
    assert len(matrix.select(["2023-05"])) == 2 * by_notebook.total()
    assert len(matrix.pages) == 28 * 2 * by_notebook.total()


def test_a_town_that_is_its_area_has_no_page_beside_the_areas(matrix: Matrix, root: Path) -> None:
    project = load_project(root)
    alone = {area.slug for area in project.areas if len(area.municipalities) == 1}
    assert alone == {"helsinki", "espoo", "porvoo", "savonlinna"}
    towns = {page.area for page in in_finnish(matrix, "municipality")}
    slugs = {project.municipalities[code].slug for code in project.trial_municipalities}
    assert slugs - towns == alone
    assert towns <= slugs
    assert alone <= {page.area for page in in_finnish(matrix, "area")}


def test_addresses_are_those_of_the_plan(matrix: Matrix) -> None:
    pages = matrix.select(["2023-06"], ["trial", "helsinki", "hyrynsalmi"], langs=["fi"])
    found = {page.address: (page.notebook, page.indicator, page.pdf) for page in pages}
    assert len(found) == len(pages)
    assert found == {
        **{address: (notebook, "", notebook in WITH_PDF) for address, notebook in GENERAL.items()},
        "2023-06/": ("review", "", True),
        "2023-06/kela/": ("kela", "", True),
        "2023-06/alue/helsinki/": ("area", "", True),
        "2023-06/kunta/hyrynsalmi/": ("municipality", "", False),
        "2023-06/vertailu/": ("comparison", "", False),
        **{f"2023-06/vertailu/{name}/": ("compare", name.upper(), False) for name in COMPARED},
    }


def test_addresses_and_names_tell_pages_apart_and_are_the_same_in_both_languages(matrix: Matrix) -> None:
    assert len({page.name for page in matrix.pages}) == len(matrix.pages)
    finnish, swedish = ({page.address for page in matrix.pages if page.lang == lang} for lang in ("fi", "sv"))
    assert finnish == swedish
    at_one_address = [page for page in matrix.pages if page.newest_only]
    assert {page.address for page in at_one_address} == GENERAL.keys()
    assert len(finnish) == (len(matrix.pages) - len(at_one_address)) / 2 + len(GENERAL)


def test_a_page_is_named_by_notebook_area_month_and_language() -> None:
    page = Page("area", "helsinki", "2023-06", "fi", "2023-06/alue/helsinki/", pdf=True)
    assert page.name == "notebooks/area.ipynb · helsinki · 2023-06 · fi"
    assert page.path == "notebooks/area.ipynb"
    assert page.parameters == {"area": "helsinki", "month": "2023-06", "lang": "fi"}


def test_a_page_of_an_indicator_is_named_by_it_too() -> None:
    page = Page("compare", "trial", "2023-06", "fi", "2023-06/vertailu/d01/", pdf=False, indicator="D01")
    assert page.name == "notebooks/compare.ipynb · trial · 2023-06 · fi · D01"
    assert page.parameters == {"area": "trial", "month": "2023-06", "lang": "fi", "indicator": "D01"}


def test_nothing_chosen_means_all(matrix: Matrix) -> None:
    assert matrix.select() == matrix.pages


def test_the_newest_month_comes_first(matrix: Matrix) -> None:
    assert matrix.values("month")[0] == "2023-06"
    assert len(matrix.values("month")) == 28


def test_what_the_matrix_does_not_have_is_refused_all_at_once_naming_what_it_has(matrix: Matrix) -> None:
    with pytest.raises(UsageError) as caught:
        matrix.select(["2023-07"], ["helsingfors"], langs=["en"])
    assert caught.value.exit_code == 2
    message = str(caught.value)
    assert "--month 2023-07 is not in the matrix" in message
    assert "2021-03" in message
    assert "helsinki" in message
    assert "choose from: fi, sv" in message


def test_a_choice_that_leaves_nothing_is_refused(matrix: Matrix) -> None:
    only = Matrix(
        tuple(page for page in matrix.pages if (page.area, page.lang) in {("helsinki", "fi"), ("espoo", "sv")})
    )
    with pytest.raises(UsageError, match="no page is made for this choice"):
        only.select((), ["helsinki"], langs=["sv"])
