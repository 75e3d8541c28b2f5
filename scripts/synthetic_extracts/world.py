"""What the made-up figures start from: areas, months and the real open figures that they stay near."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from katsaus.config.files import validated
from katsaus.config.models import AreasFile, MunicipalitiesFile
from katsaus.config.strict_yaml import load
from katsaus.sources.snapshot import FOLDER, read_snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST, LAST, TRIAL_START = "2019-01", "2023-06", "2021-03"
HIDDEN = "..."


@dataclass(frozen=True)
class World:
    """Units are the municipalities by code and, last, one block of persons whom no mainland municipality has.

    Months begin one before the first that is delivered, because flows look back. `unemployed` is real, units × months,
    NaN where the source hides it; `national` holds real series of the whole country by measure, NaN after their end.
    """

    municipalities: tuple[str, ...]
    population: Ints
    areas: Mapping[str, tuple[int, ...]]
    months: tuple[str, ...]
    unemployed: Floats
    national: Mapping[str, Floats]
    complete: bool

    @property
    def units(self) -> int:
        """Number of units: municipalities and the block."""
        return len(self.municipalities) + 1

    @cached_property
    def trial_units(self) -> Ints:
        """Positions of the municipalities of the trial."""
        return np.array(sorted(unit for units in self.areas.values() for unit in units), dtype=np.int64)

    @property
    def start(self) -> int:
        """Position of the first month of the trial."""
        return self.at(TRIAL_START)

    def at(self, month: str) -> int:
        """Position of a month."""
        return self.months.index(month)

    def path(self, knots: Mapping[str, float]) -> Floats:
        """A line through the values of `knots` by month, level before the first and after the last of them."""
        x = [number(month) for month in knots]
        return np.interp([number(month) for month in self.months], x, list(knots.values()))


def number(month: str) -> int:
    """Months since the year 0."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Months from `first` to `last`, both included."""
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(number(first), number(last) + 1))


def generator(seed: int, table: str) -> np.random.Generator:
    """The random numbers of one table, which no other table's use of them changes."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *table.encode()])))


def read_world(root: Path, *, areas: Collection[str] | None = None, others: int | None = None) -> World:
    """The world of the project at `root`; with `areas` and `others` only these trial areas and as many municipalities
    outside the trial.
    """
    towns = validated(load(root / "reviews" / "municipalities.yml", root), MunicipalitiesFile)
    trial = validated(load(root / "reviews" / "areas.yml", root), AreasFile).areas
    mainland = {region.code for region in towns.regions if region.mainland}
    population = {town.code: town.population for town in towns.municipalities if town.region in mainland}
    members = {code for area in trial for code in area.municipalities}
    chosen = [area for area in trial if areas is None or area.code in areas]
    outside = [code for code in sorted(population) if code not in members][:others]
    codes = tuple(sorted([*outside, *(code for area in chosen for code in area.municipalities)]))
    months = months_between("2018-12", LAST)
    return World(
        municipalities=codes,
        population=np.array([population[code] for code in codes], dtype=np.int64),
        areas={area.code: tuple(codes.index(code) for code in sorted(area.municipalities)) for area in chosen},
        months=months,
        unemployed=_unemployed(root, codes, mainland=sorted(population), months=months),
        national=_national(root, months),
        complete=areas is None and others is None,
    )


def _rows(root: Path, sidecar: str) -> list[dict[str, str]]:
    _, content = read_snapshot(root / FOLDER / sidecar, root)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def _value(text: str) -> float:
    return float(text) if text[0] != "." else np.nan


def _unemployed(root: Path, codes: tuple[str, ...], *, mainland: Collection[str], months: tuple[str, ...]) -> Floats:
    """Unemployed of the municipalities; the last row is the rest of the country, in proportion to the units there."""
    rows = _rows(root, "statfin/12r5-2023-10.yml")
    real = {(row["Alue"], row["Kuukausi"].replace("M", "-")): _value(row["TYOTTOMATLOPUSSA"]) for row in rows}
    whole = np.array([real["SSS", month] for month in months])
    listed = np.nansum([[real[code, month] for month in months] for code in mainland], axis=0)
    rest = (whole - listed) * len(codes) / len(mainland)
    return np.vstack([*([real[code, month] for month in months] for code in codes), rest])


def _national(root: Path, months: tuple[str, ...]) -> dict[str, Floats]:
    services = {row["Kuukausi"].replace("M", "-"): row for row in _rows(root, "statfin/12u4-2022-02.yml")}
    kela = {
        name: {row["month"]: row for row in _rows(root, f"kela/{name}-2023-11.yml") if row["area"] == "SSS"}
        for name in ("assistance", "unemployment")
    }
    columns = {
        "labour_market_training": (services, "TVKOULUTUSLOP"),
        "coaching": (services, "VALMENNUSLOP"),
        "subsidised": (services, "TYOLLISTETTYLOP"),
        "try_outs": (services, "KOKEILULOP"),
        "job_alternation": (services, "VUORVAPLOP"),
        "rehabilitative_work": (services, "KUNTTYOLOP"),
        "independent_study": (services, "OMAEHTLOP"),
        "unemployed": (services, "TYOTTOMATLOPUSSA"),
        "assistance": (kela["assistance"], "recipients"),
        "benefit": (kela["unemployment"], "recipients"),
    }
    return {
        measure: np.array([_value(rows[month][column]) if month in rows else np.nan for month in months])
        for measure, (rows, column) in columns.items()
    }
