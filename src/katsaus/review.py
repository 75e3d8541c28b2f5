"""One area in one month in one language, as a notebook sees it: figures, words, sentences, tables, charts and maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import altair as alt
import pandas as pd

from katsaus import chart as charts
from katsaus import theme
from katsaus.boundaries import Boundaries
from katsaus.claims import Claims
from katsaus.classes import Classes, classes, history
from katsaus.commentary import commentary, noted
from katsaus.compare import Compare
from katsaus.comparison import comparison_areas
from katsaus.config.rules import TOTAL
from katsaus.directory import directory
from katsaus.disclosure import SYMBOLS
from katsaus.drawn import refuse_unreleased
from katsaus.errors import FigureError, Problem, TermError, UsageError
from katsaus.figures import Figures, definition_of
from katsaus.furniture import events, mark
from katsaus.headline import headline
from katsaus.maps import choropleth, tiles
from katsaus.methods import METHODS
from katsaus.output import FRONT, Output, prose
from katsaus.panel import UNAVAILABLE
from katsaus.places import Places
from katsaus.query import Query, Wanted, listed
from katsaus.spelling import near, refuse_unknown
from katsaus.table import Table
from katsaus.tables import Tables
from katsaus.terms import Words, alphabetical
from katsaus.wording import MEASURES, Wording


class Review:
    """One area in one month in one language; made by `open_review`.

    `area` is its code ("KK20", "KU235", "trial"), `name` its name in the page's language, `claims` makes sentences.
    """

    def __init__(self, figures: Figures, words: Words, *, boundaries: Boundaries, area: str, month: str) -> None:
        self._figures = figures
        self._project = figures.project
        self._words = words
        self._wording = Wording(figures.project, words)
        self._query = Query(figures, self._wording, month=month)
        self._boundaries = boundaries
        self._places = Places(figures.project, words.lang)
        self.lang = words.lang
        self.month = month
        self.area = figures.code_of(area)
        self.name = self.name_of(self.area)
        self.claims = Claims(self.figures, words=words, project=figures.project, area=self.area, month=month)
        # What its parts do as notebooks want it is theirs to describe.
        tables = Tables(figures, words, area=self.area)
        self.by_area, self.by_month, self.by_row = tables.by_area, tables.by_month, tables.by_row
        self.over_months = tables.over_months
        self.compare = Compare(figures, words, month=month)
        self.number, self.count, self.percent = words.number, words.count, words.percent
        self.value, self.heading = self._wording.tell, self._wording.heading
        self.choose, self.size = self._wording.choose, self._wording.size
        self.series, self.end_labels, self.year_rings = charts.series_style, charts.end_labels, charts.year_rings

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> NoReturn:
            meant = "" if name.startswith("_") else near(name, [own for own in dir(self) if own[0] != "_"])
            raise AttributeError(f"a review has no {name}: {meant}".removesuffix(": "))

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
    def regions(self) -> list[str]:
        """Codes of the 18 regions of the mainland."""
        return list(self._project.codes("mainland_region"))

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

    def place(self, code: str = "") -> str:
        """Where: "Helsingissä", "i Helsingfors"; the page's own area unless another is named."""
        return self._places.locative(code or self.area)

    def genitive(self, code: str = "") -> str:
        """Whose: "Helsingin", "Helsingfors"; the page's own area unless another is named."""
        return self._places.genitive(code or self.area)

    # Words and numbers

    def text(self, *, fi: str = "", sv: str = "") -> str:
        """The text of the page's language. Raises TermError if it is missing in either, whatever the page's own."""
        texts = {"fi": fi, "sv": sv}
        if missing := [lang for lang, text in texts.items() if not text.strip()]:
            raise TermError(Problem(f"a text without {' and '.join(missing)}", do="give review.text(fi=…, sv=…)"))
        return texts[self.lang]

    def month_name(self, form: str = "nominative", month: str = "") -> str:
        """The page's month, or `month`, in words: nominative "kesäkuu 2023", genitive "kesäkuun 2023", inessive
        "kesäkuussa 2023", short "6/2023".
        """
        return self._words.month(month or self.month, form)

    def names(self, codes: Iterable[str]) -> str:
        """Names of areas in alphabetical order, as a list in words: "Inkoo, Loviisa ja Siuntio"."""
        return self._words.listed(sorted(map(self.name_of, codes), key=alphabetical))

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
        codes = listed("areas", areas) if areas is not None else [self.area]
        of = {"responsible": listed("responsible", responsible), "groups": listed("groups", groups)}
        return self._query.rows(indicators, Wanted(codes, self._query.months(months), source, **of))

    def figure(
        self, indicator: str, area: str = "", *, source: str = "", responsible: str = TOTAL, group: str = TOTAL
    ) -> Any:
        """The row of `figures` for `indicator` in the page's month, of the page's area or of `area`."""
        wanted = Wanted([area or self.area], [self.month], source, responsible=[responsible], groups=[group])
        return self._query.row(indicator, wanted)

    def ranked(self, table: pd.DataFrame, measure: str = "value", *, lowest: bool = False) -> pd.DataFrame:
        """`table` (rows of `figures`) from the highest figure to the lowest, or the other way round, and at its end in
        the order of their codes, the same in both languages, those without one, whose place would tell what is hidden.
        """
        refuse_unknown("measure", measure, known=MEASURES)
        known = table[table[f"{measure}_symbol"] == ""].sort_values(measure, ascending=lowest, kind="stable")
        rest = table[table[f"{measure}_symbol"] != ""].sort_values(["indicator", "responsible", "group", "area"])
        return pd.concat([known, rest])

    def since_first(self, table: pd.DataFrame) -> pd.DataFrame:
        """`table` (rows of `figures`) from the first month on that there is a figure of, published or hidden."""
        there = table.loc[table["value_symbol"] != SYMBOLS[UNAVAILABLE], "month"]
        return table[table["month"] >= (there.min() if len(there) else "")]

    # What a page shows

    def methods(self, part: str) -> Output:
        """A generated part of the general pages, such as "definitions" or "glossary". Raises UsageError for another."""
        if part not in METHODS:
            raise UsageError(Problem(f"no part {part!r} of the methods", do=f"choose from: {', '.join(METHODS)}"))
        return prose(METHODS[part](self._figures, self._words))

    def directory(self) -> Output:
        """Links from the front page to every area and municipality."""
        return prose(directory(self._project, self.month, lang=self.lang))

    def commentary(self, slot: str, generated: str = "") -> Output:
        """The `generated` sentences, or what reviews/commentary/ has for this `slot` of the page in their place, before
        or after them; paragraphs that tell synthetic figures end with what these are called.
        """
        slug = self._figures.slug_of(self.area)
        texts = self._project.commentary.get((self.month, slug, self.lang), {})
        made_up = [claim for claim in self.claims.recorded if claim.content["source"] in self._figures.synthetic]
        told = noted(generated, [claim.text.rstrip(".") for claim in made_up], mark=mark(self._wording.synthetic))

        def value(indicator: str, area: str, measure: str) -> tuple[str, str]:
            row = self.figure(indicator, area)
            synthetic = row.source in self._figures.synthetic
            return self.value(row, measure), mark(self._wording.synthetic if synthetic else "")

        return commentary(texts, slot, generated=told, value=value)

    def area_note(self, code: str = "") -> str:
        """What an area itself says that it does, from reviews/areas/, as Markdown."""
        return self._project.area_notes[code or self.area][self.lang]

    def front(self, *, title: str, subtitle: str, description: str) -> Output:
        """Title, subtitle and one-sentence description of the page."""
        content = {"title": title, "subtitle": subtitle, "description": description}
        return Output(FRONT, content, title)

    def headline(self, *indicators: str, area: str = "", comparator: str = "country", source: str = "") -> Output:
        """Three to five headline figures of the page's area or another, each with its change against the same month
        last year and one comparator, which is left out where it has no figure or is the area itself.
        """
        pairs = [
            (self.figure(key, area, source=source), self.figure(key, comparator, source=source)) for key in indicators
        ]
        return headline(pairs, figures=self._figures, words=self._words)

    def definition(self, indicator: str) -> str:
        """What an indicator is, as reviews/indicators.yml defines it."""
        return definition_of(self._project, indicator).definition[self.lang]

    def indicator_name(self, indicator: str) -> str:
        """What an indicator is called in full."""
        return definition_of(self._project, indicator).name[self.lang]

    def span(self, table: pd.DataFrame) -> str:
        """First and last month of `table`: "6/2020–6/2023"."""
        return "–".join(self.month_name("short", month) for month in (table["month"].min(), table["month"].max()))

    def telling(self, table: pd.DataFrame, measure: str = "value") -> str:
        """The page's month of `table` (rows of `figures`) in words, for a text alternative: "Kainuu 9,1 % (vuotta
        aiemmin 8,9 %), …".
        """
        return self._wording.telling(table, self.month, measure=measure)

    def map(self, table: pd.DataFrame) -> alt.LayerChart:
        """A map of the areas of `table` (rows of `figures`: one indicator, one month, areas of one kind)."""
        return choropleth(table, self._classes(table), boundaries=self._boundaries, words=self._words)

    def tiles(self, table: pd.DataFrame) -> alt.LayerChart | alt.ConcatChart:
        """A map that gives each of the 25 areas a tile, of the newest month of `table` (rows of `figures`: one
        indicator), with a small one for each earlier month.
        """
        return tiles(table, self._classes(table), areas=self._project.areas, words=self._words)

    def _classes(self, table: pd.DataFrame) -> Classes:
        """The classes of the indicator that all areas and months up to the page's share."""
        refuse_unreleased(table, self._query.again(table))
        known = history(table, self._query, project=self._project)
        return classes(known, project=self._project, words=self._words)

    def colour(self, series: theme.Group) -> alt.ColorValue:
        """The constant colour of a series: "area", its "parent", "trial", its "clients", "te_office", "other",
        "country" or "previous" (the same month of the previous year).
        """
        refuse_unknown("colour", series, known=theme.COLOURS)
        return alt.ColorValue(theme.COLOURS[series])

    def ringed(self, table: pd.DataFrame) -> str:
        """The end of a subtitle that explains the ring of `year_rings`; nothing where there is none."""
        return "" if charts.a_year_before(table).empty else self._words.term("; ring a year earlier")

    def events(self, table: pd.DataFrame) -> alt.LayerChart:
        """A layer that marks the events of reviews/notes.yml within the months of `table`."""
        return charts.event_marks(events(table, self._project, lang=self.lang))

    def chart(
        self,
        chart: alt.TopLevelMixin,
        table: Table | None = None,
        *,
        title: str = "",
        subtitle: str = "",
        alt: str = "",
    ) -> charts.Figure:
        """A chart with its `title` (the finding), `subtitle` (measure, unit, area, months), text alternative and table
        twin. Raises FigureError for one without any of them.
        """
        if table is None:
            do = "give review.chart(…, table=review.by_month(…)) of the figures that it draws"
            raise FigureError(Problem("a chart without table", do=do))
        return charts.Figure(chart, title, subtitle, alt, table)
