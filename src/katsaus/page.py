"""What a notebook imports: ``from katsaus.page import open_review``.

A review is one area in one month in one language. It hands out protected figures as pandas frames, words and numbers in
the page's language, and takes charts, tables and headline figures. Nothing it hands out is later than its month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from katsaus import chart as charts
from katsaus import theme
from katsaus.calendar import months_until
from katsaus.comparison import comparison_areas
from katsaus.compare import beside_notes, explorer, multiples
from katsaus.config.project import find_root
from katsaus.errors import Problem, TermError, UsageError
from katsaus.figures import COMPARISON, Figures, definition_of, load_figures
from katsaus.furniture import events
from katsaus.headline import headline
from katsaus.methods import METHODS
from katsaus.output import Output
from katsaus.panel import TOTAL
from katsaus.query import Query, Wanted
from katsaus.rounding import half_away
from katsaus.table import Table
from katsaus.tables import Rows, Tables
from katsaus.terms import Words, load_words
from katsaus.wording import Wording

__all__ = ["COMPARISON", "Review", "open_review"]

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
    """The review of `area` (the slug of an area or municipality, or "trial" for all of them) in `month` ("2023-06") and
    `lang` ("fi", "sv"). Raises UsageError for an unknown area.
    """
    root = find_root(Path.cwd())
    if root not in _figures:
        preload(root)
    theme.register()
    return Review(_figures[root], _words[root, lang], area=area, month=month)


class Review:
    """One area in one month in one language; made by `open_review`.

    `area` is its code ("KK20", "KU235", "trial"), `name` its name in the page's language.
    """

    def __init__(self, figures: Figures, words: Words, *, area: str, month: str) -> None:
        self._figures = figures
        self._project = figures.project
        self._words = words
        self._wording = Wording(figures.project, words)
        self._query = Query(figures, self._wording, month=month)
        self.lang = words.lang
        self.month = month
        self.area = _code(figures, area)
        self.name = self.name_of(self.area)
        self._tables = Tables(figures, words, area=self.area)

    # Areas

    @property
    def municipalities(self) -> list[str]:
        """Codes of the area's municipalities."""
        return list(self._figures.members[self.area])

    @property
    def areas(self) -> list[str]:
        """Codes of the 25 trial areas."""
        return [area.code for area in self._project.areas]

    @property
    def parent(self) -> str:
        """Code of the trial area that a municipality belongs to. Raises UsageError on any other page."""
        area = self._project.area_of(self.area)
        if area is None:
            raise UsageError(Problem(f"{self.area} is no municipality of the trial", do="ask on municipal pages only"))
        return area.code

    @property
    def comparison_areas(self) -> list[str]:
        """Codes of the trial areas nearest to the page's own by structure before the trials, the nearest first.

        Raises UsageError where the page is of no trial area.
        """
        if self.area not in self.areas:
            raise UsageError(Problem(f"{self.area} is no trial area", do="ask on the areas' pages only"))
        return list(comparison_areas(self._figures)[self.area])

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
        self,
        *indicators: str,
        areas: Iterable[str] | None = None,
        months: int = 1,
        source: str = "",
        responsible: Sequence[str] = (TOTAL,),
        groups: Sequence[str] = (TOTAL,),
    ) -> pd.DataFrame:
        """Protected figures, unrounded: a row for each indicator, responsible organisation ("trial", "te_office"),
        group ("Y_LT30"), area and month, up to the page's month.

        An indicator is "A03", a part of one, "B03:coaching", or one with parts, which stands for all of them. Its
        `source` is the first that reviews/indicators.yml names, unless another is asked for; `areas` are the page's own
        unless others are. Columns: indicator, source, area (code), responsible, group, label (its name in a chart),
        series (area, trial, te_office, other, country: its colour), month, value; year_ago (the same month of the
        previous year), change and change_percent from it; month_ago, month_change and month_change_percent; beside each
        figure `…_symbol`, "" or what stands in place of it.
        """
        codes = list(areas) if areas is not None else [self.area]
        wanted = Wanted(codes, months_until(self.month, months), source, responsible=responsible, groups=groups)
        return self._query.rows(indicators, wanted)

    def figure(
        self, indicator: str, area: str = "", *, source: str = "", responsible: str = TOTAL, group: str = TOTAL
    ) -> Any:
        """The row of `figures` for `indicator` in the page's month, of the page's area or of `area`."""
        wanted = Wanted([area or self.area], [self.month], source, responsible=[responsible], groups=[group])
        return self._query.row(indicator, wanted)

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
        pairs = [(self.figure(key, source=source), self.figure(key, comparator, source=source)) for key in indicators]
        return headline(pairs, self.name_of(comparator), figures=self._figures, words=self._words)

    def definition(self, indicator: str) -> str:
        """What an indicator is, as reviews/indicators.yml defines it."""
        return definition_of(self._project, indicator).definition[self.lang]

    def heading(self, indicator: str) -> str:
        """What an indicator, or a part of one, is called in little room."""
        return self._wording.heading(indicator)

    def by_area(self, table: pd.DataFrame, measures: Sequence[str], *, caption: str, links: bool = False) -> Table:
        """A table with a row for each area of `table` (rows of `figures`, one month), in its order.

        `measures` name indicators, or their measures: "A03", "A03.year_ago", "A03.change", "A03.change_percent". With
        `links` each area leads to its page.
        """
        return self._tables.by_area(table, measures, caption=caption, links=links)

    def by_month(self, table: pd.DataFrame, *, caption: str, measure: str = "value") -> Table:
        """A table with a row for each month of `table` (rows of `figures`, one indicator), newest first, a column for
        each area, organisation or group.
        """
        return self._tables.by_month(table, caption=caption, measure=measure)

    def by_row(
        self,
        table: pd.DataFrame,
        measures: Sequence[str] = ("value", "year_ago", "change", "change_percent"),
        *,
        rows: Rows = "indicator",
        caption: str,
    ) -> Table:
        """A table of one area in one month with a row for each indicator, responsible organisation or group of `table`
        (rows of `figures`) and a column for each of `measures`.
        """
        return self._tables.by_row(table, measures, rows=rows, caption=caption)

    def multiples(self, table: pd.DataFrame, measure: str = "value") -> alt.FacetChart:
        """A chart with a small panel for each area of `table` (rows of `figures`, one indicator), in its order, all on
        the same scale, each with the trial or the country behind it.
        """
        now = table[table["month"] == self.month]
        return multiples(table, {row.area: self.value(row, measure) for row in now.itertuples()}, measure=measure)

    def area_notes(self, table: pd.DataFrame) -> Output:
        """Beside the figure and change of each area of `table` (one month) what the area says that it does."""
        return beside_notes(
            (
                self.name_of(row.area),
                f"{self.value(row)} ({self._words.term('{change} in a year', change=self.value(row, 'change'))})",
                self.area_note(row.area),
            )
            for row in table.itertuples()
        )

    def explore(self, table: pd.DataFrame, *, caption: str, measure: str = "value") -> Output:
        """A tool with which a reader draws areas and months of their own choice from `table` (rows of `figures` for
        every area, ranked, and one that all are held against).
        """
        slugs = {area.chart_name[self.lang]: area.slug for area in self._project.areas}
        unit = self._wording.unit(str(table["indicator"].iloc[0]), measure)
        return explorer(self.by_month(table, caption=caption, measure=measure), slugs, unit=unit, words=self._words)

    def span(self, table: pd.DataFrame) -> str:
        """First and last month of `table`: "6/2020–6/2023"."""
        return "–".join(self.month_name("short", month) for month in (table["month"].min(), table["month"].max()))

    def telling(self, table: pd.DataFrame, measure: str = "value") -> str:
        """The page's month of `table` (rows of `figures`) in words, for a text alternative: "Kainuu 9,1 % (vuotta
        aiemmin 8,9 %), …".
        """
        return self._wording.telling(table, self.month, measure=measure)

    def series(self, *, dashed: bool = True) -> dict[str, Any]:
        """Colour, width and dashes of the series, constant over all charts: ``encode(x=…, y=…, **review.series())``."""
        return charts.series_style(dashed=dashed)

    def colour(self, series: theme.Group) -> alt.ColorValue:
        """The constant colour of "area", "trial", "te_office", "other", "country" or "previous" (the same month of the
        previous year).
        """
        return alt.ColorValue(theme.COLOURS[series])

    def events(self, table: pd.DataFrame) -> alt.LayerChart:
        """A layer that marks the events of reviews/notes.yml within the months of `table`."""
        return charts.event_marks(events(table, self._project, lang=self.lang))

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


def _code(figures: Figures, area: str) -> str:
    """The code of an area or municipality by its slug; a group's is its slug."""
    project = figures.project
    slugs = {town.slug: town.code for town in project.municipalities.values()}
    slugs |= {known.slug: known.code for known in project.areas}
    code = slugs.get(area, area)
    if code not in figures.members:
        raise UsageError(Problem(f"unknown area {area}", do="use a slug of reviews/areas.yml or of a municipality"))
    return code
