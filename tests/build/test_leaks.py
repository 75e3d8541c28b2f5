"""What must not be seen is in no byte of a site: neither as a figure nor through what is computed of it."""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from built import contents, files, spelt, table, text_of
from tiny_project import SAVED, Done, Tiny

from katsaus.check import check
from katsaus.sources.snapshot import find_sidecar, read_snapshot, write_snapshot

PLANTED = 987654321
TOWNS = ("KU002", "KU003")
SHARED = (4, 3)
"""Two counts below the threshold with a total above it. They are the recipients of two towns of one area, and of the
spells that ended in either of them those that ended in two ways: whichever is whose, every total is the same.
"""

WHOLE = {"_T", "trial"}
"""What the counts are of: everybody, and the clients of the trial, who are all of them."""

MONTH = "2021-04"
PLACES = {"alue/kaksila-kolmela": str(sum(SHARED)), "kunta/kaksila": "...", "kunta/kolmela": "..."}
"""The pages of the area and its towns, and what their tables show."""

ROWS = {"kela": "Perustoimeentulotuen työikäisiä saajia", "flows": "Päättynyt työhön avoimille työmarkkinoille"}
"""The counts by the table that they are in."""


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
def one(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A town and its neighbour have the two counts, and what can be told of them is built."""
    return _built(tiny_saved, tmp_path_factory.mktemp("one") / "tiny", counts=SHARED)


@pytest.fixture(scope="module")
def other(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The other way round."""
    return _built(tiny_saved, tmp_path_factory.mktemp("other") / "tiny", counts=SHARED[::-1])


def _built(saved: Tiny, folder: Path, *, counts: Sequence[int]) -> Tiny:
    project = Tiny(Path(shutil.copytree(saved.folder, folder)))
    _rewrite(folder, "kela-municipalities", counts=counts)
    _rewrite(folder, "ministry-flows", counts=counts)
    for kept in ("vintages", "patterns"):
        shutil.rmtree(folder / "data" / kept)
    check(folder, save=SAVED, lang="en", progress=lambda _: None)
    areas = [word for page in PLACES for word in ("--area", page.rpartition("/")[2])]
    done = project.build("--strict", "--month", MONTH, *areas)
    assert done.code == 0, done.said
    return project


def _rewrite(folder: Path, contract: str, *, counts: Sequence[int]) -> None:
    path = find_sidecar(folder, contract)
    sidecar, content = read_snapshot(path, folder)
    figures = pd.read_csv(io.BytesIO(content))
    for town, count, rest in zip(TOWNS, counts, counts[::-1], strict=True):
        if contract == "kela-municipalities":
            _put(figures, town, "assistance", count)
            continue
        ways = zip(("ended_open_market", "ended_unknown"), (count, rest), strict=True)
        more = pd.concat([_put(figures, town, way, value) for way, value in ways])
        for measure in ("ended", "started"):  # what enters must leave
            _add(figures, town, measure, more.groupby(level=0).sum())
    about = sidecar.model_dump(exclude={"id", "file", "sha256"}, mode="json")
    for old in (path, path.with_name(sidecar.file)):
        old.unlink()
    write_snapshot(folder, contract, content=figures.to_csv(index=False, lineterminator="\n").encode(), about=about)


def _put(figures: pd.DataFrame, town: str, measure: str, value: int) -> pd.Series:
    """Make a town's count of the month `value`, all of it the trial's and in no group; tells by how much each is more.

    Its parts were counted for what it was before, and could be more than all of it.
    """
    own = figures[(figures.month == MONTH) & (figures.area == town)].set_index(_part(figures))[measure]
    more = pd.Series([value if part in WHOLE else 0 for part in own.index], index=own.index) - own
    _add(figures, town, measure, more)
    return more


def _add(figures: pd.DataFrame, town: str, measure: str, more: pd.Series) -> None:
    """To the parts of the town's count, and of all totals that hold it."""
    held = (figures.month == MONTH) & figures.area.isin({town, "KK02", "KK", "SSS"})
    figures.loc[held, measure] += figures.loc[held, _part(figures)].map(more)


def _part(figures: pd.DataFrame) -> str:
    """What the counts of a table are divided by."""
    return "responsible" if "responsible" in figures else "group"


@pytest.mark.parametrize("name", ROWS)
def test_their_total_is_told_and_they_are_not(one: Tiny, other: Tiny, name: str) -> None:
    for project in (one, other):
        for page, shown in PLACES.items():
            rows = table(project.site / f"fi/{MONTH}/{page}/tbl-{name}.csv")
            assert [row["huhtikuu 2021"] for row in rows if row["Tunnusluku"] == ROWS[name]] == [shown], page


def test_which_of_two_hidden_counts_is_the_larger_can_t_be_told(one: Tiny, other: Tiny) -> None:
    """No byte of the towns' pages or their area's hangs on how a total is shared between hidden counts."""
    own, others = _unpacked(one), _unpacked(other)
    assert {name for name in own if own[name] != others[name]} == {"flows-2021-06", "municipalities-2021-06"}
    assert files(one.site) == files(other.site)
