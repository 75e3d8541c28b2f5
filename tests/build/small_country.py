"""A country of six municipalities that takes in deliveries: the project on disk, and good files of its extracts."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from tiny_project import ELSEWHERE, Tiny

TESTS = Path(__file__).resolve().parents[1]
sys.path.extend(str(TESTS / name) for name in ("store", "delivery"))

from sample_delivery import as_workbook  # noqa: E402
from tiny_store import MONTHS, Figures, Store, added, as_text  # noqa: E402

from katsaus.config.project import Project, load_project  # noqa: E402

CODES = {
    "KU001": "KU091",
    "KU002": "KU604",
    "KU003": "KU837",
    "KU004": "KU049",
    "KU005": "KU507",
    "KU006": "KU541",
    "KK01": "KK20",
    "KK02": "KK11",
}
"""The tiny review's municipalities and trial areas under the codes of the store's small tables."""

NEWEST = MONTHS[-1]
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")


def small_country(root: Path, to: Path) -> Tiny:
    """The project's own settings with six municipalities, all on the mainland, and no figures."""
    for name in ("reviews", "notebooks"):
        shutil.copytree(root / name, to / name, ignore=ELSEWHERE)
    for name in ("contracts", "boundaries"):
        shutil.copytree(root / "data" / name, to / "data" / name)
    shutil.copy(root / "data" / "corrections.yml", to / "data")
    for file in root.glob("_quarto*.yml"):
        shutil.copy(file, to)
    shutil.copytree(root / "tests" / "tiny" / "reviews" / "areas", to / "reviews" / "areas")
    for path in (root / "tests" / "tiny" / "reviews").glob("*.yml"):
        text = path.read_text("utf-8").replace(", mainland: false", "").replace("size: 2", "size: 3")
        for old, new in CODES.items():
            text = text.replace(old, new)
        (to / "reviews" / path.name).write_text(text, "utf-8")
    return Tiny(to)


class Tables:
    """Good tables of text by contract, up to any of the months."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.store = Store(load_project(root), folder)

    def __call__(self, contract: str, last: str = NEWEST) -> pd.DataFrame:
        if contract == "kela-municipalities" and contract not in Store.made:
            Store.made[contract] = as_text(self.store.project.contracts[contract], recipients(self.store.project))
        table = self.store.table(contract)
        month = str(self.store.project.contracts[contract].column("TIME_PERIOD"))
        return table[table[month] <= last].reset_index(drop=True)


def recipients(project: Project) -> Figures:
    """Recipients of benefits: a population that is renewed every January."""
    figures: Figures = {}
    year = np.array([int(month[:4]) for month in MONTHS])
    month = np.arange(len(MONTHS), dtype=float)
    measures = list(project.contracts["kela-municipalities"].measures)
    for at, town in enumerate(project.municipalities):
        for share, group in enumerate(("_T", "Y_LT30", "foreign_language"), 1):
            held = {name: np.floor((900 + 10 * at + month % 7) / share) for name in measures}
            held["population"] = (9000.0 + 100 * at + 7 * year) // share
            for area in (town, "SSS"):
                added(figures, (area, "_T", group), held)
    return figures


def as_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def as_xlsx(table: pd.DataFrame) -> bytes:
    """The table as a spreadsheet program keeps it: whole numbers as numbers, everything else as text."""
    return as_workbook(list(table.columns), [list(map(_cell, row)) for row in table.itertuples(index=False)])


def _cell(content: object) -> object:
    return int(content) if isinstance(content, str) and WHOLE.fullmatch(content) else content


KINDS = {"csv": as_csv, "xlsx": as_xlsx}


def deliver(folder: Path, tables: dict[str, pd.DataFrame], *, kind: str = "csv", month: str = NEWEST) -> list[str]:
    """Write tables as delivered files of a month; returns their paths as words of a command."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{contract}-{month}.{kind}" for contract in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        path.write_bytes(KINDS[kind](table))
    return [str(path) for path in paths]


def kept(project: Tiny) -> dict[str, bytes]:
    """Every file of the project's figures by its path."""
    places = (project.folder / "data" / name for name in ("sources", "vintages"))
    files = (path for place in places for path in sorted(place.rglob("*")) if path.is_file())
    return {path.relative_to(project.folder).as_posix(): path.read_bytes() for path in files}
