from __future__ import annotations

from pathlib import Path

import pytest
from sample_project import copy_project, replace

from katsaus.config.site import NavItem, load_sites
from katsaus.errors import ConfigError


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return copy_project(root, tmp_path)


def refusal(project: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_sites(project)
    return str(caught.value)


def test_both_languages_have_their_own_title_folder_navigation_and_figure_names(root: Path) -> None:
    sites = load_sites(root)
    assert sites["fi"].title == "Työllisyyden kuntakokeilujen tilastokatsaus"
    assert sites["sv"].title == "Statistisk översikt över kommunförsöken med sysselsättning"
    assert (sites["fi"].output_dir, sites["sv"].output_dir) == ("_site/fi", "_site/sv")
    assert [item.href for item in sites["fi"].navigation] == [item.href for item in sites["sv"].navigation]
    assert NavItem("Arkiv", "arkisto/index.html") in sites["sv"].navigation
    assert (sites["fi"].crossref.figure_title, sites["sv"].crossref.figure_prefix) == ("Kuvio", "figur")


def test_a_value_of_the_base_serves_where_the_profile_is_silent(project: Path) -> None:
    replace(project / "_quarto-fi.yml", "  fig-title: Kuvio\n", "")
    (project / "_quarto.yml").write_text("project: {type: website}\ncrossref: {fig-title: X}\n", encoding="utf-8")
    sites = load_sites(project)
    assert (sites["fi"].crossref.figure_title, sites["sv"].crossref.figure_title) == ("X", "Figur")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  title:", "  tilte:", "_quarto-sv.yml:8: website: title is missing or not a text"),
        ("  description: ", "  description: 5 #", "website: description is missing or not a text"),
        ("lang: sv", "lang: fi", "_quarto-sv.yml:3: lang is fi"),
        ("output-dir: _site/sv", "output-dir: _site/fi", "two languages have the same output-dir"),
        ("output-dir: _site/sv", "output-dir: ../sv", "_quarto-sv.yml:6: output-dir leads out of the project"),
        ("output-dir: _site/sv", "output-dir: /sv", "output-dir leads out of the project"),
        ("        href: index.html\n", "", "_quarto-sv.yml:13: a navigation item is not a text and a href"),
        ("    left:\n      - text", "    right:\n      - text", "website: navbar: left is missing"),
        ("  tbl-prefix: tabell", "  tbl-prefix: no", "'no' is ambiguous"),
    ],
)
def test_a_missing_or_wrong_setting_is_refused_by_name(project: Path, old: str, new: str, what: str) -> None:
    replace(project / "_quarto-sv.yml", old, new)
    assert what in refusal(project)


def test_a_missing_profile_is_refused(project: Path) -> None:
    (project / "_quarto-sv.yml").rename(project / "_quarto-se.yml")
    assert "_quarto-sv.yml: the file is missing" in refusal(project)


def test_a_project_that_is_no_website_is_refused(project: Path) -> None:
    replace(project / "_quarto.yml", "type: website", "type: book")
    assert "_quarto.yml:5: project type is not website" in refusal(project)
