"""Kykyviisari by trial area and half-year: sums over respondents who were drawn one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthetic_extracts.world import Floats, Ints, World, months_between

FIRST_MEANS = {
    "work_ability": 6.1, "functioning": 6.8, "mind": 6.5, "participation": 7.3, "body": 6.6, "skills": 7.2,
    "everyday_life": 7.4,
}  # fmt: skip
CHANGE, SPREAD, NOISE = 0.22, 2.2, 1.3
TOWARDS_MEAN = 0.15
"""Part of the distance to the mean that is gone at the follow-up: low first scores rise, high ones fall."""
RESPONDING, REPEATING, COMPLETE = 0.012, 0.27, 0.92
"""Respondents of a half-year for each unemployed resident; of them, those with a follow-up; of these, with scores."""


def half_years(world: World) -> tuple[str, ...]:
    """Last months of the half-years of the trial."""
    return tuple(month for month in months_between("2021-06", world.months[-1]) if month.endswith(("-06", "-12")))


def survey(world: World, unemployed: Ints, *, rng: np.random.Generator) -> pd.DataFrame:
    """Rows by trial area (and KK, their sum) and half-year; `unemployed` are units × months."""
    rows = []
    for area, units in world.areas.items():
        for month in half_years(world):
            residents = int(unemployed[list(units), world.at(month)].sum())
            rows.append({"area": area, "month": month, **_sums(rng, rng.poisson(RESPONDING * residents))})
    areas = pd.DataFrame(rows)
    whole = areas.drop(columns="area").groupby("month", as_index=False).sum().assign(area="KK")
    return pd.concat([areas, whole]).sort_values(["area", "month"], ignore_index=True)


def _sums(rng: np.random.Generator, respondents: int) -> dict[str, int]:
    repeated = int(rng.binomial(respondents, REPEATING))
    pairs = int(rng.binomial(repeated, COMPLETE))
    sums = {"respondents": respondents, "repeated": repeated, "pairs": pairs}
    person = rng.normal(0.0, 0.6 * SPREAD, respondents)
    for domain, mean in FIRST_MEANS.items():
        exact = mean + person + rng.normal(0.0, 0.8 * SPREAD, respondents)
        first = _score(exact)
        later = exact[:pairs] + CHANGE + TOWARDS_MEAN * (mean - exact[:pairs]) + rng.normal(0.0, NOISE, pairs)
        change = _score(later) - first[:pairs]
        sums |= {
            f"{domain}_sum": int(first.sum()),
            f"{domain}_change_sum": int(change.sum()),
            f"{domain}_change_squares": int((change**2).sum()),
            f"{domain}_improved": int((change >= 1).sum()),
            f"{domain}_worsened": int((change <= -1).sum()),
        }
    return sums


def _score(exact: Floats) -> Ints:
    score: Ints = np.clip(np.rint(exact), 0, 10).astype(np.int64)
    return score
