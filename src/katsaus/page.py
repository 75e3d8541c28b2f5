"""What a notebook imports: ``from katsaus.page import open_review``.

A review is one area in one month in one language. It hands out protected figures as pandas frames, words and numbers in
the page's language, and takes charts, tables and headline figures. Nothing it hands out is later than its month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd

from katsaus import chart as charts
from katsaus import theme
from katsaus.calendar import MONTHS_IN_YEAR, months_until, shift
from katsaus.config.project import find_root
from katsaus.disclosure import ProtectedTable
from katsaus.errors import Problem, TermError
from katsaus.figures import COMPARISON, Figures, columns, definition_of, load_figures
from katsaus.furniture import furniture
from katsaus.methods import METHODS
from katsaus.output import SYNTHETIC, Output, show
from katsaus.rounding import half_away
from katsaus.table import Column, Row, Table, cells, marked
from katsaus.terms import Words, load_words
from katsaus.wording import Wording, split

_figures: dict[Path, Figures] = {}
_words: dict[tuple[Path, str], Words] = {}


def preload(root: Path, *, closed: bool = False) -> None:
    """Read the project's figures and words once, so that every review opened later in this process shares them.

    With `closed` the figures of the sources that notebooks name are read now, and no others later.
    """
    figures = load_figures(root)
    _figures[root] = figures.read_for(root / "notebooks") if closed else figures
    for lang in _figures[root].project.sites:
        _words[root, lang] = load_words(root, lang)


def open_review(area: str, month: str, lang: str) -> Review:
    """The review of `area` (a slug of reviews/areas.yml, or "trial" for all of them) in `month` ("2023-06") and `lang`
    ("fi", "sv").
    """
    root = find_root(Path.cwd())
    if root not in _figures:
        preload(root)
    theme.register()
    return Review(_figures[root], _words[root, lang], area=area, month=month)


class Review:
    """One area in one month in one language; made by `open_review`.

    `area` is its code ("KK20", "trial"), `name` its name in the page's language.
    """

    def __init__(self, figures: Figures, words: Words, *, area: str, month: str) -> None:
        self._figures = figures
        self._project = figures.project
        self._tables: dict[str, ProtectedTable] = {}
        self._words = words
        self._wording = Wording(figures.project, words)
        self.lang = words.lang
        self.month = month
        self.area = next((known.code for known in self._project.areas if known.slug == area), area)
        self.name = self.name_of(self.area)

    # Areas

    @property
    def municipalities(self) -> list[str]:
        """Codes of the area's municipalities."""
        return list(self._figures.members[self.area])

    @property
    def areas(self) -> list[str]:
        """Codes of the 25 trial areas."""
        return [area.code for area in self._project.areas]

    def name_of(self, code: str) -> str:
        """Name of an area, group or municipality in the page's language."""
        return self._figures.names[code][self.lang]

    # Words and numbers

    def text(self, *, fi: str = "", sv: str = "") -> str:
        """The text of the page's language. Raises TermError if it is missing in either, whatever the page's own."""
        texts = {"fi": fi, "sv": sv}
        if missing := [lang for lang, text in texts.items() if not text.strip()]:
            raise TermError(Problem(f"a text without {' and '.join(missing)}", do="give review.text(fi=…, sv=…)"))
        return texts[self.lang]

    def number(self, value: float, decimals: int = 0) -> str:
        """A number as the page's language writes it, rounded half away from zero: 39 233."""
        return self._words.number(value, decimals)

    def percent(self, value: float, decimals: int = 1) -> str:
        """A percentage as the page's language writes it: 10,2 %."""
        return self._words.percent(value, decimals)

    def month_name(self, form: str = "nominative", month: str = "") -> str:
        """The page's month, or `month`, in words: nominative "kesäkuu 2023", genitive "kesäkuun 2023", inessive
        "kesäkuussa 2023", short "6/2023".
        """
        return self._words.month(month or self.month, form)

    def names(self, codes: Iterable[str]) -> str:
        """Names of areas in alphabetical order, as a list in words: "Inkoo, Loviisa ja Siuntio"."""
        return self._words.listed(sorted(self.name_of(code) for code in codes))

    def choose(self, value: float, *, up: str, same: str, down: str, decimals: int = 0) -> str:
        """`up`, `same` or `down` by the sign that `value` has when it is published with `decimals`."""
        rounded = half_away(value, decimals)
        return up if rounded > 0 else down if rounded < 0 else same

    def value(self, figure: Any, measure: str = "value") -> str:
        """A measure of a row of `figures` in words: "10,2 %", "−0,4 %-yksikköä"; or the symbol in its place."""
        return self._wording.tell(figure, measure)

    def size(self, figure: Any, measure: str = "change") -> str:
        """The same without its sign: "0,4 %-yksikköä", for a sentence that says whether it rose or fell."""
        return self.value(figure, measure).lstrip("+−")

    # Figures

    def figures(
        self, *indicators: str, areas: Iterable[str] | None = None, months: int = 1, source: str = ""
    ) -> pd.DataFrame:
        """Protected figures, unrounded: a row for each indicator, area and month, up to the page's month.

        An indicator is "A03", or a part of one, "B03:coaching"; its `source` is the first that reviews/indicators.yml
        names, unless another is asked for. Columns: indicator, source, area (code), label (its name in a chart), series
        (area, trial, other, country: its colour), month, value, year_ago (the same month of the previous year), change,
        change_percent; beside each of the last four `…_symbol`, "" or what stands in place of a figure. `areas`
        defaults to the page's own.
        """
        codes = list(areas) if areas is not None else [self.area]
        periods = months_until(self.month, months)
        return pd.concat(
            [pd.DataFrame(self._columns(i, source, codes=codes, periods=periods)) for i in indicators],
            ignore_index=True,
        )

    def figure(self, indicator: str, area: str = "", *, source: str = "") -> Any:
        """The row of `figures` for `indicator` in the page's month, of the page's area or of `area`."""
        row = self._columns(indicator, source, codes=[area or self.area], periods=[self.month])
        return SimpleNamespace(**{name: column[0] for name, column in row.items()})

    def _columns(self, indicator: str, source: str, *, codes: list[str], periods: list[str]) -> dict[str, Any]:
        persons = definition_of(self._project, indicator).unit == "persons"
        name = self._figures.source_of(indicator, source)
        if name not in self._tables:
            self._tables[name] = self._figures.table(name).until(self.month)
            if name in self._figures.synthetic:
                show(Output(SYNTHETIC, {"source": name}, self._words.term("synthetic data")))
        found = columns(self._tables[name], indicator, areas=codes, months=periods, persons=persons)
        labels = {code: self._figures.chart_names[code][self.lang] for code in codes}
        found["label"] = [labels[code] for code in found["area"]]
        found["series"] = [code if code in COMPARISON else "area" for code in found["area"]]
        return found

    # What a page shows

    def methods(self, part: str) -> Output:
        """A generated part of the methods page: "definitions", "sources", "rules", "disagreements" or "corrections"."""
        text = METHODS[part](self._figures, self._words)
        return Output("application/vnd.katsaus.prose+json", {"text": text}, text)

    def front(self, *, title: str, subtitle: str, description: str) -> Output:
        """Title, subtitle and one-sentence description of the page."""
        content = {"title": title, "subtitle": subtitle, "description": description}
        return Output("application/vnd.katsaus.front+json", content, title)

    def headline(self, *indicators: str, comparator: str = "country", source: str = "") -> Output:
        """Three to five headline figures, each with its change against the same month last year and one comparator."""
        items = [self._headline_item(indicator, comparator, source=source) for indicator in indicators]
        text = " · ".join(marked(f"{item['label']} {item['value']}", item["synthetic"]) for item in items)
        return Output("application/vnd.katsaus.headline+json", {"items": items}, text)

    def by_area(self, table: pd.DataFrame, measures: Sequence[str], *, caption: str, links: str = "") -> Table:
        """A table with a row for each area of `table` (rows of `figures`, one month), in its order.

        `measures` name indicators, or their measures: "A03", "A03.year_ago", "A03.change", "A03.change_percent".
        `links` is the way from the page to the pages of trial areas ("alue/").
        """
        heads = [self._wording.column(measure) for measure in measures]
        parts = [cells(table[table["indicator"] == split(m)[0]], split(m)[1]) for m in measures]
        slugs = {area.code: area.slug for area in self._project.areas} if links else {}
        month = str(table["month"].max())
        rows = [
            Row(
                self.name_of(code),
                (self.name_of(code), code, month),
                figures,
                href=f"{links}{slugs[code]}/index.html" if code in slugs else "",
                emphasis=code == self.area,
            )
            for code, figures in zip(table["area"].unique(), zip(*parts, strict=True), strict=True)
        ]
        kind = "Municipality" if set(table["area"]) <= set(self._project.municipalities) else "Area"
        headings = [self._words.term(kind), self._words.term("Code"), self._words.term("Month")]
        return Table(
            heads,
            rows,
            (headings[0], tuple(headings)),
            furniture(table, caption, figures=self._figures, words=self._words),
            self._wording.write,
        )

    def by_month(self, table: pd.DataFrame, *, caption: str, measure: str = "value") -> Table:
        """A table with a row for each month of `table` (rows of `figures`, one indicator), newest first, a column for
        each area.
        """
        indicator = str(table["indicator"].iloc[0])
        groups = list(table.groupby("area", sort=False))
        column = self._wording.column(f"{indicator}.{measure}")
        heads = [Column(str(code), rows["label"].iloc[0], column.decimals, column.signed) for code, rows in groups]
        parts = zip(*(cells(rows, measure) for _, rows in groups), strict=True)
        months = groups[0][1]["month"]
        rows = [
            Row(self.month_name(month=month), (month,), figures) for month, figures in zip(months, parts, strict=True)
        ][::-1]
        heading = self._words.term("Month")
        return Table(
            heads,
            rows,
            (heading, (heading,)),
            furniture(table, caption, figures=self._figures, words=self._words),
            self._wording.write,
        )

    def span(self, table: pd.DataFrame) -> str:
        """First and last month of `table`: "6/2020–6/2023"."""
        return "–".join(self.month_name("short", month) for month in (table["month"].min(), table["month"].max()))

    def telling(self, table: pd.DataFrame, measure: str = "value") -> str:
        """The page's month of `table` (rows of `figures`) in words, for a text alternative: "Kainuu 9,1 % (vuotta
        aiemmin 8,9 %), …".
        """
        rows = table[table["month"] == self.month]
        parts = [
            (row.label, self.value(row, measure), self._year_ago(table, row, measure=measure))
            for row in rows.itertuples()
        ]
        return ", ".join(
            self._words.term("{label} {value} (a year earlier {before})", label=label, value=value, before=before)
            for label, value, before in parts
        )

    def _year_ago(self, table: pd.DataFrame, row: Any, *, measure: str) -> str:
        if measure == "value":
            return self.value(row, "year_ago")
        before = table[(table["month"] == shift(row.month, -MONTHS_IN_YEAR)) & (table["area"] == row.area)]
        return self.value(next(before.itertuples()), measure)

    def series(self, *, dashed: bool = True) -> dict[str, Any]:
        """Colour, width and dashes of the series, constant over all charts: ``encode(x=…, y=…, **review.series())``."""
        return charts.series_style(dashed=dashed)

    def colour(self, series: theme.Group) -> alt.ColorValue:
        """The constant colour of "area", "trial", "other", "country" or "previous" (the same month of the previous
        year).
        """
        return alt.ColorValue(theme.COLOURS[series])

    def end_labels(self, table: pd.DataFrame, field: str = "value") -> alt.Chart:
        """A layer that names each line at its right end."""
        return charts.end_labels(table, field)

    def chart(
        self, chart: alt.TopLevelMixin, table: Table, *, title: str = "", subtitle: str = "", alt: str = ""
    ) -> charts.Figure:
        """A chart with its `title` (the finding), `subtitle` (measure, unit, area, months), text alternative and table
        twin.
        """
        return charts.Figure(chart, title, subtitle, alt, table)

    def _headline_item(self, indicator: str, comparator: str, *, source: str) -> dict[str, str]:
        own, other = self.figure(indicator, source=source), self.figure(indicator, comparator, source=source)
        persons = definition_of(self._project, indicator).unit == "persons"
        change = self.value(own, "change")
        if persons and not own.change_percent_symbol:
            change = f"{change} ({self.value(own, 'change_percent')})"
        compared = self.value(other, "change_percent" if persons else "value")
        return {
            "label": self._wording.heading(indicator),
            "value": self.value(own),
            "synthetic": self._words.term("synthetic data") if own.source in self._figures.synthetic else "",
            "change": self._words.term("{change} in a year", change=change),
            "comparator": f"{self.name_of(comparator)} {compared}",
        }
