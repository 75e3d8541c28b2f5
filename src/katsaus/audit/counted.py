"""How many areas a sentence counts: those over or under a limit that it tells, those without a figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from katsaus.audit.numbers import MINUS, NBSP, numbers
from katsaus.audit.released import Shown
from katsaus.audit.twins import Twin
from katsaus.figures import COMPARISON
from katsaus.terms import Words

KINDS: Final = {"KK": "areas", "KU": "municipalities", "MK": "regions"}
"""Beginning of a code → what areas of the kind are called."""


@dataclass(frozen=True)
class Column:
    """The figures of one indicator and month in a table, or its changes, for all areas of one `kind`."""

    indicator: str
    kind: str
    figures: tuple[Shown, ...]


def columns(twins: Iterable[Twin], months: Collection[str]) -> Iterator[Column]:
    """The columns of tables that hold several areas of one kind, in the `months` that a page is about."""
    for twin in twins:
        found: dict[tuple[str, ...], dict[str, Shown]] = {}
        for subject, cell in twin.cells():
            if subject.month in months and subject.area not in COMPARISON:
                at = (subject.indicator, subject.area[:2], *subject._replace(area=""))
                found.setdefault(at, {})[subject.area] = cell
        for (indicator, beginning, *_), cells in found.items():
            if len(cells) > 1 and beginning in KINDS:
                yield Column(indicator, KINDS[beginning], tuple(cells.values()))


def counted(sentence: str, column: Column, *, words: Words) -> set[str]:
    """The numbers of a sentence that counts the areas of a column: how many of how many, and the limit."""
    known = [figure.published for figure in column.figures if not figure.symbol]
    said, total = sentence.lower(), words.number(len(known))
    met: set[str] = set()
    for limit in {number.text for number in numbers(said)}:
        value = float(limit.replace(NBSP, "").replace(",", ".").replace(MINUS, "-"))
        for count in {sum(one > value for one in known), sum(one < value for one in known), known.count(value)}:
            n = words.number(count)
            if _limited(said, [form.lower() for form in _forms(column.kind, words, n=n, total=total)], limit=limit):
                met |= {n, total, limit.lstrip(f"+{MINUS}")}
    lacking = len(column.figures) - len(known)
    return met | ({words.number(lacking)} if _left_out(column.kind, words, n=lacking).lower() in said else set())


def _limited(said: str, forms: Sequence[str], *, limit: str) -> bool:
    """Whether a sentence has one of `forms`, the longest first, and the limit beside it: "kaikkiaan 3 alueella 25
    alueesta" by itself tells no limit.
    """
    form = next((form for form in forms if form in said), "")
    return bool(form) and limit in {number.text for number in numbers(said.replace(form, " "))}


def _forms(kind: str, words: Words, *, n: str, total: str) -> Sequence[str]:
    """How sentences tell `n` areas of `total`."""
    if kind == "municipalities":
        some = words.term("in {n} of {total} municipalities", n=n, total=total)
        return (some, words.term("in {n} municipalities", n=n), words.term("in all {total} municipalities", total=n))
    if kind == "regions":
        some = words.term("in {n} of {total} regions", n=n, total=total)
        return (some, words.term("in {n} regions", n=n), words.term("in all {total} regions", total=n))
    some = words.term("in {n} of {total} areas", n=n, total=total)
    return (some, words.term("in {n} areas", n=n), words.term("in all {total} areas", total=n))


def _left_out(kind: str, words: Words, *, n: int) -> str:
    """How sentences tell that `n` areas have no figure."""
    if kind == "municipalities":
        return words.term("{n} municipality without a figure is left out", n=n)
    if kind == "regions":
        return words.term("{n} region without a figure is left out", n=n)
    return words.term("{n} area without a figure is left out", n=n)
