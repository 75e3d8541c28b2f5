"""What people write: loaded with its lines, refused where no page would show it or the languages don't go together."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sample_project import copy_project

from katsaus.config.models import LANGS
from katsaus.config.project import Project, load_project
from katsaus.config.prose import Named, named
from katsaus.errors import ConfigError

LEAD = "reviews/commentary/2023-06/trial/lead"
MAX_WORDS = 90


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """The real one without its commentary; the review's notebook has the place "lead", the areas' "services"."""
    copy = copy_project(root, tmp_path)
    for name, slot in (("review", "lead"), ("area", "services")):
        cell = {"cell_type": "code", "source": [f'review.commentary("{slot}", "…")']}
        (copy / "notebooks" / f"{name}.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    return copy


def write(project: Path, texts: dict[str, str]) -> Project:
    for name, text in texts.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_project(project)


def refused(project: Path, texts: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        write(project, texts)
    return str(caught.value)


def both(text: str) -> dict[str, str]:
    return {f"{LEAD}.{lang}.md": text for lang in LANGS}


def test_a_text_is_read_with_its_front_and_lines(project: Path) -> None:
    loaded = write(project, both("---\nplace: after\n---\n\nEnsin {A03}.\r\nSitten muuta.\n"))
    passage = loaded.commentary["2023-06", "trial", "fi"]["lead"]
    assert passage.front.place == "after"
    assert list(passage.lines)[1:] == [(f"{LEAD}.fi.md:5", "Ensin {A03}."), (f"{LEAD}.fi.md:6", "Sitten muuta.")]
    assert passage.figures == ["A03"]


def test_a_text_without_front_replaces_what_is_generated(project: Path) -> None:
    loaded = write(project, both("\N{ZERO WIDTH NO-BREAK SPACE}Teksti."))
    assert loaded.commentary["2023-06", "trial", "sv"]["lead"].front.place == "instead"
    assert loaded.commentary["2023-06", "trial", "sv"]["lead"].text == "Teksti."


def test_a_project_without_commentary_has_none(project: Path) -> None:
    assert load_project(project).commentary == {}


def test_an_area_and_a_municipality_have_texts_by_their_slug(project: Path, root: Path) -> None:
    texts = {f"reviews/commentary/2023-06/kainuu/services.{lang}.md": "Teksti." for lang in LANGS}
    assert ("2023-06", "kainuu", "fi") in write(project, texts).commentary


@pytest.mark.parametrize(
    "text", ["{A03}", "{A03.change}", "{A03.change_percent}", "{D01@country}", "{D01.change@KK07}"]
)
def test_figures_that_there_are(project: Path, text: str) -> None:
    assert write(project, both(f"Luku {text}.")).commentary


def test_a_figure_in_parts() -> None:
    assert named("A03") == Named("A03", "value", "")
    assert named("B03:coaching.change@country") == Named("B03:coaching", "change", "country")
    assert named("review.value(x)") is None


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Luku {A99}.", 1, "there is no published indicator A99"),
        ("Luku {E01}.", 1, "there is no published indicator E01"),
        ("Luku {B03}.", 1, "of B03 there are: B03:labour_market_training"),
        ("Luku {B03:naps}.", 1, "of B03 there are"),
        ("Luku {D01.change_percent}.", 1, "D01 has no change_percent"),
        ("Luku {A03.median}.", 1, "A03 has no median"),
        ("Luku {A03@KK99}.", 1, "there is no area KK99"),
        ("Luku { A03 }.", 1, "it is not written as a figure"),
        ("a\n\nLuku {A03.", 3, "a brace that belongs to no figure"),
        ("a\n\n# Otsikko", 3, "a heading that has no place here"),
        ("Otsikko\n=======", 2, "a heading that has no place here"),
        ("a\nb <b>c</b>", 2, "raw HTML"),
        ("a <!-- b -->", 1, "raw HTML"),
        ("", 0, "the file holds no text"),
        ("---\nplace: after\n---\n \n", 0, "the file holds no text"),
        ("---\nplace: after\n\nTeksti.", 1, "the lines at the top are not closed"),
        ("---\nplaec: after\n---\nTeksti.", 2, "the file has an unknown key: plaec"),
        ("---\nplace: above\n---\nTeksti.", 2, "place: 'above' is not known here"),
        ("---\nonly: true\n---\nTeksti.", 0, "only: true, and yet there are both languages"),
    ],
)
def test_what_is_refused_names_its_line(project: Path, text: str, line: int, said: str) -> None:
    message = refused(project, both(text))
    where = f"{LEAD}.fi.md:{line}:" if line else f"{LEAD}.fi.md:"
    assert re.search(rf"^{re.escape(where)}.*\n?.*{re.escape(said)}", message, re.MULTILINE), message


@pytest.mark.parametrize("text", ["a < b", "<https://stat.fi>", "### Otsikko", "a \\<b"])
def test_markdown_that_is_no_html(project: Path, text: str) -> None:
    assert write(project, both(text)).commentary


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reviews/commentary/2031-01/trial/lead.fi.md", "unknown month 2031-01"),
        ("reviews/commentary/2023-06/atlantis/lead.fi.md", "unknown area atlantis"),
        ("reviews/commentary/2023-06/trial/services.fi.md", "the pages of trial have no place services"),
        ("reviews/commentary/2023-06/kainuu/lead.fi.md", "the pages of kainuu have no place lead"),
        ("reviews/commentary/2023-06/trial/lead.en.md", "not the name of a commentary"),
        ("reviews/commentary/2023-06/lead.fi.md", "not the name of a commentary"),
        ("reviews/commentary/2023-06/trial/lead.fi.txt", "not the name of a commentary"),
    ],
)
def test_a_text_that_no_page_would_show_is_refused(project: Path, name: str, said: str) -> None:
    assert f"{name}: {said}" in refused(project, {name: "Teksti."})


def test_a_text_in_one_language_is_refused_unless_it_says_so(project: Path) -> None:
    fi = f"{LEAD}.fi.md"
    assert f"{fi}: a text without its twin in sv" in refused(project, {fi: "Teksti."})
    loaded = write(project, {fi: "---\nonly: true\n---\nTeksti."})
    assert set(loaded.commentary) == {("2023-06", "trial", "fi")}


def test_twins_stand_at_the_same_place_and_tell_the_same_figures(project: Path) -> None:
    texts = {f"{LEAD}.fi.md": "---\nplace: after\n---\n{A03} ja {D01}.", f"{LEAD}.sv.md": "{A03} och {A04}."}
    message = refused(project, texts)
    assert f"{LEAD}.fi.md: another place than in the other language" in message
    assert f"{LEAD}.fi.md: figures that the other language lacks: {{D01}}" in message
    assert f"{LEAD}.sv.md: figures that the other language lacks: {{A04}}" in message


def test_everything_is_told_at_once(project: Path) -> None:
    texts = {**both("# Otsikko {A99} <b>"), "reviews/commentary/2031-01/trial/lead.fi.md": "Teksti."}
    message = refused(project, texts)
    for said in ("a heading", "unknown figure {A99}", "raw HTML", "unknown month 2031-01"):
        assert said in message


# What the areas say of themselves


def test_every_area_has_its_note_in_both_languages(root: Path) -> None:
    project = load_project(root)
    assert project.area_notes.keys() == {area.code for area in project.areas}
    for notes in project.area_notes.values():
        assert notes["fi"] != notes["sv"]
        for text in notes.values():
            assert len(re.sub(r"\]\([^)]*\)", "", text).split()) <= MAX_WORDS


def test_both_languages_of_a_note_tell_the_same_numbers_and_addresses(root: Path) -> None:
    for notes in load_project(root).area_notes.values():
        addresses = [re.findall(r"\]\((.*?)\)", notes[lang]) for lang in LANGS]
        assert addresses[0] == addresses[1]
        words = [re.sub(r"\(https.*?\)", "", notes[lang]) for lang in LANGS]
        assert sorted(re.findall(r"\d+", words[0])) == sorted(re.findall(r"\d+", words[1]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## Otsikko", "reviews/areas/kainuu.fi.md:1: a heading that has no place here"),
        ("Luku {A03}.", "reviews/areas/kainuu.fi.md:1: a brace"),
        ("---\nplace: after\n---\nTeksti.", "reviews/areas/kainuu.fi.md:1: an area's note begins with its text"),
        ("<b>a</b>", "reviews/areas/kainuu.fi.md:1: raw HTML"),
        (" ", "reviews/areas/kainuu.fi.md: the file holds no text"),
    ],
)
def test_a_note_is_plain(project: Path, text: str, said: str) -> None:
    assert said in refused(project, {"reviews/areas/kainuu.fi.md": text})


def test_a_note_is_neither_missing_nor_of_nobody(project: Path) -> None:
    (project / "reviews/areas/kainuu.sv.md").rename(project / "reviews/areas/kajanaland.sv.md")
    message = refused(project, {})
    assert "reviews/areas/kainuu.sv.md: an area's note is missing" in message
    assert "reviews/areas/kajanaland.sv.md: not the name of an area's note" in message
