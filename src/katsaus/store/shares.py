"""Parts against their whole: a share that breaks once, everywhere, is a changed definition rather than a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from katsaus.config.findings import Finding
from katsaus.config.sources import Identity, Source
from katsaus.store.cube import TOTAL, Cube

YEAR = 12
BREAK = 0.7
"""A step of a share in log odds, about a doubling, that is a break …"""
ALONE = 4
"""… when it is this many times as large as any other step."""
LARGE = 1_000


def broken_shares(cube: Cube, source: Source, *, where: str) -> Iterator[Finding]:
    """Parts of the identities of the source whose share of the whole breaks in one month."""
    rows = cube.blocks.get((TOTAL, TOTAL))
    if rows is None or len(cube.months) <= YEAR:
        return
    for whole, parts in _wholes(source.identities, cube):
        for part in parts:
            if (month := _break(cube, whole, part=part, rows=rows)) is not None:
                fields = {"column": cube.column(part), "whole": cube.column(whole), "month": month}
                yield Finding("definition-changed", where, fields)


def _wholes(identities: Sequence[Identity], cube: Cube) -> Iterator[tuple[str, list[str]]]:
    for identity in identities:
        terms = (*identity.left.terms, *identity.right.terms)
        plain = all(term.lag == 0 and not term.at and term.sign > 0 for term in terms)
        if plain and len(identity.left.terms) == 1 and all(term.measure in cube.values for term in terms):
            yield terms[0].measure, [term.measure for term in terms[1:]]


def _break(cube: Cube, whole: str, *, part: str, rows: np.ndarray) -> str | None:
    both = cube.known(whole)[rows] & cube.known(part)[rows]
    of = np.where(both, cube.filled(whole)[rows], 0).sum(axis=0)
    held = np.where(both, cube.filled(part)[rows], 0).sum(axis=0)
    if (of < LARGE).any():
        return None
    rest = of - held
    if (held < 0).any() or (rest < 0).any():
        return None  # no part of this whole, which is told elsewhere
    odds = np.log((held + 1) / (rest + 1))
    steps = np.abs(np.diff(odds))
    largest = int(steps.argmax())
    others = np.delete(steps, largest)
    if steps[largest] >= BREAK and steps[largest] > ALONE * others.max():
        return cube.months[largest + 1]
    return None
