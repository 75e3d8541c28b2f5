"""Keeping the patterns of a vintage whole: months without one are solved in order, months revised since are grown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from katsaus.config.project import Project
from katsaus.disclosure.patterns import pattern_file, read_patterns, write_pattern
from katsaus.disclosure.release import protected_by_us
from katsaus.disclosure.solve import solve
from katsaus.disclosure.stage import published_kinds
from katsaus.disclosure.verify import attacked, counts_before, counts_of
from katsaus.errors import Problem, SuppressionError
from katsaus.store.manifest import Vintage


@dataclass(frozen=True)
class Solved:
    """A month whose pattern was solved: how many small counts it hides, and how many cells beside them."""

    source: str
    month: str
    primary: int
    secondary: int


def keep_patterns(project: Project, vintage: Vintage) -> Iterator[Solved]:
    """Solve and keep what patterns a vintage lacks; each month is told as it is kept.

    Raises DataError, OutputError, and SuppressionError where nothing protects every small count.
    """
    for source in vintage.manifest.sources:
        if not protected_by_us(project, source):
            continue
        of = counts_of(project, vintage, source=source)
        older = counts_before(project, vintage, source=source)
        patterns = read_patterns(project.root, source)
        for month in of.months:
            if month in patterns and attacked(of, patterns, months=[month], older=older).passes:
                if patterns[month].published != published_kinds(of):
                    write_pattern(project.root, replace(patterns[month], published=published_kinds(of)))
                continue
            patterns[month] = solve(of, month, patterns=patterns, older=older)
            found = attacked(of, patterns, months=[month], older=older)
            if not found.passes:
                where = pattern_file(Path(), source, month=month).as_posix()
                what = f"{found.determined} cells of the pattern found can be worked out, {found.weak} nearly so"
                raise SuppressionError(Problem(what, where, do="publish fewer tables of the month"))
            write_pattern(project.root, patterns[month])
            yield Solved(source, month, found.primary, found.secondary)
