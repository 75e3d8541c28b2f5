"""Every map of every page can be read without seeing it, and says whose borders it shows."""

from __future__ import annotations

import re
from collections import Counter

from page_reader import Pages

OWNER = {"fi": "Maanmittauslaito", "sv": "Lantmäteriverket"}
LICENCE = re.compile(r"CC\s+BY\s+4\.0")


TABLE = {"fi": "taulukossa", "sv": "tabellen"}
BORDERS = {"fi": re.compile(r"\bKartta\b"), "sv": re.compile(r"\bKarta\b")}
"""What the text alternative of a map calls it; tiles have no borders."""
KINDS = 3
"""Pages that have a map: the front page, the review, Kela's situation picture."""


def test_every_map_has_a_row_for_each_shape(pages: Pages) -> None:
    maps = [(place, figure) for _, place, figure in pages.charts() if figure.shapes]
    assert len(maps) >= 2 * KINDS
    for place, figure in maps:
        assert set(figure.shapes) <= set(figure.places), place  # a row may be of the whole country
        assert len(set(Counter(figure.shapes).values())) == 1, place


def test_every_map_says_how_to_use_it_and_its_table(pages: Pages) -> None:
    """The line that tells of pointing is hidden until the script that answers to it runs. Nobody is sent to the rows of
    a table that has to be opened first.
    """
    wrong: list[str] = []
    for lang, place, figure in pages.charts():
        if figure.shapes and not figure.hint:
            wrong.append(f"{place}: no hint")
        if figure.folded and TABLE[lang] in figure.hint:
            wrong.append(f"{place}: {figure.hint}")
    for place, page in pages.every():
        if any(figure.shapes for figure in page.shown.values()) and not any("/map-" in one for one in page.scripts):
            wrong.append(f"{place}: no script")
    assert wrong == []


def test_every_map_names_the_owner_of_its_borders(pages: Pages) -> None:
    maps = 0
    for lang, place, figure in pages.charts():
        if BORDERS[lang].search(figure.alts[0]):
            maps += 1
            words = " ".join(figure.words)
            assert OWNER[lang] in words, place
            assert LICENCE.search(words), place
            assert figure.shapes, place
    assert maps >= 2 * KINDS
