"""Jobseekers by sex, age, mother tongue and education; each group is made of the same kinds as the whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthetic_extracts.draw import multinomial
from synthetic_extracts.stocks import KINDS, STATUSES
from synthetic_extracts.tables import Parts
from synthetic_extracts.world import Floats, Ints, World

GROUPS = (
    "_T", "F", "M", "Y_LT25", "Y_LT30", "Y30T54", "Y_GE55", "foreign_language", "ED0-2", "ED3-4", "ED5-8",
)  # fmt: skip
MEASURES: dict[str, tuple[str, ...]] = {
    "jobseekers": tuple(STATUSES),
    "unemployed": ("laid_off", "long_term", "structural_other", "other_unemployed"),
    "laid_off": ("laid_off",),
    "reduced_week": ("reduced_week",),
    "open_market": ("open_market",),
    "subsidised": ("subsidised",),
    "in_services": ("in_services",),
    "in_training": ("in_training",),
    "outside_labour_force": ("outside_labour_force",),
    "long_term": ("long_term",),
    "structural": ("long_term", "structural_other"),
}
"""Columns of the table as sums of STATUSES."""

# Shares by STATUSES, in their order.
WOMEN = (0.40, 0.44, 0.43, 0.46, 0.45, 0.55, 0.50, 0.48, 0.58, 0.57)
AGES = (  # under 25, 25–29, 30–54, 55 or over
    (0.06, 0.08, 0.62, 0.24),
    (0.05, 0.08, 0.47, 0.40),
    (0.08, 0.11, 0.55, 0.26),
    (0.17, 0.14, 0.52, 0.17),
    (0.02, 0.03, 0.70, 0.25),
    (0.04, 0.06, 0.68, 0.22),
    (0.11, 0.12, 0.56, 0.21),
    (0.16, 0.13, 0.51, 0.20),
    (0.20, 0.21, 0.53, 0.06),
    (0.08, 0.07, 0.45, 0.40),
)
EDUCATION = (  # ED0-2, ED3-4, ED5-8
    (0.18, 0.58, 0.24),
    (0.34, 0.46, 0.20),
    (0.35, 0.48, 0.17),
    (0.31, 0.49, 0.20),
    (0.16, 0.56, 0.28),
    (0.20, 0.50, 0.30),
    (0.27, 0.50, 0.23),
    (0.40, 0.45, 0.15),
    (0.42, 0.41, 0.17),
    (0.40, 0.44, 0.16),
)
FOREIGN = (0.06, 0.13, 0.15, 0.15, 0.02, 0.05, 0.11, 0.18, 0.24, 0.13)
MOST_FOREIGN = {"KU091": 1.7, "KU049": 2.0, "KU092": 2.0, "KU853": 1.4}
"""Municipalities with far more speakers of other languages than most have."""
ELSEWHERE_FOREIGN = 0.7
LEFT_BEHIND = {"2021-03": 0.08, "2021-04": 0.03}
"""How rare the young and speakers of other languages are among the TE offices' clients, compared with all jobseekers:
the trial serves them and those without earnings-related benefits.
"""


def jobseekers(world: World, total: Ints, *, trial: Ints, rng: np.random.Generator) -> Parts:
    """Units × months × GROUPS × MEASURES by responsible organisation, from stocks by KINDS."""
    whole, served = _statuses(total), _statuses(trial)
    split = np.zeros(whole.shape[:2], dtype=bool)
    split[world.trial_units, world.start :] = True
    elsewhere = np.where(split[..., None], 0, whole)
    office = np.where(split[..., None], whole - served, 0)
    reach = served.sum(axis=0) / np.maximum((served + office).sum(axis=0), 1)
    late = world.path(LEFT_BEHIND)[:, None, None]
    sums = {"elsewhere": elsewhere, "trial": served, "te_office": office}
    drawn = {name: np.zeros((*whole.shape, len(GROUPS)), dtype=np.int64) for name in sums}
    for columns, shares, special in _dimensions(world, rng):
        tilted = _tilted(shares, special, reach=reach, late=late)
        for name, counts in sums.items():
            cells = multinomial(rng, counts, shares=tilted[name])
            for group, classes in columns.items():
                drawn[name][..., GROUPS.index(group)] = cells[..., list(classes)].sum(axis=-1)
    sums_of = np.array([[status in parts for parts in MEASURES.values()] for status in STATUSES], dtype=np.int64)
    result = {name: np.swapaxes(values, 2, 3) @ sums_of for name, values in drawn.items()}
    return Parts(every=np.sum(list(result.values()), axis=0), trial=result["trial"], te_office=result["te_office"])


def _statuses(stocks: Ints) -> Ints:
    """Sums of KINDS as STATUSES says, on the last axis."""
    sums = np.array([[kind in kinds for kinds in STATUSES.values()] for kind in KINDS], dtype=np.int64)
    return stocks @ sums


def _dimensions(world: World, rng: np.random.Generator) -> list[tuple[Mapping[str, tuple[int, ...]], Floats, int]]:
    """Groups as sums of classes, shares of the classes (units × 1 × STATUSES × classes), and how many of them, from the
    first on, the trial alone serves.
    """
    factor = [MOST_FOREIGN.get(code, ELSEWHERE_FOREIGN) for code in world.municipalities]
    foreign = np.outer([*factor, 1.0], FOREIGN)[:, None, :]
    women = np.array(WOMEN)
    ages = {"_T": (0, 1, 2, 3), "Y_LT25": (0,), "Y_LT30": (0, 1), "Y30T54": (2,), "Y_GE55": (3,)}
    education = {"ED0-2": (0,), "ED3-4": (1,), "ED5-8": (2,)}
    return [
        (ages, _by_unit(world, np.array(AGES), rng=rng), 2),
        ({"F": (0,), "M": (1,)}, _by_unit(world, np.stack([women, 1 - women], axis=1), rng=rng), 0),
        (education, _by_unit(world, np.array(EDUCATION), rng=rng), 0),
        ({"foreign_language": (0,)}, np.stack([foreign, 1 - foreign], axis=-1), 1),
    ]


def _by_unit(world: World, shares: Floats, *, rng: np.random.Generator) -> Floats:
    factors = np.exp(rng.normal(0.0, 0.06, (world.units, 1, 1, shares.shape[-1])))
    varied: Floats = shares[None, None] * factors
    normal: Floats = varied / varied.sum(axis=-1, keepdims=True)
    return normal


def _tilted(shares: Floats, special: int, *, reach: Floats, late: Floats) -> dict[str, Floats]:
    """Shares among clients of the trial, of the TE offices and elsewhere; `reach` is the trial's share of residents."""
    own, rest = shares[..., :special], shares[..., special:]
    at = np.clip(reach, 0.01, 1.0)[None, ..., None]
    office = own * late[None]
    trial = np.clip((own - (1 - at) * office) / at, 0.0, 0.45)
    return {
        "elsewhere": shares,
        "trial": np.concatenate([trial, _filled(rest, trial)], axis=-1),
        "te_office": np.concatenate([office, _filled(rest, office)], axis=-1),
    }


def _filled(rest: Floats, special: Floats) -> Floats:
    """The other classes in their proportions, so that all sum to 1."""
    left = 1 - special.sum(axis=-1, keepdims=True)
    filled: Floats = rest / rest.sum(axis=-1, keepdims=True) * left
    return filled
