"""A copy of the real project that a test may damage: reviews/, data/sources/, settings and names of notebooks."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

SNAPSHOT = "data/sources/statfin/12r5-2023-10.csv.gz"
SIDECAR = "data/sources/statfin/12r5-2023-10.yml"


def copy_project(root: Path, to: Path) -> Path:
    for folder in ("reviews", "data"):
        shutil.copytree(root / folder, to / folder, ignore=shutil.ignore_patterns("commentary"))
    for file in root.glob("_quarto*.yml"):
        shutil.copy(file, to)
    (to / "notebooks").mkdir()
    for notebook in (root / "notebooks").glob("*.ipynb"):
        (to / "notebooks" / notebook.name).write_text('{"cells": []}', encoding="utf-8")
    return to


def replace(path: Path, old: str, new: str) -> int:
    """Replace the first `old` by `new` and return the line that it stood on."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def rewrite_snapshot(project: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of the snapshot and let its sidecar describe the new file."""
    packed = (project / SNAPSHOT).read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    rows = len(lines) - 1
    lines = change(lines)
    changed = gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 1, mtime=0)
    (project / SNAPSHOT).write_bytes(changed)
    replace(project / SIDECAR, hashlib.sha256(packed).hexdigest(), hashlib.sha256(changed).hexdigest())
    replace(project / SIDECAR, f"rows: {rows}", f"rows: {len(lines) - 1}")
