from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sample_project import copy_project, replace

from katsaus.errors import NotebookError, TermError
from katsaus.terms import Words, check_catalogues, load_words

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.fixture(scope="module", params=["fi", "sv"])
def words(root: Path, request: pytest.FixtureRequest) -> Words:
    return load_words(root, request.param)


@pytest.fixture(scope="module")
def finnish(root: Path) -> Words:
    return load_words(root, "fi")


@pytest.fixture(scope="module")
def swedish(root: Path) -> Words:
    return load_words(root, "sv")


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return copy_project(root, tmp_path)


PLURAL = """
msgid "{n} municipality"
msgid_plural "{n} municipalities"
msgstr[0] "{n} kunta"
msgstr[1] "{n} kuntaa"
"""


def with_plurals(project: Path) -> Words:
    """The Finnish words of `project` with one term more, which has plural forms."""
    catalogue = project / "reviews" / "terms" / "fi.po"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + PLURAL, encoding="utf-8")
    return load_words(project, "fi")


def test_terms_are_in_the_language(finnish: Words, swedish: Words) -> None:
    assert finnish.term("Municipality") == "Kunta"
    assert swedish.term("Archive") == "Arkiv"


def test_fields_are_filled_in(swedish: Words) -> None:
    assert swedish.term("{value} percentage points", value="−0,4") == "−0,4 procentenheter"


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 kuntaa"), (1, "1 kunta"), (2, "2 kuntaa"), (1234, f"1{NBSP}234 kuntaa")]
)
def test_the_plural_form_follows_the_number(project: Path, n: int, text: str) -> None:
    assert with_plurals(project).term("{n} municipality", n=n) == text


def test_a_term_with_plural_forms_needs_a_number(project: Path) -> None:
    with pytest.raises(TermError, match="needs a whole number n"):
        with_plurals(project).term("{n} municipality")


def test_a_missing_term_or_field_is_refused_by_name(words: Words) -> None:
    with pytest.raises(TermError, match=rf"reviews/terms/{words.lang}\.po: no term 'Nonsense'") as caught:
        words.term("Nonsense")
    assert caught.value.exit_code == 11
    with pytest.raises(TermError, match="lacks its fields: value"):
        words.term("{value} percentage points")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (331526, 0, f"331{NBSP}526"),
        (1_000_000, 0, f"1{NBSP}000{NBSP}000"),
        (999, 0, "999"),
        (2.5, 0, "3"),
        (-2.5, 0, f"{MINUS}3"),
        (8.25, 1, "8,3"),
        (0.05, 1, "0,1"),
        (-0.04, 1, "0,0"),
        (12, 1, "12,0"),
        (1234.5, 1, f"1{NBSP}234,5"),
        (259036, -2, f"259{NBSP}000"),
    ],
)
def test_numbers_are_written_alike_in_both_languages(words: Words, value: float, decimals: int, text: str) -> None:
    assert words.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0,0"), (0.05, "+0,1"), (-0.05, f"{MINUS}0,1"), (-0.04, "0,0"), (0, "0,0")]
)
def test_a_change_has_its_sign_unless_it_rounds_to_zero(words: Words, value: float, text: str) -> None:
    assert words.signed(value, 1) == text


def test_a_percentage_has_a_no_break_space(words: Words) -> None:
    assert words.percent(8.25, 1) == f"8,3{NBSP}%"


@pytest.mark.parametrize(
    ("form", "fi", "sv"),
    [
        ("nominative", "kesäkuu 2023", "juni 2023"),
        ("genitive", "kesäkuun 2023", "juni 2023"),
        ("inessive", "kesäkuussa 2023", "i juni 2023"),
        ("short", "6/2023", "6/2023"),
    ],
)
def test_months_have_the_forms_of_the_language(finnish: Words, swedish: Words, form: str, fi: str, sv: str) -> None:
    assert (finnish.month("2023-06", form), swedish.month("2023-06", form)) == (fi, sv)


def test_every_month_of_the_year_has_its_name(finnish: Words, swedish: Words) -> None:
    assert finnish.month("2021-12", "inessive") == "joulukuussa 2021"
    assert all(finnish.month(f"2021-{n:02}", "nominative").split()[0].endswith("kuu") for n in range(1, 13))
    names = [swedish.month(f"2021-{n:02}", "nominative") for n in range(1, 13)]
    assert (names[0], names[4], len(set(names))) == ("januari 2021", "maj 2021", 12)


def test_a_form_that_there_is_not_is_refused(words: Words) -> None:
    with pytest.raises(ValueError, match="partitive"):
        words.month("2023-06", "partitive")


def test_a_list_ends_in_and(finnish: Words, swedish: Words) -> None:
    assert finnish.listed(["Inkoo", "Loviisa", "Siuntio"]) == "Inkoo, Loviisa ja Siuntio"
    assert swedish.listed(["Ingå", "Lovisa"]) == "Ingå och Lovisa"
    assert swedish.listed(["Ingå"]) == "Ingå"


# The gate


def refusal(project: Path) -> str:
    with pytest.raises(TermError) as caught:
        check_catalogues(project)
    return str(caught.value)


def test_the_catalogues_are_complete(root: Path) -> None:
    check_catalogues(root)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('msgid "Archive"\nmsgstr "Arkiv"\n', "", "no term 'Archive'"),
        ('msgstr "Arkiv"', 'msgstr ""', "no term 'Archive'"),
        ('msgstr "Arkiv"', 'msgstr " "', "no term 'Archive'"),
        ('msgid "Archive"', 'msgid "Area"', 'the term "Area" is there twice'),
        ('msgid "Archive"', '#, fuzzy\nmsgid "Archive"', "the term 'Archive' is marked fuzzy"),
        ("{value} procentenheter", "{värde} procentenheter", "the term '{value} percentage points' has wrong fields"),
        ("{value} procentenheter", "procentenheter", "the term '{value} percentage points' has wrong fields"),
        ('msgid "Archive"', 'mgsid "Archive"', "not a gettext catalogue"),
    ],
)
def test_a_gap_in_one_language_is_refused_by_name(project: Path, old: str, new: str, what: str) -> None:
    replace(project / "reviews" / "terms" / "sv.po", old, new)
    message = refusal(project)
    assert what in message
    assert "reviews/terms/sv.po" in message


def test_a_gap_in_a_plural_form_is_refused_by_name(project: Path) -> None:
    with_plurals(project)
    catalogue = project / "reviews" / "terms" / "sv.po"
    gap = PLURAL.replace("{n} kuntaa", "")
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + gap, encoding="utf-8")
    assert "no term '{n} municipality'" in refusal(project)


def test_a_missing_catalogue_is_refused(project: Path) -> None:
    (project / "reviews" / "terms" / "sv.po").unlink()
    assert "reviews/terms/sv.po: the catalogue is missing" in refusal(project)


def test_a_broken_notebook_is_refused_by_name(project: Path) -> None:
    (project / "notebooks" / "area.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(NotebookError, match=r"notebooks/area\.ipynb: not a notebook"):
        check_catalogues(project)


def test_a_term_used_in_code_a_template_or_a_notebook_must_be_there(project: Path) -> None:
    for lang, archive, skip in (("fi", "Arkisto", "Siirry sisältöön"), ("sv", "Arkiv", "Hoppa till innehållet")):
        catalogue = project / "reviews" / "terms" / f"{lang}.po"
        replace(catalogue, f'msgid "Archive"\nmsgstr "{archive}"\n', "")
        replace(catalogue, f'msgid "Skip to content"\nmsgstr "{skip}"\n', "")
    notebook = {"cells": [{"source": ["words.term('Third')\n"]}]}
    (project / "notebooks" / "area.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    message = refusal(project)
    assert re.search(r"src/katsaus/pages/html\.py:[0-9]+: no term 'Archive' in reviews/terms/fi\.po", message)
    assert re.search(r"templates/shell\.html:[0-9]+: no term 'Skip to content' in reviews/terms/sv\.po", message)
    assert "notebooks/area.ipynb:1: no term 'Third'" in message


def test_a_term_that_nothing_uses_is_refused_by_file_and_line(project: Path) -> None:
    lines = {}
    for lang in ("fi", "sv"):
        catalogue = project / "reviews" / "terms" / f"{lang}.po"
        text = catalogue.read_text(encoding="utf-8") + '\nmsgid "Idle {x}"\nmsgstr "{x}"\n'
        catalogue.write_text(text, encoding="utf-8")
        lines[lang] = text.count("\n", 0, text.index('msgid "Idle')) + 1
    message = refusal(project)
    assert message.count("nothing uses") == 2
    for lang, line in lines.items():
        assert f"reviews/terms/{lang}.po:{line}: nothing uses the term 'Idle {{x}}'" in message
