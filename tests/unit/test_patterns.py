"""Patterns of hidden cells: solved month after month, kept as they are, and attacked with all that was published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sample_panel import definition, observed, release, small_alone
from sample_release import (
    MONTH,
    PEOPLE,
    cells_of,
    counts_of,
    identity,
    labels,
    own,
    parted,
    pattern,
    people,
    persons,
    solved,
)

from katsaus.disclosure import ProtectedTable, Release, protect
from katsaus.disclosure.counts import Counts
from katsaus.disclosure.patterns import Pattern, masks, pattern_file, read_patterns, write_pattern
from katsaus.disclosure.solve import solve
from katsaus.disclosure.stage import hidden_cells, stage_of
from katsaus.disclosure.verify import Verification, attacked
from katsaus.errors import DataError, OutputError, SuppressionError, UsageError
from katsaus.panel import Panel
from katsaus.suppression.attack import intervals, weak
from katsaus.suppression.suppress import suppress

PAIR = own("KU001", "KU002", both=["KU001", "KU002"])
NEXT = "2021-02"


def attack(of: Counts, *hidden: str, month: str = MONTH) -> Verification:
    """A month is attacked of which these cells are hidden."""
    return attacked(of, {month: pattern(hidden, month=month)}, months=[month])


# Cases of a single month


def test_an_area_with_one_municipality_is_hidden_with_it_or_shown_with_it() -> None:
    """As KK04 is KU740: a small country with both."""
    members = own("KU740", "KU001", "KU002", KK04=["KU740"], KK05=["KU001", "KU002"], all=["KU740", "KU001", "KU002"])
    for figure, expected in ((3, True), (30, False)):
        of = counts_of(people({"KU740": figure, "KU001": 40, "KU002": 50}), PEOPLE, members=members)
        hidden = cells_of(solved(of)[MONTH])
        assert ("people/KU740" in hidden, "people/KK04" in hidden) == (expected, expected)
        assert attack(of, *hidden).passes
    of = counts_of(people({"KU740": 3, "KU001": 40, "KU002": 50}), PEOPLE, members=members)
    for one in ("KU740", "KK04"):
        found = attack(of, f"people/{one}", "people/KU001", "people/KK05")
        assert not found.passes, "one is the other"


def test_a_population_of_one_is_hidden_wherever_it_is_a_difference() -> None:
    rows = people({"KU001": 1, "KU002": 70})
    for group, figures in {"F": (1, 30), "M": (0, 40)}.items():
        rows += people(dict(zip(("KU001", "KU002"), figures, strict=True)), group=group)
    of = counts_of(rows, PEOPLE, members=PAIR, totals=[parted("group", "F", "M")])
    patterns = solved(of)
    hidden = cells_of(patterns[MONTH])
    assert {"people/KU001", "people/KU001/_T/F"} < hidden
    found = attacked(of, patterns, months=[MONTH])
    assert (found.primary, found.passes) == (2, True)
    assert found.tightest >= 4, "from none to the threshold"


def test_who_is_alone_in_a_cell_learns_no_other() -> None:
    figures = {"KU001": 1, "KU002": 3, "KU003": 40, "KU004": 60}
    of = counts_of(people(figures), PEOPLE, members=own(*figures, all=list(figures)))
    assert attack(of, "people/KU001", "people/KU002").weak == 1, "the one of the first town knows both"
    hidden = solved(of)
    assert attacked(of, hidden, months=[MONTH]).passes
    stage = stage_of(of, MONTH, patterns=hidden)
    own_cell, other = (labels(of).index(f"people/{town}") for town in ("KU001", "KU002"))
    known = stage.unseen.copy()
    known[own_cell] = False
    least, most = intervals(stage.system, known, cells=np.array([other]))[0]
    assert least <= 2
    assert most >= 5


@pytest.mark.parametrize("threshold", [3, 10])
def test_the_interval_reaches_the_threshold_of_the_rule(threshold: int) -> None:
    figures = {"KU001": threshold - 1, "KU002": 90, "KU003": threshold}
    of = counts_of(people(figures), PEOPLE, members=own(*figures, all=list(figures)), threshold=threshold)
    patterns = solved(of)
    assert cells_of(patterns[MONTH]) == {"people/KU001", "people/KU003"}
    stage = stage_of(of, MONTH, patterns=patterns)
    place = labels(of).index("people/KU001")
    assert intervals(stage.system, stage.unseen, cells=np.array([place]))[0, 1] >= threshold


def test_a_month_without_a_small_count_hides_nothing() -> None:
    of = counts_of(people({"KU001": 5, "KU002": 0}), PEOPLE, members=PAIR)
    found = attacked(of, solved(of), months=[MONTH])
    assert cells_of(solved(of)[MONTH]) == set()
    assert (found.cells, found.primary, found.secondary, found.lost, found.tightest) == (3, 0, 0, 0, np.inf)


def test_an_attack_is_counted() -> None:
    of = counts_of(people({"KU001": 3, "KU002": 20}), PEOPLE, members=PAIR)
    assert attack(of).weak == 1
    bare = attack(of, "people/KU001")
    assert (bare.cells, bare.primary, bare.secondary, bare.determined, bare.weak, bare.tightest) == (3, 1, 0, 1, 1, 0)
    found = attack(of, "people/KU001", "people/KU002")
    assert (found.primary, found.secondary, found.determined, found.weak, found.tightest) == (1, 1, 0, 0, 23)
    assert 0 < found.lost < 1
    assert found.passes
    assert not bare.passes


def test_what_can_not_be_protected_is_refused_without_a_figure() -> None:
    """A month was published before a town turned out to be small: nothing else may be hidden any more."""
    before = counts_of(people({"KU001": 987654321, "KU002": 20}), PEOPLE, members=PAIR)
    now = counts_of(people({"KU001": 987654321, "KU002": 3, "both": 987654324}), PEOPLE, members=PAIR)
    shown = {MONTH: pattern([])}
    first = stage_of(now, MONTH, patterns=shown, older=before)
    assert not suppress(first.task()).hidden[labels(now).index("people/KU001")], "it was not revised and was shown"
    again = counts_of(people({"KU001": 987654321, "KU002": 3, "both": 987654341}), PEOPLE, members=own("KU001", "KU002"))
    with pytest.raises(UsageError, match="not among the published tables"):
        shown_of(again, {MONTH: pattern(["people/KU002"])}).look_up("A01", areas=["KU002"], months=[MONTH], at=("x", "y"))


# Months after each other


def moved(*months: dict[str, tuple[float, float, float]]) -> Counts:
    """Stock, came and left of towns by month, and of all of them."""
    rows = [
        row
        for number, towns in enumerate(months, 1)
        for town, figures in towns.items()
        for measure, figure in zip(("stock", "came", "left"), figures, strict=True)
        for row in people({town: figure}, month=f"2021-{number:02}", measure=measure)
    ]
    each = [persons(f"A0{i}", name) for i, name in enumerate(("stock", "came", "left"))]
    towns = list(months[0])
    within = [identity("stock", "stock[lag=1] + came - left")]
    return counts_of(rows, *each, members=own(*towns, all=towns), identities=within)
