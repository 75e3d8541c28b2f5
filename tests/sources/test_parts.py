"""Parts of a table hold each cell once, and no more than one answer may."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from katsaus.sources.layout import Layout
from katsaus.sources.parts import split


@given(st.integers(1, 400), st.integers(1, 300), st.integers(1, 30), st.integers(30, 120_000))
def test_parts_cover_a_table_once_within_the_limit(areas: int, periods: int, measures: int, cells: int) -> None:
    layout = Layout(
        area="Alue",
        period="Kuukausi",
        contents="Tiedot",
        areas=tuple(f"KU{n:03d}" for n in range(areas)),
        periods=tuple(map(str, range(periods))),
        measures={str(n): str(n) for n in range(measures)},
        totals={},
    )
    parts = split(layout, cells)
    assert all(len(part.areas) * len(part.periods) * measures <= cells for part in parts)
    sizes = Counter({(part.areas[0], part.periods[0]): len(part.areas) * len(part.periods) for part in parts})
    assert sizes.total() == areas * periods
    assert {area for part in parts for area in part.areas} == set(layout.areas)
    assert {period for part in parts for period in part.periods} == set(layout.periods)
