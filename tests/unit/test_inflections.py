"""Names in their cases: every name of a page has them, and what can't be a case is refused with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_project import copy_project, replace

from katsaus.config.files import read_files
from katsaus.config.language import check_language
from katsaus.config.project import load_project
from katsaus.errors import ConfigError, UsageError
from katsaus.places import Places

FORMS = {
    "KU092": ("Vantaan", "Vantaalla", "Vandas", "i Vanda"),
    "KU091": ("Helsingin", "Helsingissä", "Helsingfors", "i Helsingfors"),
    "KU837": ("Tampereen", "Tampereella", "Tammerfors", "i Tammerfors"),
    "KU698": ("Rovaniemen", "Rovaniemellä", "Rovaniemis", "i Rovaniemi"),
    "KU271": ("Kokemäen", "Kokemäellä", "Kumos", "i Kumo"),
    "KU179": ("Jyväskylän", "Jyväskylässä", "Jyväskyläs", "i Jyväskylä"),
    "KU211": ("Kangasalan", "Kangasalla", "Kangasalas", "i Kangasala"),
    "KU562": ("Oriveden", "Orivedellä", "Orivesis", "i Orivesi"),
    "KU139": ("Iin", "Iissä", "Iis", "i Ii"),
    "KU936": ("Virtain", "Virroilla", "Virdois", "i Virdois"),
    "KU895": ("Uudenkaupungin", "Uudessakaupungissa", "Nystads", "i Nystad"),
    "KU143": ("Ikaalisten", "Ikaalisissa", "Ikalis", "i Ikalis"),
    "KU276": ("Kontiolahden", "Kontiolahdella", "Kontiolax", "i Kontiolax"),
    "KK01": (
        "Seinäjoen–Ilmajoen alueen",
        "Seinäjoen–Ilmajoen alueella",
        "Seinäjoki–Ilmajoki-områdets",
        "i Seinäjoki–Ilmajoki-området",
    ),
    "KK03": ("Mikkelin seudun", "Mikkelin seudulla", "S:t Michelsregionens", "i S:t Michelsregionen"),
    "MK01": ("Uudenmaan", "Uudellamaalla", "Nylands", "i Nyland"),
    "MK21": ("Ahvenanmaan", "Ahvenanmaalla", "Ålands", "på Åland"),
    "country": ("koko maan", "koko maassa", "hela landets", "i hela landet"),
}

PORVOO = "{genitive: Porvoon, locative: Porvoossa}, sv: {genitive: Borgås, locative: i Borgå}"
VANTAA = "{genitive: Vantaan–Keravan alueen, locative: Vantaan–Keravan alueella}"


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return copy_project(root, tmp_path)


def test_names_are_inflected_as_people_say_them(root: Path) -> None:
    project = load_project(root)
    finnish, swedish = Places(project, "fi"), Places(project, "sv")
    found = {
        code: (finnish.genitive(code), finnish.locative(code), swedish.genitive(code), swedish.locative(code))
        for code in FORMS
    }
    assert found == FORMS


def test_a_list_tells_a_common_preposition_once(root: Path) -> None:
    finnish, swedish = (Places(load_project(root), lang) for lang in ("fi", "sv"))
    assert swedish.locatives(["KK20", "KK21", "country"]) == ["i Helsingfors", "Vanda–Kervo-området", "hela landet"]
    assert swedish.locatives(["KU072", "KK20"]) == ["på Karlö", "i Helsingfors"]
    assert finnish.locatives(["KK20", "KK21"]) == ["Helsingissä", "Vantaan–Keravan alueella"]
    assert finnish.label("KK21") == "Vantaa–Kerava"


def test_a_code_without_forms_is_refused(root: Path) -> None:
    with pytest.raises(UsageError, match="no inflected forms of KU005"):
        Places(load_project(root), "sv").locative("KU005")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("code: KU638", "code: KU005", "no inflected forms of KU638"),
        ("code: KU638", "code: KU999", "unknown code KU999"),
        ("code: KU638", "code: KU635", "code 'KU635' is used twice"),
        (PORVOO, PORVOO.replace("Porvoon", "Porvoo"), "'Porvoo' is hardly a Finnish genitive"),
        (PORVOO, PORVOO.replace("Porvoossa", "Porvoo"), "'Porvoo' is hardly a Finnish locative"),
        (PORVOO, PORVOO.replace("i Borgå", "Borgå"), "'Borgå' is hardly a Swedish locative"),
        (PORVOO, PORVOO.replace("Borgås", "Borgå"), "'Borgå' is hardly a Swedish genitive"),
        (PORVOO, PORVOO.replace("Porvoon", '" "'), "' ' is not a text"),
        (VANTAA, VANTAA.replace("alueella", "alue"), "'Vantaan–Keravan alue' is hardly a Finnish locative"),
    ],
)
def test_what_is_no_case_is_refused(copy: Path, old: str, new: str, what: str) -> None:
    line = replace(copy / "reviews" / "inflections.yml", old, new)
    with pytest.raises(ConfigError) as error:
        load_project(copy)
    problems = [str(problem) for problem in error.value.problems]
    where = "reviews/inflections.yml:" + ("" if what.startswith("no inflected") else str(line))
    assert any(what in problem and where in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("indicator: A14", "indicator: A99", "unknown indicator A99"),
        ("indicator: A14", "indicator: A15", "indicator 'A15' has two phrases"),
        ("indicator: A14", "indicator: A04", "A04 in percent does not belong to counts"),
        ("indicator: D01", "indicator: D07", "D07 in persons does not belong to quantities"),
        ("  length:\n", "  lenght:\n", "lenght"),
    ],
)
def test_a_phrase_of_nothing_is_refused(copy: Path, old: str, new: str, what: str) -> None:
    replace(copy / "reviews" / "phrases.yml", old, new)
    with pytest.raises(ConfigError, match=r"reviews/phrases\.yml:") as error:
        load_project(copy)
    assert any(what in str(problem) for problem in error.value.problems)


def test_the_tiny_review_has_its_own_forms(root: Path, copy: Path) -> None:
    shutil.copytree(root / "tests" / "tiny" / "reviews", copy / "reviews", dirs_exist_ok=True)
    assert list(check_language(read_files(copy)[0])) == []


def test_a_missing_scale_is_named(copy: Path) -> None:
    path = copy / "reviews" / "phrases.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  length:\n"), text.index("\ncounts:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ConfigError, match="the scale length is missing"):
        load_project(copy)
