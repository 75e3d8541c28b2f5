"""Hiding cells and attacking them: the cases that disclosure control has to know, on tables small enough to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from katsaus.errors import SuppressionError
from katsaus.suppression.attack import intervals, weak
from katsaus.suppression.exact import determined
from katsaus.suppression.goals import Task
from katsaus.suppression.propagation import propagate
from katsaus.suppression.suppress import suppress
from katsaus.suppression.system import Bools, System, components, sums

Relations = list[tuple[int, list[int]]]
THRESHOLD = 5


def counted(values: Sequence[float], relations: Relations) -> System:
    """A system of counts that are published."""
    cells = np.array(values, dtype=np.float64)
    return System(
        values=cells,
        equations=sums(relations, cells=cells.size),
        constants=np.zeros(len(relations)),
        lower=np.zeros(cells.size),
        upper=np.full(cells.size, np.inf),
        publishable=np.ones(cells.size, dtype=bool),
    )


def chosen(system: System, cells: Sequence[int]) -> Bools:
    which = np.zeros(system.values.size, dtype=bool)
    which[list(cells)] = True
    return which


def task(system: System, primary: Sequence[int] | None = None, *, visible: Sequence[int] = ()) -> Task:
    """Counts of 1 to 4, or the cells given, are protected from one below to the threshold (or one above)."""
    values = system.values
    small = np.flatnonzero((values > 0) & (values < THRESHOLD)) if primary is None else np.array(primary, dtype=np.intp)
    return Task(
        system=system,
        primary=small,
        below=np.ones(small.size),
        above=np.maximum(THRESHOLD - values[small], 1),
        weights=1 + values,
        visible=chosen(system, visible),
        hidden=chosen(system, ()),
        contributors=chosen(system, ()),
    )


def two_way(inner: Sequence[Sequence[float]]) -> System:
    """A table with its totals, row by row; the last of each row and column is the total."""
    body = np.array(inner, dtype=np.float64)
    full = np.vstack([body, body.sum(axis=0)])
    full = np.column_stack([full, full.sum(axis=1)])
    rows, columns = full.shape
    place = np.arange(full.size).reshape(full.shape)
    relations = [(int(place[row, -1]), place[row, :-1].tolist()) for row in range(rows)]
    relations += [(int(place[-1, column]), place[:-1, column].tolist()) for column in range(columns)]
    return counted(full.ravel().tolist(), relations)


INVESTMENT = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
"""Investment of enterprises by activity and region, the example of Fischetti and Salazar; 22 is confidential."""


def test_the_published_example_has_the_published_interval() -> None:
    system = two_way(INVESTMENT)
    hidden = chosen(system, [4, 6, 8, 10])
    assert intervals(system, hidden, cells=np.array([6])).tolist() == [[5, 30]]
    assert propagate(system, hidden)[6].tolist() == [5, 30]
    assert not determined(system, hidden).any()


def test_the_published_example_has_the_cheapest_pattern() -> None:
    system = two_way(INVESTMENT)
    work = replace(task(system, [6]), below=np.array([5.0]), above=np.array([5.0]), weights=system.values + 0.0)
    pattern = suppress(work, gap=0)
    assert np.flatnonzero(pattern.hidden).tolist() == [4, 6, 8, 10]
    assert (pattern.cost, pattern.bound, pattern.proven) == (8 + 17 + 12, 8 + 17 + 12, True)


def test_a_single_hidden_cell_of_a_sum_is_determined() -> None:
    system = counted([30, 3, 10, 17], [(0, [1, 2, 3])])
    alone = chosen(system, [1])
    assert determined(system, alone).tolist() == alone.tolist()
    assert weak(task(system), alone).tolist() == [1]
    assert intervals(system, alone).tolist() == [[3, 3]]
    assert np.flatnonzero(suppress(task(system), gap=0).hidden).tolist() == [1, 2]


def test_an_area_with_one_member_is_hidden_with_it() -> None:
    # total = area 1 (its only member) + area 2 (two members)
    system = counted([2, 2, 20, 8, 12, 22], [(1, [0]), (2, [3, 4]), (5, [1, 2])])
    work = task(system)
    assert weak(work, chosen(system, [0])).tolist() == [0, 1]
    assert weak(work, chosen(system, [0, 1])).tolist() == [0, 1]
    pattern = suppress(work, gap=0)
    assert pattern.hidden[[0, 1]].all()
    assert not weak(work, pattern.hidden).size


def test_a_row_with_one_category_does_not_disclose_its_group() -> None:
    # all twelve people of the first row are in the first category: that must not be certain
    system = two_way([[12, 0, 0], [9, 8, 7]])
    work = replace(task(system, [0]), above=np.array([0.0]))
    assert weak(work, chosen(system, [0])).tolist() == [0]
    pattern = suppress(work, gap=0)
    assert pattern.hidden[0]
    assert pattern.hidden[[1, 2]].any()
    assert intervals(system, pattern.hidden, cells=np.array([0]))[0, 0] <= 11


def test_a_population_of_one_is_hidden_in_all_its_totals() -> None:
    system = two_way([[1, 0], [30, 40], [20, 10]])
    work = task(system)
    assert work.primary.tolist() == [0, 2]
    pattern = suppress(work, gap=0)
    assert not weak(work, pattern.hidden).size
    assert (intervals(system, pattern.hidden, cells=work.primary)[:, 1] >= THRESHOLD).all()


def test_a_contributor_who_knows_the_own_cell_learns_no_other() -> None:
    system = counted([104, 1, 3, 40, 60], [(0, [1, 2, 3, 4])])
    outsider = replace(task(system), above=np.array([1.0, 1.0]))
    attacker = replace(outsider, contributors=chosen(system, [1]))
    pair = chosen(system, [1, 2])
    assert not weak(outsider, pair).size
    assert weak(attacker, pair).tolist() == [2]
    assert np.flatnonzero(suppress(outsider, gap=0).hidden).tolist() == [1, 2]
    assert np.flatnonzero(suppress(attacker, gap=0).hidden).tolist() == [1, 2, 3]


def test_a_contributor_alone_in_area_and_member_tells_of_nobody_else() -> None:
    system = counted([1, 1, 20, 21], [(1, [0]), (3, [1, 2])])
    work = replace(task(system), contributors=chosen(system, [0, 1]))
    assert np.flatnonzero(suppress(work, gap=0).hidden).tolist() == [0, 1, 2]


def test_two_hierarchies_that_are_not_nested() -> None:
    # four municipalities; regions {0, 1}, {2, 3}; other areas {0, 2}, {1, 3}
    relations = [(4, [0, 1]), (5, [2, 3]), (6, [0, 2]), (7, [1, 3]), (8, [4, 5]), (8, [6, 7])]
    system = counted([3, 20, 30, 40, 23, 70, 33, 60, 93], relations)
    work = task(system)
    assert weak(work, chosen(system, [0, 1])).tolist() == [0]  # enough for the regions alone
    pattern = suppress(work, gap=0)
    assert np.flatnonzero(pattern.hidden).tolist() == [0, 1, 2, 3]
    assert not weak(work, pattern.hidden).size


def test_a_list_of_fewer_municipalities_published_elsewhere_is_a_difference() -> None:
    # all of a region, and those of the trial: the difference is the one municipality outside it
    both = counted([2, 15, 25, 42, 40], [(3, [0, 1, 2]), (4, [1, 2])])
    one = counted([2, 15, 25, 42], [(3, [0, 1, 2])])
    assert not determined(one, chosen(one, [0, 1])).any()
    assert np.flatnonzero(determined(both, chosen(both, [0, 1]))).tolist() == [0, 1]
    pattern = suppress(task(both), gap=0)
    assert pattern.hidden[3] or pattern.hidden[4]
    assert not weak(task(both), pattern.hidden).size


def rated() -> System:
    """Unemployed 3 of a labour force of 200: 1.5 per cent; unemployed of the rest, and the total."""
    equations = sparse.csr_array(
        np.array([[100 / 200, 0, 0, -1, -1], [-1, -1, 1, 0, 0]], dtype=np.float64),
    )
    return System(
        values=np.array([3, 50, 53, 1.5, 0.0]),
        equations=equations,
        constants=np.zeros(2),
        lower=np.array([0, 0, 0, 0, -0.05]),
        upper=np.array([np.inf, np.inf, np.inf, 100, 0.05]),
        publishable=np.array([True, True, True, True, False]),
    )


def test_a_percentage_with_one_decimal_gives_the_count_back() -> None:
    system = rated()
    work = task(system, [0])
    count = chosen(system, [0, 1])
    assert not determined(system, count).any()  # the rounding leaves doubt, but no whole number of people
    assert intervals(system, count).tolist() == [[3, 3], [50, 50]]
    assert propagate(system, count)[0].tolist() == [3, 3]
    assert weak(work, count).tolist() == [0]
    assert suppress(work, gap=0).hidden[3]


def test_flows_give_a_hidden_stock_back() -> None:
    # stock 1 = stock 0 + in − out, each with a sum over two areas
    def flow(cells: tuple[int, int, int, int]) -> list[float]:
        row = np.zeros(12)
        row[list(cells)] = [1, -1, -1, 1]
        return row.tolist()

    values = [3, 20, 23, 8, 30, 38, 9, 14, 23, 4, 4, 8]  # stock 0, stock 1, in, out: areas a, b, both
    within = sums([(2, [0, 1]), (5, [3, 4]), (8, [6, 7]), (11, [9, 10])], cells=12).toarray()
    across = np.array([flow((3 + at, at, 6 + at, 9 + at)) for at in range(3)])
    nothing = np.zeros(12)
    equations = sparse.csr_array(np.vstack([within, across]))
    everything = np.ones(12, dtype=bool)
    system = System(np.array(values, dtype=float), equations, np.zeros(7), nothing, nothing + np.inf, everything)
    small = task(system, [0])
    two_in_line = chosen(system, [0, 1])
    assert determined(system, two_in_line).tolist() == two_in_line.tolist()
    pattern = suppress(small, gap=0)
    assert not weak(small, pattern.hidden).size
    assert not determined(system, pattern.hidden).any()


def test_wholeness_can_betray_what_fractions_leave_open() -> None:
    # a = 2 c + 1, a ≤ 4: fractions reach 4, whole numbers stop at 3
    system = System(
        values=np.array([3.0, 1.0]),
        equations=sparse.csr_array(np.array([[1.0, -2.0]])),
        constants=np.array([1.0]),
        lower=np.zeros(2),
        upper=np.array([4.0, np.inf]),
        publishable=np.ones(2, dtype=bool),
    )
    fractions = replace(system, whole=np.zeros(2, dtype=bool))
    both = chosen(system, [0, 1])
    work = replace(task(system, [0]), above=np.array([1.0]))
    assert intervals(system, both, cells=np.array([0])).tolist() == [[1, 3]]
    assert intervals(fractions, both, cells=np.array([0])).tolist() == [[1, 4]]
    assert weak(work, both).tolist() == [0]
    assert not weak(replace(work, system=fractions), both).size
    with pytest.raises(SuppressionError):
        suppress(work)


def test_what_is_not_published_protects_at_no_cost() -> None:
    system = replace(counted([30, 3, 10, 17], [(0, [1, 2, 3])]), publishable=np.array([True, True, False, True]))
    pattern = suppress(task(system), gap=0)
    assert (np.flatnonzero(pattern.hidden).tolist(), pattern.cost, pattern.gap) == ([1], 0, 0)


def test_a_cell_of_no_equation_is_protected_by_being_hidden() -> None:
    system = counted([30, 13, 17, 2], [(0, [1, 2])])
    assert np.flatnonzero(suppress(task(system), gap=0).hidden).tolist() == [3]
    assert weak(task(system), chosen(system, [])).tolist() == [3]
    assert intervals(system, chosen(system, [3])).tolist() == [[0, np.inf]]


def test_nothing_small_hides_nothing() -> None:
    pattern = suppress(task(counted([30, 13, 17], [(0, [1, 2])])))
    assert not pattern.hidden.any()
    assert pattern.proven


def test_nothing_bounds_a_table_without_its_total() -> None:
    system = counted([30, 13, 17], [(0, [1, 2])])
    assert intervals(system, chosen(system, [0, 1])).tolist() == [[17, np.inf], [0, np.inf]]


def test_what_cannot_be_protected_is_refused_without_a_figure() -> None:
    system = counted([987654324, 3, 987654321], [(0, [1, 2])])
    with pytest.raises(SuppressionError) as caught:
        suppress(task(system, visible=[0, 2]))
    assert "1 of 1 primary cells can't be protected (positions 1)" in str(caught.value)
    assert "98765432" not in str(caught.value)


def test_figures_that_contradict_what_is_known_are_refused() -> None:
    with pytest.raises(SuppressionError, match="contradict 1 of 1 equations and 0 of 3 limits"):
        counted([31, 13, 17], [(0, [1, 2])])
    with pytest.raises(SuppressionError, match="0 of 1 equations and 1 of 3 limits"):
        counted([10, 13, -3], [(0, [1, 2])])
    with pytest.raises(SuppressionError, match="contradict"):
        counted([np.nan, 13, 17], [(0, [1, 2])])


def large(seed: int) -> Task:
    random = np.random.default_rng(seed)
    system = two_way(random.poisson(random.lognormal(2, 1, (12, 1)), (12, 6)).tolist())
    return replace(task(system), visible=system.values == 0)


def test_without_time_whole_equations_are_hidden_and_still_nobody_gets_through() -> None:
    work = large(1)
    late, best = suppress(work, seconds=0), suppress(work, gap=0)
    assert not weak(work, late.hidden).size
    assert not late.proven
    assert best.proven
    assert late.hidden.sum() > best.hidden.sum()


def test_the_same_task_gives_the_same_pattern() -> None:
    first, second = suppress(large(2)), suppress(large(2))
    assert first.hidden.tolist() == second.hidden.tolist()
    assert (first.cost, first.bound, first.rounds) == (second.cost, second.bound, second.rounds)


def test_making_one_hidden_cell_visible_is_noticed() -> None:
    work = large(3)
    hidden = suppress(work, gap=0).hidden
    secondary = np.setdiff1d(np.flatnonzero(hidden), work.primary)
    assert secondary.size
    for cell in secondary:
        assert weak(work, hidden & (np.arange(hidden.size) != cell)).size
    for cell in work.primary:
        assert cell in weak(work, hidden & (np.arange(hidden.size) != cell))


def test_components_are_what_equations_join() -> None:
    system = counted([5, 2, 3, 9, 4, 5], [(0, [1, 2]), (3, [4, 5])])
    everything = np.ones(6, dtype=bool)
    assert [cells.tolist() for _, cells in components(system.equations, everything)] == [[0, 1, 2], [3, 4, 5]]
    assert [rows.tolist() for rows, _ in components(system.equations, everything)] == [[0], [1]]


@pytest.mark.parametrize("wrong", ["weights", "below", "visible"])
def test_a_task_that_does_not_fit_is_refused(wrong: str) -> None:
    work = task(counted([30, 3, 10, 17], [(0, [1, 2, 3])]))
    bad = {"weights": np.zeros(4), "below": np.ones(3), "visible": np.ones(4, dtype=bool)}
    with pytest.raises(ValueError, match=r"costs|primary cell|must stay visible"):
        replace(work, **{wrong: bad[wrong]})
