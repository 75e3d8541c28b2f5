"""Observations and definitions that a test makes up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from katsaus.config.models import Indicator
from katsaus.config.rules import DisclosureRule
from katsaus.disclosure import ProtectedTable, Release, protect
from katsaus.disclosure.patterns import Pattern
from katsaus.disclosure.scope import scope, small
from katsaus.panel import Panel, over_areas, panel

Row = tuple[str, str, str, str, str, float | str | None]
"""Area, responsible organisation, group, month, measure and figure: "..." hidden, None unavailable."""


def observed(rows: Iterable[Row]) -> Panel:
    columns = ["REF_AREA", "RESPONSIBLE", "GROUP", "TIME_PERIOD", "MEASURE", "OBS_VALUE"]
    table = pd.DataFrame(list(rows), columns=columns)
    hidden = table["OBS_VALUE"] == "..."
    values = pd.to_numeric(table["OBS_VALUE"].where(~hidden, None), errors="raise").astype("float64")
    return panel(
        pd.DataFrame(
            {
                **{name: pd.Categorical(table[name]) for name in columns[:-1]},
                "OBS_VALUE": values,
                "CONF_STATUS": pd.Categorical(hidden.map({True: "C", False: "F"})),
            }
        )
    )


def definition(
    name: str, formula: str, numerator: str | None, denominator: str | None = None, **more: object
) -> Indicator:
    text = {"fi": "x", "sv": "x", "en": "x"}
    return Indicator.model_validate(
        {
            "id": name,
            "group": "unemployment",
            "name": text,
            "heading": {"fi": "x", "sv": "x"},
            "definition": text,
            "unit": "percent",
            "decimals": 1,
            "formula": formula,
            "numerator": numerator,
            "denominator": denominator,
            "direction": "neutral",
            "comparison": "none",
            "sources": ("made-up",),
            **more,
        }
    )


def release(source: Panel, *definitions: Indicator, members: dict[str, list[str]], **rule: object) -> Release:
    """A release of all areas, organisations and groups of a source, of which `rule` says what is particular."""
    withheld, counts = rule.pop("withheld", ()), rule.pop("counts", list(source.measures))
    relations = {name: rule.pop(name) for name in ("identities", "subsets", "totals", "whole_country") if name in rule}
    kinds = rule.pop("kinds", {area: kind_of(area, own) for area, own in members.items()})
    everything = {
        "areas": tuple(sorted(set(kinds.values()))),
        "responsible": tuple(source.series.unique("RESPONSIBLE")),
        "groups": tuple(source.series.unique("GROUP")),
    }
    return Release(
        **{
            "definitions": {item.id: item for item in definitions},
            "members": members,
            "kinds": kinds,
            "rule": DisclosureRule.model_validate(
                {
                    "id": "made-up",
                    "source": "made-up",
                    "kind": "register" if "threshold" in rule else "protected_at_source",
                    "tables": (everything,) if "threshold" in rule else (),
                    "reason": {"fi": "x", "sv": "x"},
                    "owner": {"fi": "x", "sv": "x"},
                    "date": date(2026, 1, 1),
                    "reference": {"fi": "x", "sv": "x"},
                    **rule,
                }
            ),
            "counts": counts,
            "withheld": withheld,
            **relations,
        }  # type: ignore[arg-type]
    )


def kind_of(area: str, members: list[str]) -> str:
    """Municipalities are their own, areas begin with K, those of a second hierarchy (R) go as other areas."""
    if members == [area]:
        return "municipality"
    if area in ("trial", "other", "country"):
        return area
    return {"K": "trial_area", "R": "other"}.get(area[0], "trial")


def small_alone(source: Panel, wanted: Release) -> dict[str, Pattern]:
    """Patterns that hide the small counts and nothing beside them."""
    areas = over_areas(source, wanted.published_members)
    found = small(wanted, areas, published=scope(wanted, areas))
    return {
        month: Pattern("made-up", month, {name: _hidden(flags[:, column], areas) for name, flags in found.items()}, {})
        for column, month in enumerate(areas.months)
    }


def _hidden(flags: npt.NDArray[np.bool_], areas: Panel) -> dict[str, tuple[str, ...]]:
    hidden: dict[str, list[str]] = {}
    for area, responsible, group in areas.series[flags]:
        hidden.setdefault(f"{responsible}/{group}", []).append(area)
    return {at: tuple(own) for at, own in hidden.items()}


def protected(source: Panel, *definitions: Indicator, members: dict[str, list[str]], **rule: object) -> ProtectedTable:
    wanted = release(source, *definitions, members=members, **rule)
    return protect(source, wanted, patterns=small_alone(source, wanted), synthetic=False)
