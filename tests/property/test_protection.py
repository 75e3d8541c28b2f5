"""Whatever the figures are, none that is shown tells a small count: held against a slow computation in plain Python."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from katsaus.calendar import months_until, shift
from katsaus.config.models import Indicator
from katsaus.disclosure import ProtectedTable
from katsaus.panel import HIDDEN, KNOWN, NOT_COMPUTABLE, UNAVAILABLE

sys.path.append(str(Path(__file__).parents[1] / "unit"))
from sample_panel import Row, definition, observed, protected

MONTHS = months_until("2021-04", 15)
LOOKED_AT = {*MONTHS[:3], *MONTHS[10:]}
"""The first months, which nothing lies behind, and those around the end of the first year."""
MEMBERS = {
    "KU001": ["KU001"],
    "KU002": ["KU002"],
    "KU003": ["KU003"],
    "both": ["KU001", "KU002"],
    "delivered": ["KU002", "KU003"],
    "other": ["KU003"],
    "all": ["KU001", "KU002", "KU003"],
}
DELIVERED = ("KU001", "KU002", "KU003", "delivered")
"""Areas of the source; one of them is a sum that the source delivers itself."""
PLACES = tuple(product(("_T", "trial"), ("_T", "F")))
COUNTED, WEEKS = ("unemployed", "jobseekers"), "weeks"
"""Measures that the threshold looks at, and one that it does not."""

PEOPLE = {"unit": "persons"}
DEFINITIONS = (
    definition("A01", "count", "jobseekers", **PEOPLE),
    definition("A02", "percentage", "jobseekers[responsible=trial]", "jobseekers[responsible=_T]"),
    definition("A03", "count", "jobseekers - unemployed", **PEOPLE),
    definition("A04", "count", "unemployed[lag=1] - jobseekers[group=F]", unit="spells"),
    definition("A05", "ratio", "weeks", "unemployed[lag=1]", minimum_denominator=4),
    definition("A06", "ratio", "unemployed", "jobseekers"),
    definition("A07", "change_of_percentage", "unemployed", "jobseekers + unemployed"),
    definition("A08", "change_in_percent", "jobseekers"),
    definition("A09", "average_percentage", "unemployed", "jobseekers"),
    definition("A10", "gap_of_percentage", "unemployed", "jobseekers"),
    definition("A11", "index", "unemployed", base={"first": MONTHS[0], "last": MONTHS[2]}),
    definition("A12", "count", "weeks", unit="weeks"),
    definition(
        "A13",
        "percentage",
        None,
        "jobseekers",
        parts=(
            {"id": "own", "name": {"fi": "x", "sv": "x", "en": "x"}, "numerator": "unemployed"},
            {"id": "weeks", "name": {"fi": "x", "sv": "x", "en": "x"}, "numerator": "weeks"},
        ),
    ),
)
Key = tuple[str, str, str, str, str]
"""Area, responsible organisation, group, month and measure."""


@dataclass(frozen=True)
class Told:
    """A figure or why there is none, and the counts of areas that it was computed from."""

    state: int
    value: float = math.nan
    counts: tuple[float, ...] = ()

    def shown(self) -> bool:
        return self.state == KNOWN


def lost(*parts: Told) -> Told:
    """What has no figure because a part has none."""
    return Told(max(part.state for part in parts))


def of(parts: Sequence[Told], value: float) -> Told:
    return Told(KNOWN, value, tuple(count for part in parts for count in part.counts))


class Plain:
    """Indicators computed one figure at a time, from the figures of a source by key: NaN-free, "..." or None."""

    def __init__(self, given: Mapping[Key, float | str | None], threshold: int) -> None:
        self.given = given
        self.threshold = threshold

    def delivered(self, key: Key) -> Told:
        figure = self.given[key]
        if isinstance(figure, str):
            return Told(HIDDEN)
        return Told(UNAVAILABLE) if figure is None else Told(KNOWN, figure)

    def count(self, key: Key) -> Told:
        """A measure of an area."""
        area, *place, measure = key
        members = [area] if area in DELIVERED else MEMBERS[area]
        parts = [self.delivered((member, *place, measure)) for member in members]  # type: ignore[arg-type]
        return Told(KNOWN, sum(part.value for part in parts)) if all(part.shown() for part in parts) else lost(*parts)

    def sum(self, item: Indicator, expression: object, key: Key) -> Told:
        """A sum of measures, hidden where it is itself a small count, whatever its terms are."""
        area, responsible, group, month, _ = key
        parts, total = [], 0.0
        for term in expression.terms:  # type: ignore[attr-defined]
            at = dict(term.at)
            if ("RESPONSIBLE" in at and responsible != "_T") or ("GROUP" in at and group != "_T"):
                parts.append(Told(UNAVAILABLE))
                continue
            then = shift(month, -term.lag)
            place = (area, at.get("RESPONSIBLE", responsible), at.get("GROUP", group), then, term.measure)
            parts.append(self.count(place) if then in MONTHS else Told(UNAVAILABLE))
            total += term.sign * parts[-1].value
        if not all(part.shown() for part in parts):
            return lost(*parts)
        terms = expression.terms  # type: ignore[attr-defined]
        of_counts = all(term.measure in COUNTED for term in terms)
        counted = of_counts and (item.unit == "persons" or all(term.sign > 0 for term in terms))
        return Told(HIDDEN) if counted and 0 < total < self.threshold else Told(KNOWN, total, (total,) * counted)

    def quotient(self, above: Told, below: Told, *, times: float = 1, smallest: float = 0) -> Told:
        if not (above.shown() and below.shown()):
            return lost(above, below)
        if below.value == 0 or below.value < smallest:
            return Told(NOT_COMPUTABLE)
        return of([above, below], times * above.value / below.value)

    def less(self, now: Told, before: Told) -> Told:
        return of([now, before], now.value - before.value) if now.shown() and before.shown() else lost(now, before)

    def figure(self, item: Indicator, key: Key, *, part: str) -> Told:
        numerator = item.numerators[part]

        def above(at: Key) -> Told:
            return self.sum(item, numerator, at) if at[3] in MONTHS else Told(UNAVAILABLE)

        def below(at: Key) -> Told:
            return self.sum(item, item.denominator, at) if at[3] in MONTHS else Told(UNAVAILABLE)

        def share(at: Key) -> Told:
            return self.quotient(above(at), below(at), times=100)

        def months(names: Sequence[str]) -> list[Key]:
            return [(*key[:3], name, "") for name in names]

        def averaged() -> Told:
            whole = months([shift(key[3], -back) for back in range(12)])
            return self.quotient(total(map(above, whole)), total(map(below, whole)), times=100)

        def indexed() -> Told:
            base = total(map(above, months(MONTHS[:3])))
            return self.quotient(above(key), Told(base.state, base.value / 3, base.counts), times=100, smallest=50)

        (year_ago,) = months([shift(key[3], -12)])
        return {
            "count": lambda: above(key),
            "ratio": lambda: self.quotient(above(key), below(key), smallest=item.minimum_denominator or 0),
            "percentage": lambda: share(key),
            "change_of_percentage": lambda: self.less(share(key), share(year_ago)),
            "change_in_percent": lambda: self.quotient(
                self.less(above(key), above(year_ago)), above(year_ago), times=100, smallest=50
            ),
            "average_percentage": averaged,
            "gap_of_percentage": lambda: self.less(share(key), share(("other", *key[1:]))),
            "index": indexed,
        }[item.formula]()


def total(parts: object) -> Told:
    listed: list[Told] = list(parts)  # type: ignore[call-overload]
    return of(listed, sum(part.value for part in listed)) if all(p.shown() for p in listed) else lost(*listed)


def source(seed: int, *, blanks: float) -> dict[Key, float | str | None]:
    """Figures small and large, some of them blank, of every area, place, month and measure."""
    chance = random.Random(seed)

    def figure() -> float | str | None:
        if chance.random() < blanks:
            return chance.choice(["...", None])
        return float(chance.choice([0, chance.randint(1, 12), chance.randint(40, 200), chance.randint(40, 200)]))

    keys = product(DELIVERED, PLACES, MONTHS, (*COUNTED, WEEKS))
    return {(area, *place, month, measure): figure() for area, place, month, measure in keys}


def table_of(given: Mapping[Key, float | str | None], threshold: int) -> ProtectedTable:
    rows: list[Row] = [(*key, value) for key, value in given.items()]
    return protected(observed(rows), *DEFINITIONS, members=MEMBERS, threshold=threshold, counts=COUNTED)


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    threshold=st.integers(2, 10),
    blanks=st.sampled_from([0, 0.01, 0.2]),
)
def test_every_figure_is_the_plain_one_and_none_tells_a_small_count(seed: int, threshold: int, blanks: float) -> None:
    given = source(seed, blanks=blanks)
    table, plain = table_of(given, threshold), Plain(given, threshold)
    of_part = {part: item for item in DEFINITIONS for part in item.numerators}
    assert set(table.cells) == set(of_part) > {"A13:own", "A13:weeks"}
    for part, item in of_part.items():
        cells = table.cells[part]
        assert np.array_equal(np.isnan(cells.values), cells.states != KNOWN), "a figure is there or it is not"
        for (row, series), (column, month) in product(enumerate(table.series), enumerate(table.months)):
            if month not in LOOKED_AT:
                continue
            found = plain.figure(item, (*series, str(month), ""), part=part)
            where = f"{part} {series} {month}"
            assert cells.states[row, column] == found.state, where
            if found.shown():
                assert cells.values[row, column] == pytest.approx(found.value, rel=1e-9, abs=1e-9), where
                assert not any(0 < count < threshold for count in found.counts), where


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), threshold=st.integers(2, 10))
def test_a_count_is_shown_as_it_is_or_hidden_and_zero_is_shown(seed: int, threshold: int) -> None:
    """Without the help of the plain computation: the one measure that an indicator shows as it is delivered."""
    given = source(seed, blanks=0)
    table = table_of(given, threshold)
    for area, place, month in product(("KU001", "KU002", "delivered"), PLACES, MONTHS):
        delivered = given[(area, *place, month, "jobseekers")]
        values, symbols = table.look_up("A01", areas=[area], months=[month], at=place)
        assert isinstance(delivered, float)
        if 0 < delivered < threshold:
            assert (np.isnan(values[0]), symbols[0]) == (True, "...")
        else:
            assert (values[0], symbols[0]) == (delivered, "")


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), month=st.sampled_from(MONTHS))
def test_what_is_later_than_a_month_is_gone(seed: int, month: str) -> None:
    given = source(seed, blanks=0)
    table = table_of(given, 5).until(month)
    assert list(table.months) == [name for name in MONTHS if name <= month]
    later = [name for name in MONTHS if name > month]
    for name, cells in table.cells.items():
        assert cells.values.shape == (len(table.series), len(table.months))
        if later:
            values, symbols = table.look_up(name, areas=["all", "KU001"], months=later)
            assert np.isnan(values).all()
            assert set(symbols) == {".."}


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_earlier_figures_do_not_hang_on_later_ones(seed: int) -> None:
    """But for the index before the end of its base, which no page shows."""
    given = source(seed, blanks=0)
    last = MONTHS[9]
    known = table_of({key: figure for key, figure in given.items() if key[3] <= last}, 5)
    cut = table_of(given, 5).until(last)
    for name, cells in cut.cells.items():
        assert np.array_equal(cells.states, known.cells[name].states)
        assert np.array_equal(cells.values, known.cells[name].values, equal_nan=True)
