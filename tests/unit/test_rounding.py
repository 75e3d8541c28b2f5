"""Halves go away from zero."""

from __future__ import annotations

import math

import pytest

from katsaus.rounding import half_away


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (0.25, 1, "0.3"),
        (-0.25, 1, "-0.3"),
        (1.005, 2, "1.01"),
        (8.35, 1, "8.4"),
        (2.675, 2, "2.68"),
        (0.4999999999999999, 0, "0"),
        (8.0, 1, "8.0"),
        (39_233, 0, "39233"),
        (331_526, -2, "331500"),
        (331_550, -2, "331600"),
        (-50, -2, "-100"),
        (49, -2, "0"),
        (1e-12, 1, "0.0"),
        (1e15, 0, "1000000000000000"),
    ],
)
def test_half_away(value: float, decimals: int, expected: str) -> None:
    assert format(half_away(value, decimals), "f") == expected


@pytest.mark.parametrize("value", [-0.04, -0.0, 0.0])
def test_zero_has_no_sign(value: float) -> None:
    assert str(half_away(value, 1)) == "0.0"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        half_away(value)
