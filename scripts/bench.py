"""Times our build against papermill and nbconvert, in one run and on the same notebooks.

Ours is the whole month, start-up included, divided by its pages. The peer runs page after page, as its commands do,
over a sample of the pages, with Altair's svg renderer on, so that both sides draw their charts before the reader comes.
The two sides take turns and medians are compared, because a machine's speed drifts. Memory is sampled in a run that is
not timed. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from katsaus.config.matrix import Page
from katsaus.config.project import load_project

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STEPS = ("execution", "svg", "html", "pdf")
CHART = "application/vnd.katsaus.figure+json"
SVG = "image/svg+xml"
SAMPLING = 0.05
RENDERER = 'import altair\n\naltair.renderers.enable("svg")\n'


@dataclass(frozen=True)
class Result:
    """What the comparison gives. Times are in seconds, those named `…_page` for one page; memory in 10⁶ bytes."""

    html_ratio: float
    full_ratio: float
    peak_mb: float
    pages: int
    html_page: float
    full_page: float
    peer_page: float
    edited_page: float
    steps_page: dict[str, float]


def run(command: list[str], **environment: str) -> float:
    """Wall seconds of a command; one that fails ends the comparison with what it said."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return time.perf_counter() - start


def build(month: str, out: Path, *options: str) -> list[str]:
    """Our command for `month`, into the site `out` with its timings beside it."""
    wanted = ["--month", month, "--out", str(out), "--timings", str(out.with_suffix(".json"))]
    return [str(BIN / "katsaus"), "build", *wanted, *options]


def timings(out: Path) -> dict[str, float]:
    """What the build of the site `out` told of itself: seconds of each step, summed over pages, and `pages`."""
    told: dict[str, float] = json.loads(out.with_suffix(".json").read_text("utf-8"))
    return told


def prepare_peer(folder: Path) -> dict[str, str]:
    """An IPython folder whose start-up turns Altair's svg renderer on, so that the notebooks stay as they are."""
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "renderer.py").write_text(RENDERER, "utf-8")
    return {"IPYTHONDIR": str(folder / "ipython")}


def run_peer(page: Page, folder: Path, environment: dict[str, str]) -> float:
    """Seconds of papermill and nbconvert for one page."""
    executed = folder / f"{page.name.replace(' · ', '_').replace('/', '_')}.ipynb"
    raw = [word for name in ("area", "month", "lang") for word in ("-r", name, str(getattr(page, name)))]
    papermill = [str(BIN / "papermill"), page.path, str(executed), "--no-progress-bar", "--kernel", "python3", *raw]
    nbconvert = [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", str(executed)]
    seconds = run(papermill, **environment) + run(nbconvert, **environment)
    check_charts(executed)
    return seconds


def check_charts(executed: Path) -> None:
    """The comparison is void when the peer left a chart for the reader's browser to draw."""
    cells = json.loads(executed.read_text("utf-8"))["cells"]
    bundles: list[dict[str, Any]] = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    charts = [bundle for bundle in bundles if CHART in bundle]
    undrawn = sum(SVG not in bundle for bundle in charts)
    if undrawn or not charts:
        sys.exit(
            f"{executed.name}: {undrawn} of {len(charts)} charts have no {SVG}: the peer's renderer is not at work"
        )


def sample(month: str, size: int) -> list[Page]:
    """`size` area pages of the month, spread evenly over the areas, the languages taking turns."""
    pages = [page for page in load_project(ROOT).matrix.select([month]) if page.notebook == "area"]
    languages = sorted({page.lang for page in pages})
    by_language = {lang: [page for page in pages if page.lang == lang] for lang in languages}
    areas = len(by_language[languages[0]])
    return [by_language[languages[i % len(languages)]][i * areas // size] for i in range(size)]


def descendants(root: int) -> list[int]:
    """Process `root` and all its children, however deep."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    family = [root]
    for member in family:
        family += [pid for pid, parent in parents.items() if parent == member]
    return family


def proportional_bytes(pid: int) -> int:
    """Memory of a process, pages shared with others divided among them, so that forks are not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def peak_megabytes(command: list[str]) -> float:
    """The most memory that a command and its children held at a time."""
    peak = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_bytes, descendants(process.pid))))
            time.sleep(SAMPLING)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return peak / 1e6


def compare(month: str, *, pages: int, repeat: int, folder: Path) -> Result:
    """Take turns `repeat` times, then measure what needs no peer."""
    environment = prepare_peer(folder)
    chosen = sample(month, pages)
    html, peer, full = [], [], []
    for turn in range(repeat):
        html.append(run(build(month, folder / f"html{turn}", "--html")))
        peer += [run_peer(page, folder, environment) for page in chosen]
        full.append(run(build(month, folder / f"full{turn}")))
    told = timings(folder / "full0")
    made = int(told["pages"])
    one = build(month, folder / "full0", "--area", chosen[0].area, "--lang", chosen[0].lang)
    edited = [run(one) for _ in range(repeat)]
    return Result(
        html_ratio=median(peer) / (median(html) / made),
        full_ratio=median(peer) / (median(full) / made),
        peak_mb=peak_megabytes(build(month, folder / "measured")),
        pages=made,
        html_page=median(html) / made,
        full_page=median(full) / made,
        peer_page=median(peer),
        edited_page=median(edited),
        steps_page={step: told[step] / made for step in STEPS},
    )


def show(result: Result) -> None:
    """The comparison as a table."""
    table = Table("", "seconds", title=f"{result.pages} pages")
    rows = {
        "papermill + nbconvert, a page": result.peer_page,
        "katsaus HTML, a page": result.html_page,
        "katsaus HTML and PDF, a page": result.full_page,
        **{f"  {step}, a page (summed over workers)": value for step, value in result.steps_page.items()},
        "one edited page of that site, start to end": result.edited_page,
    }
    for name, seconds in rows.items():
        table.add_row(name, f"{seconds:.3f}")
    console = Console()
    console.print(table)
    console.print(f"HTML {result.html_ratio:.1f} times as fast, with PDFs {result.full_ratio:.1f} times")
    console.print(f"peak memory {result.peak_mb:.0f} MB (proportional set size of all processes)")


def main() -> None:
    """Read the options, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--month", default="2023-06", help="the month to build (%(default)s)")
    parser.add_argument("--pages", type=int, default=4, help="pages that stand for all with the peer (%(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="turns (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to a file too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = compare(options.month, pages=options.pages, repeat=options.repeat, folder=Path(folder))
    show(result)
    if options.json:
        options.json.write_text(json.dumps(asdict(result), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
