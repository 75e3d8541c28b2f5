"""The tree of a site: where pages lie, what they share, and the pages that no notebook makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from katsaus.clock import fixed_moment
from katsaus.config.matrix import Page
from katsaus.config.models import TrialArea
from katsaus.config.project import Project
from katsaus.pages.assets import weight, write_assets
from katsaus.pages.html import render_archive, render_choice
from katsaus.pages.publish import write_files
from katsaus.pages.shell import ARCHIVE, Shell
from katsaus.site.staging import make_way
from katsaus.terms import alphabetical, load_words

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def months_in(folder: Path, project: Project) -> dict[str, set[str]]:
    """Language → the months that the site at `folder` has pages of."""
    return {
        lang: {path.name for path in (folder / project.folder(lang)).glob("*") if _MONTH.fullmatch(path.name)}
        for lang in project.sites
    }


class Tree:
    """The staged site at `folder`, made ready for `pages`: their old files are gone, the assets are there."""

    def __init__(self, project: Project, folder: Path, *, pages: Sequence[Page]) -> None:
        self._project = project
        self._folder = folder
        for page in pages:
            make_way(self.root(page.lang) / page.address)
        addresses = {lang: self._addresses(lang, pages) for lang in project.sites}
        self._shells = {lang: self._make_shell(lang, addresses) for lang in project.sites}

    def root(self, lang: str) -> Path:
        """Root of a language: pages' addresses are relative to it."""
        return self._folder / self._project.folder(lang)

    def shell(self, lang: str) -> Shell:
        """What all pages of a language share."""
        return self._shells[lang]

    def finish(self) -> None:
        """Write what no notebook makes: each language's archive, and the choice of language at the top."""
        for lang, shell in self._shells.items():
            make_way(self.root(lang) / ARCHIVE)
            write_files(self.root(lang) / ARCHIVE, {"index.html": render_archive(shell)})
        make_way(self._folder)
        write_files(self._folder, {"index.html": render_choice(self._shells)})

    def _municipalities(self, area: TrialArea, lang: str) -> dict[str, str]:
        """Slug → name of the municipalities of an area that have pages of their own, in alphabetical order."""
        known = self._project.municipalities
        own = [known[code] for code in area.municipalities if self._project.places[code].startswith("kunta/")]
        return {town.slug: town.name[lang] for town in sorted(own, key=lambda town: alphabetical(town.name[lang]))}

    def _addresses(self, lang: str, pages: Sequence[Page]) -> frozenset[str]:
        """Of the pages that are there and that will be; the archive is always made."""
        root = self.root(lang)
        folders = [path.parent.relative_to(root).as_posix() for path in root.glob("**/index.html")]
        there = {"" if folder == "." else f"{folder}/" for folder in folders}
        return frozenset(there | {page.address for page in pages if page.lang == lang} | {ARCHIVE})

    def _make_shell(self, lang: str, addresses: Mapping[str, frozenset[str]]) -> Shell:
        root = self.root(lang)
        areas = sorted(self._project.areas, key=lambda area: alphabetical(area.name[lang]))
        return Shell(
            lang=lang,
            sites=self._project.sites,
            words=load_words(self._project.root, lang),
            areas={area.slug: area.name[lang] for area in areas},
            municipalities={area.slug: self._municipalities(area, lang) for area in areas},
            every=addresses,
            planned=frozenset({page.address for page in self._project.matrix.pages if page.lang == lang} | {ARCHIVE}),
            assets=write_assets(root),
            made=fixed_moment(),
            assets_weight=weight(root),
        )
