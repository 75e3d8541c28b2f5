"""Lists and numbers of areas in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from katsaus.claims.published import Figure
from katsaus.claims.voice import Voice
from katsaus.rounding import half_away

Kind = Literal["municipality", "region", "area"]


def rounded(figures: Sequence[Figure], places: int) -> list[tuple[str, Decimal]]:
    """Areas with a known figure, rounded with `places` decimals."""
    return [(figure.area, half_away(figure.value, places)) for figure in figures if not figure.symbol]


def kind_of(codes: Sequence[str]) -> Kind:
    """What areas are called together."""
    if all(code.startswith("KU") for code in codes):
        return "municipality"
    return "region" if all(code.startswith("MK") for code in codes) else "area"


def named(voice: Voice, figures: Sequence[tuple[str, str]]) -> str:
    """Areas and their figures as a list: "Helsingissä (39 233) ja Espoossa (11 000)"."""
    forms = voice.places.locatives([area for area, _ in figures])
    return voice.words.listed([f"{form} ({figure})" for form, (_, figure) in zip(forms, figures, strict=True)])


def in_number(voice: Voice, areas: Sequence[tuple[str, Decimal]]) -> str:
    """Several areas by their number: "34 alueella"."""
    term, n = voice.words.term, voice.words.number(len(areas), 0)
    return {
        "municipality": term("in {n} municipalities", n=n),
        "region": term("in {n} regions", n=n),
        "area": term("in {n} areas", n=n),
    }[kind_of([area for area, _ in areas])]


def of_all(voice: Voice, figures: Sequence[Figure], *, n: int, total: int) -> str:
    """Some areas of all: "kaikkiaan 7 alueella 25 alueesta", "kaikilla 25 alueella"."""
    fields = {"n": voice.words.number(n, 0), "total": voice.words.number(total, 0)}
    term = voice.words.term
    every = {
        "municipality": term("in all {total} municipalities", total=fields["total"]),
        "region": term("in all {total} regions", total=fields["total"]),
        "area": term("in all {total} areas", total=fields["total"]),
    }
    some = {
        "municipality": term("in {n} of {total} municipalities", **fields),
        "region": term("in {n} of {total} regions", **fields),
        "area": term("in {n} of {total} areas", **fields),
    }
    return (every if n == total else some)[kind_of([figure.area for figure in figures])]


def anywhere(voice: Voice, figures: Sequence[Figure]) -> str:
    """None of the areas, or none of those that have a figure, after a negation: "millään alueella"."""
    term = voice.words.term
    every = {
        "municipality": term("in any municipality"),
        "region": term("in any region"),
        "area": term("in any area"),
    }
    compared = {
        "municipality": term("in any of the municipalities compared"),
        "region": term("in any of the regions compared"),
        "area": term("in any of the areas compared"),
    }
    lacking = any(figure.symbol for figure in figures)
    return (compared if lacking else every)[kind_of([figure.area for figure in figures])]


def left_out(voice: Voice, figures: Sequence[Figure]) -> str:
    """A sentence, after a space, about the areas without a figure; nothing where every area has one."""
    n = sum(bool(figure.symbol) for figure in figures)
    if not n:
        return ""
    term = voice.words.term
    return (
        " "
        + {
            "municipality": term("{n} municipality without a figure is left out", n=n),
            "region": term("{n} region without a figure is left out", n=n),
            "area": term("{n} area without a figure is left out", n=n),
        }[kind_of([figure.area for figure in figures])]
    )
