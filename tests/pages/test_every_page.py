"""What holds of every page of a site: both languages say the same, in their own words, and charts what their data say.

By itself it looks at the sample that all tests share; `--site _site` gives it a whole month.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from page_reader import NBSP, PageReader, numbers, read_page, size

LANGS = ("fi", "sv")
BUDGET = 120_000
FIGURE = re.compile(r"-?\d+(\.\d+)?|\.{2,3}|–")

FINNISH = """
    ja tai on oli olivat ovat ei että kuin joka jotka jossa vuoden vuotta vuodessa kuukausi kuukauden kuukautta kunta
    kunnat kunnan kuntien alue alueen alueet alueella koko maa maassa muut muissa osuus osuuden määrä lukumäärä luku
    luvut henkilöä prosenttia prosenttiyksikköä työttömiä työttömien työtön työnhakijaa työnhakijoita työnhakijat
    palveluissa lähde huomautukset huomautus kuvio taulukko lataa yhteensä naiset miehet alle yli enemmän vähemmän
    suurin pienin sama tiedot tieto tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu
    lokakuu marraskuu joulukuu tammi helmi maalis huhti touko kesä heinä syys loka marras joulu viikkoa kuntakokeilu
    kuntakokeilut kokeilualue kokeilukunnat maakunta saajat saajia toimeentulotuen Kela synteettinen aineisto
""".split()  # noqa: SIM905  (words to read, not a list to look at)
SWEDISH = """
    och eller att som inte är var fanns det den ett en av till från med på hela landet kommun kommunen kommuner
    kommunerna område områden området andel andelen antal antalet personer procent procentenheter arbetslösa arbetslös
    arbetssökande källa anmärkningar figur tabell ladda totalt kvinnor män under över fler färre större mindre samma
    uppgifter uppgifterna månad månaden året januari februari mars april maj juni juli augusti september oktober
    november december försöksområdet försökskommunerna landskap mottagare utkomststöd FPA syntetiska veckor
""".split()  # noqa: SIM905  (words to read, not a list to look at)
ENGLISH = """
    the and of with from this that are was were is not for by per cent month months year years area areas source notes
    table chart figure download total women men under over more fewer less than share number persons unemployed
    jobseekers municipality municipalities country whole January February March April May June July August September
    October November December symbol axis legend value undefined null None NaN nan true false title titled
""".split()  # noqa: SIM905  (words to read, not a list to look at)
NOT = {
    "fi": (*SWEDISH, *ENGLISH),
    "sv": (*FINNISH, *ENGLISH),
}
SHARED = {
    "fi": {"on", "per", "is", "total", "symbol", "var", "en", "den", "under", "mars", "FPA", "axis", "men"},
    "sv": {"under", "symbol", "men", "per", "september", "november", "april", "december", "total", "is", "tal", "on"}
    | {"kunnat", "Kela", "title", "data", "figure", "area", "for", "year", "with", "var", "by", "sama", "more", "this"},
}
"""Words that are also the language's own, or names that it uses as they are."""


@pytest.fixture(scope="session")
def addresses(site: Path) -> list[str]:
    found = sorted(path.parent.relative_to(site / "fi").as_posix() for path in (site / "fi").rglob("index.html"))
    assert len(found) > 15
    return found


@cache
def page(site: Path, lang: str, address: str) -> PageReader:
    return read_page(site / lang / address / "index.html")


def pairs(site: Path, addresses: list[str]) -> Iterator[tuple[str, PageReader, PageReader]]:
    for address in addresses:
        yield address, page(site, "fi", address), page(site, "sv", address)


def every(site: Path, addresses: list[str]) -> Iterator[tuple[str, PageReader]]:
    for lang in LANGS:
        for address in addresses:
            yield f"{lang}/{address}", page(site, lang, address)


def test_both_languages_have_the_same_pages(site: Path, addresses: list[str]) -> None:
    swedish = sorted(path.parent.relative_to(site / "sv").as_posix() for path in (site / "sv").rglob("index.html"))
    assert swedish == addresses


def test_both_languages_show_the_same_charts_tables_and_notes(site: Path, addresses: list[str]) -> None:
    for address, finnish, swedish in pairs(site, addresses):
        assert list(finnish.shown) == list(swedish.shown), address
        assert len(finnish.notes) == len(swedish.notes), address
        # Lists of names are in each language's own alphabetical order.
        assert Counter(finnish.elements) == Counter(swedish.elements), address


def test_both_languages_show_the_same_figures(site: Path, addresses: list[str]) -> None:
    for address, finnish, swedish in pairs(site, addresses):
        for label, own in finnish.shown.items():
            twin = swedish.shown[label]
            figures, others = (sorted(tuple(row[1:]) for row in part.rows[1:]) for part in (own, twin))
            assert figures == others, f"{address} {label}"
            alts, alts_of_twin = (sorted(size(n) for alt in part.alts for n in numbers(alt)) for part in (own, twin))
            assert alts == alts_of_twin, f"{address} {label}"


def test_both_languages_download_the_same_figures(site: Path, addresses: list[str]) -> None:
    for address in addresses:
        for path in (site / "fi" / address).glob("*.csv"):
            finnish, swedish = (figures_of(each) for each in (path, site / "sv" / address / path.name))
            assert finnish == swedish, f"{address} {path.name}"


def figures_of(path: Path) -> list[list[str]]:
    """The figures of a download, whatever the order that names give its rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return sorted([cell for cell in row if FIGURE.fullmatch(cell)] for row in csv.reader(file))


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_speaks_its_own_language_only(site: Path, addresses: list[str], lang: str) -> None:
    foreign = set(NOT[lang]) - SHARED[lang]
    found: dict[str, list[str]] = {}
    for address in addresses:
        texts = page(site, lang, address).texts
        for text in texts:
            for word in set(re.findall(r"[^\W\d_]+", text)) & foreign:
                found.setdefault(word, []).append(f"{address}: {text.strip()[:80]}")
    assert {word: places[:2] for word, places in found.items()} == {}


def test_every_chart_has_a_text_of_its_own_and_a_table(site: Path, addresses: list[str]) -> None:
    charts = 0
    for place, seen in every(site, addresses):
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


def test_the_numbers_of_a_text_alternative_are_those_of_the_table(site: Path, addresses: list[str]) -> None:
    """Counts of large areas are told in hundreds, as in all prose; what it counts (25 areas) and what its title and
    subtitle name may stand there too.
    """
    looked_at = 0
    for place, seen in every(site, addresses):
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


def test_a_drawn_number_is_in_the_words_too(site: Path, addresses: list[str]) -> None:
    """No chart writes a figure with more decimals than its table publishes."""
    for place, seen in every(site, addresses):
        for figure in (figure for figure in seen.shown.values() if figure.is_chart):
            decimals = max(
                (len(n.partition(",")[2]) for row in figure.rows for c in row for n in numbers(c)), default=0
            )
            for text in figure.drawn:
                for number in numbers(text):
                    assert len(number.partition(",")[2]) <= max(decimals, 1), f"{place} {figure.label}: {text}"


def test_every_figure_says_its_source_and_every_mark_has_its_note(site: Path, addresses: list[str]) -> None:
    for place, seen in every(site, addresses):
        source = {"fi": "Lähde: ", "sv": "Källa: "}[place[:2]]
        for figure in seen.shown.values():
            assert any(source in word for word in figure.words), f"{place} {figure.label}"
        marks = {int(link.removeprefix("#note-")) for link in seen.links if link.startswith("#note-")}
        assert marks == set(range(1, len(seen.notes) + 1)), place


def test_a_page_is_light(site: Path, addresses: list[str]) -> None:
    for lang in LANGS:
        assets = [path for path in (site / lang / "assets").iterdir() if path.suffix in {".css", ".woff2"}]
        shared = sum(len(gzip.compress(path.read_bytes(), 9)) for path in assets)
        for address in addresses:
            weight = len(gzip.compress((site / lang / address / "index.html").read_bytes(), 9)) + shared
            assert weight <= BUDGET, f"{lang}/{address}: {weight}"


def test_every_link_within_the_site_leads_somewhere(site: Path, addresses: list[str]) -> None:
    for place, seen in every(site, addresses):
        for link in set(seen.links):
            if not re.match(r"https?:|mailto:|#", link):
                assert (site / place / link.partition("#")[0]).resolve().is_file(), f"{place}: {link}"
