"""Figures that were published elsewhere, from the same real sources, come out of the review's own arithmetic."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from katsaus.figures import Figures, load_figures
from katsaus.panel import KNOWN
from katsaus.rounding import half_away
from katsaus.store.vintage import read_source

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


@pytest.fixture(scope="module")
def figures() -> Figures:
    return load_figures(ROOT)


def country(figures: Figures, indicator: str, month: str, *, source: str) -> float:
    table = figures.table(source)
    assert not table.synthetic
    values, symbols = table.look_up(indicator, areas=["country"], months=[month])
    assert symbols[0] == ""
    return float(values[0])


@pytest.mark.parametrize(("month", "published"), UNEMPLOYED.items())
def test_unemployed_jobseekers(figures: Figures, month: str, published: int) -> None:
    assert country(figures, "A03", month, source="statfin-12r5") == published


@pytest.mark.parametrize(("month", "published"), SHARE.items())
def test_share_of_the_labour_force(figures: Figures, month: str, published: float) -> None:
    assert half_away(country(figures, "D01", month, source="statfin-12r5"), 1) == Decimal(str(published))


@pytest.mark.parametrize(
    ("indicator", "decimals", "published"), [("B01", -2, "104000"), ("B02", 1, "24.7"), ("B05", -2, "420200")]
)
def test_services_in_june_2021(figures: Figures, indicator: str, decimals: int, published: str) -> None:
    assert half_away(country(figures, indicator, "2021-06", source="statfin-12u4"), decimals) == Decimal(published)


def test_the_rate_of_february_2022(figures: Figures) -> None:
    """111 428 in services and 265 591 unemployed were published as 29.6 %."""
    assert country(figures, "B01", "2022-02", source="statfin-12u4") == 111428
    assert half_away(country(figures, "B02", "2022-02", source="statfin-12u4"), 1) == Decimal("29.6")


@pytest.mark.parametrize(("month", "published"), KELA.items())
def test_recipients_of_kela(figures: Figures, month: str, published: tuple[int, int, int]) -> None:
    found = (
        country(figures, "K09", month, source="kela-assistance"),
        country(figures, "K10", month, source="kela-assistance"),
        country(figures, "K11", month, source="kela-unemployment"),
    )
    assert found == published


def test_our_activation_rate_is_the_one_that_the_source_prints_in_every_month(figures: Figures) -> None:
    """AKTASTE of 12u4 against the seven types of service and the unemployed of the same table."""
    table = figures.table("statfin-12u4")
    printed = read_source(figures.vintage, figures.project, source="statfin-12u4")
    printed = printed[printed["MEASURE"] == "activation_rate"].set_index("TIME_PERIOD")["OBS_VALUE"]
    assert len(printed) == 50
    for month, rate in printed.items():
        assert half_away(country(figures, "B02", str(month), source="statfin-12u4"), 1) == half_away(rate, 1), month
    assert (table.cells["B02"].states == KNOWN).all()


def test_two_tables_of_the_employment_service_statistics_agree(figures: Figures) -> None:
    observed = read_source(figures.vintage, figures.project, source="statfin-12u4")
    months = observed["TIME_PERIOD"].cat.categories
    unemployed = observed[observed["MEASURE"] == "unemployed"].set_index("TIME_PERIOD")["OBS_VALUE"]
    for month in months:
        assert country(figures, "A03", month, source="statfin-12r5") == unemployed[month], month
