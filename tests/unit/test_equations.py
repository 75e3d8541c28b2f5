"""What a reader knows to hold between the figures of a release, found from its indicators, areas and relations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sample_panel import definition
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
    told,
)

from katsaus.config.expression import parse
from katsaus.config.project import load_project
from katsaus.config.sources import Subset
from katsaus.disclosure.counts import Counts, window
from katsaus.disclosure.patterns import Pattern
from katsaus.disclosure.release import area_members
from katsaus.disclosure.verify import attacked
from katsaus.errors import SuppressionError

TOWNS = ("KU001", "KU002", "KU003", "KU004")
FIGURES = {"KU001": 3, "KU002": 20, "KU003": 30, "KU004": 12, "KU005": 40, "KU006": 50, "SSS": 165}
MEMBERS = own(*TOWNS, KK01=TOWNS[:3], KK02=TOWNS[3:], trial=TOWNS, other=["KU005", "KU006"], country=["SSS"])
KINDS = {
    **dict.fromkeys(TOWNS, "municipality"),
    **dict.fromkeys(["KK01", "KK02"], "trial_area"),
    "trial": "trial",
    "other": "other",
    "country": "country",
}


def test_areas_are_sums_of_the_areas_of_every_kind_within_them() -> None:
    assert told(counts_of(people(FIGURES), PEOPLE, members=MEMBERS, whole_country=True)) == {
        "people/KK01 = people/KU001 + people/KU002 + people/KU003",
        "people/KK02 = people/KU004",
        "people/trial = people/KK01 + people/KK02",
        "people/trial = people/KU001 + people/KU002 + people/KU003 + people/KU004",
        "people/country = people/other + people/trial",
    }


def test_a_country_may_hold_people_of_no_known_municipality() -> None:
    of = counts_of(people(FIGURES), PEOPLE, members=MEMBERS)
    assert "people/country = people/other + people/trial + rest:people" in told(of)
    rest = labels(of).index("rest:people")
    assert not of.layout.publishable[rest]
    assert of.never_negative[rest]
    assert not of.looked_at[rest], "it is no count of people in an area"
    assert window(of, first=0, last=0).system.values[rest] == 10


def test_two_hierarchies_over_the_same_municipalities() -> None:
    members = own(*TOWNS, K1=TOWNS[:2], K2=TOWNS[2:], R1=TOWNS[::2], R2=TOWNS[1::2], all=TOWNS)
    of = counts_of(people(FIGURES), PEOPLE, members=members)
    assert told(of) == {
        "people/K1 = people/KU001 + people/KU002",
        "people/K2 = people/KU003 + people/KU004",
        "people/R1 = people/KU001 + people/KU003",
        "people/R2 = people/KU002 + people/KU004",
        "people/all = people/K1 + people/K2",
        "people/all = people/R1 + people/R2",
        "people/all = people/KU001 + people/KU002 + people/KU003 + people/KU004",
    }
    line = pattern(["people/KU001", "people/KU002"])
    assert attacked(of, {MONTH: line}, months=[MONTH]).determined == 2, "the other hierarchy gives both back"
    patterns = solved(of)
    assert attacked(of, patterns, months=[MONTH]).passes
    assert len(cells_of(patterns[MONTH])) == 4


def test_a_list_of_some_municipalities_and_one_of_all() -> None:
    """The trial beside the country: where the other municipalities are shown as a sum, they are a difference too."""
    figures = {**FIGURES, "KU004": 2, "KU005": 3, "KU006": 0}
    members = {name: own for name, own in MEMBERS.items() if name not in {"KK01", "KK02"}}
    rows = people({**figures, "SSS": 58})
    of = counts_of(rows, PEOPLE, members=members, whole_country=True)
    assert told(of) == {
        "people/country = people/other + people/trial",
        "people/trial = people/KU001 + people/KU002 + people/KU003 + people/KU004",
    }
    bare = pattern(["people/other", "people/KU001", "people/KU004"])
    assert attacked(of, {MONTH: bare}, months=[MONTH]).determined == 1, "country less trial"
    patterns = solved(of)
    assert {"people/other", "people/KU001", "people/KU004"} < cells_of(patterns[MONTH])
    assert attacked(of, patterns, months=[MONTH]).passes


def test_groups_and_organisations_are_parts_of_totals() -> None:
    rows = people({"KU001": 10})
    for group, figure in {"F": 6, "M": 4}.items():
        rows += people({"KU001": figure}, group=group)
    for responsible, figure in {"trial": 7, "te_office": 3}.items():
        rows += people({"KU001": figure}, responsible=responsible)
    totals = [parted("responsible", "trial", "te_office"), parted("group", "F", "M")]
    of = counts_of(rows, PEOPLE, members=own("KU001"), totals=totals)
    assert told(of) == {
        "people/KU001 = people/KU001/te_office/_T + people/KU001/trial/_T",
        "people/KU001 = people/KU001/_T/F + people/KU001/_T/M",
    }
    assert len(of.layout.partitions) == 2


def of_organisations(trial: int, te_office: int) -> Counts:
    """A town and another, whose figures of the employment office are not published."""
    rows = [
        *people({"KU001": trial, "KU002": 40}, responsible="trial"),
        *people({"KU001": te_office, "KU002": 50}, responsible="te_office"),
        *people({"KU001": trial + te_office, "KU002": 90}),
    ]
    table = {"areas": ("municipality",), "responsible": ("_T", "trial")}
    return counts_of(
        rows,
        PEOPLE,
        members=own("KU001", "KU002", both=["KU001", "KU002"]),
        totals=[parted("responsible", "trial", "te_office")],
        tables=(table,),
    )


def test_an_organisation_that_is_not_published_is_a_difference() -> None:
    of = of_organisations(30, 3)
    assert "people/KU001 = people/KU001/te_office/_T + people/KU001/trial/_T" in told(of)
    assert not of.layout.publishable[labels(of).index("people/KU001/te_office/_T")]
    assert attacked(of, {MONTH: pattern([])}, months=[MONTH]).weak == 1, "33 less 30"
    patterns = solved(of)
    assert attacked(of, patterns, months=[MONTH]).passes
    assert cells_of(patterns[MONTH]) & {"people/KU001", "people/KU001/trial/_T"}


def test_a_shown_total_does_not_give_the_one_hidden_part_back() -> None:
    measures = ("coaching", "training", "try_outs")
    rows = [row for name, n in zip(measures, (3, 20, 30), strict=True) for row in people({"KU001": n}, measure=name)]
    kinds = [persons(f"B0{i}", name) for i, name in enumerate(measures)]
    of = counts_of(rows, *kinds, persons("B09", "coaching + training + try_outs"), members=own("KU001"))
    assert told(of) == {"coaching + training + try_outs/KU001 = coaching/KU001 + training/KU001 + try_outs/KU001"}
    alone = attacked(of, {MONTH: pattern(["coaching/KU001"])}, months=[MONTH])
    assert (alone.determined, alone.weak, alone.tightest) == (1, 1, 0)
    hidden = cells_of(solved(of)[MONTH])
    assert "coaching/KU001" in hidden
    assert len(hidden) == 2


def test_a_sum_is_one_cell_however_many_indicators_show_it() -> None:
    rows = [*people({"KU001": 8}, measure="came"), *people({"KU001": 4}, measure="left")]
    more = definition("A02", "percentage", "came", "came + left")
    of = counts_of(rows, persons("A01", "came"), persons("A03", "came + left"), more, members=own("KU001"))
    assert labels(of) == ["came/KU001", "came + left/KU001", "left/KU001"]


def test_identities_of_the_source_hold_at_every_series() -> None:
    rows = [
        row
        for name, n in {"seekers": 33, "working": 20, "studying": 13}.items()
        for group in ("_T", "F")
        for row in people({"KU001": n, "KU002": n}, measure=name, group=group)
    ]
    each = [persons("A01", "seekers"), persons("A02", "working"), persons("A03", "studying")]
    of = counts_of(rows, *each, members=own("KU001", "KU002"), identities=[identity("seekers", "working + studying")])
    assert told(of) == {
        f"seekers/{at} = studying/{at} + working/{at}" for at in ("KU001", "KU002", "KU001/_T/F", "KU002/_T/F")
    }
    assert len(of.layout.partitions) == 4


@pytest.mark.parametrize(
    ("left", "right", "tolerance"),
    [("people", "absent + other", 0), ("people", "came - left", 1)],
    ids=["of what the source has not", "not exact"],
)
def test_an_identity_that_does_not_hold_for_certain_is_left_out(left: str, right: str, tolerance: float) -> None:
    rows = [row for name in ("people", "came", "left") for row in people({"KU001": 20}, measure=name)]
    each = [persons("A01", "people"), persons("A02", "came"), persons("A03", "left")]
    relation = identity(left, right, tolerance=tolerance)
    assert told(counts_of(rows, *each, members=own("KU001"), identities=[relation])) == set()


def flowing(*stocks: float, shown: tuple[str, ...] = ("stock", "came", "left")) -> Counts:
    """A town and another of which people came and left; nobody leaves but who lets the stock shrink."""
    rows = []
    for month, (before, now) in enumerate(zip((stocks[0], *stocks), stocks, strict=False), 1):
        came, left = max(now - before, 0), max(before - now, 0)
        for measure, figure in {"stock": now, "came": came, "left": left}.items():
            rows += people({"KU001": figure, "KU002": 40}, month=f"2021-0{month}", measure=measure)
    each = [persons(f"A0{i}", measure) for i, measure in enumerate(shown)]
    within = [identity("stock", "stock[lag=1] + came - left")]
    return counts_of(rows, *each, members=own("KU001", "KU002"), identities=within)


def test_stocks_and_flows_are_tied_over_months() -> None:
    of = flowing(20, 14)
    assert told(of) == {f"stock/{town} = came/{town} + stock/{town}~1 - left/{town}" for town in ("KU001", "KU002")}
    assert of.layout.reach == 1
    alone, both = window(of, first=1, last=1).system, window(of, first=0, last=1).system
    assert (alone.equations.shape, both.equations.shape) == ((0, 6), (2, 12))


def test_equations_that_say_nothing_are_left_out() -> None:
    """What came and left takes any stock for any other where neither is published."""
    of = flowing(20, 14, shown=("stock",))
    assert told(of) == set()
    assert labels(of) == ["stock/KU001", "stock/KU002"]
    assert told(flowing(20, 14, shown=("stock", "left"))) != set(), "nobody came who is not a count"


def test_an_equation_needs_every_figure() -> None:
    of = counts_of(people({**FIGURES, "KU002": None}), PEOPLE, members=MEMBERS, whole_country=True)
    assert window(of, first=0, last=0).system.equations.shape[0] == 1, "of a sum that lacks a town nothing is told"
    longer = counts_of(
        [*people({**FIGURES, "KU002": None}), *people(FIGURES, month="2021-02")], PEOPLE, members=MEMBERS
    )
    assert window(longer, first=1, last=1).system.equations.shape[0] == 5


def test_a_blank_of_the_source_is_a_cell_to_protect() -> None:
    of = counts_of(
        people({"KU001": "...", "KU002": 20, "both": 23}),
        PEOPLE,
        members=own("KU001", "KU002", both=["KU001", "KU002"]),
    )
    blank = labels(of).index("people/KU001")
    assert of.primary()[blank].all()
    system = window(of, first=0, last=0).system
    assert system.values[blank] == 3, "filled with what fits the total"
    assert attacked(of, {MONTH: pattern([])}, months=[MONTH]).determined == 1
    patterns = solved(of)
    assert attacked(of, patterns, months=[MONTH]).passes
    assert cells_of(patterns[MONTH]) & {"people/KU002", "people/both"}


def test_a_blank_that_fits_no_total_is_refused_without_a_figure() -> None:
    members = own("KU001", "KU002", both=["KU001", "KU002"])
    of = counts_of(people({"KU001": "...", "KU002": 987654321, "both": 23}), PEOPLE, members=members)
    with pytest.raises(SuppressionError) as caught:
        window(of, first=0, last=0)
    assert "blank fits no equation" in str(caught.value)
    assert "987654321" not in str(caught.value)
    assert "987654321" not in repr(of)


@pytest.mark.parametrize(("figures", "alone"), [((12, 0, 0), True), ((12, 1, 0), False), ((0, 0, 0), False)])
def test_a_total_that_falls_into_one_part_tells_of_everybody(figures: tuple[int, ...], *, alone: bool) -> None:
    """All twelve are of one group: the part is hidden and in doubt, though neither it nor the total is small."""
    groups = ("F", "M", "X")
    rows = people({"KU001": sum(figures), "KU002": 90})
    for group, n in zip(groups, figures, strict=True):
        rows += people({"KU001": n, "KU002": 30}, group=group)
    of = counts_of(rows, PEOPLE, members=own("KU001", "KU002"), totals=[parted("group", *groups)])
    found = window(of, first=0, last=0).alone
    assert [labels(of)[cell] for cell in np.flatnonzero(found)] == ["people/KU001/_T/F"] * alone
    hidden = cells_of(solved(of)[MONTH])
    if alone:
        assert "people/KU001/_T/F" in hidden
        assert hidden & {"people/KU001/_T/M", "people/KU001/_T/X"}, "else nobody is of the others"


def test_one_part_that_is_published_is_no_division() -> None:
    rows = [*people({"KU001": 12}), *people({"KU001": 12}, group="F"), *people({"KU001": 0}, group="M")]
    table = {"areas": ("municipality",), "groups": ("_T", "F")}
    of = counts_of(rows, PEOPLE, members=own("KU001"), totals=[parted("group", "F", "M")], tables=(table,))
    assert not window(of, first=0, last=0).alone.any()


def test_only_counts_are_looked_at() -> None:
    rows = [*people({"KU001": 3}), *people({"KU001": 2}, measure="weeks")]
    weeks = definition("A02", "count", "weeks", unit="weeks")
    of = counts_of(rows, PEOPLE, weeks, members=own("KU001"), counts=["people"])
    assert [labels(of)[cell] for cell in np.flatnonzero(of.primary()[:, 0])] == ["people/KU001"]
    assert cells_of(solved(of)[MONTH]) == {"people/KU001"}


def test_a_difference_may_be_negative() -> None:
    rows = [*people({"KU001": 8}, measure="came"), *people({"KU001": 12}, measure="left")]
    net = definition("A03", "count", "came - left", unit="spells")
    of = counts_of(rows, persons("A01", "came"), net, members=own("KU001"))
    place = labels(of).index("came - left/KU001")
    assert not of.never_negative[place]
    assert not of.primary()[place].any()
    system = window(of, first=0, last=0).system
    assert (system.values[place], system.lower[place]) == (-4, -np.inf)


def test_what_is_not_published_is_no_cell_unless_an_equation_needs_it() -> None:
    table = {"areas": ("trial_area", "trial")}
    of = counts_of(people(FIGURES), PEOPLE, members=MEMBERS, kinds=KINDS, tables=(table,))
    assert labels(of) == ["people/KK01", "people/KK02", "people/trial"]
    assert of.layout.sizes.tolist() == [3, 1, 4]


def test_no_area_of_a_release_is_a_municipality_that_was_merged(root: Path) -> None:
    """Before a merger the figures of both are one in the store: neither is the sum less the other."""
    project = load_project(root)
    gone = {merger.old for merger in project.mergers} - project.municipalities.keys()
    members = area_members(project)
    assert gone
    assert not gone & {*members, *(code for parts in members.values() for code in parts)}


def test_an_old_code_beside_the_new_one_is_a_part_of_it() -> None:
    """Where a release has both, the old municipality is a cell of its own, and hidden with what gives it back."""
    figures = {"KU541": 20, "KU911": 3, "KU001": 50}
    of = counts_of(people(figures), PEOPLE, members=own(*figures, new=["KU541", "KU911"]))
    assert told(of) == {"people/new = people/KU541 + people/KU911"}
    assert attacked(of, {MONTH: pattern(["people/KU911"])}, months=[MONTH]).determined == 1, "new less old"
    hidden = cells_of(solved(of)[MONTH])
    assert "people/KU911" in hidden
    assert hidden & {"people/KU541", "people/new"}


def test_who_is_in_a_set_and_not_in_its_part_is_protected_too() -> None:
    """The long-term unemployed are among the structurally unemployed: what two shown counts differ by is people."""
    rows = [*people({"KU001": 15}, measure="structural"), *people({"KU001": 11}, measure="long_term")]
    shown = (persons("A14", "long_term"), persons("A15", "structural"))
    subset = Subset(part=parse("long_term"), of=parse("structural"))
    of = counts_of(rows, *shown, members=own("KU001"), subsets=(subset,))
    assert told(of) == {"structural/KU001 = long_term/KU001 + rest:structural but long_term"}
    assert attacked(of, {MONTH: pattern([])}, months=[MONTH]).weak == 1
    patterns = solved(of)
    assert cells_of(patterns[MONTH]) & {"structural/KU001", "long_term/KU001"}
    assert attacked(of, patterns, months=[MONTH]).passes


def test_a_sum_of_unpublished_measures_has_its_sums_over_areas() -> None:
    rows = [
        *people({"KU001": 2, "KU002": 12}, measure="came"),
        *people({"KU001": 1, "KU002": 8}, measure="left"),
    ]
    members = own("KU001", "KU002", KK01=["KU001", "KU002"])
    of = counts_of(rows, persons("B01", "came + left"), members=members)
    assert "came + left/KK01 = came + left/KU001 + came + left/KU002" in told(of)
    line = pattern(["came + left/KU001"])
    assert attacked(of, {MONTH: line}, months=[MONTH]).determined == 1


def test_months_are_looked_at_as_far_back_as_what_they_carry_over_is_hidden() -> None:
    """Each month passes with the one before it; three together tell the stock."""
    stock, left = {"2021-01": 23, "2021-02": 20, "2021-03": 1}, {"2021-01": 0, "2021-02": 3, "2021-03": 19}
    rows = [row for month, value in stock.items() for row in people({"KU001": value}, month=month, measure="stock")]
    rows += [row for month, value in left.items() for row in people({"KU001": value}, month=month, measure="left")]
    kept = identity("stock", "stock[lag=1] - left")
    of = counts_of(rows, persons("A01", "stock"), persons("A02", "left"), members=own("KU001"), identities=(kept,))
    hidden = {
        "2021-02": pattern(["stock/KU001", "left/KU001"], month="2021-02"),
        "2021-03": pattern(["stock/KU001"], month="2021-03"),
    }
    months = of.months
    assert months == ["2021-01", "2021-02", "2021-03"]
    assert not attacked(of, hidden, months=["2021-03"]).passes
    assert attacked(of, solved(of), months=months).passes


def test_a_kept_pattern_that_shows_everybody_in_one_part_is_found() -> None:
    """The attack on a kept pattern asks for the same doubt as its solution did."""
    rows = [*people({"KU001": 12}, measure="seekers"), *people({"KU001": 12}, measure="working")]
    rows += people({"KU001": 0}, measure="idle")
    shown = (persons("A01", "seekers"), persons("A02", "working"), persons("A03", "idle"))
    of = counts_of(rows, *shown, members=own("KU001"), identities=(identity("seekers", "working + idle"),))
    everything = solved(of)[MONTH].published
    bare = Pattern("made-up", MONTH, {}, everything)
    assert attacked(of, {MONTH: bare}, months=[MONTH]).weak == 1
    assert attacked(of, solved(of), months=[MONTH]).passes
