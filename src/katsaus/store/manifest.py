"""What a vintage holds, as a file that is kept with the code: data/vintages/<month>-<n>.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints

from katsaus.config.corrections import Correction
from katsaus.config.files import validated
from katsaus.config.models import Model, Month, Name
from katsaus.config.project import Project
from katsaus.config.strict_yaml import load, parse
from katsaus.errors import ConfigError, DataError, Problem, SnapshotError
from katsaus.sources.snapshot import snapshots

FOLDER = "data/vintages"
_NAME = re.compile(r"([0-9]{4}-[0-9]{2})-([0-9]+)")

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Used(Model):
    """A snapshot: its sidecar, from the root of the project, and the digest of the file that it describes."""

    sidecar: Annotated[str, StringConstraints(pattern=r"^data/sources/[a-z0-9/._-]+\.yml$")]
    sha256: Digest


class Held(Model):
    """A source: its snapshots by contract, and the rows and logical content of each of its tables.

    The one table of observations is called as the source, tables of records as their contracts.
    """

    snapshots: dict[Name, Used]
    synthetic: bool
    rows: dict[Name, Annotated[int, Field(gt=0)]]
    content: dict[Name, Digest]


class Manifest(Model):
    """A vintage: the figures that a release of `month` is made of, the `corrections` that they hold, and the
    fingerprints of the `definitions` by which indicators were computed of them.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[1-9][0-9]*$")]
    month: Month
    saved: date
    sources: dict[Name, Held]
    corrections: tuple[Correction, ...]
    definitions: dict[str, str]

    def alike(self, other: Manifest) -> bool:
        """Whether both hold the same; which came when does not matter."""
        return self.model_copy(update={"id": other.id, "saved": other.saved}) == other


def vintages(root: Path) -> list[str]:
    """Ids of the vintages of the project at `root`, oldest month and number first."""
    found = [(name[1], int(name[2])) for path in (root / FOLDER).glob("*.yml") if (name := _NAME.fullmatch(path.stem))]
    return [f"{month}-{number}" for month, number in sorted(found)]


def read_manifest(root: Path, vintage: str) -> Manifest:
    """The manifest of a vintage. Raises SnapshotError with every problem of it, DataError if there is none."""
    if vintage not in vintages(root):
        do = "choose one of data/vintages, or save one with katsaus check --save"
        what = f"no vintage {vintage}" if _NAME.fullmatch(vintage) else "no such vintage"
        raise DataError(Problem(what, FOLDER, do=do))
    try:
        manifest = validated(load(root / FOLDER / f"{vintage}.yml", root, figures=True), Manifest)
    except ConfigError as error:
        raise SnapshotError(error.problems) from None
    if manifest.id != vintage or not vintage.startswith(f"{manifest.month}-"):
        where = f"{FOLDER}/{vintage}.yml"
        raise SnapshotError(Problem("the manifest is of another vintage", where, do="restore it from version control"))
    return manifest


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Write a new manifest, whole or not at all. Raises FileExistsError rather than touch an existing one."""
    name = f"{FOLDER}/{manifest.id}.yml"
    text = yaml.safe_dump(manifest.model_dump(mode="python"), allow_unicode=True, sort_keys=False, width=10**6)
    validated(parse(text, name), Manifest)
    part = root / FOLDER / f".{manifest.id}.yml.part"
    part.write_text(text, encoding="utf-8")
    try:
        (root / name).hardlink_to(part)
    finally:
        part.unlink()


@dataclass(frozen=True)
class Vintage:
    """One vintage of the project at `root`."""

    root: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Month and number: "2023-06-1"."""
        return self.manifest.id

    @property
    def folder(self) -> Path:
        """Where its tables are, or are put once they are wanted."""
        return self.root / FOLDER / self.id


def open_vintage(root: Path, vintage: str | None = None) -> Vintage:
    """A vintage by its id, or the newest. Raises DataError if there is none, SnapshotError if it can't be read."""
    known = vintages(root)
    if vintage is None and not known:
        raise DataError(Problem("no vintage has been saved", FOLDER, do="save one with katsaus check --save"))
    return Vintage(root, read_manifest(root, vintage or known[-1]))


def stale(vintage: Vintage, project: Project) -> list[str]:
    """Contracts whose newest snapshot is not the one in the vintage, sorted."""
    used = {
        contract: item.sidecar
        for held in vintage.manifest.sources.values()
        for contract, item in held.snapshots.items()
    }
    newest = {
        contract: found[-1].relative_to(project.root).as_posix()
        for contract in project.contracts
        if (found := snapshots(project.root, contract))
    }
    return sorted(contract for contract, sidecar in newest.items() if used.get(contract) != sidecar)
