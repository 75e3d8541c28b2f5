"""Mergers of municipalities: from which month on an old code may no longer be delivered (reviews/mergers.yml)."""

from __future__ import annotations

from katsaus.config.models import Model, Month, MunicipalityCode, Text


class Merger(Model):
    """The municipality `old` is part of `new` from the month `first` on."""

    old: MunicipalityCode
    new: MunicipalityCode
    first: Month
    name: Text


class MergersFile(Model):
    """reviews/mergers.yml."""

    mergers: tuple[Merger, ...]
