"""The HTML shell around a page: navigation, languages, contents; and the archive, which has no notebook."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, Final, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from katsaus.config.matrix import Page
from katsaus.config.site import Site
from katsaus.pages.document import Document, Heading
from katsaus.pages.figures import Block, Content, Figure, Headline, Table
from katsaus.pages.svg import Drawing

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)
ARCHIVE: Final = "arkisto/"
BELOW_TITLE: Final = 2
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}/")
_LANGUAGE_NAMES: Final = {"fi": "Suomeksi", "sv": "På svenska"}


class Furniture(Protocol):
    """What the pages need of `katsaus.terms.Words`."""

    def term(self, msgid: str, **fields: object) -> str:
        """A furniture text."""

    def month(self, month: str, form: str, /) -> str:
        """A month in words."""


@dataclass(frozen=True)
class Link:
    """A link of the navigation; the current one leads to the page itself."""

    text: str
    href: str = ""
    current: bool = False
    rel: str = ""


@dataclass(frozen=True)
class Shell:
    """What all pages of one language share.

    `sites` is language → site settings, `areas` slug → name in this language, `every` language → addresses of all pages
    that there are, `assets` what `write_assets` returned, `made` the moment that the PDFs tell,
    `assets_weight` the compressed bytes of the assets.
    """

    lang: str
    sites: Mapping[str, Site]
    words: Furniture
    areas: Mapping[str, str]
    every: Mapping[str, frozenset[str]]
    assets: Mapping[str, str]
    made: datetime | None
    assets_weight: int = 0
    term: Callable[..., str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "term", self.words.term)

    @property
    def site(self) -> Site:
        """The settings of this language."""
        return self.sites[self.lang]

    @property
    def addresses(self) -> frozenset[str]:
        """Addresses of all pages that there are in this language."""
        return self.every[self.lang]

    @property
    def months(self) -> list[str]:
        """The months that have pages, oldest first."""
        return sorted({address.partition("/")[0] for address in self.addresses if _MONTH.match(address)})

    @property
    def folder(self) -> str:
        """Name of this language's folder at the top of the site."""
        return self._folders()[self.lang]

    def context(self, address: str) -> dict[str, Any]:
        """What every template needs of the page at `address` (relative to the language's root)."""
        root = "../" * address.count("/")
        return {
            "lang": self.lang,
            "csp": CSP,
            "site": self.site,
            "root": root,
            "assets": self.assets,
            "term": self.term,
            "footer": self.site.footer,
            "languages": [
                {"lang": lang, "name": _LANGUAGE_NAMES[lang], "href": f"{root}../{folder}/{address}index.html"}
                for lang, folder in self._folders().items()
                if lang == self.lang or address in self.every[lang]
            ],
            "home": "" in self.addresses,
            "navigation": [
                Link(item.text, root + _index(item.href), current=_index(item.href) == f"{address}index.html")
                for item in self.site.navigation
                if _index(item.href).removesuffix("index.html") in self.addresses
            ],
        }

    def _folders(self) -> dict[str, str]:
        return {lang: site.output_dir.rstrip("/").rpartition("/")[2] for lang, site in sorted(self.sites.items())}


def _index(href: str) -> str:
    """A navigation link as a file below the language's root: both "archive/" and "/archive/index.html" are written."""
    href = href.removeprefix("./").removeprefix("/")
    return f"{href}index.html" if href == "" or href.endswith("/") else href


def render_page(shell: Shell, page: Page, *, content: Content, document: Document, drawings: Iterable[Drawing]) -> str:
    """The whole HTML of one page."""
    drawn = {drawing.label: drawing for drawing in drawings}
    body = document.filled(
        "html", lambda block: _block(block, document, shell=shell, address=page.address, drawn=drawn)
    )
    return (
        _templates()
        .get_template("page.html")
        .render(
            shell.context(page.address),
            title=content.front["title"],
            subtitle=content.front.get("subtitle", ""),
            description=content.front.get("description", ""),
            pdf=page.pdf,
            breadcrumbs=_breadcrumbs(shell, page, title=content.front["title"]),
            steps=_steps(shell, page),
            areas=_areas(shell, page),
            notes=document.notes,
            synthetic=content.synthetic,
            contents=[] if _has_headline(document) else _contents(document, shell.term),
            body=Markup(body),  # pandoc's and the templates' own output, with everything escaped that came from outside
        )
    )


def _block(block: Block, document: Document, *, shell: Shell, address: str, drawn: Mapping[str, Drawing]) -> str:
    def leads(href: str) -> bool:
        return posixpath.normpath(posixpath.join(address, href)).removesuffix("index.html") in shell.addresses

    macros = _templates().get_template("blocks.html").make_module({"term": shell.term, "leads": leads})
    if isinstance(block, Headline):
        return str(macros.headline(block.items, _contents(document, shell.term)))  # type: ignore[attr-defined]
    if isinstance(block, Table):
        return str(macros.table(block, document.numbers[block.label], document.marks(block)))  # type: ignore[attr-defined]
    if isinstance(block, Figure):
        return str(macros.figure(block, document.numbers[block.label], document.marks(block), drawn[block.label]))  # type: ignore[attr-defined]
    raise TypeError("prose has no slot")


def _has_headline(document: Document) -> bool:
    """Whether the page opens with headline figures, which bring its contents along."""
    return any(isinstance(block, Headline) for block in document.slots.values())


def _contents(document: Document, term: Callable[[str], str]) -> list[Heading]:
    """The headings below the title that a reader may jump to, the notes at the end among them."""
    headings = [heading for heading in document.contents if heading.level == BELOW_TITLE]
    return [*headings, Heading(BELOW_TITLE, "notes", term("Notes"))] if document.notes else headings


def _breadcrumbs(shell: Shell, page: Page, *, title: str) -> list[Link]:
    if not page.address:
        return []
    root = "../" * page.address.count("/")
    month = shell.words.month(page.month, "nominative")
    review = f"{page.month}/"
    crumbs = [Link(shell.term("Front page"), f"{root}index.html")] if "" in shell.addresses else []
    if not page.address.startswith(review):
        return [*crumbs, Link(title, current=True)]
    if page.address == review:
        return [*crumbs, Link(month, current=True)]
    crumbs.append(Link(month, f"{root}{review}index.html" if review in shell.addresses else ""))
    return [*crumbs, Link(shell.areas[page.area], current=True)]


def _steps(shell: Shell, page: Page) -> list[Link]:
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


def _areas(shell: Shell, page: Page) -> list[Link]:
    return _area_links(shell, page.month, root="../" * page.address.count("/"), current=page.area)


def _area_links(shell: Shell, month: str, *, root: str, current: str = "") -> list[Link]:
    """Links to the areas' pages of `month`, of those that there are."""
    addresses = {slug: f"{month}/alue/{slug}/" for slug in shell.areas}
    return [
        Link(name, f"{root}{addresses[slug]}index.html", current=slug == current)
        for slug, name in shell.areas.items()
        if addresses[slug] in shell.addresses
    ]


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
        "areas": _area_links(shell, month, root=root),
    }


def render_choice(shells: Mapping[str, Shell]) -> str:
    """The HTML of the page above the languages, which leads to each of their front pages."""
    choices = [
        {
            "lang": lang,
            "name": _LANGUAGE_NAMES[lang],
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
    return Environment(
        loader=PackageLoader("katsaus.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        auto_reload=False,
    )
