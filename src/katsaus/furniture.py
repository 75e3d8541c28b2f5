"""What stands around figures: the notes they call for, the symbols explained, their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from katsaus.calendar import MONTHS_IN_YEAR, shift
from katsaus.config.models import Note
from katsaus.disclosure import HIDDEN, NOT_COMPUTABLE
from katsaus.figures import UNAVAILABLE, Figures
from katsaus.table import Furniture
from katsaus.terms import Words

PER_VACANCY = "C11"


def furniture(table: pd.DataFrame, caption: str, *, figures: Figures, words: Words) -> Furniture:
    """Caption, notes, symbols and source of `table` (rows of `page.Review.figures`) in the language of `words`."""
    symbols = {
        HIDDEN: words.term("... = protected figure, not published"),
        NOT_COMPUTABLE: words.term("– = can't be computed"),
        UNAVAILABLE: words.term(".. = no data"),
    }
    areas, months = list(table["area"].unique()), sorted(table["month"].unique())
    notes = [note.text[words.lang] for note in figures.project.notes if _applies(note, table)]
    if PER_VACANCY in set(table["indicator"]):
        shown = [shift(months[-1], -MONTHS_IN_YEAR), months[-1]] if len(months) == 1 else months
        notes.extend(_lacking(areas, shown, figures=figures, words=words))
    return Furniture(caption, notes, symbols, figures.citation[words.lang])


def _applies(note: Note, table: pd.DataFrame) -> bool:
    """Whether the indicators, months and areas of `table` call for `note`."""
    months = set(table["month"])
    at_months = {
        "all": True,
        "january": any(month.endswith("-01") and shift(month, -1) in months for month in months),
    }.get(note.months) if isinstance(note.months, str) else not months.isdisjoint(note.months)
    at_areas = note.areas == "all" or not set(table["area"]).isdisjoint(note.areas)
    return bool(at_months) and at_areas and not set(table["indicator"]).isdisjoint(note.indicators)


def _lacking(areas: Sequence[str], months: Sequence[str], *, figures: Figures, words: Words) -> Iterator[str]:
    """A note for each area of which some municipality has no vacancy figure in some of the months, and so is left out."""
    hidden = figures.table.symbols[PER_VACANCY] == HIDDEN
    for area in areas:
        members = [code for code in figures.members[area] if code != area and code in hidden]
        lacking = [code for code in members if hidden[code].reindex(months).any()]
        if lacking:
            yield words.term(
                "Left out where their number of vacancies is not published ({area}): {names}",
                area=figures.names[area][words.lang],
                names=words.listed(sorted(figures.names[code][words.lang] for code in lacking)),
            )
