"""What holds of every page of a site: both languages say the same, in their own words, and charts what their data say.

By itself it looks at the sample that all tests share; `--site _site` gives it a whole month.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from page_reader import LANGS, NBSP, PageReader, Pages, numbers, size

BUDGET = 120_000
FIGURE = re.compile(r"-?\d+(\.\d+)?|\.{2,3}|–")


def test_both_languages_have_the_same_pages(pages: Pages) -> None:
    assert sorted(address for lang, address in pages.read if lang == "sv") == pages.addresses


def test_both_languages_show_the_same_charts_tables_and_notes(pages: Pages) -> None:
    for address, finnish, swedish in pages.pairs():
        assert list(finnish.shown) == list(swedish.shown), address
        assert len(finnish.notes) == len(swedish.notes), address
        # Lists of names are in each language's own alphabetical order, and each has its own words that no line breaks.
        assert elements(finnish) == elements(swedish), address


def elements(page: PageReader) -> Counter[str]:
    return Counter(element for element in page.elements if element != "span.whole")


def test_both_languages_show_the_same_figures(pages: Pages) -> None:
    for address, finnish, swedish in pages.pairs():
        for label, own in finnish.shown.items():
            twin = swedish.shown[label]
            figures, others = (sorted(tuple(row[1:]) for row in part.rows[1:]) for part in (own, twin))
            assert figures == others, f"{address} {label}"
            alts, alts_of_twin = (sorted(size(n) for alt in part.alts for n in numbers(alt)) for part in (own, twin))
            assert alts == alts_of_twin, f"{address} {label}"


def test_both_languages_download_the_same_figures(pages: Pages) -> None:
    for address in pages.addresses:
        for path in (pages.site / "fi" / address).glob("*.csv"):
            finnish, swedish = (figures_of(each) for each in (path, pages.site / "sv" / address / path.name))
            assert finnish == swedish, f"{address} {path.name}"


def figures_of(path: Path) -> list[list[str]]:
    """The figures of a download, whatever the order that names give its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return sorted([cell for cell in row if FIGURE.fullmatch(cell)] for row in csv.reader(file))


def test_every_chart_has_a_text_of_its_own_and_a_table(pages: Pages) -> None:
    charts = 0
    for place, seen in pages.every():
        for figure in (figure for figure in seen.shown.values() if figure.is_chart):
            charts += 1
            where = f"{place} {figure.label}"
            assert figure.alts, where
            assert len(set(figure.alts)) == 1, where
            assert len(figure.alts[0]) > 40, where
            assert figure.alts[0].casefold().rstrip(".") != figure.title.casefold().rstrip("."), where
            assert len(figure.rows) > 1, where
            assert {f"{figure.label}.csv", f"{figure.label}.svg"} <= set(figure.files), where
    assert charts > 50


def test_the_numbers_of_a_text_alternative_are_those_of_the_table(pages: Pages) -> None:
    """Counts of large areas are told in hundreds, as in all prose; what it counts (25 areas) and what its title and
    subtitle name may stand there too.
    """
    looked_at = 0
    for place, seen in pages.every():
        for figure in (figure for figure in seen.shown.values() if figure.is_chart):
            known = {size(n) for row in figure.rows for cell in row for n in numbers(cell)}
            known |= {in_hundreds(n) for n in known if "," not in n}
            known |= {size(n) for words in figure.words for n in numbers(words)}
            known |= {str(len(figure.rows) - 1)}
            told = {size(n) for n in numbers(figure.alts[0])}
            looked_at += len(told)
            assert told <= known, f"{place} {figure.label}: {sorted(told - known)} of {figure.alts[0]}"
    assert looked_at > 100


def in_hundreds(number: str) -> str:
    whole = Decimal(number.replace(NBSP, ""))
    return f"{whole.quantize(Decimal('1E2'), ROUND_HALF_UP):,f}".replace(",", NBSP)


def test_a_drawn_number_is_in_the_words_too(pages: Pages) -> None:
    """No chart writes a figure with more decimals than its table publishes."""
    for place, seen in pages.every():
        for figure in (figure for figure in seen.shown.values() if figure.is_chart):
            decimals = max(
                (len(n.partition(",")[2]) for row in figure.rows for c in row for n in numbers(c)), default=0
            )
            for text in figure.drawn:
                for number in numbers(text):
                    assert len(number.partition(",")[2]) <= max(decimals, 1), f"{place} {figure.label}: {text}"


def test_every_figure_says_its_source_and_every_mark_has_its_note(pages: Pages) -> None:
    for place, seen in pages.every():
        source = {"fi": "Lähde: ", "sv": "Källa: "}[place[:2]]
        for figure in seen.shown.values():
            assert any(source in word for word in figure.words), f"{place} {figure.label}"
        marks = {int(link.removeprefix("#note-")) for link in seen.links if link.startswith("#note-")}
        assert marks == set(range(1, len(seen.notes) + 1)), place


def test_a_page_is_light(pages: Pages) -> None:
    for lang in LANGS:
        assets = [path for path in (pages.site / lang / "assets").iterdir() if path.suffix in {".css", ".woff2"}]
        shared = sum(len(gzip.compress(path.read_bytes(), 9)) for path in assets)
        for address in pages.addresses:
            weight = len(gzip.compress((pages.site / lang / address / "index.html").read_bytes(), 9)) + shared
            assert weight <= BUDGET, f"{lang}/{address}: {weight}"


def test_every_link_within_the_site_leads_somewhere(pages: Pages) -> None:
    for place, seen in pages.every():
        for link in set(seen.links):
            if not re.match(r"https?:|mailto:|#", link):
                assert (pages.site / place / link.partition("#")[0]).resolve().is_file(), f"{place}: {link}"
