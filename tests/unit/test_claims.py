"""Sentences from claims: what they say of known figures, in both languages, and what is recorded of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest

from claims_checker import evidence_of, faults
from claims_figures import MONTH, TOTAL, Made, of_areas
from katsaus.claims import Claims
from katsaus.config.project import Project, load_project
from katsaus.errors import UsageError
from katsaus.figures import load_figures
from katsaus.notebooks.node import node
from katsaus.notebooks.prepare import finish
from katsaus.output import CLAIM, Output
from katsaus.page import open_review
from katsaus.terms import load_words

NBSP = "\N{NO-BREAK SPACE}"

Say = Callable[..., Claims]


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    return load_project(root)


@pytest.fixture
def say(root: Path, project: Project) -> Say:
    """Claims about made-up figures: on the page of `area` in `lang`."""

    def made(figures: Made, lang: str = "fi", area: str = "KK20") -> Claims:
        return Claims(figures.rows, words=load_words(root, lang), project=project, area=area, month=MONTH)

    return made


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


UNEMPLOYED = of_areas({"KK20": 39233.0, "country": 264731.0}, {"KK20": 38146.0, "country": 250012.0})


def test_a_level_tells_month_place_and_change(say: Say) -> None:
    assert spaced(say(UNEMPLOYED).level("A03", against="year")) == (
        "Kesäkuun 2023 lopussa Helsingissä oli 39 233 työtöntä työnhakijaa, "
        "mikä on 1 087 (2,8 %) enemmän kuin vuotta aiemmin."
    )
    assert spaced(say(UNEMPLOYED, "sv").level("A03", against="year")) == (
        "I slutet av juni 2023 fanns det i Helsingfors 39 233 arbetslösa arbetssökande, "
        "vilket är 1 087 (2,8 %) fler än ett år tidigare."
    )


def test_a_level_that_is_not_placed_tells_only_the_number(say: Say) -> None:
    assert spaced(say(UNEMPLOYED).level("A03", placed=False)) == "Työttömiä työnhakijoita oli 39 233."
    assert spaced(say(UNEMPLOYED, "sv").level("A03", placed=False)) == "Det fanns 39 233 arbetslösa arbetssökande."


def test_the_country_is_told_in_hundreds_and_so_is_its_change(say: Say) -> None:
    assert spaced(say(UNEMPLOYED).level("A03", "country", against="year")) == (
        "Kesäkuun 2023 lopussa koko maassa oli 264 700 työtöntä työnhakijaa, "
        "mikä on 14 700 (5,9 %) enemmän kuin vuotta aiemmin."
    )


def test_a_change_that_hundreds_hide_is_nearly_none(say: Say) -> None:
    figures = of_areas({"trial": 198010.0}, {"trial": 198040.0})
    assert (
        say(figures, area="trial").change("A03") == "Työttömiä työnhakijoita oli lähes yhtä paljon kuin vuotta aiemmin."
    )
    same = of_areas({"trial": 198010.0}, {"trial": 198010.0})
    assert (
        say(same, "sv", "trial").change("A03") == "Det fanns lika många arbetslösa arbetssökande som ett år tidigare."
    )


@pytest.mark.parametrize(
    ("now", "then", "fi", "sv"),
    [
        (10.24, 10.64, "oli 0,4 prosenttiyksikköä pienempi kuin", "var 0,4 procentenheter mindre än"),
        (10.64, 10.24, "oli 0,4 prosenttiyksikköä suurempi kuin", "var 0,4 procentenheter större än"),
        (10.21, 10.22, "oli yhtä suuri kuin", "var densamma som"),
        (10.26, 10.24, "oli lähes yhtä suuri kuin", "var nästan densamma som"),
    ],
)
def test_a_share_changes_in_percentage_points(say: Say, now: float, then: float, fi: str, sv: str) -> None:
    figures = of_areas({"KK20": now}, {"KK20": then})
    finnish, swedish = say(figures).change("D01"), say(figures, "sv").change("D01")
    assert finnish == f"Työttömien työnhakijoiden osuus työvoimasta {fi} vuotta aiemmin."
    assert swedish == f"Andelen arbetslösa arbetssökande av arbetskraften {sv} ett år tidigare."


def test_one_more_is_told_in_the_singular_in_swedish(say: Say) -> None:
    figures = of_areas({"KK20": 61.0}, {"KK20": 60.0})
    assert say(figures, "sv").change("C12") == "Det fanns 1 ledigt jobb fler än ett år tidigare."
    assert say(of_areas({"KK20": 1.0})).level("C12") == "Kesäkuun 2023 lopussa Helsingissä oli 1 avoin työpaikka."


def test_a_direction_is_a_title_and_tells_the_place_of_another_area(say: Say) -> None:
    assert say(UNEMPLOYED).direction("A03") == "Työttömiä työnhakijoita oli enemmän kuin vuotta aiemmin"
    assert say(UNEMPLOYED, "sv").direction("A03", "country") == (
        "I hela landet fanns det fler arbetslösa arbetssökande än ett år tidigare"
    )


def test_a_gap_compares_shares_and_no_counts(say: Say) -> None:
    claims = say(of_areas({"KK20": 9.0, "country": 10.2}))
    assert claims.gap("D01") == (
        "Työttömien työnhakijoiden osuus työvoimasta oli 1,2 prosenttiyksikköä pienempi kuin koko maassa."
    )
    for indicator in ("A03", "C03"):
        with pytest.raises(UsageError, match="is a count"):
            claims.gap(indicator)


def test_a_share_is_of_an_area_or_of_people(say: Say) -> None:
    figures = of_areas({"KK20": 20.0, "trial": 100.0})
    assert spaced(say(figures).share("A03")) == (
        "Kokeilukunnissa Helsingin osuus työttömistä työnhakijoista oli 20,0 prosenttia."
    )
    assert spaced(say(figures, "sv").share("A03")) == (
        "Helsingfors andel av de arbetslösa arbetssökandena i försökskommunerna var 20,0 procent."
    )
    theirs = Made({("KK20", MONTH, *TOTAL): 100.0, ("KK20", MONTH, "trial", "_T"): 72.0})
    assert say(theirs).share("A03", responsible="trial") == (
        "Työttömistä työnhakijoista 72,0 prosenttia oli kuntakokeilun asiakkaita."
    )
    with pytest.raises(UsageError, match="at once"):
        say(theirs).share("A03", of="trial", responsible="trial")
    with pytest.raises(UsageError, match="does not count persons"):
        say(theirs).share("C01", responsible="trial")
    with pytest.raises(UsageError, match="does not count"):
        say(theirs).share("D01")


@pytest.mark.parametrize(
    ("symbol", "fi", "sv"),
    [
        ("...", ": lukua ei julkaista tietosuojan vuoksi", " publiceras inte av dataskyddsskäl"),
        ("–", ": lukua ei voida laskea", " kan inte beräknas"),
        ("..", ": tietoa ei ole saatavilla", ": uppgift saknas"),
    ],
)
def test_a_missing_figure_is_told_to_be_missing(say: Say, symbol: str, fi: str, sv: str) -> None:
    figures = of_areas({"KK20": symbol}, {"KK20": 7.0})
    assert say(figures).level("A05") == f"Kokoaikaisesti lomautettujen määrä Helsingissä{fi}."
    assert say(figures, "sv").level("A05") == f"Antalet heltidspermitterade i Helsingfors{sv}."


def test_a_known_level_without_its_comparison_says_so(say: Say) -> None:
    figures = of_areas({"KK20": 7.0}, {"KK20": "..."})
    assert (
        say(figures)
        .level("A05", against="year")
        .endswith(" oli 7 kokoaikaisesti lomautettua. Vertailua ei julkaista tietosuojan vuoksi.")
    )


AREAS = ["KK19", "KK20", "KK22", "KK04"]


def test_equal_areas_are_ranked_together(say: Say) -> None:
    figures = of_areas({"KK19": 9.04, "KK20": 11.2, "KK22": 9.01, "KK04": 8.0})
    assert spaced(say(figures).rank("D01", areas=AREAS, take=2)) == (
        "Työttömien työnhakijoiden osuus työvoimasta oli suurin "
        "Helsingissä (11,2 %), Espoossa (9,0 %) ja Porvoossa (9,0 %)."
    )


def test_a_preposition_that_all_areas_have_is_told_once(say: Say) -> None:
    figures = of_areas({"KK20": 30.0, "KK21": 20.0})
    assert say(figures, "sv").rank("A03", areas=["KK20", "KK21"]) == (
        "Flest arbetslösa arbetssökande fanns det i Helsingfors (30) och Vanda–Kervo-området (20)."
    )
    islands = of_areas({"KU072": 30.0, "KU091": 20.0})
    assert say(islands, "sv").rank("A03", areas=["KU072", "KU091"]).endswith(" på Karlö (30) och i Helsingfors (20).")


def test_what_was_just_told_has_its_short_name(say: Say) -> None:
    figures = Made(
        {
            ("KK20", MONTH, *TOTAL): 9.0,
            ("KK22", MONTH, *TOTAL): 11.0,
            ("country", MONTH, *TOTAL): 10.2,
            ("KK20", "2023-05", *TOTAL): 8.5,
        }
    )
    finnish, swedish = say(figures), say(figures, "sv")
    assert finnish.gap("D01", again=True) == "Osuus oli 1,2 prosenttiyksikköä pienempi kuin koko maassa."
    assert swedish.gap("D01", again=True) == "Andelen var 1,2 procentenheter mindre än i hela landet."
    assert spaced(swedish.rank("D01", areas=["KK20", "KK22"], take=1, lowest=True, again=True)) == (
        "Andelen var minst i Helsingfors (9,0 %)."
    )
    assert finnish.change("D01", against="month", again=True) == (
        "Osuus oli 0,5 prosenttiyksikköä suurempi kuin kuukautta aiemmin."
    )
    counts = Made({("KK20", MONTH, "trial", "_T"): 600.0, ("KK20", "2023-05", "trial", "_T"): 590.0})
    assert spaced(say(counts).change("A01", against="month", responsible="trial", again=True)) == (
        "Se on 10 (1,7 %) enemmän kuin kuukautta aiemmin."
    )
    assert spaced(say(counts, "sv").change("A01", against="month", responsible="trial", again=True)) == (
        "Det är 10 (1,7 %) fler än en månad tidigare."
    )


def test_a_course_tells_when_it_was_highest_and_lowest(say: Say) -> None:
    cells = {("KK20", f"2023-0{month}", *TOTAL): value for month, value in ((4, 9.96), (5, 8.0), (6, 10.04))}
    assert spaced(say(Made(cells)).course("D01", months=3)) == (
        "Työttömien työnhakijoiden osuus työvoimasta oli suurimmillaan kesäkuussa 2023 (10,0 %) "
        "ja pienimmillään toukokuussa 2023 (8,0 %)."
    )
    assert spaced(say(Made(cells), "sv").course("D01", months=3, again=True)) == (
        "Andelen var som störst i juni 2023 (10,0 %) och som minst i maj 2023 (8,0 %)."
    )
    hidden = Made(cells | {("KK20", "2023-05", *TOTAL): "..."})
    assert (
        spaced(say(hidden).course("D01", months=3, again=True)) == "Osuus oli suurimmillaan kesäkuussa 2023 (10,0 %)."
    )
    none = Made(dict.fromkeys(cells, "..."))
    assert say(none).course("D01", months=3).endswith(": lukua ei julkaista tietosuojan vuoksi.")


def test_a_level_that_is_not_placed_tells_its_change_briefly(say: Say) -> None:
    assert spaced(say(UNEMPLOYED).level("A03", against="year", placed=False)) == (
        "Työttömiä työnhakijoita oli 39 233 eli 1 087 (2,8 %) enemmän kuin vuotta aiemmin."
    )
    assert spaced(say(UNEMPLOYED, "sv").level("A03", against="year", placed=False)) == (
        "Det fanns 39 233 arbetslösa arbetssökande, 1 087 (2,8 %) fler än ett år tidigare."
    )


class Several(Made):
    """Figures of several indicators: each has those of `by_indicator`."""

    by_indicator: ClassVar[dict[str, Made]] = {}

    def rows(self, *indicators: str, **asked: Any) -> pd.DataFrame:
        return pd.concat([self.by_indicator[indicator].rows(indicator, **asked) for indicator in indicators])


def test_parts_are_listed_with_their_changes(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "A09": of_areas({"KK20": 174.0}, {"KK20": 160.0}),
        "A10": of_areas({"KK20": 340.0}, {"KK20": 340.0}),
        "A06": of_areas({"KK20": 7.0}, {"KK20": 9.0}),
        "A05": of_areas({"KK20": "..."}, {"KK20": 9.0}),
        "A08": of_areas({"KK20": 8.0}, {"KK20": "..."}),
    }
    monkeypatch.setattr(Several, "by_indicator", made)
    listed = ["A09", "A10", "A06", "A08", "A05"]
    assert spaced(say(Several()).parts("A01", listed, against="year")) == (
        "Työnhakijoista 174 oli palveluissa työvoiman ulkopuolella (14 eli 8,8 % enemmän kuin vuotta aiemmin), "
        "340 koulutuksessa (yhtä paljon), 7 lyhennetyllä työviikolla (2 vähemmän) ja 8 palveluilla työllistettynä "
        "(vertailua ei julkaista tietosuojan vuoksi). "
        "Kokoaikaisesti lomautettujen määrä: lukua ei julkaista tietosuojan vuoksi."
    )
    claims = say(Several(), "sv")
    assert spaced(claims.parts("A01", ["A09", "A06"], against="year")) == (
        "Av de arbetssökande var 174 i service utanför arbetskraften (14 eller 8,8 % fler än ett år tidigare) "
        "och 7 på förkortad arbetsvecka (2 färre)."
    )
    assert claims.recorded[-1].content["parameters"] == {"parts": ["A09", "A06"], "against": "year"}
    assert spaced(claims.parts("A01", ["A05"])) == "Antalet heltidspermitterade publiceras inte av dataskyddsskäl."
    with pytest.raises(UsageError, match="no sentence can list C12 as a part"):
        say(UNEMPLOYED).parts("A01", ["C12"])


def test_a_rank_tells_who_is_compared_and_who_moved_alone(say: Say) -> None:
    figures = of_areas({"KK19": 9.0, "KK20": 11.2, "KK22": 9.0}, {"KK19": 9.5, "KK20": 11.0, "KK22": 9.0})
    assert spaced(say(figures).rank("D01", areas=AREAS[:3], take=1, of="alueen kunnista")) == (
        "Alueen kunnista työttömien työnhakijoiden osuus työvoimasta oli suurin Helsingissä (11,2 %)."
    )
    assert spaced(say(figures, "sv").rank("D01", areas=AREAS[:3], take=1, of="bland områdets kommuner")) == (
        "Andelen arbetslösa arbetssökande av arbetskraften var störst i Helsingfors (11,2 %) bland områdets kommuner."
    )
    assert spaced(say(figures).rank("D01", areas=AREAS[:3], measure="change")) == (
        "Työttömien työnhakijoiden osuus työvoimasta kasvoi vuodessa vain Helsingissä (+0,2 %-yksikköä)."
    )
    months = Made(
        {("KK19", MONTH, *TOTAL): 120.0, ("KK19", "2023-05", *TOTAL): 100.0}
        | {("KK20", MONTH, *TOTAL): 110.0, ("KK20", "2023-05", *TOTAL): 100.0}
    )
    ordered = {"measure": "change_percent", "against": "month"}
    assert spaced(say(months).rank("A03", areas=["KK19", "KK20"], **ordered)) == (
        "Työttömien työnhakijoiden määrä kasvoi kuukaudessa suhteellisesti eniten Espoossa (+20,0 %) ja Helsingissä "
        "(+10,0 %)."
    )
    assert spaced(say(months, "sv").rank("A03", areas=["KK19", "KK20"], **ordered)) == (
        "Antalet arbetslösa arbetssökande ökade procentuellt sett mest på en månad i Esbo (+20,0 %) och Helsingfors "
        "(+10,0 %)."
    )


def test_too_many_equal_areas_are_counted(say: Say, project: Project) -> None:
    codes = [area.code for area in project.areas]
    assert say(of_areas(dict.fromkeys(codes, 5.0))).rank("D01") == (
        f"Työttömien työnhakijoiden osuus työvoimasta oli suurin 25 alueella (5,0{NBSP}%)."
    )


def test_the_smallest_counts_are_not_told_where_small_ones_are_hidden(say: Say) -> None:
    figures = of_areas({"KK19": 5.0, "KK20": "...", "KK22": 9.0, "KK04": 12.0})
    assert say(figures).rank("A05", areas=AREAS, lowest=True) == (
        "Kokoaikaisesti lomautettujen määrä: pienimpiä lukuja ei voi kertoa, sillä osa luvuista on peitetty "
        "tietosuojan vuoksi."
    )
    assert say(figures).rank("A05", areas=AREAS, take=1) == (
        "Kokoaikaisesti lomautettuja oli eniten Savonlinnassa (12). "
        "Vertailusta puuttuu 1 alue, josta lukua ei ole saatavilla."
    )


def test_a_rise_is_no_rise_where_nothing_rose(say: Say) -> None:
    figures = of_areas(dict.fromkeys(AREAS, 5.0), {"KK19": 6.0, "KK20": "...", "KK22": 5.0, "KK04": 7.0})
    assert (
        say(figures)
        .rank("A03", areas=AREAS, measure="change")
        .startswith("Työttömien työnhakijoiden määrä ei kasvanut vuodessa missään vertailluista alueista.")
    )
    assert say(figures, "sv").rank("A03", areas=AREAS, measure="change", lowest=True) == (
        "Antalet arbetslösa arbetssökande minskade mest på ett år i Nyslott (−2) och Esbo (−1). "
        "1 område som saknar uppgift ingår inte i jämförelsen."
    )


def test_a_threshold_is_held_against_published_figures(say: Say) -> None:
    figures = of_areas({"KK19": 10.04, "KK20": 10.05, "KK22": 9.0, "KK04": 12.0})
    assert spaced(say(figures).threshold("D01", 10, areas=AREAS)) == (
        "Kaikkiaan 2 alueella 4 alueesta työttömien työnhakijoiden osuus työvoimasta oli yli 10 prosenttia: "
        "Savonlinna (12,0 %) ja Helsinki (10,1 %)."
    )
    assert spaced(say(figures, "sv").threshold("D01", 13, areas=AREAS, under=True)) == (
        "I alla 4 områden var andelen arbetslösa arbetssökande av arbetskraften under 13 procent: "
        "Borgå (9,0 %), Esbo (10,0 %), Helsingfors (10,1 %) och Nyslott (12,0 %)."
    )


def test_clients_and_groups_are_told(say: Say) -> None:
    figures = Made({("KK20", MONTH, "trial", "_T"): 500.0, ("KK20", MONTH, "_T", "Y_LT30"): 60.0})
    assert say(figures).level("A03", responsible="trial") == (
        "Kesäkuun 2023 lopussa Helsingissä oli 500 kuntakokeilun työtöntä asiakasta."
    )
    assert say(figures, "sv").level("A03", group="Y_LT30", placed=False) == (
        "Det fanns 60 arbetslösa arbetssökande bland personer under 30 år."
    )
    with pytest.raises(UsageError, match="no sentence can tell Y_UNKNOWN"):
        say(Made({("KK20", MONTH, "_T", "Y_UNKNOWN"): 1.0})).level("A03", group="Y_UNKNOWN")


def test_an_indicator_without_phrases_is_refused_by_name(say: Say) -> None:
    with pytest.raises(UsageError, match="no sentence can tell D04"):
        say(UNEMPLOYED).level("D04")


def test_a_claim_is_recorded_without_figures_beside_its_sentence(say: Say) -> None:
    claims = say(UNEMPLOYED)
    sentence = claims.change("A03", "country", against="year")
    assert claims.recorded == [
        Output(
            CLAIM,
            {
                "kind": "change",
                "indicator": "A03",
                "areas": ["country"],
                "month": MONTH,
                "source": "ministry",
                "responsible": "_T",
                "group": "_T",
                "parameters": {"against": "year"},
                "lang": "fi",
                "sentence": sentence,
            },
            sentence,
        )
    ]
    json.dumps(dict(claims.recorded[0].content))


def test_the_claims_of_a_notebook_stay_with_it_when_its_prose_is_filled() -> None:
    said = {"output_type": "display_data", "data": {CLAIM: {"kind": "level"}}, "metadata": {}}
    value = {"application/vnd.katsaus.inline+json": {"values": ["x"]}}
    filled = {"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": 1}
    metadata = {"tags": ["inline"], "katsaus": {"cell": 1, "markdown": "`{python} y`"}}
    cell = {"cell_type": "code", "id": "a", "metadata": metadata, "source": "", "outputs": [said, filled]}
    notebook = node({"nbformat": 4, "nbformat_minor": 5, "metadata": {"katsaus": {}}, "cells": [cell]})
    assert finish(notebook).metadata.katsaus.claims == [{"kind": "level"}]


PAGES = [("fi", "trial"), ("sv", "kurikka-kauhajoki"), ("fi", "ristijarvi"), ("sv", "porvoo")]


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "slug"), PAGES)
def test_every_indicator_is_told_as_its_real_figures_are(
    root: Path, lang: str, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    review, figures = open_review(slug, MONTH, lang), load_figures(root)
    claims = Claims(
        review.figures, words=load_words(root, lang), project=figures.project, area=review.area, month=MONTH
    )
    towns = figures.project.areas[6].municipalities
    for indicator in {indicator for indicator, _ in figures.project.phrases.indicators}:
        _tell_everything(claims, indicator, area="country" if indicator in ("K09", "K10", "K11") else "", towns=towns)
    assert len(claims.recorded) > 400
    wrong = [(output.text, found) for output in claims.recorded if (found := _faults(output, figures))]
    assert wrong == []


def _faults(output: Output, figures: Any) -> list[str]:
    return faults(output.content, evidence_of(output.content, figures))


def _tell_everything(claims: Claims, indicator: str, *, area: str, towns: tuple[str, ...]) -> None:
    claims.level(indicator, area)
    claims.course(indicator, area)
    for against in ("year", "month"):
        claims.level(indicator, area, against=against, placed=False)  # type: ignore[arg-type]  # one of the two
        claims.change(indicator, area, against=against)  # type: ignore[arg-type]
        claims.direction(indicator, area, against=against)  # type: ignore[arg-type]
    for refused in (claims.gap, claims.share):
        try:
            refused(indicator, area)
        except UsageError:
            continue
    for codes in (None, towns):
        for lowest in (False, True):
            claims.rank(indicator, areas=codes, lowest=lowest)
            claims.rank(indicator, areas=codes, measure="change", lowest=lowest)
            claims.threshold(indicator, 15, areas=codes, under=lowest)


def test_a_rank_is_by_a_known_measure_only(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    review = open_review("trial", "2023-06", "fi")
    with pytest.raises(UsageError, match="no rank by month_change"):
        review.claims.rank("A03", measure="month_change")  # type: ignore[arg-type]


def test_a_sentence_that_is_not_placed_repeats_neither_month_place_nor_people(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    review = open_review("trial", "2023-06", "fi")
    placed = review.claims.level("A05", responsible="trial")
    assert "kuntakokeilun asiakkaina" in placed
    short = review.claims.level("A05", responsible="trial", placed=False)
    assert "kuntakokeilun" not in short
    assert "2023" not in short
