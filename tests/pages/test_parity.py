"""Both languages tell the same: every number, sentence, note, caveat and mark, and in the same direction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from directions import directions

from page_reader import LANGS, MINUS, NBSP, PageReader, Pages, Part

NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:[{NBSP}\N{{NARROW NO-BREAK SPACE}}]\d{{3}})*(?:,\d+)?")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ”])")
TWELVE = re.compile(r"\btolv\b|\bkahdentoista\b|\bkaksitoista\b")
"""A number that one language writes in letters and the other one in figures."""
SYNTHETIC = {"fi": re.compile(r"synteettinen\s+aineisto"), "sv": re.compile(r"syntetiska\s+uppgifter")}
OTHERWISE_CUT = {
    "A09 ": 1,
    "Ajankohta. ": -1,
    "K01 ": 1,
    "Osuuden 12 kuukauden": 1,
    "Tietosuojasta voi kysyä": 1,
    "Työ- ja elinkeinoministeriön, Kelan": 1,
    "Vantaalla keskeisiä ovat": 1,
}
"""How a Finnish paragraph begins → how many sentences more its Swedish twin has, which says the same."""
ALPHABETICAL = {".", "sanasto"}
"""Pages with lists in the order of each language's own names."""
LONG = 60
"""Letters of a text long enough for its twin to be about as long."""


def numbers_of(text: str) -> list[str]:
    return NUMBER.findall(TWELVE.sub("12", text))


def twins(finnish: PageReader, swedish: PageReader) -> Iterator[tuple[Part, Part]]:
    """The parts of a page side by side."""
    return zip(finnish.parts, swedish.parts, strict=True)


def of_a_month(address: str) -> bool:
    return bool(re.match(r"\d", address))


def as_long(own: str, twin: str) -> bool:
    """Whether neither is more than twice the other."""
    return 0.5 <= len(twin.strip()) / len(own.strip()) <= 2


def sentences(part: Part) -> int:
    return len(SENTENCE.split(part.text.strip()))


def test_every_number_stands_in_both_languages(pages: Pages) -> None:
    differing = {}
    for address, finnish, swedish in pages.pairs():
        told, twin = (Counter(n for text in page.texts for n in numbers_of(text)) for page in (finnish, swedish))
        if told != twin:
            differing[address] = (dict(told - twin), dict(twin - told))
    assert differing == {}


def test_every_paragraph_has_its_twin_with_as_many_sentences(pages: Pages) -> None:
    differing: list[str] = []
    for address, finnish, swedish in pages.pairs():
        assert [part.kind for part in finnish.parts] == [part.kind for part in swedish.parts], address
        if address in ALPHABETICAL:
            continue
        for own, twin in twins(finnish, swedish):
            more = next((more for begin, more in OTHERWISE_CUT.items() if own.text.strip().startswith(begin)), 0)
            if sentences(own) + more != sentences(twin):
                differing.append(f"{address}: {own.text.strip()[:100]} – {twin.text.strip()[:100]}")
    assert differing == []


def test_paragraphs_of_both_languages_are_about_as_long(pages: Pages) -> None:
    """What stands in place of a text, or a half of it, is found even where it has as many sentences."""
    odd = [
        f"{address}: {own.text.strip()[:100]} – {twin.text.strip()[:100]}"
        for address, finnish, swedish in pages.pairs()
        if address not in ALPHABETICAL
        for own, twin in twins(finnish, swedish)
        if own.text.rstrip().endswith(".") and len(own.text) > LONG and not as_long(own.text, twin.text)
    ]
    assert odd == []


def test_every_note_has_its_twin_of_the_same_number(pages: Pages) -> None:
    for address, finnish, swedish in pages.pairs():
        for number, (own, twin) in enumerate(zip(finnish.notes, swedish.notes, strict=True), 1):
            place = f"{address} note {number}: {own[:80]} – {twin[:80]}"
            assert Counter(numbers_of(own)) == Counter(numbers_of(twin)), place
            assert as_long(own, twin), place
        calls = [[link for link in page.links if link.startswith("#note-")] for page in (finnish, swedish)]
        assert calls[0] == calls[1], address


def test_synthetic_figures_are_marked_as_often(pages: Pages) -> None:
    """In all texts together and in each paragraph and caption; what is drawn too."""
    marked = 0
    for address, finnish, swedish in pages.pairs():
        if not of_a_month(address):
            continue  # general pages speak of synthetic figures
        texts = [" ".join(page.texts) for page in (finnish, swedish)]
        counts = [len(SYNTHETIC[lang].findall(text)) for lang, text in zip(LANGS, texts, strict=True)]
        assert counts[0] == counts[1], address
        marked += counts[0]
        for own, twin in twins(finnish, swedish):
            marks = [len(SYNTHETIC[lang].findall(part.text)) for lang, part in zip(LANGS, (own, twin), strict=True)]
            assert marks[0] == marks[1], f"{address}: {own.text[:100]} – {twin.text[:100]}"
    assert marked > 100


def test_every_caveat_stands_in_both_languages(pages: Pages) -> None:
    for address, finnish, swedish in pages.pairs():
        caveats = [[part.label for part in page.parts if part.kind == "p.caveat"] for page in (finnish, swedish)]
        assert caveats[0] == caveats[1], address


@pytest.mark.parametrize(
    ("finnish", "swedish", "told"),
    [
        ("Osuus oli suurempi kuin vuotta aiemmin", "Andelen var större än ett år tidigare", "+"),
        ("Määrä väheni eniten Porissa", "Antalet minskade mest i Björneborg", "-+"),
        ("12 (3 %) vähemmän", "12 (3 %) färre", "-"),
    ],
)
def test_directions_are_read_alike(finnish: str, swedish: str, told: str) -> None:
    assert directions(finnish, "fi") == directions(swedish, "sv") == told


def test_both_languages_tell_the_same_direction(pages: Pages) -> None:
    """In titles and text alternatives word by word, in paragraphs where both use such words."""
    differing: list[str] = []
    looked_at = 0
    for address, finnish, swedish in pages.pairs():
        if not of_a_month(address):
            continue  # fixed texts weigh words otherwise in each language
        said = [
            (own.text, twin.text, own.kind == "p.finding")
            for own, twin in twins(finnish, swedish)
            if own.kind == "p.finding" or NUMBER.search(own.text)
        ]
        alts = [
            (own, twin, True)
            for label in finnish.shown
            for own, twin in zip(finnish.shown[label].alts, swedish.shown[label].alts, strict=True)
        ]
        for own_text, twin_text, always in [*said, *alts]:
            own, twin = directions(own_text, "fi"), directions(twin_text, "sv")
            looked_at += bool(own and twin)
            if own != twin and (always or (own and twin)):
                differing.append(f"{address} {own} {twin}: {own_text[:150]} – {twin_text[:150]}")
    assert differing == []
    assert looked_at > 100
