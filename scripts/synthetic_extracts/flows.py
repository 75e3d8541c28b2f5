"""Spells of unemployment that start and end, such that yesterday's stock and they give today's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.draw import multinomial
from synthetic_extracts.stocks import UNEMPLOYED
from synthetic_extracts.tables import Parts
from synthetic_extracts.world import Floats, Ints, World

REASONS = ("open_market", "subsidised", "service", "study", "outside", "unknown")
MEASURES = (
    "started", "ended", *(f"ended_{reason}" for reason in REASONS), "transferred_in", "transferred_out",
    "running_3_months", "weeks_ongoing", "weeks_ended",
)  # fmt: skip
STARTING = {"elsewhere": 0.1, "trial": 0.09, "te_office": 0.13}
"""Spells started in a usual month for each unemployed person."""
SWING = 0.2
"""Spells started besides, as a part of the largest change that the unit ever saw: where many come and go, many always
do.
"""
SEASON = (1.12, 0.94, 0.93, 0.95, 1.02, 1.18, 0.98, 1.02, 1.03, 0.97, 0.95, 1.06)
ENDING = {
    "elsewhere": (0.34, 0.06, 0.13, 0.09, 0.10, 0.28),
    "trial": (0.25, 0.08, 0.18, 0.10, 0.12, 0.27),
    "te_office": (0.46, 0.04, 0.08, 0.06, 0.09, 0.27),
}
"""Shares of REASONS."""
STILL_RUNNING = 0.48
WEEKS_ONGOING = {"elsewhere": 44.0, "trial": 52.0, "te_office": 28.0}
WEEKS_ENDED = {"elsewhere": 17.0, "trial": 19.0, "te_office": 14.0}
TO_TRIAL = {"2021-04": 0.012, "2021-05": 0.06, "2021-06": 0.025, "2021-07": 0.012}
TO_OFFICE = 0.004
"""Clients that change the organisation in a month, for each unemployed client of the one they leave."""
NEW = 0.6
"""How much of a usual month's flow the trial had in its first, in which clients moved to it."""
MOVED, LATE = 0.97, 0.9
"""Of the clients of the trial's first month, those that were moved and not new; of the growth in the next, likewise."""


@dataclass(frozen=True)
class Organisation:
    """Unemployed clients of one responsible organisation by unit and month, those of the month before, and those who
    came from the other organisation or left for it.
    """

    name: str
    stock: Ints
    before: Ints
    came: Ints
    left: Ints


def flows(world: World, total: Ints, *, trial: Ints, rng: np.random.Generator) -> Parts:
    """Units × months × 1 × MEASURES by responsible organisation, from stocks by KINDS; nothing in the first month."""
    size = len(UNEMPLOYED)
    whole, served = total[..., :size].sum(axis=-1), trial[..., :size].sum(axis=-1)
    split = np.zeros(whole.shape, dtype=bool)
    split[world.trial_units, world.start :] = True
    office = np.where(split, whole - served, 0)
    # Before the trial a municipality's unemployed are the TE office's: `before` is what each organisation starts from.
    before = {"elsewhere": _lagged(whole), "trial": _lagged(served), "te_office": _lagged(whole - served)}
    to_trial, to_office = _transfers(world, served, before=before, rng=rng)
    none = np.zeros_like(whole)
    organisations = (
        Organisation("elsewhere", stock=whole, before=before["elsewhere"], came=none, left=none),
        Organisation("trial", stock=served, before=before["trial"], came=to_trial, left=to_office),
        Organisation("te_office", stock=office, before=before["te_office"], came=to_office, left=to_trial),
    )
    made = {organisation.name: _flows(world, organisation, rng=rng) for organisation in organisations}
    made["elsewhere"][split] = 0
    made["trial"][~split] = made["te_office"][~split] = 0
    _running(world, made, share=served / np.maximum(whole, 1), rng=rng)
    result = {name: values[:, :, None, :] for name, values in made.items()}
    return Parts(every=np.sum(list(result.values()), axis=0), trial=result["trial"], te_office=result["te_office"])


def _lagged(stock: Ints) -> Ints:
    return np.concatenate([stock[:, :1], stock[:, :-1]], axis=1)


def _transfers(world: World, served: Ints, *, before: dict[str, Ints], rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Clients that went from the TE office to the trial and back; most of the trial's first clients came that way."""
    to_trial = rng.binomial(before["te_office"], world.path(TO_TRIAL))
    to_office = rng.binomial(before["trial"], TO_OFFICE)
    first, second = world.start, world.start + 1
    to_trial[:, first] = np.minimum(before["te_office"][:, first], np.floor(MOVED * served[:, first]).astype(np.int64))
    grown = np.floor(LATE * (served[:, second] - served[:, first])).astype(np.int64)
    to_trial[:, second] = np.clip(grown, to_trial[:, second], before["te_office"][:, second])
    trial = np.zeros(served.shape, dtype=bool)
    trial[world.trial_units, first:] = True
    return np.where(trial, to_trial, 0), np.where(trial, to_office, 0)


def _flows(world: World, organisation: Organisation, *, rng: np.random.Generator) -> Ints:
    """Flows of one organisation, units × months × MEASURES; running_3_months stays empty."""
    name, stock, before = organisation.name, organisation.stock, organisation.before
    came, left = organisation.came, organisation.left
    season = np.array([SEASON[int(month[5:]) - 1] for month in world.months])
    net = stock - before - came + left
    served = before.astype(np.float64)
    if name == "trial":
        served[:, world.start] = NEW * stock[:, world.start]
    lively = net[:, 1 if name == "elsewhere" else world.start :]
    usual = STARTING[name] * season * served + SWING * np.abs(lively).max(axis=1, keepdims=True)
    started = rng.poisson(usual) + np.maximum(net, 0)
    ended = started - net
    reasons = multinomial(rng, ended, shares=np.array(ENDING[name]))
    ongoing = _weeks(stock, WEEKS_ONGOING[name], rng=rng)
    finished = _weeks(ended, WEEKS_ENDED[name], rng=rng)
    columns = [started, ended, *np.moveaxis(reasons, -1, 0), came, left, np.zeros_like(stock), ongoing, finished]
    return np.stack(columns, axis=-1)


def _weeks(spells: Ints, mean: float, *, rng: np.random.Generator) -> Ints:
    level: Floats = mean * np.exp(rng.normal(0.0, 0.08, (len(spells), 1)))
    return np.rint(spells * level * np.exp(rng.normal(0.0, 0.03, spells.shape))).astype(np.int64)


def _running(world: World, made: dict[str, Ints], *, share: Floats, rng: np.random.Generator) -> None:
    """Fill running_3_months from the spells started three months before; those older than the trial are divided."""
    at, started = MEASURES.index("running_3_months"), MEASURES.index("started")
    for name, values in made.items():
        values[:, 3:, at] = rng.binomial(values[:, :-3, started], STILL_RUNNING)
        if name != "elsewhere":
            values[:, : world.start + 3, at] = 0
    months = slice(world.start, world.start + 3)
    units = world.trial_units
    older = made["elsewhere"][units, months, at]
    made["trial"][units, months, at] = rng.binomial(older, share[units, months])
    made["te_office"][units, months, at] = older - made["trial"][units, months, at]
    made["elsewhere"][units, world.start :, at] = 0
