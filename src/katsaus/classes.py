"""Classes of figures for maps: limits that all areas and months up to the page's share, at numbers that can be read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pandas as pd

from katsaus.config.project import Project
from katsaus.errors import FigureError, Problem
from katsaus.figures import definition_of
from katsaus.query import Query, Wanted
from katsaus.rounding import half_away
from katsaus.terms import Words

CLASSES = 5

NO_FIGURE = {"...": "... protected", "..": ".. no data", "–": "– can't be computed"}
"""What the legend says where a symbol stands in place of a figure."""


@dataclass(frozen=True)
class Classes:
    """Classes of figures as published, with `decimals`: `limits` are the lowest figures of all but the first, rising;
    `labels` tell each class, lowest first, in the page's language.
    """

    limits: tuple[Decimal, ...]
    labels: tuple[str, ...]
    decimals: int

    def of(self, value: float) -> int:
        """The number of the class of `value`, from 0."""
        return bisect_right(self.limits, half_away(value, self.decimals))


def history(table: pd.DataFrame, query: Query, *, project: Project) -> pd.DataFrame:
    """The figures that share the classes of `table` (one indicator, source, organisation and group): those of all areas
    of its kind in all published months up to its newest.
    """
    first, last = table.iloc[0], str(table["month"].max())
    months = [month for month in project.months if month <= last]
    at = {"source": first["source"], "responsible": [first["responsible"]], "groups": [first["group"]]}
    return query.rows([first["indicator"]], Wanted(peers(table["area"], project), months, **at))


def peers(codes: Iterable[str], project: Project) -> list[str]:
    """All areas of the kind of `codes`: trial areas, mainland regions or municipalities of the trial."""
    kinds = {
        "KK": [area.code for area in project.areas],
        "MK": list(project.codes("mainland_region")),
        "KU": list(project.trial_municipalities),
    }
    found = [kind for kind, known in kinds.items() if set(codes) <= set(known)]
    if not found:
        do = "give areas of one kind: trial areas, mainland regions or municipalities of the trial"
        raise FigureError(Problem("a map of areas of several kinds, or of none that has a map", do=do))
    return kinds[found[0]]


def classes(figures: pd.DataFrame, *, project: Project, words: Words) -> Classes:
    """At most `CLASSES` classes for all of `figures` (rows of `page.Review.figures`, one indicator): every
    month and area that a reader may compare. Hidden figures have no part in it.
    """
    definition = definition_of(project, str(figures["indicator"].iloc[0]))
    shown = figures.loc[figures["value_symbol"] == "", "value"]
    values = sorted(half_away(value, definition.decimals) for value in shown)
    limits = limits_of(values, definition.decimals)
    return Classes(
        tuple(limits), tuple(_labels(limits, values, unit=definition.unit, words=words)), definition.decimals
    )


def limits_of(values: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Limits between classes of about equal size of `values` (rounded to `decimals` and sorted).

    They are as round as they can be without moving far; no class is left empty.
    """
    if not values:
        return []
    cuts = sorted({values[len(values) * part // CLASSES] for part in range(1, CLASSES)} - {values[0]})
    ends = [values[0], *cuts, values[-1]]
    limits: list[Decimal] = []
    for (before, cut), (_, after) in zip(pairwise(ends[:-1]), pairwise(ends[1:]), strict=True):
        limit = _round(cut, room=min(cut - before, after - cut) / 4, decimals=decimals)
        if bisect_left(values, limit) > (bisect_left(values, limits[-1]) if limits else 0):
            limits.append(limit)
    return limits


def _round(value: Decimal, *, room: Decimal, decimals: int) -> Decimal:
    """The roundest number within `room` of `value`: a multiple of 5, 2 or 1 of the highest power of ten."""
    for step in _steps(value, decimals):
        rounded = (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
        if abs(rounded - value) <= room:
            return rounded
    return value


def _steps(value: Decimal, decimals: int) -> Iterator[Decimal]:
    for power in range(value.adjusted(), -decimals - 1, -1):
        yield from (Decimal(part).scaleb(power) for part in (5, 2, 1))


def _labels(limits: Sequence[Decimal], values: Sequence[Decimal], *, unit: str, words: Words) -> Iterator[str]:
    """ "alle 8,0 %", "8,0–9,9 %", …, "vähintään 12,0 %": each figure that can be published is in one of them."""
    if not values:
        return
    decimals = -int(str(values[0].as_tuple().exponent))
    least = Decimal(1).scaleb(-decimals)

    def told(*numbers: Decimal) -> str:
        written = [words.number(float(number), decimals) for number in dict.fromkeys(numbers)]
        return words.with_unit("–".join(written), unit)

    if not limits:
        yield told(values[0], values[-1])
        return
    yield words.term("under {value}", value=told(limits[0]))
    yield from (told(low, high - least) for low, high in pairwise(limits))
    yield words.term("{value} or more", value=told(limits[-1]))
