"""What all pages of one language share: settings, words, and which pages there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from katsaus.config.site import NavItem, Site

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)
ARCHIVE: Final = "arkisto/"
LANGUAGE_NAMES: Final = {"fi": "Suomeksi", "sv": "På svenska"}
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}/")


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

    `sites` is language → site settings, `areas` slug of an area → name in this language, `municipalities` slug of
    an area → slug and name of those of its municipalities that have pages of their own, `every` language →
    addresses of all pages that there are, `planned` those of this language that the project has, made or not,
    `assets` what `write_assets` returned, `made` the moment that the PDFs tell, `assets_weight` the compressed
    bytes of the assets.
    """

    lang: str
    sites: Mapping[str, Site]
    words: Furniture
    areas: Mapping[str, str]
    municipalities: Mapping[str, Mapping[str, str]]
    every: Mapping[str, frozenset[str]]
    planned: frozenset[str]
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
                {"lang": lang, "name": LANGUAGE_NAMES[lang], "href": f"{root}../{folder}/{address}index.html"}
                for lang, folder in self._folders().items()
                if lang == self.lang or address in self.every[lang]
            ],
            "home": "" in self.addresses,
            "navigation": self._links(self.site.navigation, address),
            "more": self._links(self.site.more, address),
        }

    def _links(self, items: Iterable[NavItem], address: str) -> list[Link]:
        """Links from the page at `address` to those of the pages of `items` that there are."""
        root = "../" * address.count("/")
        return [
            Link(item.text, root + _index(item.href), current=_index(item.href) == f"{address}index.html")
            for item in items
            if _index(item.href).removesuffix("index.html") in self.addresses
        ]

    def _folders(self) -> dict[str, str]:
        return {lang: site.output_dir.rstrip("/").rpartition("/")[2] for lang, site in sorted(self.sites.items())}


def _index(href: str) -> str:
    """A navigation link as a file below the language's root: both "archive/" and "/archive/index.html" are written."""
    href = href.removeprefix("./").removeprefix("/")
    return f"{href}index.html" if href == "" or href.endswith("/") else href
