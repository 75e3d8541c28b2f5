"""What must be equal between measures: statuses and jobseekers, stocks and flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from katsaus.config.expression import Expression, Term
from katsaus.config.findings import Finding, some
from katsaus.config.sources import Identity, Source
from katsaus.store.cube import Cube, Key

_AXES = {"REF_AREA": 0, "RESPONSIBLE": 1, "GROUP": 2}


def identities(cubes: Sequence[Cube], source: Source, *, where: Mapping[str, str]) -> Iterator[Finding]:
    """Identities that don't hold, looked at wherever all their terms have a figure."""
    owners = {measure: cube for cube in cubes for measure in cube.measures}
    for identity in source.identities:
        terms = (*identity.left.terms, *identity.right.terms)
        if not all(term.measure in owners for term in terms):
            continue
        base = owners[terms[0].measure]
        keys = [key for key in base.keys if all(_moved(key, term) in owners[term.measure].rows for term in terms)]
        wrong = _wrong(identity, owners, keys=keys, months=base.months)
        if wrong.any():
            yield Finding(
                "identity-broken",
                where[base.contract.name],
                {
                    "id": identity.id,
                    "count": int(wrong.sum()),
                    "areas": some({keys[row][0] for row in np.flatnonzero(wrong.any(axis=1))}),
                    "months": some(base.told_months(wrong)),
                },
            )


def _moved(key: Key, term: Term) -> Key:
    places = list(key)
    for dimension, value in term.at:
        places[_AXES[dimension]] = value
    return (places[0], places[1], places[2])


def _wrong(identity: Identity, owners: Mapping[str, Cube], *, keys: list[Key], months: tuple[str, ...]) -> np.ndarray:
    left = _total(identity.left, owners, keys=keys, months=months)
    right = _total(identity.right, owners, keys=keys, months=months)
    return np.asarray(np.abs(left - right) > identity.tolerance + 1e-6)  # no figure compares as false


def _total(
    expression: Expression, owners: Mapping[str, Cube], *, keys: list[Key], months: tuple[str, ...]
) -> np.ndarray:
    """The sum at each key and month (NaN where a term has no figure)."""
    total = np.zeros((len(keys), len(months)))
    for term in expression.terms:
        cube = owners[term.measure]
        rows = np.array([cube.rows[_moved(key, term)] for key in keys], dtype=int)
        column = {month: at for at, month in enumerate(cube.months)}
        values = np.full(total.shape, np.nan)
        for at in range(term.lag, len(months)):
            if (source := column.get(months[at - term.lag])) is not None:
                values[:, at] = cube.values[term.measure][rows, source]
        total += term.sign * values
    return total
