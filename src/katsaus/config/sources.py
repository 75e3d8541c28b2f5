"""Sources of figures: which tables each has and what must hold within it (reviews/sources.yml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from katsaus.config.expression import Sum
from katsaus.config.models import AreaKind, Model, Name, Trilingual

Tolerance = Annotated[float | int, Field(ge=0)]


class AreaTotal(Model):
    """Each area of the kind `total` is the sum of its areas of the kind `parts`.

    It may differ by `tolerance`, and may be larger by the share `unallocated` (persons of unknown residence). It holds
    for all measures but those `without`; percentages have no sums.
    """

    total: AreaKind
    parts: AreaKind
    tolerance: Tolerance
    unallocated: Annotated[float, Field(ge=0, lt=1)] = 0.0
    without: tuple[Name, ...] = ()


class GroupTotal(Model):
    """The figure of `total` is the sum of those of `parts`, exactly."""

    dimension: Literal["responsible", "group"]
    total: str
    parts: tuple[str, ...]


class Identity(Model):
    """`left` equals `right` within `tolerance`, at every area, month, responsible organisation and group with both."""

    id: Name
    left: Sum
    right: Sum
    tolerance: Tolerance


class Subset(Model):
    """Everybody counted in `part` is counted in `of`, at every area, month, responsible organisation and group."""

    part: Sum
    of: Sum


class Jump(Model):
    """A figure of at least `from_` that grows or shrinks by more than `factor` against its area's month before, beyond
    what all areas do that month, is taken for a mistake; measures `without` it do so in earnest.
    """

    factor: Annotated[float | int, Field(gt=1)]
    from_: Annotated[int, Field(gt=0, alias="from")]
    without: tuple[Name, ...] = ()


class Source(Model):
    """One table of the store. `yearly` measures stay the same within a calendar year and change with it.

    A source that is `published` has figures of every month of reviews/calendar.yml.
    """

    id: Name
    name: Trilingual
    tables: Annotated[tuple[Name, ...], Field(min_length=1)]
    area_totals: tuple[AreaTotal, ...] = ()
    group_totals: tuple[GroupTotal, ...] = ()
    identities: tuple[Identity, ...] = ()
    subsets: tuple[Subset, ...] = ()
    jump: Jump | None = None
    yearly: tuple[Name, ...] = ()
    published: bool = False


class SourcesFile(Model):
    """reviews/sources.yml."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
