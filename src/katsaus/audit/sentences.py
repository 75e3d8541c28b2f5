"""What a text says: every number of it must be a released figure of what the text names.

A sentence is about the indicators whose names or usual words stand in it, at the areas that it names and at the page's
own; one that names none is about those of the sentence before ("Osuus oli 1,3 prosenttiyksikköä pienempi"). Where no
sentence before it names any either, it may tell any figure of the page's tables, if that is no small count. The numbers
of a text alternative belong to the label that stands before them. Numbers of fixed texts, dates, months and years are
no figures; nor is how many areas or figures a page has.

What this reader can't see: a number written in letters, and a figure of one indicator told with the words of another
that has the same number in the same area and month.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from katsaus.audit.counted import Column, counted
from katsaus.audit.findings import VISIBLE
from katsaus.audit.fixed import Fixed
from katsaus.audit.names import Names
from katsaus.audit.numbers import Number, numbers
from katsaus.audit.released import CONCEALED, MEASURES, Released, Shown
from katsaus.audit.twins import Twin
from katsaus.claims.published import HUNDREDS
from katsaus.config.rules import TOTAL
from katsaus.table import Subject

_SENTENCE: Final = re.compile(r"(?<=[.!?:;])\s+(?=[A-ZÅÄÖ])")
FEW: Final = 12
"""Indicators that a sentence may compare with each other."""
_SMALL: Final = 10
"""A whole number below this must be told of an indicator that its sentence names."""

Series = tuple[str, str, str, str]
"""Source, indicator, responsible organisation and group of a figure."""


@dataclass(frozen=True)
class About:
    """What a page is about: its own areas, its month, the series of its tables, how much it has of what, and the
    indicators that its editors' own text calls for, and the columns whose areas a sentence may count.
    """

    areas: frozenset[str]
    months: frozenset[str]
    series: frozenset[Series]
    counts: frozenset[str]
    told: frozenset[str]
    columns: tuple[Column, ...]
    bare: bool
    """Whether it has no table: a page of fixed texts and their examples."""


class Reader:
    """Reads the texts of one language."""

    def __init__(self, released: Released, names: Names, *, fixed: Fixed) -> None:
        self._released = released
        self._names = names
        self._fixed = fixed
        self._spoken: dict[Subject, frozenset[str]] = {}

    def faults(self, text: str, about: About) -> Iterator[str]:
        """What is wrong in a text of a page, sentence by sentence."""
        before: set[str] = set()
        for sentence in _SENTENCE.split(self._unmarked(text)):
            named = self._names.indicators_in(sentence)
            found = [number for number in numbers(sentence) if not self._settled(number, about)]
            if any(not self._explained(number, sentence, about=about, named=named, before=before) for number in found):
                yield self._fault(sentence, about, named=named or before)
            before = named or before

    def told(self, text: str, twin: Twin, *, about: About) -> Iterator[str]:
        """What is wrong in the words of a chart or table: its figures are those of its visible cells."""
        for sentence in _SENTENCE.split(self._unmarked(text)):
            found = [number for number in numbers(sentence) if not self._settled(number, about)]
            labels = sorted(self._labels(sentence, twin), key=lambda label: label[:2]) if found else []
            for number in found:
                if any(at <= number.at < at + length for at, length, _ in labels):
                    continue  # part of a label: "alle 30-vuotiaat"
                before = [subjects for at, _, subjects in labels if at <= number.at]
                meant = set(before[-1]) if before else {subject for subject, _ in twin.cells()}
                named = {subject.indicator for subject in meant}
                if any(number.size in self._words(subject) for subject in meant):
                    continue
                if not self._explained(number, sentence, about=about, named=named):
                    hidden = any(cell.symbol == CONCEALED for subject, cell in twin.cells() if subject in meant)
                    yield VISIBLE if hidden else "a number that no visible cell explains"

    def item(self, parts: Sequence[str], about: About) -> Iterator[str]:
        """What is wrong in a headline figure: its label, value, change and comparison."""
        keys = set(self._names.headed(parts[0])) if parts else set()
        for part in parts[1:]:
            areas = self._names.areas_in(part) or about.areas
            pool = {word for subject in self._subjects(keys, areas, about=about) for word in self._words(subject)}
            if any(number.size not in pool for number in numbers(part)):
                yield "a number that no released figure of its indicator explains"

    def _settled(self, number: Number, about: About) -> bool:
        return self._fixed(number) or (about.bare and self._fixed.anywhere(number))

    def _explained(
        self, number: Number, sentence: str, *, about: About, named: Collection[str], before: Collection[str] = ()
    ) -> bool:
        """Whether a sentence may tell a number: of the indicators `named` in it, else in the sentence `before` it."""
        areas = frozenset(self._names.areas_in(sentence) | about.areas)
        if keys := frozenset(named or before):
            told = number.size in self._pool(keys | about.told, areas, about=about)
            return told or number.size in self._counts(sentence, keys, about=about)
        small = number.size.isdigit() and int(number.size) < _SMALL and number.after != "%"
        others = set() if small else {series[1] for series in about.series}
        return number.size in about.counts or number.size in self._pool(
            frozenset({*others, *about.told}), areas, about=about
        )

    def _counts(self, sentence: str, keys: Collection[str], *, about: About) -> set[str]:
        """The numbers of a sentence that counts areas by the indicators that it is about."""
        columns = [column for column in about.columns if column.indicator in keys]
        return {number for column in columns for number in counted(sentence, column, words=self._names.words)}

    def _unmarked(self, text: str) -> str:
        """Without what synthetic figures are called, which is written behind fixed texts."""
        return text.replace(f" – {self._names.synthetic}", "")

    def _fault(self, sentence: str, about: About, *, named: Collection[str]) -> str:
        areas = self._names.areas_in(sentence) | about.areas
        cells = map(self._released.shown, self._subjects(named, areas, about=about))
        hidden = any(cell and cell.symbol == CONCEALED for cell in cells)
        return "a number that no released figure explains" + (f": {VISIBLE}" if hidden else "")

    def _pool(self, keys: frozenset[str], areas: frozenset[str], *, about: About) -> set[str]:
        """How the figures of indicators at areas are told, and the differences and shares between them."""
        subjects = list(self._subjects(keys, areas, about=about))
        told = {word for subject in subjects for word in self._words(subject)}
        if len(keys) <= FEW:
            told |= self._between(subjects)
        return told

    def _between(self, subjects: Iterable[Subject]) -> set[str]:
        """How much higher an area's figure is than another's, and what share one figure of an area is of another."""
        told: set[str] = set()
        now = [subject for subject in subjects if subject.measure == "value"]
        values = [(subject, cell) for subject in now if (cell := self._visible(subject))]
        for (one, first), (other, second) in product(values, values):
            if one.indicator == other.indicator and one.area != other.area:
                told |= self._sizes(first.value - second.value, first.decimals)
            elif one.area == other.area and second.value:
                told.add(self._names.words.number(100 * first.value / second.value, 1))
        return told

    def _visible(self, subject: Subject) -> Shown | None:
        cell = self._released.shown(subject)
        return None if cell is None or cell.symbol else cell

    def _subjects(self, keys: Collection[str], areas: Iterable[str], *, about: About) -> Iterator[Subject]:
        project = self._released.figures.project
        series = {at for at in about.series if at[1] in keys}
        told = {at[1] for at in series}
        for key in set(keys) - told if len(keys) > FEW else keys:
            sources = project.indicators[key.partition(":")[0]].sources
            series |= {(source, key, TOTAL, TOTAL) for source in sources}
        for (source, key, responsible, group), area, month, measure in product(series, areas, about.months, MEASURES):
            yield Subject(source, key, measure, area, responsible, group, month)

    def _words(self, subject: Subject) -> frozenset[str]:
        """How a visible figure may be told: as published, in hundreds, without its sign."""
        if subject not in self._spoken:
            cell = self._visible(subject)
            self._spoken[subject] = self._sizes(cell.value, cell.decimals) if cell else frozenset()
        return self._spoken[subject]

    def _sizes(self, value: float, decimals: int) -> frozenset[str]:
        told = (decimals, HUNDREDS) if decimals == 0 else (decimals,)
        return frozenset(self._names.words.number(abs(value), places) for places in told)

    def _labels(self, text: str, twin: Twin) -> Iterator[tuple[int, int, list[Subject]]]:
        """Where labels of the twin stand in a text, how long they are, and the figures that each names."""
        subjects = [subject for subject, _ in twin.cells()]
        for label in {label for subject in subjects for label in self._names.labels(subject)}:
            for found in re.finditer(re.escape(label), text):
                yield found.start(), len(label), self._names.labelled(label, subjects)
