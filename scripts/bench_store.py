"""Times the store against plain pandas, in one run and on the same snapshots.

Ours reads every snapshot, corrects and checks each source as a whole and keeps a vintage. The peer reads the same files
by `pandas.read_csv`, makes them long and writes Parquet, and checks nothing. Each runs in a process of its own; turns
are taken and medians compared, because a machine's speed drifts. Memory is the peak of the process (Linux).
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd
from rich.console import Console
from rich.table import Table

from katsaus.clock import today
from katsaus.config.project import load_project
from katsaus.figures import fingerprints
from katsaus.sources.snapshot import snapshots
from katsaus.store.manifest import open_vintage
from katsaus.store.vintage import read_source, save_vintage

ROOT = Path(__file__).resolve().parents[1]
SLICES = {"statfin-12r5": ["KU091"], "ministry": ["KK20"]}
"""An area of each source."""


def ours(root: Path) -> None:
    """Read, check and keep everything."""
    project = load_project(root)
    save_vintage(project, project.months[-1], today=today(), definitions=fingerprints(project))


def peer(root: Path) -> None:
    """Read and write everything, as one would in a notebook."""
    project = load_project(root)
    for name, contract in project.contracts.items():
        for sidecar in snapshots(root, name)[-1:]:
            table = pd.read_csv(sidecar.with_suffix(".csv.gz"), dtype=str, keep_default_na=False)
            measures = [field.name for field in contract.measures.values() if field.name in table]
            if measures:
                table = table.melt([column for column in table if column not in measures], measures)
                table["value"] = pd.to_numeric(table["value"], errors="coerce")
            table.to_parquet(root / f"{name}.parquet")


def timed(what: str, root: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one side in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--side", what, "--root", str(root)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{what} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def side(what: str, root: Path) -> None:
    """Run one side and say what it took."""
    start = time.perf_counter()
    {"ours": ours, "peer": peer}[what](root)
    seconds = time.perf_counter() - start
    Console().print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]))


def copy(to: Path) -> Path:
    """The project without its vintages."""
    for folder in ("reviews", "data/sources", "data/contracts", "notebooks"):
        shutil.copytree(ROOT / folder, to / folder)
    for file in [*ROOT.glob("_quarto*.yml"), ROOT / "data" / "corrections.yml"]:
        shutil.copy(file, to / file.relative_to(ROOT))
    return to


def slices(root: Path, repeat: int) -> dict[str, tuple[float, float]]:
    """Milliseconds to read an area of each source: ours, and pandas' own filter on the same file."""
    project, vintage = load_project(root), open_vintage(root)
    found = {}
    for source, areas in SLICES.items():
        path = vintage.folder / f"{source}.parquet"
        taken: dict[str, list[float]] = {"ours": [], "peer": []}
        for _ in range(repeat):
            start = time.perf_counter()
            read_source(vintage, project, source=source, areas=areas)
            taken["ours"].append(time.perf_counter() - start)
            start = time.perf_counter()
            pd.read_parquet(path, filters=[("REF_AREA", "in", areas)])
            taken["peer"].append(time.perf_counter() - start)
        found[source] = (1000 * median(taken["ours"]), 1000 * median(taken["peer"]))
    return found


def main() -> None:
    """The command line of scripts/bench --store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="turns (%(default)s)")
    parser.add_argument("--side", choices=["ours", "peer"], help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        side(options.side, options.root)
        return
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "peer": []}
    with tempfile.TemporaryDirectory() as place:
        root = copy(Path(place) / "project")
        for _ in range(options.repeat):
            shutil.rmtree(root / "data" / "vintages", ignore_errors=True)
            for what, times in taken.items():
                times.append(timed(what, root))
        table = Table("store", "ours", "plain pandas", "ratio")
        for at, unit in ((0, "s"), (1, "MB")):
            mine, its = (median(each[at] for each in taken[what]) for what in ("ours", "peer"))
            name = "all sources read, checked and kept" if unit == "s" else "peak memory"
            table.add_row(f"{name}, {unit}", f"{mine:.1f}", f"{its:.1f}", f"{mine / its:.2f}")
        for source, (mine, its) in slices(root, 10 * options.repeat).items():
            table.add_row(f"an area of {source}, ms", f"{mine:.1f}", f"{its:.1f}", f"{mine / its:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
