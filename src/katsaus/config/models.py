"""The values that reviews/ consists of: frozen, strict, and unwilling to hold anything they don't know."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from katsaus.config.expression import Expression, Sum

Lang = Literal["fi", "sv"]
LANGS: tuple[Lang, ...] = ("fi", "sv")

Line = Annotated[str, StringConstraints(pattern=r"^[^\s=+@-](.*\S)?$")]
"""A piece of text: not blank, no space at its ends, no line break, no first sign that makes a spreadsheet compute."""
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^KU[0-9]{3}$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^MK[0-9]{2}$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^KK[0-9]{2}$")]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")]
AreaKind = Literal[
    "municipality", "mainland_municipality", "trial_area", "trial", "region", "mainland_region", "country"
]
GroupCode = Literal["trial", "other", "country"]
IndicatorGroup = Literal[
    "jobseekers", "services", "flows", "unemployment", "kela", "kykyviisari", "evaluation", "paths"
]
Unit = Literal[
    "persons",
    "households",
    "spells",
    "vacancies",
    "percent",
    "percentage_points",
    "index",
    "ratio",
    "weeks",
    "score",
    "months",
    "euros",
]
COUNTS = frozenset({"persons", "households", "spells", "vacancies"})
"""Units of counts."""
Formula = Literal[
    "count",
    "percentage",
    "ratio",
    "change_of_percentage",
    "change_in_percent",
    "index",
    "average_percentage",
    "gap_of_percentage",
    "none",
]


class Model(BaseModel):
    """What all models share."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Model):
    """One text in both languages of the review."""

    fi: Line
    sv: Line

    def __getitem__(self, lang: str) -> str:
        return {"fi": self.fi, "sv": self.sv}[lang]


class Trilingual(Text):
    """A text that also has an English form (indicators, for those who read the CSV and the code)."""

    en: Line

    def __getitem__(self, lang: str) -> str:
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[lang]


class Region(Model):
    """A region (maakunta, landskap); `mainland` is false for Åland alone."""

    code: RegionCode
    name: Text
    mainland: bool = True


class Municipality(Model):
    """A municipality of the 2021 classification; `population` is that of 31.12.2021."""

    code: MunicipalityCode
    name: Text
    region: RegionCode
    language: Literal["fi", "fi-sv", "sv-fi", "sv"]
    population: Annotated[int, Field(gt=0)]

    @property
    def slug(self) -> str:
        """The Finnish name in ASCII: "koski-tl"."""
        letters = unicodedata.normalize("NFKD", self.name.fi).encode("ascii", "ignore").decode()
        return "-".join(re.findall(r"[a-z0-9]+", letters.lower()))


TILE_LETTERS = 5


class Tile(Model):
    """Where the tile map shows an area, counted from the west and the north, and what it calls it there."""

    column: Annotated[int, Field(ge=1)]
    row: Annotated[int, Field(ge=1)]
    label: Text


class TrialArea(Model):
    """One of the trial areas; `law` is the point of section 3 of the Act that lists its municipalities."""

    code: AreaCode
    slug: Slug
    name: Text
    chart_name: Text
    law: Line
    te_office: Text
    municipalities: Annotated[tuple[MunicipalityCode, ...], Field(min_length=1)]
    tile: Tile


class Group(Model):
    """A comparison group; `size` is the number of municipalities it must come to."""

    code: GroupCode
    name: Text
    chart_name: Text
    definition: Text
    size: Annotated[int, Field(gt=0)]


class Period(Model):
    """Months from `first` to `last`, both included."""

    first: Month
    last: Month


class Part(Model):
    """One of the values of an indicator that has several: a type of service, a domain of work ability."""

    id: Name
    name: Trilingual
    numerator: Sum


class Indicator(Model):
    """A defined measure.

    `heading` names it in little room, without its unit. `formula` says how it is computed from `numerator` (or that of
    each of its `parts`) and `denominator`, sums of measures of every one of its `sources`; the first is the default.
    Without sources it is defined and not published, for a `reason`. `base` is the period whose mean is 100 in an index.
    With `blanks` "skip", a member of an area without a figure leaves numerator and denominator alike.
    """

    id: IndicatorId
    group: IndicatorGroup
    name: Trilingual
    heading: Text
    definition: Trilingual
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=3)]
    formula: Formula
    numerator: Sum | None = None
    denominator: Sum | None = None
    parts: tuple[Part, ...] = ()
    blanks: Literal["hide", "skip"] = "hide"
    minimum_denominator: Annotated[int, Field(gt=0)] | None = None
    base: Period | None = None
    direction: Literal["down_good", "up_good", "neutral", "contextual"]
    comparison: Literal["same_month_last_year", "previous_half_year", "year", "none"]
    sources: tuple[Name, ...]
    reason: Trilingual | None = None

    @property
    def numerators(self) -> dict[str, Expression]:
        """The sum of each value by its key: "A03", or "B03:coaching" where there are parts."""
        if self.numerator is not None:
            return {self.id: self.numerator}
        return {f"{self.id}:{part.id}": part.numerator for part in self.parts}

    @property
    def counts(self) -> bool:
        """Whether it is a count and no difference of counts, so that its changes can be told in per cent."""
        return self.unit in COUNTS and all(term.sign > 0 for sum_ in self.numerators.values() for term in sum_.terms)


class PageRule(Model):
    """One row of the matrix: the pages that a notebook makes, for each of its areas, months, languages and, where it
    names any, `indicators`.

    `address` is relative to the language's root and may hold `{month}`, `{slug}` and `{indicator}`. A municipality that
    is an area by itself has that area's page.
    """

    notebook: Name
    address: Annotated[str, StringConstraints(pattern=r"^([a-z0-9{}-]+/)*$")]
    areas: Literal["trial", "trial-areas", "municipalities"]
    indicators: tuple[IndicatorId, ...] = ()
    months: Literal["newest", "all"]
    languages: Annotated[tuple[Lang, ...], Field(min_length=1)]
    pdf: bool


class MunicipalitiesFile(Model):
    """reviews/municipalities.yml."""

    regions: tuple[Region, ...]
    municipalities: tuple[Municipality, ...]


class AreasFile(Model):
    """reviews/areas.yml."""

    areas: Annotated[tuple[TrialArea, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_a_tile_each(self) -> Self:
        if len({(area.tile.column, area.tile.row) for area in self.areas}) < len(self.areas):
            raise ValueError("two areas have the same tile")
        if any(len(area.tile.label[lang]) > TILE_LETTERS for area in self.areas for lang in LANGS):
            raise ValueError(f"a tile has room for {TILE_LETTERS} letters")
        return self


class GroupsFile(Model):
    """reviews/groups.yml."""

    groups: tuple[Group, ...]


class CalendarFile(Model):
    """reviews/calendar.yml."""

    months: Annotated[tuple[Month, ...], Field(min_length=1)]


class IndicatorsFile(Model):
    """reviews/indicators.yml."""

    indicators: tuple[Indicator, ...]


class MatrixFile(Model):
    """reviews/matrix.yml."""

    pages: Annotated[tuple[PageRule, ...], Field(min_length=1)]
