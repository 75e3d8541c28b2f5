"""Rules of disclosure control: what of a source is published, and how it is protected (reviews/disclosure.yml)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from katsaus.config.models import IndicatorId, Model, Name, RegionCode, Text

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$")]
TOTAL = "_T"
"""The code of all responsible organisations, and of all groups."""
PublishedKind = Literal["municipality", "trial_area", "trial", "other", "region", "country"]
"""Areas as they are published; municipalities are those of the trial."""


class Withheld(Model):
    """A region whose municipalities are not published one by one."""

    region: RegionCode
    reason: Text


class PublishedTable(Model):
    """Figures of a source that are published: the `indicators` (all that the source can make where none is named) of
    every area of the kinds `areas`, at the responsible organisations and groups named.
    """

    areas: Annotated[tuple[PublishedKind, ...], Field(min_length=1)]
    indicators: tuple[IndicatorId, ...] = ()
    responsible: Annotated[tuple[Code, ...], Field(min_length=1)] = (TOTAL,)
    groups: Annotated[tuple[Code, ...], Field(min_length=1)] = (TOTAL,)


class DisclosureRule(Model):
    """How figures of one source are protected, who decided so, when and on what ground.

    A register or survey hides counts below `threshold` (zeros are shown) and what would give them back, or, by the
    `method` "rounding", rounds all counts to base 5; `measures` names the counts that it looks at, all of persons,
    households and spells where it is left out. Published are its `tables` and nothing else of the source; without them,
    everything. What is protected at the source has no threshold of ours.
    """

    id: Name
    source: Name
    kind: Literal["protected_at_source", "register", "survey"]
    threshold: Annotated[int, Field(ge=2, le=100)] | None = None
    method: Literal["suppression", "rounding"] = "suppression"
    measures: tuple[Name, ...] = ()
    tables: tuple[PublishedTable, ...] = ()
    reason: Text
    owner: Text
    date: date
    reference: Text
    withheld: tuple[Withheld, ...] = ()

    @model_validator(mode="after")
    def _has_threshold(self) -> Self:
        if (self.kind == "protected_at_source") != (self.threshold is None):
            raise ValueError("a register or survey, and nothing else, has a threshold")
        if self.threshold is not None and not self.tables:
            raise ValueError("a register or survey names the tables that are published")
        if self.threshold is not None and any("region" in table.areas for table in self.tables):
            raise ValueError("regions are not known as sums of municipalities, so a register can't publish them")
        return self


class DisclosureFile(Model):
    """reviews/disclosure.yml."""

    rules: tuple[DisclosureRule, ...]
