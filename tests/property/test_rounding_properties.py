"""What holds of rounding whatever the value."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from katsaus.rounding import half_away

VALUES = st.floats(min_value=-1e12, max_value=1e12)
DECIMALS = st.integers(min_value=-3, max_value=4)


def exact(value: float) -> Decimal:
    return Decimal(repr(value))


@given(VALUES, DECIMALS)
def test_the_rounded_value_is_at_most_half_a_step_away(value: float, decimals: int) -> None:
    assert abs(half_away(value, decimals) - exact(value)) <= Decimal(1).scaleb(-decimals) / 2


@given(VALUES, DECIMALS)
def test_minus_changes_only_the_sign(value: float, decimals: int) -> None:
    assert half_away(-value, decimals) == -half_away(value, decimals)


@given(VALUES, VALUES, DECIMALS)
def test_order_is_kept(one: float, other: float, decimals: int) -> None:
    low, high = sorted([one, other])
    assert half_away(low, decimals) <= half_away(high, decimals)


@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=1, max_value=4))
def test_a_half_goes_away_from_zero(steps: int, decimals: int) -> None:
    half = float(Decimal(2 * steps + 1).scaleb(-decimals) / 2)
    away = steps + 1 if steps >= 0 else steps
    assert half_away(half, decimals) == Decimal(away).scaleb(-decimals)


@given(VALUES, st.integers(min_value=0, max_value=4))
def test_the_decimals_asked_for_are_shown(value: float, decimals: int) -> None:
    assert half_away(value, decimals).as_tuple().exponent == -decimals


@given(VALUES, DECIMALS)
def test_rounding_twice_changes_nothing(value: float, decimals: int) -> None:
    once = half_away(value, decimals)
    assert half_away(float(once), decimals) == once
