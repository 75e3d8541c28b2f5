"""Every month of every source protected anew, in order, and attacked; then the kept patterns attacked.

For each month: cells published, small counts hidden (primary), further cells hidden (secondary), the share of the worth
of all cells that these take away, hidden cells that the others determine, small counts known too well (weak), the
narrowest interval of a hidden small count, seconds to solve and to attack. No figure is told.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from rich.console import Console

from katsaus.config.project import load_project
from katsaus.disclosure.patterns import Pattern, read_patterns
from katsaus.disclosure.release import protected_by_us
from katsaus.disclosure.solve import solve
from katsaus.disclosure.verify import Verification, attacked, counts_of
from katsaus.store.manifest import open_vintage

ROOT = Path(__file__).resolve().parents[1]
HEAD = (
    f"{'source':20} {'month':9} {'cells':>7} {'primary':>7} {'second.':>7} {'lost':>6} {'determ.':>7} {'weak':>5}"
    f" {'tightest':>8} {'solved':>7} {'attacked':>8}"
)


def main() -> int:
    """Solve, attack and tell; 1 if anything hidden can be worked out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="a file for the counts")
    report = parser.parse_args().json
    console = Console(width=120)
    project, vintage = load_project(ROOT), open_vintage(ROOT)
    found: dict[str, list[Verification]] = {"solved anew": [], "kept": []}
    console.print(HEAD, highlight=False)
    for source in filter(lambda name: protected_by_us(project, name), vintage.manifest.sources):
        of = counts_of(project, vintage, source=source)
        anew: dict[str, Pattern] = {}
        for month in of.months:
            start = perf_counter()
            anew[month] = solve(of, month, patterns=anew)
            seconds = perf_counter() - start
            one = attacked(of, anew, months=[month])
            found["solved anew"].append(one)
            console.print(_line(one, month, seconds=f"{seconds:7.2f}"), highlight=False)
        kept = attacked(of, read_patterns(ROOT, source), months=of.months)
        found["kept"].append(kept)
        console.print(_line(kept, "all kept", seconds=" " * 7), highlight=False)
    if report:
        report.write_text(json.dumps({name: [asdict(one) for one in all_] for name, all_ in found.items()}, indent=1))
    return 0 if all(one.passes for all_ in found.values() for one in all_) else 1


def _line(one: Verification, month: str, *, seconds: str) -> str:
    return (
        f"{one.source:20} {month:9} {one.cells:7} {one.primary:7} {one.secondary:7} {one.lost:6.2%} {one.determined:7}"
        f" {one.weak:5} {one.tightest:8g} {seconds} {one.seconds:8.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
