"""The tree of a site: where pages lie, what they share, and the pages that no notebook makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from katsaus.clock import fixed_moment
from katsaus.config.matrix import Page
from katsaus.config.project import Project
from katsaus.pages.assets import weight, write_assets
from katsaus.pages.html import ARCHIVE, Shell, render_archive, render_choice
from katsaus.pages.publish import write_files
from katsaus.site.staging import make_way
from katsaus.terms import load_words

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def months_in(folder: Path, project: Project) -> set[str]:
    """The months that the site at `folder` has pages of, in any language."""
    roots = [folder / project.folder(lang) for lang in project.sites]
    return {path.name for root in roots for path in root.glob("*") if _MONTH.fullmatch(path.name)}


class Tree:
    """The staged site at `folder`, made ready for `pages`: their old files are gone, the assets are there."""

    def __init__(self, project: Project, folder: Path, *, pages: Sequence[Page]) -> None:
        self._project = project
        self._folder = folder
        for page in pages:
            make_way(self.root(page.lang) / page.address)
        self._shells = {lang: self._make_shell(lang, pages) for lang in project.sites}

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

    def _make_shell(self, lang: str, pages: Sequence[Page]) -> Shell:
        root = self.root(lang)
        there = {f"{path.parent.relative_to(root).as_posix()}/" for path in root.glob("*/**/index.html")}
        areas = sorted(self._project.areas, key=lambda area: area.name[lang])
        return Shell(
            lang=lang,
            sites=self._project.sites,
            words=load_words(self._project.root, lang),
            areas={area.slug: area.name[lang] for area in areas},
            addresses=frozenset(there | {page.address for page in pages if page.lang == lang}),
            assets=write_assets(root),
            made=fixed_moment(),
            assets_weight=weight(root),
        )
