"""The generated parts of the methods page: whole, alike in both languages, and nothing of YAML taken for Markdown."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample_site import CROSSREFS, English

from katsaus.config.corrections import Correction
from katsaus.config.project import Project
from katsaus.figures import Figures, load_figures
from katsaus.methods import METHODS, calendar, corrections, definitions, disagreements, forms, glossary, sources
from katsaus.origins import origins
from katsaus.pages.document import compose
from katsaus.pages.figures import Content, Prose
from katsaus.protection import protection
from katsaus.terms import Words, load_words

NASTY = r"a *b* _c_ [d](https://e.fi) <b>f</b> `g` ~~h~~ ^i^ $j$ @fig-k #l | m\n {.n} ... x_y"
"""Text that Markdown would make something else of."""


@pytest.fixture(scope="module")
def figures(root: Path) -> Figures:
    return load_figures(root)


@pytest.fixture(scope="module", params=["fi", "sv"])
def words(root: Path, request: pytest.FixtureRequest) -> Words:
    return load_words(root, request.param)


def shown(markdown: str) -> str:
    """The text of a page that shows `markdown`."""
    content = Content({"title": "T"}, (Prose(1, f"## H\n\n{markdown}"),))
    made = compose(content, CROSSREFS["fi"], term=English().term, where="page").html
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", made)))


def test_every_indicator_is_there_with_its_sources_or_the_reason(figures: Figures, words: Words) -> None:
    project, lang = figures.project, words.lang
    parts = re.split(r"(?m)^\*\*(?=[A-Z]\d\d )", definitions(figures, words))[1:]
    assert [part[:3] for part in parts] == list(project.indicators)
    for part, item in zip(parts, project.indicators.values(), strict=True):
        text = shown(f"**{part}")
        assert text.strip().startswith(f"H {item.id} {item.name[lang]}. {item.definition[lang]}")
        if item.sources:
            assert all(project.sources[source].name[lang] in text for source in item.sources)
            assert words.term("Defined, not published.") not in text
            assert item.denominator is None or item.denominator.text in text
        else:
            assert item.reason is not None
            assert f"{words.term('Defined, not published.')} {item.reason[lang]}" in text


def test_worked_examples_are_under_their_indicator(figures: Figures, words: Words) -> None:
    text = definitions(figures, words)
    assert text.count("\n- ") == len([e for e in figures.project.examples if published(figures.project, e.indicator)])


def published(project: Project, indicator: str) -> bool:
    return bool(project.indicators[indicator.partition(":")[0]].sources)


def test_synthetic_sources_are_marked_and_real_ones_are_not(figures: Figures, words: Words) -> None:
    mark = words.term("synthetic data")
    lines = sources(figures, words).splitlines()
    held = figures.vintage.manifest.sources
    assert {source.synthetic for source in held.values()} == {True, False}
    assert [mark in line for line in lines] == [source.synthetic for source in held.values()]
    text = definitions(figures, words)
    used = {source for item in figures.project.indicators.values() for source in item.sources}
    for name in used & held.keys():
        own = figures.project.sources[name].name[words.lang]
        assert (f"{own} ({mark})" in text) == (name in figures.synthetic), name


def test_every_rule_and_disagreement_is_told(figures: Figures, words: Words) -> None:
    project, lang = figures.project, words.lang
    told = shown(protection(figures, words))
    for rule in project.rules:
        assert project.sources[rule.source].name[lang] in told
        assert f". {rule.reason[lang]}" in told
        assert rule.owner[lang] in told
        assert f"{rule.date.day}.{rule.date.month}.{rule.date.year}" in told
        assert rule.reference[lang] in told
        for part in rule.withheld:
            assert f"{figures.names[part.region][lang]}: {part.reason[lang]}" in told
    differing = shown(disagreements(figures, words))
    assert all(item.text[lang] in differing for item in project.disagreements)


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_a_rule_tells_its_threshold_and_method(figures: Figures, words: Words, threshold: int) -> None:
    rules = tuple(
        rule.model_copy(update={"threshold": threshold, "method": method})
        for rule, method in zip(
            [rule for rule in figures.project.rules if rule.threshold], ["suppression", "rounding"] * 9, strict=False
        )
    )
    told = protection(replace(figures, project=replace(figures.project, rules=rules)), words)
    assert told.count(words.term("Threshold: {threshold}", threshold=str(threshold))) == len(rules)
    assert told.count(words.term("Method: rounding to multiples of five")) == len(rules) // 2
    assert words.term("Method: primary and secondary suppression") in told


def test_sources_with_equal_rules_are_told_together(figures: Figures, words: Words) -> None:
    first, *_ = (rule for rule in figures.project.rules if rule.threshold)
    other = first.model_copy(update={"id": "other", "source": "kela-recipients"})
    told = protection(replace(figures, project=replace(figures.project, rules=(first, other))), words)
    assert told.count(first.reason[words.lang].split(":")[0]) == 1
    assert figures.project.sources["kela-recipients"].name[words.lang] in told


def skeleton(markdown: str) -> list[str]:
    """What each paragraph or item is, and how many parts it has."""
    lines = [line for line in markdown.splitlines() if line.strip()]
    starts = [re.match(r"### |- \*\*|- |\*\*[A-Z]\d\d |\*|", line) for line in lines]
    return [
        f"{start[0]} {line.count(' · ')} {line.count('`')}" for start, line in zip(starts, lines, strict=True) if start
    ]


@pytest.mark.parametrize("part", METHODS)
def test_both_languages_have_the_same_parts(root: Path, figures: Figures, part: str) -> None:
    fi, sv = (METHODS[part](figures, load_words(root, lang)) for lang in ("fi", "sv"))
    assert skeleton(fi) == skeleton(sv)
    assert fi != sv


def nasty(figures: Figures) -> Figures:
    """The same with texts that hold marks of Markdown wherever YAML gives one."""
    project, text = figures.project, {"fi": NASTY, "sv": NASTY, "en": NASTY}
    wrong = Correction.model_validate(
        {
            "id": "x",
            "source": "statfin-12r5",
            "key": {"REF_AREA": "KU091", "TIME_PERIOD": "2022-05", "MEASURE": "vacancies"},
            "delivered": 20,
            "expected": 30,
            "what": {"fi": NASTY, "sv": NASTY},
            "why": {"fi": NASTY, "sv": NASTY},
            "reported": date(2022, 6, 21),
        }
    )
    unpublished = {"reason": {"fi": NASTY, "sv": NASTY, "en": NASTY}}
    manifest = figures.vintage.manifest.model_copy(update={"corrections": (wrong,)})
    return replace(
        figures,
        project=replace(
            project,
            indicators={
                name: item.model_copy(
                    update={"name": text, "definition": text, **({} if item.sources else unpublished)}
                )
                for name, item in project.indicators.items()
            },
            sources={name: item.model_copy(update={"name": text}) for name, item in project.sources.items()},
            glossary=tuple(item.model_copy(update={"term": text, "definition": text}) for item in project.glossary),
            rules=tuple(item.model_copy(update={"reason": text}) for item in project.rules),
            examples=tuple(item.model_copy(update={"says": text}) for item in project.examples),
            disagreements=tuple(
                item.model_copy(update={"text": text, "source": text}) for item in project.disagreements
            ),
        ),
        vintage=replace(figures.vintage, manifest=manifest),
        sidecars={
            name: [sidecar.model_copy(update={"citation": text, "source": text, "title": text}) for sidecar in held]
            for name, held in figures.sidecars.items()
        },
    )


COMPUTED = {"calendar", "comparison", "forms"}
"""Parts that hold figures and names rather than texts of YAML."""


@pytest.mark.parametrize("part", sorted(METHODS.keys() - COMPUTED))
def test_texts_of_yaml_are_shown_as_the_characters_they_are(figures: Figures, words: Words, part: str) -> None:
    text = shown(METHODS[part](nasty(figures), words))
    least = {"corrections": 2, "sources": 1}.get(part, 4)
    assert text.count(NASTY) >= least
    assert text.count(NASTY) == text.count("x_y"), "somewhere a text is shown otherwise"


def test_without_corrections_the_page_says_so(figures: Figures, words: Words) -> None:
    assert not figures.vintage.manifest.corrections
    assert corrections(figures, words) == words.term("No figure of a source has been corrected.")


def test_the_glossary_is_in_alphabetical_order_with_each_word_in_both_languages(figures: Figures, words: Words) -> None:
    entries = glossary(figures, words).split("\n\n")
    assert len(entries) == len(figures.project.glossary)
    heads = [entry.partition("\n")[0].lower() for entry in entries]
    assert heads == sorted(heads, key=lambda head: [alphabet.find(letter) for letter in head])
    other = {"fi": "sv", "sv": "fi"}[words.lang]
    assert all(f"]{{lang={other}}}" in entry for entry in entries)


alphabet = " ()-.abcdefghijklmnopqrstuvwxyzåäö"


def test_a_word_that_is_not_verified_is_marked(figures: Figures, words: Words) -> None:
    marked = glossary(figures, words).count(words.term("wording to be reviewed"))
    assert 0 < marked == sum(not entry.verified for entry in figures.project.glossary)


def test_a_word_in_the_other_language_says_so_to_a_screen_reader(figures: Figures, words: Words) -> None:
    made = compose(Content({"title": "T"}, (Prose(1, glossary(figures, words)),)), CROSSREFS["fi"], term=str, where="p")
    other = {"fi": "sv", "sv": "fi"}[words.lang]
    assert made.html.count(f'lang="{other}"') == len(figures.project.glossary)


def test_every_source_is_told_with_what_it_may_be_used_for(figures: Figures, words: Words) -> None:
    told = dict(zip(figures.vintage.manifest.sources, origins(figures, words).split("### ")[1:], strict=True))
    for source, held in figures.vintage.manifest.sources.items():
        assert told[source].startswith(figures.project.sources[source].name[words.lang])
        assert (words.term("synthetic data") in told[source]) == held.synthetic
        assert ("creativecommons.org" in told[source]) != held.synthetic
        assert f"{words.term('Publisher')}:" not in told[source] or not held.synthetic


def test_a_source_tells_no_month_after_the_newest_of_the_review(figures: Figures, words: Words) -> None:
    text = origins(figures, words)
    later = {"7/2023", "10/2023", "11/2023"}
    assert {sidecar.last_month for held in figures.sidecars.values() for sidecar in held} & {"2023-10", "2023-11"}
    assert not any(f"–{month}" in text for month in later)
    assert "–6/2023" in text


def test_the_months_and_the_reviewed_forms_are_counted(figures: Figures, words: Words) -> None:
    assert "3/2021–6/2023" in calendar(figures, words)
    assert "28" in calendar(figures, words)
    assert f"/{len(figures.project.inflections)}" in forms(figures, words)
