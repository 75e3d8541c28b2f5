"""Every check of a source's figures, one after another; none stops the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from katsaus.config.findings import Finding
from katsaus.config.project import Project
from katsaus.config.sources import Source
from katsaus.store.completeness import completeness
from katsaus.store.cube import Cube
from katsaus.store.denominators import denominators
from katsaus.store.identities import identities
from katsaus.store.movements import jumps, repeated_months, units
from katsaus.store.shares import broken_shares
from katsaus.store.totals import area_totals, group_totals


def check_source(cubes: Sequence[Cube], source: Source, *, project: Project, where: Mapping[str, str]) -> list[Finding]:
    """What is wrong or noteworthy in the tables of a source; `where` has their files by contract."""
    found: list[Finding] = []
    for cube in cubes:
        at = where[cube.contract.name]
        found.extend(completeness(cube, project, where=at))
        found.extend(area_totals(cube, source, project=project, where=at))
        found.extend(group_totals(cube, source, where=at))
        found.extend(denominators(cube, source, where=at))
        found.extend(jumps(cube, source, where=at))
        found.extend(units(cube, source, where=at))
        found.extend(repeated_months(cube, source, where=at))
        found.extend(broken_shares(cube, source, where=at))
    found.extend(identities(cubes, source, where=where))
    return found
