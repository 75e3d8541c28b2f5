"""Which trial areas an area is compared with: the rule of reviews/comparison.yml."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from katsaus.config.models import LANGS, IndicatorId, Model, Period, Text
from katsaus.errors import Problem

if TYPE_CHECKING:
    from katsaus.config.files import Files

FIELDS = {"number", "first", "last"}
"""What the text of the rule must tell."""


class Feature(Model):
    """A feature of the areas' structure: the mean of `indicator` over the base period, as it is or its logarithm."""

    indicator: IndicatorId
    transform: Literal["none", "logarithm"]


class ComparisonFile(Model):
    """reviews/comparison.yml: the `number` nearest areas by the standardised `features` in the months of `base`.

    `text` explains it to readers; its fields {number}, {first} and {last} are filled from the rule itself.
    """

    number: Annotated[int, Field(ge=1)]
    base: Period
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]
    text: Text


def check_comparison(files: Files) -> Iterator[Problem]:
    """Every problem of the rule with itself and the other files."""
    rule, document = files.comparison, files.documents["comparison"]
    published = {item.id for item in files.indicators.indicators if item.sources and item.numerator is not None}
    for position, feature in enumerate(rule.features):
        if feature.indicator not in published:
            where = document.where("features", position, "indicator")
            yield Problem(f"no published indicator {feature.indicator}", where, do="correct the id")
    if rule.number >= len(files.areas.areas):
        yield Problem("there are not so many other areas", document.where("number"), do="choose a smaller number")
    if rule.base.last < rule.base.first:
        yield Problem("the base period ends before it begins", document.where("base"), do="turn it round")
    if rule.base.last >= files.calendar.months[0]:
        why = "an area's comparison areas must be the same on the pages of every month"
        yield Problem("the base period reaches into the published months", document.where("base", "last"), why)
    for lang in LANGS:
        if (found := _fields(rule.text[lang])) != FIELDS:
            what = f"the text has the fields {sorted(found)}" if found else "the text has no fields"
            do = "tell {number}, {first} and {last}"
            yield Problem(what, document.where("text", lang), "it must not differ from the rule", do)


def _fields(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()
