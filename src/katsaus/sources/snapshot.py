"""A snapshot is one retrieved file of a source; its sidecar says what it is and what its bytes must be."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from katsaus.config.files import validated
from katsaus.config.models import Line, Model, Month, Name, Text
from katsaus.config.strict_yaml import load
from katsaus.errors import ConfigError, Problem, SnapshotError

RESTORE = "restore both files from version control, or retrieve the snapshot again"


class Sidecar(Model):
    """What a snapshot is. `rows` are lines below the header; `retrieved` is null where it was not recorded.

    `updated` is the source's own stamp of the table; `sha256` is that of the compressed file.
    """

    id: Name
    source: Text
    table: Line
    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    licence: Line
    licence_url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    citation: Text
    retrieved: date | None
    updated: date | None
    provenance: Line
    selection: Line
    measures: Annotated[tuple[str, ...], Field(min_length=1)]
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*\.csv\.gz$")]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    rows: Annotated[int, Field(gt=0)]
    areas: Annotated[int, Field(gt=0)]
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


def find_sidecar(root: Path, source: str) -> Path:
    """The sidecar of `source` ("statfin-12r5": data/sources/statfin/12r5-*.yml).

    Raises SnapshotError unless there is exactly one: which of two is meant is not for the program to guess.
    """
    folder, table = source.split("-", 1)
    found = sorted((root / "data" / "sources" / folder).glob(f"{table}-*.yml"))
    if len(found) == 1:
        return found[0]
    where = f"data/sources/{folder}"
    if not found:
        raise SnapshotError(Problem(f"no snapshot of {source}", where, do=RESTORE))
    raise SnapshotError(Problem(f"{len(found)} snapshots of {source}", where, do="keep the one that is meant"))
