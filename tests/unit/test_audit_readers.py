"""Parts of the audit by themselves: what figures are of, numbers in texts, outlines and scales of drawings."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from katsaus.audit.canvas import check_canvas
from katsaus.audit.counted import Column, counted
from katsaus.audit.findings import Finding
from katsaus.audit.markup import read_markup
from katsaus.audit.names import Names
from katsaus.audit.numbers import numbers
from katsaus.audit.released import Released, Shown
from katsaus.audit.report import Audit, audit
from katsaus.audit.scales import read_axes
from katsaus.audit.shapes import read_shapes
from katsaus.audit.twins import expanded
from katsaus.cli import audited
from katsaus.disclosure.verify import Verification
from katsaus.errors import AuditError, FigureError, OutputError
from katsaus.figures import load_figures
from katsaus.page import open_review
from katsaus.table import Subject, identified
from katsaus.terms import load_words

ONE = Subject("12r5", "A03", "value", "KU001", "_T", "_T", "2023-06")


@pytest.mark.parametrize(
    "grid",
    [
        [[ONE]],
        [[ONE, ONE._replace(measure="change")]],
        [[ONE], [ONE._replace(area="KU002")]],
        [[ONE._replace(area=area, indicator=key) for key in ("A03", "D01")] for area in ("KU001", "KU002", "KU003")],
    ],
)
def test_what_figures_are_of_is_told_and_read_again(grid: list[list[Subject]]) -> None:
    assert expanded(identified(grid), size=(len(grid), len(grid[0]))) == grid


def test_a_field_of_rows_and_columns_at_once_is_refused() -> None:
    with pytest.raises(FigureError, match="month"):
        identified([[ONE, ONE._replace(month="2023-05")], [ONE._replace(month="2023-05"), ONE]])


def test_a_cell_of_nothing_known_leaves_the_table_untold() -> None:
    assert identified([[ONE, None]]) == {}


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 3)])
def test_a_description_of_another_size_is_refused(size: tuple[int, int]) -> None:
    figures = identified([[ONE, ONE._replace(measure="change")]]) | {"area": {"rows": ["KU001"]}}
    with pytest.raises(ValueError, match=r"shorter|longer|columns"):
        expanded(figures, size=size)


@pytest.mark.parametrize("lang", ["fi", "sv"])
@pytest.mark.parametrize("measure", ["value", "year_ago", "change", "change_percent", "month_ago", "month_change"])
def test_the_audit_knows_the_figures_that_pages_get(
    root: Path, monkeypatch: pytest.MonkeyPatch, measure: str, lang: str
) -> None:
    monkeypatch.chdir(root)
    review = open_review("trial", "2023-06", lang)
    released = Released(load_figures(root))
    for source, key in (("statfin-12r5", "A03"), ("statfin-12r5", "D01"), ("ministry", "A14")):
        rows = review.figures(key, areas=review.areas, source=source)
        for row in rows.itertuples():
            shown = released.shown(Subject(source, key, measure, row.area, "_T", "_T", "2023-06"))
            assert shown is not None
            symbol = getattr(row, f"{measure}_symbol")
            assert shown.symbol == symbol
            assert symbol or shown.value == getattr(row, measure)


def test_a_figure_that_is_not_published_is_unknown(root: Path) -> None:
    released = Released(load_figures(root))
    assert released.shown(Subject("statfin-12r5", "A03", "value", "KU999", "_T", "_T", "2023-06")) is None
    assert released.shown(Subject("nobody", "A03", "value", "KU091", "_T", "_T", "2023-06")) is None
    assert released.shown(Subject("statfin-12r5", "A03", "mean", "KU091", "_T", "_T", "2023-06")) is None


def test_dates_months_and_years_are_no_numbers() -> None:
    text = "Kesäkuussa 2023 (6/2023, 30.6.2023): 1\N{NO-BREAK SPACE}234, −0,4 % ja 7 henkilöä vuonna 2022."
    assert [number.text for number in numbers(text)] == ["1\N{NO-BREAK SPACE}234", "−0,4", "7"]
    assert [(number.before, number.after) for number in numbers(text)][-1] == ("ja", "henkilöä")


def axis(*labels: tuple[float, str]) -> str:
    texts = "".join(
        f'<text text-anchor="end" transform="translate(-6,{y})" font-size="14px">{text}</text>' for y, text in labels
    )
    return f'<svg><g transform="translate(0.5,0.5)">{texts}</g></svg>'


def test_an_axis_is_measured() -> None:
    shapes, _ = read_shapes(axis((104, "0"), (54, "10"), (4, "20")))
    (scale,) = read_axes(shapes).figures
    assert scale.upright
    assert scale.pixel(15) == pytest.approx(25)


@pytest.mark.parametrize(
    "svg",
    [
        axis((104, "0"), (54, "10"), (14, "20")),
        axis((104, "0")),
        axis((104, "0"), (54, "3 henkilöä")),
        "<svg><g transform='rotate(45)'><path d='M0,0'/></g></svg>",
        "<svg><image/></svg>",
        "<svg>",
    ],
)
def test_what_cant_be_measured_is_refused(svg: str) -> None:
    with pytest.raises(AuditError):
        read_axes(read_shapes(svg)[0])


def plot(*years: tuple[float, str]) -> str:
    grid = '<g transform="translate(0.5,0.5)"><line transform="translate(0,80)" x2="90" y2="0"/></g>'
    texts = "".join(f'<text transform="translate({x},20)" font-size="14px">{text}</text>' for x, text in years)
    return f'<svg>{grid}<g transform="translate(0.5,90.5)">{texts}</g></svg>'


def test_a_time_too_short_for_labels_is_measured_by_its_months() -> None:
    (scale,) = read_axes(read_shapes(plot())[0], months={"2021-03", "2021-04", "2021-06"}).times
    assert [scale.month(x) for x in (0, 90 * 31 / 92, 90)] == ["2021-03", "2021-04", "2021-06"]


def test_the_one_year_of_a_short_time_stands_at_its_beginning() -> None:
    months = {"2021-12", "2022-02"}
    assert read_axes(read_shapes(plot((45, "2022")))[0], months=months).times
    with pytest.raises(AuditError, match="no scale"):
        read_axes(read_shapes(plot((55, "2022")))[0], months=months)


def test_an_axis_of_time_is_as_wide_as_its_plot() -> None:
    (scale,) = read_axes(read_shapes(plot((30, "2021"), (60, "2022")))[0]).times
    assert (scale.begin, scale.end) == (0, 90)


def test_every_attribute_and_comment_of_a_page_is_read() -> None:
    markup = read_markup('<p title="3" data-x="4">a <b>5</b></p><!-- 6 --><img alt="7"><script>8</script>')
    assert [text for _, text in markup.texts] == ["3", "4", "a 5", " 6 ", "7", "8"]


def test_what_no_page_has_is_told() -> None:
    markup = read_markup("<!doctype html><!-- 6 --><style>p { width: 3px }</style><SVG/><p>a</p 3><?4>")
    assert markup.refused == ["a comment", *["an unknown element"] * 2, "a comment", "an end tag of more than a name"]


def test_the_number_of_a_figure_is_one_within_a_figure() -> None:
    number = '<b class="number">Kuvio 1</b>'
    markup = read_markup(f'{number}<figure class="figure" id="fig-a">{number} a <span class="aside">3</span></figure>')
    assert [ordinal[:2] for ordinal in markup.ordinals] == [("fig-a", "Kuvio 1")]
    assert markup.texts == [("<text>", "Kuvio 1")]
    assert markup.figures["fig-a"].words == ["a 3"]


def test_a_hint_behind_a_caption_is_a_text_of_its_own() -> None:
    caption = '<caption><span>A (0–10)</span><span class="hint">Wide.</span></caption>'
    markup = read_markup(f'<div class="figure" id="tbl-a"><table>{caption}</table></div>')
    assert markup.figures["tbl-a"].words == ["A (0–10)", "Wide."]


def column(*values: float, kind: str = "areas", hidden: int = 0) -> Column:
    known = [Shown(value, "", 1, signed=False) for value in values]
    return Column("D01", kind, (*known, *[Shown(math.nan, "...", 1, signed=False)] * hidden))


@pytest.mark.parametrize(
    ("lang", "sentence", "compared", "told"),
    [
        ("fi", "Kaikkiaan 2 alueella 3 alueesta osuus oli yli 10 prosenttia.", column(9, 11, 12), {"2", "3", "10"}),
        ("fi", "Kaikkiaan 1 alueella 3 alueesta osuus oli yli 10 prosenttia.", column(9, 11, 12), {"1", "3", "10"}),
        ("fi", "Kaikkiaan 3 alueella 3 alueesta osuus oli yli 10 prosenttia.", column(9, 11, 12), set()),
        ("fi", "Kaikkiaan 2 kunnassa 3 kunnasta osuus oli yli 10 %.", column(9, 11, 12), set()),
        ("fi", "Kaikilla 2 alueella osuus oli yli 10 %.", column(11, 12), {"2", "10"}),
        ("fi", "Suurin osuus oli 2 kunnassa (12,0 %).", column(9, 12, 12, kind="municipalities"), {"2", "3", "12,0"}),
        ("fi", "Vertailusta puuttuu 4 aluetta, joista lukua ei ole saatavilla.", column(9, hidden=4), {"4"}),
        ("fi", "Vertailusta puuttuu 3 aluetta, joista lukua ei ole saatavilla.", column(9, hidden=4), set()),
        ("sv", "I 2 av 3 områden var andelen över 10 procent.", column(9, 11, 12), {"2", "3", "10"}),
        ("sv", "I 3 av 3 områden var andelen över 10 procent.", column(9, 11, 12), set()),
    ],
)
def test_areas_that_a_sentence_counts(root: Path, lang: str, sentence: str, compared: Column, told: set[str]) -> None:
    assert counted(sentence, compared, words=load_words(root, lang)) == told


def test_areas_further_on_in_a_list_are_known(root: Path) -> None:
    names = Names(load_figures(root), load_words(root, "sv"))
    assert {"KK20", "KK11", "KK21"} <= names.areas_in("i Helsingfors (3), Birkaland (2) och Vanda–Kervo-området (1)")


DRAWN = '<svg class="chart wide" width="9" height="9" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    ("inside", "faults"),
    [
        ('<g><path d="M0,0.5h3" fill="#00347a"/></g>', 0),
        ('<defs><clipPath id="fig-a-wide-0"><rect x="0" y="0" width="9" height="9"/></clipPath></defs>', 0),
        ('<defs><clipPath id="fig-a-wide-1"><rect x="0" y="0" width="9" height="9"/></clipPath></defs>', 1),
        ('<path d="M0,0.987654"/>', 1),
        ('<path d="M0,98765"/>', 1),
        ('<path d="M0,0" fill="#987654"/>', 1),
        ("<text>a<tspan>b</tspan>c</text>", 1),
        ("<g>3</g>", 1),
    ],
)
def test_what_drawings_are_made_of(inside: str, faults: int) -> None:
    assert len(list(check_canvas(DRAWN.format(inside), label="fig-a"))) == faults


FINDING = Finding("fi/a/index.html", "tbl-a, row 1, column 2", "a hidden figure is visible", "A03 of KU001 in 2023-06")


def attack(*, determined: int = 0, tightest: float = 5.0) -> Verification:
    return Verification("ministry", 28, 1000, 30, 20, 0.01, determined, 0, tightest, 1.5)


@pytest.mark.parametrize(
    ("attacks", "found", "passes"),
    [
        ([attack()], [], True),
        ([attack(), attack(determined=1)], [], False),
        ([attack()], [FINDING], False),
        ([], [], True),
    ],
)
def test_an_audit_passes_where_nothing_is_found(
    attacks: list[Verification], found: list[Finding], *, passes: bool
) -> None:
    told = Audit(tuple(attacks), {".html": 3}, tuple(found), 2.5).as_json()["audit"]
    assert told["passes"] is passes
    assert told["suppressed_primary"] == 30 * len(attacks)
    assert told["suppressed_secondary"] == 20 * len(attacks)
    assert told["seconds"] == 2.5
    assert told["findings"] == [str(finding) for finding in found]


def test_without_a_hidden_count_there_is_no_tightest_interval() -> None:
    whole = Audit((attack(tightest=math.inf),), {}, (), 1.0)
    assert json.loads(json.dumps(whole.as_json(), allow_nan=False))["audit"]["tightest"] is None


def test_an_audit_is_told_in_a_table() -> None:
    head, source, _, total, files, findings = audited(Audit((attack(), attack()), {".html": 3}, (FINDING,), 2.5))
    assert head.split() == [
        "source",
        "cells",
        "primary",
        "secondary",
        "lost",
        "determined",
        "weak",
        "tightest",
        "seconds",
    ]
    assert source.split() == ["ministry", "1,000", "30", "20", "1.0%", "0", "0", "5", "1.5"]
    assert total.split()[:4] == ["all", "2,000", "60", "40"]
    assert (files, findings) == ("files read: 3 .html", "findings in files: 1")


def test_a_site_that_is_not_there_is_told(root: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no site"):
        audit(root, tmp_path / "nowhere", progress=lambda _: None)
