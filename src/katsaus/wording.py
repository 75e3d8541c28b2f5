"""How figures are named and written in one language: headings of columns, numbers with their units."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR, shift
from katsaus.config.project import Project
from katsaus.errors import Problem, UsageError
from katsaus.figures import definition_of
from katsaus.rounding import half_away
from katsaus.spelling import refuse_unknown
from katsaus.table import Column
from katsaus.terms import Words

LEVELS = ("value", "year_ago", "month_ago")
"""Measures that are figures themselves, not changes between figures."""
MEASURES = (*LEVELS, "change", "change_percent", "month_change", "month_change_percent")
"""The columns of `Review.figures` that hold a figure."""


def split(column: str) -> tuple[str, str]:
    """ "A03.change" → ("A03", "change"); an indicator alone means its value."""
    indicator, _, measure = column.partition(".")
    return indicator, measure or "value"


class Wording:
    """The names and units of the project's indicators in the language of `words`."""

    def __init__(self, project: Project, words: Words) -> None:
        self._project = project
        self._words = words
        self.lang = words.lang

    @property
    def synthetic(self) -> str:
        """What synthetic figures are called."""
        return self._words.term("synthetic data")

    def column(self, name: str) -> Column:
        """The column of an indicator or one of its measures: "D01", "D01.year_ago", "A03.change_percent".

        Raises UsageError for a measure that there is not.
        """
        indicator, measure = split(name)
        refuse_unknown("measure", measure, known=MEASURES)
        known = definition_of(self._project, indicator)
        unit = {"percent": ", %", "weeks": f", {self._words.term('weeks')}"}.get(known.unit, "")
        heading = self.heading(indicator) + unit
        if measure == "value":
            return Column(name, heading, known.decimals)
        term = self._words.term
        labels = {
            ("year_ago", known.unit): term("{heading}, a year earlier", heading=heading),
            ("month_ago", known.unit): term("{heading}, a month earlier", heading=heading),
            ("change", "persons"): term("Change in a year, persons"),
            ("change", "percent"): term("Change in a year, percentage points"),
            ("month_change", "persons"): term("Change in a month, persons"),
            ("month_change", "percent"): term("Change in a month, percentage points"),
            ("change_percent", known.unit): term("Change in a year, %"),
            ("month_change_percent", known.unit): term("Change in a month, %"),
        }
        change = term("Change in a month") if measure.startswith("month") else term("Change in a year")
        decimals = 1 if measure.endswith("_percent") else known.decimals
        return Column(name, labels.get((measure, known.unit), change), decimals, signed=measure not in LEVELS)

    def measure(self, measure: str, month: str) -> Column:
        """The column of a measure in a table whose rows are of indicators, which tell their units; levels are named by
        the month that they are of. Raises UsageError for a measure that there is not.
        """
        refuse_unknown("measure", measure, known=MEASURES)
        term = self._words.term
        labels = {
            "change": term("Change in a year"),
            "month_change": term("Change in a month"),
            "change_percent": term("Change in a year, %"),
            "month_change_percent": term("Change in a month, %"),
        }
        if measure in LEVELS:
            return Column(measure, self._words.month(month, "nominative"), 0)
        return Column(measure, labels[measure], 1, signed=True)

    def heading(self, indicator: str) -> str:
        """What an indicator, or a part of one ("B03:coaching"), is called in little room."""
        known = definition_of(self._project, indicator)
        names = {f"{known.id}:{part.id}": part.name[self._words.lang] for part in known.parts}
        return names.get(indicator, known.heading[self._words.lang])

    def organisation(self, code: str) -> str:
        """A responsible organisation: "trial", "te_office", or "_T", both together."""
        term = self._words.term
        return {
            "_T": term("Total"),
            "trial": term("Municipal trials"),
            "te_office": term("TE offices"),
        }[code]

    def group(self, code: str) -> str:
        """A group of people, as sources code it: "Y_LT30", "foreign_language", or "_T", all of them."""
        term = self._words.term
        return {
            "_T": term("Total"),
            "F": term("Women"),
            "M": term("Men"),
            "Y_LT25": term("Under 25 years"),
            "Y_LT30": term("Under 30 years"),
            "Y30T54": term("30–54 years"),
            "Y_GE55": term("55 years or over"),
            "foreign_language": term("Foreign-language speakers"),
            "ED0-2": term("Basic education"),
            "ED3-4": term("Upper secondary education"),
            "ED5-8": term("Tertiary education"),
        }[code]

    def write(self, value: float, column: Column) -> str:
        """A figure as a cell of `column` shows it: without unit, with a sign where it is a change."""
        number = self._words.signed if column.signed else self._words.number
        return number(value, column.decimals)

    def tell(self, figure: Any, measure: str = "value") -> str:
        """A measure of a row of figures with its unit, "10,2 %", "−0,4 %-yksikköä"; or the symbol in its place."""
        column = self.column(f"{figure.indicator}.{measure}")
        symbol = str(getattr(figure, f"{measure}_symbol"))
        number = symbol or self.write(getattr(figure, measure), column)
        return symbol or self._words.with_unit(number, self.unit(figure.indicator, measure))

    def choose(self, value: float, *, up: str, same: str, down: str, decimals: int = 0) -> str:
        """`up`, `same` or `down` by the sign that `value` has when it is published with `decimals`.

        Raises UsageError where there is no figure to choose by.
        """
        if not math.isfinite(value):
            do = "look at its symbol first, as in: if figure.change_symbol"
            raise UsageError(Problem("review.choose of a figure that is not there", do=do))
        rounded = half_away(value, decimals)
        return up if rounded > 0 else down if rounded < 0 else same

    def size(self, figure: Any, measure: str = "change") -> str:
        """A change without its sign: "0,4 %-yksikköä", for a sentence that says whether it rose or fell."""
        return self.tell(figure, measure).lstrip("+−")

    def in_a_year(self, figure: Any, *, percent: bool = False) -> str:
        """The change in a year of a row of figures, if wanted also in per cent: "−97 (−0,2 %) vuodessa"."""
        decimals = self.column(f"{figure.indicator}.change").decimals
        if not figure.change_symbol and not half_away(figure.change, decimals):
            return self._words.term("No change in a year")
        change = self.tell(figure, "change")
        if percent and not figure.change_percent_symbol:
            change = f"{change} ({self.tell(figure, 'change_percent')})"
        return self._words.term("{change} in a year", change=change)

    def telling(self, table: pd.DataFrame, month: str, *, measure: str) -> str:
        """The figures of `month` in words, each with what it was: "Kainuu 9,1 % (vuotta aiemmin 8,9 %), …"."""
        return ", ".join(
            self._words.term(
                "{label} {value} (a year earlier {before})",
                label=row.label,
                value=self.aloud(row, measure),
                before=self._year_ago(table, row, measure=measure),
            )
            for row in table[table["month"] == month].itertuples()
        )

    def _year_ago(self, table: pd.DataFrame, row: Any, *, measure: str) -> str:
        if measure == "value":
            return self.aloud(row, "year_ago")
        same = (table["month"] == shift(row.month, -MONTHS_IN_YEAR)) & (table["label"] == row.label)
        before = next(table[same].itertuples(), None)
        return self._words.term("no data") if before is None else self.aloud(before, measure)

    def aloud(self, figure: Any, measure: str) -> str:
        """As `tell`, with the symbol in words: what is read aloud has no three dots."""
        symbols = {
            "...": self._words.term("hidden for data protection"),
            "..": self._words.term("no data"),
            "–": self._words.term("can't be computed"),
        }
        told = self.tell(figure, measure)
        return symbols.get(told, told)

    def unit(self, indicator: str, measure: str) -> str:
        """The unit of a measure of an indicator: "percent", "percentage_points", "persons"."""
        unit = definition_of(self._project, indicator).unit
        if measure.endswith("_percent"):
            return "percent"
        return "percentage_points" if unit == "percent" and measure not in LEVELS else unit
