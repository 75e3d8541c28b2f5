"""Kela's data sets brought from a local catalogue, whole or cut, and added up."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from kela_server import AGES, COLUMNS, MONTHS, RECIPIENTS, SUBSIDY, KelaServer, number, subsidy
from server import Hourglass, running

from katsaus.calendar import shift
from katsaus.config.contract import load_contracts
from katsaus.errors import SourceError, UsageError
from katsaus.sources.kela import fetch_kela
from katsaus.sources.kela_columns import DATASETS
from katsaus.sources.kela_tally import Tally
from katsaus.sources.request import Fetching
from katsaus.sources.snapshot import read_snapshot

Fetch = Callable[..., list[Path]]
GROUPS = {"17-19": "Y17T19", "20-24": "Y20T24", "Tieto puuttuu": "_U"}


@pytest.fixture
def kela() -> Iterator[KelaServer]:
    server = KelaServer()
    with running(server):
        yield server


@pytest.fixture
def fetch(project: Path, kela: KelaServer, glass: Hourglass) -> Fetch:
    def run(*wanted: str, first: str | None = None, last: str | None = None) -> list[Path]:
        wish = Fetching(date(2026, 8, 1), tables=wanted, first=first, last=last, base_url=kela.url)
        return fetch_kela(project, wish, tell=lambda *_, **__: None, timer=glass.timer)

    return run


def rows(project: Path, sidecar: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_snapshot(sidecar, project)[1].decode())))


def snapshots_of(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "data" / "sources").glob("kela/*.*") if path.is_file()}


def test_recipients_by_age_and_together(fetch: Fetch, project: Path) -> None:
    (path,) = fetch("recipients")
    found = {(row["area"], row["month"], row["group"]): int(row["recipients"]) for row in rows(project, path)}
    expected: dict[tuple[str, str, str], int] = defaultdict(int)
    for month in MONTHS:
        for town in ("001", "002", "003"):
            for age in AGES:
                for group in ("_T", GROUPS[age]):
                    expected[f"KU{town}", f"{month[:4]}-{month[4:]}", group] += number(month, town, age)
    assert found == expected
    assert list(found) == sorted(found)


def test_the_subsidy_is_added_up_over_sexes_without_loss_of_a_cent(fetch: Fetch, project: Path) -> None:
    (path,) = fetch("subsidy", first="2021-02", last="2021-03")
    (row,) = (
        row
        for row in rows(project, path)
        if (row["area"], row["month"], row["group"]) == ("KU002", "2021-02", "Y17T19")
    )
    people = [number("202102", "002", "17-19", sex) for sex in ("Mies", "Nainen", "Tuntematon")]
    assert int(row["recipients"]) == sum(people)
    assert Decimal(row["paid"]) == sum(Decimal(f"{many * 30}.25") for many in people)
    assert Decimal(row["municipal_share"]) == sum(Decimal(f"{many * 15}.1") for many in people)
    assert {row["month"] for row in rows(project, path)} == {"2021-02", "2021-03"}


def test_the_unknown_municipality_is_no_municipality_but_is_told(fetch: Fetch, project: Path) -> None:
    (path,) = fetch("recipients")
    sidecar, content = read_snapshot(path, project)
    assert b"199" not in content.replace(b",199\n", b"")
    left = len(MONTHS) * len(AGES)
    assert f"Left out: {left} rows of an unknown municipality (199)" in sidecar.provenance
    assert (sidecar.areas, sidecar.updated, sidecar.licence) == (3, "2026-07-15T09:12:33.123456", "CC BY 4.0")


def test_what_is_not_changed_is_not_fetched_again(fetch: Fetch, kela: KelaServer, project: Path) -> None:
    assert len(fetch()) == 2
    before = snapshots_of(project)
    kela.sent.clear()
    assert fetch() == []
    assert not [path for path in kela.sent if path.endswith(".csv")]
    kela.changed = "2026-08-15T09:12:33"
    assert len(fetch()) == 2
    assert before.items() < snapshots_of(project).items()


@pytest.mark.parametrize("resumes", [True, False])
def test_a_cut_file_ends_with_the_same_bytes(fetch: Fetch, kela: KelaServer, project: Path, resumes: bool) -> None:
    fetch("subsidy")
    calm = snapshots_of(project)
    for path in (project / "data" / "sources" / "kela").glob("*.*"):
        path.unlink() if path.is_file() else None
    kela.resumes, kela.cuts = resumes, [5000, 3000, 1000]
    kela.sent.clear()
    fetch("subsidy")
    assert snapshots_of(project) == calm
    starts = [start for start, _ in kela.sent[f"{SUBSIDY}/data.csv"]]
    assert starts == ([0, 4999, 7998, 8997] if resumes else [0, 0, 0, 0])


def test_a_later_run_goes_on_where_an_earlier_one_was_cut(fetch: Fetch, kela: KelaServer, project: Path) -> None:
    kela.cuts = [100] * 8
    with pytest.raises(SourceError, match="no answer after 8 tries"):
        fetch("subsidy")
    assert snapshots_of(project) == {}
    kela.sent.clear()
    fetch("subsidy")
    assert kela.sent[f"{SUBSIDY}/data.csv"][0][0] == 100 + 7 * 99 - 1


def test_a_file_that_changed_meanwhile_is_begun_anew(fetch: Fetch, kela: KelaServer, project: Path) -> None:
    kela.cuts = [100] * 8
    with pytest.raises(SourceError):
        fetch("subsidy")
    kela.files[f"{SUBSIDY}/data.csv"] = ("\n".join(subsidy(MONTHS[:2])) + "\n").encode()
    (path,) = fetch("subsidy")
    assert {row["month"] for row in rows(project, path)} == {"2021-01", "2021-02"}


def test_files_by_year_are_one_series_and_other_years_stay_where_they_are(
    fetch: Fetch, kela: KelaServer, project: Path
) -> None:
    del kela.files[f"{SUBSIDY}/data.csv"]
    for year in ("2020", "2021", "2022"):
        lines = subsidy([f"{year}{month:02d}" for month in range(1, 13)], ["001"])
        kela.files[f"{SUBSIDY}/data_{year}.csv"] = ("\n".join(lines) + "\n").encode()
    (path,) = fetch("subsidy", first="2021-11", last="2022-02")
    assert {row["month"] for row in rows(project, path)} == {"2021-11", "2021-12", "2022-01", "2022-02"}
    assert f"{SUBSIDY}/data_2020.csv" not in kela.sent


@pytest.mark.parametrize("name", [RECIPIENTS, SUBSIDY])
def test_other_columns_are_refused_by_name(fetch: Fetch, kela: KelaServer, project: Path, name: str) -> None:
    kela.describe(name, [*COLUMNS[name][:-1], "uusi_sarake"])
    with pytest.raises(SourceError) as caught:
        fetch("recipients" if name == RECIPIENTS else "subsidy")
    assert "1 columns are unknown: uusi_sarake" in str(caught.value)
    assert f"1 columns are missing: {COLUMNS[name][-1]}" in str(caught.value)
    assert snapshots_of(project) == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kunta_nro,kunta_nimi", "kunta_nimi,kunta_nro"), "the header is not the one in package.json"),
        (("202101,2021,001", "2021-01,2021,001"), "3 rows have no month such as 202103"),
        ((",001,Kunta", ",1,Kunta"), "9 rows have no municipality's number of three digits"),
        (("20-24,", "987654321,"), "9 rows have an unknown age group"),
        ((",1.5\nKuukausi,202102", ",1.5,987654321\nKuukausi,202102"), "12 rows have too few or too many fields"),
        (("17-19,", "17-19,x"), "9 rows have a figure that is not a number"),
        (("20-24", "17-19"), "9 rows repeat another"),
        ((",202102,", ",202104,"), "months are missing in the middle, after 2021-01"),
    ],
)
def test_rows_that_are_not_as_promised_are_counted(
    fetch: Fetch, kela: KelaServer, project: Path, change: tuple[str, str], message: str
) -> None:
    path = f"{RECIPIENTS}/data.csv"
    old, new = change
    assert old.encode() in kela.files[path]
    kela.files[path] = kela.files[path].replace(old.encode(), new.encode())
    with pytest.raises(SourceError) as caught:
        fetch("recipients")
    assert message in str(caught.value)
    assert "987654321" not in str(caught.value)
    assert snapshots_of(project) == {}


def test_a_file_that_is_not_believed_is_brought_anew(fetch: Fetch, kela: KelaServer, project: Path) -> None:
    path = f"{RECIPIENTS}/data.csv"
    right, kela.files[path] = kela.files[path], b"<!DOCTYPE html><html>Kirjaudu</html>"
    with pytest.raises(SourceError, match="the header is not the one"):
        fetch("recipients")
    kela.files[path] = right
    assert len(fetch("recipients")) == 1


def test_another_licence_is_refused(fetch: Fetch, kela: KelaServer, project: Path) -> None:
    kela.licence = "notspecified"
    with pytest.raises(SourceError, match=r"the licence is no longer CC BY 4\.0"):
        fetch()
    assert snapshots_of(project) == {}


def test_months_that_are_not_there_are_refused(fetch: Fetch, project: Path) -> None:
    with pytest.raises(UsageError, match="does not have all of the months"):
        fetch("subsidy", first="2020-12")
    with pytest.raises(UsageError, match="none of the months"):
        fetch("subsidy", first="2022-01")
    with pytest.raises(UsageError, match="tables are not fetched here"):
        fetch("pensions")
    assert snapshots_of(project) == {}


def big_file(path: Path, size: int) -> int:
    """A file of at least `size` bytes of the subsidy's rows; returns how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in subsidy([]):
            file.write(f"{line}\n")
        month = "1001-01"
        while file.tell() < size or month <= "1001-12":
            for line in list(subsidy([month.replace("-", "")], [f"{town:03d}" for town in range(200, 400)]))[1:]:
                file.write(f"{line}\n")
                count += 1
            month = shift(month, 1)
    return count


@pytest.mark.parametrize("megabytes", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_memory_does_not_grow_with_the_file(root: Path, tmp_path: Path, megabytes: int) -> None:
    count = big_file(tmp_path / "data.csv", megabytes * 1_000_000)
    assert count > megabytes * 5000
    tally = Tally(DATASETS["subsidy"], load_contracts(root)["kela-subsidy"], months=("1001-01", "1001-02"))
    tracemalloc.start()
    try:
        tally.read(tmp_path / "data.csv", COLUMNS[SUBSIDY])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000
    assert len(list(tally.lines())) == 2 * 200 * 4


MEASURED = """
import re, sys
from datetime import date
from pathlib import Path
from katsaus.sources.kela import fetch_kela
from katsaus.sources.request import Fetching

wish = Fetching(date(2026, 8, 1), tables=("subsidy",), first="1001-01", last="1001-12", base_url=sys.argv[2])
fetch_kela(Path(sys.argv[1]), wish, tell=lambda *_, **__: None)
print(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


# getrusage would tell the peak of the parent, which holds the file
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a process its peak")
def test_a_process_that_brings_a_hundred_megabytes_stays_small(project: Path, kela: KelaServer, tmp_path: Path) -> None:
    peaks = []
    for megabytes in (1, 100):
        big_file(tmp_path / "data.csv", megabytes * 1_000_000)
        kela.files[f"{SUBSIDY}/data.csv"] = (tmp_path / "data.csv").read_bytes()
        kela.changed = f"2026-08-01T00:00:{megabytes % 60:02d}"
        done = subprocess.run([sys.executable, "-c", MEASURED, project, kela.url], capture_output=True, check=True)
        peaks.append(int(done.stdout) * 1024)
    assert peaks[1] - peaks[0] < 30_000_000
