"""A project of six municipalities with consistent figures that a test may damage, written as real snapshots."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from katsaus.calendar import shift
from katsaus.config.contract import Contract
from katsaus.config.findings import tell
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem
from katsaus.sources.snapshot import write_snapshot
from katsaus.store.load import load_source

PLANTED = "987654321"
"""A value that no message may tell."""

TRIAL = {"KU091": "KK20", "KU604": "KK11", "KU837": "KK11"}
MUNICIPALITIES = ("KU049", "KU091", "KU507", "KU541", "KU604", "KU837")
MONTHS = tuple(shift("2020-06", by) for by in range(21))
STATUSES = ("unemployed", "reduced_week", "open_market", "subsidised", "in_services", "in_training")
STATUSES_TOO = ("outside_labour_force",)
WITHIN_UNEMPLOYED = {"laid_off": 0.1, "long_term": 0.3, "structural": 0.5}
AGES = {"Y_LT30": 0, "Y30T54": 1, "Y_GE55": 2}
EDUCATION = {"ED0-2": 0, "ED3-4": 1, "ED5-8": 2}
ENDS = ("open_market", "subsidised", "service", "study", "outside", "unknown")
SERVICES = ("labour_market_training", "coaching", "try_outs", "job_alternation", "rehabilitative_work")

Key = tuple[str, str, str]
Figures = dict[Key, dict[str, np.ndarray]]
"""Figures over the months by series and measure."""
Change = Callable[[pd.DataFrame], pd.DataFrame]
"""What a test does to a table of text."""


def small_project(project: Project, root: Path) -> Project:
    """The project with six municipalities, their two trial areas and regions, and its data in the folder `root`."""
    towns = {code: project.municipalities[code] for code in MUNICIPALITIES}
    areas = tuple(
        area.model_copy(update={"municipalities": tuple(town for town in TRIAL if TRIAL[town] == area.code)})
        for area in project.areas
        if area.code in TRIAL.values()
    )
    regions = {town.region: project.regions[town.region] for town in towns.values()}
    (root / "data").mkdir(parents=True)
    shutil.copy(project.root / "data/corrections.yml", root / "data")
    return replace(project, root=root, municipalities=towns, areas=areas, regions=regions)


class Store:
    """Consistent tables of a small project, written as snapshots when a test has changed what it wants."""

    made: ClassVar[dict[str, pd.DataFrame]] = {}

    def __init__(self, project: Project, root: Path) -> None:
        self.project = small_project(project, root)

    def table(self, contract: str) -> pd.DataFrame:
        """A table without a fault, as text; made once a run."""
        if contract in self.made:
            return self.made[contract]
        figures = {
            "statfin-12r5": unemployment,
            "ministry-jobseekers": jobseekers,
            "ministry-services": services,
            "ministry-flows": flows,
            "ttl-kykyviisari": surveys,
        }[contract]
        months = HALF_YEARS if contract == "ttl-kykyviisari" else MONTHS
        self.made[contract] = as_text(self.project.contracts[contract], figures(self.project), months=months)
        return self.made[contract]

    def write(self, contract: str, table: pd.DataFrame, **about: object) -> Path:
        """Write a table as a snapshot; `about` replaces what its sidecar says."""
        month = self.project.contracts[contract].column("TIME_PERIOD")
        months = table[month].str.replace("M", "-") if month else pd.Series(["2021-01"])
        area = self.project.contracts[contract].column("REF_AREA")
        said = {
            "source": {"fi": "x", "sv": "x"},
            "table": "t",
            "title": {"fi": "x", "sv": "x"},
            "url": None,
            "licence": "none",
            "licence_url": None,
            "citation": {"fi": "x", "sv": "x"},
            "retrieved": None,
            "updated": None,
            "provenance": "made for a test",
            "selection": "all",
            "measures": ["m"],
            "rows": len(table),
            "areas": table[area].nunique() if area else 0,
            "first_month": months.min(),
            "last_month": months.max(),
            "synthetic": "data_origin" in table,
        }
        content = table.to_csv(index=False, lineterminator="\n").encode()
        return write_snapshot(self.project.root, contract, content=content, about=said | about)

    def write_source(self, source: str, changes: dict[str, Change] | None = None) -> None:
        """Write all tables of a source, some of them changed."""
        for contract in self.project.sources[source].tables:
            table = self.table(contract)
            self.write(contract, (changes or {}).get(contract, lambda same: same)(table))

    def codes(self, source: str) -> set[str]:
        """The codes of everything that is found in a source; none of it tells the planted value."""
        try:
            loaded = load_source(self.project, source)
            told: tuple[Problem, ...] = tuple(tell(found, self.project.checks) for found in loaded.warnings)
        except DataError as error:
            told = error.problems
        assert PLANTED not in "".join(map(str, told)) + repr(told)
        return {problem.what.partition(":")[0] for problem in told}

    def codes_of(self, source: str, changes: dict[str, Change]) -> set[str]:
        """The codes of what is found once tables are changed."""
        self.write_source(source, changes)
        return self.codes(source)


def as_text(contract: Contract, figures: Figures, *, months: tuple[str, ...] = MONTHS) -> pd.DataFrame:
    """Figures as the table of a contract, sorted by series and month."""
    form = contract.fields[str(contract.column("TIME_PERIOD"))].format
    written = [month.replace("-", "M") if form == "YYYYMmm" else month for month in months]
    roles = {role: contract.column(role) for role in ("REF_AREA", "RESPONSIBLE", "GROUP")}
    parts = []
    for key, measures in sorted(figures.items()):
        part = {name: [code] * len(months) for (_, name), code in zip(roles.items(), key, strict=True) if name}
        part[str(contract.column("TIME_PERIOD"))] = written
        for measure, values in measures.items():
            part[contract.measures[measure].name] = [
                f"{value:g}" if value < 10**5 else f"{value:.0f}" for value in values
            ]
        if origin := contract.column("DATA_ORIGIN"):
            part[origin] = ["synthetic"] * len(months)
        parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    return table[[name for name in contract.fields if name in table]]


def added(figures: Figures, key: Key, measures: dict[str, np.ndarray]) -> None:
    """Add the measures of a series to the total `key`."""
    total = figures.setdefault(key, {})
    for measure, values in measures.items():
        total[measure] = total.get(measure, 0) + values


def persons(town: str, responsible: str) -> dict[str, np.ndarray]:
    """Jobseekers of a town by measure: months × sexes × ages × levels of education."""
    rng = np.random.default_rng([int(town[2:]), len(responsible)])
    season = 1 + 0.1 * np.sin(np.arange(len(MONTHS)) / 12 * 2 * np.pi) + 0.004 * np.arange(len(MONTHS))
    found = {
        status: np.round(rng.integers(40, 300, (1, 2, 3, 3)) * season[:, None, None, None])
        for status in STATUSES + STATUSES_TOO
    }
    found["jobseekers"] = sum(found.values(), np.zeros(1))
    return found | {name: np.floor(found["unemployed"] * share) for name, share in WITHIN_UNEMPLOYED.items()}


def responsibles(town: str) -> tuple[str, ...]:
    return ("trial", "te_office") if town in TRIAL else ("_T",)


def above(town: str, responsible: str) -> Iterator[tuple[str, str]]:
    """The areas and responsible organisations to which a town's part is counted; the country is not divided."""
    for area in (town, TRIAL[town], "KK") if town in TRIAL else (town,):
        yield from ((area, name) for name in dict.fromkeys((responsible, "_T")))
    yield "SSS", "_T"


def jobseekers(project: Project) -> Figures:
    figures: Figures = {}
    for town in project.municipalities:
        for responsible in responsibles(town):
            held = persons(town, responsible)
            groups = {"_T": {name: values.sum(axis=(1, 2, 3)) for name, values in held.items()}}
            for at, sex in enumerate("FM"):
                groups[sex] = {name: values[:, at].sum(axis=(1, 2)) for name, values in held.items()}
            for age, at in AGES.items():
                groups[age] = {name: values[:, :, at].sum(axis=(1, 2)) for name, values in held.items()}
            for level, at in EDUCATION.items():
                groups[level] = {name: values[:, :, :, at].sum(axis=(1, 2)) for name, values in held.items()}
            groups["Y_LT25"] = groups["foreign_language"] = {
                name: values[:, 0, 0].sum(axis=1) for name, values in held.items()
            }
            for group, measures in groups.items():
                for area, name in above(town, responsible):
                    added(figures, (area, name, group), measures)
    return figures


def flows(project: Project) -> Figures:
    figures: Figures = {}
    month = np.arange(len(MONTHS), dtype=float)
    for town in project.municipalities:
        for responsible in responsibles(town):
            stock = persons(town, responsible)["unemployed"].sum(axis=(1, 2, 3))
            ends = {f"ended_{name}": 400 + 10 * at + month % 7 for at, name in enumerate(ENDS)}
            held = {"ended": sum(ends.values(), np.zeros(1)), **ends}
            # who comes to one organisation has left the other
            came, went = 20 + month % 5, 30 + month % 3 if len(responsibles(town)) > 1 else 20 + month % 5
            if responsible == "te_office":
                came, went = went, came
            held |= {"transferred_in": came, "transferred_out": went}
            change = np.diff(stock, prepend=stock[0])
            held["started"] = change + held["ended"] - held["transferred_in"] + held["transferred_out"]
            held |= {"running_3_months": np.floor(held["started"] / 2), "weeks_ongoing": stock * 20}
            held["weeks_ended"] = held["ended"] * 15
            for area, name in above(town, responsible):
                added(figures, (area, name, "_T"), held)
    return figures


def services(project: Project) -> Figures:
    figures: Figures = {}
    month = np.arange(len(MONTHS), dtype=float)
    for town in project.municipalities:
        for responsible in responsibles(town):
            held = {name: 60 + 10 * at + month % 11 for at, name in enumerate((*SERVICES, "independent_study"))}
            held["employed_by_services"] = persons(town, responsible)["subsidised"].sum(axis=(1, 2, 3))
            held |= {"services_started": 200 + month, "services_ended": 190 + month}
            held |= {"placed_3_months": 50 + month, "placed_6_months": 70 + month}
            for area, name in above(town, responsible):
                added(figures, (area, name, "_T"), held)
    return figures


def unemployment(project: Project) -> Figures:
    figures: Figures = {}
    years = np.array([int(month[:4]) for month in MONTHS])
    for at, (town, described) in enumerate(project.municipalities.items()):
        stock = sum(persons(town, responsible)["unemployed"] for responsible in responsibles(town))
        held = {"unemployed": np.asarray(stock).sum(axis=(1, 2, 3)), "labour_force": 20_000.0 + 100 * at + 7 * years}
        held["vacancies"] = 80 + 3 * (np.arange(len(MONTHS)) % 5) + at
        for area in (town, described.region, "SSS"):
            added(figures, (area, "_T", "_T"), held)
    return figures


HALF_YEARS = ("2021-06", "2021-12", "2022-06", "2022-12")


def surveys(project: Project) -> Figures:
    figures: Figures = {}
    half = np.arange(len(HALF_YEARS), dtype=float)
    names = project.contracts["ttl-kykyviisari"].measures
    for at, area in enumerate(project.areas):
        held = {name: 100 * (at + 1) + position + 3 * half for position, name in enumerate(names)}
        for code in (area.code, "KK"):
            added(figures, (code, "_T", "_T"), held)
    return figures


# Changes of tables


def rows(**where: str | tuple[str, ...]) -> Callable[[pd.DataFrame], pd.Series]:
    """Which rows have one of the given texts in each of the given columns."""

    def found(table: pd.DataFrame) -> pd.Series:
        kept = pd.Series(True, index=table.index)
        for name, texts in where.items():
            kept &= table[name].isin([texts] if isinstance(texts, str) else list(texts))
        assert kept.any(), "a change that changes nothing"
        return kept

    return found


def put(column: str, text: str | Callable[[pd.Series], pd.Series], **where: str | tuple[str, ...]) -> Change:
    """Put a text into a column of some rows, or what a function makes of the texts there."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        which = rows(**where)(table)
        table.loc[which, column] = text if isinstance(text, str) else text(table.loc[which, column])
        return table

    return change


def plus(column: str, by: float, **where: str | tuple[str, ...]) -> Change:
    return put(column, lambda texts: texts.map(lambda text: f"{float(text) + by:.0f}"), **where)


def times(column: str, by: float, **where: str | tuple[str, ...]) -> Change:
    return put(column, lambda texts: texts.map(lambda text: f"{float(text) * by:.0f}"), **where)


def without(**where: str | tuple[str, ...]) -> Change:
    return lambda table: table[~rows(**where)(table)]


def again(**where: str | tuple[str, ...]) -> Change:
    """Deliver some rows once more."""
    return lambda table: pd.concat([table, table[rows(**where)(table)]], ignore_index=True)


def also(change: Change, **where: str | tuple[str, ...]) -> Change:
    """Deliver some rows once more, changed."""
    return lambda table: pd.concat([table, change(table[rows(**where)(table)])], ignore_index=True)


def after(*changes: Change) -> Change:
    """One change after another."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        for one in changes:
            table = one(table)
        return table

    return change
