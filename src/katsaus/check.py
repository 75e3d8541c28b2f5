"""The story of a check: everything that a build would refuse, found without building.

reviews/      ─► one project that does not contradict itself
data/sources/ ─► each source read, corrected and checked as a whole
observations  ─► every indicator computed and protected
all is well   ─► kept as a vintage, if asked for, and the cells solved that its new months must hide
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from katsaus.config.findings import Finding, Reader, some, tell
from katsaus.config.project import Project, load_project
from katsaus.disclosure.keep import Solved, keep_patterns
from katsaus.disclosure.patterns import read_patterns
from katsaus.errors import DataError, Problem, SuppressionError
from katsaus.figures import fingerprints, protected, protected_from
from katsaus.sources.snapshot import snapshots
from katsaus.store.load import Loaded, load_source
from katsaus.store.manifest import Vintage, open_vintage, stale, vintages
from katsaus.store.vintage import save_vintage
from katsaus.terms import check_catalogues

CALENDAR = "reviews/calendar.yml"


@dataclass(frozen=True)
class Checked:
    """A source that passed: how much there is of it, what is noteworthy, and what disclosure control hides.

    `first` and `last` are months, `hidden` and `published` counts of figures; records have no months or figures. What
    keeps its figures from being protected yet is `unprotected`.
    """

    source: str
    synthetic: bool
    rows: int
    first: str
    last: str
    published: int
    hidden: int
    warnings: tuple[Problem, ...]
    corrections: tuple[str, ...]
    unprotected: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a check found: the sources, those without a snapshot, indicators that are only defined, the vintage that
    builds use, the contracts whose newest snapshots are not in it, and the months whose hidden cells were `solved`.
    """

    sources: tuple[Checked, ...]
    without: tuple[str, ...]
    unpublished: tuple[str, ...]
    vintage: str
    stale: tuple[str, ...]
    solved: tuple[Solved, ...] = ()


def check(root: Path, *, save: date | None, lang: Reader, progress: Callable[[str], None]) -> Report:
    """Check the project at `root`; with `save`, keep its figures as a vintage of that day.

    Raises ConfigError, TermError or one DataError with every fault of every source, told in `lang`.
    """
    project = load_project(root)
    check_catalogues(root)
    present = [name for name, source in project.sources.items() if any(snapshots(root, t) for t in source.tables)]
    checked: list[Checked] = []
    problems: list[Problem] = []
    kinds: set[type[DataError]] = set()
    for name in present:
        progress(name)
        try:
            loaded = load_source(project, name, lang=lang)
        except DataError as error:
            problems.extend(error.problems)
            kinds.add(type(error))
            continue
        checked.append(_told(loaded, project, lang=lang, save=save is not None))
        problems.extend(tell(finding, project.checks, lang=lang) for finding in _months_without(checked[-1], project))
    if problems:
        raise (kinds.pop() if len(kinds) == 1 else DataError)(problems)
    vintage = _vintage(project, save=save)
    solved: tuple[Solved, ...] = ()
    if vintage and save:
        solved = tuple(_solved(project, vintage, progress=progress))
        checked = [_protected(one, project, vintage=vintage) if one.unprotected else one for one in checked]
    return Report(
        sources=tuple(checked),
        without=tuple(name for name in project.sources if name not in present),
        unpublished=tuple(name for name, item in project.indicators.items() if not item.sources),
        vintage=vintage.id if vintage else "",
        stale=tuple(stale(vintage, project)) if vintage else (),
        solved=solved,
    )


def _solved(project: Project, vintage: Vintage, *, progress: Callable[[str], None]) -> Iterator[Solved]:
    for month in keep_patterns(project, vintage):
        progress(f"{month.source} {month.month}")
        yield month


def _protected(one: Checked, project: Project, *, vintage: Vintage) -> Checked:
    """The same with its figures protected by the patterns that were solved since."""
    log = protected(project, vintage, source=one.source).log
    return replace(one, published=log["published"], hidden=log["hidden"], unprotected=())


def _told(loaded: Loaded, project: Project, *, lang: Reader, save: bool) -> Checked:
    rows = sum(map(len, loaded.records.values()))
    first = last = ""
    published = hidden = 0
    unprotected: tuple[Problem, ...] = ()
    if loaded.table is not None:
        rows += len(loaded.table)
        months = loaded.table["TIME_PERIOD"].cat.categories
        first, last = str(months.min()), str(months.max())
        try:
            log = protected_from(loaded.table, project, source=loaded.source, synthetic=loaded.synthetic).log
            published, hidden = log["published"], log["hidden"]
        except SuppressionError as error:
            # what is new gets its pattern with --save; a kept one that fails is wrong
            if not save and set(months) <= read_patterns(project.root, loaded.source).keys():
                raise
            unprotected = error.problems
    return Checked(
        loaded.source,
        loaded.synthetic,
        rows,
        first,
        last,
        published,
        hidden,
        tuple(tell(finding, project.checks, lang=lang) for finding in loaded.warnings),
        loaded.corrections,
        unprotected,
    )


def _months_without(checked: Checked, project: Project) -> Iterator[Finding]:
    """The months of the calendar that a published source lacks."""
    months = [month for month in project.months if not checked.first <= month <= checked.last]
    if months and project.sources[checked.source].published:
        fields = {"source": checked.source, "first": checked.first, "last": checked.last}
        yield Finding("month-outside", CALENDAR, fields | {"count": len(months), "months": some(months)})


def _vintage(project: Project, *, save: date | None) -> Vintage | None:
    """The newest vintage; with `save` that of the newest month, as the sources are now."""
    if save:
        return save_vintage(project, project.months[-1], today=save, definitions=fingerprints(project))
    return open_vintage(project.root) if vintages(project.root) else None
