"""The review of the whole trial and the front page: the ministry's order, both languages alike, months with little."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from katsaus.config.matrix import Page
from katsaus.config.project import Project, load_project
from katsaus.directory import directory
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.pages.figures import Content, Prose, read
from katsaus.pages.html import _without_dead_ends

ROOT = Path(__file__).resolve().parents[2]
NEWEST, FIRST = "2023-06", "2021-03"
CHARTS = 11
"""More charts than these make a page heavy."""
SLOTS = ["lead", "clients", "areas", "responsible", "services", "flows", "rate", "kela", "changes"]
LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")


@cache
def project() -> Project:
    return load_project(ROOT)


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def content(notebook: str, month: str, lang: str) -> Content:
    page = Page(notebook, "trial", month, lang, f"{month}/", pdf=False)
    return read(finish(run_notebook(prepare(ROOT / page.path, page), lambda _: None)), page.name)


def labels(page: Content) -> list[str]:
    return [item.label for item in (*page.figures, *page.tables)]


def prose(page: Content) -> str:
    return "\n".join(block.text for block in page.blocks if isinstance(block, Prose))


def links(text: str) -> Iterator[str]:
    return (address for _, address in LINK.findall(text))


def test_the_places_of_commentary_are_those_that_statisticians_know() -> None:
    cells = json.loads((ROOT / "notebooks/review.ipynb").read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells)
    assert re.findall(r'review\.commentary\(\s*"([a-z]+)"', source) == SLOTS


def test_the_clients_come_in_the_order_of_the_ministry() -> None:
    table = next(table for table in content("review", NEWEST, "sv").tables if table.label == "tbl-clients")
    assert [row[0] for row in table.content["rows"]] == [
        "Arbetssökande",
        "Arbetslösa arbetssökande",
        "Arbetslösa eller permitterade av de arbetssökande, %",
        "Heltidspermitterade",
        "I service utanför arbetskraften",
        "I utbildning",
        "I arbete på den öppna arbetsmarknaden",
        "Sysselsatta genom tjänster",
        "Med förkortad arbetsvecka",
    ]


@pytest.mark.parametrize("notebook", ["review", "front"])
def test_both_languages_show_the_same(notebook: str) -> None:
    finnish, swedish = (content(notebook, NEWEST, lang) for lang in ("fi", "sv"))
    assert labels(finnish) == labels(swedish)
    assert len(finnish.figures) <= CHARTS
    assert list(links(prose(finnish))).count("arkisto/index.html") == (notebook == "front")
    for one, other in zip(finnish.figures, swedish.figures, strict=True):
        assert len(one.words["table"]["rows"]) == len(other.words["table"]["rows"])


@pytest.mark.parametrize("month", [FIRST, NEWEST])
def test_no_chart_is_drawn_of_nothing(month: str) -> None:
    for figure in content("review", month, "fi").figures:
        newest = [cell for row in figure.words["table"]["rows"] for cell in row[1:]]
        assert any(re.search(r"\d", cell) for cell in newest), figure.label


def test_the_first_month_says_once_that_there_is_nothing_to_compare_with() -> None:
    page = content("review", FIRST, "fi")
    assert not {"fig-areas", "fig-responsible"} & set(labels(page))
    clients = next(b.text for b in page.blocks if isinstance(b, Prose) and "201 200" in b.text.replace("\xa0", " "))
    assert clients.count("Vertailutietoa ei ole saatavilla.") == 1


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_front_page_leads_to_every_area_and_municipality_once(lang: str) -> None:
    pages = [address.removesuffix("/index.html") for address in links(directory(project(), NEWEST, lang=lang))]
    assert len(pages) == len(set(pages)) == 25 + 114
    assert set(pages) == {f"{NEWEST}/{place}" for place in project().places.values()}
    assert directory(project(), NEWEST, lang=lang) in prose(content("front", NEWEST, lang))


def test_a_municipality_stands_beneath_its_area() -> None:
    lines = directory(project(), NEWEST, lang="sv").splitlines()
    assert f"- **[Esbo]({NEWEST}/alue/espoo/index.html)**" in lines
    vanda = f"[Kervo]({NEWEST}/kunta/kerava/index.html), [Vanda]({NEWEST}/kunta/vantaa/index.html)"
    assert f"- **[Vanda och Kervo]({NEWEST}/alue/vantaa-kerava/index.html)**: {vanda}" in lines


def test_prose_links_to_no_page_that_the_site_lacks() -> None:
    def alive(body: str) -> str:
        return _without_dead_ends(body, "2023-06/", addresses={"", "2023-06/kela/", "menetelmat/"})

    there = '<a href="kela/index.html">Kela</a> <a href="../menetelmat/index.html">M</a> <a href="../index.html">F</a>'
    assert alive(there) == there
    assert alive('<a href="vertailu/index.html"><em>V</em></a>.') == "<em>V</em>."
    others = '<a href="https://stat.fi/index.html">S</a> <a href="#note-1">1</a> <a href="fig-map.csv" download>C</a>'
    assert alive(others) == others
