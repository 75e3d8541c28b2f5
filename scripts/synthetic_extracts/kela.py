"""Recipients of benefits by municipality, near the real level of the whole country."""

from __future__ import annotations

import numpy as np

from synthetic_extracts.draw import spread
from synthetic_extracts.groups import ELSEWHERE_FOREIGN, MOST_FOREIGN
from synthetic_extracts.tables import Parts
from synthetic_extracts.world import Floats, Ints, World

GROUPS = ("_T", "Y_LT30", "foreign_language")
MEASURES = ("assistance", "labour_market_subsidy", "rehabilitation", "disability_pension", "population")
OF_GROUPS = {
    "assistance": (0.33, 0.19),
    "labour_market_subsidy": (0.26, 0.20),
    "rehabilitation": (0.50, 0.05),
    "disability_pension": (0.08, 0.03),
    "population": (0.25, 0.10),
}
"""Shares of the young and of speakers of other languages; the latter vary by municipality."""
WORKING_AGE = 0.57
ASSISTANCE, SUBSIDY = 0.72, 0.74
"""Of the real recipients of all ages, those of working age; of the real recipients of all benefits, those of one."""
REHABILITATION = {"2018-12": 15_500, "2021-06": 19_500, "2023-06": 23_000}
PENSION = {"2018-12": 139_000, "2023-06": 124_000}
UNKNOWN = 0.003
"""Recipients whom no municipality has, of all."""


def benefits(world: World, *, rng: np.random.Generator) -> Parts:
    """Units × months × GROUPS × MEASURES."""
    population = _population(world, rng=rng)
    everyone = population[..., 0]
    national = {
        "assistance": ASSISTANCE * _whole(world.national["assistance"]),
        "labour_market_subsidy": SUBSIDY * _whole(world.national["benefit"]),
        "rehabilitation": world.path(REHABILITATION),
        "disability_pension": world.path(PENSION),
    }
    whole_country = world.population.sum() * WORKING_AGE if world.complete else 3_100_000
    made = [
        _recipients(world, everyone, rate=series / whole_country, shares=OF_GROUPS[name], rng=rng)
        for name, series in national.items()
    ]
    return Parts(every=np.stack([*made, population], axis=-1))


def _whole(series: Floats) -> Floats:
    """The series with its first month, which is not delivered, as the second."""
    return np.where(np.isnan(series), series[1], series)


def _foreign(world: World) -> Floats:
    return np.array([*(MOST_FOREIGN.get(code, ELSEWHERE_FOREIGN) for code in world.municipalities), 1.0])


def _population(world: World, *, rng: np.random.Generator) -> Ints:
    """Persons of working age, units × months × GROUPS: one figure for a calendar year, another for the next."""
    size = len(world.municipalities)
    growth = rng.normal(-0.003, 0.006, size)
    shares = np.stack(
        [np.ones(size), *(share * spread(rng, size, deviation=0.08) for share in OF_GROUPS["population"])], axis=1
    )
    shares[:, 2] *= _foreign(world)[:-1]
    own = WORKING_AGE * spread(rng, size, deviation=0.03)
    result = np.zeros((world.units, len(world.months), len(GROUPS)), dtype=np.int64)
    last = np.zeros((size, len(GROUPS)), dtype=np.int64)
    years = np.array([int(month[:4]) for month in world.months])
    for year in np.unique(years):
        persons = np.rint((world.population * own * (1 + growth) ** (year - 2021))[:, None] * shares).astype(np.int64)
        persons += persons == last
        result[:-1, years == year] = persons[:, None]
        last = persons
    return result


def _recipients(
    world: World, everyone: Ints, *, rate: Floats, shares: tuple[float, float], rng: np.random.Generator
) -> Ints:
    """Recipients of one benefit, units × months × GROUPS; `rate` is the whole country's by month."""
    by_unit = np.clip(spread(rng, world.units, deviation=0.22), 0.4, 2.0)[:, None]
    all_of_it = rng.binomial(everyone, np.clip(rate * by_unit, 0, 1))
    all_of_it[-1] = rng.binomial(all_of_it[:-1].sum(axis=0), UNKNOWN)
    young = rng.binomial(all_of_it, shares[0])
    foreign = rng.binomial(all_of_it, np.clip(shares[1] * _foreign(world)[:, None], 0, 0.6))
    return np.stack([all_of_it, young, foreign], axis=-1)
