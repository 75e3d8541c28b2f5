"""Names of areas in the cases that sentences need, as reviews/inflections.yml gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from katsaus.config.models import AreaCode, GroupCode, Line, Model, MunicipalityCode, RegionCode


class Cases(Model):
    """A name in one language: `genitive` (Helsingin, Helsingfors) and `locative` (Helsingissä, Vantaalla, i Esbo)."""

    genitive: Line
    locative: Line


class Inflection(Model):
    """The cases of one area, municipality, region or group; `reviewed` once natives have checked both languages."""

    code: AreaCode | MunicipalityCode | RegionCode | GroupCode
    fi: Cases
    sv: Cases
    reviewed: bool

    def __getitem__(self, lang: str) -> Cases:
        return {"fi": self.fi, "sv": self.sv}[lang]


class InflectionsFile(Model):
    """reviews/inflections.yml."""

    inflections: Annotated[tuple[Inflection, ...], Field(min_length=1)]
