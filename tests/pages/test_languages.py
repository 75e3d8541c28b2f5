"""Pages, downloads and what scripts say are of one language: no word of the other one, and no English of our tools.

Words are compared, not searched for: what stands on pages of both languages must be one that both have.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from katsaus.config.project import Project, load_project
from page_reader import LANGS, Pages

WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
NO_WORDS = re.compile(r"https?:\S+|\S+\.(fi|org|com|net)\b\S*|\{[^}]*\}|\bhar (\w+ )?kunnat\b")
"""Addresses, places of figures, and a verb that is a Finnish noun as well."""
TITLES = (
    *("CC BY", "Helsingin Sanomat", "Helsinki-lehti", "KT-lehti", "Koronamittarit", "Natural Earth", "Kommuntorget"),
    *("Tietotarjotin", "Tieto&trendit", "Omnia", "StatFin", "difference-in-differences"),
)
"""What is called the same in either language: newspapers, sets of data, licences, methods."""
SHORT = 6
"""Letters that a word in capitals has if it is no abbreviation."""
BOTH = {"alla", "kartan", "kykyviisari", "nolla", "summa", "javascript", "version", "trial", "other", "country"}
"""Words that both languages have, names, and codes of the groups that downloads compare with."""
LOOKS = {
    "fi": re.compile(r"å|ck|^[bdfg]|(ande|arna|erna|het|ning|ningen|ningar|tion|tionen|iska|iskt|lig|liga|ligt)$"),
    "sv": re.compile(r"ää|öö|uu|ii|yy|uo|yö|aan|(ssa|ssä|sta|stä|lla|llä|sti|vat|vät|iden|jen|ksi)$"),
}
"""Page's language → how words look that are of the other one, be they known to these tests or not."""
LOOKS_OTHERWISE = {
    "fi": {"diagnoosi", "digitaalisten", "diskontata", "miehet", "valtion"},
    "sv": set(
        """
        arbetslöshetskassa arbetstiden augusti dessa fasta första gälla intervjuundersökning kosta källa lilla linjen
        minsta nationella officiella ordlista prislista procentuella rulla sista största säkerställa säsongsperioden
        tiden uppföljningstiden vissa årstiden
        """.split()  # noqa: SIM905  (words to read, not a list to look at)
    ),
}
"""Words of the page's own language that look otherwise."""
ENGLISH = set(
    """
    and the with from this that are was were not for by cent month months year years area areas source notes table chart
    figure download women more fewer less than share number persons unemployed jobseekers municipality municipalities
    whole jan feb apr jun jul aug sep sept oct okt nov dec january february march may june july october
    loading undefined null none nan true false titled axis legend labels click view save open editor vega
    """.split()  # noqa: SIM905  (words to read, not a list to look at)
)
"""Words that drawing programs, browsers and programming languages write by themselves."""


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    return load_project(root)


def words(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        plain = NO_WORDS.sub(" ", text)
        for title in TITLES:
            plain = plain.replace(title, " ")
        found |= {word.casefold() for word in WORD.findall(plain) if not (word.isupper() and len(word) < SHORT)}
    return found


def names(project: Project, lang: str) -> set[str]:
    """The words of which names of places consist."""
    areas = [text for area in project.areas for text in (area.name[lang], area.chart_name[lang])]
    others = [place.name[lang] for places in (project.municipalities, project.regions) for place in places.values()]
    return words([*areas, *others])


def downloads(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of every download beside the pages of a language, with its file."""
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            yield from ((path.name, cell) for row in csv.reader(file) for cell in row)
    for path in folder.rglob("*.svg"):
        if "assets" not in path.parts:
            yield from ((path.name, text) for text in re.findall(r">([^<>]+)<", path.read_text("utf-8")))
    for path in folder.rglob("explore.json"):
        content = json.loads(path.read_text("utf-8"))
        yield from ((path.name, month["name"]) for month in content["months"])
        yield from ((path.name, content[name]) for name in ("measure", "synthetic", "source", "unit"))
    for path in folder.rglob("*.csv-metadata.json"):
        described = json.loads(path.read_text("utf-8"))
        told = [described["dc:title"], described["dc:source"], *described.get("dc:description", [])]
        yield from ((path.name, text) for text in told)


@pytest.fixture(scope="module")
def spoken(pages: Pages) -> dict[str, dict[str, str]]:
    """Language → word → where it stands."""
    found: dict[str, dict[str, str]] = {lang: {} for lang in LANGS}
    for place, page in pages.every():
        for text in page.texts:
            for word in words([text]):
                found[place[:2]].setdefault(word, f"{place}: {text.strip()[:80]}")
    for lang in LANGS:
        for name, text in downloads(pages.site / lang):
            for word in words([text]):
                found[lang].setdefault(word, f"{lang} {name}: {text.strip()[:80]}")
    return found


def test_no_word_stands_on_pages_of_both_languages(spoken: dict[str, dict[str, str]], project: Project) -> None:
    common = BOTH | (names(project, "fi") & names(project, "sv"))
    shared = (spoken["fi"].keys() & spoken["sv"].keys()) - common
    assert [f"{word} – {spoken['fi'][word]} – {spoken['sv'][word]}" for word in sorted(shared)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_word_looks_like_the_other_language(spoken: dict[str, dict[str, str]], project: Project, lang: str) -> None:
    known = BOTH | names(project, lang) | LOOKS_OTHERWISE[lang]
    unlike = {word for word in spoken[lang] if LOOKS[lang].search(word)} - known
    assert [f"{word} – {spoken[lang][word]}" for word in sorted(unlike)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_tool_speaks_english(spoken: dict[str, dict[str, str]], lang: str) -> None:
    assert [f"{word} – {spoken[lang][word]}" for word in sorted(ENGLISH & spoken[lang].keys())] == []
