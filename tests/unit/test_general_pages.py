"""The general pages: made in both languages, alike in both, with links that lead to pages or out into the web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from katsaus.config.matrix import Page
from katsaus.config.project import load_project
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.pages.document import Document, compose
from katsaus.pages.figures import read
from katsaus.terms import load_words

ROOT = Path(__file__).resolve().parents[2]
GENERAL = {
    "methods": "menetelmat/",
    "disclosure": "tietosuoja/",
    "quality": "laatu/",
    "sources": "lahteet/",
    "glossary": "sanasto/",
    "about": "tietoa/",
}
LINK = re.compile(r'href="([^"]+)"')
IN_SWEDISH = {
    "https://www.eduskunta.fi/riksdagshandlingar/RP+87/2020": "https://www.finlex.fi/fi/hallituksen-esitykset/2020/87",
    "https://www.eduskunta.fi/riksdagshandlingar/RP+17/2022": "https://www.finlex.fi/fi/hallituksen-esitykset/2022/17",
}
"""Texts that have an address for each language."""


def made(notebook: str, lang: str) -> Document:
    page = Page(notebook, "trial", "2023-06", lang, GENERAL[notebook], pdf=False, newest_only=True)
    executed = finish(run_notebook(prepare(ROOT / page.path, page), lambda _: None))
    crossref = load_project(ROOT).sites[lang].crossref
    return compose(read(executed, page.name), crossref, term=load_words(ROOT, lang).term, where=page.name)


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("notebook", GENERAL)
def test_both_languages_say_as_much(notebook: str) -> None:
    fi, sv = made(notebook, "fi"), made(notebook, "sv")
    assert [heading.level for heading in fi.contents] == [heading.level for heading in sv.contents]
    for tag in ("<p", "<li", "<dt", "<dd", "<td", "<div"):
        assert fi.html.count(tag) == sv.html.count(tag), tag
    assert fi.html != sv.html


@pytest.mark.parametrize("notebook", GENERAL)
def test_both_languages_lead_to_the_same_places(notebook: str) -> None:
    links = [[link.partition("#")[0] for link in LINK.findall(made(notebook, lang).html)] for lang in ("fi", "sv")]
    assert links[0] == [IN_SWEDISH.get(link, link) for link in links[1]]
    inside = {link for link in links[0] if link and not link.startswith("https://")}
    assert inside <= {f"../{address}index.html" for address in GENERAL.values()}


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_links_within_a_page_lead_to_a_heading(lang: str) -> None:
    ids = {GENERAL[notebook]: {heading.id for heading in made(notebook, lang).contents} for notebook in GENERAL}
    for notebook in GENERAL:
        for link in LINK.findall(made(notebook, lang).html):
            address, _, anchor = link.partition("#")
            if anchor and address.startswith("../"):
                assert anchor in ids[address.removeprefix("../").removesuffix("index.html")], link


def test_the_pages_stand_in_the_navigation_and_the_head_stays_short() -> None:
    for site in load_project(ROOT).sites.values():
        assert len(site.navigation) <= 5
        assert {item.href.removesuffix("index.html") for item in site.more} == set(GENERAL.values())
