"""What areas are compared with: small panels, each area's own note beside its figure, and a tool that draws areas and
months of the reader's choice.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from katsaus import theme
from katsaus.disclosure import SYMBOLS
from katsaus.figures import Figures
from katsaus.furniture import furniture, mark
from katsaus.output import EXPLORE, Output, escaped, prose
from katsaus.panel import HIDDEN
from katsaus.rounding import half_away
from katsaus.table import Cell, Row, Table, marked
from katsaus.tables import Tables
from katsaus.terms import Words
from katsaus.wording import Wording

_LINE = 18
"""Letters of an area's name on a line above its panel."""


class Compare:
    """Makes what pages of comparison show in `month`, in the language of `words`."""

    def __init__(self, figures: Figures, words: Words, *, month: str) -> None:
        self._figures = figures
        self._project = figures.project
        self._words = words
        self._wording = Wording(figures.project, words)
        self._tables = Tables(figures, words, area="")
        self._month = month

    def panels(self, table: pd.DataFrame, measure: str = "value") -> alt.FacetChart:
        """A chart with a small panel for each area of `table` (rows of `figures`, one indicator), in its order, all on
        the same scale, with the one series of `table` that is no area behind each.
        """
        now = table[table["month"] == self._month]
        told = {str(row.area): self._wording.tell(row, measure) for row in now.itertuples()}
        return panels(table, told, measure=measure)

    def notes(self, table: pd.DataFrame) -> Output:
        """For each area of `table` (one month) its figure, its change and what the area itself says that it does, so
        that areas can learn from each other; before them what stands beside such figures everywhere.
        """
        around = furniture(table, "", figures=self._figures, words=self._words)
        parts = list(map(escaped, around.beside))
        for row in table.itertuples():
            area = next(area for area in self._project.areas if area.code == row.area)
            figure = escaped(f"{self._wording.tell(row, 'value')} ({self._wording.in_a_year(row)})")
            note = self._project.area_notes[area.code][self._words.lang]
            name = escaped(area.name[self._words.lang])
            parts.append(f"### {name}\n\n**{figure}**{mark(around.synthetic)}\n\n{note}")
        return prose("\n\n".join(parts))

    def tool(self, table: pd.DataFrame, *, caption: str, measure: str = "value") -> Output:
        """A tool that draws areas and months of the reader's choice from `table`: rows of `figures` for every area,
        ranked, and for one that all are held against.
        """
        slugs = {area.chart_name[self._words.lang]: area.slug for area in self._project.areas}
        unit = self._wording.unit(str(table["indicator"].iloc[0]), measure)
        by_month = self._tables.by_month(table, caption=caption, measure=measure)
        return explorer(by_month, slugs, unit=self._words.with_unit("{value}", unit), words=self._words)


def panels(table: pd.DataFrame, told: Mapping[str, str], *, measure: str) -> alt.FacetChart:
    """The chart of `Compare.panels`; `told` is area code → its newest figure in words, which stands above its panel."""
    behind = table[table["series"] != "area"].set_index("month")
    own = table[table["series"] == "area"]
    names = {area: f"{_broken(label)}\n{told[area]}" for area, label in zip(own["area"], own["label"], strict=True)}
    newest = own[measure].where(own["month"] == own["month"].max())
    whose = own["month"].map(behind["area"])
    drawn = own.assign(
        panel=own["area"].map(names), quiet=own["month"].map(behind[measure]), quiet_area=whose, newest=newest
    )
    base = alt.Chart(drawn).encode(x=alt.X("month:T", title=None))
    dashed = base.mark_line(strokeWidth=1.25, strokeDash=[3, 2], color=theme.COLOURS["trial"])
    before = base.mark_line(strokeWidth=2.25, color=theme.COLOURS["area"])
    end = base.mark_point(size=22, color=theme.COLOURS["area"])
    y = alt.Y("quiet:Q", title=None, scale=alt.Scale(zero=False))
    lines = dashed.encode(y=y) + before.encode(y=f"{measure}:Q") + end.encode(y="newest:Q")
    header = alt.Header(labelExpr="split(datum.value, '\\n')")
    chart: alt.FacetChart = lines.facet(alt.Facet("panel:N", title=None, sort=list(names.values()), header=header))
    return chart


def _broken(name: str) -> str:
    """A name in lines that are short enough, broken after a dash or a space."""
    return "\n".join(textwrap.wrap(name.replace("–", "– "), _LINE)).replace("– ", "–")


def explorer(table: Table, slugs: Mapping[str, str], *, unit: str, words: Words) -> Output:
    """The tool of `Compare.tool`: the published figures of `table`, protected and rounded, with symbols.

    The columns of `table`, as `by_month` makes it, are ranked areas and the one that they are held against; `slugs` is
    the label of an area → its slug in the page's address, `unit` how a figure is written: "{value} %". Months without
    any figure at the beginning are left out.
    """
    shown = table.as_json()
    rows = _known(table.rows)
    column = table.columns[0]
    lines = {
        head.label: [_figure(row.cells[at], column.decimals) for row in rows] for at, head in enumerate(table.columns)
    }
    areas = [
        {"slug": slugs[label], "label": label, "values": values} for label, values in lines.items() if label in slugs
    ]
    (reference,) = ({"label": label, "values": values} for label, values in lines.items() if label not in slugs)
    data = {
        "measure": shown["caption"],
        "synthetic": table.furniture.synthetic,
        "source": shown["source"],
        "unit": unit,
        "decimals": column.decimals,
        "signed": column.signed,
        "figures": {name: told for name, told in shown["figures"].items() if name != "month"},
        "months": [_month(row.plain_headers[0], words) for row in rows],
        "areas": areas,
        "reference": reference,
    }
    kept = {name: shown[name] for name in ("synthetic", "symbols", "notes", "beside", "source")}
    if any(SYMBOLS[HIDDEN] in line for line in lines.values()):
        kept["beside"] = [*kept["beside"], table.furniture.gaps["line"]]
    told = [area for area in areas if not isinstance(area["values"][-1], str)] or areas
    content = {**kept, "default": [told[0]["slug"], told[-1]["slug"]], "data": data}
    return Output(EXPLORE, content, marked(table.furniture.caption, table.furniture.synthetic))


def _known(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows from the oldest, beginning with the first that holds a figure."""
    oldest_first = list(reversed(rows))
    first = next((at for at, row in enumerate(oldest_first) if any(not cell.symbol for cell in row.cells)), 0)
    return oldest_first[first:]


def _figure(cell: Cell, decimals: int) -> float | str:
    """The figure as published, or the symbol in its place."""
    if cell.symbol:
        return cell.symbol
    rounded = half_away(cell.value, decimals)
    return float(rounded) if decimals else int(rounded)


def _month(month: str, words: Words) -> dict[str, str]:
    return {"id": month, "name": words.month(month, "nominative"), "short": words.month(month, "short")}
