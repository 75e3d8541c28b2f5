"""Whatever the figures, a sentence says what they say; and when the figures are swapped, so are its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_checker import COUNTS, LESS, MORE, Evidence, faults, forms_of, phrases_of
from claims_figures import MONTH, Made
from katsaus.calendar import shift
from katsaus.claims import Claims
from katsaus.config.project import Project, load_project
from katsaus.terms import Words, load_words

ROOT = Path(__file__).resolve().parents[2]
NBSP = "\N{NO-BREAK SPACE}"
OWN = "KK20"
AREAS = ("KK20", "KK21", "KK02", "KK22", "KK04", "KK07")
INDICATORS = ("A03", "A12", "B02", "C03", "C04", "C08", "C11", "C12", "D01", "K10", "B03:coaching")
LANGUAGES = ("fi", "sv")
MONTHS = (MONTH, shift(MONTH, -1), shift(MONTH, -12))
ORGANISATIONS = ("_T", "trial")

amounts = st.one_of(
    st.integers(0, 60).map(float),
    st.integers(0, 300_000).map(float),
    st.sampled_from((0.0, 1.0, 49.0, 50.0, 949.0, 999.0, 1000.0, 1050.0, 198_000.0, 198_049.0, 198_050.0)),
)
sizes = st.one_of(
    st.floats(0, 100, allow_nan=False),
    st.sampled_from((0.0, 0.05, 9.949, 9.95, 9.951, 10.0, 10.049, 10.05, 33.25, 99.95)),
)
symbols = st.sampled_from(("...", "–", ".."))


@cache
def project() -> Project:
    return load_project(ROOT)


@cache
def words(lang: str) -> Words:
    return load_words(ROOT, lang)


def cells_of(indicator: str) -> st.SearchStrategy[Mapping[Any, float | str]]:
    unit = project().indicators[indicator.partition(":")[0]].unit
    values = sizes if unit in ("percent", "weeks", "ratio") else amounts
    if indicator == "C03":
        values = st.integers(-3000, 3000).map(float)
    places = [
        (area, month, organisation, "_T")
        for area in (*AREAS, "trial", "country")
        for month in MONTHS
        for organisation in ORGANISATIONS
    ]
    cell = st.one_of(values, values, values, symbols)
    return st.lists(cell, min_size=len(places), max_size=len(places)).map(
        lambda found: dict(zip(places, found, strict=True))
    )


def counts(indicator: str) -> bool:
    return project().indicators[indicator.partition(":")[0]].unit in COUNTS and indicator != "C03"


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, str, Made]:
    """A language, an indicator and its figures."""
    indicator = draw(st.sampled_from(INDICATORS))
    return draw(st.sampled_from(LANGUAGES)), indicator, Made(draw(cells_of(indicator)), counted=counts(indicator))


def claims_about(figures: Made, lang: str) -> Claims:
    return Claims(figures.rows, words=words(lang), project=project(), area=OWN, month=MONTH)


def evidence(claim: Mapping[str, Any], figures: Made) -> Evidence:
    """As `evidence_of`, from made-up figures."""
    known, lang = project(), claim["lang"]
    named = {area.code: (area.name, area.chart_name) for area in known.areas}
    named |= {group.code: (group.name, group.chart_name) for group in known.groups.values()}
    definition = known.indicators[claim["indicator"].partition(":")[0]]
    return Evidence(
        lambda _, *at: figures.figure(*at),
        definition.unit,
        definition.decimals,
        {
            code: [*forms_of(known.inflections[code][lang]), *(name[lang] for name in named[code])]
            for code in {*claim["areas"], "trial", "country"}
        },
        phrases_of(claim, known),
    )


def ask(claims: Claims, indicator: str, draw: Callable[[Any], Any]) -> None:
    """One claim of any kind."""
    counted = counts(indicator)
    against = draw(st.sampled_from(("year", "month")))
    area = draw(st.sampled_from(("", "KK02", "country", "trial")))
    lowest, limit = draw(st.booleans()), draw(st.sampled_from((0, 10, 1000)))
    own: list[Callable[[], str]] = [
        lambda: claims.level(indicator, area, placed=lowest),
        lambda: claims.level(indicator, area, against=against, placed=lowest),
        lambda: claims.level(indicator, area, responsible="trial"),
        lambda: claims.change(indicator, area, against=against),
        lambda: claims.direction(indicator, area, against=against),
        lambda: claims.course(indicator, area, months=13),
        lambda: claims.threshold(indicator, limit, areas=AREAS, under=lowest),
    ]
    measures = ("value", "change", "change_percent") if counted else ("value", "change")
    measure, take = draw(st.sampled_from(measures)), draw(st.integers(1, 4))
    own.append(lambda: claims.rank(indicator, areas=AREAS, measure=measure, take=take, lowest=lowest))
    if counted:
        own.append(lambda: claims.share(indicator, area, of="country"))
    elif indicator != "C03":
        own.append(lambda: claims.gap(indicator, other="KK04"))
    draw(st.sampled_from(own))()


@settings(deadline=None)  # the first example reads the project
@given(questions(), st.data())
def test_a_sentence_says_what_its_figures_say(question: tuple[str, str, Made], data: st.DataObject) -> None:
    lang, indicator, figures = question
    claims = claims_about(figures, lang)
    ask(claims, indicator, data.draw)
    claim = claims.recorded[-1].content
    assert faults(claim, evidence(claim, figures)) == [], claim["sentence"]


@settings(deadline=None)  # the first example reads the project
@given(st.sampled_from(LANGUAGES), st.sampled_from(("A03", "D01", "C08", "B02", "C12")), st.data())
def test_swapped_figures_swap_the_direction_and_nothing_else(lang: str, indicator: str, data: st.DataObject) -> None:
    values = amounts if indicator in ("A03", "C12") else sizes
    now, then = data.draw(values), data.draw(values)
    known = [claim for claim in (_change(indicator, lang, now, then), _change(indicator, lang, then, now)) if claim]
    first, second = known
    if first == second:
        assert not _directions(first)
        return
    assert _directions(first) != _directions(second)
    assert {*_directions(first), *_directions(second)} & MORE
    assert {*_directions(first), *_directions(second)} & LESS
    assert re.sub("|".join(MORE | LESS), "", first) == re.sub("|".join(MORE | LESS), "", second)


def _change(indicator: str, lang: str, now: float, then: float) -> str:
    cells = {(OWN, MONTH, "_T", "_T"): now, (OWN, shift(MONTH, -12), "_T", "_T"): then}
    return re.sub(rf" \([^)]*{NBSP}%\)", "", claims_about(Made(cells), lang).change(indicator))


def _directions(sentence: str) -> list[str]:
    return [word for word in re.findall(r"\w+", sentence) if word in MORE | LESS]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("indicator", ["A03", "D01"])
def test_the_checker_sees_a_wrong_number_and_a_wrong_word(lang: str, indicator: str) -> None:
    cells: dict[Any, float | str] = {(area, MONTH, "_T", "_T"): 20.0 + n for n, area in enumerate((*AREAS, "trial"))}
    cells |= {(area, shift(MONTH, -12), "_T", "_T"): 15.0 for area in AREAS}
    figures = Made(cells)
    claims = claims_about(figures, lang)
    claims.level(indicator, against="year")
    claims.course(indicator, months=13)
    claims.change(indicator)
    claims.direction(indicator)
    claims.rank(indicator, areas=AREAS)
    claims.rank(indicator, areas=AREAS, measure="change")
    claims.threshold(indicator, 22, areas=AREAS)
    claims.threshold(indicator, 22, areas=AREAS, under=True)
    for output in claims.recorded:
        claim = dict(output.content)
        assert faults(claim, evidence(claim, figures)) == []
        for wrong in _tampered(claim["sentence"]):
            assert faults(claim | {"sentence": wrong}, evidence(claim, figures)) != [], wrong


TURNED = {
    "enemmän": "vähemmän",
    "suurempi": "pienempi",
    "eniten": "vähiten",
    "suurin": "pienin",
    "kasvoi": "väheni",
    "yli": "alle",
    "fler": "färre",
    "större": "mindre",
    "mer": "mindre",
    "störst": "minst",
    "flest": "lägst antal",
    "ökade": "minskade",
    "över": "under",
}


def _tampered(sentence: str) -> list[str]:
    """The sentence with each number in turn one off, and with each direction word turned round."""
    wrong = [
        sentence[: found.start()] + str(int(found[0]) + 1) + sentence[found.end() :]
        for found in re.finditer(r"\d+", sentence)
        if found[0] != MONTH[:4]
    ]
    told = [word for word in (*TURNED, *TURNED.values()) if re.search(rf"\b{word}\b", sentence, re.IGNORECASE)]
    turned = TURNED | {after: before for before, after in TURNED.items()}
    only = [word for word in told if word not in ("eniten",) or "vuodessa" not in sentence]
    return wrong + [re.sub(rf"\b{word}\b", turned[word], sentence, flags=re.IGNORECASE) for word in only]
