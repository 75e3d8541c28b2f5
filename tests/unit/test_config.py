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
    (rule,) = real.rules
    assert [(withheld.region, bool(withheld.reason["sv"])) for withheld in rule.withheld] == [("MK21", True)]


def test_the_project_is_frozen(real: Project) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        real.months = ()  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        real.areas[0].slug = "x"  # type: ignore[misc]


def test_an_area_is_found_by_slug_and_a_wrong_slug_names_the_right_ones(real: Project) -> None:
    assert real.area("helsinki").municipalities == ("KU091",)
    with pytest.raises(UsageError, match="espoo.*helsinki") as caught:
        real.area("helsingfors")
    assert caught.value.exit_code == 2


def test_the_root_is_found_from_below_and_a_folder_without_project_is_refused(project: Path) -> None:
    assert find_root(project / "data" / "sources") == project.resolve()
    (project / "_quarto.yml").unlink()
    with pytest.raises(UsageError, match=r"_quarto\.yml"):
        find_root(project / "data")


# What is refused

AREAS, MUNICIPALITIES = "reviews/areas.yml", "reviews/municipalities.yml"


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (AREAS, "    slug: seinajoki", "    slug: x\n    slug: seinajoki", "+1: the key 'slug' is written twice"),
        (AREAS, "    law:", "    lwa:", ": unknown key: areas.0.lwa"),
        (AREAS, '    law: "1a"\n', "", "-2: missing key: areas.0.law"),
        (AREAS, "KU743", "KU744", ": unknown municipality KU744 in area seinajoki-ilmajoki"),
        (AREAS, "[KU743, KU145]", "[KU743, KU301]", "+7: municipality KU301 in area kurikka-kauhajoki too"),
        (AREAS, "[KU743, KU145]", "[KU743, KU743]", ": municipality KU743 in area seinajoki-ilmajoki too"),
        (AREAS, "[KU743, KU145]", "[KU743, KU478]", "municipality KU478 in area seinajoki-ilmajoki is not on the mainl"),
        (AREAS, "[KU743, KU145]", "[]", ": areas.0.municipalities is not as it should be"),
        (AREAS, "code: KK02", "code: KK01", ": code 'KK01' is used twice"),
        (AREAS, "slug: kurikka-kauhajoki", "slug: seinajoki-ilmajoki", ": slug 'seinajoki-ilmajoki' is used twice"),
        (AREAS, "slug: kurikka-kauhajoki", "slug: ../x", ": areas.1.slug is not as it should be"),
        (AREAS, "chart_name: {fi: Helsinki, sv: Helsingfors}", "chart_name: {fi: Helsinki}", "chart_name.sv"),
        (AREAS, "name: {fi: Helsinki, sv: Helsingfors}", 'name: {fi: Helsinki, sv: " "}', ".name.sv is not as it should"),
        (MUNICIPALITIES, "code: KU005", "code: 005", ": 005 has a leading zero"),
        (MUNICIPALITIES, "code: KU005", "code: 5", ": municipalities.0.code is not as it should be"),
        (MUNICIPALITIES, "language: fi,", "language: no,", ": 'no' is ambiguous"),
        (MUNICIPALITIES, "language: fi,", "no: fi,", ": the key 'no' is not text"),
        (MUNICIPALITIES, "population: 9311", 'population: "9311"', ": municipalities.0.population is not as it should"),
        (MUNICIPALITIES, "population: 9311", "population: 0", ": municipalities.0.population is not as it should"),
        (MUNICIPALITIES, "code: KU009", "code: KU005", ": code 'KU005' is used twice"),
        (MUNICIPALITIES, "region: MK14", "region: MK99", ": unknown region MK99"),
        ("reviews/groups.yml", "size: 175", "size: 174", ": group other should have 174 municipalities"),
        ("reviews/groups.yml", "code: other", "code: trial", "group other is missing"),
        ("reviews/calendar.yml", "  - 2021-04\n", "", ": 2021-05 does not follow 2021-03"),
        ("reviews/calendar.yml", "2021-04", "2021-13", ": months.1 is not as it should be"),
        ("reviews/calendar.yml", "  - 2021-04", "  - 2021-04-01", ": months.1 is not as it should be"),
        ("reviews/indicators.yml", "source: statfin-12r5", "source: kela", ": no disclosure rule for kela"),
        ("reviews/indicators.yml", "    base: {first: 2020-03, last: 2021-02}\n", "", "D04: an index, and only an index"),
        ("reviews/indicators.yml", "last: 2021-02", "last: 2020-02", "D04: the base period ends before it begins"),
        ("reviews/indicators.yml", "numerator: unemployed", "numerator: null", "D01"),
        ("reviews/indicators.yml", "decimals: 0", "decimals: 0.5", ": indicators.0.decimals is not as it should be"),
        ("reviews/notes.yml", "indicators: [A03,", "indicators: [A04,", ": note residents: unknown indicator A04"),
        ("reviews/notes.yml", "areas: all", "areas: [KK99]", ": note residents: unknown area KK99"),
        ("reviews/disclosure.yml", "region: MK21", "region: MK22", ": unknown region MK22"),
        ("reviews/disclosure.yml", "protected_at_source", "none", ": rules.0.kind is not as it should be"),
        ("reviews/matrix.yml", "notebook: area", "notebook: aera", ": there is no notebooks/aera.ipynb"),
        ("reviews/matrix.yml", '"{month}/alue/{slug}/"', '"{month}/alue/"', "of area does not tell its pages apart"),
        ("reviews/matrix.yml", '"{month}/alue/{slug}/"', '"{month}/alue/{name}/"', "it needs {month} and {slug}"),
        ("reviews/matrix.yml", '"{month}/alue/{slug}/"', '"../{month}/{slug}/"', ".address is not as it should be"),
        ("reviews/matrix.yml", "languages: [fi, sv]", "languages: [fi]", "front is not made exactly once in sv"),
        ("reviews/matrix.yml", "languages: [fi, sv]", "languages: [fi, sv, fi]", "front is not made exactly once in fi"),
        ("reviews/matrix.yml", "pdf: false", "pdf: no", ": 'no' is ambiguous"),
    ],
)
def test_a_mistake_is_refused_by_name_with_file_and_line(
    project: Path, file: str, old: str, new: str, what: str
) -> None:
    text = (project / file).read_text(encoding="utf-8")
    old = old if file != "reviews/indicators.yml" or "numerator" not in old else text[text.index("- id: D01") :].split("\n    denom")[0]
    if "numerator: null" in new:
        new = old.replace("numerator: unemployed", "numerator: null")
    line = replace(project / file, old, new)
    message = str(refusal(project))
    ahead, separator, what = what.rpartition(": ") if what[0] in "+-:" and ": " in what else ("", "", what)
    assert what in message
    assert f"{file}:" in message
    if ahead[:1] in ("+", "-") or separator:
        assert line
