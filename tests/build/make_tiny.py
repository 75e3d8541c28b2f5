"""Makes the tiny country's snapshots of every source but 12r5. Run once, by hand, in the environment:

    python tests/build/make_tiny.py

Its towns are given the figures of towns of the repository's synthetic snapshots, and everything above them is summed
anew, so that whatever the store checks holds. Open figures are made smaller first: they are then nobody's. What must
never be published is planted where it is added up to totals, and named in the sidecar.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from katsaus.config.contract import Contract, load_contracts
from katsaus.sources.snapshot import find_sidecar, write_snapshot

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "tiny"
MONTHS = ("2019-01", "2021-06")
PLANTED = 987654321
TOWNS = {"KU098": "KU001", "KU924": "KU002", "KU421": "KU003", "KU052": "KU004", "KU747": "KU005"}
"""A town → the tiny one. The first has hardly a count to hide, the third has them below every threshold."""

AREAS = {"KU001": ["KK01"], "KU002": ["KK02"], "KU003": ["KK02"], "KU004": [], "KU005": []}
REGIONS = {"MK18": "MK01", "MK16": "MK02"}
SURVEYED = {"KK02": "KK01", "KK09": "KK02"}
LATER = {"placed_3_months": "2021-03", "placed_6_months": "2020-12"}
"""The last month of which can be told what follows within three or six months."""

KEYS = ("month", "area", "responsible", "group", "data_origin")


def main() -> None:
    """Write all of it into tests/tiny/data."""
    contracts = load_contracts(ROOT)
    for name in ("ministry-jobseekers", "ministry-services", "ministry-flows"):
        _write(contracts[name], _of_towns(_read(name)))
    _write(contracts["kela-municipalities"], _of_towns(_read("kela-municipalities"), above=False))
    for name in ("kela-assistance", "kela-unemployment"):
        _write(contracts[name], _of_regions(_read(name)))
    population = _read("statfin-population")
    earlier = population.assign(month=population.month.map(lambda month: _earlier(month, years=2)))
    _write(contracts["statfin-population"], _of_regions(earlier))
    _write(contracts["ttl-kykyviisari"], _of_surveys(_read("ttl-kykyviisari")))
    _write(contracts["statfin-12u4"], _of_country(_read("statfin-12u4")))


def _read(contract: str) -> pd.DataFrame:
    sidecar = find_sidecar(ROOT, contract)
    return pd.read_csv(sidecar.with_name(f"{sidecar.stem}.csv.gz"))


def _of_towns(table: pd.DataFrame, *, above: bool = True) -> pd.DataFrame:
    """Rows of the towns, their trial areas, all of the trial and the country, which is not divided by organisation."""
    kept = table[table.area.isin(TOWNS) & table.month.between(*MONTHS)].copy()
    figures = [name for name in kept if name not in KEYS]
    kept[figures] = kept[figures].apply(pd.to_numeric)
    towns = _planted(kept.assign(area=kept.area.map(TOWNS)))
    country = towns[towns.responsible == "_T"] if "responsible" in towns else towns
    parts = [towns, country.assign(area="SSS")]
    for town, areas in AREAS.items() if above else ():
        own = towns[towns.area == town]
        parts.extend(own.assign(area=code) for code in [*areas, *(["KK"] if areas else [])])
    summed = _summed(pd.concat(parts))
    for name in LATER.keys() & set(summed):
        summed[name] = summed[name].astype("string").mask(summed.month > LATER[name], "..")
    return summed


def _summed(table: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in KEYS if name in table]
    return table.groupby(keys, as_index=False, sort=True).sum()[list(table.columns)]


def _planted(towns: pd.DataFrame) -> pd.DataFrame:
    """After April 2021 nothing may be published: the weeks of a town, of which no jump is looked at, tell if it is."""
    if "weeks_ended" in towns:
        late = (towns.month > "2021-04") & (towns.area == "KU003")
        theirs = towns.loc[late & (towns.responsible == "trial"), "weeks_ended"]
        towns.loc[late & (towns.responsible == "te_office"), "weeks_ended"] = PLANTED - theirs.to_numpy()
        towns.loc[late & (towns.responsible == "_T"), "weeks_ended"] = PLANTED
    return towns


def _of_regions(table: pd.DataFrame) -> pd.DataFrame:
    """Two regions with a tenth of the figures of others, and their sum; `..` where a part has no figure."""
    kept = table[table.area.isin(REGIONS) & table.month.between(*MONTHS)]
    regions = kept.assign(area=kept.area.map(REGIONS))
    figures = [name for name in regions if name not in KEYS]
    regions[figures] = regions[figures].apply(pd.to_numeric, errors="coerce") // 10
    country = regions.groupby("month", as_index=False)[figures].sum(min_count=2).assign(area="SSS")
    whole = pd.concat([regions, country[regions.columns]]).astype(dict.fromkeys(figures, "Int64"))
    return whole.astype(dict.fromkeys(figures, "string")).fillna("..")


def _of_surveys(table: pd.DataFrame) -> pd.DataFrame:
    """Half-years of two small areas a year earlier, and their sum."""
    kept = table[table.area.isin(SURVEYED) & (table.month <= "2022-06")]
    areas = kept.assign(area=kept.area.map(SURVEYED), month=kept.month.map(_earlier))
    return _summed(pd.concat([areas, areas.assign(area="KK")]))


def _earlier(month: str, *, years: int = 1) -> str:
    return f"{int(month[:4]) - years}{month[4:]}"


def _of_country(table: pd.DataFrame) -> pd.DataFrame:
    """The country with a five-hundredth of its figures."""
    kept = table[table["Kuukausi"] <= "2021M06"].copy()
    services = list(kept.columns[5:])
    kept[["TYOTTOMATLOPUSSA", *services]] //= 500
    kept["PALVELUISSAYHTEENSA"] = kept[services].sum(axis=1)
    everyone = kept["TYOTTOMATLOPUSSA"] + kept["PALVELUISSAYHTEENSA"]
    kept["AKTASTE"] = (100 * kept["PALVELUISSAYHTEENSA"] / everyone).round(1)
    return kept


def _write(contract: Contract, table: pd.DataFrame) -> None:
    area, month = contract.column("REF_AREA"), contract.column("TIME_PERIOD")
    months = table[month].str.replace("M", "-")
    for path in (TINY / "data/sources" / contract.name.partition("-")[0]).glob(
        f"{contract.name.partition('-')[2]}-*.*"
    ):
        path.unlink()
    about = {
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
        "provenance": "Made up by tests/build/make_tiny.py. What must never be published is 987654321.",
        "selection": "Everything that the contract asks for.",
        "measures": [field.name for field in contract.measures.values() if field.name in table],
        "rows": len(table),
        "areas": table[area].nunique(),
        "first_month": months.min(),
        "last_month": months.max(),
        "synthetic": True,
    }
    write_snapshot(TINY, contract.name, content=table.to_csv(index=False, lineterminator="\n").encode(), about=about)


if __name__ == "__main__":
    main()
