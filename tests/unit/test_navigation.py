"""Ways up, along and beside."""

from __future__ import annotations

from dataclasses import replace

from sample_site import ADDRESSES, shell

from katsaus.config.matrix import Page
from katsaus.pages.navigation import beside, breadcrumbs
from katsaus.pages.shell import Shell

ROOT = "../../../"
TOWNS = {"hanko": "Hanko", "inkoo": "Inkoo"}
MORE = ADDRESSES | {f"2023-06/kunta/{slug}/" for slug in TOWNS} | {"2023-06/vertailu/", "2023-06/vertailu/d01/"}


def wide_shell() -> Shell:
    return shell(municipalities={"raasepori": TOWNS}, every={"fi": MORE, "sv": MORE})


def town(slug: str = "hanko") -> Page:
    return Page("municipality", slug, "2023-06", "fi", f"2023-06/kunta/{slug}/", pdf=False)


def test_a_municipality_lies_below_its_area() -> None:
    way = breadcrumbs(wide_shell(), town(), title="T")
    assert [(link.text, link.href) for link in way] == [
        ("Front page", f"{ROOT}index.html"),
        ("2023-06 (nominative)", f"{ROOT}2023-06/index.html"),
        ("Raasepori ja lähikunnat", f"{ROOT}2023-06/alue/raasepori/index.html"),
        ("Hanko", ""),
    ]


def test_beside_a_municipality_are_those_of_its_area_and_beside_others_the_areas() -> None:
    assert [(link.text, link.current) for link in beside(wide_shell(), town())] == [("Hanko", True), ("Inkoo", False)]
    area = Page("area", "espoo", "2023-06", "fi", "2023-06/alue/espoo/", pdf=False)
    assert [link.text for link in beside(wide_shell(), area)][:2] == ["Helsinki", "Espoo"]


def test_an_indicator_to_compare_lies_below_the_comparison() -> None:
    page = Page("compare", "trial", "2023-06", "fi", "2023-06/vertailu/d01/", pdf=False, indicator="D01")
    assert [link.text for link in breadcrumbs(wide_shell(), page, title="Osuus")] == [
        "Front page",
        "2023-06 (nominative)",
        "Compare",
        "Osuus",
    ]


def test_only_pages_that_are_there_are_on_the_way() -> None:
    alone = replace(wide_shell(), every={"fi": frozenset({"2023-06/kunta/hanko/"}), "sv": frozenset()})
    assert [link.text for link in breadcrumbs(alone, town(), title="T")] == ["Hanko"]
    assert [link.text for link in beside(alone, town())] == ["Hanko"]
