"""Small countries with their figures, and what a release of them tells, written so that a test can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sample_panel import Row, definition, observed, release

from katsaus.config.expression import parse
from katsaus.config.models import Indicator
from katsaus.config.sources import GroupTotal, Identity
from katsaus.disclosure.counts import Counts, counts
from katsaus.disclosure.patterns import Pattern
from katsaus.disclosure.solve import solve

MONTH = "2021-01"
Figures = Mapping[str, float | str | None]
"""Area → figure."""


def people(
    figures: Figures, *, month: str = MONTH, measure: str = "people", responsible: str = "_T", group: str = "_T"
) -> list[Row]:
    """A measure of areas in a month."""
    return [(area, responsible, group, month, measure, value) for area, value in figures.items()]


def persons(name: str, numerator: str) -> Indicator:
    """An indicator that shows a number of people as it is."""
    return definition(name, "count", numerator, unit="persons")


PEOPLE = persons("A01", "people")


def own(*areas: str, **sums: Sequence[str]) -> dict[str, list[str]]:
    """Areas that are their own, and sums of others."""
    return {**{area: [area] for area in areas}, **{area: list(parts) for area, parts in sums.items()}}


def identity(left: str, right: str, *, tolerance: float = 0) -> Identity:
    return Identity(id="made-up", left=parse(left), right=parse(right), tolerance=tolerance)


def parted(dimension: str, *parts: str) -> GroupTotal:
    """The total of a dimension is the sum of parts."""
    return GroupTotal.model_validate({"dimension": dimension, "total": "_T", "parts": parts})


def counts_of(rows: Iterable[Row], *definitions: Indicator, members: dict[str, list[str]], **rule: object) -> Counts:
    """The cells of a release of rows, with a threshold of 5 unless `rule` says otherwise."""
    source = observed(rows)
    return counts(source, release(source, *definitions, members=members, **{"threshold": 5, **rule}))


def solved(of: Counts) -> dict[str, Pattern]:
    """The patterns of all months, one after the other."""
    patterns: dict[str, Pattern] = {}
    for month in of.months:
        patterns[month] = solve(of, month, patterns=patterns)
    return patterns


def pattern(hidden: Iterable[str], *, month: str = MONTH, earlier: Iterable[str] | None = None) -> Pattern:
    """The pattern that hides cells, each named as by `labels`; people of all areas were published."""
    everything = {"people": {"_T/_T": ("country", "municipality", "other", "trial", "trial_area")}}
    return Pattern("made-up", month, _named(hidden), everything, None if earlier is None else _named(earlier))


def _named(cells: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for cell in cells:
        name, area, responsible, group = [*cell.split("/"), "_T", "_T"][:4]
        at = found.setdefault(name, {})
        at[f"{responsible}/{group}"] = (*at.get(f"{responsible}/{group}", ()), area)
    return found


def cells_of(hidden: Pattern) -> set[str]:
    """The cells that a pattern hides, named as by `labels`."""
    return {
        _label(name, (area, *at.split("/")))
        for name, places in hidden.hidden.items()
        for at, areas in places.items()
        for area in areas
    }


def _label(name: str, series: Sequence[str]) -> str:
    area, *at = series
    return "/".join([name, area, *(at if at != ["_T", "_T"] else [])])


def labels(of: Counts) -> list[str]:
    """The cells of a month in order: "people/KU001", "people/KU001/trial/_T", and of what no series has "rest"."""
    return [
        _label(of.layout.names[name], of.areas.series[row] if row >= 0 else ("", "_T", "_T")).rstrip("/")
        for name, row in zip(of.layout.name, of.layout.row, strict=True)
    ]


def told(of: Counts) -> set[str]:
    """The equations of a release: "people/both = people/KU001 + people/KU002"; "~1" is the month before."""
    named = labels(of)
    found = set()
    for (first, lag, sign), *terms in of.layout.equations:
        assert (lag, sign) == (0, 1)
        parts = sorted((named[cell] + (f"~{lag}" if lag else ""), sign) for cell, lag, sign in terms)
        text = " ".join(
            f"{'+' if sign < 0 else '-'} {name}" for name, sign in sorted(parts, key=lambda p: (p[1], p[0]))
        )
        found.add(f"{named[first]} = {text.removeprefix('+ ')}")
    return found
