"""Deliveries end to end: every kind of bad input has its own message and leaves all as it was; good files are kept."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from small_country import NEWEST, Tables, as_csv, as_xlsx, deliver, kept, small_country
from tiny_project import KATSAUS, Tiny

from katsaus.check import check
from katsaus.config.corrections import load_corrections
from katsaus.config.findings import Reader, load_checks
from katsaus.config.models import Lang
from katsaus.config.project import load_project
from katsaus.errors import ConfigError, KatsausError, UsageError
from katsaus.fetch import fetch
from katsaus.sources.request import Fetching
from katsaus.store.load import load_source

# the folders of the next two are on the path since the import of small_country
from sample_delivery import DATE, ERROR, FORMULA, SHEET, TRUE, Workbook, workbook  # isort: skip
from tiny_store import MONTHS, PLANTED, Change, after, again, also, plus, put, rows, times, without  # isort: skip

pytestmark = pytest.mark.slow

TODAY = date(2022, 3, 20)
FIXED = {"SOURCE_DATE_EPOCH": "1647770400"}
BEFORE = MONTHS[-2]
FLOWS, JOBSEEKERS, SERVICES = MINISTRY = ("ministry-flows", "ministry-jobseekers", "ministry-services")
KELA = "kela-municipalities"
CELL = {"area": "KU049", "month": "2021-05", "responsible": "_T"}
LATE = tuple(month for month in MONTHS if month >= "2021-08")


def planted(table: pd.DataFrame) -> pd.DataFrame:
    """A figure to look for in messages, with its total: weeks may jump."""
    hide = after(put("weeks_ended", PLANTED, **CELL), put("weeks_ended", "990000000", **CELL | {"area": "SSS"}))
    return hide(table) if "weeks_ended" in table else table


class Country(NamedTuple):
    """A project that has taken in all tables up to the month before, and what it can be delivered."""

    project: Tiny
    tables: Tables
    post: Path

    def table(self, contract: str, last: str = NEWEST) -> pd.DataFrame:
        return planted(self.tables(contract, last))

    def fetch(self, *files: str, lang: Reader = "en") -> tuple[int, str]:
        """What the command does, in this process: its exit code and all that it tells."""
        told: list[str] = []

        def tell(what: str, *, done: int, total: int) -> None:
            told.append(what)

        wish = Fetching(TODAY, files=tuple(map(Path, files)), lang=lang)
        try:
            fetched = fetch(self.project.folder, wish, source="extract", tell=tell)
        except KatsausError as error:
            return error.exit_code, "\n".join([*told, str(error)])
        return 0, "\n".join([*told, *map(str, fetched.warnings), *(path.name for path in fetched.sidecars)])


def codes(said: str) -> set[str]:
    """Codes of what is told: "place: code: message"."""
    return set(re.findall(r"(?:^|: )([a-z0-9]+(?:-[a-z0-9]+)+|jump): ", said, re.MULTILINE))


@pytest.fixture(scope="module")
def taken(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Country:
    """Filled by the real command. Not to be changed."""
    place = tmp_path_factory.mktemp("country")
    tables = Tables(root, place / "store")
    country = Country(small_country(root, place / "project"), tables, place / "post")
    done = country.project.run(
        "fetch",
        "extract",
        *deliver(country.post, {name: country.table(name, BEFORE) for name in (*MINISTRY, KELA)}, month=BEFORE),
        **FIXED,
    )
    assert done.code == 0, done.said
    assert "warning" not in done.said
    assert check(country.project.folder, save=TODAY, lang="en", progress=lambda _: None).vintage
    return country


@pytest.fixture
def country(taken: Country, tmp_path: Path) -> Country:
    """A copy to change."""
    shutil.copytree(taken.project.folder, tmp_path / "project")
    return Country(Tiny(tmp_path / "project"), taken.tables, tmp_path / "post")


# Contents that are wrong, each as CSV and as XLSX


class Case(NamedTuple):
    """How a good delivery is spoilt, and the codes that are told of it as CSV and as XLSX."""

    spoil: Change
    csv: set[str]
    xlsx: set[str]
    contract: str = FLOWS


def alike(spoil: Change, *found: str, contract: str = FLOWS) -> Case:
    return Case(spoil, set(found), set(found), contract)


def figure(text: str, *found: str) -> Case:
    """A figure written otherwise, in a column that nothing else is held against."""
    return alike(put("running_3_months", text, **CELL), *found)


def area(text: str, *found: str) -> Case:
    """A text in place of the code of an area, all the months."""
    return alike(put("area", text, area="KU049"), *found)


def repeat_newest(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table[table.month != NEWEST], table[table.month == BEFORE].assign(month=NEWEST)])


def old_population(table: pd.DataFrame) -> pd.DataFrame:
    known = table[table.month == "2021-12"].set_index(["area", "group"]).population
    old = [known[key] for key in zip(table.area, table.group, strict=True)]
    return table.assign(population=table.population.where(table.month < "2022-01", old))


def named(**names: str) -> Change:
    return lambda table: table.rename(columns=names)


ALL = "SSS"
TOTALS = ("totals-area", "totals-group")
CASES = {
    "merged municipality, old code": alike(
        put("area", "KU911", area="KU541"), "code-merged", "area-missing", "coverage-shrank"
    ),
    "old and new code in one month": alike(
        also(put("area", "KU911", area="KU541"), area="KU541", month="2021-05"), "code-merged-twice"
    ),
    "code without its zeros": area("49", "code-zeros"),
    "code without its letters": area("049", "code-zeros"),
    "unknown code": area("KU998", "area-unknown", "area-missing", "coverage-shrank"),
    "area renamed": alike(put("area", "KU998", area="KU507", month=LATE), "area-unknown", "area-gap"),
    "area moved": alike(
        lambda table: table.assign(area=table.area.replace({"KK11": "KK20", "KK20": "KK11"})),
        "totals-area",
        "identity-broken",
    ),
    "municipality joins": alike(without(area="KU507", month=MONTHS[:9]), "area-gap"),
    "municipality leaves": alike(without(area="KU507", month=LATE), "area-gap"),
    "four points": figure("....", "value-mark"),
    "colon": figure(":", "value-mark"),
    "empty cell": figure("", "cell-empty"),
    "decimal comma": figure("12,5", "value-decimal-comma"),
    "decimal point": figure("12.5", "value-decimal")._replace(xlsx={"excel-float"}),
    "no-break space as thousands": figure("12\u00a0345", "value-thousands"),
    "thin space as thousands": figure("12\u2009345", "value-thousands"),
    "point as thousands": figure("1.234.567", "value-thousands"),
    "ä read in another code": area("JyvÃ¤skylÃ¤", "encoding-damaged"),
    "ä decomposed": area("Jyva\u0308skyla\u0308", "text-decomposed"),
    "name in place of a code": area("Jyväskylä", "code-format"),
    "newline in a cell": area("KU\n049", "value-newline"),
    "header renamed": alike(named(started="begun"), "header-renamed"),
    "header in Swedish": alike(named(month="Månad", area="Område"), "header-translated"),
    "header twice": alike(named(started="ended"), "header-duplicate", "header-renamed"),
    "missing month": alike(without(month="2021-05"), "month-gap"),
    "identical rows": alike(again(**CELL), "key-repeated"),
    "conflicting rows": alike(also(put("weeks_ongoing", "99", **CELL), **CELL), "key-conflicting"),
    "total off by 1": alike(plus("weeks_ongoing", -1, area="KK", month="2021-05", responsible="_T"), *TOTALS),
    "total off by 1 000": alike(
        plus("weeks_ongoing", 1000, area="KK", month="2021-05", responsible="_T"), *TOTALS
    ),
    "country less than its parts": alike(plus("weeks_ongoing", -1, area=ALL, month="2021-05"), "totals-area"),
    "groups that are not the total": alike(
        plus("long_term", 1, area=("KU049", ALL), month="2021-05", group="F"), "totals-group", contract=JOBSEEKERS
    ),
    "stock that does not follow from flows": alike(
        plus("started", 1, area=("KU049", ALL), month="2021-05", responsible="_T"), "identity-broken"
    ),
    "reasons that are not their sum": alike(
        plus("ended_study", 1, area=("KU049", ALL), month="2021-05", responsible="_T"), "identity-broken"
    ),
    "negative count": figure("-12", "cell-negative"),
    "jump": alike(
        times("weeks_ongoing", 10, area=("KU049", ALL), month="2021-05"), "jump", "totals-area"
    ),
    "newest month in thousands": alike(times("weeks_ongoing", 0.001, month=NEWEST), "unit-thousands", *TOTALS),
    "series in thousands": alike(times("weeks_ongoing", 1000, month=MONTHS), "unit-changed"),
    "last month under a new name": alike(repeat_newest, "month-repeated"),
    "last month's file under a new name": alike(without(month=NEWEST), "month-last"),
    "month of the future": alike(also(put("month", "2022-03", month=NEWEST), month=NEWEST), "month-future"),
    "month not written as agreed": alike(put("month", "2021M05", month="2021-05"), "month-written"),
    "incomplete month": alike(without(area=("KU541", ALL), month=NEWEST), "month-incomplete"),
    "months lost": alike(without(month=MONTHS[:3]), "coverage-shrank"),
    "scientific notation": figure("1.2E+03", "value-scientific"),
    "denominator hidden": alike(
        put("population", "...", area="KU049", month="2021-05", group="_T"), "denominator-missing", contract=KELA
    ),
    "denominator zero": alike(
        put("population", "0", area="KU049", group="_T"), "denominator-zero", "totals-area", contract=KELA
    ),
    "denominator of last year": alike(old_population, "denominator-old", contract=KELA),
    "denominator that moves": alike(
        plus("population", 5, area=("KU049", ALL), month="2021-05", group="_T"), "denominator-moved", contract=KELA
    ),
    "formula in a name": area('=HYPERLINK("http://x")', "value-formula"),
    "end of a script in a name": area("</script>", "value-markup"),
    "picture in a name": area("<img onerror=alert(1)>", "value-markup"),
    "path upwards": area("../../x", "code-path"),
    "absolute path": area("/etc/passwd", "code-path"),
    "reserved name": area("CON", "code-path"),
    "other case": area("ku049", "code-case"),
    "300 characters": area("K" * 300, "value-long"),
    "unseen sign": area("KU049\u202e", "value-control"),
    "spaces around a code": area(" KU049 ", "value-spaces"),
    "unlisted code": alike(put("responsible", "TE", **CELL), "code-outside"),
    "error of a spreadsheet": figure("#REF!", "excel-error"),
    "text among figures": figure("many", "value-number"),
    "ten times the rows": alike(lambda table: pd.concat([table] * 10), "rows-ten-times"),
    "real figures among made-up ones": alike(put("data_origin", "register", **CELL), "origin-several"),
    "real figures beside made-up tables": alike(put("data_origin", "register"), "origin-mixed"),
    "no origin": alike(lambda table: table.drop(columns="data_origin"), "origin-missing"),
    "no rows": alike(lambda table: table[:0], "file-no-rows"),
    "half-years as of another month": alike(
        lambda table: table, "month-last", "month-future", contract="ttl-kykyviisari"
    ),
}  # fmt: skip


def every_case() -> Iterator[object]:
    """In short one case of each set of codes, as CSV, and what XLSX has its own word for; in the long run all."""
    met: list[set[str]] = []
    for name, case in CASES.items():
        for kind, told in (("csv", case.csv), ("xlsx", case.xlsx)):
            yield pytest.param(name, kind, marks=pytest.mark.slow if told in met else ())
            met.append(told)


@pytest.mark.parametrize(("name", "kind"), list(every_case()))
def test_a_bad_delivery_is_refused_by_name_and_leaves_all_as_it_was(
    taken: Country, tmp_path: Path, name: str, kind: str
) -> None:
    case = CASES[name]
    table = case.spoil(taken.table(case.contract, "9999"))
    refused(taken, *deliver(tmp_path, {case.contract: table}, kind=kind), told=case.csv if kind == "csv" else case.xlsx)


def refused(country: Country, *files: str, told: set[str]) -> str:
    """The files are refused with these codes, no figure is told, nothing is changed."""
    before = kept(country.project)
    code, said = country.fetch(*files)
    assert codes(said) == told, said
    assert code == 20
    assert PLANTED not in said
    assert kept(country.project) == before
    return said


# Files that are no good table


def packed(change: Callable[[Workbook], object]) -> Callable[[pd.DataFrame], bytes]:
    """The good table as a workbook whose parts are changed."""

    def make(table: pd.DataFrame) -> bytes:
        book = workbook(list(table.columns), [list(row) for row in table[:5].itertuples(index=False)])
        change(book)
        return book.content()

    return make


def extra(name: str, content: bytes) -> Callable[[pd.DataFrame], bytes]:
    return packed(lambda book: book.parts.update({name: content}))


def cell(content: object) -> Callable[[pd.DataFrame], bytes]:
    """The good table as a workbook with something in the place of a figure."""
    return lambda table: as_xlsx(put("running_3_months", lambda texts: texts.map(lambda _: content), **CELL)(
        table.astype(object)
    ))  # fmt: skip


def text(change: Callable[[bytes], bytes]) -> Callable[[pd.DataFrame], bytes]:
    return lambda table: change(as_csv(table))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet'
FILES: dict[str, tuple[str, Callable[[pd.DataFrame], bytes], set[str]]] = {
    "empty": ("csv", text(lambda _: b""), {"file-empty"}),
    "error page": ("csv", text(lambda _: b"<html><title>500</title>"), {"file-html"}),
    "login page": ("xlsx", text(lambda _: b"<!DOCTYPE html><form>password</form>"), {"file-html"}),
    "truncated": ("csv", text(lambda content: content[:-1]), {"file-truncated"}),
    "truncated workbook": ("xlsx", lambda table: as_xlsx(table)[:-100], {"file-truncated"}),
    "ISO-8859-1": ("csv", text(lambda content: content.replace(b"KU049", b"J\xe4")), {"encoding-latin1"}),
    "UTF-16": ("csv", text(lambda content: content.decode().encode("utf-16")), {"encoding-utf16"}),
    "semicolons": ("csv", text(lambda content: content.replace(b",", b";")), {"delimiter-semicolon"}),
    "tabs": ("csv", text(lambda content: content.replace(b",", b"\t")), {"delimiter-tab"}),
    "decimal commas without quotes": ("csv", text(lambda content: content.replace(b",_T,", b",_T,1,")), {"row-length"}),
    "broken quotes": ("csv", text(lambda content: content.replace(b"KU049", b'"KU"049', 1)), {"file-quotes"}),
    "NUL": ("csv", text(lambda content: content.replace(b"KU049", b"KU049\0")), {"value-control"}),
    "no header": ("csv", text(lambda content: content.partition(b"\n")[2]), {"origin-missing", "header-renamed"}),
    "figure in the header": ("csv", text(lambda it: it.replace(b"started", b"x987654321")), {"header-renamed"}),
    "CSV called XLSX": ("xlsx", as_csv, {"file-kind"}),
    "XLSX called CSV": ("csv", as_xlsx, {"file-kind"}),
    "Excel date": ("xlsx", cell(DATE), {"excel-date"}),
    "formula": ("xlsx", cell(FORMULA), {"excel-formula"}),
    "error": ("xlsx", cell(ERROR), {"excel-error", "cell-empty"}),
    "true and false": ("xlsx", cell(TRUE), {"excel-boolean", "value-number"}),
    "two sheets": ("xlsx", lambda table: workbook(list(table.columns), [[1]], [[2]]).content(), {"excel-sheets"}),
    "bomb": ("xlsx", extra("xl/x.xml", b"<x>" + b" " * 10_000_000), {"archive-bomb"}),
    "nested zip": ("xlsx", extra("xl/x.zip", b"PK"), {"archive-nested"}),
    "zip slip": ("xlsx", extra("../x.xml", b"<x/>"), {"archive-path"}),
    "macro": ("xlsx", extra("xl/vbaProject.bin", b"x"), {"archive-macro"}),
    "link to another workbook": ("xlsx", extra("xl/externalLinks/x.xml", b"<x/>"), {"archive-external"}),
    "billion laughs": ("xlsx", packed(lambda book: book.replace(SHEET, "<worksheet", LAUGHS)), {"xml-entities"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_by_name(taken: Country, tmp_path: Path, name: str) -> None:
    kind, spoil, told = FILES[name]
    path = tmp_path / f"{FLOWS}-{NEWEST}.{kind}"
    path.write_bytes(spoil(taken.table(FLOWS)))
    refused(taken, str(path), told=told)


@pytest.mark.parametrize(
    ("name", "shown", "told"),
    [
        ("flows.csv", "flows.csv", "file-name"),
        (f"statfin-12r5-{NEWEST}.csv", f"statfin-12r5-{NEWEST}.csv", "file-name"),
        (f"{FLOWS}-{PLANTED}.csv", "…", "file-name"),
        (f"{PLANTED}.csv", "…", "file-name"),
        ("Virtanen, Matti.csv", "…", "file-name"),
        ("\x1b[2J\n.csv", "…", "file-name"),
        ("\udcff.csv", "…", "file-name"),
        (f"{FLOWS}-2022-03.csv", f"{FLOWS}-2022-03.csv", "month-early"),
    ],
)
def test_a_name_is_told_only_if_it_looks_like_one_of_ours(
    taken: Country, tmp_path: Path, name: str, shown: str, told: str
) -> None:
    table = taken.table(FLOWS)
    if told == "month-early":
        table = also(put("month", "2022-03", month=NEWEST), month=NEWEST)(table)
    (tmp_path / name).write_bytes(as_csv(table))
    said = refused(taken, str(tmp_path / name), told={told})
    assert set(re.findall(r"^(.+?)(?:: .*)?$", said.replace(chr(10) + "    ", " "), re.MULTILINE)) == {shown}


def test_names_of_folders_are_not_told_either(country: Country) -> None:
    folder = country.project.folder / f"from {PLANTED}"
    said = refused(country, *deliver(folder, {FLOWS: country.table(FLOWS)[:0]}), told={"file-no-rows"})
    assert f"…/{FLOWS}-{NEWEST}.csv: file-no-rows" in said


def test_a_row_of_a_person_in_the_place_of_the_header_is_not_told(taken: Country, tmp_path: Path) -> None:
    path = tmp_path / f"paths-spells-{NEWEST}.csv"
    path.write_text("a1b2c3d4e5fa,KU091,2021-03,0,3,unemployed,censored,33,F,fi,none,x\n")
    said = refused(taken, str(path), told={"origin-missing", "header-renamed"})
    assert "a1b2" not in said
    assert "none" not in said


# Good deliveries


def test_csv_and_xlsx_become_the_same_snapshot_beside_the_older_ones(taken: Country, tmp_path: Path) -> None:
    before = kept(taken.project)
    name = f"data/sources/ministry/flows-{NEWEST}"
    found = set()
    for kind in ("csv", "xlsx"):
        shutil.copytree(taken.project.folder, tmp_path / kind)
        country = taken._replace(project=Tiny(tmp_path / kind))
        code, said = country.fetch(*deliver(tmp_path, {FLOWS: taken.table(FLOWS)}, kind=kind))
        assert (code, codes(said)) == (0, set()), said
        now = kept(country.project)
        assert now.keys() - before.keys() == {f"{name}.csv.gz", f"{name}.yml"}
        assert {path: now[path] for path in before} == before
        assert f"Delivered as {FLOWS}-{NEWEST}.{kind}, sha256 " in now[f"{name}.yml"].decode()
        found.add(now[f"{name}.csv.gz"])
    assert len(found) == 1


def test_form_is_free_where_nothing_can_be_mistaken(taken: Country, tmp_path: Path) -> None:
    """Order of columns, byte order mark, line ends, and numbers that a spreadsheet keeps as text."""
    table = taken.table(FLOWS)
    turned = as_csv(table[list(reversed(table.columns))])
    cells = [list(row) for row in table.itertuples(index=False)]
    files = {
        "csv": codecs.BOM_UTF8 + turned.replace(b"\n", b"\r\n"),
        "xlsx": workbook(list(table.columns), cells).content(),
    }
    snapshots = set()
    for kind, content in files.items():
        shutil.copytree(taken.project.folder, tmp_path / "projects" / kind)
        path = tmp_path / f"{FLOWS}-{NEWEST}.{kind}"
        path.write_bytes(content)
        country = Country(Tiny(tmp_path / "projects" / kind), taken.tables, tmp_path)
        assert country.fetch(str(path))[0] == 0
        snapshots.add((country.project.folder / f"data/sources/ministry/flows-{NEWEST}.csv.gz").read_bytes())
    assert len(snapshots) == 1


def test_marks_are_taken_in_and_kept_apart(country: Country) -> None:
    marked = (put("weeks_ended", mark, area="KU049", month=month) for mark, month in MARKED.items())
    change = after(*marked, put("weeks_ended", "...", area="SSS"))
    assert country.fetch(*deliver(country.post, {FLOWS: change(country.table(FLOWS))}))[0] == 0
    table = load_source(load_project(country.project.folder), "ministry").table
    assert table is not None
    cells = table[(table.REF_AREA == "KU049") & (table.MEASURE == "weeks_ended")].set_index("TIME_PERIOD")
    found = [f"{cells.OBS_STATUS[month]}{cells.OBS_VALUE[month]:g}" for month in MARKED.values()]
    assert found == ["Qnan", "Onan", "Mnan", "A0"]


MARKED = {"...": "2021-03", "..": "2021-04", ".": "2021-05", "-": "2021-06"}
REVISED = {"area": ("KU049", "SSS"), "month": "2021-05", "responsible": "_T"}
NOTED: dict[str, tuple[str, Change, set[str], str]] = {
    "history revised": (
        FLOWS,
        plus("running_3_months", 1, **REVISED),
        {"history-revised"},
        "running_3_months",
    ),
    "zeros become marks": (
        FLOWS,
        put("transferred_in", "...", area=("KU049", "KU507")),
        {"history-revised"},
        "transferred_in",
    ),
    "same file again": (FLOWS, without(month=NEWEST), {"same-file-again"}, BEFORE),
}


@pytest.mark.parametrize("name", NOTED)
def test_what_is_noteworthy_is_told_with_counts_and_taken_in(country: Country, name: str) -> None:
    contract, change, told, where = NOTED[name]
    table = change(country.table(contract))
    code, said = country.fetch(*deliver(country.post, {contract: table}, month=max(table.month)))
    assert (code, codes(said)) == (0, told), said
    assert where in said
    assert PLANTED not in said


def test_a_changed_definition_is_told(country: Country) -> None:
    def wider(table: pd.DataFrame) -> pd.DataFrame:
        """From October 2021 on three times as many have a reduced week, and so many more seek work."""
        reduced = table.reduced_week.astype(int)
        more = (2 * reduced).where(table.month >= "2021-10", 0)
        return table.assign(
            reduced_week=(reduced + more).astype(str), jobseekers=(table.jobseekers.astype(int) + more).astype(str)
        )

    code, said = country.fetch(*deliver(country.post, {JOBSEEKERS: wider(country.table(JOBSEEKERS))}))
    assert (code, codes(said)) == (0, {"definition-changed", "history-revised"}), said


def test_zeros_that_become_marks_are_told(country: Country) -> None:
    many = {"area": ("KU049", "SSS"), "responsible": "_T"}
    for text_, month in (("-", BEFORE), ("...", NEWEST)):
        table = put("running_3_months", text_, **many)(country.table(FLOWS, month))
        table = put("running_3_months", "...", area="SSS")(table)
        code, said = country.fetch(*deliver(country.post, {FLOWS: table}, month=month))
        assert code == 0, said
    assert codes(said) == {"history-revised", "zero-missing-swapped"}


def test_tables_of_one_command_are_checked_together(country: Country) -> None:
    """One more has become unemployed, and is in the stock from then on: neither table alone would do."""
    months = MONTHS[MONTHS.index("2021-05") :]
    more = {"area": ("KU049", "SSS"), "responsible": "_T"}
    started = plus("started", 1, month="2021-05", **more)(country.table(FLOWS))
    groups = ("_T", "F", "Y30T54", "ED3-4")
    stock = {**more, "month": months, "group": groups}
    held = after(plus("unemployed", 1, **stock), plus("jobseekers", 1, **stock))(country.table(JOBSEEKERS))
    for contract, table in ((FLOWS, started), (JOBSEEKERS, held)):
        said = refused(country, *deliver(country.post, {contract: table}), told={"identity-broken"})
        assert "stock-and-flow" in said
    code, said = country.fetch(*deliver(country.post, {FLOWS: started, JOBSEEKERS: held}))
    assert (code, codes(said)) == (0, {"history-revised"})


def test_the_same_delivery_again_writes_nothing(country: Country) -> None:
    files = deliver(country.post, {FLOWS: country.table(FLOWS)})
    assert country.fetch(*files)[0] == 0
    there = kept(country.project)
    code, said = country.fetch(*files)
    assert (code, codes(said)) == (0, {"same-file-again"}), said
    assert kept(country.project) == there


def test_one_bad_file_keeps_the_good_one_out(country: Country) -> None:
    good = deliver(country.post, {SERVICES: country.table(SERVICES)})
    bad = deliver(country.post, {FLOWS: put("running_3_months", f"{PLANTED}x", **CELL)(country.table(FLOWS))})
    refused(country, *good, *bad, told={"value-number"})


def test_faults_of_all_files_are_told_at_once(country: Country) -> None:
    tables = {
        FLOWS: put("running_3_months", f"{PLANTED},5", **CELL)(country.table(FLOWS)),
        SERVICES: plus("coaching", -1, area="SSS", month="2021-05")(country.table(SERVICES)),
        KELA: without(month="2021-05")(country.table(KELA)),
    }
    refused(country, *deliver(country.post, tables), told={"value-decimal-comma", "totals-area", "month-gap"})


def test_of_two_files_of_one_table_none_is_chosen(country: Country) -> None:
    files = [deliver(country.post, {FLOWS: country.table(FLOWS)}, kind=kind)[0] for kind in ("csv", "xlsx")]
    assert FLOWS in refused(country, *files, told={"file-twice"})


@pytest.mark.parametrize("half", [{"first": "2021-05"}, {"last": "2021-05"}])
def test_a_delivery_is_not_taken_in_by_halves(taken: Country, tmp_path: Path, half: dict[str, str]) -> None:
    wish = Fetching(TODAY, files=(tmp_path / "x.csv",), **half)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="taken in whole"):
        fetch(taken.project.folder, wish, source="extract", tell=lambda *_, **__: None)


# Corrections

CORRECTION = """corrections:
  - id: services-twice
    source: {source}
    key: {{REF_AREA: KK, TIME_PERIOD: 2021-05, MEASURE: running_3_months}}
    delivered: {delivered}
    expected: {expected}
    what: {{fi: Luku on väärin, sv: Uppgiften är fel}}
    why: {{fi: Laskettu kahdesti, sv: Räknad två gånger}}
    reported: 2022-03-18
"""


def correct(country: Country, delivered: object, expected: object, source: str = "ministry") -> None:
    text_ = CORRECTION.format(delivered=delivered, expected=expected, source=source)
    (country.project.folder / "data" / "corrections.yml").write_text(text_, "utf-8")


def test_a_correction_applies_and_fails_by_name_once_the_source_is_mended(country: Country) -> None:
    table = country.table(FLOWS)
    at = (table.area == "KK") & (table.month == "2021-05") & (table.responsible == "_T")
    right = int(table.running_3_months[at].item())
    wrong = put("running_3_months", PLANTED, area="KK", month="2021-05", responsible="_T")(table)
    refused(country, *deliver(country.post, {FLOWS: wrong}), told={"totals-area", "totals-group", "jump"})
    correct(country, PLANTED, right)
    code, said = country.fetch(*deliver(country.post, {FLOWS: wrong}))
    assert (code, codes(said)) == (0, set()), said
    checked = check(country.project.folder, save=None, lang="en", progress=lambda _: None)
    assert [one.corrections for one in checked.sources] == [("services-twice",), ()]
    said = refused(country, *deliver(country.post, {FLOWS: table}), told={"correction-settled"})
    assert "services-twice" in said
    assert str(right) not in said


def test_a_correction_of_no_source_is_not_passed_over(country: Country) -> None:
    correct(country, PLANTED, 100, source="ministri")
    refused(country, *deliver(country.post, {FLOWS: country.table(FLOWS)}), told={"correction-unknown-key"})


MISTAKEN = ("07", "0987654321", "987_654_321", "987654321.", "9.87654321e8", "x987654321", ".5", "{987654321: 1}")


@pytest.mark.parametrize("figure", MISTAKEN)
def test_a_figure_in_a_mistaken_correction_is_not_told(country: Country, figure: str) -> None:
    correct(country, figure, 100)
    with pytest.raises(ConfigError) as caught:
        load_corrections(country.project.folder)
    assert {problem.where for problem in caught.value.problems} == {"data/corrections.yml:5"}
    told = "".join(f"{problem.what}{problem.why}{problem.do}" for problem in caught.value.problems)
    assert set(re.findall("[0-9]+", told)) <= {"0"}, "the first of the corrections, and nothing else"


# The real command


@pytest.mark.parametrize(
    ("lang", "spoil", "code"),
    [
        ("fi", put("month", "1.5.2021", **CELL), "month-written"),
        ("sv", without(month="2021-05"), "month-gap"),
    ],
)
def test_the_command_tells_findings_of_door_and_store_in_the_readers_language(
    taken: Country, tmp_path: Path, lang: Lang, spoil: Change, code: str
) -> None:
    table = taken.table(FLOWS)
    fields = {"count": 1, "columns": "month", "months": "2021-05", "row": 2 + int(rows(**CELL)(table).argmax())}
    before = kept(taken.project)
    done = taken.project.run("fetch", "extract", *deliver(tmp_path, {FLOWS: spoil(table)}), "--lang", lang, **FIXED)
    told = load_checks(taken.project.folder)[code]
    said = " ".join(done.said.split())
    assert (done.code, codes(done.said)) == (20, {code})
    assert told.message[lang].format(**fields) in said
    assert told.do[lang] in said
    assert not {sign for sign in (PLANTED, "Traceback") if sign in said}
    assert kept(taken.project) == before


def test_names_of_all_kinds_are_one_message(taken: Country, tmp_path: Path) -> None:
    """Names that no terminal can show, and one of a file that is not there."""
    names = (b"\xff.csv", b"\x1b[2J987654321.csv", b"-", f"{FLOWS}-{NEWEST}.csv".encode())
    files = [os.fsdecode(os.fsencode(tmp_path) + b"/" + name) for name in names]
    done = taken.project.run("fetch", "extract", *files, **FIXED)
    assert (done.code, codes(done.said)) == (20, {"file-name", "file-unreadable"})
    assert not {sign for sign in ("\x1b", PLANTED, "Traceback") if sign in done.said}


def test_a_full_disk_leaves_what_was_there(country: Country) -> None:
    """A limit on the size of files stands for the disk's."""
    before = kept(country.project)
    done = subprocess.run(
        [KATSAUS, "fetch", "extract", *deliver(country.post, {FLOWS: country.table(FLOWS)})],
        cwd=country.project.folder,
        env=os.environ | FIXED,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
    )
    assert done.returncode == 50, done.stdout
    assert "what was fetched can't be written" in done.stdout
    assert kept(country.project) == before


@pytest.mark.parametrize("left", ["csv.gz", ".part"])
def test_what_a_killed_command_left_is_replaced(country: Country, left: str) -> None:
    """The sidecar comes last: without it there is no snapshot."""
    folder = country.project.folder / "data" / "sources" / "ministry"
    name = f"flows-{NEWEST}.csv.gz" if left == "csv.gz" else f".flows-{NEWEST}.csv.gz.part"
    (folder / name).write_bytes(b"cut short")
    assert country.fetch(*deliver(country.post, {FLOWS: country.table(FLOWS)}))[0] == 0
    assert gzip.decompress((folder / f"flows-{NEWEST}.csv.gz").read_bytes()) == as_csv(country.table(FLOWS))
    assert not list(folder.glob(".*"))
