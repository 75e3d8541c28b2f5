"""Known mistakes of a source, used as they should be until the source corrects them (data/corrections.yml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from katsaus.config.files import validated
from katsaus.config.models import Model, Month, Name, Text
from katsaus.config.strict_yaml import load

TOTAL = "_T"
MARKS = ("...", "..", ".")
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
    return validated(load(root / FILE, root, figures=True), CorrectionsFile).corrections
