"""Observations and definitions that a test makes up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from katsaus.config.models import DisclosureRule, Indicator
from katsaus.disclosure import ProtectedTable, Release, protect
from katsaus.panel import Panel, panel

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


def protected(source: Panel, *definitions: Indicator, members: dict[str, list[str]], **rule: object) -> ProtectedTable:
    withheld, counts = rule.pop("withheld", ()), rule.pop("counts", list(source.measures))
    release = Release(
        {item.id: item for item in definitions},
        members,
        DisclosureRule.model_validate(
            {
                "id": "made-up",
                "source": "made-up",
                "kind": "register" if "threshold" in rule else "protected_at_source",
                "reason": {"fi": "x", "sv": "x"},
                "owner": "x",
                "date": date(2026, 1, 1),
                "reference": "x",
                **rule,
            }
        ),
        counts,  # type: ignore[arg-type]
        withheld,  # type: ignore[arg-type]
    )
    return protect(source, release, synthetic=False)
