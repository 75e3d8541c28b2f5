"""Makes the synthetic extracts that stand in for deliveries, and keeps them as snapshots in data/sources.

A snapshot is never rewritten: if one is there and says the same, it is left alone; if it says something else, the
command refuses.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from synthetic_extracts.extracts import SEED, Extract, extracts
from synthetic_extracts.world import read_world

from katsaus.config.contract import load_contracts
from katsaus.sources.snapshot import read_snapshot, snapshots, write_snapshot

ROOT = Path(__file__).resolve().parents[1]


def keep(root: Path, extract: Extract) -> tuple[str, bool]:
    """Write `extract` unless it is there; what became of it, and whether that is well."""
    for sidecar in snapshots(root, extract.contract):
        described, content = read_snapshot(sidecar, root)
        if content == extract.content:
            return f"unchanged: {sidecar.relative_to(root).as_posix()}", True
        if described.last_month == extract.about["last_month"]:
            return f"refused: {sidecar.relative_to(root).as_posix()} is there and differs", False
    sidecar = write_snapshot(root, extract.contract, content=extract.content, about=extract.about)
    size = sidecar.with_name(f"{sidecar.stem}.csv.gz").stat().st_size
    return f"wrote: {sidecar.relative_to(root).as_posix()}, {extract.about['rows']} rows, {size} bytes", True


def main() -> None:
    """Write all extracts below `--root`; ends with 1 if one was refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project; its real snapshots are read")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    console = Console(soft_wrap=True)
    world, contracts = read_world(given.root), load_contracts(given.root)
    well = True
    for extract in extracts(world, contracts, seed=given.seed):
        told, fine = keep(given.root, extract)
        console.print(told, highlight=False)
        well &= fine
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
