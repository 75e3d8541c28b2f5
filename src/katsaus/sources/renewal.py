"""What fetching a table shares with fetching any other: is it news, where its parts wait, and errors gathered."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from katsaus.config.findings import some
from katsaus.errors import KatsausError, Problem, SourceError, UsageError
from katsaus.sources.request import Fetching
from katsaus.sources.snapshot import FOLDER, Sidecar, read_sidecar, snapshots


def fetch_each(wanted: Iterable[str], known: Iterable[str], *, fetch: Callable[[str], list[Path]]) -> list[Path]:
    """Sidecars that `fetch` wrote for each of the `wanted` tables, or of all `known` ones if none is named.

    One that can't be fetched does not hinder the others. Raises UsageError for a table that is not known, and one error
    of everything that went wrong, at the end.
    """
    chosen, choice = tuple(wanted), tuple(known)
    if unknown := set(chosen) - set(choice):
        what = f"{len(unknown)} tables are not fetched here: {some(unknown)}"
        raise UsageError(Problem(what, do=f"choose of {', '.join(choice)}"))
    written: list[Path] = []
    failed: list[KatsausError] = []
    for name in chosen or choice:
        try:
            written.extend(fetch(name))
        except (SourceError, UsageError) as error:
            failed.append(error)
    if failed:
        raise type(failed[0])(problem for error in failed for problem in error.problems)
    return written


def newest(root: Path, contract: str) -> Sidecar | None:
    """The sidecar of the newest snapshot of a contract, if there is one."""
    paths = snapshots(root, contract)
    return read_sidecar(paths[-1], root) if paths else None


def is_held(sidecar: Sidecar | None, *, updated: str, wish: Fetching) -> bool:
    """Whether the snapshot is of the state `updated` of its table, and of the months wished for."""
    if sidecar is None or sidecar.updated != updated:
        return False
    return wish.first in (None, sidecar.first_month) and wish.last in (None, sidecar.last_month)


def parts_folder(root: Path, contract: str, *, updated: str) -> Path:
    """Where the parts of the state `updated` of a table wait until they are all there."""
    publisher, _, table = contract.partition("-")
    return root / FOLDER / publisher / ".parts" / f"{table}-{re.sub('[^0-9T]', '', updated)}"


def forget_parts(root: Path, contract: str, *, but: Path | None = None) -> None:
    """Remove the waiting parts of a table, `but` those in one folder."""
    publisher, _, table = contract.partition("-")
    for folder in (root / FOLDER / publisher / ".parts").glob(f"{table}-*"):
        if folder != but:
            shutil.rmtree(folder)
