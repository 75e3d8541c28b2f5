"""What readers compare areas with: small panels of all areas, each area's own note beside its figures, and the figures
by month in the form that the page's script reads.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from katsaus import theme
from katsaus.output import Output, escaped
from katsaus.rounding import half_away
from katsaus.table import Cell, Row, Table, marked
from katsaus.terms import Words

EXPLORE = "application/vnd.katsaus.explore+json"
PROSE = "application/vnd.katsaus.prose+json"
_LINE = 18
"""Letters of an area's name on a line above its panel."""


def multiples(table: pd.DataFrame, told: Mapping[str, str], *, measure: str) -> alt.FacetChart:
    """A small panel for each area of `table` (rows of `figures`), in its order, with the one series that is no area
    behind it: all on the same scale.

    `told` is area code → its newest figure in words, which stands above its panel.
    """
    quiet = table[table["series"] != "area"].set_index("month")[measure]
    own = table[table["series"] == "area"]
    names = {area: f"{_broken(label)}\n{told[area]}" for area, label in zip(own["area"], own["label"], strict=True)}
    drawn = own.assign(panel=own["area"].map(names), quiet=own["month"].map(quiet))
    base = alt.Chart(drawn).encode(x=alt.X("month:T", title=None))
    scale = alt.Scale(zero=False)
    behind = base.mark_line(strokeWidth=1.25, strokeDash=[3, 2], color=theme.COLOURS["trial"])
    before = base.mark_line(strokeWidth=2.25, color=theme.COLOURS["area"])
    lines = behind.encode(y=alt.Y("quiet:Q", title=None, scale=scale)) + before.encode(y=f"{measure}:Q")
    header = alt.Header(labelExpr="split(datum.label, '\\n')")
    chart: alt.FacetChart = lines.facet(alt.Facet("panel:N", title=None, sort=list(names.values()), header=header))
    return chart


def _broken(name: str) -> str:
    """A name in lines that are short enough, broken after a dash or a space."""
    return "\n".join(textwrap.wrap(name.replace("–", "– "), _LINE)).replace("– ", "–")


def beside_notes(rows: Iterable[tuple[str, str, str]]) -> Output:
    """For each area its name, its figure and its own note (Markdown), so that areas can learn from each other."""
    text = "\n\n".join(f"### {escaped(name)}\n\n**{escaped(figure)}**\n\n{note}" for name, figure, note in rows)
    return Output(PROSE, {"text": text}, text)


def explorer(table: Table, slugs: Mapping[str, str], *, unit: str, words: Words) -> Output:
    """The tool that draws areas and months of the reader's choice from `table`, as `by_month` makes it.

    Its columns are areas, ranked, and the one that they are all held against; `slugs` is the label of an area → its
    slug in the page's address. `unit` is that of the figures ("percent", "persons"). Months without any figure at the
    beginning are left out. The figures are the published ones: protected, rounded, with symbols.
    """
    shown = table.as_json()
    rows = list(_known(table))
    lines = {
        column.label: [_figure(row.cells[at], column.decimals) for row in rows]
        for at, column in enumerate(table.columns)
    }
    areas = [
        {"slug": slugs[label], "label": label, "values": values} for label, values in lines.items() if label in slugs
    ]
    (reference,) = ({"label": label, "values": values} for label, values in lines.items() if label not in slugs)
    column = table.columns[0]
    data = {
        "measure": shown["caption"],
        "synthetic": table.furniture.synthetic,
        "source": shown["source"],
        "unit": words.with_unit("{value}", unit),
        "decimals": column.decimals,
        "signed": column.signed,
        "months": [_month(row.plain_headers[0], words) for row in rows],
        "areas": areas,
        "reference": reference,
    }
    kept = {name: shown[name] for name in ("synthetic", "symbols", "notes", "beside", "source")}
    content = {**kept, "default": [areas[0]["slug"], areas[-1]["slug"]], "data": data}
    return Output(EXPLORE, content, marked(table.furniture.caption, table.furniture.synthetic))


def _known(table: Table) -> Sequence[Row]:
    """The rows of `table` from the oldest, from the first that holds a figure."""
    oldest_first = list(reversed(table.rows))
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
