"""Persons in services, services that start and end, and where those who ended them stood later."""

from __future__ import annotations

import numpy as np

from synthetic_extracts.stocks import KINDS
from synthetic_extracts.tables import Parts
from synthetic_extracts.world import Ints, World

STOCKS = {
    "labour_market_training": "labour_market_training",
    "coaching": "coaching",
    "employed_by_services": "subsidised",
    "try_outs": "try_outs",
    "job_alternation": "job_alternation",
    "rehabilitative_work": "rehabilitative_work",
    "independent_study": "independent_study",
}
"""Columns of the table, and the kinds of jobseekers that they count."""
MEASURES = (*STOCKS, "services_started", "services_ended", "placed_3_months", "placed_6_months")
LATER = {"placed_3_months": 3, "placed_6_months": 6}
"""Months after which these are known: in the last ones of a delivery they are not available yet."""
STARTING = 0.17
"""Services started in a usual month for each person in one."""
PLACED = {"elsewhere": (0.27, 0.33), "trial": (0.19, 0.25), "te_office": (0.34, 0.41)}


def services(world: World, total: Ints, *, trial: Ints, rng: np.random.Generator) -> Parts:
    """Units × months × 1 × MEASURES by responsible organisation, from stocks by KINDS."""
    split = np.zeros((*total.shape[:2], 1), dtype=bool)
    split[world.trial_units, world.start :] = True
    stocks = {
        "elsewhere": np.where(split, 0, total),
        "trial": trial,
        "te_office": np.where(split, total - trial, 0),
    }
    made = {name: _organisation(values, name=name, rng=rng)[:, :, None, :] for name, values in stocks.items()}
    return Parts(every=np.sum(list(made.values()), axis=0), trial=made["trial"], te_office=made["te_office"])


def _organisation(stocks: Ints, *, name: str, rng: np.random.Generator) -> Ints:
    persons = stocks[..., [KINDS.index(kind) for kind in STOCKS.values()]]
    everyone = persons.sum(axis=-1)
    growth = np.diff(everyone, axis=1, prepend=everyone[:, :1])
    # Where an organisation begins or ends in a unit, its stock comes from the other: nothing starts or ends by that.
    net = np.where(np.abs(growth) < 0.5 * np.maximum(everyone, 1), growth, 0)
    started = rng.poisson(STARTING * everyone) + np.maximum(net, 0)
    ended = started - net
    placed = [rng.binomial(ended, share) for share in PLACED[name]]
    return np.concatenate([persons, np.stack([started, ended, *placed], axis=-1)], axis=-1)
