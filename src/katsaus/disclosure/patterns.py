"""Patterns: which published cells of a month are hidden. Solved once, kept with the project, and never solved again.

A pattern says that a cell is hidden and nothing of why: which of two hidden cells was the small one is itself a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from katsaus.disclosure.table import Flags
from katsaus.errors import DataError, OutputError, Problem, SuppressionError
from katsaus.panel import Panel

FOLDER = Path("data/patterns")

Hidden = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Sum of measures → "responsible/group" → areas, or kinds of areas."""


@dataclass(frozen=True)
class Pattern:
    """The hidden cells of a source in a month; `earlier` are those of its first edition, where figures were revised.

    `published` are the cells that it was made for, by sum and "responsible/group" the kinds of areas: what is published
    of an old month later was not known before.
    """

    source: str
    month: str
    hidden: Hidden
    published: Hidden
    earlier: Hidden | None = None


def pattern_file(root: Path, source: str, *, month: str) -> Path:
    """Where the pattern of a month lies."""
    return root / FOLDER / source / f"{month}.json"


def read_patterns(root: Path, source: str) -> dict[str, Pattern]:
    """The patterns of a source by month. Raises DataError with every file that can't be read."""
    found: dict[str, Pattern] = {}
    problems: list[Problem] = []
    for path in sorted((root / FOLDER / source).glob("*.json")):
        try:
            text = json.loads(path.read_text(encoding="utf-8"))
            hidden, published = _read(text["hidden"]), _read(text["published"])
            earlier = _read(text["earlier"]) if "earlier" in text else None
            found[path.stem] = Pattern(source, path.stem, hidden, published, earlier)
            if (text["source"], text["month"]) != (source, path.stem):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            where = path.relative_to(root).as_posix()
            do = "take it from version control: a pattern that was published must stay what it was"
            problems.append(Problem("the pattern can't be read", where, do=do))
    if problems:
        raise DataError(problems)
    return found


def write_pattern(root: Path, pattern: Pattern) -> None:
    """Keep a pattern. Raises OutputError."""
    path = pattern_file(root, pattern.source, month=pattern.month)
    content = {"source": pattern.source, "month": pattern.month, "hidden": _written(pattern.hidden)}
    content["published"] = _written(pattern.published)
    if pattern.earlier is not None:
        content["earlier"] = _written(pattern.earlier)
    text = json.dumps(content, indent=1, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(Problem("a pattern can't be written", str(path), error.strerror or "")) from None


def _read(text: Mapping[str, Mapping[str, str]]) -> Hidden:
    return {name: {at: tuple(areas.split()) for at, areas in cells.items()} for name, cells in text.items()}


def _written(hidden: Hidden) -> dict[str, Any]:
    return {
        name: {at: " ".join(sorted(areas)) for at, areas in sorted(cells.items())}
        for name, cells in sorted(hidden.items())
    }


def masks(hidden: Mapping[str, Hidden], areas: Panel) -> dict[str, Flags]:
    """Sum of measures → which cells [series, months] are `hidden` by month.

    Raises SuppressionError if a pattern hides what the panel has no series for: under another name it might be shown.
    """
    rows = {key: row for row, key in enumerate(areas.series)}
    found: dict[str, Flags] = {}
    problems: list[Problem] = []
    for column, month in enumerate(areas.months):
        lost = 0
        for name, cells in hidden.get(month, {}).items():
            mask = found.setdefault(name, np.zeros((len(areas.series), len(areas.months)), dtype=bool))
            for at, own in cells.items():
                responsible, group = at.split("/")
                there = [rows.get((area, responsible, group), -1) for area in own]
                lost += there.count(-1)
                mask[[row for row in there if row >= 0], column] = True
        if lost:
            problems.append(
                Problem(f"{month}: the pattern hides {lost} cells of areas that there are not", FOLDER.as_posix())
            )
    if problems:
        raise SuppressionError(problems)
    return found
