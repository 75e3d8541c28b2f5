"""What changed between two vintages: which indicators, where, when and why, and never a figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from tiny_project import SAVED, Tiny, copy_tiny
from tiny_store import MONTHS, PLANTED, Change, Store, after, plus, put, without

from katsaus import diff as story
from katsaus.calendar import months_until
from katsaus.check import check
from katsaus.cli import changed
from katsaus.config.project import Project, load_project
from katsaus.diff import Changes, diff, differences
from katsaus.disclosure.keep import keep_patterns
from katsaus.errors import UsageError
from katsaus.figures import fingerprints
from katsaus.sources.snapshot import find_sidecar, read_snapshot, write_snapshot
from katsaus.store.vintage import Vintage, save_vintage

TOWN, REGION = "KU604", "MK06"
"""A municipality of the trial area KK11 with its region."""
OTHER, OTHERS_REGION = "KU507", "MK10"
UNEMPLOYED, VACANCIES = "TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"
AROUND = {TOWN, "KK11", "trial"}
YEAR_LATER, AVERAGED = ("2022-02",), months_until("2022-01", 9)
"""Of the change from the year before, and of the averages of twelve months, those that hold February 2021."""
Told = dict[tuple[str, str], dict[str, set[str]]]
"""Areas by months, by indicator and reason."""


@pytest.fixture(scope="session")
def project(root: Path) -> Project:
    return load_project(root)


@pytest.fixture
def store(project: Project, tmp_path: Path) -> Store:
    return Store(project, tmp_path / "small")


def save(store: Store, *changes: Change, **definitions: str) -> Vintage:
    store.write("statfin-12r5", after(*changes)(store.table("statfin-12r5")))
    return saved(store, **definitions)


def saved(store: Store, **definitions: str) -> Vintage:
    marks = fingerprints(store.project) | definitions
    return save_vintage(store.project, "2022-02", today=SAVED, definitions=marks)


def fewer(month: str, *areas: str) -> Change:
    return plus(UNEMPLOYED, -3, Alue=areas, Kuukausi=month.replace("-", "M"))


def told(store: Store, old: Vintage, new: Vintage) -> Told:
    found: Told = {}
    for one in differences(store.project, old=old, new=new):
        assert one.cells >= len(one.months) > 0
        found.setdefault((one.indicator, one.reason), {}).setdefault(" ".join(one.months), set()).add(one.area)
    return found


def correct(store: Store, month: str, *areas: str) -> None:
    """Correct the unemployed of areas in a month by three persons."""
    rows = store.table("statfin-12r5").set_index(["Alue", "Kuukausi"])[UNEMPLOYED]
    delivered = {area: int(rows[area, month.replace("-", "M")]) for area in areas}
    listed = [
        {
            "id": f"fewer-{area.lower()}",
            "source": "statfin-12r5",
            "key": {"REF_AREA": area, "TIME_PERIOD": month, "MEASURE": "unemployed"},
            "delivered": figure,
            "expected": figure - 3,
            "what": {"fi": "x", "sv": "x"},
            "why": {"fi": "x", "sv": "x"},
            "reported": date(2022, 3, 22),
        }
        for area, figure in delivered.items()
    ]
    (store.project.root / "data/corrections.yml").write_text(yaml.safe_dump({"corrections": listed}), encoding="utf-8")


def of_february(areas: set[str], reason: str) -> Told:
    """What hangs on the unemployed of a municipality in February 2021, the last month of the index's base."""
    return {
        ("A03", reason): {"2021-02": areas},
        ("C11", reason): {"2021-02": areas},
        ("D01", reason): {"2021-02": areas},
        ("D02", reason): {" ".join(YEAR_LATER): areas},
        ("D03", reason): {"2021-02": areas},
        ("D04", reason): {" ".join(MONTHS): areas},
        ("D05", reason): {" ".join(AVERAGED): areas},
    }


def test_equal_figures_are_no_change(store: Store) -> None:
    old = save(store)
    assert told(store, old, old) == {}


def test_a_revision_is_told_where_and_when_figures_hang_on_it(store: Store) -> None:
    old = save(store)
    new = save(store, fewer("2021-02", TOWN, REGION))
    assert told(store, old, new) == of_february(AROUND, "source revision")


def test_the_country_is_told_if_its_figure_changed(store: Store) -> None:
    old = save(store)
    new = save(store, fewer("2021-02", TOWN, REGION, "SSS"))
    assert told(store, old, new) == of_february(AROUND | {"country"}, "source revision")


def test_a_correction_is_told_as_one(store: Store) -> None:
    old = save(store)
    correct(store, "2021-02", TOWN, REGION)
    new = saved(store)
    assert told(store, old, new) == of_february(AROUND, "correction")
    assert told(store, new, old) == of_february(AROUND, "correction"), "one that goes is told too"


def test_a_correction_elsewhere_explains_the_gap_to_there(store: Store) -> None:
    old = save(store)
    correct(store, "2021-05", OTHER, OTHERS_REGION)
    found = told(store, old, saved(store))
    assert {reason for _, reason in found} == {"correction"}
    assert found["A03", "correction"] == {"2021-05": {"other"}}
    (gap,) = found["D03", "correction"].values()
    assert gap >= {TOWN, "KK11", "trial", "country"}
    assert "other" not in gap, "it has no gap to itself"


def test_each_figure_has_its_own_reason_near_a_revision(store: Store) -> None:
    """A correction of February 2021 and a revision of September 2020: only averages and the index hang on both."""
    old = save(store)
    correct(store, "2021-02", TOWN, REGION)
    new = save(store, fewer("2020-09", TOWN, REGION))
    found = told(store, old, new)
    for indicator in ("A03", "C11", "D01", "D03"):
        assert found[indicator, "correction"] == {"2021-02": AROUND}
        assert found[indicator, "source revision"] == {"2020-09": AROUND}
    assert found["D02", "correction"] == {"2022-02": AROUND}
    assert found["D02", "source revision"] == {"2021-09": AROUND}
    assert found["D05", "source revision"] == {" ".join(months_until("2021-08", 4)): AROUND}
    assert found["D05", "correction"] == {" ".join(months_until("2022-01", 5)): AROUND}
    assert ("D04", "correction") not in found


def test_a_change_of_definition_is_one_of_method(store: Store) -> None:
    old = save(store, D01="0" * 16)
    new = save(store)
    (found,) = told(store, old, new).values()
    (areas,) = found.values()
    assert list(found) == [" ".join(MONTHS)]
    assert areas >= {TOWN, "KK11", "trial", "other", "country"}


def test_an_indicator_that_was_not_defined_is_new(store: Store) -> None:
    old = save(store)
    marks = {name: mark for name, mark in fingerprints(store.project).items() if name != "D01"}
    earlier = Vintage(old.root, old.manifest.model_copy(update={"definitions": marks}))
    assert set(told(store, earlier, old)) == {("D01", "new")}


def test_what_was_defined_later_than_both_vintages_is_no_change(store: Store) -> None:
    old, new = save(store, D01="0" * 16), save(store, D01="0" * 16, A03="0" * 16)
    save(store)
    assert {(name, reason) for name, reason in told(store, old, new)} == {("A03", "method")}


def test_a_new_month_is_new_and_nothing_else(store: Store) -> None:
    old = save(store, without(Kuukausi="2022M02"))
    new = save(store)
    found = told(store, old, new)
    assert {reason for _, reason in found} == {"new"}
    assert {months for found in found.values() for months in found} == {"2022-02"}
    assert {name for name, _ in found} == {"A03", "C11", "C12", "D01", "D02", "D03", "D04", "D05", "D07"}
    assert told(store, new, old) == {(name, "gone"): where for (name, _), where in found.items()}


def test_a_source_that_comes_or_goes_is_told(store: Store) -> None:
    old = save(store)
    store.write_source("ministry")
    new = saved(store)
    assert list(keep_patterns(store.project, new))
    came, went = told(store, old, new), told(store, new, old)
    assert {reason for _, reason in came} == {"new"}
    assert {reason for _, reason in went} == {"gone"}
    assert {name for name, _ in came} == {name for name, _ in went} >= {"A01", "A02", "B03:coaching"}


def test_a_figure_that_is_no_longer_hidden_is_told(store: Store) -> None:
    totals = put(VACANCIES, "...", Alue=(REGION, "SSS"))
    old = save(store, totals, put(VACANCIES, "...", Alue=TOWN, Kuukausi="2021M05"))
    found = told(store, old, save(store, totals))
    where = {"2021-05": {TOWN, "KK11", "trial"}}
    assert found == {("C11", "source revision"): where, ("C12", "source revision"): where}


def test_areas_that_changed_alike_are_told_in_one_line() -> None:
    months = ("2021-03", "2021-04", "2021-06")
    found = tuple(story.Change("ministry", "A03", f"KU{n:03}", "source revision", months, 2) for n in range(12))
    assert list(changed(Changes("a", "b", found)))[1:] == [
        "ministry  A03  source revision  2021-03…2021-04, 2021-06  "
        + ", ".join(f"KU{n:03}" for n in range(10))
        + " and 2 more areas  (24 figures)"
    ]


def test_no_figure_is_told(store: Store) -> None:
    totals = put(VACANCIES, "...", Alue=(REGION, "SSS"))
    old = save(store, totals)
    new = save(store, totals, put(VACANCIES, PLANTED, Alue=TOWN, Kuukausi="2021M05"))
    found = Changes(old.id, new.id, tuple(differences(store.project, old=old, new=new)))
    assert found.found
    assert PLANTED not in repr(found)
    assert PLANTED not in "".join(changed(found))


# The command


def revise(tiny: Tiny, month: str, change: int) -> None:
    """A newer snapshot in which Kaksila and its region have other figures of unemployed."""
    sidecar, content = read_snapshot(find_sidecar(tiny.folder, "statfin-12r5"), tiny.folder)
    lines = content.decode().splitlines()
    for at, line in enumerate(lines):
        area, when, unemployed, rest = line.split(",", 3)
        if area in ("KU002", "MK01") and when == month:
            lines[at] = f"{area},{when},{int(unemployed) + change},{rest}"
    about = sidecar.model_dump(mode="python", exclude={"id", "file", "sha256"})
    write_snapshot(tiny.folder, "statfin-12r5", content=("\n".join(lines) + "\n").encode(), about=about)


def test_the_command_tells_what_changed_and_why(root: Path, tmp_path: Path) -> None:
    tiny = copy_tiny(root, tmp_path / "tiny")
    with pytest.raises(UsageError, match="no two vintages"):
        diff(tiny.folder, old=None, new=None)
    revise(tiny, "2021M05", 7)
    indicators = tiny.folder / "reviews/indicators.yml"
    before, mark, rest = indicators.read_text(encoding="utf-8").partition("  - id: D05\n")
    indicators.write_text(before + mark + rest.replace("decimals: 1", "decimals: 2", 1), encoding="utf-8")
    check(tiny.folder, save=SAVED, lang="en", progress=lambda _: None)
    done = tiny.run("diff")
    assert done.code == 0
    lines = done.said.splitlines()
    assert lines[0] == "from 2021-05-1 to 2021-05-2"
    assert {" ".join(line.split()) for line in lines if " A03 " in line} == {
        "statfin-12r5 A03 source revision 2021-05 KK02, KU002, trial (3 figures)"
    }
    assert any("  D05  method  2018-12…2021-06  KK01, " in line for line in lines)
    assert any("  D05  source revision  2021-05…2021-06  KK02, " in line for line in lines)
    assert PLANTED not in done.said
    assert "no published figure has changed" in tiny.run("diff", "2021-05-2", "2021-05-2").said
    wrong = tiny.run("diff", "2019-01-1")
    assert wrong.code == UsageError.exit_code
    assert "2019-01-1" in wrong.said
