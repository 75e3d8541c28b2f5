"""Worked examples of definitions, which tests hold the code to and the methods page shows; known disagreements."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from katsaus.config.models import Model, Name, Text, Trilingual

Given = float | int | str | tuple[float | int | str, ...]
"""A measure of a member: of every month, or of the newest months from the oldest on; "..." is a blank."""


class Example(Model):
    """Members of a group with their measures, and the figure that the group must have in the newest of `months`.

    `says` is the rule that the example shows; `expected` is null where there is no figure.
    """

    indicator: Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}(:[a-z][a-z0-9_-]*)?$")]
    source: Name
    says: Trilingual
    months: Annotated[int, Field(ge=1, le=48)]
    members: Annotated[tuple[dict[str, Given], ...], Field(min_length=1)]
    expected: float | int | None


class ExamplesFile(Model):
    """reviews/examples.yml."""

    examples: Annotated[tuple[Example, ...], Field(min_length=1)]


class Disagreement(Model):
    """A published figure that differs from another one or from the review's, and why."""

    id: Name
    text: Text
    source: Text


class DisagreementsFile(Model):
    """reviews/disagreements.yml."""

    disagreements: tuple[Disagreement, ...]
