"""Tables of Statistics Finland fetched from a server that keeps its rules, and from one that misbehaves."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from server import NEW, OLD, Hourglass, PxServer, Table
from statfin_tables import TINY_AREAS

from katsaus.errors import SourceError, UsageError
from katsaus.sources.request import Fetching
from katsaus.sources.snapshot import Sidecar, read_snapshot, snapshots
from katsaus.sources.statfin import fetch_statfin

Fetch = Callable[..., list[Path]]


@pytest.fixture
def fetch(project: Path, statfin: PxServer, glass: Hourglass) -> Fetch:
    """Fetches `tables` of the server into the project."""

    def run(*wanted: str, first: str | None = None, last: str | None = None) -> list[Path]:
        wish = Fetching(date(2026, 8, 1), tables=wanted, first=first, last=last, base_url=statfin.url)
        return fetch_statfin(project, wish, tell=lambda *_, **__: None, timer=glass.timer)

    return run


def written(project: Path) -> dict[str, bytes]:
    """Everything below data/sources."""
    folder = project / "data" / "sources"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def clear(project: Path) -> None:
    shutil.rmtree(project / "data" / "sources")


def rows(project: Path, sidecar: Path) -> tuple[Sidecar, list[dict[str, str]]]:
    about, content = read_snapshot(sidecar, project)
    return about, list(csv.DictReader(io.StringIO(content.decode())))


def expected(table: Table, areas: list[str], names: dict[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """What the server holds, by area and period: a mark or a figure for each of `names` (code by column)."""
    found = {}
    period = "Kuukausi" if "Kuukausi" in table.variables else "Vuosi"
    for area in areas:
        for when in table.variables[period]:
            cells = {name: table.figure(area, when, code) for name, code in names.items()}
            found[area, when] = {name: mark or value or "" for name, (value, mark) in cells.items()}
    return found


@pytest.mark.parametrize("form", [OLD, NEW])
def test_every_figure_arrives_as_it_is_written(fetch: Fetch, statfin: PxServer, project: Path, form: str) -> None:
    for name in ("12r5", "12u4", "11re"):
        statfin.change(name, form=form)
    for path, (name, areas, period) in zip(
        fetch(),
        [("12r5", TINY_AREAS, "Kuukausi"), ("12u4", ["SSS"], "Kuukausi"), ("11re", TINY_AREAS, "Vuosi")],
        strict=True,
    ):
        about, found = rows(project, path)
        table = next(table for table in statfin.tables.values() if table.name == name)
        held = expected(table, areas, {name: name for name in about.measures})
        assert {(row.pop("Alue"), row.pop(period)): row for row in found} == held
        assert (about.rows, about.areas, about.updated) == (len(held), len(areas), table.updated)


def test_both_forms_give_the_same_bytes(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    fetch("12r5")
    new = written(project)
    clear(project)
    statfin.change("12r5", form=OLD)
    fetch("12r5")
    old = written(project)
    assert new["statfin/12r5-2021-06.csv.gz"] == old["statfin/12r5-2021-06.csv.gz"]


def test_rows_and_columns_are_in_the_order_of_the_contract(fetch: Fetch, project: Path, root: Path) -> None:
    about, content = read_snapshot(fetch("12r5")[0], project)
    lines = content.decode().splitlines()
    assert lines[0].startswith("Alue,Kuukausi,TYOTTOMATLOPUSSA,TYOVOIMATK,AVPAIKATLOPUSSA,HAKIJALOPUSSA,TYOTOSUUS,")
    assert len(about.measures) == 23
    keys = [line.split(",")[:2] for line in lines[1:]]
    assert keys == sorted(keys)
    assert (about.first_month, about.last_month) == ("2021-01", "2021-06")


def test_the_population_of_a_year_is_that_of_its_december(fetch: Fetch, project: Path) -> None:
    about, found = rows(project, fetch("11re", first="2019-05", last="2030-01")[0])
    assert (about.first_month, about.last_month) == ("2019-12", "2021-12")
    assert {row["Vuosi"] for row in found} == {"2019", "2020", "2021"}


def test_what_is_not_updated_is_not_fetched_again(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    fetch("12r5")
    before, queries = written(project), statfin.seen.answered.total()
    assert fetch("12r5") == []
    assert (written(project), statfin.seen.answered.total()) == (before, queries)


def test_an_updated_table_becomes_a_new_snapshot_beside_the_old_one(
    fetch: Fetch, statfin: PxServer, project: Path
) -> None:
    fetch("12r5", first="2021-02")
    before = written(project)
    statfin.change("12r5", updated="2026-08-21T08:00:00")
    (path,) = fetch("12r5")
    after = written(project)
    assert path.name == "12r5-2021-06-2.yml"
    assert before.items() < after.items(), "the old snapshot stays as it was"
    assert rows(project, path)[0].first_month == "2021-02", "the series begins where it began"
    assert snapshots(project, "statfin-12r5")[-1] == path


def test_other_months_are_fetched_though_the_table_is_as_before(fetch: Fetch, project: Path) -> None:
    fetch("12r5", first="2021-03", last="2021-04")
    (path,) = fetch("12r5", first="2021-01")
    assert (rows(project, path)[0].first_month, rows(project, path)[0].last_month) == ("2021-01", "2021-06")


def test_limits_are_kept(fetch: Fetch, statfin: PxServer, glass: Hourglass) -> None:
    statfin.limits |= {"maxCells": 300}
    fetch("12r5")
    assert set(statfin.seen.statuses) == {200}, "it was never told that it asks too much or too often"
    assert max(statfin.seen.cells) <= 300
    assert sum(statfin.seen.cells) == 23 * 10 * 6
    glass.sleep(100)  # another day
    statfin.limits |= {"maxCells": 40, "maxCalls": 5, "timeWindow": 90}
    statfin.change("12r5", updated="2026-08-21T08:00:00")
    fetch("12r5")
    assert set(statfin.seen.statuses) == {200}
    assert glass.seconds - 1000 > 60 * 90 / 4 - 90, "60 queries at four in 90 seconds"


def test_our_own_limits_are_stricter_than_those_told(fetch: Fetch, statfin: PxServer, glass: Hourglass) -> None:
    statfin.limits |= {"maxCells": 60, "maxCalls": 1000, "timeWindow": 1}
    fetch("12r5")
    assert statfin.seen.statuses[200] > 25
    assert glass.seconds >= 1060, "no more than 25 calls in 60 seconds"


@pytest.mark.parametrize("seed", range(5))
def test_random_faults_lose_and_double_nothing(
    fetch: Fetch, statfin: PxServer, project: Path, glass: Hourglass, seed: int
) -> None:
    statfin.limits |= {"maxCells": 300}
    fetch()
    calm = written(project)
    clear(project)
    statfin.chance.seed(seed)
    statfin.share_of_faults = 0.3
    fetch()
    assert statfin.seen.faults > 3
    assert written(project) == calm


def test_a_source_in_lasting_trouble_is_given_up_calmly(
    fetch: Fetch, statfin: PxServer, project: Path, glass: Hourglass
) -> None:
    statfin.share_of_faults = 1.0
    with pytest.raises(SourceError, match="no answer after 8 tries") as caught:
        fetch()
    assert caught.value.exit_code == 22
    assert glass.naps.count(0.0) < len(glass.naps)
    assert written(project) == {}


def test_an_unknown_table_is_one_clear_message(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    with pytest.raises(UsageError, match="1 tables are not fetched here: x99"):
        fetch("x99")
    del statfin.tables["StatFin/tyonv", "12r5"]
    with pytest.raises(SourceError) as caught:
        fetch("12r5")
    assert [problem.what for problem in caught.value.problems] == ["there is no table 12r5"]
    assert written(project) == {}


def test_one_table_in_trouble_does_not_hinder_the_others(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    del statfin.tables["StatFin/tyonv", "12r5"]
    with pytest.raises(SourceError, match="there is no table 12r5"):
        fetch()
    assert sorted(written(project)) == [
        "statfin/11re-2021-12.csv.gz",
        "statfin/11re-2021-12.yml",
        "statfin/12u4-2021-06.csv.gz",
        "statfin/12u4-2021-06.yml",
    ]


def test_months_that_the_table_lacks_are_refused(fetch: Fetch, project: Path) -> None:
    for wish in ({"last": "2021-07"}, {"first": "2020-12"}, {"first": "2021-04", "last": "2021-03"}):
        with pytest.raises(UsageError, match="it has 2021-01 to 2021-06"):
            fetch("12r5", **wish)
    assert written(project) == {}


def without(table: Table, code: str, value: str) -> dict[str, list[str]]:
    return table.variables | {code: [item for item in table.variables[code] if item != value]}


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (("Alue", "KU003"), "1 areas of the review are not in statfin-12r5: KU003"),
        (("Kuukausi", "2021M03"), "periods are missing in the middle, after 2021-02"),
        (("Tiedot", "TYOVOIMATK"), "1 measures are not in the table: TYOVOIMATK"),
    ],
)
def test_what_the_contract_promises_must_be_there(
    fetch: Fetch, statfin: PxServer, project: Path, lost: tuple[str, str], message: str
) -> None:
    statfin.change("12r5", variables=without(statfin.tables["StatFin/tyonv", "12r5"], *lost))
    with pytest.raises(SourceError, match=message):
        fetch("12r5")
    assert written(project) == {}


def test_an_optional_measure_may_be_absent(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    table = statfin.tables["StatFin/tyonv", "12r5"]
    statfin.change("12r5", variables=without(table, "Tiedot", "UUDETAVP"))
    about, _ = rows(project, fetch("12r5")[0])
    assert len(about.measures) == 22
    assert "UUDETAVP" not in about.measures


def test_a_variable_without_a_total_is_refused(fetch: Fetch, statfin: PxServer) -> None:
    table = statfin.tables["StatFin/tyonv", "12u4"]
    statfin.change("12u4", variables=without(table, "sukupuoli_9_20180101", "SSS"))
    with pytest.raises(SourceError, match="the variable number 2 has no total"):
        fetch("12u4")


LOGIN = "<!DOCTYPE html><html><title>Kirjaudu sisään</title></html>"


@pytest.mark.parametrize("path", ["?config", "StatFin/tyonv/", "StatFin/tyonv/12r5.px"])
def test_a_login_page_is_refused(fetch: Fetch, statfin: PxServer, project: Path, path: str) -> None:
    statfin.rewrite = lambda asked, body: LOGIN if asked == path else body
    with pytest.raises(SourceError, match="a web page came instead of data"):
        fetch("12r5")
    assert written(project) == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"size": [23, ', '"size": [22, '), "dimension 1 does not have as many codes as its size says"),
        (('"value": [', '"value": [987654321, '), "as many cells as its sizes say"),
        (('"version": "2.0"', '"version": "2.0", "version": "2.0"'), "has a key twice"),
        (('"SSS": 0', '"SSS": 0, "SSS": 0'), "has a key twice"),
        (('"class": "dataset"', '"class": "collection"'), "missing or of another kind: class"),
        (('"status": {', '"status": {"987654321": "...", '), "1 marks stand at no cell"),
        (('": "..."', '": "987654321"'), "1 marks are unknown"),
        (('"SSS": 0', '"KU987": 0'), "is not what was asked for"),
        (('"value": [', '"value": [987654321.5, '), "as many cells"),
        (('"updated": "2', '"updated": "x2'), "missing or of another kind: updated"),
    ],
)
def test_an_answer_that_breaks_its_promise_is_refused(
    fetch: Fetch, statfin: PxServer, project: Path, change: tuple[str, str], message: str
) -> None:
    statfin.rewrite = lambda _, body: body.replace(*change, 1) if '"dataset"' in body else body
    with pytest.raises(SourceError, match=message) as caught:
        fetch("12r5")
    assert "987654321" not in str(caught.value)
    assert written(project) == {}


def test_a_table_updated_while_it_is_fetched_is_begun_anew(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    statfin.limits |= {"maxCells": 300}

    def update(answered: int) -> None:
        if answered == 3:
            statfin.change("12r5", updated="2026-08-21T08:00:00")

    statfin.after_query = update
    (path,) = fetch("12r5")
    assert rows(project, path)[0].updated == "2026-08-21T08:00:00"
    assert sorted(written(project)) == ["statfin/12r5-2021-06.csv.gz", "statfin/12r5-2021-06.yml"]


def test_a_table_that_never_rests_is_given_up(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    statfin.limits |= {"maxCells": 300}
    statfin.after_query = lambda n: statfin.change("12r5", updated=f"2026-08-21T08:00:{n % 60:02d}")
    with pytest.raises(SourceError, match="updated again and again"):
        fetch("12r5")
    assert written(project) == {}


def test_an_interrupted_run_asks_for_nothing_twice(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    statfin.limits |= {"maxCells": 300}
    fetch("12r5")
    calm, queries = written(project), set(statfin.seen.answered)
    clear(project)
    statfin.seen.answered.clear()

    def trouble(answered: int) -> None:
        statfin.share_of_faults = 1.0 if answered == 3 else statfin.share_of_faults

    statfin.after_query = trouble
    with pytest.raises(SourceError, match="no answer"):
        fetch("12r5")
    assert sorted(written(project)) == [f"statfin/.parts/12r5-20260721T080000/{n:03d}.json" for n in range(3)]
    statfin.share_of_faults = 0.0
    statfin.after_query = lambda _: None
    fetch("12r5")
    assert statfin.seen.answered == dict.fromkeys(queries, 1)
    assert written(project) == calm


def test_a_damaged_part_is_fetched_again(fetch: Fetch, statfin: PxServer, project: Path) -> None:
    fetch("12r5")
    calm = written(project)
    clear(project)
    part = project / "data" / "sources" / "statfin" / ".parts" / "12r5-20260721T080000" / "000.json"
    part.parent.mkdir(parents=True)
    part.write_text('{"version": "2.0", "class": "dataset"')
    fetch("12r5")
    assert written(project) == calm
