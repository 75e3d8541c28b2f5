"""Every made-up extract by the name of its contract, and what its sidecar says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from katsaus.config.contract import Contract
from synthetic_extracts import flows, groups, kela, paths, services, stocks, survey
from synthetic_extracts.clients import clients
from synthetic_extracts.stocks import UNEMPLOYED
from synthetic_extracts.tables import content, table
from synthetic_extracts.world import FIRST, LAST, World, generator, number

SEED = 20230630
PERSONS = 6_000
ALL = ("_T",)


@dataclass(frozen=True)
class Extract:
    """A table as CSV, and the fields of its sidecar but those of the file."""

    contract: str
    content: bytes
    about: Mapping[str, object]


def extracts(
    world: World, contracts: Mapping[str, Contract], *, seed: int = SEED, persons: int = PERSONS
) -> Iterator[Extract]:
    """The extracts one by one, the same for the same world and seed."""
    for name, rows in _tables(world, seed=seed, persons=persons):
        contract = contracts[name]
        yield Extract(name, content(rows, contract), _about(contract, rows, seed=seed))


def _tables(world: World, *, seed: int, persons: int) -> Iterator[tuple[str, pd.DataFrame]]:
    total = stocks.residents(world, generator(seed, "residents"))
    trial = clients(world, total, rng=generator(seed, "clients"))
    made = groups.jobseekers(world, total, trial=trial, rng=generator(seed, "ministry-jobseekers"))
    yield "ministry-jobseekers", table(world, made, groups=groups.GROUPS, measures=tuple(groups.MEASURES))
    made = flows.flows(world, total, trial=trial, rng=generator(seed, "ministry-flows"))
    yield "ministry-flows", table(world, made, groups=ALL, measures=flows.MEASURES)
    made = services.services(world, total, trial=trial, rng=generator(seed, "ministry-services"))
    yield "ministry-services", _not_yet(table(world, made, groups=ALL, measures=services.MEASURES))
    rows = table(
        world,
        kela.benefits(world, rng=generator(seed, "kela-municipalities")),
        groups=kela.GROUPS,
        measures=kela.MEASURES,
    )
    yield "kela-municipalities", rows[~rows["area"].str.startswith("KK")]
    unemployed = total[..., : len(UNEMPLOYED)].sum(axis=-1)
    yield "ttl-kykyviisari", survey.survey(world, unemployed, rng=generator(seed, "ttl-kykyviisari"))
    somebody = paths.people(world, persons, rng=generator(seed, "people"))
    yield "paths-spells", paths.spells(somebody, rng=generator(seed, "paths-spells"))
    yield "paths-scores", paths.scores(somebody, rng=generator(seed, "paths-scores"))


def _not_yet(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with `..` where the months that a figure looks ahead are not over at the end of the delivery."""
    ahead = number(LAST) - rows["month"].map({month: number(month) for month in rows["month"].unique()})
    marked = {name: rows[name].astype("object").mask(ahead < months, "..") for name, months in services.LATER.items()}
    return rows.assign(**marked)


def _about(contract: Contract, rows: pd.DataFrame, *, seed: int) -> dict[str, object]:
    measures = [name for name, field in contract.fields.items() if field.role in ("MEASURE", "ATTRIBUTE")]
    half_yearly = contract.frequency == "half-yearly"
    first = rows["month"].min() if half_yearly else rows["entry"].min() if "entry" in rows else FIRST
    return {
        "source": {"fi": "Keksityt luvut testausta varten", "sv": "Påhittade uppgifter för testning"},
        "table": contract.name,
        "title": {"fi": contract.title.fi, "sv": contract.title.sv},
        "url": None,
        "licence": "none: made-up figures",
        "licence_url": None,
        "citation": {
            "fi": "Keksityt luvut testausta varten, ei tilastotietoa",
            "sv": "Påhittade uppgifter för testning, inte statistik",
        },
        "retrieved": None,
        "updated": None,
        "provenance": f"Made up by scripts/synthetic with the seed {seed}. Municipalities, months and totals are near "
        "those of real open figures; nothing in it describes anyone or any organisation.",
        "selection": "Everything that the contract asks for, as it would be delivered.",
        "measures": measures,
        "rows": len(rows),
        "areas": rows["area"].nunique() if "area" in rows else 0,
        "first_month": first,
        "last_month": LAST,
        "synthetic": True,
    }
