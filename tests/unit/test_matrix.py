from __future__ import annotations

from pathlib import Path

import pytest

from katsaus.config.matrix import Matrix, Page
from katsaus.config.project import load_project
from katsaus.errors import UsageError


@pytest.fixture(scope="module")
def matrix(root: Path) -> Matrix:
    return load_project(root).matrix


def test_a_month_has_front_and_methods_pages_one_review_and_25_areas_in_two_languages(matrix: Matrix) -> None:
    assert len(matrix.select(["2023-05"])) == 28 * 2
    assert len(matrix.select(["2023-06"])) == 28 * 2
    assert len(matrix.pages) == 28 * 28 * 2


def test_addresses_are_those_of_the_plan(matrix: Matrix) -> None:
    pages = matrix.select(["2023-06"], ["trial", "helsinki"], langs=["fi"])
    assert [(page.notebook, page.address, page.pdf) for page in pages] == [
        ("front", "", False),
        ("methods", "menetelmat/", True),
        ("review", "2023-06/", True),
        ("area", "2023-06/alue/helsinki/", True),
    ]


def test_addresses_and_names_tell_pages_apart_and_are_the_same_in_both_languages(matrix: Matrix) -> None:
    assert len({page.name for page in matrix.pages}) == len(matrix.pages)
    finnish, swedish = ({page.address for page in matrix.pages if page.lang == lang} for lang in ("fi", "sv"))
    assert finnish == swedish
    at_one_address = [page for page in matrix.pages if page.newest_only]
    general = {"", "menetelmat/", "laatu/", "lahteet/", "sanasto/", "tietoa/"}
    assert {page.address for page in at_one_address} == general
    assert len(finnish) == (len(matrix.pages) - len(at_one_address)) / 2 + len(general)


def test_a_page_is_named_by_notebook_area_month_and_language() -> None:
    page = Page("area", "helsinki", "2023-06", "fi", "2023-06/alue/helsinki/", pdf=True)
    assert page.name == "notebooks/area.ipynb · helsinki · 2023-06 · fi"
    assert page.path == "notebooks/area.ipynb"


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
