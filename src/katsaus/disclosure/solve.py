"""Which cells of a month are hidden: the small counts, and the cheapest others that keep these from being told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from katsaus.disclosure.counts import Counts
from katsaus.disclosure.patterns import Hidden, Pattern
from katsaus.disclosure.stage import published_kinds, stage_of
from katsaus.disclosure.table import Flags
from katsaus.suppression.suppress import suppress

GAP = 0.02
"""How far the cost of a pattern may be from the least."""

SECONDS = 120.0
"""How long a month may take to solve."""


def solve(of: Counts, month: str, *, patterns: Mapping[str, Pattern], older: Counts | None = None) -> Pattern:
    """The pattern of a month, given those of the months before it.

    A month that has a pattern was published, of the vintage `older`: what it hides stays hidden, what was shown and not
    revised since stays shown, and the pattern only grows. Raises SuppressionError if nothing protects every small
    count, or no pattern was found in time.
    """
    stage = stage_of(of, month, patterns=patterns, older=older)
    hidden = suppress(stage.task(), gap=GAP, seconds=SECONDS).hidden[stage.own]
    before = patterns.get(month)
    earlier = (before.hidden if before.earlier is None else before.earlier) if before else None
    return Pattern(of.release.rule.source, month, _named(of, hidden), published_kinds(of), earlier)


def _named(of: Counts, hidden: Flags) -> Hidden:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in np.flatnonzero(hidden & of.layout.publishable):
        area, responsible, group = of.areas.series[of.layout.row[cell]]
        found[of.layout.names[of.layout.name[cell]]][f"{responsible}/{group}"].append(area)
    return {name: {at: tuple(areas) for at, areas in cells.items()} for name, cells in found.items()}
