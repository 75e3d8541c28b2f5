"""The HTML shell around a page: navigation, languages, contents; and the archive, which has no notebook."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from katsaus.config.matrix import Page
from katsaus.errors import Problem, RenderError
from katsaus.pages.document import WHOLE, Document, Heading
from katsaus.pages.figures import Block, Content, Explore, Figure, Headline, Table, warning
from katsaus.pages.navigation import area_links, beside, breadcrumbs, steps
from katsaus.pages.shell import ARCHIVE, CSP, LANGUAGE_NAMES, Link, Shell
from katsaus.pages.svg import Drawing

BELOW_TITLE: Final = 2
SCRIPTS: Final = {"map": 'data-area="', "compare": 'class="explore"'}
"""Script of the assets → what in the body of a page calls for it; a page is whole without."""
_WAY: Final = re.compile(r'<a href="([^":#]*index\.html)">(.*?)</a>', re.DOTALL)
"""A link that prose has to another page of the site."""
_PART: Final = re.compile(r"<h2\b|<(?:div|figure|section) class=")
"""Where a page's opening (headline figures, first sentences) ends: at its first heading, figure or callout."""


def render_page(shell: Shell, page: Page, *, content: Content, document: Document, drawings: Iterable[Drawing]) -> str:
    """The whole HTML of one page. Raises RenderError for links to pages that the project has not."""
    drawn = {drawing.label: drawing for drawing in drawings}
    body = document.filled(
        "html", lambda block: _block(block, document, shell=shell, address=page.address, drawn=drawn)
    )
    if lost := [found[1] for found in _WAY.finditer(body) if _there(page.address, found[1]) not in shell.planned]:
        do = "link to a page of reviews/matrix.yml"
        raise RenderError(Problem(f"the link {way} leads to no page", page.name, do=do) for way in lost)
    body = _without_dead_ends(body, page.address, addresses=shell.addresses)
    begun = found.start() if (found := _PART.search(body)) else 0
    return (
        _templates()
        .get_template("page.html")
        .render(
            shell.context(page.address),
            title=content.front["title"],
            subtitle=content.front.get("subtitle", ""),
            description=content.front.get("description", ""),
            pdf=page.pdf,
            breadcrumbs=breadcrumbs(shell, page, title=content.front["title"]),
            steps=steps(shell, page),
            areas=beside(shell, page),
            areas_title=shell.term("Municipalities") if "/kunta/" in page.address else shell.term("Areas"),
            notes=document.notes,
            synthetic=warning(content, shell.term),
            contents=_contents(document, shell.term),
            scripts=[name for name, mark in SCRIPTS.items() if mark in body],
            # pandoc's and the templates' own output, with everything escaped that came from outside
            opening=Markup(body[:begun]),
            body=Markup(body[begun:]),
        )
    )


def bound(text: str) -> Markup:
    """`text` escaped, with what no line may break kept whole: "%-yksikköä", "kesäkuu 2023", a word with its "%"."""
    return Markup(re.sub(WHOLE, r'<span class="whole">\g<0></span>', str(escape(text))))


def _there(address: str, way: str) -> str:
    """Where the link `way` of the page at `address` leads."""
    return posixpath.normpath(f"{address}{way}").removesuffix("index.html")


def _without_dead_ends(body: str, address: str, *, addresses: Collection[str]) -> str:
    """The body of the page at `address`; a link to what the site lacks, as after a build of some areas, is text."""

    def way(found: re.Match[str]) -> str:
        return found[0] if _there(address, found[1]) in addresses else found[2]

    return _WAY.sub(way, body)


def _block(block: Block, document: Document, *, shell: Shell, address: str, drawn: Mapping[str, Drawing]) -> str:
    def link(href: str) -> str:
        """The way from the page to `href` (from the root of the language), "" where there is no such page."""
        there = href.removeprefix("/").removesuffix("index.html") in shell.addresses
        return posixpath.relpath(href, f"/{address}") if there else ""

    macros = _templates().get_template("blocks.html").make_module({"term": shell.term, "link": link})
    if isinstance(block, Headline):
        return str(macros.headline(block.items))  # type: ignore[attr-defined]
    if isinstance(block, Table):
        return str(macros.table(block, document.numbers[block.label], document.marks(block)))  # type: ignore[attr-defined]
    if isinstance(block, Figure):
        return str(macros.figure(block, document.numbers[block.label], document.marks(block), drawn[block.label]))  # type: ignore[attr-defined]
    if isinstance(block, Explore):
        return str(macros.explore(block, document.marks(block)))  # type: ignore[attr-defined]
    raise TypeError("prose has no slot")


def _contents(document: Document, term: Callable[[str], str]) -> list[Heading]:
    """The headings below the title that a reader may jump to, the notes at the end among them."""
    headings = [heading for heading in document.contents if heading.level == BELOW_TITLE]
    return [*headings, Heading(BELOW_TITLE, "notes", term("Notes"))] if document.notes else headings


def render_archive(shell: Shell) -> str:
    """The HTML of the archive (at `ARCHIVE`): every month with its review and its areas, newest first."""
    context = shell.context(ARCHIVE)
    newest_first = sorted(shell.months, reverse=True)
    years = [
        {"year": year, "months": [_archived(shell, month, root=context["root"]) for month in months]}
        for year, months in groupby(newest_first, key=lambda month: month[:4])
    ]
    return (
        _templates()
        .get_template("archive.html")
        .render(
            context,
            title=shell.term("Archive"),
            description=shell.term("All published reviews, newest first."),
            pdf=False,
            breadcrumbs=[
                *([Link(shell.term("Front page"), f"{context['root']}index.html")] if context["home"] else []),
                Link(shell.term("Archive"), current=True),
            ],
            years=years,
        )
    )


def _archived(shell: Shell, month: str, *, root: str) -> dict[str, Any]:
    review = f"{month}/"
    return {
        "text": shell.words.month(month, "nominative"),
        "href": f"{root}{review}index.html" if review in shell.addresses else "",
        "areas": area_links(shell, month, root=root),
    }


def render_choice(shells: Mapping[str, Shell]) -> str:
    """The HTML of the page above the languages, which leads to each of their front pages."""
    choices = [
        {
            "lang": lang,
            "name": LANGUAGE_NAMES[lang],
            "folder": shell.folder,
            "href": f"{shell.folder}/{'' if '' in shell.addresses else ARCHIVE}index.html",
            "site": shell.site,
            "assets": shell.assets,
        }
        for lang, shell in shells.items()
    ]
    return _templates().get_template("choice.html").render(csp=CSP, choices=choices)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("katsaus.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        auto_reload=False,
    )
    environment.filters["bound"] = bound
    return environment
