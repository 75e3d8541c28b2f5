"""The site's settings from `_quarto.yml` and its language profiles: one source for Quarto and for our own engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from katsaus.config.models import LANGS
from katsaus.config.strict_yaml import Document, Loc, load
from katsaus.errors import ConfigError, Problem

BASE = "_quarto.yml"


@dataclass(frozen=True)
class NavItem:
    """One link of the navigation; `href` is relative to the root of the language."""

    text: str
    href: str


@dataclass(frozen=True)
class Crossref:
    """What figures and tables are called: in captions ("Kuvio 1") and in references ("kuvio 1")."""

    figure_title: str
    figure_prefix: str
    table_title: str
    table_prefix: str


@dataclass(frozen=True)
class Site:
    """Settings of the site in one language; `output_dir` is relative to the project.

    `navigation` stands at the top of every page, `more` at its foot.
    """

    lang: str
    title: str
    description: str
    navigation: tuple[NavItem, ...]
    output_dir: str
    footer: str
    crossref: Crossref
    more: tuple[NavItem, ...] = ()


_TEXTS: dict[str, Loc] = {
    "lang": ("lang",),
    "title": ("website", "title"),
    "description": ("website", "description"),
    "output_dir": ("project", "output-dir"),
    "footer": ("website", "page-footer", "left"),
    "figure_title": ("crossref", "fig-title"),
    "figure_prefix": ("crossref", "fig-prefix"),
    "table_title": ("crossref", "tbl-title"),
    "table_prefix": ("crossref", "tbl-prefix"),
}


def load_sites(root: Path) -> dict[str, Site]:
    """The settings of every language. Raises ConfigError with all problems of all profiles.

    A profile's value wins over the base's, as in Quarto. Quarto itself ignores a profile that is missing or mistyped.
    """
    base = load(root / BASE, root)
    problems = list(_project_problems(base))
    sites: dict[str, Site] = {}
    for lang in LANGS:
        try:
            sites[lang] = _site(load(root / f"_quarto-{lang}.yml", root), base, lang=lang)
        except ConfigError as error:
            problems.extend(error.problems)
    outputs = [site.output_dir for site in sites.values()]
    if len(set(outputs)) < len(outputs):
        problems.append(Problem("two languages have the same output-dir", BASE, do="give each profile its own"))
    if problems:
        raise ConfigError(problems)
    return sites


def _project_problems(base: Document) -> list[Problem]:
    kind = _get(base, ("project", "type"))
    if kind == "website":
        return []
    return [Problem("project type is not website", base.where("project", "type"), do="write type: website")]


def _site(profile: Document, base: Document, *, lang: str) -> Site:
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for name, loc in _TEXTS.items():
        value = _get(profile, loc)
        value = _get(base, loc) if value is None else value
        if isinstance(value, str) and value.strip():
            texts[name] = value
        else:
            what = f"{': '.join(map(str, loc))} is missing or not a text"
            problems.append(Problem(what, profile.where(*loc), do="give it in this profile"))
    if texts.get("lang", lang) != lang:
        problems.append(Problem(f"lang is {texts['lang']}", profile.where("lang"), do=f"write lang: {lang}"))
    folder = Path(texts.get("output_dir", "_site"))
    if folder.is_absolute() or ".." in folder.parts:
        problems.append(Problem("output-dir leads out of the project", profile.where("project", "output-dir")))
    navigation = _navigation(profile, ("website", "navbar", "left"), problems=problems)
    more = _navigation(profile, ("website", "page-footer", "right"), problems=problems)
    if problems:
        raise ConfigError(problems)
    crossref = Crossref(**{name: texts.pop(name) for name in list(texts) if name.startswith(("figure_", "table_"))})
    return Site(navigation=navigation, more=more, crossref=crossref, **texts)


def _navigation(profile: Document, loc: Loc, *, problems: list[Problem]) -> tuple[NavItem, ...]:
    items = _get(profile, loc)
    if not isinstance(items, tuple) or not items:
        problems.append(Problem(f"{': '.join(map(str, loc))} is missing", profile.where(*loc), do="list its links"))
        return ()
    found = []
    for position, item in enumerate(items):
        if (
            isinstance(item, dict)
            and item.keys() == {"text", "href"}
            and all(isinstance(v, str) for v in item.values())
        ):
            found.append(NavItem(item["text"], item["href"]))
        else:
            what = "a navigation item is not a text and a href"
            problems.append(Problem(what, profile.where(*loc, position), do="write: - {text: …, href: …}"))
    return tuple(found)


def _get(document: Document, loc: Loc) -> object:
    value = document.data
    for key in loc:
        value = value.get(key) if isinstance(value, dict) else None
    return value
