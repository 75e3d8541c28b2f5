"""The comparison areas of each trial area, by the rule of reviews/comparison.yml, and the rule in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from katsaus.calendar import shift
from katsaus.config.comparison import ComparisonFile, Feature
from katsaus.config.models import Period
from katsaus.errors import DataError, Problem
from katsaus.figures import Figures
from katsaus.output import escaped
from katsaus.terms import Words, alphabetical

SAME_DISTANCE = 9
"""Decimals of a distance: what differs beyond them is arithmetic, and the distance is the same."""


def comparison_areas(figures: Figures) -> dict[str, tuple[str, ...]]:
    """Trial area → its comparison areas, the nearest first. Raises DataError if a figure of the base is missing."""
    rule = figures.project.comparison
    codes = sorted(area.code for area in figures.project.areas)
    features = np.column_stack([_feature(figures, feature, codes=codes, rule=rule) for feature in rule.features])
    return nearest(codes, features, number=rule.number)


def nearest(codes: Sequence[str], features: npt.NDArray[np.float64], *, number: int) -> dict[str, tuple[str, ...]]:
    """Code → the `number` other codes whose standardised `features` (a row for each code) are nearest; of several at
    the same distance the first in the order of `codes`.
    """
    spread = features.std(axis=0)
    standard = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1)
    distances = np.linalg.norm(standard[:, None, :] - standard[None, :, :], axis=2).round(SAME_DISTANCE)
    np.fill_diagonal(distances, np.inf)
    order = np.argsort(distances, axis=1, kind="stable")[:, :number]
    return {code: tuple(codes[position] for position in row) for code, row in zip(codes, order, strict=True)}


def explained(figures: Figures, words: Words) -> str:
    """The rule and the comparison areas of every trial area, as Markdown for the methods page."""
    rule, lang = figures.project.comparison, words.lang
    first, last = (words.month(month, "short") for month in (rule.base.first, rule.base.last))
    told = rule.text[lang].format(number=words.count(rule.number), first=first, last=last)
    names = {area.code: area.name[lang] for area in figures.project.areas}
    near = comparison_areas(figures)
    return "\n".join([escaped(told), "", *_lines(near, names)])


def _lines(near: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> list[str]:
    return [
        f"- **{escaped(names[code])}:** {escaped('; '.join(names[other] for other in others))}"
        for code, others in sorted(near.items(), key=lambda item: alphabetical(names[item[0]]))
    ]


def _feature(
    figures: Figures, feature: Feature, *, codes: Sequence[str], rule: ComparisonFile
) -> npt.NDArray[np.float64]:
    """The feature of each of `codes`: a mean over the base period, or its logarithm."""
    months = _months(rule.base)
    table = figures.table(figures.source_of(feature.indicator))
    values, symbols = table.look_up(feature.indicator, areas=codes, months=months)
    if (symbols != "").any():
        what = f"{feature.indicator} is not known of every trial area from {months[0]} to {months[-1]}"
        do = "choose another base or indicator in reviews/comparison.yml"
        raise DataError(Problem(what, why="comparison areas can't be chosen without it", do=do))
    means: npt.NDArray[np.float64] = values.reshape(len(codes), len(months)).mean(axis=1)
    return np.log(means) if feature.transform == "logarithm" else means


def _months(period: Period) -> list[str]:
    months = [period.first]
    while months[-1] < period.last:
        months.append(shift(months[-1], 1))
    return months
