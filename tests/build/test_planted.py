"""A figure that a pattern hides is in no byte of what is made: pages, downloads, what commands say, what they leave."""

from __future__ import annotations

import io
import json
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from built import contents, spelt, table, text_of
from tiny_project import SAVED, Done, Tiny

from katsaus.check import check
from katsaus.disclosure.patterns import pattern_file, read_patterns, write_pattern
from katsaus.sources.snapshot import find_sidecar, read_snapshot, write_snapshot

PLANTED = 987654321
SOURCE, MEASURE = "kela-municipalities", "rehabilitation"
MONTH = "2021-04"
TOWN, AREA = "KU003", "KK02"
LINE = (TOWN, AREA, "trial", "country")
"""Everything that the figure is part of: it is far above the threshold, and hidden because the pattern says so."""

HOLDERS = {"sources", "vintages"}
"""The folders of data that hold figures as they were delivered, never published."""

BINARY = [struct.pack(kind, PLANTED) for kind in ("<d", "<q", "<i", "<f", ">d", ">q", ">i")]


def put(folder: Path, area: str, *, more: int | None = None) -> int:
    """Add to the recipients of an area, or make them the figure; tells by how many they are more."""
    path = find_sidecar(folder, SOURCE)
    sidecar, content = read_snapshot(path, folder)
    figures = pd.read_csv(io.BytesIO(content))
    at = (figures.month == MONTH) & (figures.group == "_T") & (figures.area == area)
    (before,) = figures.loc[at, MEASURE]
    added = PLANTED - int(before) if more is None else more
    figures.loc[at, MEASURE] += added
    about = sidecar.model_dump(exclude={"id", "file", "sha256"}, mode="json")
    for old in (path, path.with_name(sidecar.file)):
        old.unlink()
    write_snapshot(folder, SOURCE, content=figures.to_csv(index=False, lineterminator="\n").encode(), about=about)
    return added


def hide(folder: Path, *areas: str) -> None:
    """Hide a measure of areas as well."""
    kept = read_patterns(folder, SOURCE)[MONTH]
    line = {**kept.hidden.get(MEASURE, {})}
    line["_T/_T"] = tuple(sorted({*line.get("_T/_T", ()), *areas}))
    write_pattern(folder, replace(kept, hidden={**kept.hidden, MEASURE: line}))


def let_it_jump(folder: Path) -> None:
    """No month is really so unlike the one before."""
    path = folder / "reviews/sources.yml"
    before, found, after = path.read_text(encoding="utf-8").partition(f"  - id: {SOURCE}\n")
    rest = after.replace("    jump: {factor: 6, from: 500}\n", "", 1)
    assert len(rest) < len(after)
    path.write_text(before + found + rest, encoding="utf-8")


@pytest.fixture(scope="module")
def planted(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiny, Done]:
    """The tiny project with the figure hidden and a vintage without it, its pages built, and what the build said."""
    project = Tiny(Path(shutil.copytree(tiny_saved.folder, tmp_path_factory.mktemp("planted") / "tiny")))
    let_it_jump(project.folder)
    put(project.folder, "SSS", more=put(project.folder, TOWN))
    hide(project.folder, *LINE)
    check(project.folder, save=SAVED, lang="en", progress=lambda _: None)
    choice = ("--strict", "--month", MONTH, "--lang", "fi")
    whole = project.build(*choice, "--html", "--area", "trial", **_left(project))
    done = project.build(*choice, "--area", "kaksila-kolmela", "--area", "kolmela", **_left(project))
    assert (whole.code, done.code) == (0, 0), whole.said + done.said
    return project, Done(done.code, whole.said + done.said)


def _left(project: Tiny) -> dict[str, str]:
    """Where a command leaves what it leaves."""
    folder = project.folder / "left"
    folder.mkdir(exist_ok=True)
    return {"TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder), "XDG_STATE_HOME": str(folder)}


def made(project: Tiny) -> Iterator[Path]:
    """Every file of the project but the figures as they were delivered."""
    for path in project.folder.rglob("*"):
        if path.is_file() and not (path.parts[len(project.folder.parts)] == "data" and set(path.parts) & HOLDERS):
            yield path


def telling(project: Tiny) -> list[str]:
    """Files that hold the figure, as text or as a number in memory."""
    found = [name for name, text in contents(project.site).items() if spelt(PLANTED).search(text)]
    for path in made(project):
        content = path.read_bytes()
        text = content.decode("utf-8", errors="replace")
        if spelt(PLANTED).search(text) or any(number in content for number in BINARY):
            found.append(path.relative_to(project.folder).as_posix())
    return found


def test_the_figure_is_planted_and_hidden_beside_small_ones(planted: tuple[Tiny, Done]) -> None:
    project, _ = planted
    _, content = read_snapshot(find_sidecar(project.folder, SOURCE), project.folder)
    assert str(PLANTED) in content.decode()
    page = project.site / f"fi/{MONTH}/alue/kaksila-kolmela"
    hidden = [row for row in table(page / "tbl-kela.csv") if "..." in row.values()]
    assert hidden, "the area's row of recipients is hidden"
    assert "..." in text_of(page / "index.pdf")
    small = read_patterns(project.folder, SOURCE)[MONTH].hidden[MEASURE]["_T/_T"]
    assert set(LINE) < set(small)


def test_a_hidden_figure_is_in_no_byte(planted: tuple[Tiny, Done]) -> None:
    project, done = planted
    assert telling(project) == []
    assert not spelt(PLANTED).search(done.said)


def test_checks_and_comparisons_do_not_say_it(planted: tuple[Tiny, Done]) -> None:
    project, _ = planted
    for command in ("check", "diff"):
        done = project.run(command, **_left(project))
        assert done.code == 0, done.said
        assert done.said
        assert not spelt(PLANTED).search(done.said)
        assert command == "check" or SOURCE not in done.said, "what is hidden has not changed for readers"
    assert telling(project) == []


def test_the_audit_finds_nothing_of_it_and_does_not_say_it(planted: tuple[Tiny, Done]) -> None:
    project, _ = planted
    done = project.run("check", "--audit", "--json", "audit.json", **_left(project))
    found = json.loads((project.folder / "audit.json").read_text(encoding="utf-8"))["audit"]
    assert (found["determined"], found["weak"]) == (0, 0)
    assert [finding for finding in found["findings"] if "kela" in finding] == []
    assert not spelt(PLANTED).search(done.said)
    assert telling(project) == []


def contradict(folder: Path) -> None:
    """The country is less than the sum of its towns."""
    put(folder, "SSS", more=-PLANTED // 2)


def show(measure: str, at: str, *areas: str) -> Callable[[Path], None]:
    """Take areas out of a hidden line."""

    def change(folder: Path) -> None:
        kept = read_patterns(folder, SOURCE)[MONTH]
        line = tuple(area for area in kept.hidden[measure][at] if area not in areas)
        write_pattern(folder, replace(kept, hidden={**kept.hidden, measure: {**kept.hidden[measure], at: line}}))

    return change


def damage(folder: Path) -> None:
    pattern_file(folder, SOURCE, month=MONTH).write_text(f'{{"hidden": {PLANTED - 1}', encoding="utf-8")


def lose(folder: Path) -> None:
    pattern_file(folder, SOURCE, month=MONTH).unlink()


@pytest.mark.parametrize(
    ("fault", "command", "said"),
    [
        (contradict, "check", "country"),
        (
            show("assistance", "_T/Y_LT30", TOWN),
            "build",
            f"{SOURCE}/{MONTH}.json: the pattern lets 1 small counts through",
        ),
        (show(MEASURE, "_T/_T", AREA, "KU002"), "build", f"{SOURCE} {MONTH}: 2 hidden cells can be worked out"),
        (damage, "build", f"{SOURCE}/{MONTH}.json: the pattern can't be read"),
        (lose, "build", f"{SOURCE}/{MONTH}.json: the month has no pattern of hidden cells"),
    ],
    ids=["contradicting figures", "a small count shown", "a line given away", "a damaged pattern", "no pattern"],
)
def test_no_error_says_it(
    planted: tuple[Tiny, Done], tmp_path: Path, fault: Callable[[Path], None], command: str, said: str
) -> None:
    project = Tiny(Path(shutil.copytree(planted[0].folder, tmp_path / "tiny", ignore=shutil.ignore_patterns("_site"))))
    fault(project.folder)
    words = ("--month", MONTH, "--area", "kolmela", "--lang", "fi", "--html") if command == "build" else ()
    done = project.run(command, *words, **_left(project))
    assert done.code not in (0, 1), done.said
    assert said in " ".join(done.said.split())
    assert "Traceback" not in done.said
    assert not spelt(PLANTED).search(done.said)
    assert telling(project) == []
