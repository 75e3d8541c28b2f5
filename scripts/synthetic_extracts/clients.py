"""Which of the jobseekers are clients of the trial: near the totals that the ministry published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthetic_extracts.draw import apportion, spread
from synthetic_extracts.stocks import KINDS, OTHERS, UNEMPLOYED, index
from synthetic_extracts.world import Floats, Ints, World

PUBLISHED = "2021-10"
"""The month of the ministry's own review, whose totals by status are met exactly."""
STATUS_TOTALS = {
    "laid_off": 5_927,
    "unemployed": 138_070,
    "reduced_week": 397,
    "open_market": 25_716,
    "subsidised": 11_149,
    "in_services": 15_493,
    "in_training": 33_822,
    "jobseekers": 229_060,
}
AREA_TOTALS = {"KK20": (30_427, 46_116), "KK11": (14_803, 28_183), "KK21": (14_549, 22_426), "KK22": (1_724, 2_510)}
"""Unemployed clients and all clients; Porvoo's are such that its published share, 68.7 %, comes out."""
UNEMPLOYED_ROUNDED = {
    "2021-05": 154_500,
    "2022-01": 144_600,
    "2022-03": 135_000,
    "2022-04": 129_900,
    "2022-10": 129_500,
}
UNEMPLOYED_BEFORE = {"2021-09": 142_228}
JOBSEEKERS_ROUNDED = {"2021-07": 240_500, "2022-06": 237_200, "2022-12": 234_200, "2023-04": 238_200}
OTHERS_ASSUMED = {"2021-03": 90_000, "2021-05": 87_000, "2021-06": 79_000, "2023-06": 96_000}
"""Clients that are not unemployed, where nothing near is published: open-market work moves without leaps."""
IN_SERVICES_ROUNDED = {"2021-06": 54_400, "2023-02": 65_100}
COUNTED = (
    "labour_market_training",
    "coaching",
    "subsidised",
    "try_outs",
    "job_alternation",
    "rehabilitative_work",
    "independent_study",
)
"""Services of the activation rate."""
INCOMPLETE = {"2021-03": 0.78, "2021-04": 0.97}
"""Part of the clients who had moved to the trial by the end of the month."""
STAYING = 20
"""Of so many jobseekers at least one stays with the TE office."""
ROUNDS = 12
LEFTOVER = {True: "other_unemployed", False: "open_market_other"}
"""Kinds that take what the totals leave: of the unemployed and of the others."""


def clients(world: World, total: Ints, *, rng: np.random.Generator) -> Ints:
    """Of `total` (units × months × KINDS) the clients of the trial; 0 outside its municipalities and before it."""
    whole = total[world.trial_units]
    targets = _targets(world, whole.sum(axis=0))
    weights = _weights(world, whole[:, world.at(PUBLISHED)], rng=rng)
    if world.complete:
        _fit_areas(world, whole[:, world.at(PUBLISHED)], targets=targets[world.at(PUBLISHED)], weights=weights)
    dealt = np.zeros_like(whole)
    for month in range(world.start, len(world.months)):
        for kind in range(len(KINDS)):
            dealt[:, month, kind] = _deal(whole[:, month, kind], weights[:, kind], total=int(targets[month, kind]))
    result = np.zeros_like(total)
    result[world.trial_units] = dealt
    if world.complete:
        for unemployed in (True, False):
            _meet_areas(world, total, result=result, unemployed=unemployed)
    return result


def _deal(here: Ints, weights: Floats, *, total: int) -> Ints:
    return apportion(total, here * weights, most=here - here // STAYING)


def _fit_areas(world: World, whole: Ints, *, targets: Ints, weights: Floats) -> None:
    """Turn the weights of the areas with published totals until these come out of themselves, so that the published
    month does not stand out; changes `weights`.
    """
    position = {int(unit): at for at, unit in enumerate(world.trial_units)}
    for _ in range(ROUNDS):
        dealt = np.stack([_deal(whole[:, k], weights[:, k], total=int(targets[k])) for k in range(len(KINDS))], axis=1)
        for code, (unemployed, jobseekers) in AREA_TOTALS.items():
            at = [position[unit] for unit in world.areas[code]]
            for kinds, persons in ((UNEMPLOYED, unemployed), (OTHERS, jobseekers - unemployed)):
                cells = np.ix_(at, index(*kinds))
                weights[cells] *= persons / dealt[cells].sum()


def _targets(world: World, whole: Ints) -> Ints:
    """How many clients of each kind the trial has, months × KINDS; `whole` are all jobseekers of its municipalities."""
    shares = _shares(world, whole)
    unemployed = whole[:, : len(UNEMPLOYED)].sum(axis=1) * shares["unemployed"]
    moved = world.path({**INCOMPLETE, "2021-05": 1.0})
    targets = np.zeros(whole.shape, dtype=np.int64)
    for kind in KINDS:
        targets[:, KINDS.index(kind)] = np.rint(whole[:, KINDS.index(kind)] * shares[kind] * moved)
    published = world.at(PUBLISHED)
    if world.complete:
        targets[published] = _published(whole[published])
    for flag, sums in ((True, unemployed * moved), (False, shares["others"] * moved)):
        of_it, leftover = index(*(UNEMPLOYED if flag else OTHERS)), KINDS.index(LEFTOVER[flag])
        rest = [kind for kind in of_it if kind != leftover]
        targets[:, leftover] = np.rint(sums).astype(np.int64) - targets[:, rest].sum(axis=1)
    return targets


def _shares(world: World, whole: Ints) -> dict[str, Floats]:
    """The trial's share of each kind by month, of all unemployed together, and (as persons) how many others there are.

    A share is that of the published month, moved a little where a published number of persons in services asks it.
    """
    published = world.at(PUBLISHED)
    residents = whole[:, : len(UNEMPLOYED)].sum(axis=1)
    size = whole[:, len(UNEMPLOYED) :].sum(axis=1)
    full = _published(whole[published]) / np.maximum(whole[published], 1) if world.complete else _usual()
    shares = {kind: np.full(len(world.months), full[at]) for at, kind in enumerate(KINDS)}
    known = {**UNEMPLOYED_ROUNDED, **UNEMPLOYED_BEFORE, PUBLISHED: STATUS_TOTALS["unemployed"]}
    if not world.complete:
        return {**shares, "unemployed": np.full(len(world.months), 0.71), "others": 0.4 * size}
    shares["unemployed"] = world.path({month: known[month] / residents[world.at(month)] for month in sorted(known)})
    unemployed = residents * shares["unemployed"]
    jobseekers = {**JOBSEEKERS_ROUNDED, PUBLISHED: STATUS_TOTALS["jobseekers"], "2021-09": 230_900}
    others = OTHERS_ASSUMED | {month: persons - unemployed[world.at(month)] for month, persons in jobseekers.items()}
    shares["others"] = world.path({month: others[month] for month in sorted(others)})
    change = {PUBLISHED: 1.0}
    for month, persons in IN_SERVICES_ROUNDED.items():
        at = world.at(month)
        change[month] = persons / sum(whole[at, KINDS.index(kind)] * shares[kind][at] for kind in COUNTED)
    moved = world.path({month: change[month] for month in sorted(change)})
    return shares | {kind: shares[kind] * moved for kind in COUNTED}


def _usual() -> Floats:
    """Shares for a world too small for the published totals."""
    return np.array([0.5, 0.8, 0.8, 0.7, *([0.3] * 3), 0.5, *([0.7] * 7), 0.3])


def _published(whole: Ints) -> Ints:
    """The trial's clients of the published month by kind; kinds within a status in proportion to all jobseekers."""
    result = np.zeros(len(KINDS), dtype=np.int64)

    def fill(total: int, *kinds: str) -> None:
        result[index(*kinds)] = apportion(total, whole[index(*kinds)].astype(np.float64))

    totals: Mapping[str, int] = STATUS_TOTALS
    unemployed = whole[: len(UNEMPLOYED)]
    fill(totals["laid_off"], "laid_off")
    for kind in ("long_term", "structural_other"):
        fill(int(0.82 * unemployed[KINDS.index(kind)]), kind)
    fill(totals["unemployed"] - int(result.sum()), "other_unemployed")
    fill(totals["reduced_week"], "reduced_week")
    fill(totals["subsidised"], "subsidised")
    fill(totals["open_market"], "open_market_other", "job_alternation")
    fill(totals["in_services"], "coaching", "try_outs", "rehabilitative_work", "other_service")
    fill(totals["in_training"], "labour_market_training", "independent_study", "other_training")
    fill(totals["jobseekers"] - int(result.sum()), "outside_labour_force")
    return result


def _weights(world: World, whole: Ints, *, rng: np.random.Generator) -> Floats:
    """How readily jobseekers become clients, trial units × KINDS: by area, and a little by municipality."""
    position = {int(unit): at for at, unit in enumerate(world.trial_units)}
    result = np.outer(spread(rng, len(whole), deviation=0.03), np.ones(len(KINDS)))
    size = len(UNEMPLOYED)
    for code, units in world.areas.items():
        at = [position[unit] for unit in units]
        by_area = spread(rng, 2, deviation=0.05)
        if world.complete and code in AREA_TOTALS:
            unemployed, jobseekers = AREA_TOTALS[code]
            residents, rest = whole[at, :size].sum(), whole[at, size:].sum()
            by_area = np.array([unemployed / residents / 0.685, (jobseekers - unemployed) / rest / 0.385])
        result[np.ix_(at, range(size))] *= by_area[0]
        result[np.ix_(at, range(size, len(KINDS)))] *= by_area[1]
    return result


def _meet_areas(world: World, total: Ints, *, result: Ints, unemployed: bool) -> None:
    """Move clients of the leftover kind between areas until the published ones have their totals; changes `result`."""
    month, kind = world.at(PUBLISHED), KINDS.index(LEFTOVER[unemployed])
    of_it = index(*(UNEMPLOYED if unemployed else OTHERS))
    fixed = [unit for code in AREA_TOTALS for unit in world.areas[code]]
    free = [unit for unit in world.trial_units if unit not in fixed]
    for code, (persons, jobseekers) in AREA_TOTALS.items():
        units = list(world.areas[code])
        wanted = persons if unemployed else jobseekers - persons
        short = wanted - int(result[np.ix_(units, [month], of_it)].sum())
        to, come = (units, free) if short > 0 else (free, units)
        room = total[to, month, kind] - result[to, month, kind]
        result[to, month, kind] += apportion(abs(short), room.astype(np.float64), most=room)
        there = result[come, month, kind]
        result[come, month, kind] -= apportion(abs(short), there.astype(np.float64), most=there)
