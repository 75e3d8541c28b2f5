"""Known mistakes of a source, used as they should be until the source corrects them (data/corrections.yml)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field

from katsaus.config.files import validated
from katsaus.config.findings import Finding
from katsaus.config.models import Model, Month, Name, Text
from katsaus.config.strict_yaml import load
from katsaus.store.cube import MARKS, NORMAL, TOTAL, Cube

FILE = "data/corrections.yml"
SMALLEST = 10
"""Figures below this are no matter for a text file: they could be about known persons."""


def _no_small_figure(value: object) -> object:
    if isinstance(value, str) and value in MARKS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"should be a figure or one of the marks {' '.join(MARKS)}")
    if value < SMALLEST:
        raise ValueError(f"is below {SMALLEST}; so small a figure may not stand in a file: ask the source")
    return value


Figure = Annotated[Any, BeforeValidator(_no_small_figure)]
"""A figure, or a mark where there is none."""


class Key(Model):
    """One figure of a source."""

    REF_AREA: Annotated[str, Field(pattern=r"^(KU[0-9]{3}|KK([0-9]{2})?|MK[0-9]{2}|SSS)$")]
    TIME_PERIOD: Month
    MEASURE: Name
    RESPONSIBLE: str = TOTAL
    GROUP: str = TOTAL


class Correction(Model):
    """Where the source says `delivered`, `expected` is used; `what` and `why` are published with it."""

    id: Name
    source: Name
    key: Key
    delivered: Figure
    expected: Figure
    what: Text
    why: Text
    reported: date


class CorrectionsFile(Model):
    """data/corrections.yml."""

    corrections: tuple[Correction, ...]


def load_corrections(root: Path) -> tuple[Correction, ...]:
    """Every correction of the project at `root`. Raises ConfigError with all problems; no figure is repeated."""
    return validated(load(root / FILE, root), CorrectionsFile).corrections


def apply(
    corrections: Iterable[Correction], cubes: Sequence[Cube], *, source: str, findings: list[Finding]
) -> tuple[str, ...]:
    """Put the expected figures into the cubes of `source`; returns the ids of the corrections that were applied.

    One whose figure the source has changed since, or does not have, is told in `findings` and not applied.
    """
    applied: list[str] = []
    for correction in corrections:
        if correction.source != source:
            continue
        found = _find(correction, cubes)
        if found is None:
            findings.append(Finding("correction-unknown-key", FILE, {"id": correction.id}))
            continue
        cube, at = found
        measure = correction.key.MEASURE
        if not _says(cube, measure, at=at, figure=correction.delivered):
            findings.append(Finding("correction-settled", FILE, {"id": correction.id}))
            continue
        cube.states[measure][at], cube.values[measure][at] = _cell(correction.expected)
        applied.append(correction.id)
    return tuple(applied)


def _find(correction: Correction, cubes: Sequence[Cube]) -> tuple[Cube, tuple[int, int]] | None:
    key = correction.key
    for cube in cubes:
        line = cube.rows.get((key.REF_AREA, key.RESPONSIBLE, key.GROUP))
        if key.MEASURE in cube.values and line is not None and key.TIME_PERIOD in cube.months:
            at = (line, cube.months.index(key.TIME_PERIOD))
            if cube.present[at]:
                return cube, at
    return None


def _says(cube: Cube, measure: str, *, at: tuple[int, int], figure: Any) -> bool:
    state, value = _cell(figure)
    return bool(cube.states[measure][at] == state and (state != NORMAL or cube.values[measure][at] == value))


def _cell(figure: Any) -> tuple[int, float]:
    """State and value of a figure or a mark."""
    return (MARKS[figure], np.nan) if isinstance(figure, str) else (NORMAL, float(figure))
