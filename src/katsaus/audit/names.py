"""What figures are called in one language, so that the words beside a number or a mark lead to the figures meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property

from katsaus.config.phrases import Count
from katsaus.figures import Figures
from katsaus.places import Places
from katsaus.table import Subject
from katsaus.terms import Words
from katsaus.wording import Wording


class Names:
    """Labels of charts and words of sentences → what they name."""

    def __init__(self, figures: Figures, words: Words) -> None:
        self._figures = figures
        self._project = figures.project
        self.words = words
        self._wording = Wording(figures.project, words)
        self._places = Places(figures.project, words.lang)
        self._told: dict[tuple[str, ...], frozenset[str]] = {}

    def labelled(self, label: str, subjects: Iterable[Subject]) -> list[Subject]:
        """Those of `subjects` that a label of a chart or a heading names: by area, indicator, organisation or group."""
        wanted = _squeezed(label)
        return [subject for subject in subjects if wanted in map(_squeezed, self.labels(subject))]

    @property
    def synthetic(self) -> str:
        """What synthetic figures are called."""
        return self._wording.synthetic

    def headed(self, heading: str) -> list[str]:
        """Indicators with this heading."""
        return [key for key in self._keys() if self._wording.heading(key) == heading]

    def areas_in(self, text: str) -> set[str]:
        """Codes of the areas that a text names, in any case that sentences use."""
        return {code for found in self._area_words.findall(text) for code in self._area_forms[found]}

    def indicators_in(self, text: str) -> set[str]:
        """Indicators that a text names, by their heading, name or the words of sentences."""
        low = text.lower()
        return {key for phrase, keys in self._indicator_forms.items() if phrase in low for key in keys}

    def labels(self, subject: Subject) -> frozenset[str]:
        """What may stand for a figure in a chart: the names of its area, indicator, organisation and group."""
        at = (subject.area, subject.indicator, subject.responsible, subject.group)
        if at not in self._told:
            names = (self._figures.names[subject.area], self._figures.chart_names[subject.area])
            told = [name[self.words.lang] for name in names] + [self._wording.heading(subject.indicator)]
            told += [self._wording.organisation(subject.responsible), self._wording.group(subject.group)]
            self._told[at] = frozenset(told)
        return self._told[at]

    def _keys(self) -> Iterator[str]:
        for name, definition in self._project.indicators.items():
            yield from (name, *definition.numerators) if definition.parts else (name,)

    @cached_property
    def _area_forms(self) -> Mapping[str, set[str]]:
        lang, forms = self.words.lang, defaultdict[str, set[str]](set)
        for code in self._figures.members:
            said = [self._figures.names[code][lang], self._figures.chart_names[code][lang]]
            if code in self._project.inflections:
                where = self._places.locative(code)
                said += [where, self._places.genitive(code)]
                said += [where.partition(" ")[2]] if lang == "sv" else []  # without its preposition, in a list
            for form in said:
                forms[form].add(code)
                forms[form[0].upper() + form[1:]].add(code)
        return forms

    @cached_property
    def _area_words(self) -> re.Pattern[str]:
        longest_first = sorted(self._area_forms, key=len, reverse=True)
        return re.compile(rf"(?<![\w–-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w–-])")

    @cached_property
    def _indicator_forms(self) -> Mapping[str, set[str]]:
        lang, forms = self.words.lang, defaultdict[str, set[str]](set)
        for key in self._keys():
            forms[self._wording.heading(key).lower()].add(key)
        for name, definition in self._project.indicators.items():
            forms[definition.name[lang].lower()].add(name)
        for (key, _), phrase in self._project.phrases.indicators.items():
            said = phrase[lang]
            forms[said.subject.lower()].add(key)
            if isinstance(phrase, Count):
                parts = [getattr(said, name, "") for name in ("counted", "one", "many", "whole", "state")]
                for form in filter(None, parts):
                    forms[form.lower()].add(key)
        return forms


@cache
def _squeezed(text: str) -> str:
    """A label without the breaks that little room calls for."""
    return re.sub(r"\s", "", text).lower()
