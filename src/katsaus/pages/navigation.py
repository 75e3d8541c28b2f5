"""Ways from a page to others: up, to the month before and after, to the areas beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from katsaus.config.matrix import Page
from katsaus.pages.shell import Link, Shell

COMPARE = "vertailu/"


def breadcrumbs(shell: Shell, page: Page, *, title: str) -> list[Link]:
    """The way down to the page, which is the last and is called by its area or its `title`."""
    if not page.address:
        return []
    root = "../" * page.address.count("/")
    name = shell.areas.get(page.area) or _towns(shell).get(page.area) or title
    if page.address == f"{page.month}/":
        name = shell.words.month(page.month, "nominative")
    above = [Link(text, f"{root}{address}index.html") for address, text in _above(shell, page)]
    return [*above, Link(name, current=True)]


def _above(shell: Shell, page: Page) -> Iterator[tuple[str, str]]:
    """Address and name of each page above, from the front page down, of those that there are."""
    month = f"{page.month}/"
    ways = {"": shell.term("Front page")}
    if page.address.startswith(month):
        ways[month] = shell.words.month(page.month, "nominative")
        ways[f"{month}{COMPARE}"] = shell.term("Compare")
    if (area := _area_of(shell, page.area)) and page.area != area:
        ways[f"{month}alue/{area}/"] = shell.areas[area]
    for address, text in ways.items():
        beneath = page.address.startswith(address) or "/alue/" in address
        if address != page.address and beneath and address in shell.addresses:
            yield address, text


def steps(shell: Shell, page: Page) -> list[Link]:
    """The same page one month earlier and later, where there is one."""
    if page.month not in page.address:
        return []
    addresses = {month: page.address.replace(page.month, month, 1) for month in shell.months}
    months = [month for month, address in addresses.items() if address in shell.addresses]
    position = months.index(page.month)
    neighbours = {"prev": months[max(position - 1, 0) : position], "next": months[position + 1 :][:1]}
    root = "../" * page.address.count("/")
    return [
        Link(
            shell.words.month(month, "nominative"),
            f"{root}{addresses[month]}index.html",
            rel=rel,
        )
        for rel, found in neighbours.items()
        for month in found
    ]


def beside(shell: Shell, page: Page) -> list[Link]:
    """The other municipalities of a municipality's area, and the areas on any other page."""
    root = "../" * page.address.count("/")
    if page.area in _towns(shell):
        towns = shell.municipalities[_area_of(shell, page.area)]
        return _links(shell, {slug: f"{page.month}/kunta/{slug}/" for slug in towns}, names=towns, at=(root, page.area))
    return area_links(shell, page.month, root=root, current=page.area)


def area_links(shell: Shell, month: str, *, root: str, current: str = "") -> list[Link]:
    """Links to the areas' pages of `month`, of those that there are."""
    addresses = {slug: f"{month}/alue/{slug}/" for slug in shell.areas}
    return _links(shell, addresses, names=shell.areas, at=(root, current))


def _links(shell: Shell, addresses: Mapping[str, str], *, names: Mapping[str, str], at: tuple[str, str]) -> list[Link]:
    root, current = at
    return [
        Link(names[slug], f"{root}{address}index.html", current=slug == current)
        for slug, address in addresses.items()
        if address in shell.addresses
    ]


def _towns(shell: Shell) -> dict[str, str]:
    """Slug → name of every municipality that has a page of its own."""
    return {slug: name for towns in shell.municipalities.values() for slug, name in towns.items()}


def _area_of(shell: Shell, slug: str) -> str:
    """The area of a municipality; of an area itself, and "" where there is none."""
    if slug in shell.areas:
        return slug
    return next((area for area, towns in shell.municipalities.items() if slug in towns), "")
