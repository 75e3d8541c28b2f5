"""A shell around the sample page: two languages, furniture texts in English, a few areas and months."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sample_notebook import TRIAL_AREAS

from katsaus.config.matrix import Page
from katsaus.config.site import Crossref, NavItem, Site
from katsaus.pages.shell import Shell

CROSSREFS = {
    "fi": Crossref("Kuvio", "kuvio", "Taulukko", "taulukko"),
    "sv": Crossref("Figur", "figur", "Tabell", "tabell"),
}
MONTHS = ("2023-04", "2023-05", "2023-06")
MADE = datetime(2023, 7, 25, 5, tzinfo=UTC)


class English:
    """Furniture texts as their msgids say them."""

    def term(self, msgid: str, /, **fields: object) -> str:
        return msgid.format(**fields)

    def month(self, month: str, form: str, /) -> str:
        return f"{month} ({form})"


ADDRESSES = frozenset(
    address
    for month in MONTHS
    for address in ("", "arkisto/", f"{month}/", *(f"{month}/alue/{slug}/" for slug in TRIAL_AREAS))
)


def site(lang: str) -> Site:
    navigation = (NavItem("Newest", "index.html"), NavItem("Archive", "arkisto/"))
    return Site(lang, f"Site {lang}", "About", navigation, f"_site/{lang}", "Footer", CROSSREFS[lang])


def shell(lang: str = "fi", **changes: Any) -> Shell:
    areas = {slug: names[lang == "sv"] for slug, names in TRIAL_AREAS.items()}
    assets = {"css": "assets/style.css", "icon": "assets/icon.svg"}
    fields = {
        "words": English(),
        "areas": areas,
        "municipalities": {},
        "every": {"fi": ADDRESSES, "sv": ADDRESSES},
        "planned": ADDRESSES,
        "assets": assets,
        "made": MADE,
    }
    return Shell(lang, {other: site(other) for other in ("fi", "sv")}, **(fields | changes))


def page(lang: str = "fi", *, month: str = "2023-06", pdf: bool = True) -> Page:
    return Page("area", "helsinki", month, lang, f"{month}/alue/helsinki/", pdf)
