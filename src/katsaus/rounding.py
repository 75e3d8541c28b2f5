"""The one place that rounds: half away from zero, as official statistics do."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def half_away(value: float, decimals: int = 0) -> Decimal:
    """`value` with `decimals` decimals, halves away from zero (2.5 → 3, −0.25 → −0.3).

    The shortest decimal that stands for the float is rounded, so 1.005 is the half it looks like. Negative
    `decimals` round to tens and hundreds. A result of zero carries no sign. Raises ValueError for nan and infinity.
    """
    if not math.isfinite(value):
        raise ValueError("only a finite number can be rounded")
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if decimals < 0:
        rounded = rounded.quantize(Decimal(1))
    return abs(rounded) if rounded == 0 else rounded
