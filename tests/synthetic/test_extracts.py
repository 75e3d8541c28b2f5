"""The made-up extracts: the same each time, consistent as sources.yml asks, and marked as made up wherever they are."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_extracts.draw import apportion
from synthetic_extracts.extracts import Extract, extracts
from synthetic_extracts.world import World, read_world

from katsaus.config.contract import Contract
from katsaus.config.expression import Expression, parse
from katsaus.config.files import validated
from katsaus.config.sources import Source, SourcesFile
from katsaus.config.strict_yaml import load
from katsaus.sources.snapshot import find_sidecar, read_sidecar, read_snapshot, snapshots
from synthetic import keep

ROOT = Path(__file__).resolve().parents[2]
SYNTHETIC = (
    "ministry-jobseekers",
    "ministry-services",
    "ministry-flows",
    "kela-municipalities",
    "ttl-kykyviisari",
    "paths-spells",
    "paths-scores",
)
KEYS = ["area", "responsible", "group", "month"]


def frame(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), na_values=["..", "..."])


def tidy(rows: pd.DataFrame) -> pd.DataFrame:
    """Measures by KEYS, months sorted last; tables without groups are of all."""
    full = rows.drop(columns="data_origin").assign(**{key: "_T" for key in KEYS if key not in rows})
    return full.set_index(KEYS).sort_index()


@pytest.fixture(scope="module")
def ministry(made: Mapping[str, Extract]) -> pd.DataFrame:
    """All measures of the three tables side by side."""
    tables = [tidy(frame(made[name].content)) for name in SYNTHETIC[:3]]
    return pd.concat(tables, axis=1)


@pytest.fixture(scope="module")
def rules() -> dict[str, Source]:
    file = validated(load(ROOT / "reviews" / "sources.yml", ROOT), SourcesFile)
    return {source.id: source for source in file.sources}


def total(table: pd.DataFrame, expression: Expression) -> pd.Series:
    """The sum that `expression` writes; the months of a series are contiguous."""
    terms = []
    for term in expression.terms:
        values = table[term.measure]
        for dimension, value in term.at:  # a sum of the total alone
            values = values.where(table.index.get_level_values(dimension.lower()) == value)
        terms.append(term.sign * (values.groupby(level=KEYS[:3]).shift(term.lag) if term.lag else values))
    return pd.concat(terms, axis=1).sum(axis=1, skipna=False)


def sums(table: pd.DataFrame, level: str, *, parts: Mapping[str, str]) -> pd.DataFrame:
    """`table` summed over the values of `level` that `parts` names, each into the value it belongs to."""
    chosen = table[table.index.get_level_values(level).isin(list(parts))]
    return chosen.rename(index=parts, level=level).groupby(level=KEYS).sum(min_count=1)


def differing(whole: pd.DataFrame, parts: pd.DataFrame) -> int:
    """How many figures of `whole` are not those of `parts`."""
    assert len(parts) > 0
    both = whole.reindex(parts.index)
    return int((both.ne(parts) & ~(both.isna() & parts.isna())).to_numpy().sum())


def belonging(world: World) -> dict[str, str]:
    return {world.municipalities[unit]: area for area, units in world.areas.items() for unit in units}


def test_the_same_seed_gives_the_same_bytes(
    small: World, contracts: dict[str, Contract], made: Mapping[str, Extract]
) -> None:
    assert tuple(sorted(made)) == tuple(sorted(SYNTHETIC))
    for extract in extracts(small, contracts, persons=80):
        assert extract == made[extract.contract]


def test_another_seed_gives_other_figures(
    small: World, contracts: dict[str, Contract], made: Mapping[str, Extract]
) -> None:
    for extract in extracts(small, contracts, seed=1, persons=80):
        assert extract.content != made[extract.contract].content


@pytest.mark.parametrize("name", SYNTHETIC)
def test_a_table_has_the_columns_of_its_contract_and_unique_keys(
    name: str, made: Mapping[str, Extract], contracts: dict[str, Contract]
) -> None:
    rows = frame(made[name].content)
    assert list(rows.columns) == list(contracts[name].fields)
    assert not rows.duplicated(list(contracts[name].table_schema.primary_key)).any()
    assert made[name].about["rows"] == len(rows)


@pytest.mark.parametrize("name", SYNTHETIC)
def test_every_row_and_every_sidecar_says_that_it_is_made_up(name: str, made: Mapping[str, Extract]) -> None:
    assert set(frame(made[name].content)["data_origin"]) == {"synthetic"}
    for path in snapshots(ROOT, name):
        sidecar = read_sidecar(path, ROOT)
        content = gzip.decompress((path.parent / sidecar.file).read_bytes())
        header, *lines = content.decode("utf-8").splitlines()
        assert header.endswith(",data_origin")
        assert sidecar.synthetic == all(line.endswith(",synthetic") for line in lines)
        assert sidecar.synthetic != any(line.endswith(",register") for line in lines)


@pytest.mark.parametrize("name", SYNTHETIC)
def test_an_extract_is_kept_in_the_repository(name: str) -> None:
    first = read_sidecar(snapshots(ROOT, name)[0], ROOT)
    assert first.synthetic
    assert first.licence == "none: made-up figures"
    assert first.url is None


def test_the_identities_of_the_ministry_hold(ministry: pd.DataFrame, rules: dict[str, Source]) -> None:
    for identity in rules["ministry"].identities:
        difference = (total(ministry, identity.left) - total(ministry, identity.right)).dropna()
        assert len(difference) > 100, identity.id
        assert (difference == 0).all(), identity.id


def test_a_broken_identity_is_seen(ministry: pd.DataFrame) -> None:
    broken = ministry.assign(started=ministry["started"] + 1)
    stock = "unemployed - unemployed[lag=1] - started + ended - transferred_in + transferred_out"
    assert (total(broken, parse(stock)).dropna() == -1).all()


def test_groups_and_organisations_of_the_ministry_add_up(ministry: pd.DataFrame, rules: dict[str, Source]) -> None:
    jobseekers = ministry.dropna(subset="jobseekers")[["jobseekers", "unemployed", "long_term", "subsidised"]]
    for rule in rules["ministry"].group_totals:
        parts = sums(jobseekers, rule.dimension, parts=dict.fromkeys(rule.parts, rule.total))
        assert differing(jobseekers, parts) == 0, rule.parts


def test_areas_of_the_ministry_add_up(ministry: pd.DataFrame, small: World) -> None:
    towns = belonging(small)
    assert differing(ministry, sums(ministry, "area", parts=towns)) == 0
    assert differing(ministry, sums(ministry, "area", parts=dict.fromkeys(small.areas, "KK"))) == 0


def test_the_country_is_its_municipalities_and_a_few_persons_more(ministry: pd.DataFrame, small: World) -> None:
    everyone = ministry.xs("_T", level="responsible", drop_level=False).dropna(subset="jobseekers")
    parts = sums(everyone, "area", parts=dict.fromkeys(small.municipalities, "SSS"))
    rest = everyone.reindex(parts.index) - parts
    assert (rest.dropna() >= 0).to_numpy().all()
    assert (rest["jobseekers"] < 0.05 * everyone.reindex(parts.index)["jobseekers"]).xs("_T", level="group").all()


def test_parts_of_the_unemployed_are_no_more_than_they(ministry: pd.DataFrame) -> None:
    jobseekers = ministry.dropna(subset="jobseekers")
    for part in ("laid_off", "long_term", "structural"):
        assert (jobseekers[part] <= jobseekers["unemployed"]).all(), part


def test_the_trial_has_rows_from_its_first_month_on(made: Mapping[str, Extract]) -> None:
    for name in SYNTHETIC[:3]:
        rows = frame(made[name].content)
        shared = rows[rows["responsible"] != "_T"]
        assert shared["month"].min() == "2021-03"
        assert "SSS" not in set(shared["area"])
        assert rows["month"].min() == "2019-01"


def test_what_lies_ahead_is_not_available(made: Mapping[str, Extract]) -> None:
    rows = frame(made["ministry-services"].content)
    for column, last in (("placed_3_months", "2023-03"), ("placed_6_months", "2022-12")):
        assert rows.loc[rows[column].notna(), "month"].max() == last
        assert rows.loc[rows[column].isna(), "month"].min() > last


def test_recipients_of_kela_are_no_more_than_the_population(made: Mapping[str, Extract]) -> None:
    rows = frame(made["kela-municipalities"].content)
    towns = rows[rows["area"] != "SSS"]
    for benefit in ("assistance", "labour_market_subsidy", "rehabilitation", "disability_pension"):
        assert (towns[benefit] <= towns["population"]).all(), benefit
    years = rows.assign(year=rows["month"].str[:4]).groupby(["area", "group", "year"])["population"]
    assert (years.nunique() == 1).all()
    assert (years.first().groupby(level=["area", "group"]).diff().dropna() != 0).all()


def test_the_survey_of_all_areas_is_their_sum(made: Mapping[str, Extract]) -> None:
    rows = frame(made["ttl-kykyviisari"].content).drop(columns="data_origin")
    areas = rows[rows["area"] != "KK"].drop(columns="area").groupby("month").sum()
    assert areas.equals(rows[rows["area"] == "KK"].drop(columns="area").set_index("month"))
    assert (rows["pairs"] <= rows["repeated"]).all()
    assert (rows["repeated"] <= rows["respondents"]).all()


def test_a_path_has_no_gap_and_ends_censored(made: Mapping[str, Extract]) -> None:
    rows = frame(made["paths-spells"].content).sort_values(["pseudonym", "start"])
    for _, path in rows.groupby("pseudonym"):
        assert path["start"].tolist() == [0, *path["end"].tolist()[:-1]]
        assert path["next_state"].tolist() == [*path["state"].tolist()[1:], "censored"]
        assert 24 <= path["end"].max() <= 36
    scores = frame(made["paths-scores"].content)
    assert set(scores["pseudonym"]) <= set(rows["pseudonym"])


def test_a_snapshot_is_left_alone_or_refused_but_never_rewritten(made: Mapping[str, Extract], tmp_path: Path) -> None:
    extract = made["ttl-kykyviisari"]
    told, well = keep(tmp_path, extract)
    assert (told.partition(":")[0], well) == ("wrote", True)
    before = find_sidecar(tmp_path, extract.contract).read_bytes()
    told, well = keep(tmp_path, extract)
    assert (told.partition(":")[0], well) == ("unchanged", True)
    other = Extract(extract.contract, extract.content.replace(b"2021-06", b"2021-05"), extract.about)
    told, well = keep(tmp_path, other)
    assert (told.partition(":")[0], well) == ("refused", False)
    assert [path.read_bytes() for path in snapshots(tmp_path, extract.contract)] == [before]


@pytest.mark.slow
def test_the_kept_extracts_are_what_the_script_makes(contracts: dict[str, Contract]) -> None:
    for extract in extracts(read_world(ROOT), contracts):
        _, kept = read_snapshot(snapshots(ROOT, extract.contract)[0], ROOT)
        assert kept == extract.content, extract.contract


def test_a_total_is_dealt_out_exactly_and_within_bounds() -> None:
    dealt = apportion(10, np.array([1.0, 1.0, 8.0]), most=np.array([5, 5, 4]))
    assert dealt.sum() == 10
    assert (dealt <= [5, 5, 4]).all()
    assert apportion(7, np.array([1.0, 1.0, 1.0])).tolist() == [3, 2, 2]
    with pytest.raises(ValueError, match="does not fit"):
        apportion(15, np.array([1.0, 1.0]), most=np.array([5, 5]))
