"""Notes that follow figures wherever they are shown, as reviews/notes.yml gives them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from katsaus.config.models import AreaCode, GroupCode, IndicatorId, Line, Model, Month, MunicipalityCode, Name, Text

Label = Annotated[Line, StringConstraints(max_length=28)]
"""A text that fits into a chart on a phone."""


class Labels(Model):
    """A short text in both languages."""

    fi: Label
    sv: Label

    def __getitem__(self, lang: str) -> str:
        return {"fi": self.fi, "sv": self.sv}[lang]


class Event(Model):
    """What happened in a month, as charts over time write it at that month."""

    month: Month
    label: Labels


class Note(Model):
    """A note that follows figures of `indicators`, `sources` and the data months `months`, of `areas` or groups.

    Charts over time show its `event`; one that stands `beside` is told in full under each figure, not by its number.
    """

    id: Name
    text: Text
    indicators: Annotated[tuple[IndicatorId, ...], Field(min_length=1)]
    months: Annotated[tuple[Month, ...], Field(min_length=1)] | Literal["all"]
    areas: Annotated[tuple[AreaCode | MunicipalityCode | GroupCode, ...], Field(min_length=1)] | Literal["all"]
    sources: Annotated[tuple[Name, ...], Field(min_length=1)] | Literal["all"] = "all"
    event: Event | None = None
    beside: bool = False

    @model_validator(mode="after")
    def _event_within_months(self) -> Self:
        if self.event is not None and self.months != "all" and self.event.month not in self.months:
            raise ValueError("the month of the event is not among the months of the note")
        return self


class NotesFile(Model):
    """reviews/notes.yml."""

    notes: tuple[Note, ...]
