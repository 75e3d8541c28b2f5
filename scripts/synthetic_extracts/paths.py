"""Service paths of made-up persons with partial work ability: spells of states, and scores along the way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from synthetic_extracts.draw import multinomial
from synthetic_extracts.survey import FIRST_MEANS
from synthetic_extracts.world import Floats, Ints, World, months_between, number

STATES = (
    "unemployed", "coaching", "labour_market_training", "try_out", "rehabilitative_work", "subsidised", "open_market",
    "supported_work", "study", "pension", "outside", "moved_or_died",
)  # fmt: skip
SEGMENTS = ("early_retired", "from_study", "from_work", "long_term")
SHARES = (0.16, 0.22, 0.30, 0.32)
ENTRIES = months_between("2020-07", "2021-06")
LONGEST = 36
FOREVER = ("pension", "moved_or_died")
LEAVING = {
    "unemployed": {
        "coaching": 0.022, "labour_market_training": 0.010, "try_out": 0.012, "rehabilitative_work": 0.020,
        "subsidised": 0.014, "open_market": 0.018, "supported_work": 0.003, "study": 0.008, "pension": 0.004,
        "outside": 0.008, "moved_or_died": 0.002,
    },
    "coaching": {"unemployed": 0.22, "try_out": 0.05, "subsidised": 0.03, "open_market": 0.03},
    "labour_market_training": {"unemployed": 0.12, "open_market": 0.05, "subsidised": 0.02},
    "try_out": {"unemployed": 0.22, "subsidised": 0.07, "open_market": 0.04},
    "rehabilitative_work": {"unemployed": 0.10, "coaching": 0.01, "supported_work": 0.008, "pension": 0.004},
    "subsidised": {"unemployed": 0.10, "open_market": 0.05},
    "open_market": {"unemployed": 0.025, "study": 0.003, "outside": 0.003, "moved_or_died": 0.001},
    "supported_work": {"unemployed": 0.03, "open_market": 0.01, "pension": 0.004},
    "study": {"unemployed": 0.05, "open_market": 0.025, "outside": 0.004},
    "outside": {"unemployed": 0.06, "pension": 0.010, "open_market": 0.006, "moved_or_died": 0.002},
}  # fmt: skip
"""Chances a month of going from one state to another."""
LEANING = {
    "early_retired": {"pension": 4.0, "open_market": 0.35, "study": 0.1, "labour_market_training": 0.5},
    "from_study": {"study": 2.5, "open_market": 1.4, "pension": 0.2, "coaching": 1.5},
    "from_work": {"open_market": 1.7, "rehabilitative_work": 0.4, "labour_market_training": 1.4},
    "long_term": {"rehabilitative_work": 2.0, "open_market": 0.45, "supported_work": 1.6},
}
"""Factors on the chances of going to a state, by segment."""
FIRST_ASKED, ASKED_AGAIN, BLANK = 0.7, 0.62, 0.02


@dataclass(frozen=True)
class People:
    """Persons in one order: their table of backgrounds, segments as positions, and months of follow-up."""

    table: pd.DataFrame
    segment: Ints
    followed: Ints


def people(world: World, size: int, *, rng: np.random.Generator) -> People:
    """`size` persons, spread over the trial areas by population, followed until the last month or for three years."""
    segment = rng.choice(len(SEGMENTS), size, p=SHARES)
    lowest, highest = np.array([52, 18, 25, 28])[segment], np.array([62, 29, 57, 60])[segment]
    idle = np.array([10, 4, 3, 22])[segment]
    weights = np.array([world.population[list(units)].sum() for units in world.areas.values()], dtype=np.float64)
    entry = rng.choice(len(ENTRIES), size)
    last = number(world.months[-1])
    names = [f"{value:012x}" for value in rng.choice(2**48, size, replace=False)]
    table = pd.DataFrame(
        {
            "pseudonym": names,
            "area": np.array(list(world.areas))[rng.choice(len(weights), size, p=weights / weights.sum())],
            "entry": np.array(ENTRIES)[entry],
            "age": rng.integers(lowest, highest + 1),
            "sex": np.array(["F", "M"])[rng.binomial(1, 0.52, size)],
            "language": rng.choice(["fi", "sv", "other"], size, p=[0.83, 0.04, 0.13]),
            "education": rng.choice(["ED0-2", "ED3-4", "ED5-8"], size, p=[0.34, 0.50, 0.16]),
            "months_unemployed": np.clip(rng.poisson(idle), 0, 36),
            "work_ability_restriction": rng.choice(["none", "some", "severe"], size, p=[0.15, 0.6, 0.25]),
            "segment": np.array(SEGMENTS)[segment],
        }
    )
    left = np.array([last - number(month) for month in table["entry"]])
    return People(table, segment, np.minimum(left, LONGEST))


def spells(persons: People, *, rng: np.random.Generator) -> pd.DataFrame:
    """A row for each spell, in the order of persons and months."""
    states = _walk(persons, rng=rng)
    rows: list[tuple[int, int, int, str, str]] = []
    for person, followed in enumerate(persons.followed):
        path = states[person, :followed]
        turns = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), int(followed)]
        names = [*(STATES[path[turn]] for turn in turns[:-1]), "censored"]
        for (start, end), (state, following) in zip(pairwise(turns), pairwise(names), strict=True):
            rows.append((person, start, end, state, following))
    made = pd.DataFrame(rows, columns=["person", "start", "end", "state", "next_state"])
    joined = made.join(persons.table, on="person").drop(columns="person")
    return joined.sort_values(["pseudonym", "start"], ignore_index=True)


def scores(persons: People, *, rng: np.random.Generator) -> pd.DataFrame:
    """A row for each time that a person was asked, about every six months; `..` for a question without an answer."""
    size = len(persons.table)
    level = rng.normal(0.0, 1.3, size)
    rows = []
    asked = rng.random(size) < FIRST_ASKED
    for turn in range(LONGEST // 6):
        month = np.maximum(6 * turn + rng.integers(-1, 2, size), 0) if turn else np.zeros(size, dtype=np.int64)
        answering = np.flatnonzero(asked & (month < persons.followed))
        answers = {
            domain: _answers(mean + 0.2 * turn + level[answering], rng=rng) for domain, mean in FIRST_MEANS.items()
        }
        pseudonyms = persons.table["pseudonym"].to_numpy()[answering]
        rows.append(pd.DataFrame({"pseudonym": pseudonyms, "month": month[answering], **answers}))
        asked &= rng.random(size) < ASKED_AGAIN
    return pd.concat(rows).sort_values(["pseudonym", "month"], ignore_index=True)


def _answers(means: Floats, *, rng: np.random.Generator) -> list[str]:
    exact = np.clip(np.rint(means + rng.normal(0.0, 1.6, len(means))), 0, 10).astype(np.int64)
    blank = rng.random(len(means)) < BLANK
    return [".." if missing else str(value) for value, missing in zip(exact, blank, strict=True)]


def _walk(persons: People, *, rng: np.random.Generator) -> Ints:
    """The state of each person in each month of follow-up, as positions in STATES."""
    chances = _chances()
    states = np.zeros((len(persons.segment), LONGEST), dtype=np.int64)
    one = np.ones(len(persons.segment), dtype=np.int64)
    for month in range(1, LONGEST):
        states[:, month] = multinomial(rng, one, shares=chances[persons.segment, states[:, month - 1]]).argmax(axis=-1)
    return states


def _chances() -> Floats:
    """Chances of the next month's state: segments × states × states."""
    result = np.zeros((len(SEGMENTS), len(STATES), len(STATES)))
    for at, segment in enumerate(SEGMENTS):
        for state, ways in LEAVING.items():
            for other, chance in ways.items():
                result[at, STATES.index(state), STATES.index(other)] = chance * LEANING[segment].get(other, 1.0)
    for at in range(len(STATES)):
        result[:, at, at] = 1 - result[:, at].sum(axis=-1)
    return result
