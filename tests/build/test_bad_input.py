"""Bad input through the real command: one clear message, an exit code of its own, the good site untouched."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import resource
import shutil
import subprocess
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from tiny_project import KATSAUS, Done, Tiny

CHOICE = ("--month", "2021-04", "--area", "kaksila-kolmela", "--html")


CHECK = ("check",)


def replaced(name: str, old: str, new: str) -> Callable[[Tiny], None]:
    def spoil(project: Tiny) -> None:
        path = project.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def snapshot(change: Callable[[list[str]], list[str]], *, described: bool = True) -> Callable[[Tiny], None]:
    """Change the lines of the snapshot; when `described`, its sidecar is made to fit."""

    def spoil(project: Tiny) -> None:
        path = project.folder / "data/sources/statfin/12r5-2021-06.csv.gz"
        lines = change(gzip.decompress(path.read_bytes()).decode().splitlines())
        path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))
        if described:
            sidecar = path.with_name(path.name.replace(".csv.gz", ".yml"))
            text = re.sub("sha256: .*", f"sha256: {hashlib.sha256(path.read_bytes()).hexdigest()}", sidecar.read_text())
            sidecar.write_text(re.sub("rows: .*", f"rows: {len(lines) - 1}", text))

    return spoil


def no_vintage(project: Tiny) -> None:
    shutil.rmtree(project.folder / "data/vintages")


def no_tables(project: Tiny) -> None:
    """As in a fresh clone, which has the manifests only."""
    for folder in (path for path in (project.folder / "data/vintages").iterdir() if path.is_dir()):
        shutil.rmtree(folder)


def damaged_table(project: Tiny) -> None:
    path = next(project.folder.glob("data/vintages/*/statfin-12r5.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 400] = bytes(400)
    path.write_bytes(content)


def in_turn(*steps: Callable[[Tiny], None]) -> Callable[[Tiny], None]:
    def spoil(project: Tiny) -> None:
        for step in steps:
            step(project)

    return spoil


def vintages(project: Tiny) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.folder.glob("data/vintages/*.yml")}


def notebook(change: Callable[[list[dict[str, Any]]], None], name: str = "area") -> Callable[[Tiny], None]:
    def spoil(project: Tiny) -> None:
        path = project.folder / f"notebooks/{name}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content["cells"])
        path.write_text(json.dumps(content), encoding="utf-8")

    return spoil


def last_cell(source: str) -> Callable[[Tiny], None]:
    cell = {"cell_type": "code", "id": "last", "metadata": {}, "source": source, "execution_count": None, "outputs": []}
    return notebook(lambda cells: cells.append(cell))


def last_prose(text: str, *langs: str) -> Callable[[Tiny], None]:
    blocks = (f'::: {{.content-visible when-profile="{lang}"}}\n{text}\n:::' for lang in langs or ("fi", "sv"))
    source = "\n\n".join(blocks)
    return notebook(
        lambda cells: cells.append({"cell_type": "markdown", "id": "last", "metadata": {}, "source": source})
    )


def parameters(source: str) -> Callable[[Tiny], None]:
    return notebook(lambda cells: cells[0].update(source=source))


class Case(NamedTuple):
    """What is spoilt, the exit code, and what the message must tell: where, what, and the remedy or reason.

    `{last}` is the number of the area notebook's last cell.
    """

    spoil: Callable[[Tiny], None]
    code: int
    told: tuple[str, ...]
    command: tuple[str, ...] = ("build", *CHOICE)


def chart(label: str, alt: str) -> Callable[[Tiny], None]:
    """A chart in a new last cell, with what stands for its label and its alt text."""
    return last_cell(f"""{label}
import altair as alt

lines = review.figures("D01")
table = review.by_month(lines, caption="x")
review.chart(alt.Chart(lines).mark_line(), table, title="x", subtitle="y"{alt})""")


CASES = {
    "duplicate YAML key": Case(
        replaced("reviews/areas.yml", "    slug: yksila\n", "    slug: yksila\n    slug: toinen\n"),
        10,
        ("reviews/areas.yml:6", "'slug' is written twice"),
    ),
    "unknown key": Case(
        replaced("reviews/areas.yml", "    slug: yksila\n", "    slug: yksila\n    slugg: yksila\n"),
        10,
        ("reviews/areas.yml:6", "slugg"),
    ),
    "the no: trap": Case(
        replaced("reviews/areas.yml", "te_office: {fi: Etelä, sv: Söder}", "te_office: {no: Etelä, sv: Söder}"),
        10,
        ("reviews/areas.yml:9", "no"),
    ),
    "the 0123 trap": Case(
        replaced("reviews/areas.yml", 'law: "1"', "law: 0123"), 10, ("reviews/areas.yml:8", "0123", "quotes")
    ),
    "unknown municipality": Case(
        replaced("reviews/areas.yml", "[KU001]", "[KU777]"), 10, ("reviews/areas.yml:10", "KU777")
    ),
    "municipality in two areas": Case(
        replaced("reviews/areas.yml", "[KU002, KU003]", "[KU002, KU001]"),
        10,
        ("reviews/areas.yml:18", "KU001", "yksila"),
    ),
    "calendar month outside the data": Case(
        replaced("reviews/calendar.yml", "  - 2021-05\n", "  - 2021-05\n  - 2021-06\n  - 2021-07\n"),
        20,
        ("reviews/calendar.yml: month-outside: statfin-12r5: ", "2021-07; the data are of 2018-01 to 2021-06"),
        CHECK,
    ),
    "calendar month without a vintage": Case(
        replaced("reviews/calendar.yml", "  - 2021-05\n", "  - 2021-05\n  - 2021-06\n"),
        20,
        ("reviews/calendar.yml: the newest month is 2021-06 and the newest vintage 2021-05-1", "katsaus check --save"),
    ),
    "no vintage": Case(no_vintage, 20, ("no vintage has been saved", "katsaus check --save")),
    "a snapshot that changed since the vintage": Case(
        in_turn(snapshot(lambda lines: [*lines[:-1], lines[-1].replace("0", "1")]), no_tables),
        21,
        ("data/sources/statfin/12r5-2021-06.yml: the snapshot has been changed",),
    ),
    "a damaged vintage": Case(damaged_table, 21, ("data/vintages/2021-05-1/statfin-12r5.parquet", "damaged")),
    "snapshot is not the one described": Case(
        snapshot(lambda lines: [*lines[:-1], lines[-1].replace("0", "1")], described=False),
        21,
        ("sha256", "12r5-2021-06"),
        CHECK,
    ),
    "missing month": Case(
        snapshot(lambda lines: [line for line in lines if "2020M07" not in line]), 20, ("month-gap", "2020-07"), CHECK
    ),
    "duplicated rows": Case(
        snapshot(lambda lines: [*lines, lines[5], lines[6]]),
        20,
        ("key-repeated: rows repeat another row (rows: 2;",),
        ("check", "--save"),
    ),
    "no parameters": Case(
        notebook(lambda cells: cells[0].update(metadata={})), 31, ("notebooks/area.ipynb", "parameters")
    ),
    "parameter missing": Case(parameters('area = "x"\nmonth = "2021-04"'), 31, ("notebooks/area.ipynb", "lang")),
    "parameter doubled": Case(
        parameters('area = "x"\narea = "y"\nmonth = "2021-04"\nlang = "fi"'), 31, ("notebooks/area.ipynb", "area")
    ),
    "parameter unknown": Case(
        parameters('area = "x"\nmonth = "2021-04"\nlang = "fi"\nyear = "2021"'), 31, ("notebooks/area.ipynb", "year")
    ),
    "parameter of the wrong type": Case(
        parameters('area = "x"\nmonth = 202104\nlang = "fi"'), 31, ("notebooks/area.ipynb", "month")
    ),
    "a cell that raises": Case(
        last_cell("1 / 0"),
        32,
        ("notebooks/area.ipynb cell {last}", "kaksila-kolmela", "2021-04", "fi", "ZeroDivisionError"),
    ),
    "a cell that eats memory": Case(
        last_cell("kept = []\nwhile True:\n    kept.append(bytearray(10**7))"),
        34,
        ("notebooks/area.ipynb cell {last}", "memory"),
    ),
    "a chart with an empty alt text": Case(
        chart("#| label: fig-x", ", alt=''"), 40, ("notebooks/area.ipynb cell {last}", "alt", "kaksila-kolmela")
    ),
    "a chart whose alt text is left out": Case(
        chart("#| label: fig-x", ""), 40, ("notebooks/area.ipynb cell {last}", "alt")
    ),
    "a text left out in Swedish": Case(
        last_cell("review.text(fi='x')"), 11, ("notebooks/area.ipynb cell {last}", "sv")
    ),
    "a link that runs a script": Case(
        last_prose("[x](javascript:alert(1))"), 41, ("cell {last}", "javascript:alert(1)")
    ),
    "a chart without its label": Case(chart("", ", alt='told'"), 40, ("notebooks/area.ipynb cell {last}", "label")),
    "a bare data frame": Case(last_cell("review.figures('A03')"), 41, ("notebooks/area.ipynb cell {last}",)),
    "a print": Case(last_cell("print('here')"), 41, ("notebooks/area.ipynb cell {last}",)),
    "a term missing in Swedish": Case(
        replaced("reviews/terms/sv.po", 'msgid "Municipality"\nmsgstr "Kommun"', 'msgid "Municipality"\nmsgstr ""'),
        11,
        ("reviews/terms/sv.po:", "Municipality"),
    ),
    "a paragraph missing in Swedish": Case(
        last_prose("Vain suomeksi.", "fi"), 11, ("notebooks/area.ipynb cell {last}", "sv")
    ),
}


@pytest.fixture
def good(tiny: Tiny) -> Tiny:
    """A project with a good site in place."""
    (tiny.site / "fi").mkdir(parents=True)
    (tiny.site / "fi/index.html").write_text("the good site", encoding="utf-8")
    return tiny


def untouched(project: Tiny) -> bool:
    here = [path.relative_to(project.site).as_posix() for path in project.site.rglob("*")]
    return sorted(here) == ["fi", "fi/index.html"] and (project.site / "fi/index.html").read_text() == "the good site"


def clear(done: Done) -> bool:
    """No traceback, nothing twice, nothing planted."""
    lines = [line for line in done.said.splitlines() if line and not line.startswith(" ")]
    return "Traceback" not in done.said and "987654321" not in done.said and len(lines) == len(set(lines))


def _cells(project: Tiny) -> int:
    return len(json.loads((project.folder / "notebooks/area.ipynb").read_text(encoding="utf-8"))["cells"])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_bad_input_is_refused(good: Tiny, case: Case) -> None:
    case.spoil(good)
    kept = vintages(good)
    done = good.run(*case.command)
    assert done.code == case.code, done.said
    assert vintages(good) == kept
    told = [part.format(last=_cells(good)) for part in case.told]
    assert [part for part in told if part not in done.said] == [], done.said
    assert clear(done), done.said
    assert untouched(good)
    assert [path.name for path in good.folder.glob("_site*")] == ["_site"]


def test_a_failing_page_loses_no_other(good: Tiny) -> None:
    last_cell("1 / (area != 'yksila');")(good)
    done = good.build("--month", "2021-04", "--area", "yksila", "--area", "kaksila-kolmela", "--html")
    assert done.code == 32
    assert done.said.count("ZeroDivisionError") == 2, "one message for each language"
    assert untouched(good)
    assert (good.folder / "_site.failed/fi/2021-04/alue/kaksila-kolmela/index.html").is_file()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--month", "2030-01"), "2030-01"),
        (("--area", "nowhere"), "kaksila-kolmela"),
        (("--lang", "en"), "fi, sv"),
    ],
)
def test_a_wish_that_can_t_be_fulfilled_names_what_can(good: Tiny, options: tuple[str, ...], told: str) -> None:
    done = good.build(*options)
    assert done.code == 2
    assert told in done.said
    assert clear(done)
    assert untouched(good)


def test_an_output_folder_that_is_not_a_site_is_not_replaced(good: Tiny) -> None:
    done = good.build(*CHOICE, "--out", str(good.folder / "notebooks"))
    assert done.code == 50
    assert "about.ipynb, which no build has written" in done.said
    assert (good.folder / "notebooks/area.ipynb").is_file()


@pytest.mark.parametrize("out", ["/proc/site", "/dev/null/site", "reviews/areas.yml"])
def test_an_output_folder_that_can_t_be_written(good: Tiny, out: str) -> None:
    done = good.build(*CHOICE, "--out", out)
    assert done.code == 50, done.said
    assert clear(done), done.said


def test_a_full_disk(good: Tiny) -> None:
    """A limit on the size of files stands for the disk's: what is written beyond it is refused in the same way."""
    done = subprocess.run(
        [KATSAUS, "build", *CHOICE],
        cwd=good.folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 51, done.stderr
    assert "no room" in done.stderr
    assert clear(Done(done.returncode, done.stdout + done.stderr))
    assert untouched(good)
    assert [path.name for path in good.folder.glob("_site*")] == ["_site"]


def test_a_page_that_is_too_heavy_stops_a_strict_build_only(good: Tiny) -> None:
    text = "".join(f"{random.Random(number).getrandbits(64):016x} " for number in range(20_000))
    last_prose(text)(good)
    strict = good.build(*CHOICE, "--lang", "fi", "--strict")
    assert strict.code == 3
    assert "the page weighs" in strict.said
    assert untouched(good)
    lenient = good.build(*CHOICE, "--lang", "fi")
    assert lenient.code == 0
    assert "warning: notebooks/area.ipynb" in lenient.said
