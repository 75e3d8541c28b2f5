"""A source from its snapshots: read, corrected, checked as a whole, and only then a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from katsaus.config.contract import Contract
from katsaus.config.corrections import FILE as CORRECTIONS
from katsaus.config.corrections import Correction, load_corrections
from katsaus.config.findings import Finding, Reader, some, tell
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem
from katsaus.sources.snapshot import Sidecar, find_sidecar, read_snapshot, snapshots
from katsaus.store.checking import check_source
from katsaus.store.corrections import apply
from katsaus.store.cube import Cube
from katsaus.store.history import compare_with_before
from katsaus.store.reading import read_table, read_text
from katsaus.store.tidy import tidy

ORIGINS = {True: "synthetic", False: "register"}


@dataclass(frozen=True)
class Loaded:
    """A source's figures: `table` (see `katsaus.store.tidy.tidy`) or `records` (frames by contract, see
    `katsaus.store.records`), the sidecars they came from by contract, whether they are made up, what was found
    noteworthy, and the ids of the corrections that were applied.
    """

    source: str
    table: pd.DataFrame | None
    records: dict[str, pd.DataFrame]
    sidecars: dict[str, Path]
    synthetic: bool
    warnings: tuple[Finding, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """What a vintage was made of: snapshots by contract, and the corrections of all sources."""

    sidecars: Mapping[str, Path]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class _Table:
    path: Path | None
    sidecar: Sidecar
    where: str
    cube: Cube | None
    records: pd.DataFrame | None


def load_source(
    project: Project,
    source: str,
    *,
    past: Past | None = None,
    delivered: Mapping[str, tuple[Sidecar, bytes]] | None = None,
    lang: Reader = "en",
) -> Loaded:
    """The figures of a source: from its newest snapshots with the corrections of data/corrections.yml, or as they were
    in the `past`. Tables in `delivered` (by contract) take the place of their snapshots before they become such
    themselves; others of the source may then be without one.

    Each table is compared with the snapshot before it. Raises SnapshotError if a snapshot is not what its sidecar
    describes, or one DataError with every fault, told in `lang`.
    """
    findings: list[Finding] = []
    chosen = _choose(project, source, past=past, delivered=delivered or {})
    tables = {name: _check_table(project, name, origin=origin, findings=findings) for name, origin in chosen.items()}
    origins = {table.sidecar.synthetic for table in tables.values()}
    if len(origins) > 1:
        findings.append(Finding("origin-mixed", f"data/sources ({source})", {"tables": some(tables)}))
    cubes = [table.cube for table in tables.values() if table.cube is not None]
    known = past.corrections if past else _known_corrections(project, findings)
    applied = apply(known, cubes, source=source, findings=findings)
    where = {name: table.where for name, table in tables.items()}
    findings.extend(check_source(cubes, project.sources[source], project=project, where=where))
    for name, table in tables.items():
        if table.cube is not None and (before := _before(project, name, path=table.path)) is not None:
            findings.extend(compare_with_before(table.cube, before, where=table.where))
    _refuse(findings, project, lang=lang)
    return Loaded(
        source=source,
        table=tidy(cubes) if cubes else None,
        records={name: table.records for name, table in tables.items() if table.records is not None},
        sidecars={name: table.path for name, table in tables.items() if table.path is not None},
        synthetic=origins == {True},
        warnings=tuple(findings),
        corrections=applied,
    )


def _known_corrections(project: Project, findings: list[Finding]) -> tuple[Correction, ...]:
    """All corrections of the project; one of no source, which nobody would apply, is told."""
    known = load_corrections(project.root)
    strays = [correction.id for correction in known if correction.source not in project.sources]
    findings.extend(Finding("correction-unknown-key", CORRECTIONS, {"id": name}) for name in strays)
    return known


def contracts(project: Project, source: str) -> tuple[str, ...]:
    """The tables of a source. Raises DataError if the project has no such source."""
    if source not in project.sources:
        raise DataError(Problem(f"no source {some([source])}", "reviews/sources.yml", do="correct the name"))
    return project.sources[source].tables


def _refuse(findings: list[Finding], project: Project, *, lang: Reader) -> None:
    errors = [finding for finding in findings if project.checks[finding.code].level == "error"]
    if errors:
        raise DataError(tell(finding, project.checks, lang=lang) for finding in errors)


def _choose(
    project: Project, source: str, *, past: Past | None, delivered: Mapping[str, tuple[Sidecar, bytes]]
) -> dict[str, Path | tuple[Sidecar, bytes]]:
    """For each table of the source the sidecar of its snapshot, or what was delivered."""
    chosen: dict[str, Path | tuple[Sidecar, bytes]] = {}
    for name in contracts(project, source):
        if name in delivered:
            chosen[name] = delivered[name]
        elif past is not None and name in past.sidecars:
            chosen[name] = past.sidecars[name]
        elif not delivered or snapshots(project.root, name):
            chosen[name] = find_sidecar(project.root, name)
    return chosen


def _check_table(
    project: Project, name: str, *, origin: Path | tuple[Sidecar, bytes], findings: list[Finding]
) -> _Table:
    contract = project.contracts[name]
    path = origin if isinstance(origin, Path) else None
    sidecar, content = read_snapshot(origin, project.root) if isinstance(origin, Path) else origin
    where = (path.parent / sidecar.file).relative_to(project.root).as_posix() if path else f"{name}, delivered"
    text = read_text(content, contract, where=where)
    findings.extend(_origin(text, contract, sidecar=sidecar, where=where))
    reading = read_table(text, contract, project=project, where=where)
    findings.extend(reading.findings)
    findings.extend(_claims(text, contract, sidecar=sidecar, cube=reading.cube, where=where))
    return _Table(path, sidecar, where, cube=reading.cube, records=reading.records)


def _origin(text: pd.DataFrame, contract: Contract, *, sidecar: Sidecar, where: str) -> list[Finding]:
    column = contract.column("DATA_ORIGIN")
    if column is None or set(text[column].cat.categories) == {ORIGINS[sidecar.synthetic]}:
        return []
    return [Finding("origin-mismatch", where, {"column": column, "expected": ORIGINS[sidecar.synthetic]})]


def _claims(
    text: pd.DataFrame, contract: Contract, *, sidecar: Sidecar, cube: Cube | None, where: str
) -> list[Finding]:
    """What the sidecar says of the table and the table does not bear out."""
    found: dict[str, object] = {"rows": len(text)}
    area = contract.column("REF_AREA")
    if contract.kind == "observations" and area is not None:
        found["areas"] = len(text[area].cat.categories)
    if cube is not None:
        months = [month if "-" in month else f"{month}-12" for month in cube.months]  # a year is as at its end
        later = [month for month in months if month > sidecar.last_month]
        if later:
            fields = {"count": len(later), "months": some(later), "last": sidecar.last_month}
            return [Finding("early-month", where, fields)]
        found |= {"first_month": months[0], "last_month": months[-1]}
    return [
        Finding("sidecar-differs", where, {"field": name, "claimed": getattr(sidecar, name), "found": value})
        for name, value in found.items()
        if getattr(sidecar, name) != value
    ]


def _before(project: Project, name: str, *, path: Path | None) -> Cube | None:
    """The snapshot before that at `path` (the newest before a delivered table), unchecked: what was wrong with it was
    told in its time.
    """
    known = snapshots(project.root, name)
    position = known.index(path) if path in known else len(known)
    if position == 0:
        return None
    sidecar, content = read_snapshot(known[position - 1], project.root)
    contract = project.contracts[name]
    text = read_text(content, contract, where=sidecar.file)
    return read_table(text, contract, project=project, where=sidecar.file).cube
