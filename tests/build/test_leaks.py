"""What must not be seen is in no byte of a site: neither as a figure nor through what is computed of it."""

from __future__ import annotations

import csv
import gzip
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from built import contents, files, spelt, text_of
from tiny_project import SAVED, Done, Tiny

from katsaus.check import check
from katsaus.config.contract import Contract, load_contracts
from katsaus.sources.snapshot import find_sidecar, read_snapshot, write_snapshot

PLANTED = 987654321
SCALE = 10
"""The ministry's counts are multiplied by it, and the threshold is the highest that a rule may have: what is hidden is
then well apart from what can stand on a page for another reason.
"""

THRESHOLD = 100
MORE = 27
CELL = {"month": "2021-04", "measure": "labour_market_training"}
HIDDEN = {"KU002": 7 * SCALE, "KU003": 3 * SCALE}
"""Counts of two towns of one trial area. With MORE the first is 97, and so are the area's clients of the trial whichever
of the two has more; the total of the towns is above the threshold.
"""

DISTINCT = HIDDEN["KU002"] + MORE
PLACES = ("kaksila-kolmela", "kaksila", "kolmela")


@pytest.mark.parametrize(
    "written", ["987654321", "987 654 321", "987\N{NO-BREAK SPACE}654\N{NO-BREAK SPACE}321", "987&#160;654&#160;321"]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert spelt(PLANTED).search(f"x {written}<")
    assert not spelt(PLANTED).search(f"x 1{written}<")
    assert not spelt(PLANTED).search(f"x 1 {written}<")


def test_what_is_withheld_or_later_is_in_no_byte(tiny_built: tuple[Tiny, Done]) -> None:
    """The island is withheld, and everything after the page's month is in the future."""
    project, done = tiny_built
    planted = [name for name, text in _unpacked(project).items() if str(PLANTED) in text]
    assert planted == ["flows-2021-06", "12r5-2021-06"], "the figure is not planted"
    assert "176" in text_of(project.site / "fi/2021-04/alue/kaksila-kolmela/index.pdf"), "PDFs can't be read"
    assert not spelt(PLANTED).search(done.said)
    assert [name for name, text in contents(project.site).items() if spelt(PLANTED).search(text)] == []


def _unpacked(project: Tiny) -> dict[str, str]:
    paths = sorted(project.folder.glob("data/sources/*/*.csv.gz"))
    return {path.name.removesuffix(".csv.gz"): gzip.decompress(path.read_bytes()).decode() for path in paths}


@pytest.fixture(scope="module")
def larger(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The project with large counts and the highest threshold, the first town's hidden count made distinct."""
    return _built(tiny_saved, tmp_path_factory.mktemp("larger") / "tiny", town="KU002")


@pytest.fixture(scope="module")
def other(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The same with the other town's count made larger."""
    return _built(tiny_saved, tmp_path_factory.mktemp("other") / "tiny", town="KU003")


def _built(saved: Tiny, folder: Path, *, town: str) -> Tiny:
    project = Tiny(Path(shutil.copytree(saved.folder, folder)))
    contracts = load_contracts(folder)
    for name in ("ministry-jobseekers", "ministry-services", "ministry-flows"):
        _enlarge(folder, contracts[name], town=town)
    _change(folder / "reviews/disclosure.yml", r"(id: ministry-register\n(?:.*\n){2}    threshold: )5", THRESHOLD)
    _change(folder / "reviews/sources.yml", r"(id: ministry\n(?:.*\n)*?    jump: \{factor: )6", 1000)
    shutil.rmtree(folder / "data/vintages")
    check(folder, save=SAVED, lang="en", progress=lambda _: None)
    areas = [word for place in PLACES for word in ("--area", place)]
    done = project.build("--strict", "--month", CELL["month"], *areas)
    assert done.code == 0, done.said
    return project


def _change(path: Path, pattern: str, to: int) -> None:
    text, times = re.subn(pattern, rf"\g<1>{to}", path.read_text(encoding="utf-8"))
    assert times == 1, path
    path.write_text(text, encoding="utf-8")


def _enlarge(folder: Path, contract: Contract, *, town: str) -> None:
    """Write the table anew, all counts multiplied, the cell of the town's trial clients and all its totals larger."""
    path = find_sidecar(folder, contract.name)
    sidecar, content = read_snapshot(path, folder)
    table = pd.read_csv(pd.io.common.BytesIO(content), dtype=str)
    for measure in (field.name for field in contract.measures.values()):
        counts = pd.to_numeric(table[measure], errors="coerce")
        table[measure] = table[measure].where(counts.isna(), (counts * SCALE).astype("Int64").astype(str))
    if CELL["measure"] in table:
        here = table.month.eq(CELL["month"]) & table.area.isin({town, "KK02", "KK", "SSS"})
        here &= table.responsible.isin({"_T", "trial"})
        table.loc[here, CELL["measure"]] = (table.loc[here, CELL["measure"]].astype(int) + MORE).astype(str)
    about = sidecar.model_dump(exclude={"id", "file", "sha256"}, mode="json")
    path.unlink()
    path.with_name(sidecar.file).unlink()
    write_snapshot(folder, contract.name, content=table.to_csv(index=False, lineterminator="\n").encode(), about=about)


def test_a_hidden_count_is_told_nowhere(larger: Tiny) -> None:
    figures = {name: _figures(name, text) for name, text in told(larger.site).items()}
    total = str(sum(HIDDEN.values()) + MORE)
    places = {name.rpartition("/")[2] for name, found in figures.items() if total in found}
    assert places >= {"index.html", "index.pdf", "fig-services.csv"}, "what is not hidden can't be found"
    assert [name for name, found in figures.items() if str(DISTINCT) in found] == []


def told(site: Path) -> dict[str, str]:
    """What a reader is told by each file: text, alternatives and tables, not the coordinates of drawings."""
    found = {}
    for path in (path for path in site.rglob("*") if path.suffix in {".html", ".csv", ".svg", ".json", ".pdf"}):
        text = text_of(path) if path.suffix == ".pdf" else path.read_text(encoding="utf-8")
        if path.suffix in {".html", ".svg"}:
            text = " ".join(
                [*re.findall(r'(?:aria-label|content|title)="([^"]*)"', text), re.sub("<[^>]*>", " ", text)]
            )
        found[path.relative_to(site).as_posix()] = text
    return found


def _figures(name: str, text: str) -> set[str]:
    cells = csv.reader(text.splitlines()) if name.endswith(".csv") else [re.findall(r"\d+(?:[\s,.]\d+)*", text)]
    return {figure for row in cells for figure in row}


def test_which_of_two_hidden_counts_is_the_larger_can_t_be_told(larger: Tiny, other: Tiny) -> None:
    """No byte of the towns' pages or their area's hangs on how a total is shared between hidden counts."""
    assert files(larger.site) == files(other.site)
