"""Which cells of a source a release publishes: sums of measures at series, from the catalogue and the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from katsaus.config.expression import Expression, Term
from katsaus.config.models import Indicator
from katsaus.config.rules import PublishedTable
from katsaus.disclosure.table import Flags, Release
from katsaus.indicators import OTHER
from katsaus.panel import Cells, Panel, evaluate, places


@dataclass(frozen=True)
class Scope:
    """What is published: each indicator (or part) and each sum of measures, by series.

    A sum is named by what is written of it: a measure alone, "started - ended".
    """

    indicators: Mapping[str, Flags]
    sums: Mapping[str, Flags]
    written: Mapping[str, Expression]


def scope(release: Release, areas: Panel) -> Scope:
    """What of `areas` the rule of the release publishes, in every month."""
    indicators: dict[str, Flags] = {}
    sums: dict[str, Flags] = {}
    written: dict[str, Expression] = {}
    where = [_at(table, release, areas=areas) for table in release.rule.tables]
    for definition in release.definitions.values():
        flags = _published(definition, release, where=where) if where else np.ones(len(areas.series), dtype=bool)
        indicators |= dict.fromkeys(definition.numerators, flags)
        if definition.blanks == "skip":  # sums of what is not blank: no equation with what is
            continue
        if definition.formula == "gap_of_percentage":
            flags = flags | _elsewhere(areas, flags, term=Term(1, "", at=(("REF_AREA", OTHER),)))
        for expression in sums_of(definition):
            name, at = named(expression)
            written[name] = expression
            sums[name] = sums.get(name, np.zeros(len(flags), dtype=bool)) | _elsewhere(areas, flags, term=at)
    return Scope(indicators, sums, written)


def sums_of(definition: Indicator) -> list[Expression]:
    """The numerators and the denominator of an indicator."""
    return [*definition.numerators.values(), *([definition.denominator] if definition.denominator else [])]


def named(expression: Expression) -> tuple[str, Term]:
    """The name of a sum, and where it is taken: a measure alone is the same cell wherever it is called for."""
    if len(expression.terms) == 1 and expression.terms[0].sign > 0:
        return expression.terms[0].measure, expression.terms[0]
    return expression.text, Term(1, "")


def _elsewhere(areas: Panel, flags: Flags, *, term: Term) -> Flags:
    if not term.at:
        return flags
    taken = places(areas, at=dict(term.at))[flags]
    found = np.zeros(len(flags), dtype=bool)
    found[taken[taken >= 0]] = True
    return found


def _at(table: PublishedTable, release: Release, *, areas: Panel) -> Flags:
    """The series that a published table is of."""
    frame = areas.series.to_frame(index=False)
    kind = frame["REF_AREA"].map(release.kinds).isin(table.areas)
    found: Flags = (kind & frame["RESPONSIBLE"].isin(table.responsible) & frame["GROUP"].isin(table.groups)).to_numpy()
    return found


def _published(definition: Indicator, release: Release, *, where: Sequence[Flags]) -> Flags:
    """The series at which an indicator is published; `where` are the series of each table."""
    tables = zip(release.rule.tables, where, strict=True)
    own = [flags for table, flags in tables if not table.indicators or definition.id in table.indicators]
    found: Flags = np.logical_or.reduce([np.zeros_like(where[0]), *own])
    return found


def small(release: Release, areas: Panel, *, published: Scope) -> dict[str, Flags]:
    """The published sums that are small counts of people, by series and month."""
    return {
        name: flags[:, None] & is_small(sum_of(name, areas, published=published).values, release)
        for name, flags in published.sums.items()
        if counted(name, release, areas=areas, published=published)
    }


def sum_of(name: str, areas: Panel, *, published: Scope) -> Cells:
    """The figures of a sum by its name."""
    return areas.measures[name] if name in areas.measures else evaluate(published.written[name], areas)


def counted(name: str, release: Release, *, areas: Panel, published: Scope) -> bool:
    """Whether the threshold looks at a sum: one of counted measures; a difference only if it is itself of people."""
    if name in areas.measures:
        return name in release.counts
    terms = published.written[name].terms
    of_counts = all(term.measure in release.counts for term in terms)
    return of_counts and (name in release.people or all(term.sign > 0 for term in terms))


def is_small(values: npt.NDArray[np.float64], release: Release) -> Flags:
    """Which counts are small. A rule without a threshold finds none."""
    return (values > 0) & (values < (release.rule.threshold or 0))
