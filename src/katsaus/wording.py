"""How figures are named and written in one language: headings of columns, numbers with their units."""

from __future__ import annotations

from typing import Any

from katsaus.config.project import Project
from katsaus.figures import definition_of
from katsaus.table import Column
from katsaus.terms import Words


def split(column: str) -> tuple[str, str]:
    """ "A03.change" → ("A03", "change"); an indicator alone means its value."""
    indicator, _, measure = column.partition(".")
    return indicator, measure or "value"


class Wording:
    """The names and units of the project's indicators in the language of `words`."""

    def __init__(self, project: Project, words: Words) -> None:
        self._project = project
        self._words = words

    def column(self, name: str) -> Column:
        """The column of an indicator or one of its measures: "D01", "D01.year_ago", "A03.change_percent"."""
        indicator, measure = split(name)
        known = definition_of(self._project, indicator)
        heading = self.heading(indicator) + (", %" if known.unit == "percent" else "")
        if measure == "value":
            return Column(name, heading, known.decimals)
        term = self._words.term
        labels = {
            ("year_ago", known.unit): term("{heading}, a year earlier", heading=heading),
            ("change", "persons"): term("Change in a year, persons"),
            ("change", "percent"): term("Change in a year, percentage points"),
            ("change_percent", known.unit): term("Change in a year, %"),
        }
        label = labels.get((measure, known.unit), term("Change in a year"))
        decimals = 1 if measure == "change_percent" else known.decimals
        return Column(name, label, decimals, signed=measure != "year_ago")

    def heading(self, indicator: str) -> str:
        """What an indicator, or a part of one ("B03:coaching"), is called in little room."""
        known = definition_of(self._project, indicator)
        names = {f"{known.id}:{part.id}": part.name[self._words.lang] for part in known.parts}
        return names.get(indicator, known.heading[self._words.lang])

    def write(self, value: float, column: Column) -> str:
        """A figure as a cell of `column` shows it: without unit, with a sign where it is a change."""
        number = self._words.signed if column.signed else self._words.number
        return number(value, column.decimals)

    def tell(self, figure: Any, measure: str) -> str:
        """A measure of a row of figures with its unit, "10,2 %", "−0,4 %-yksikköä"; or the symbol in its place."""
        symbol = str(getattr(figure, f"{measure}_symbol"))
        number = symbol or self.write(getattr(figure, measure), self.column(f"{figure.indicator}.{measure}"))
        return symbol or self._words.with_unit(number, self._unit(figure.indicator, measure))

    def _unit(self, indicator: str, measure: str) -> str:
        unit = definition_of(self._project, indicator).unit
        if measure == "change_percent":
            return "percent"
        return "percentage_points" if unit == "percent" and measure == "change" else unit
