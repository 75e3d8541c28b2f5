"""Every fault has its own code, and none is found that is not there."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest
from tiny_store import (
    MONTHS,
    PLANTED,
    Change,
    Store,
    after,
    again,
    also,
    plus,
    put,
    rows,
    times,
    without,
)

from katsaus.config.findings import Reader
from katsaus.config.project import Project
from katsaus.config.sources import Jump
from katsaus.errors import DataError
from katsaus.sources.snapshot import read_snapshot
from katsaus.store.load import Past, load_source

LANGS: tuple[Reader, ...] = ("en", "fi", "sv")
NEWEST = MONTHS[-1].replace("-", "M")
EARLY = tuple(month.replace("-", "M") for month in MONTHS[:5])
LATE = tuple(month.replace("-", "M") for month in MONTHS[-5:])
CELL = {"Alue": "KU507", "Kuukausi": "2021M05"}
UNEMPLOYED, LABOUR, VACANCIES = "TYOTTOMATLOPUSSA", "TYOVOIMATK", "AVPAIKATLOPUSSA"


def repeat_newest(table: pd.DataFrame) -> pd.DataFrame:
    """The newest month with the figures of the month before."""
    before = MONTHS[-2].replace("-", "M")
    return pd.concat(
        [table[table.Kuukausi != NEWEST], table[table.Kuukausi == before].assign(Kuukausi=NEWEST)], ignore_index=True
    )


def last_years_labour_force(table: pd.DataFrame) -> pd.DataFrame:
    known = table[table.Kuukausi == "2021M12"].set_index("Alue")[LABOUR]
    return table.assign(**{LABOUR: table[LABOUR].where(table.Kuukausi < "2022M01", table.Alue.map(known))})


COLUMN_OF_PERCENT: Change = lambda table: table.assign(TYOTOSUUS="100.5")  # noqa: E731

STATFIN: dict[str, tuple[Change, set[str]]] = {
    "an identical row": (again(**CELL), {"key-repeated"}),
    "a contradicting row": (also(put(UNEMPLOYED, PLANTED, **CELL), **CELL), {"key-conflicting"}),
    "an unknown area": (put("Alue", "KU999", Alue="KU507"), {"area-unknown", "area-missing"}),
    "a figure among the codes": (put("Alue", f"x{PLANTED}", Alue="KU507"), {"area-unknown", "area-missing"}),
    "a code without its zeros": (put("Alue", "91", Alue="KU091"), {"area-unknown", "area-missing"}),
    "an area of another kind": (put("Alue", "KK20", Alue="KU507"), {"area-unknown", "area-missing"}),
    "an area left out": (without(Alue="KU507"), {"area-missing"}),
    "the country left out": (without(Alue="SSS"), {"area-missing"}),
    "an old code after its merger": (put("Alue", "KU911", Alue="KU541"), {"code-merged", "area-missing"}),
    "an old code in one month": (
        put("Alue", "KU911", Alue="KU541", Kuukausi="2021M05"),
        {"code-merged", "month-incomplete"},
    ),
    "old and new code in one month": (
        also(put("Alue", "KU911", Alue="KU541"), Alue="KU541", Kuukausi="2021M05"),
        {"code-merged-twice"},
    ),
    "an area that joins": (without(Alue="KU507", Kuukausi=EARLY), {"area-gap"}),
    "an area that leaves": (without(Alue="KU507", Kuukausi=LATE), {"area-gap"}),
    "an area renamed": (put("Alue", "KU998", Alue="KU507", Kuukausi=LATE), {"area-unknown", "area-gap"}),
    "an area with a hole": (without(Alue="KU507", Kuukausi=("2021M05", "2021M06", "2021M07")), {"month-incomplete"}),
    "a missing row": (without(**CELL), {"month-incomplete"}),
    "a column of marks": (put(VACANCIES, "..."), {"figures-missing"}),
    "a newest month cut short": (without(Alue=("KU541", "SSS"), Kuukausi=NEWEST), {"month-incomplete"}),
    "a missing month": (without(Kuukausi="2021M05"), {"month-gap"}),
    "a month written otherwise": (put("Kuukausi", "2021-05", Kuukausi="2021M05"), {"month-format", "month-gap"}),
    "a month that does not exist": (put("Kuukausi", "2021M13", **CELL), {"month-format", "month-incomplete"}),
    "an empty cell": (put(VACANCIES, "", **CELL), {"value-empty"}),
    "four points": (put(VACANCIES, "....", **CELL), {"mark-unknown"}),
    "a colon": (put(VACANCIES, ":", **CELL), {"mark-unknown"}),
    "NA": (put(VACANCIES, "NA", **CELL), {"mark-unknown"}),
    "two points where the source has none": (put(VACANCIES, "..", **CELL), {"mark-unknown"}),
    "a decimal in a count": (put(VACANCIES, f"{PLANTED}.5", **CELL), {"value-unreadable"}),
    "a decimal comma": (put(VACANCIES, "1,5", **CELL), {"value-unreadable"}),
    "an exponent": (put(VACANCIES, "1e3", **CELL), {"value-unreadable"}),
    "a thousands mark": (put(VACANCIES, "1\N{NO-BREAK SPACE}000", **CELL), {"value-unreadable"}),
    "a leading zero": (put(VACANCIES, "007", **CELL), {"value-unreadable"}),
    "a negative count": (put(VACANCIES, f"-{PLANTED}", **CELL), {"value-negative", "totals-area"}),
    "a rate above a hundred": (COLUMN_OF_PERCENT, {"range-above"}),
    "a region one too large": (plus(UNEMPLOYED, 1, Alue="MK01", Kuukausi="2021M05"), {"totals-area"}),
    "a region one too small": (plus(UNEMPLOYED, -1, Alue="MK01", Kuukausi="2021M05"), {"totals-area"}),
    "a region a thousand too large": (plus(UNEMPLOYED, 1000, Alue="MK01", Kuukausi="2021M05"), {"totals-area"}),
    "the country one too small": (plus(UNEMPLOYED, -1, Alue="SSS", Kuukausi="2021M05"), {"totals-area"}),
    "the country a thousand too large": (plus(UNEMPLOYED, 1000, Alue="SSS", Kuukausi="2021M05"), {"totals-area"}),
    "a region below the rest of its parts": (
        after(
            put(UNEMPLOYED, "...", Alue="KU049", Kuukausi="2021M05"),
            times(UNEMPLOYED, 0.5, Alue="MK01", Kuukausi="2021M05"),
        ),
        {"totals-area"},
    ),
    "a digit too many": (times(UNEMPLOYED, 10, Alue=("KU507", "MK10"), Kuukausi="2021M05"), {"jump", "totals-area"}),
    "a month in thousands": (times(UNEMPLOYED, 0.001, Kuukausi=NEWEST), {"unit-thousands", "totals-area"}),
    "months in thousands": (times(UNEMPLOYED, 1000, Kuukausi=EARLY), {"unit-thousands"}),
    "last month again": (repeat_newest, {"month-repeated"}),
    "a labour force hidden": (put(LABOUR, "...", **CELL), {"denominator-missing"}),
    "a labour force of nobody": (put(LABOUR, "0", Alue="KU507"), {"denominator-zero", "totals-area"}),
    "last year's labour force": (last_years_labour_force, {"denominator-old"}),
    "a labour force that moves": (
        plus(LABOUR, 5, Alue=("KU507", "MK10", "SSS"), Kuukausi="2021M05"),
        {"denominator-moved"},
    ),
}


@pytest.mark.parametrize(("change", "codes"), STATFIN.values(), ids=STATFIN)
def test_a_fault_in_statfin_has_its_code(store: Store, change: Change, codes: set[str]) -> None:
    assert store.codes_of("statfin-12r5", {"statfin-12r5": change}) == codes


def moved_town(table: pd.DataFrame) -> pd.DataFrame:
    """The totals of the two trial areas under each other's code."""
    return table.assign(area=table.area.replace({"KK11": "KK20", "KK20": "KK11"}))


def wider_definition(table: pd.DataFrame) -> pd.DataFrame:
    """From October 2021 on three times as many have a reduced week, and so many more seek work."""
    reduced = table.reduced_week.astype(int)
    more = (2 * reduced).where(table.month >= "2021-10", 0)
    return table.assign(
        reduced_week=(reduced + more).astype(str), jobseekers=(table.jobseekers.astype(int) + more).astype(str)
    )


BOTH = {"month": "2021-05", "group": "Y_LT25"}
WHOLE = {"month": "2021-05", "responsible": "_T", "group": "_T"}
MINISTRY: dict[str, tuple[dict[str, Change], set[str]]] = {
    "a stock that does not follow from its flows": (
        {"ministry-flows": plus("started", 1, month="2021-05", responsible="_T", area=("KU049", "SSS"))},
        {"identity-broken"},
    ),
    "a status counted twice": (
        {"ministry-jobseekers": plus("jobseekers", 1, area=("KU049", "SSS"), responsible="_T", **BOTH)},
        {"identity-broken"},
    ),
    "two tables that disagree": (
        {"ministry-services": plus("employed_by_services", 1, month="2021-05", area=("KU049", "SSS"))},
        {"identity-broken"},
    ),
    "a part above its whole": (
        {"ministry-jobseekers": times("reduced_week", 100, month="2021-05")},
        {"identity-broken"},
    ),
    "a client of nobody": (
        {
            "ministry-jobseekers": after(
                plus("jobseekers", 1, area="KU604", responsible="_T", **BOTH),
                plus("open_market", 1, area="KU604", responsible="_T", **BOTH),
            )
        },
        {"totals-group", "totals-area"},
    ),
    "a woman too many": (
        {"ministry-jobseekers": plus("long_term", 1, month="2021-05", group="F", area=("KU049", "SSS"))},
        {"totals-group"},
    ),
    "towns in another trial area": (
        dict.fromkeys(("ministry-jobseekers", "ministry-services", "ministry-flows"), moved_town),
        {"totals-area"},
    ),
    "a town that joins the trial late": (
        {"ministry-services": without(area="KU604", responsible="trial", month=MONTHS[:9])},
        {"area-gap"},
    ),
    "a missing group": (
        {"ministry-jobseekers": without(area="KU604", responsible="trial", group="F", month="2021-05")},
        {"month-incomplete"},
    ),
    "an unknown organisation": (
        {"ministry-services": put("responsible", "TE", area="KU604", responsible="trial", month="2021-05")},
        {"code-unknown", "month-incomplete"},
    ),
    "an unlisted group": (
        {"ministry-jobseekers": put("group", "<script>", area="KU049", month="2021-05", group="F")},
        {"code-unknown", "month-incomplete"},
    ),
    "real figures among made-up ones": (
        {"ministry-flows": put("data_origin", "register", area="KU049", month="2021-05")},
        {"origin-mismatch"},
    ),
    "a definition that changes": ({"ministry-jobseekers": wider_definition}, {"definition-changed"}),
}


@pytest.mark.parametrize(("changes", "codes"), MINISTRY.values(), ids=MINISTRY)
def test_a_fault_in_an_extract_has_its_code(store: Store, changes: dict[str, Change], codes: set[str]) -> None:
    assert store.codes_of("ministry", changes) == codes


def test_real_and_made_up_tables_are_not_mixed(store: Store) -> None:
    for contract in ("ministry-jobseekers", "ministry-flows"):
        store.write(contract, store.table(contract))
    store.write("ministry-services", store.table("ministry-services").assign(data_origin="register"), synthetic=False)
    assert store.codes("ministry") == {"origin-mixed"}


def test_half_years_are_no_gaps_but_a_missing_one_is(store: Store) -> None:
    assert store.codes_of("ttl-kykyviisari", {}) == set()
    table = store.table("ttl-kykyviisari")
    store.write("ttl-kykyviisari", table[table.month != "2022-06"])
    assert "month-gap" in store.codes("ttl-kykyviisari")


def test_a_month_may_be_without_an_organisation_that_came_later(store: Store) -> None:
    """Before March 2021 there were no clients of the trial."""
    change = {
        contract: without(responsible=("trial", "te_office"), month=MONTHS[:9])
        for contract in ("ministry-jobseekers", "ministry-services", "ministry-flows")
    }
    assert store.codes_of("ministry", change) == set()


def test_all_faults_are_told_at_once_and_without_a_value(store: Store) -> None:
    change = after(
        put(UNEMPLOYED, f"-{PLANTED}", **CELL),
        put(VACANCIES, PLANTED + "x", Alue="KU091", Kuukausi="2021M06"),
        put("Alue", PLANTED, Alue="KU541"),
        without(Alue="KU049", Kuukausi="2021M07"),
    )
    codes = store.codes_of("statfin-12r5", {"statfin-12r5": change})
    assert codes >= {"value-negative", "value-unreadable", "area-unknown", "area-missing", "month-incomplete"}


def test_messages_are_told_in_the_readers_language(store: Store) -> None:
    store.write_source("statfin-12r5", {"statfin-12r5": without(Alue="KU507")})
    told: dict[Reader, str] = {
        "en": r"area-missing: areas are missing \(areas: 1\): KU507",
        "fi": r"area-missing: alueita puuttuu \(alueita: 1\): KU507",
        "sv": r"area-missing: områden saknas \(områden: 1\): KU507",
    }
    for lang, message in told.items():
        with pytest.raises(DataError, match=message):
            load_source(store.project, "statfin-12r5", lang=lang)


def test_a_message_tells_the_same_in_every_language(project: Project) -> None:
    for check in project.checks.values():
        en, fi, sv = ({name for _, name, _, _ in Formatter().parse(check.message[lang]) if name} for lang in LANGS)
        assert en == fi == sv, check.code


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"rows": 1}, "sidecar-differs"),
        ({"areas": 3}, "sidecar-differs"),
        ({"first_month": "2019-01"}, "sidecar-differs"),
        ({"last_month": "2022-03"}, "sidecar-differs"),
        ({"last_month": "2022-01"}, "early-month"),
    ],
)
def test_a_sidecar_that_says_otherwise_is_refused(store: Store, about: dict[str, object], code: str) -> None:
    store.write("statfin-12r5", store.table("statfin-12r5"), **about)
    assert store.codes("statfin-12r5") == {code}


def test_a_measure_may_be_excepted_from_jumps(store: Store) -> None:
    change = times(VACANCIES, 30, Alue=("KU507", "MK10", "SSS"), Kuukausi="2021M05")
    source = store.project.sources["statfin-12r5"]
    store.write_source("statfin-12r5", {"statfin-12r5": change})
    assert "jump" not in store.codes("statfin-12r5")
    strict = source.model_copy(update={"jump": Jump.model_validate({"factor": 4, "from": 500})})
    store.project = dataclasses.replace(store.project, sources={"statfin-12r5": strict})
    assert "jump" in store.codes("statfin-12r5")


def test_a_whole_month_of_jumps_is_no_mistake_of_one_area(store: Store) -> None:
    """The spring of 2020: everywhere at once."""
    spring = tuple(month.replace("-", "M") for month in MONTHS[10:])
    assert store.codes_of("statfin-12r5", {"statfin-12r5": times(UNEMPLOYED, 6, Kuukausi=spring)}) == set()


# Against the snapshot before


WITH_TOTALS = {"Alue": ("KU507", "MK10", "SSS"), "Kuukausi": "2021M05"}
NO_TOTALS = put(VACANCIES, "...", Alue=("MK10", "SSS"))
FEW = {"Alue": "KU507", "Kuukausi": EARLY}
MANY = {"Alue": "KU507", "Kuukausi": (*EARLY, *LATE, "2021M05")}


HISTORY: dict[str, tuple[Change, Change, set[str]]] = {
    "nothing but a new month": (without(Kuukausi=NEWEST), lambda same: same, set()),
    "a revision": (without(Kuukausi=NEWEST), plus(VACANCIES, 1, **WITH_TOTALS), {"history-revised"}),
    "the same file": (lambda same: same, lambda same: same, {"same-file-again"}),
    "lost months": (lambda same: same, without(Kuukausi=EARLY), {"coverage-shrank"}),
    "an older month written later": (lambda same: same, without(Kuukausi=NEWEST), set()),
    "a lost measure": (COLUMN_OF_PERCENT, lambda same: same, {"coverage-shrank"}),
    "a lost area": (lambda same: same, without(Alue="KU507"), {"coverage-shrank", "area-missing"}),
    "the unit of the whole series": (
        lambda same: same,
        times(UNEMPLOYED, 1000, Kuukausi=tuple(month.replace("-", "M") for month in MONTHS)),
        {"unit-changed"},
    ),
    "marks that became zeros": (
        after(NO_TOTALS, put(VACANCIES, "...", **MANY)),
        after(NO_TOTALS, put(VACANCIES, "0", **MANY)),
        {"history-revised", "zero-missing-swapped"},
    ),
    "zeros that became marks": (
        after(NO_TOTALS, put(VACANCIES, "0", **MANY)),
        after(NO_TOTALS, put(VACANCIES, "...", **MANY)),
        {"history-revised", "zero-missing-swapped"},
    ),
    "a few marks that became zeros": (
        after(NO_TOTALS, put(VACANCIES, "...", **FEW)),
        after(NO_TOTALS, put(VACANCIES, "0", **FEW)),
        {"history-revised"},
    ),
}


@pytest.mark.parametrize(("before", "now", "codes"), HISTORY.values(), ids=HISTORY)
def test_a_snapshot_is_compared_with_the_one_before(store: Store, before: Change, now: Change, codes: set[str]) -> None:
    for change in (before, now):
        store.write("statfin-12r5", change(store.table("statfin-12r5")))
    assert store.codes("statfin-12r5") == codes


def test_the_first_snapshot_has_nothing_to_be_compared_with(store: Store) -> None:
    path = store.write("statfin-12r5", store.table("statfin-12r5"))
    store.write("statfin-12r5", plus(VACANCIES, 1, **WITH_TOTALS)(store.table("statfin-12r5")))
    assert not load_source(store.project, "statfin-12r5", past=Past({"statfin-12r5": path}, ())).warnings


# Before a delivered table becomes a snapshot


def test_a_delivered_table_is_checked_with_the_others_and_against_its_snapshot(store: Store, tmp_path: Path) -> None:
    store.write_source("ministry")
    other = Store(store.project, tmp_path / "delivery")
    broken = plus("started", 1, month="2021-05", responsible="_T", area=("KU049", "SSS"))
    path = other.write("ministry-flows", broken(other.table("ministry-flows")))
    delivered = {"ministry-flows": read_snapshot(path, other.project.root)}
    with pytest.raises(DataError, match="the identity stock-and-flow does not hold"):
        load_source(store.project, "ministry", delivered=delivered)
    path = other.write("ministry-flows", other.table("ministry-flows"))
    loaded = load_source(
        store.project, "ministry", delivered={"ministry-flows": read_snapshot(path, other.project.root)}
    )
    assert [finding.code for finding in loaded.warnings] == ["same-file-again"]
    assert set(loaded.sidecars) == {"ministry-jobseekers", "ministry-services"}


def test_the_first_delivery_of_a_source_is_checked_alone(store: Store, tmp_path: Path) -> None:
    other = Store(store.project, tmp_path / "delivery")
    path = other.write("ministry-flows", other.table("ministry-flows"))
    delivered = {"ministry-flows": read_snapshot(path, other.project.root)}
    loaded = load_source(store.project, "ministry", delivered=delivered)
    assert (loaded.warnings, loaded.sidecars) == ((), {})
    assert loaded.table is not None
    assert "started" in loaded.table.MEASURE.cat.categories


# Records

SPELL = {
    "pseudonym": "0123456789ab",
    "area": "KK20",
    "entry": "2020-08",
    "start": "0",
    "end": "3",
    "state": "unemployed",
    "next_state": "censored",
    "age": "40",
    "sex": "F",
    "language": "fi",
    "education": "ED3-4",
    "months_unemployed": "12",
    "work_ability_restriction": "none",
    "segment": "from_work",
    "data_origin": "synthetic",
}


@pytest.mark.parametrize(
    ("spells", "codes"),
    [
        ([SPELL], set()),
        ([SPELL, SPELL], {"key-repeated"}),
        ([SPELL, SPELL | {"end": PLANTED}], {"key-conflicting"}),
        ([SPELL | {"end": "0"}], {"range-below"}),
        ([SPELL | {"age": PLANTED}], {"range-above"}),
        ([SPELL | {"age": "..."}], {"value-required"}),
        ([SPELL | {"state": "asleep"}], {"code-unknown"}),
        ([SPELL | {"pseudonym": f"x{PLANTED}"}], {"code-unknown"}),
        ([SPELL | {"area": "Helsinki"}], {"code-unknown"}),
    ],
)
def test_a_fault_in_records_has_its_code(store: Store, spells: list[dict[str, str]], codes: set[str]) -> None:
    scores = store.project.contracts["paths-scores"].fields
    score = dict.fromkeys(scores, "5") | {"pseudonym": SPELL["pseudonym"], "month": "0", "data_origin": "synthetic"}
    said: dict[str, object] = {"first_month": "2020-08", "last_month": "2020-08"}
    store.write("paths-spells", pd.DataFrame(spells), **said)
    store.write("paths-scores", pd.DataFrame([score | {"mind": "..."}]), **said)
    assert store.codes("paths") == codes


# The list of codes itself


def test_every_code_of_the_store_is_met_in_a_test(project: Project) -> None:
    """Codes of contents.yml that no case above expects; corrections and the calendar have tests elsewhere."""
    tests = project.root / "tests"
    files = (Path(__file__), tests / "store/test_corrections.py", tests / "unit/test_check.py")
    text = "".join(path.read_text("utf-8") for path in files)
    listed = (project.root / "reviews/checks/contents.yml").read_text("utf-8")
    codes = [line.split(": ")[1] for line in listed.splitlines() if line.lstrip().startswith("- code: ")]
    assert codes
    assert [code for code in codes if f'"{code}' not in text] == []


def test_a_change_of_a_test_changes_something(store: Store) -> None:
    with pytest.raises(AssertionError, match="changes nothing"):
        rows(Alue="KU000")(store.table("statfin-12r5"))


# Tables of another kind


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda same: same, set()),
        (without(Vuosi="2020"), {"month-gap"}),
        (put("Vuosi", "2020M01", Vuosi="2020"), {"month-format", "month-gap"}),
        (without(Vuosi="2020", Alue="KU507"), {"month-incomplete"}),
    ],
)
def test_years_are_as_at_their_end(store: Store, change: Change, codes: set[str]) -> None:
    areas = (*store.project.municipalities, *store.project.regions, "SSS")
    years = ("2019", "2020", "2021")
    rows_of = [{"Alue": area, "Vuosi": year, "vaesto": year} for area in areas for year in years]
    store.write("statfin-11re", change(pd.DataFrame(rows_of)), first_month="2019-12", last_month="2021-12")
    assert store.codes("statfin-11re") == codes


@pytest.mark.parametrize(
    ("group", "codes"), [("Y18T24", set()), ("_U", set()), ("young", {"code-unknown"}), ("Y18T24 ", {"code-unknown"})]
)
def test_a_table_of_cases_alone_may_lack_rows(store: Store, group: str, codes: set[str]) -> None:
    cases = [("KU091", "2021-01", "_T"), ("KU091", "2021-02", "_T"), ("KU507", "2021-02", group)]
    table = pd.DataFrame(cases, columns=["area", "month", "group"]).assign(recipients="20")
    store.write("kela-recipients", table)
    assert store.codes("kela-recipients") == codes
