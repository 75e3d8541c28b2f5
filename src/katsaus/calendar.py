"""Arithmetic of reference months written "2023-06"."""

from __future__ import annotations

from collections.abc import Sequence

MONTHS_IN_YEAR = 12


def shift(month: str, by: int) -> str:
    """The month `by` months after `month` (before it, when negative)."""
    year, number = map(int, month.split("-"))
    years, rest = divmod(year * MONTHS_IN_YEAR + number - 1 + by, MONTHS_IN_YEAR)
    return f"{years:04d}-{rest + 1:02d}"


def months_until(month: str, count: int) -> list[str]:
    """`count` consecutive months of which `month` is the last."""
    return [shift(month, -back) for back in range(count - 1, -1, -1)]


def spans(months: Sequence[str]) -> list[str]:
    """Months as the stretches that they make: 2021-03, 2021-04, 2021-06 → "2021-03…2021-04", "2021-06"."""
    stretches: list[list[str]] = []
    for month in sorted(months):
        if stretches and shift(stretches[-1][-1], 1) == month:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return [part[0] if len(part) == 1 else f"{part[0]}…{part[-1]}" for part in stretches]
