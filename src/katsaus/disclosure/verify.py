"""The attack on kept patterns: nothing is solved again, and what an attacker could work out is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from katsaus.config.project import Project
from katsaus.disclosure.counts import Counts, counts
from katsaus.disclosure.patterns import Pattern, read_patterns
from katsaus.disclosure.release import protected_by_us, release_of
from katsaus.disclosure.stage import stage_of
from katsaus.errors import Problem, SuppressionError
from katsaus.panel import KNOWN, panel
from katsaus.store.manifest import Vintage, open_vintage, vintages
from katsaus.store.vintage import read_source
from katsaus.suppression.attack import intervals, weak
from katsaus.suppression.exact import determined
from katsaus.suppression.propagation import propagate


@dataclass(frozen=True)
class Verification:
    """What an attack on the published cells of a source found, over so many `months`.

    `cells` are published, of them `primary` and `secondary` hidden; `lost` is the share of the worth of all cells that
    the secondary ones take away. `determined` cells have one value only that fits the others, `weak` are small counts
    (published or not) whose interval is too narrow; `tightest` is the narrowest interval of a hidden small count
    (infinite where there is none), `seconds` what it took.
    """

    source: str
    months: int
    cells: int
    primary: int
    secondary: int
    lost: float
    determined: int
    weak: int
    tightest: float
    seconds: float

    @property
    def passes(self) -> bool:
        """Whether nobody learns what is hidden."""
        return not (self.determined or self.weak)


def verify(project: Project, vintage: Vintage, *, source: str) -> Verification:
    """Attack the patterns of every month of a source. Raises DataError and SuppressionError."""
    start = perf_counter()
    of, older = counts_of(project, vintage, source=source), counts_before(project, vintage, source=source)
    found = attacked(of, read_patterns(project.root, source), months=of.months, older=older)
    return replace(found, seconds=perf_counter() - start)


def verify_months(project: Project, vintage: Vintage, *, months: Collection[str]) -> None:
    """Attack the patterns of these months of every source. Raises SuppressionError that names what gives way."""
    problems = []
    for source in vintage.manifest.sources:
        if not protected_by_us(project, source):
            continue
        of, patterns = counts_of(project, vintage, source=source), read_patterns(project.root, source)
        for month in sorted(set(months) & set(of.months)):
            found = attacked(of, patterns, months=[month])
            if month not in patterns:
                what = f"{source} {month} has no pattern of hidden cells"
                problems.append(Problem(what, "data/patterns", do="run katsaus check --save"))
            elif not found.passes:
                what = f"{source} {month}: {found.determined} hidden cells can be worked out, {found.weak} nearly so"
                problems.append(Problem(what, "data/patterns", do="run katsaus check --audit"))
    if problems:
        raise SuppressionError(problems)


def counts_of(project: Project, vintage: Vintage, *, source: str) -> Counts:
    """The cells that a project publishes of a source of a vintage. Raises DataError."""
    observed = panel(read_source(vintage, project, source=source))
    return counts(observed, release_of(project, source=source, measures=observed.measures))


def counts_before(project: Project, vintage: Vintage, *, source: str) -> Counts | None:
    """The cells of a source in the vintage before this one, if there is one that holds it. Raises DataError."""
    names = vintages(vintage.root)
    place = names.index(vintage.id)
    before = open_vintage(vintage.root, names[place - 1]) if place else None
    held = before is not None and any(source in one.content for one in before.manifest.sources.values())
    return counts_of(project, before, source=source) if before is not None and held else None


def attacked(
    of: Counts, patterns: Mapping[str, Pattern], *, months: Collection[str], older: Counts | None = None
) -> Verification:
    """Attack the patterns of some months; `older` are the cells of the vintage before."""
    start = perf_counter()
    found = Verification(of.release.rule.source, len(months), 0, 0, 0, 0.0, 0, 0, np.inf, 0.0)
    worth = lost = 0.0
    for month in months:
        stage = stage_of(of, month, patterns=patterns, older=older)
        system, own = stage.system, stage.own
        published = system.publishable[own] & (of.states[:, of.months.index(month)] == KNOWN)
        small, hidden, weights = stage.small[own] & published, stage.unseen[own] & published, stage.weights[own]
        worth += weights[published].sum()
        lost += weights[hidden & ~small].sum()
        task = stage.task()
        told = propagate(system, stage.unseen)[task.primary]
        reached = np.column_stack([-task.below, task.above]) + system.values[task.primary, None]
        narrow = task.primary[(told[:, 0] > reached[:, 0]) | (told[:, 1] < reached[:, 1])]
        bounds = intervals(system, stage.unseen, cells=own.start + np.flatnonzero(small))
        found = replace(
            found,
            cells=found.cells + int(published.sum()),
            primary=found.primary + int(small.sum()),
            secondary=found.secondary + int((hidden & ~small).sum()),
            determined=found.determined + int(determined(system, stage.unseen).sum()),
            weak=found.weak + len(np.union1d(narrow, weak(task, stage.unseen))),
            tightest=min(found.tightest, float(np.diff(bounds).min(initial=np.inf))),
        )
    return replace(found, lost=float(lost / worth) if worth else 0.0, seconds=perf_counter() - start)
