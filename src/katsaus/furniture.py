"""What stands around figures: the notes they call for, the symbols explained, their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from katsaus.config.notes import Note
from katsaus.config.project import Project
from katsaus.disclosure import SYMBOLS
from katsaus.errors import FigureError, Problem
from katsaus.figures import COMPARISON, Figures
from katsaus.output import escaped
from katsaus.panel import HIDDEN, NOT_COMPUTABLE, UNAVAILABLE
from katsaus.table import Furniture
from katsaus.terms import Words, alphabetical


def furniture(table: pd.DataFrame, caption: str, *, figures: Figures, words: Words) -> Furniture:
    """Caption, notes, symbols and source of `table` (rows of `page.Review.figures`) in the language of `words`.

    Raises FigureError if real and synthetic figures are in it.
    """
    sources = list(dict.fromkeys(table["source"]))
    reasons = {rule.reason[words.lang]: None for rule in figures.project.rules if rule.source in sources}
    symbols = {
        SYMBOLS[HIDDEN]: f"{words.term('... = hidden for data protection')}. {' '.join(reasons)}",
        SYMBOLS[NOT_COMPUTABLE]: words.term("– = can't be computed"),
        SYMBOLS[UNAVAILABLE]: words.term(".. = no data"),
    }
    subject = _Subject.of_table(table)
    called = [note for note in figures.project.notes if subject.calls_for(note)]
    notes = [note.text[words.lang] for note in called if not note.beside]
    notes.extend(_groups(table, figures.project, lang=words.lang))
    if PER_VACANCY in set(table["indicator"]):
        notes.extend(_lacking(table, figures, words=words))
    cited = "; ".join(dict.fromkeys(text[words.lang] for source in sources for text in figures.citations[source]))
    synthetic = words.term("synthetic data") if _synthetic(sources, figures) else ""
    return Furniture(
        caption,
        notes,
        symbols,
        cited,
        synthetic=synthetic,
        data=words.term("Data"),
        remarks=words.term("Notes"),
        beside=[note.text[words.lang] for note in called if note.beside],
        others=figures.project.sources.keys() - sources,
        gaps=_gaps(words),
    )


def mark(synthetic: str) -> str:
    """Markdown of what synthetic figures are called, small, behind a text that tells them; nothing for real ones."""
    return f" ^{escaped(synthetic).replace(' ', chr(92) + ' ')}^" if synthetic else ""


def _gaps(words: Words) -> dict[str, str]:
    """What a chart says beneath where a hidden figure is missing from it, by the kind of its marks."""
    return {
        "line": words.term("The line is broken where a figure is hidden for data protection (...)."),
        "bar": words.term("Three dots (...) in place of a bar: the figure is hidden for data protection."),
        "mark": words.term("A mark is missing where a figure is hidden for data protection (...)."),
    }


def remarks(table: pd.DataFrame, project: Project, *, by: str, lang: str) -> Mapping[str, str]:
    """What a download says of single rows: for each value of the column `by` of `table` the notes that its figures call
    for and not every figure, those of certain months or areas.
    """
    some = [note for note in project.notes if note.months != "all" or note.areas != "all"]
    parts: dict[str, list[tuple[str, ...]]] = {}
    for value, *row in zip(table[by], *(table[name] for name in _SUBJECT), strict=True):
        parts.setdefault(str(value), []).append(tuple(row))
    subjects = {value: _Subject.of(rows) for value, rows in parts.items()}
    return {
        value: " ".join(note.text[lang] for note in some if subject.calls_for(note))
        for value, subject in subjects.items()
    }


def events(table: pd.DataFrame, project: Project, *, lang: str) -> pd.DataFrame:
    """The events that a chart over the months of `table` marks: month and label, oldest first."""
    first, last = table["month"].min(), table["month"].max()
    subject = _Subject.of_table(table)
    found = {
        note.event.month: note.event.label[lang]
        for note in project.notes
        if note.event and first <= note.event.month <= last and subject.concerned_by(note)
    }
    return pd.DataFrame(sorted(found.items()), columns=["month", "event"])


PER_VACANCY = "C11"


def _synthetic(sources: Sequence[str], figures: Figures) -> bool:
    """Whether the sources are synthetic: all of them or none."""
    made_up = figures.synthetic.intersection(sources)
    if made_up and len(made_up) < len(sources):
        what = f"real and synthetic figures in one table: {', '.join(sources)}"
        raise FigureError(Problem(what, why="a reader could not tell them apart", do="make a table of each"))
    return bool(made_up)


_SUBJECT = ("indicator", "source", "area", "month")


@dataclass(frozen=True)
class _Subject:
    """What figures are of, as far as notes ask."""

    indicators: frozenset[str]
    sources: frozenset[str]
    areas: frozenset[str]
    months: frozenset[str]

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> _Subject:
        """The subject of rows of `page.Review.figures`."""
        return cls.of(zip(*(table[name] for name in _SUBJECT), strict=True))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, ...]]) -> _Subject:
        """The subject of figures of each an indicator, source, area and month."""
        keys, sources, areas, months = map(frozenset, zip(*rows, strict=True))
        return cls(frozenset(key.partition(":")[0] for key in keys), sources, areas, months)

    def calls_for(self, note: Note) -> bool:
        """Whether the indicators, sources, areas and months call for `note`."""
        return (note.months == "all" or not self.months.isdisjoint(note.months)) and self.concerned_by(note)

    def concerned_by(self, note: Note) -> bool:
        """Whether `note` is about the indicators, sources and areas, whatever the months."""
        at_areas = note.areas == "all" or not self.areas.isdisjoint(note.areas)
        of_sources = note.sources == "all" or not self.sources.isdisjoint(note.sources)
        return at_areas and of_sources and not self.indicators.isdisjoint(note.indicators)


def _groups(table: pd.DataFrame, project: Project, *, lang: str) -> Iterator[str]:
    """What the comparison groups of `table` are, and which municipalities are shown in none but the whole country."""
    for code in table["area"].unique():
        if code in project.groups:
            yield project.groups[code].definition[lang]
    if "other" in set(table["area"]):
        used = set(table["source"])
        yield from (
            withheld.reason[lang] for rule in project.rules if rule.source in used for withheld in rule.withheld
        )


def _lacking(table: pd.DataFrame, figures: Figures, *, words: Words) -> Iterator[str]:
    """Names the municipalities without a vacancy figure, which the sums of their areas leave out.

    In the newest month of `table` those of every area; in earlier months those of the page's own area only, since the
    comparison groups lack different ones each month.
    """
    newest, earlier = table["month"].max(), set(table["month"]) - {table["month"].max()}
    codes = list(table["area"].unique())
    lacking = figures.lacking(PER_VACANCY)

    def lack(code: str, months: set[str]) -> list[str]:
        """The municipalities within an area that have no vacancy figure in one of `months`."""
        found = frozenset().union(*(lacking.get(month, frozenset()) for month in months))
        return [member for member in figures.members[code] if member != code and member in found]

    now = {code: lack(code, {newest}) for code in codes}
    before = {code: lack(code, earlier) for code in codes if code not in COMPARISON}
    if any(now.values()):
        yield words.term(
            "Without a number of vacancies, so left out of both parts of the ratio, {month}: {names}",
            month=words.month(newest, "genitive"),
            names=_named(now, figures, words=words),
        )
    if any(before.values()):
        yield words.term("Likewise in some earlier month: {names}", names=_named(before, figures, words=words))


def _named(members: Mapping[str, Sequence[str]], figures: Figures, *, words: Words) -> str:
    """Areas with their municipalities in words: "Kainuu (Hyrynsalmi ja Ristijärvi), …"."""
    names = {code: figures.names[code][words.lang] for codes in (members, *members.values()) for code in codes}
    return ", ".join(
        f"{names[area]} ({words.listed(sorted((names[code] for code in codes), key=alphabetical))})"
        for area, codes in members.items()
        if codes
    )
