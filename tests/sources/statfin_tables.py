"""Tables of Statistics Finland for the project of six municipalities."""

from __future__ import annotations

import json
from pathlib import Path

from server import Table, months

TINY_AREAS = ["SSS", *(f"KU00{n}" for n in range(1, 7)), "MK01", "MK02", "MK21"]
AREAS = [*TINY_AREAS[:4], "SK011", "KUJOU", *TINY_AREAS[4:], "ELY01"]
"""In the order of the table, which is not that of their codes, with kinds of areas that are not wanted."""


def measures(root: Path, contract: str) -> list[str]:
    """Codes of a contract's measures, in another order than the contract's."""
    document = json.loads((root / "data" / "contracts" / f"{contract}.json").read_text("utf-8"))
    return sorted(field["name"] for field in document["schema"]["fields"] if "measure" in field)


def tables(root: Path, *, count: int = 6, areas: list[str] = AREAS) -> list[Table]:
    """The three tables; `count` months from January 2021."""
    everything = {"Tiedot": measures(root, "statfin-12r5"), "Alue": areas, "Kuukausi": months("2021M01", count)}
    activation = {
        "Alue": ["SSS", "KU001"],
        "sukupuoli_9_20180101": ["1", "2", "SSS"],
        "Ikä": ["0-24", "25-"],
        "Kuukausi": months("2021M01", count),
        "Tiedot": [*measures(root, "statfin-12u4"), "ELSE"],
    }
    population = {
        "Alue": areas,
        "sukupuoli_9_20180101": ["SSS", "1", "2"],
        "Vuosi": [str(2018 + n) for n in range(4)],
        "Tiedot": ["vaesto"],
    }
    return [
        Table("12r5", "StatFin/tyonv", everything),
        Table("12u4", "StatFin/tyonv", activation),
        Table("11re", "StatFin/vaerak", population, prefix="vaerak-"),
    ]
