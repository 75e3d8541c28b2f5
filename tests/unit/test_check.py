"""What a check tells: counts, what is noteworthy and what is wrong, in the reader's language; a vintage if asked."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path
from time import perf_counter

import pandas as pd
import pytest
from tiny_project import SAVED, Tiny, copy_tiny

from katsaus.check import Report, check
from katsaus.cli import checked
from katsaus.config.findings import Reader
from katsaus.errors import DataError, SnapshotError
from katsaus.sources.snapshot import find_sidecar, read_snapshot, write_snapshot
from katsaus.store.vintage import vintages

PLANTED = "987654321"
UNEMPLOYED, VACANCIES = "TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"
HELD = {"statfin-12r5", "statfin-12u4", "kela-assistance", "kela-unemployment", "kela-municipalities", "ministry"} | {
    "ttl-kykyviisari"
}
SECONDS = 5
"""What a check of the tiny project may take on a slow machine."""


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The tiny project with one vintage. Not to be changed."""
    return copy_tiny(root, tmp_path_factory.mktemp("check") / "tiny")


@pytest.fixture
def tiny(made: Tiny, tmp_path: Path) -> Tiny:
    shutil.copytree(made.folder, tmp_path / "tiny")
    return Tiny(tmp_path / "tiny")


def report(tiny: Tiny, *, save: date | None = None, lang: Reader = "en") -> Report:
    return check(tiny.folder, save=save, lang=lang, progress=lambda _: None)


def deliver(tiny: Tiny, column: str, *, month: str = "2018M01", **figures: str) -> None:
    """A newer snapshot of 12r5 in which a column of some areas in a month is otherwise."""
    sidecar, content = read_snapshot(find_sidecar(tiny.folder, "statfin-12r5"), tiny.folder)
    table = pd.read_csv(io.BytesIO(content), dtype=str)
    for area, figure in figures.items():
        table.loc[(table["Alue"] == area) & (table["Kuukausi"] == month), column] = figure
    about = sidecar.model_dump(mode="python", exclude={"id", "file", "sha256"})
    changed = table.to_csv(index=False, lineterminator="\n").encode()
    assert changed != content
    write_snapshot(tiny.folder, "statfin-12r5", content=changed, about=about)


def deliver_copy(root: Path, tiny: Tiny, contract: str) -> None:
    """The real project's newest snapshot of a contract, whose areas are unknown in the tiny country."""
    sidecar, content = read_snapshot(find_sidecar(root, contract), root)
    about = sidecar.model_dump(mode="python", exclude={"id", "file", "sha256"})
    write_snapshot(tiny.folder, contract, content=content, about=about)


def test_a_report_counts(made: Tiny) -> None:
    started = perf_counter()
    found = report(made)
    assert perf_counter() - started < SECONDS
    assert {source.source for source in found.sources} == HELD
    source = found.sources[0]
    assert (source.source, source.synthetic) == ("statfin-12r5", True)
    assert (source.first, source.last) == ("2018-01", "2021-06")
    assert source.rows == 10 * 42 * 3, "areas × months × measures"
    assert source.published > source.hidden > 0
    assert (source.warnings, source.corrections) == ((), ())
    assert "kela-subsidy" in found.without
    assert not HELD & set(found.without)
    assert {"D06", "E01"} <= set(found.unpublished)
    assert "A03" not in found.unpublished
    assert (found.vintage, found.stale) == ("2021-05-1", ())


def test_a_second_save_of_the_same_figures_is_no_new_vintage(tiny: Tiny) -> None:
    assert report(tiny, save=SAVED).vintage == "2021-05-1"
    assert report(tiny, save=date(2021, 7, 28)).vintage == "2021-05-1"
    assert vintages(tiny.folder) == ["2021-05-1"]
    deliver(tiny, UNEMPLOYED, KU001="999")
    with pytest.raises(DataError, match="totals-area"):
        report(tiny, save=SAVED)
    assert vintages(tiny.folder) == ["2021-05-1"], "what is refused is not kept"


def test_a_newer_snapshot_than_the_vintage_s_is_told(tiny: Tiny) -> None:
    deliver(tiny, VACANCIES, KU001="...")
    found = report(tiny)
    assert (found.vintage, found.stale) == ("2021-05-1", ("statfin-12r5",))
    assert any("newer snapshots: statfin-12r5" in line for line in checked(found))
    assert report(tiny, save=SAVED).vintage == "2021-05-2"
    assert report(tiny).stale == ()


@pytest.mark.parametrize(("lang", "said"), [("en", "differ"), ("fi", "poikkea"), ("sv", "avvik")])
def test_a_revision_is_a_warning_in_the_reader_s_language(tiny: Tiny, lang: Reader, said: str) -> None:
    deliver(tiny, VACANCIES, KU001=PLANTED, MK01="...")
    found = report(tiny, lang=lang)
    (warning,) = found.sources[0].warnings
    assert warning.what.startswith("history-revised: ")
    assert said in str(warning).lower()
    assert PLANTED not in "\n".join(checked(found))


def test_faults_of_all_sources_are_told_at_once(root: Path, tiny: Tiny) -> None:
    deliver(tiny, UNEMPLOYED, KU001=f"-{PLANTED}")
    deliver_copy(root, tiny, "ttl-kykyviisari")
    with pytest.raises(DataError) as raised:
        report(tiny)
    told = [(problem.what.partition(":")[0], problem.where.split("/")[2]) for problem in raised.value.problems]
    assert ("value-negative", "statfin") in told
    assert ("area-unknown", "ttl") in told
    assert PLANTED not in str(raised.value) + repr(raised.value.problems)


def test_a_damaged_snapshot_and_bad_figures_are_told_together(root: Path, tiny: Tiny) -> None:
    next((tiny.folder / "data/sources/statfin").glob("*.gz")).write_bytes(b"x")
    with pytest.raises(SnapshotError, match="not the one its sidecar describes"):
        report(tiny)
    deliver_copy(root, tiny, "ttl-kykyviisari")
    with pytest.raises(DataError) as raised:
        report(tiny)
    assert "not the one its sidecar describes" in str(raised.value)
    assert "area-unknown" in str(raised.value)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "months of the review"), ("fi", "katsauksen kuukausia"), ("sv", "månader i översikten")]
)
def test_a_month_of_the_calendar_without_figures_is_refused(tiny: Tiny, lang: Reader, said: str) -> None:
    calendar = tiny.folder / "reviews/calendar.yml"
    calendar.write_text(calendar.read_text(encoding="utf-8") + "  - 2021-06\n  - 2021-07\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        report(tiny, lang=lang)
    published = ("statfin-12r5", "ministry", "kela-municipalities")
    for source, problem in zip(published, raised.value.problems, strict=True):
        assert problem.what.startswith(f"month-outside: {source}: ")
        assert said in problem.what
        assert "2021-07" in problem.what
        assert "2021-05" not in problem.what


def test_the_command_speaks_the_reader_s_language(tiny: Tiny) -> None:
    deliver(tiny, UNEMPLOYED, KU001="-101")
    done = tiny.run("check", "--lang", "sv")
    assert done.code == DataError.exit_code
    assert "value-negative" in done.said
    assert "värden är negativa" in done.said
