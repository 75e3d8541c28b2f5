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
    figures = {"KU001": 1, "KU002": 4, "KU003": 40, "KU004": 60}
    of = counts_of(people(figures), PEOPLE, members=own(*figures, all=list(figures)))
    assert attack(of, "people/KU001", "people/KU002").weak == 2, "neither is a zero, and they come to the threshold"
    hidden = solved(of)
    assert attacked(of, hidden, months=[MONTH]).passes
    stage = stage_of(of, MONTH, patterns=hidden)
    own_cell, other = (labels(of).index(f"people/{town}") for town in ("KU001", "KU002"))
    known = stage.unseen.copy()
    known[own_cell] = False
    least, most = intervals(stage.system, known, cells=np.array([other]))[0]
    assert least <= 3
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
    assert (found.primary, found.secondary, found.determined, found.weak, found.tightest) == (1, 1, 0, 0, 21)
    assert 0 < found.lost < 1
    assert found.passes
    assert not bare.passes


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


def test_flows_give_the_stock_of_a_month_back() -> None:
    """Last month's pattern against this month's: each safe by itself, and unsafe together."""
    of = moved({"KU001": (3, 0, 0), "KU002": (40, 0, 0)}, {"KU001": (12, 15, 6), "KU002": (41, 8, 7)})
    pair = pattern(["stock/KU001", "stock/KU002"])
    patterns = {MONTH: pair}
    assert attacked(of, patterns, months=[MONTH]).passes
    shown = {**patterns, NEXT: pattern([], month=NEXT)}
    alone = moved({"KU001": (12, 15, 6), "KU002": (41, 8, 7)})
    assert attacked(alone, {MONTH: pattern([])}, months=[MONTH]).passes
    found = attacked(of, shown, months=[NEXT])
    assert (found.weak, found.passes) == (1, False), "stock of the month less who came, with who left"
    safe = solved(of)
    assert cells_of(safe[MONTH]) == cells_of(pair)
    assert cells_of(safe[NEXT])
    assert attacked(of, safe, months=of.months).passes


def test_a_hidden_stock_is_no_help_to_the_next_month_where_flows_are_shown() -> None:
    of = moved({"KU001": (12, 0, 0), "KU002": (40, 0, 0)}, {"KU001": (3, 6, 15), "KU002": (41, 8, 7)})
    first = {MONTH: pattern([])}
    found = attacked(of, {**first, NEXT: pattern(["stock/KU001", "stock/KU002"], month=NEXT)}, months=[NEXT])
    assert (found.determined, found.weak) == (2, 1)
    second = solve(of, NEXT, patterns=first)
    assert cells_of(second) & {"came/KU001", "left/KU001"}
    assert attacked(of, {**first, NEXT: second}, months=[NEXT]).passes


def test_what_was_published_of_the_months_before_is_not_hidden_again() -> None:
    of = moved({"KU001": (12, 0, 0), "KU002": (40, 0, 0)}, {"KU001": (3, 6, 15), "KU002": (41, 8, 7)})
    stage = stage_of(of, NEXT, patterns={MONTH: pattern([])})
    hidden = suppress(stage.task()).hidden
    assert not hidden[: stage.own.start].any()
    assert stage.settled[: stage.own.start].all()
    assert not stage.settled[stage.own].any()


# Vintages


def vintage(**figures: float) -> Counts:
    return counts_of(people(figures), PEOPLE, members=own(*figures, all=list(figures)))


def test_old_and_new_figures_together_give_back_what_neither_does() -> None:
    """The third town was revised, and so was the sum: the old sum less the old figure leaves the other two."""
    before = vintage(KU001=3, KU002=20, KU003=30, KU004=50)
    now = vintage(KU001=3, KU002=20, KU003=37, KU004=50)
    old = {"people/KU001", "people/KU003"}
    new = {"people/KU001", "people/KU002"}
    assert attack(before, *old).passes
    assert attack(now, *new).passes
    both = {MONTH: pattern(new, earlier=old)}
    found = attacked(now, both, months=[MONTH], older=before)
    assert found.determined >= 2, "the second town was shown, and is what it was"
    assert found.weak >= 2
    assert attacked(now, both, months=[MONTH]).passes, "nobody looked at the old figures"


def test_a_revised_month_is_solved_so_that_old_and_new_are_safe() -> None:
    before = vintage(KU001=3, KU002=20, KU003=30, KU004=50)
    now = vintage(KU001=3, KU002=20, KU003=37, KU004=50)
    first = solved(before)
    again = solve(now, MONTH, patterns=first, older=before)
    assert cells_of(first[MONTH]) == {"people/KU001", "people/KU002"}
    assert cells_of(again) >= cells_of(first[MONTH]), "what was hidden stays hidden"
    assert "people/KU004" not in cells_of(again), "what was shown and is what it was stays shown"
    assert again.earlier == first[MONTH].hidden
    assert attacked(now, {MONTH: again}, months=[MONTH], older=before).passes


def test_a_figure_that_a_revision_makes_large_stays_hidden() -> None:
    """Else what was shown since tells what it was before."""
    before = vintage(KU001=3, KU002=20, KU003=30)
    now = vintage(KU001=8, KU002=20, KU003=30)
    first = solved(before)
    again = solve(now, MONTH, patterns=first, older=before)
    assert cells_of(again) >= cells_of(first[MONTH]) > {"people/KU001"}
    assert attacked(now, {MONTH: again}, months=[MONTH], older=before).passes
    bare = {MONTH: pattern([], earlier=cells_of(first[MONTH]))}
    found = attacked(now, bare, months=[MONTH], older=before)
    assert not found.passes, "the second town was not revised: the old sum gives the first one back"


def test_a_figure_that_a_revision_makes_small_is_hidden() -> None:
    before = vintage(KU001=8, KU002=20, KU003=30)
    now = vintage(KU001=3, KU002=20, KU003=30)
    first = solved(before)
    assert cells_of(first[MONTH]) == set()
    again = solve(now, MONTH, patterns=first, older=before)
    assert cells_of(again) == {"people/KU001", "people/all"}, "the other towns were shown, and are what they were"
    assert attacked(now, {MONTH: again}, months=[MONTH], older=before).passes


def test_one_pattern_may_be_safe_for_either_vintage_and_not_for_both() -> None:
    """In the old figures the first town's place can only be the third's, in the new ones only the second's."""
    towns = ("KU001", "KU002", "KU003", "KU004", "KU005")
    sums = {"KK01": towns[:3], "KK02": towns[2:4], "KK03": towns[3:]}

    def edition(*figures: float) -> Counts:
        return counts_of(people(dict(zip(towns, figures, strict=True))), PEOPLE, members=own(*towns, **sums))

    before, now = edition(3, 0, 20, 20, 20), edition(3, 10, 20, 20, 0)
    hidden = {f"people/{town}" for town in towns}
    assert attack(before, *hidden).passes
    assert attack(now, *hidden).passes
    found = attacked(now, {MONTH: pattern(hidden)}, months=[MONTH], older=before)
    assert (found.determined, found.weak) == (0, 2)
    again = solve(now, MONTH, patterns={MONTH: pattern(hidden)}, older=before)
    assert cells_of(again) > hidden
    assert attacked(now, {MONTH: again}, months=[MONTH], older=before).passes


def test_the_pattern_of_the_first_edition_is_kept_through_revisions() -> None:
    first = pattern(["people/KU001", "people/KU002", "people/KU003"], earlier=["people/KU001", "people/KU002"])
    of = vintage(KU001=3, KU002=20, KU003=30)
    again = solve(of, MONTH, patterns={MONTH: first}, older=vintage(KU001=3, KU002=20, KU003=31))
    assert again.earlier == first.earlier
    assert cells_of(again) == cells_of(first)


def test_what_was_given_away_before_is_refused_without_a_figure() -> None:
    """A first edition hid one cell of a line: whatever is hidden now, it can be worked out."""
    shown = {MONTH: pattern(["people/KU001", "people/KU002"], earlier=["people/KU001"])}
    now = vintage(KU001=3, KU002=987654321, KU003=30)
    with pytest.raises(SuppressionError, match="can't be protected") as caught:
        solve(now, MONTH, patterns=shown, older=vintage(KU001=3, KU002=987654321, KU003=31))
    assert "9876543" not in str(caught.value)


def test_a_table_that_is_published_later_may_be_hidden_and_the_older_ones_not() -> None:
    """What the months of the past showed stays shown, and what was never told of them is free to be hidden."""
    rows = [*people({"KU001": 8, "KU002": 20}, measure="came"), *people({"KU001": 5, "KU002": 30}, measure="left")]
    rows += people({"KU001": 3, "KU002": -10}, measure="rest")
    each = (persons("A01", "came"), persons("A02", "left"), definition("A03", "count", "rest", unit="persons"))
    within = [identity("came", "left + rest")]
    first = solved(counts_of(rows, each[0], each[2], members=own("KU001"), identities=within))
    assert cells_of(first[MONTH]) == {"rest/KU001"}
    assert set(first[MONTH].published) == {"came", "rest"}
    now = counts_of(rows, *each, members=own("KU001"), identities=within)
    assert not attacked(now, first, months=[MONTH]).passes
    again = solve(now, MONTH, patterns=first)
    assert cells_of(again) == {"rest/KU001", "left/KU001"}, "came was shown already"
    assert set(again.published) == {"came", "left", "rest"}


def test_a_vintage_of_other_months_or_of_the_same_figures_adds_nothing() -> None:
    now = vintage(KU001=3, KU002=20, KU003=30)
    other = counts_of(people({"KU001": 3}, month="2020-12"), PEOPLE, members=own("KU001"))
    patterns = solved(now)
    cells = len(now.layout.name)
    for older in (None, other, now):
        assert len(stage_of(now, MONTH, patterns=patterns, older=older).system.values) == cells


def test_a_vintage_with_fewer_tables_shares_the_cells_that_it_has() -> None:
    now, fewer = vintage(KU001=3, KU002=20, KU003=30), vintage(KU001=3, KU002=20)
    patterns = {MONTH: pattern(["people/KU001", "people/KU002"])}
    stage = stage_of(now, MONTH, patterns=patterns, older=fewer)
    assert len(stage.system.values) == len(now.layout.name) + len(fewer.layout.name)


# Kept patterns


def test_a_pattern_is_kept_and_read_again(tmp_path: Path) -> None:
    first = pattern(["people/KU002", "people/KU001", "people/KU001/trial/F"], earlier=["people/KU001"])
    write_pattern(tmp_path, first)
    (read,) = read_patterns(tmp_path, "made-up").values()
    assert cells_of(read) == cells_of(first)
    assert (read.source, read.month) == ("made-up", MONTH)
    assert read.published == first.published != {}
    assert read.earlier == {"people": {"_T/_T": ("KU001",)}}
    text = pattern_file(tmp_path, "made-up", month=MONTH).read_text(encoding="utf-8")
    write_pattern(tmp_path, read)
    assert pattern_file(tmp_path, "made-up", month=MONTH).read_text(encoding="utf-8") == text
    assert json.loads(text)["hidden"]["people"]["_T/_T"] == "KU001 KU002"
    assert read_patterns(tmp_path, "another") == {}


def test_a_pattern_says_nothing_of_why_a_cell_is_hidden(tmp_path: Path) -> None:
    """Which of two was small is a secret: either way round the file is the same."""
    texts = set()
    for number, figures in enumerate([(3, 3, 40), (3, 4, 40), (4, 2, 40)]):
        of = counts_of(
            people(dict(zip(("KU001", "KU002", "KU003"), figures, strict=True))),
            PEOPLE,
            members=own("KU001", "KU002", "KU003", all=["KU001", "KU002", "KU003"]),
        )
        folder = tmp_path / str(number)
        write_pattern(folder, solved(of)[MONTH])
        texts.add(pattern_file(folder, "made-up", month=MONTH).read_text(encoding="utf-8"))
    assert len(texts) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"source": "made-up", "month": "2021-01", "published": {}}',
        '{"source": "made-up", "month": "2021-01", "hidden": {}}',
        '{"source": "made-up", "month": "2021-01", "published": {}, "hidden": 987654321}',
        '{"source": "made-up", "month": "2021-01", "published": {}, "hidden": {"people": ["KU001"]}}',
        '{"source": "made-up", "month": "2021-02", "published": {}, "hidden": {}}',
        '{"source": "ministry", "month": "2021-01", "published": {}, "hidden": {}}',
        '{"source": "made-up", "month": "2021-01", "published": {}, "hidden": {}, "earlier": null}',
        "\ud83d".encode("utf-8", "surrogatepass"),
    ],
)
def test_a_damaged_pattern_is_refused_by_its_name(tmp_path: Path, content: str | bytes) -> None:
    write_pattern(tmp_path, pattern(["people/KU001"], month=NEXT))
    path = pattern_file(tmp_path, "made-up", month=MONTH)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match="the pattern can't be read") as caught:
        read_patterns(tmp_path, "made-up")
    assert f"data/patterns/made-up/{MONTH}.json" in str(caught.value)
    assert NEXT not in str(caught.value)
    assert "987654321" not in str(caught.value)


def test_all_damaged_patterns_are_told_at_once(tmp_path: Path) -> None:
    for month in (MONTH, NEXT):
        write_pattern(tmp_path, pattern([], month=month))
        pattern_file(tmp_path, "made-up", month=month).write_text("{", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_patterns(tmp_path, "made-up")
    assert len(caught.value.problems) == 2


def test_a_pattern_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="can't be written"):
        write_pattern(tmp_path, pattern(["people/KU001"]))


def test_what_a_pattern_hides_of_an_area_that_there_is_not_is_refused() -> None:
    """The area may have another code now, under which it would be shown."""
    source = observed(people({"KU001": 3, "KU002": 20}))
    found = masks({MONTH: pattern(["people/KU002"]).hidden, "1999-01": pattern(["x/KU001"]).hidden}, source)
    assert {name: flags.ravel().tolist() for name, flags in found.items()} == {"people": [False, True]}
    with pytest.raises(SuppressionError, match="hides 1 cells of areas that there are not"):
        masks({MONTH: pattern(["people/KU002", "people/KU009"]).hidden}, source)


def test_hidden_cells_are_those_of_the_pattern_and_the_blanks() -> None:
    of = counts_of(people({"KU001": "...", "KU002": 20, "both": 30}), PEOPLE, members=PAIR)
    flags = hidden_cells(of, {MONTH: pattern(["people/KU002", "unknown/KU001"]).hidden})
    assert [labels(of)[cell] for cell in np.flatnonzero(flags)] == ["people/KU001", "people/KU002"]


# The door


def shown_of(source: Panel, wanted: Release, *hidden: str) -> ProtectedTable:
    return protect(source, wanted, patterns={MONTH: pattern(hidden)}, synthetic=False)


def at(table: ProtectedTable, indicator: str, *areas: str, month: str = MONTH) -> list[str]:
    """Figures as they are shown: a number or a symbol."""
    values, symbols = table.look_up(indicator, areas=areas, months=[month])
    return [symbol or f"{value:g}" for value, symbol in zip(values, symbols, strict=True)]


def test_secondary_cells_are_hidden_like_small_ones() -> None:
    source = observed(people({"KU001": 3, "KU002": 20, "KU003": 0}))
    wanted = release(source, PEOPLE, members=own("KU001", "KU002", "KU003"), threshold=5)
    table = shown_of(source, wanted, "people/KU001", "people/KU002", "people/KU003")
    assert at(table, "A01", "KU001", "KU002", "KU003") == ["...", "...", "..."], "one hidden is like another"
    assert np.isnan(table.cells["A01"].values).all()
    assert (table.log["primary"], table.log["secondary"]) == (1, 2)
    assert at(shown_of(source, wanted, "people/KU001"), "A01", "KU001", "KU002", "KU003") == ["...", "20", "0"]


@pytest.mark.parametrize("hidden", ["people/KU002", "weeks/KU002"])
def test_what_is_computed_of_a_secondary_cell_is_hidden_too(hidden: str) -> None:
    """A percentage with one decimal and its denominator give the count back, and so do a mean and a change."""
    months = [MONTH, "2022-01"]
    rows = [row for month in months for row in people({"KU001": 3, "KU002": 60, "KU003": 90}, month=month)]
    rows += [
        row for month in months for row in people({"KU001": 3, "KU002": 60, "KU003": 90}, month=month, measure="weeks")
    ]
    derived = {
        "A02": definition("A02", "percentage", "people", "weeks"),
        "A03": definition("A03", "ratio", "weeks", "people"),
    }
    yearly = definition("A04", "change_of_percentage", "people", "weeks")
    source = observed(rows)
    wanted = release(
        source,
        PEOPLE,
        *derived.values(),
        yearly,
        members=own("KU001", "KU002", "KU003"),
        threshold=5,
        counts=["people"],
    )
    patterns = {MONTH: pattern(["people/KU001", hidden]), "2022-01": pattern(["people/KU001"], month="2022-01")}
    table = protect(source, wanted, patterns=patterns, synthetic=False)
    for name in derived:
        assert at(table, name, "KU001", "KU002", "KU003")[:2] == ["...", "..."]
        assert at(table, name, "KU003") != ["..."]
        assert at(table, name, "KU002", month="2022-01") != ["..."]
    assert at(table, "A04", "KU002", "KU003", month="2022-01") == ["...", "0"], "the year before is hidden"
    assert at(table, "A01", "KU002") == (["..."] if hidden.startswith("people") else ["60"])


def test_a_sum_is_shown_or_hidden_whatever_its_parts_are() -> None:
    source = observed([*people({"KU001": 3}, measure="came"), *people({"KU001": 20}, measure="left")])
    both = (persons("A01", "came"), persons("A02", "came + left"), persons("A03", "left"))
    wanted = release(source, *both, members=own("KU001"), threshold=5)
    table = shown_of(source, wanted, "came/KU001", "left/KU001")
    assert [at(table, name, "KU001") for name in ("A01", "A02", "A03")] == [["..."], ["23"], ["..."]]
    table = shown_of(source, wanted, "came/KU001", "came + left/KU001")
    assert [at(table, name, "KU001") for name in ("A01", "A02", "A03")] == [["..."], ["..."], ["20"]]


def refused(source: Panel, wanted: Release, patterns: dict[str, Pattern]) -> str:
    with pytest.raises(SuppressionError) as caught:
        protect(source, wanted, patterns=patterns, synthetic=False)
    return str(caught.value)


def test_every_month_without_a_pattern_is_refused_by_its_name() -> None:
    months = [f"2021-0{number}" for number in range(1, 5)]
    source = observed([row for month in months for row in people({"KU001": 987654321, "KU002": 3}, month=month)])
    wanted = release(source, PEOPLE, members=own("KU001", "KU002"), threshold=5)
    patterns = small_alone(source, wanted)
    del patterns["2021-02"]
    patterns["2021-04"] = pattern(["people/KU001"], month="2021-04")
    said = refused(source, wanted, patterns)
    assert "data/patterns/made-up/2021-02.json: the month has no pattern" in said
    assert "data/patterns/made-up/2021-04.json: the pattern lets 1 small counts through" in said
    assert "2021-01" not in said
    assert "2021-03" not in said
    assert "987654321" not in said


def test_a_pattern_that_lets_small_counts_through_is_refused() -> None:
    source = observed(people({"KU001": 3, "KU002": 4, "KU003": 20}))
    wanted = release(source, PEOPLE, members=own("KU001", "KU002", "KU003"), threshold=5)
    assert "lets 2 small counts through" in refused(source, wanted, {MONTH: pattern(["people/KU003"])})
    assert "lets 1 small counts through" in refused(source, wanted, {MONTH: pattern(["people/KU001"])})
    other = {MONTH: pattern(["other/KU001"])}
    assert "hide sums that are not published: other" in refused(source, wanted, other)


@pytest.mark.parametrize(("threshold", "through"), [(3, 0), (5, 1), (10, 2)])
def test_the_threshold_of_the_rule_decides_what_is_let_through(threshold: int, through: int) -> None:
    source = observed(people({"KU001": 2, "KU002": 4, "KU003": 9, "KU004": 10}))
    wanted = release(source, PEOPLE, members=own("KU001", "KU002", "KU003", "KU004"), threshold=threshold)
    if through:
        assert f"lets {through} small counts" in refused(source, wanted, {MONTH: pattern(["people/KU001"])})
    else:
        assert at(shown_of(source, wanted, "people/KU001"), "A01", "KU001", "KU002") == ["...", "4"]


def test_what_is_not_published_can_t_be_asked_for() -> None:
    source = observed(
        [*people({"KU001": 30, "KU002": 40}), *people({"KU001": 20, "KU002": 10}, responsible="te_office")]
    )
    wanted = release(source, PEOPLE, members=own("KU001", "KU002"), threshold=5, tables=({"areas": ("municipality",)},))
    table = shown_of(source, wanted)
    assert at(table, "A01", "KU001") == ["30"]
    with pytest.raises(UsageError, match=r"A01 of KU002 .*te_office × _T.* is not among the published tables"):
        table.look_up("A01", areas=["KU002"], months=[MONTH], at=("te_office", "_T"))
    office = table.series.get_level_values("RESPONSIBLE") == "te_office"
    assert np.isnan(table.cells["A01"].values[office]).all(), "the figure is not in the table either"


def test_counts_may_be_rounded_instead() -> None:
    """Everything is computed of rounded counts; nothing is hidden, and no pattern is asked for."""
    figures = {"KU001": 2, "KU002": 3, "KU003": 7.5, "KU004": 13, "KU005": 0, "KU006": 998}
    source = observed(
        [*people(figures), *people({**figures, "KU001": 4}, measure="left"), *people(figures, measure="weeks")]
    )
    share = definition("A02", "percentage", "people", "left")
    net = definition("A03", "count", "people - left", unit="spells")
    weeks = definition("A04", "count", "weeks", unit="weeks")
    wanted = release(
        source,
        PEOPLE,
        share,
        net,
        weeks,
        members=own(*figures, both=["KU001", "KU002"]),
        threshold=5,
        method="rounding",
        counts=["people", "left"],
    )
    table = protect(source, wanted, patterns={}, synthetic=False)
    assert at(table, "A01", *figures, "both") == ["0", "5", "10", "15", "0", "1000", "5"]
    assert at(table, "A02", "KU001", "KU006") == ["0", "100"], "0 of 5, not 2 of 4"
    assert at(table, "A03", "KU001", "KU002") == ["-5", "0"]
    assert at(table, "A04", "KU001") == ["2"], "weeks are no count of people"
    assert (table.log["primary"], table.log["secondary"], table.log["hidden"]) == (0, 0, 0)
    for name in ("A01", "A03"):
        assert not (table.cells[name].values % 5).any()


def test_a_blank_stays_hidden_where_counts_are_rounded() -> None:
    source = observed(people({"KU001": "...", "KU002": 20}))
    wanted = release(source, PEOPLE, members=PAIR, threshold=5, method="rounding")
    assert at(protect(source, wanted, patterns={}, synthetic=False), "A01", "KU001", "KU002", "both") == [
        "...",
        "20",
        "...",
    ]


def test_the_weakest_part_is_found_however_many_are_safe() -> None:
    """Of forty hidden lines one lacks its second cell."""
    towns = [f"KU{number:03}" for number in range(1, 81)]
    figures = {town: 2 + 30 * (number % 2) for number, town in enumerate(towns)}
    pairs = {f"KK{number:02}": towns[2 * number : 2 * number + 2] for number in range(40)}
    of = counts_of(people(figures), PEOPLE, members=own(*towns, **pairs))
    hidden = {f"people/{town}" for town in towns}
    assert attack(of, *hidden).passes
    stage = stage_of(of, MONTH, patterns={MONTH: pattern(hidden - {"people/KU080"})})
    assert [labels(of)[cell] for cell in weak(stage.task(), stage.unseen)] == ["people/KU079"]
