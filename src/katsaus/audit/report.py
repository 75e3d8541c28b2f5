"""The story of an audit.

a built site   ─► every file read as an attacker reads it, and held against what was released
kept patterns  ─► attacked with everything that was published (`katsaus.disclosure.verify`)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from katsaus.audit.findings import Finding
from katsaus.audit.readers import read_file
from katsaus.audit.site import Site
from katsaus.disclosure.release import protected_by_us
from katsaus.disclosure.verify import Verification, verify
from katsaus.errors import OutputError, Problem
from katsaus.figures import Figures, load_figures


@dataclass(frozen=True)
class Audit:
    """What an audit found: the attack on each source, `files` read by kind, what is wrong there, and all `seconds`."""

    sources: tuple[Verification, ...]
    files: Mapping[str, int]
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def passes(self) -> bool:
        """Whether nobody learns from the site what is hidden."""
        return not self.findings and all(source.passes for source in self.sources)

    @property
    def tightest(self) -> float:
        """The narrowest interval of a hidden small count; infinite where there is none."""
        return min((source.tightest for source in self.sources), default=math.inf)

    @property
    def lost(self) -> float:
        """Share of information that secondary suppression takes away, over all cells."""
        cells = sum(source.cells for source in self.sources)
        return sum(source.lost * source.cells for source in self.sources) / cells if cells else 0.0

    def total(self, name: str) -> int:
        """A count of `Verification` over all sources: "cells", "primary", "secondary", "determined", "weak"."""
        return sum(getattr(source, name) for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        """Everything for machines; `tightest` is null where there is no interval."""
        return {
            "audit": {
                "passes": self.passes,
                "cells": self.total("cells"),
                "suppressed_primary": self.total("primary"),
                "suppressed_secondary": self.total("secondary"),
                "lost": self.lost,
                "determined": self.total("determined"),
                "weak": self.total("weak"),
                "tightest": self.tightest if math.isfinite(self.tightest) else None,
                "seconds": self.seconds,
                "files": dict(self.files),
                "findings": [str(finding) for finding in self.findings],
            }
        }


def audit(root: Path, site: Path, *, progress: Callable[[str], None]) -> Audit:
    """Attack the site built from the project at `root`. Raises ConfigError, DataError and SuppressionError, and
    OutputError where there is no site.
    """
    if not site.is_dir():
        raise OutputError(Problem("there is no site to audit", str(site), do="build it, or name it by --site"))
    start = perf_counter()
    figures = load_figures(root)
    sources = tuple(_attacked(figures, progress))
    files: Counter[str] = Counter()
    findings: list[Finding] = []
    read = Site(site, figures)
    progress("files")
    for path in read.files:
        files[path.suffix] += 1
        findings.extend(read_file(read, path))
    if not files[".html"]:
        findings.append(Finding(str(site), "", "no page to audit"))
    return Audit(sources, dict(sorted(files.items())), tuple(dict.fromkeys(findings)), perf_counter() - start)


def _attacked(figures: Figures, progress: Callable[[str], None]) -> list[Verification]:
    found = []
    for source in figures.vintage.manifest.sources:
        if protected_by_us(figures.project, source):
            progress(source)
            found.append(verify(figures.project, figures.vintage, source=source))
    return found
