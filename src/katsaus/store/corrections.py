"""Corrections put in the place of what the source says, as long as it says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from katsaus.config.corrections import FILE, Correction
from katsaus.config.findings import Finding
from katsaus.store.cube import MARKS, NORMAL, Cube


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
