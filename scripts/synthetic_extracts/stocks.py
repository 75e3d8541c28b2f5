"""How many jobseekers of each kind live in each unit each month, whoever serves them."""

from __future__ import annotations

import numpy as np

from synthetic_extracts.draw import multinomial, spread
from synthetic_extracts.world import Floats, Ints, World

UNEMPLOYED = ("laid_off", "long_term", "structural_other", "other_unemployed")
OTHERS = (
    "reduced_week",
    "open_market_other",
    "job_alternation",
    "subsidised",
    "coaching",
    "try_outs",
    "rehabilitative_work",
    "other_service",
    "labour_market_training",
    "independent_study",
    "other_training",
    "outside_labour_force",
)
KINDS = UNEMPLOYED + OTHERS
"""Kinds of jobseekers that exclude each other: every jobseeker is of one."""

STATUSES: dict[str, tuple[str, ...]] = {
    "laid_off": ("laid_off",),
    "long_term": ("long_term",),
    "structural_other": ("structural_other",),
    "other_unemployed": ("other_unemployed",),
    "reduced_week": ("reduced_week",),
    "open_market": ("open_market_other", "job_alternation"),
    "subsidised": ("subsidised",),
    "in_services": ("coaching", "try_outs", "rehabilitative_work", "other_service"),
    "in_training": ("labour_market_training", "independent_study", "other_training"),
    "outside_labour_force": ("outside_labour_force",),
}
"""Kinds that groups are drawn for, each the sum of finer ones."""

LAID_OFF = {
    "2018-12": 0.045, "2020-02": 0.045, "2020-03": 0.20, "2020-04": 0.38, "2020-06": 0.28, "2020-09": 0.13,
    "2021-01": 0.12, "2021-10": 0.062, "2022-04": 0.0695, "2022-09": 0.045, "2023-06": 0.055,
}  # fmt: skip
LONG_TERM = {
    "2018-12": 0.28, "2020-02": 0.25, "2020-04": 0.16, "2021-01": 0.31, "2021-08": 0.398, "2022-06": 0.365,
    "2023-02": 0.335, "2023-06": 0.33,
}  # fmt: skip
STRUCTURAL = {"2018-12": 0.27, "2020-02": 0.26, "2020-04": 0.15, "2021-01": 0.20, "2023-06": 0.22}
EMPLOYED_OR_OUTSIDE = {
    "2018-12": 262_000, "2020-03": 268_000, "2021-03": 300_000, "2021-07": 313_600, "2021-10": 316_600,
    "2022-04": 305_000, "2022-06": 256_000, "2022-12": 221_000, "2023-04": 228_000,
}  # fmt: skip
REDUCED_WEEK = {
    "2018-12": 2_500, "2020-02": 3_000, "2020-05": 22_000, "2021-01": 14_000, "2021-10": 5_500, "2023-06": 4_500,
}  # fmt: skip
OUTSIDE = 0.09
"""Share of those who are neither unemployed nor in services that is outside the labour force."""


def index(*kinds: str) -> list[int]:
    """Positions of kinds on the last axis of the stocks."""
    return [KINDS.index(kind) for kind in kinds]


def residents(world: World, rng: np.random.Generator) -> Ints:
    """Jobseekers, units × months × KINDS; the unemployed are the real ones with a little noise."""
    hidden = rng.integers(1, 5, world.unemployed.shape)
    real = np.where(np.isnan(world.unemployed), hidden, world.unemployed)
    noise = rng.normal(0.0, 1.0, real.shape) * np.sqrt(0.1 * real + (0.003 * real) ** 2)
    unemployed = np.maximum(np.rint(real + noise), 0).astype(np.int64)
    others = np.rint(_others(world, real, rng=rng)).astype(np.int64)
    by_unit = np.exp(rng.normal(0.0, 0.15, (world.units, 1, len(KINDS))))
    size = len(UNEMPLOYED)
    shares = multinomial(rng, unemployed, shares=_unemployed_shares(world) * by_unit[..., :size])
    return np.concatenate([shares, multinomial(rng, others, shares=_other_shares(world) * by_unit[..., size:])], axis=2)


def services(world: World, kind: str) -> Floats:
    """The whole country's persons in a service: real as long as the source runs, then a year before, grown a little."""
    series = world.national[kind].copy()
    for at in np.flatnonzero(np.isnan(series)):
        growth = 1.023 if world.months[at] >= "2023" else 1.0
        series[at] = series[at - 12] * growth
    return series


def _others(world: World, real: Floats, *, rng: np.random.Generator) -> Floats:
    """Jobseekers that are not unemployed: the country's number, in proportion to a year's unemployed."""
    usual = real.mean(axis=1) * spread(rng, world.units, deviation=0.08)
    part = 1.0 if world.complete else real[:, :12].sum() / world.national["unemployed"][:12].sum()
    whole = part * world.path(EMPLOYED_OR_OUTSIDE)
    return np.outer(usual / usual.sum(), whole) * np.exp(rng.normal(0.0, 0.01, real.shape))


def _unemployed_shares(world: World) -> Floats:
    parts = [world.path(LAID_OFF), world.path(LONG_TERM), world.path(STRUCTURAL)]
    return np.stack([*parts, 1 - sum(parts)], axis=1)


def _other_shares(world: World) -> Floats:
    """Shares of OTHERS by month: services as in the whole country, the rest in the open market or outside."""
    known = {kind: services(world, kind) for kind in OTHERS if kind in world.national}
    known["other_service"] = 0.05 * (known["coaching"] + known["try_outs"] + known["rehabilitative_work"])
    known["other_training"] = 0.15 * (known["labour_market_training"] + known["independent_study"])
    known["reduced_week"] = world.path(REDUCED_WEEK)
    rest = world.path(EMPLOYED_OR_OUTSIDE) - np.sum(list(known.values()), axis=0)
    known["outside_labour_force"] = OUTSIDE * rest
    known["open_market_other"] = (1 - OUTSIDE) * rest
    return np.stack([known[kind] for kind in OTHERS], axis=1)
