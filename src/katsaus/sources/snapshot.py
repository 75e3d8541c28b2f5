"""A snapshot is one retrieved file of a source; its sidecar says what it is and what its bytes must be."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, StringConstraints

from katsaus.config.files import validated
from katsaus.config.models import Line, Model, Month, Name, Text
from katsaus.config.strict_yaml import load, parse
from katsaus.errors import ConfigError, Problem, SnapshotError

FOLDER = "data/sources"
RESTORE = "restore both files from version control, or retrieve the snapshot again"


Url = Annotated[str, StringConstraints(pattern=r"^https://\S+$")]


class Sidecar(Model):
    """What a snapshot is. `rows` are lines below the header; `retrieved` is null where it was not recorded.

    `url` and `licence_url` are null where figures are not public; `updated` is the source's own stamp of the table;
    `sha256` is that of the compressed file.
    """

    id: Name
    source: Text
    table: Line
    title: Text
    url: Url | None
    licence: Line
    licence_url: Url | None
    citation: Text
    retrieved: date | None
    updated: Line | None
    provenance: Line
    selection: Line
    measures: Annotated[tuple[str, ...], Field(min_length=1)]
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*\.csv\.gz$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    rows: Annotated[int, Field(gt=0)]
    areas: Annotated[int, Field(ge=0)]
    first_month: Month
    last_month: Month
    synthetic: bool


def read_snapshot(sidecar_path: Path, root: Path) -> tuple[Sidecar, bytes]:
    """The sidecar and the uncompressed bytes of the CSV that it describes; `root` is the project.

    Raises SnapshotError if either file is missing or unreadable or the snapshot is not the one described.
    """
    sidecar = read_sidecar(sidecar_path, root)
    path = sidecar_path.parent / sidecar.file
    name = path.relative_to(root).as_posix()
    try:
        packed = path.read_bytes()
    except OSError:
        raise SnapshotError(Problem("the snapshot is missing or unreadable", name, do=RESTORE)) from None
    if hashlib.sha256(packed).hexdigest() != sidecar.sha256:
        why = f"its sha256 is not the one in {sidecar_path.relative_to(root).as_posix()}"
        raise SnapshotError(Problem("the snapshot is not the one its sidecar describes", name, why, RESTORE))
    try:
        return sidecar, gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        why = "it is cut short or not gzip"
        raise SnapshotError(Problem("the snapshot can't be unpacked", name, why, RESTORE)) from None


def read_sidecar(path: Path, root: Path) -> Sidecar:
    """The sidecar at `path`. Raises SnapshotError with every problem of it."""
    try:
        return validated(load(path, root), Sidecar)
    except ConfigError as error:
        raise SnapshotError(error.problems) from None


def snapshots(root: Path, contract: str) -> list[Path]:
    """Sidecars of the snapshots of a contract ("statfin-12r5": data/sources/statfin/12r5-<month>[-<n>].yml), oldest
    first.
    """
    folder, _, table = contract.partition("-")
    named = re.compile(rf"{re.escape(table)}-([0-9]{{4}}-[0-9]{{2}})(?:-([0-9]+))?")
    found = [
        ((name[1], int(name[2] or 1)), path)
        for path in (root / FOLDER / folder).glob(f"{table}-*.yml")
        if (name := named.fullmatch(path.stem))
    ]
    return [path for _, path in sorted(found)]


def find_sidecar(root: Path, contract: str) -> Path:
    """The newest of the `snapshots` of a contract. Raises SnapshotError if there is none."""
    if found := snapshots(root, contract):
        return found[-1]
    folder = contract.partition("-")[0]
    raise SnapshotError(Problem(f"no snapshot of {contract}", f"{FOLDER}/{folder}", do=RESTORE))


def write_snapshot(root: Path, contract: str, *, content: bytes, about: Mapping[str, object]) -> Path:
    """Write `content` (a CSV) and its sidecar beside the older snapshots, which stay as they are; returns the sidecar.

    `about` holds the sidecar's fields but `id`, `file` and `sha256`; its `last_month` names the files. The sidecar
    comes last and whole: a file without one is no snapshot but left from an interrupted run, and is replaced.
    Raises ConfigError if a field does not fit.
    """
    folder, _, table = contract.partition("-")
    place = root / FOLDER / folder
    place.mkdir(parents=True, exist_ok=True)
    stem = _free_stem(place, f"{table}-{about['last_month']}")
    packed = gzip.compress(content, mtime=0)
    described = {"id": contract, **about, "file": f"{stem}.csv.gz", "sha256": hashlib.sha256(packed).hexdigest()}
    text = yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=10**6)
    sidecar = place / f"{stem}.yml"
    validated(parse(text, sidecar.relative_to(root).as_posix()), Sidecar)
    for path, data in ((place / f"{stem}.csv.gz", packed), (sidecar, text.encode("utf-8"))):
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return sidecar


def _free_stem(place: Path, stem: str) -> str:
    number = 1
    while (place / f"{stem}{f'-{number}' if number > 1 else ''}.yml").exists():
        number += 1
    return stem if number == 1 else f"{stem}-{number}"
