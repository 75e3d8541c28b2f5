from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from sample_project import copy_project, replace

from katsaus.config.checks import following
from katsaus.config.models import LANGS, Text
from katsaus.config.project import Project, find_root, load_project
from katsaus.errors import ConfigError, UsageError


@pytest.fixture(scope="module")
def real(root: Path) -> Project:
    return load_project(root)


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return copy_project(root, tmp_path)


def refusal(project: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_project(project)
    assert caught.value.exit_code == 10
    return caught.value


# What is published


def test_the_trial_has_118_municipalities_in_25_areas_and_175_others_on_the_mainland(real: Project) -> None:
    assert (len(real.areas), len(real.trial_municipalities), len(real.other_municipalities)) == (25, 118, 175)
    assert (len(real.municipalities), len(real.regions)) == (309, 19)
    apart = set(real.municipalities) - {*real.trial_municipalities, *real.other_municipalities}
    assert {real.municipalities[code].region for code in apart} == {"MK21"}
    assert len(apart) == 16


def test_no_municipality_is_trial_and_other_at_once(real: Project) -> None:
    assert set(real.trial_municipalities).isdisjoint(real.other_municipalities)


def test_months_run_from_march_2021_to_june_2023(real: Project) -> None:
    assert (real.months[0], real.months[-1], len(real.months)) == ("2021-03", "2023-06", 28)


@pytest.mark.parametrize(("code", "swedish"), [("KU145", "Ilmajoki"), ("KU139", "Ii"), ("KU480", "Marttila")])
def test_the_swedish_name_of_the_act_wins(real: Project, code: str, swedish: str) -> None:
    assert real.municipalities[code].name["sv"] == swedish


def test_a_municipality_is_known_by_name_region_language_and_population(real: Project) -> None:
    porvoo = real.municipalities["KU638"]
    assert (porvoo.name["fi"], porvoo.name["sv"], porvoo.language) == ("Porvoo", "Borgå", "fi-sv")
    assert real.regions[porvoo.region].name["sv"] == "Nyland"
    assert real.municipalities["KU091"].population == 658_457


def test_everything_is_said_in_both_languages_without_english_left_in(real: Project) -> None:
    named = [*real.areas, *real.groups.values(), *real.indicators.values()]
    for lang in LANGS:
        assert len({item.name[lang] for item in named}) == len(named), "names tell things apart"


def test_the_index_base_is_the_year_before_the_trials(real: Project) -> None:
    base = real.indicators["D04"].base
    assert base is not None
    assert (base.first, base.last) == ("2020-03", "2021-02")


def test_aland_is_withheld_with_a_reason(real: Project) -> None:
    rule = next(rule for rule in real.rules if rule.source == "statfin-12r5")
    assert [(withheld.region, bool(withheld.reason["sv"])) for withheld in rule.withheld] == [("MK21", True)]


def test_the_project_is_frozen(real: Project) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        real.months = ()  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        real.areas[0].slug = "x"  # type: ignore[misc]


def test_the_root_is_found_from_below_and_a_folder_without_project_is_refused(project: Path) -> None:
    assert find_root(project / "data" / "sources") == project.resolve()
    (project / "_quarto.yml").unlink()
    with pytest.raises(UsageError, match=r"_quarto\.yml"):
        find_root(project / "data")


# What is refused: file, what to replace, by what, how many lines further the message points, what it says

AREAS, MUNICIPALITIES, INDICATORS = "reviews/areas.yml", "reviews/municipalities.yml", "reviews/indicators.yml"
MATRIX, CALENDAR, GROUPS = "reviews/matrix.yml", "reviews/calendar.yml", "reviews/groups.yml"
BASE = "    base: {first: 2020-03, last: 2021-02}\n"
RATE = "numerator: unemployed\n    denominator: labour_force"
MISTAKES = [
    (AREAS, "    slug: seinajoki", "    slug: x\n    slug: seinajoki", 1, "the key 'slug' is written twice"),
    (AREAS, "    law:", "    lwa:", 0, "the area KK01 has an unknown key: lwa"),
    (AREAS, '    law: "1a"\n', "", -4, "the area KK01 has no law"),
    (AREAS, "KU743", "KU744", 0, "unknown municipality KU744 in area seinajoki-ilmajoki"),
    (AREAS, "[KU743, KU145]", "[KU743, KU301]", 8, "municipality KU301 in area kurikka-kauhajoki too"),
    (AREAS, "[KU743, KU145]", "[KU743, KU743]", 0, "municipality KU743 in area seinajoki-ilmajoki too"),
    (AREAS, "[KU743, KU145]", "[KU743, KU478]", 0, "municipality KU478 in area seinajoki-ilmajoki is not on the main"),
    (AREAS, "[KU743, KU145]", "[]", 0, "the area KK01: municipalities: it is empty"),
    (AREAS, "code: KK02", "code: KK01", 0, "code 'KK01' is used twice"),
    (AREAS, "slug: kurikka-kauhajoki", "slug: seinajoki-ilmajoki", 0, "slug 'seinajoki-ilmajoki' is used twice"),
    (AREAS, "slug: kurikka-kauhajoki", "slug: ../x", 0, "the area KK02: slug: '../x' is not a name"),
    (AREAS, "name: {fi: Helsinki, sv: Helsingfors}", "name: {fi: Helsinki}", 0, "the area KK20 has no name.sv"),
    (AREAS, "name: {fi: Helsinki, sv: Helsingfors}", 'name: {fi: Helsinki, sv: " "}', 0, "name.sv: ' ' is not a text"),
    (MUNICIPALITIES, "code: KU005", "code: 005", 0, "005 has a leading zero"),
    (MUNICIPALITIES, "code: KU005", "code: 5", 0, "municipalities.0: code: 5 is no text"),
    (MUNICIPALITIES, "MK14, language: fi,", "MK14, language: no,", 0, "'no' is ambiguous"),
    (MUNICIPALITIES, "MK14, language: fi,", "MK14, no: fi,", 0, "the key 'no' is not text"),
    (MUNICIPALITIES, "population: 9311", 'population: "9311"', 0, "KU005: population: '9311' is no whole number"),
    (MUNICIPALITIES, "population: 9311", "population: 0", 0, "KU005: population: 0 should be greater than 0"),
    (MUNICIPALITIES, "code: KU009", "code: KU005", 0, "code 'KU005' is used twice"),
    (MUNICIPALITIES, "region: MK14", "region: MK99", 0, "unknown region MK99"),
    (GROUPS, "size: 175", "size: 174", 0, "group other should have 174 municipalities"),
    (GROUPS, "code: other", "code: trial", 0, "code 'trial' is used twice"),
    (CALENDAR, "  - 2021-04\n", "", 0, "2021-05 does not follow 2021-03"),
    (CALENDAR, "2021-04", "2021-03", 0, "2021-03 does not follow 2021-03"),
    (CALENDAR, "2021-04", "2021-13", 0, "months.1: '2021-13' is not a month"),
    (CALENDAR, "2021-04", "2021-04-01", 0, "months.1: it is no text"),
    (INDICATORS, "sources: [statfin-12r5]", "sources: [kela]", 0, "unknown source kela"),
    (INDICATORS, "numerator: unemployed\n", "numerator: jobless\n", 4, "no measure jobless"),
    ("reviews/disclosure.yml", "source: statfin-12u4", "source: statfin-12ux", 0, "unknown source statfin-12ux"),
    ("reviews/sources.yml", "tables: [statfin-12u4]", "tables: [statfin-12ux]", 0, "no contract statfin-12ux"),
    ("reviews/sources.yml", "yearly: [labour_force]", "yearly: [labour]", 0, "has no measure labour"),
    ("reviews/sources.yml", "left: ended,", "left: end + ed,", 0, "no measure end"),
    ("reviews/sources.yml", "left: ended,", "left: ended - ,", 0, "source ministry: identities.1.left: can't be read"),
    (INDICATORS, BASE, "", -13, "indicator D04: an index, and only an index, has a base"),
    (INDICATORS, "last: 2021-02", "last: 2020-02", -13, "indicator D04: the base period ends before it begins"),
    (INDICATORS, RATE, RATE.replace("unemployed", "null"), -11, "indicator D01: a numerator or parts"),
    (INDICATORS, "decimals: 0", "decimals: 0.5", 0, "the indicator A01: decimals: it is no whole number"),
    ("reviews/notes.yml", "indicators: [A03,", "indicators: [A94,", 0, "note residents: unknown indicator A94"),
    ("reviews/notes.yml", "areas: all", "areas: [KK99]", 0, "note trials-begin: unknown area KK99"),
    ("reviews/disclosure.yml", "region: MK21", "region: MK22", 0, "unknown region MK22"),
    ("reviews/disclosure.yml", "protected_at_source", "none", 0, "at-source: kind: 'none' is not known here"),
    (MATRIX, "notebook: area", "notebook: aera", 0, "there is no notebooks/aera.ipynb"),
    (MATRIX, '"{month}/alue/{slug}/"', '"{month}/alue/"', 0, "the address of area does not tell its pages apart"),
    (MATRIX, '"{month}/alue/{slug}/"', '"{month}/{name}/"', 0, "the address of area does not tell its pages apart"),
    (MATRIX, '"{month}/alue/{slug}/"', '"{month}/{slug/"', 0, "the address of area does not tell its pages apart"),
    (MATRIX, '"{month}/alue/{slug}/"', '"../{month}/{slug}/"', 0, "the page area: address: '../{month}"),
    (MATRIX, "languages: [fi, sv]", "languages: [fi]", 0, "front is not made exactly once in sv"),
    (MATRIX, "languages: [fi, sv]", "languages: [fi, sv, fi]", 0, "front is not made exactly once in fi"),
    (MATRIX, "pdf: false", "pdf: no", 0, "'no' is ambiguous"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[what for *_, what in MISTAKES])
def test_a_mistake_is_refused_by_name_with_file_and_line(
    project: Path, mistake: tuple[str, str, str, int, str]
) -> None:
    file, old, new, further, what = mistake
    line = replace(project / file, old, new) + further
    assert f"{file}:{line}: " in str(refusal(project))
    assert what in next(text for text in str(refusal(project)).splitlines() if text.startswith(f"{file}:{line}: "))


def test_all_mistakes_of_all_files_are_told_at_once(project: Path) -> None:
    replace(project / AREAS, "    law:", "    lwa:")
    replace(project / CALENDAR, "2021-04", "no")
    replace(project / "_quarto-sv.yml", "  title:", "  tilte:")
    places = {problem.where.split(":")[0] for problem in refusal(project).problems}
    assert places == {AREAS, CALENDAR, "_quarto-sv.yml"}


def test_mistakes_between_files_are_told_at_once(project: Path) -> None:
    replace(project / AREAS, "KU743", "KU744")
    replace(project / GROUPS, "size: 175", "size: 174")
    replace(project / MATRIX, "notebook: front", "notebook: frnot")
    message = str(refusal(project))
    assert all(what in message for what in ("KU744", "174", "frnot"))


@pytest.mark.parametrize("file", ["areas", "calendar", "disclosure", "groups", "indicators", "matrix", "notes"])
def test_a_missing_or_empty_file_is_refused(project: Path, file: str) -> None:
    path = project / "reviews" / f"{file}.yml"
    path.write_text("", encoding="utf-8")
    assert f"reviews/{file}.yml:1: the file is empty" in str(refusal(project))
    path.unlink()
    assert f"reviews/{file}.yml: the file is missing" in str(refusal(project))


def test_a_missing_group_is_refused(project: Path) -> None:
    text = (project / GROUPS).read_text(encoding="utf-8")
    (project / GROUPS).write_text(text[: text.index("  - code: country")], encoding="utf-8")
    assert "group country is missing" in str(refusal(project))


@pytest.mark.parametrize(("month", "after"), [("2022-11", "2022-12"), ("2022-12", "2023-01"), ("2023-01", "2023-02")])
def test_the_following_month(month: str, after: str) -> None:
    assert following(month) == after


@pytest.mark.parametrize("text", ["", " ", " x", "x ", "a\nb"])
def test_a_text_is_not_blank_and_has_no_loose_ends(text: str) -> None:
    with pytest.raises(ValidationError):
        Text(fi=text, sv="x")


def test_loading_needs_neither_pandas_nor_notebooks_tools(root: Path) -> None:
    code = "import sys, katsaus.config.project; print({'pandas', 'altair', 'nbformat'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
