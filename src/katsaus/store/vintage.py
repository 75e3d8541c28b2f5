"""Vintages: the figures that a release was made of, kept so that it can be made again to the last byte.

The manifest (data/vintages/<month>-<n>.yml) is kept with the code, the tables beside it (<month>-<n>/*.parquet) are
not: where they are missing they are made again from the snapshots and must hold what the manifest says.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from katsaus.config.corrections import load_corrections
from katsaus.config.project import Project
from katsaus.errors import DataError, Problem, SnapshotError
from katsaus.sources.snapshot import RESTORE, read_sidecar, snapshots
from katsaus.store.load import Loaded, Past, load_source
from katsaus.store.manifest import FOLDER, Held, Manifest, Used, Vintage, read_manifest, vintages, write_manifest
from katsaus.store.parquet import fingerprint, read_parquet, write_parquet


def save_vintage(project: Project, month: str, *, today: date, definitions: Mapping[str, str]) -> Vintage:
    """Load every source that has snapshots and keep it as a vintage of `month`, or return the newest if it is equal.

    `definitions` are fingerprints of the indicators by id. Raises one DataError with the faults of all sources.
    """
    root = project.root
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    numbers = [int(known.rpartition("-")[2]) for known in vintages(root) if known.startswith(f"{month}-")]
    newest = read_manifest(root, f"{month}-{max(numbers)}") if numbers else None
    with tempfile.TemporaryDirectory(prefix=".", dir=root / FOLDER) as place:
        held, applied = _save_sources(project, Path(place))
        manifest = Manifest(
            id=f"{month}-{max(numbers, default=0) + 1}",
            month=month,
            saved=today,
            sources=held,
            corrections=tuple(item for item in load_corrections(root) if item.id in applied),
            definitions=dict(sorted(definitions.items())),
        )
        if newest is not None and manifest.alike(newest):
            return Vintage(root, newest)
        saved = Vintage(root, manifest)
        _put(Path(place), saved.folder)
    write_manifest(root, manifest)
    return saved


def _put(place: Path, folder: Path) -> None:
    """Move finished tables to where they belong; what is there without a manifest is left from an interrupted run."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    for path in place.iterdir():
        path.replace(folder / path.name)


def _save_sources(project: Project, place: Path) -> tuple[dict[str, Held], set[str]]:
    held: dict[str, Held] = {}
    applied: set[str] = set()
    problems: list[Problem] = []
    for name, source in project.sources.items():
        if not any(snapshots(project.root, contract) for contract in source.tables):
            continue
        try:
            loaded = load_source(project, name)
        except DataError as error:
            problems.extend(error.problems)
            continue
        held[name] = _save(loaded, place, root=project.root)
        applied.update(loaded.corrections)
    if problems:
        raise DataError(problems)
    if not held:
        raise DataError(Problem("no source has a snapshot", "data/sources", do="fetch the sources first"))
    return held, applied


def _tables(loaded: Loaded) -> dict[str, pd.DataFrame]:
    return loaded.records if loaded.table is None else {loaded.source: loaded.table, **loaded.records}


def _save(loaded: Loaded, place: Path, *, root: Path) -> Held:
    tables = _tables(loaded)
    for name, table in tables.items():
        write_parquet(table, place / f"{name}.parquet")
    return Held(
        snapshots={
            contract: Used(sidecar=path.relative_to(root).as_posix(), sha256=read_sidecar(path, root).sha256)
            for contract, path in loaded.sidecars.items()
        },
        synthetic=loaded.synthetic,
        rows={name: len(table) for name, table in tables.items()},
        content={name: fingerprint(table) for name, table in tables.items()},
    )


def read_source(
    vintage: Vintage, project: Project, *, source: str, areas: Collection[str] | None = None
) -> pd.DataFrame:
    """The observations of a source, or those of some areas, as `katsaus.store.tidy` gives them; a whole table of
    records by the name of its contract.

    Raises DataError if the vintage does not hold it, SnapshotError if it can't be made again as it was.
    """
    owner = next((name for name, held in vintage.manifest.sources.items() if source in held.content), None)
    if owner is None:
        raise DataError(Problem(f"vintage {vintage.id} holds no such source", f"{FOLDER}/{vintage.id}.yml"))
    path = vintage.folder / f"{source}.parquet"
    if not path.is_file():
        restore(vintage, project, source=owner)
    return read_parquet(path, name=path.relative_to(vintage.root).as_posix(), areas=areas)


def restore(vintage: Vintage, project: Project, *, source: str) -> None:
    """Make the tables of a source again from the snapshots that the manifest names; none is put that differs."""
    held = vintage.manifest.sources[source]
    sidecars = {contract: vintage.root / used.sidecar for contract, used in held.snapshots.items()}
    for contract, used in held.snapshots.items():
        if read_sidecar(sidecars[contract], vintage.root).sha256 != used.sha256:
            why = f"vintage {vintage.id} was made of another file"
            raise SnapshotError(Problem("the snapshot has been changed", used.sidecar, why, RESTORE))
    tables = _tables(load_source(project, source, past=Past(sidecars, vintage.manifest.corrections)))
    if {name: fingerprint(table) for name, table in tables.items()} != held.content:
        why = "the code, the classification of areas or the mergers have changed since it was saved"
        do = "use the version of the project that saved the vintage"
        raise SnapshotError(Problem(f"{source} of vintage {vintage.id} can't be made again", FOLDER, why, do))
    vintage.folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=vintage.folder) as place:
        for name, table in tables.items():
            write_parquet(table, Path(place) / f"{name}.parquet")
            (Path(place) / f"{name}.parquet").replace(vintage.folder / f"{name}.parquet")
