"""The real snapshots give the figures that were published from the same registers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from katsaus.rounding import half_away
from katsaus.sources.snapshot import FOLDER, read_snapshot

ROOT = Path(__file__).resolve().parents[2]

# Employment Service Statistics: press releases of the ministry and pages of the review of employment.
UNEMPLOYED = {
    "2021-03": 331526,
    "2021-04": 318408,
    "2021-05": 301160,
    "2021-10": 259036,
    "2022-01": 273726,
    "2022-03": 250722,
    "2022-04": 238789,
    "2022-10": 232368,
}
SHARE = {"2022-04": 9.1, "2022-12": 9.9, "2023-03": 9.6}
# Kela's monthly report: recipients and households of basic social assistance, recipients of unemployment benefits.
KELA = {
    "2021-02": (214600, 143478, 238289),
    "2021-03": (217677, 146192, 249426),
    "2021-04": (218490, 146840, 244965),
    "2021-05": (213729, 144361, 240731),
    "2021-06": (223977, 153651, 236161),
    "2021-07": (217142, 149479, 231271),
    "2021-08": (172441, 118617, 228885),
    "2021-09": (172953, 118160, 222437),
    "2021-10": (185247, 126007, 213553),
    "2021-11": (191244, 129640, 213001),
}


@cache
def country(sidecar: str) -> Mapping[str, Mapping[str, str]]:
    """Rows of the whole country by month ("2021-03")."""
    described, content = read_snapshot(ROOT / FOLDER / sidecar, ROOT)
    assert not described.synthetic
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    area, month = (rows.fieldnames or [])[:2]
    return {row[month].replace("M", "-"): row for row in rows if row[area] == "SSS"}


@pytest.mark.parametrize(("month", "published"), UNEMPLOYED.items())
def test_unemployed_jobseekers_of_the_country(month: str, published: int) -> None:
    assert int(country("statfin/12r5-2023-10.yml")[month]["TYOTTOMATLOPUSSA"]) == published


@pytest.mark.parametrize(("month", "published"), SHARE.items())
def test_share_of_the_labour_force(month: str, published: float) -> None:
    row = country("statfin/12r5-2023-10.yml")[month]
    share = 100 * int(row["TYOTTOMATLOPUSSA"]) / int(row["TYOVOIMATK"])
    assert half_away(share, 1) == Decimal(str(published))


def test_the_activation_rate_of_june_2021() -> None:
    row = country("statfin/12u4-2022-02.yml")["2021-06"]
    unemployed, services = int(row["TYOTTOMATLOPUSSA"]), int(row["PALVELUISSAYHTEENSA"])
    assert half_away(services, -2) == 104_000
    assert half_away(unemployed + services, -2) == 420_200
    assert row["AKTASTE"] == "24.7"


def test_the_activation_rate_is_that_of_its_counts_in_every_month() -> None:
    for row in country("statfin/12u4-2022-02.yml").values():
        unemployed, services = int(row["TYOTTOMATLOPUSSA"]), int(row["PALVELUISSAYHTEENSA"])
        assert half_away(100 * services / (unemployed + services), 1) == Decimal(row["AKTASTE"]), row["Kuukausi"]


def test_two_tables_of_the_employment_service_statistics_agree() -> None:
    stocks, services = country("statfin/12r5-2023-10.yml"), country("statfin/12u4-2022-02.yml")
    assert len(services) == 50
    for month, row in services.items():
        assert row["TYOTTOMATLOPUSSA"] == stocks[month]["TYOTTOMATLOPUSSA"], month


@pytest.mark.parametrize(("month", "published"), KELA.items())
def test_recipients_of_kela(month: str, published: tuple[int, int, int]) -> None:
    assistance, benefits = (
        country("kela/assistance-2023-11.yml")[month],
        country("kela/unemployment-2023-11.yml")[month],
    )
    found = (assistance["recipients"], assistance["households"], benefits["recipients"])
    assert tuple(map(int, found)) == published


def test_entrepreneurs_are_not_available_before_their_subsidy() -> None:
    rows = country("kela/unemployment-2023-11.yml")
    assert {month for month, row in rows.items() if row["entrepreneurs"] == ".."} == {m for m in rows if m < "2020"}
