"""Drawing whole numbers that add up."""

from __future__ import annotations

import numpy as np

from synthetic_extracts.world import Floats, Ints


def apportion(total: int, weights: Floats, *, most: Ints | None = None) -> Ints:
    """Whole numbers that sum to `total`, as near to proportional to `weights` as `most`, their upper bounds, lets them.

    Raises ValueError if `total` is negative or does not fit below the bounds.
    """
    bounds = np.full(len(weights), total, dtype=np.int64) if most is None else most
    if not 0 <= total <= bounds.sum():
        raise ValueError("the total does not fit its bounds")
    share = _level(total, np.maximum(weights, 1e-9), bounds=bounds)
    whole = np.minimum(np.floor(share + 1e-9).astype(np.int64), bounds)
    order = np.argsort(whole - share, kind="stable")
    while short := int(total - whole.sum()):
        free = order[whole[order] < bounds[order]][:short]
        whole[free] += 1
    return whole


def _level(total: int, weights: Floats, *, bounds: Ints) -> Floats:
    """Shares of `total` in proportion to `weights`; what a bound cuts off goes to the others."""
    full = np.zeros(len(weights), dtype=bool)
    while True:
        left = total - bounds[full].sum()
        share = np.where(full, bounds, weights * left / max(weights[~full].sum(), 1e-9))
        over = ~full & (share > bounds)
        if not over.any():
            return share
        full |= over


def spread(rng: np.random.Generator, size: int, *, deviation: float) -> Floats:
    """Factors around 1, one for each of `size`, that stay with it for good."""
    return np.exp(rng.normal(0.0, deviation, size))


def multinomial(rng: np.random.Generator, counts: Ints, *, shares: Floats) -> Ints:
    """`counts` dealt at random into the last axis of `shares`, which need not sum to 1."""
    wide = np.broadcast_to(shares, (*counts.shape, shares.shape[-1]))
    return rng.multinomial(counts, wide / wide.sum(axis=-1, keepdims=True))
