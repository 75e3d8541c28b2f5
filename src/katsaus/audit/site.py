"""A built site as an audit sees it: its files, its folders with their tables, and what was released."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from katsaus.audit.counted import columns
from katsaus.audit.fixed import Fixed
from katsaus.audit.names import Names
from katsaus.audit.released import CONCEALED, Released
from katsaus.audit.sentences import About, Reader
from katsaus.audit.twins import DESCRIBED, Twin, read_twin
from katsaus.calendar import months_until
from katsaus.config.models import LANGS
from katsaus.errors import AuditError, UsageError
from katsaus.figures import COMPARISON, Figures
from katsaus.terms import load_words

_MONTH = re.compile(r"\d{4}-\d{2}")
_KEY = re.compile(r"\b[A-Z]\d{2}(?::[a-z0-9_]+)?")
_SHOWN_MONTHS = 120
_COUNTED = {"value", "year_ago"}
"""A page may tell how many figures it has of its month and of a year before."""


@dataclass(frozen=True)
class Folder:
    """A folder of the site with its language, and its tables by label: those that say what their figures are of."""

    path: Path
    lang: str
    twins: Mapping[str, Twin]
    about: About


class Site:
    """The site in a folder, beside the released figures of a project."""

    def __init__(self, root: Path, figures: Figures) -> None:
        self.root = root
        self.figures = figures
        self.released = Released(figures)
        self.fixed = Fixed(figures)
        self._folders: dict[Path, Folder] = {}

    @property
    def files(self) -> Iterator[Path]:
        """Every file, in order."""
        return (path for path in sorted(self.root.rglob("*")) if path.is_file())

    def name(self, path: Path) -> str:
        """A file from the root of the site."""
        return path.relative_to(self.root).as_posix()

    def lang(self, path: Path) -> str:
        """The language of a file: the folder below the root that it is in."""
        first = path.relative_to(self.root).parts[0]
        return first if first in LANGS else LANGS[0]

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """What figures are called, by language."""
        return {lang: Names(self.figures, load_words(self.figures.project.root, lang)) for lang in LANGS}

    @cached_property
    def readers(self) -> Mapping[str, Reader]:
        """Readers of sentences, by language."""
        return {lang: Reader(self.released, names, fixed=self.fixed) for lang, names in self.names.items()}

    @cached_property
    def month_of(self) -> Mapping[str, str]:
        """Months as headings write them → months: "6/2023" → "2023-06"."""
        months = months_until(self.figures.project.months[-1], _SHOWN_MONTHS)
        return {f"{int(month[5:])}/{month[:4]}": month for month in months}

    def folder(self, path: Path) -> Folder:
        """The folder of a file."""
        if path.parent not in self._folders:
            self._folders[path.parent] = self._read(path.parent)
        return self._folders[path.parent]

    def _read(self, path: Path) -> Folder:
        twins: dict[str, Twin] = {}
        for described in sorted(path.glob(f"*{DESCRIBED}")):
            label = described.name.removesuffix(DESCRIBED)
            try:
                twins[label] = read_twin(path, label, released=self.released)
            except AuditError:
                continue  # its readers tell of it
        return Folder(path, self.lang(path / "x"), twins, self._about(path, twins))

    def _about(self, path: Path, twins: Mapping[str, Twin]) -> About:
        cells = [pair for twin in twins.values() for pair in twin.cells()]
        own = self._areas(path)
        month = next((part for part in path.relative_to(self.root).parts if _MONTH.fullmatch(part)), "")
        months = {month or self.figures.project.months[-1]}
        newest = {max(subject.month for subject, _ in twin.cells()) for twin in twins.values()}
        shown = [(s, cell.symbol) for s, cell in cells if s.measure in _COUNTED and s.area in own and s.month in months]
        counts = {len(self.figures.members[code]) for code in own}
        for told in (shown, [pair for pair in shown if pair[1] == CONCEALED]):
            counts |= set(range(len(set(told)), len(told) + 1))  # a table may repeat figures of another
        return About(
            areas=frozenset(own or COMPARISON),
            months=frozenset(months | newest),
            series=frozenset((s.source, s.indicator, s.responsible, s.group) for s, _ in cells),
            counts=frozenset(map(str, counts)),
            told=self._called(path, months, own=own),
            columns=tuple(columns(twins.values(), months | newest)),
            bare=not twins,
        )

    def _called(self, path: Path, months: Collection[str], *, own: Sequence[str]) -> frozenset[str]:
        """Indicators that the commentary of a page calls for."""
        slugs = {path.name} if own else {"trial"}
        called: set[str] = set()
        for (month, slug, _), texts in self.figures.project.commentary.items():
            if month in months and slug in slugs:
                called.update(key for text in texts.values() for key in _KEY.findall(text.text))
        return frozenset(called)

    def _areas(self, path: Path) -> list[str]:
        """The area or municipality that a folder is named after."""
        try:
            code = self.figures.code_of(path.name)
        except UsageError:
            return []
        return [code]
