"""Tables of a page made from rows of figures: by area, by month, by indicator, organisation or group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import pandas as pd

from katsaus.calendar import shift
from katsaus.errors import FigureError, Problem
from katsaus.figures import Figures, definition_of
from katsaus.furniture import furniture, remarks
from katsaus.query import BEFORE
from katsaus.spelling import refuse_unknown
from katsaus.table import Cell, Column, Row, Subject, Table, cells
from katsaus.terms import Words
from katsaus.wording import Wording, split

Rows = Literal["indicator", "responsible", "group"]
MEASURES = ("value", "year_ago", "change", "change_percent")
Headings = tuple[str, tuple[str, ...]]


class Tables:
    """Makes the tables of the page of `area` (a code) in the language of `words`."""

    def __init__(self, figures: Figures, words: Words, *, area: str) -> None:
        self._figures = figures
        self._words = words
        self._wording = Wording(figures.project, words)
        self._area = area

    def by_area(self, table: pd.DataFrame, measures: Sequence[str], *, caption: str, links: bool = False) -> Table:
        """A table with a row for each area of `table` (rows of `Review.figures`, one month), in its order.

        `measures` name indicators, or their measures: "A03", "A03.year_ago", "A03.change", "A03.change_percent". With
        `links` each area leads to its page.
        """
        heads = [self._wording.column(measure) for measure in measures]
        for indicator in dict.fromkeys(split(measure)[0] for measure in measures):
            refuse_unknown("indicator among the rows called", indicator, known=table["indicator"].unique())
        parts = [cells(table[table["indicator"] == split(m)[0]], split(m)[1]) for m in measures]
        month = str(table["month"].max())
        noted = self._remarks(table, by="area")
        rows = [
            Row(
                self._name(code),
                (self._name(code), code, month),
                figures,
                href=self._address(code, month) if links else "",
                emphasis=code == self._area,
                remark=noted[code],
                area=str(code),
            )
            for code, figures in zip(table["area"].unique(), zip(*parts, strict=True), strict=True)
        ]
        kind = "Municipality" if set(table["area"]) <= set(self._figures.project.municipalities) else "Area"
        headings = [self._words.term(kind), self._words.term("Code"), self._words.term("Month")]
        return self._table(table, heads, rows=rows, caption=caption, headings=(headings[0], tuple(headings)))

    def by_month(self, table: pd.DataFrame, *, caption: str, measure: str = "value") -> Table:
        """A table with a row for each month of `table` (rows of `Review.figures`, one indicator), newest first, and a
        column for each area, organisation or group.
        """
        groups = list(table.groupby("label", sort=False))
        heads = [self._headed(rows, str(label), measure=measure) for label, rows in groups]
        parts = zip(*(cells(rows, measure) for _, rows in groups), strict=True)
        months, noted = groups[0][1]["month"], self._remarks(table, by="month")
        rows = [
            Row(self._words.month(month, "nominative"), (month,), figures, remark=noted[month])
            for month, figures in zip(months, parts, strict=True)
        ][::-1]
        heading = self._words.term("Month")
        return self._table(table, heads, rows=rows, caption=caption, headings=(heading, (heading,)))

    def over_months(self, table: pd.DataFrame, *, caption: str, links: bool = False) -> Table:
        """A table with a row for each area of `table` (rows of `Review.figures`, one indicator), in its order, and a
        column for each of its months, newest first: the twin of a map with time steps.
        """
        column = self._wording.column(str(table["indicator"].iloc[0]))
        months = sorted(table["month"].unique(), reverse=True)
        heads = [Column(month, self._words.month(month, "short"), column.decimals) for month in months]
        rows, noted = [], self._remarks(table, by="area")
        for code, own in table.groupby("area", sort=False):
            name, newest_first = self._name(str(code)), own.sort_values("month", ascending=False)
            href = self._address(str(code), months[0]) if links else ""
            figures = tuple(cells(newest_first, "value"))
            emphasis = code == self._area
            rows.append(Row(name, (name, str(code)), figures, href, emphasis, noted[str(code)], area=str(code)))
        heading = self._words.term("Area")
        return self._table(
            table, heads, rows=rows, caption=caption, headings=(heading, (heading, self._words.term("Code")))
        )

    def by_row(
        self, table: pd.DataFrame, measures: Sequence[str] = MEASURES, *, rows: Rows = "indicator", caption: str
    ) -> Table:
        """A table of one area in one month with a row for each indicator, responsible organisation or group of `table`
        (rows of `Review.figures`) and a column for each of `measures`; none for changes in per cent if nothing counts.

        Raises FigureError if `table` is of several areas or months.
        """
        if table["area"].nunique() > 1 or table["month"].nunique() > 1:
            do = "take by_area or by_month, or choose one of them"
            raise FigureError(Problem("a table by row of several areas or months", do=do))
        refuse_unknown("rows", rows, known=get_args(Rows))
        month = str(table["month"].iloc[0])
        counted = any(definition_of(self._figures.project, key).counts for key in table["indicator"])
        measures = [name for name in measures if counted or not name.endswith("_percent")]
        heads = [self._wording.measure(measure, self._month_of(month, measure)) for measure in measures]
        noted = self._remarks(table, by="indicator")
        made = [
            Row(
                self._row_name(row, rows),
                (self._row_name(row, rows), month),
                tuple(self._cells(row, measures)),
                remark=noted[str(row.indicator)],
            )
            for row in table.itertuples()
        ]
        kinds = {
            "indicator": self._words.term("Indicator"),
            "responsible": self._words.term("Responsible organisation"),
            "group": self._words.term("Group"),
        }
        headings = (kinds[rows], (kinds[rows], self._words.term("Month")))
        return self._table(table, heads, rows=made, caption=caption, headings=headings)

    def _table(
        self, table: pd.DataFrame, heads: Sequence[Column], *, rows: Sequence[Row], headings: Headings, caption: str
    ) -> Table:
        around = furniture(table, caption, figures=self._figures, words=self._words)
        return Table(heads, rows, headings, around, self._wording.write)

    def _headed(self, rows: pd.DataFrame, label: str, *, measure: str) -> Column:
        column = self._wording.column(f"{rows['indicator'].iloc[0]}.{measure}")
        return Column(label, label, column.decimals, column.signed)

    @staticmethod
    def _month_of(month: str, measure: str) -> str:
        """The month that a level is of: the table's own, or one before it."""
        return next((shift(month, -months) for earlier, _, months in BEFORE.values() if earlier == measure), month)

    def _remarks(self, table: pd.DataFrame, *, by: str) -> Mapping[str, str]:
        return remarks(table, self._figures.project, by=by, lang=self._words.lang)

    def _row_name(self, row: Any, rows: Rows) -> str:
        if rows == "responsible":
            return self._wording.organisation(row.responsible)
        if rows == "group":
            return self._wording.group(row.group)
        return self._wording.column(row.indicator).label

    def _cells(self, row: Any, measures: Sequence[str]) -> Iterator[Cell]:
        for measure in measures:
            decimals = self._wording.column(f"{row.indicator}.{measure}").decimals
            subject = Subject(row.source, row.indicator, measure, row.area, row.responsible, row.group, row.month)
            yield Cell(float(getattr(row, measure)), str(getattr(row, f"{measure}_symbol")), decimals, subject)

    def _name(self, code: str) -> str:
        return self._figures.names[code][self._words.lang]

    def _address(self, code: str, month: str) -> str:
        """The page of an area or municipality, from the root of the language."""
        place = self._figures.project.places.get(code)
        return f"/{month}/{place}/index.html" if place else ""
