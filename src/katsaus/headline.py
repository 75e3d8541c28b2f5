"""The headline figures that a page opens with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from katsaus.disclosure import SYMBOLS
from katsaus.figures import Figures, definition_of
from katsaus.output import HEADLINE, Output
from katsaus.panel import HIDDEN, UNAVAILABLE
from katsaus.table import marked
from katsaus.terms import Words
from katsaus.wording import Wording


def headline(pairs: Iterable[tuple[Any, Any]], *, figures: Figures, words: Words) -> Output:
    """Headline figures from pairs of rows of `Review.figures`: the page's own and the one that it is compared with."""
    items = [_item(own, compared, figures=figures, words=words) for own, compared in pairs]
    text = " · ".join(marked(f"{item['label']} {item['value']}", item["synthetic"]) for item in items)
    return Output(HEADLINE, {"items": items}, text)


def _item(own: Any, compared: Any, *, figures: Figures, words: Words) -> dict[str, str]:
    wording = Wording(figures.project, words)
    counted = definition_of(figures.project, own.indicator).counts
    change = wording.in_a_year(own, percent=counted)
    if own.change_symbol == SYMBOLS[HIDDEN]:  # no table stands beneath to explain the symbol
        change = words.term("Change in a year hidden for data protection")
    if own.value_symbol == SYMBOLS[HIDDEN]:
        change = words.term("The figure is hidden for data protection")
    told = "change_percent" if counted else "value"
    known = compared.area != own.area and wording.tell(compared, told) != SYMBOLS[UNAVAILABLE]
    return {
        "label": wording.heading(own.indicator),
        "value": wording.tell(own, "value"),
        "synthetic": wording.synthetic if own.source in figures.synthetic else "",
        "change": change,
        "comparator": f"{figures.chart_names[compared.area][words.lang]} {wording.aloud(compared, told)}"
        if known
        else "",
    }
