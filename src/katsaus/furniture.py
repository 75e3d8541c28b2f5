"""What stands around figures: the notes they call for, the symbols explained, their source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from katsaus.calendar import shift
from katsaus.config.models import Note
from katsaus.disclosure import HIDDEN, NOT_COMPUTABLE, UNAVAILABLE
from katsaus.figures import COMPARISON, PER_VACANCY, Figures
from katsaus.table import Furniture
from katsaus.terms import Words


def furniture(table: pd.DataFrame, caption: str, *, figures: Figures, words: Words) -> Furniture:
    """Caption, notes, symbols and source of `table` (rows of `page.Review.figures`) in the language of `words`."""
    symbols = {
        HIDDEN: words.term("... = hidden for data protection"),
        NOT_COMPUTABLE: words.term("– = can't be computed"),
        UNAVAILABLE: words.term(".. = no data"),
    }
    notes = [note.text[words.lang] for note in figures.project.notes if _applies(note, table)]
    if PER_VACANCY in set(table["indicator"]):
        notes.extend(_lacking(table, figures, words=words))
    return Furniture(caption, notes, symbols, figures.citation[words.lang])


def _applies(note: Note, table: pd.DataFrame) -> bool:
    """Whether the indicators, months and areas of `table` call for `note`."""
    months = set(table["month"])
    at_months = (
        {
            "all": True,
            "january": any(month.endswith("-01") and shift(month, -1) in months for month in months),
        }.get(note.months)
        if isinstance(note.months, str)
        else not months.isdisjoint(note.months)
    )
    at_areas = note.areas == "all" or not set(table["area"]).isdisjoint(note.areas)
    return bool(at_months) and at_areas and not set(table["indicator"]).isdisjoint(note.indicators)


def _lacking(table: pd.DataFrame, figures: Figures, *, words: Words) -> Iterator[str]:
    """Names the municipalities without a vacancy figure, which the sums of their areas leave out.

    In the newest month of `table` those of every area; in earlier months those of the page's own area only, since the
    comparison groups lack different ones each month.
    """
    newest, earlier = table["month"].max(), set(table["month"]) - {table["month"].max()}
    codes = list(table["area"].unique())
    now = {code: _lack(code, {newest}, figures=figures) for code in codes}
    before = {code: _lack(code, earlier, figures=figures) for code in codes if code not in COMPARISON}
    if any(now.values()):
        yield words.term(
            "Without a number of vacancies, so left out of both parts of the ratio, {month}: {names}",
            month=words.month(newest, "inessive"),
            names=_named(now, figures, words=words),
        )
    if any(before.values()):
        yield words.term("Likewise in some earlier month: {names}", names=_named(before, figures, words=words))


def _named(members: Mapping[str, Sequence[str]], figures: Figures, *, words: Words) -> str:
    """Areas with their municipalities in words: "Kainuu (Hyrynsalmi ja Ristijärvi), …"."""
    names = {code: figures.names[code][words.lang] for codes in (members, *members.values()) for code in codes}
    return ", ".join(
        f"{names[area]} ({words.listed(sorted(names[code] for code in codes))})"
        for area, codes in members.items()
        if codes
    )


def _lack(code: str, months: set[str], *, figures: Figures) -> list[str]:
    """The municipalities within an area that have no vacancy figure in one of `months`."""
    lacking = frozenset().union(*(figures.lacking[month] for month in months))
    return [member for member in figures.members[code] if member != code and member in lacking]
