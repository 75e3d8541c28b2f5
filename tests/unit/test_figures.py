"""Synthetic figures say so wherever they go, and what a notebook can reach tells no unprotected figure."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sample_panel import definition, observed, protected
from sample_site import CROSSREFS, English, page, shell

from katsaus.chart import VEGA_LITE
from katsaus.config.matrix import Page
from katsaus.errors import FigureError, UsageError
from katsaus.figures import Figures, definition_of, fingerprints, sources_named
from katsaus.notebooks import reference
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.output import SYNTHETIC, show
from katsaus.page import Review, open_review
from katsaus.pages.document import compose
from katsaus.pages.figures import Content, read
from katsaus.pages.html import render_page
from katsaus.panel import Panel

MARKS = {"fi": "synteettinen aineisto", "sv": "syntetiska uppgifter"}
REAL, MADE_UP = "D01", "A01"
"""Indicators of a real source and of a synthetic one."""
PLANTED = 987654321.0


@pytest.fixture(params=["fi", "sv"])
def review(root: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Review:
    monkeypatch.chdir(root)
    return open_review("kainuu", "2023-06", request.param)


@pytest.fixture
def figures(root: Path, monkeypatch: pytest.MonkeyPatch) -> Figures:
    """The figures that all reviews of this process share."""
    monkeypatch.chdir(root)
    return open_review("kainuu", "2023-06", "fi")._figures


# Marks of tables, charts and headlines


def test_real_and_synthetic_figures_share_no_table(review: Review) -> None:
    for first, second in ((REAL, MADE_UP), (MADE_UP, REAL)):
        both = review.figures(first, second)
        with pytest.raises(FigureError, match="real and synthetic"):
            review.by_area(both, [first, second], caption="C")
    one_indicator = pd.concat([review.figures("A03"), review.figures("A03", source="ministry")])
    with pytest.raises(FigureError, match="real and synthetic"):
        review.by_month(one_indicator, caption="C")


@pytest.mark.parametrize("form", ["by_area", "by_month"])
def test_a_synthetic_table_says_so_in_every_form(review: Review, form: str) -> None:
    mark = MARKS[review.lang]
    if form == "by_area":
        table = review.by_area(review.figures(MADE_UP, areas=["KK07", "country"]), [MADE_UP], caption="C")
    else:
        table = review.by_month(review.figures(MADE_UP, months=3), caption="C")
    bundle = table._repr_mimebundle_()
    assert bundle["application/vnd.katsaus.table+json"]["synthetic"] is True
    assert bundle["application/vnd.katsaus.table+json"]["caption"] == f"C – {mark}"
    assert mark in bundle["text/markdown"].splitlines()[0]
    assert mark in bundle["text/plain"]
    head, *rows = table.as_json()["csv"].splitlines()
    assert rows
    assert all(row.startswith(f"{mark},") for row in rows)
    assert head.count(",") == rows[0].count(",")


def test_a_real_table_does_not(review: Review) -> None:
    bundle = review.by_month(review.figures(REAL, months=3), caption="C")._repr_mimebundle_()
    assert bundle["application/vnd.katsaus.table+json"]["synthetic"] is False
    assert MARKS[review.lang] not in json.dumps(bundle, ensure_ascii=False)


def chart(
    review: Review, drawn: str, tabled: str, *, change: Callable[[pd.DataFrame], pd.DataFrame] = lambda f: f
) -> Any:
    lines = change(review.figures(drawn, months=3))
    picture = alt.Chart(lines).mark_line().encode(x=alt.X("month:T"), y=alt.Y("value:Q"))
    table = review.by_month(review.figures(tabled, months=3), caption="C")
    return review.chart(picture + review.end_labels(lines), table, title="T", subtitle="S", alt="A")


def test_a_synthetic_chart_says_so_in_image_words_and_twin(review: Review) -> None:
    mark = MARKS[review.lang]
    bundle = chart(review, MADE_UP, MADE_UP)._repr_mimebundle_()
    words = bundle["application/vnd.katsaus.figure+json"]
    assert bundle[VEGA_LITE]["title"]["text"] == mark
    assert (words["subtitle"], words["alt"], bundle["text/plain"]) == (f"S – {mark}", f"A – {mark}", f"A – {mark}")
    assert words["table"]["synthetic"] is True
    real = chart(review, REAL, REAL)._repr_mimebundle_()
    assert mark not in json.dumps(real, ensure_ascii=False)


@pytest.mark.parametrize(("drawn", "tabled"), [(MADE_UP, REAL), (REAL, MADE_UP)])
def test_a_chart_has_no_table_of_another_source(review: Review, drawn: str, tabled: str) -> None:
    with pytest.raises(FigureError, match="with a table of another source"):
        chart(review, drawn, tabled)._repr_mimebundle_()


def test_a_headline_says_which_figures_are_synthetic(review: Review) -> None:
    bundle = review.headline(REAL, MADE_UP)._repr_mimebundle_()
    items = bundle["application/vnd.katsaus.headline+json"]["items"]
    assert [item["synthetic"] for item in items] == ["", MARKS[review.lang]]
    real, made_up = bundle["text/plain"].split(" · ")
    assert MARKS[review.lang] not in real
    assert MARKS[review.lang] in made_up


# Marks of pages


OPENING = "from katsaus.page import open_review\nreview = open_review(area, month, lang)"
FRONT = 'review.front(title="T", subtitle="S", description="D")'
NOTHING = "Leipäteksti."


def executed(
    folder: Path, *cells: str, prose: str = NOTHING, runner: Callable[..., Any] = run_notebook
) -> tuple[Content, list[dict[str, Any]]]:
    """The contents of a page that a notebook of `cells` and `prose` makes, and all outputs of its cells."""
    blocks = [f'::: {{.content-visible when-profile="{lang}"}}\n{prose}\n:::' for lang in ("fi", "sv")]
    notebook = new_notebook(
        cells=[
            new_code_cell('area = "x"\nmonth = "y"\nlang = "z"', metadata={"tags": ["parameters"]}),
            new_code_cell(OPENING),
            *map(new_code_cell, cells),
            new_markdown_cell("\n\n".join(blocks)),
        ]
    )
    nbformat.write(notebook, folder / "area.ipynb")
    made = runner(prepare(folder / "area.ipynb", page_of("fi")), lambda _: None)
    outputs = [output["data"] for cell in made.cells for output in cell.get("outputs", ()) if "data" in output]
    return read(finish(made), "page"), outputs


def page_of(lang: str) -> Page:
    return Page("area", "kainuu", "2023-06", lang, "2023-06/alue/kainuu/", pdf=False)


def inline(expression: str) -> str:
    return f"Luku on `{{python}} {expression}` henkilöä."


SYNTHETIC_PAGES: dict[str, tuple[Sequence[str], str]] = {
    "a value in prose": ([FRONT], inline(f'review.value(review.figure("{MADE_UP}"))')),
    "a value got before": ([f'x = review.figure("{MADE_UP}")', FRONT], inline("review.value(x)")),
    "a size": ([FRONT], inline(f'review.size(review.figure("{MADE_UP}"))')),
    "a number of one's own": (
        [f'x = review.figures("{MADE_UP}", months=2)["value"].mean()', FRONT],
        inline("review.number(x)"),
    ),
    "a direction": (
        [f'x = review.choose(review.figure("{MADE_UP}").change, up="a", same="b", down="c")', FRONT],
        inline("x"),
    ),
    "figures told": ([f'x = review.figures("{MADE_UP}", months=13)', FRONT], inline("review.telling(x)")),
    "a span": ([f'x = review.figures("{MADE_UP}", months=13)', FRONT], inline("review.span(x)")),
    "another source": ([FRONT], inline('review.value(review.figure("A03", source="ministry"))')),
    "a title": (
        [f'review.front(title=review.value(review.figure("{MADE_UP}")), subtitle="S", description="D")'],
        NOTHING,
    ),
    "real figures before": (
        [f'review.headline("{REAL}")', FRONT],
        inline(f'review.value(review.figure("{MADE_UP}"))'),
    ),
    "a captured cell": ([f'%%capture\nx = review.figure("{MADE_UP}")', FRONT], inline("review.value(x)")),
    "a cleared cell": (
        [f'from IPython.display import clear_output\nx = review.figure("{MADE_UP}")\nclear_output()', FRONT],
        inline("review.value(x)"),
    ),
    "a part": ([FRONT], inline('review.value(review.figure("B03:coaching", source="ministry"))')),
}


@pytest.mark.parametrize(("cells", "prose"), SYNTHETIC_PAGES.values(), ids=SYNTHETIC_PAGES)
def test_a_page_with_a_synthetic_figure_in_its_words_alone_is_marked(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: Sequence[str], prose: str
) -> None:
    monkeypatch.chdir(root)
    content, outputs = executed(tmp_path, *cells, prose=prose)
    assert content.synthetic
    (told,) = [data for data in outputs if SYNTHETIC in data]
    assert list(told) == [SYNTHETIC], "JupyterLab shows nothing beneath a cell that shows nothing"
    document = compose(content, CROSSREFS["fi"], term=English().term, where="page")
    html = render_page(shell(), page(), content=content, document=document, drawings=[])
    assert '<p class="synthetic" role="note">' in html
    assert '<meta name="katsaus-data" content="synthetic">' in html


def test_a_page_of_real_figures_is_not_marked(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    executed(tmp_path, f'x = review.figure("{MADE_UP}")', FRONT)  # an earlier page of the same process
    content, outputs = executed(tmp_path, FRONT, prose=inline(f'review.value(review.figure("{REAL}"))'))
    assert not content.synthetic
    assert not [data for data in outputs if SYNTHETIC in data]


@pytest.mark.slow
def test_a_kernel_marks_the_page_too(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    cells, prose = SYNTHETIC_PAGES["a value in prose"]
    content, _ = executed(tmp_path, *cells, prose=prose, runner=reference.run_notebook)
    assert content.synthetic


def test_outside_a_notebook_nothing_is_shown(review: Review, capsys: pytest.CaptureFixture[str]) -> None:
    review.figure(MADE_UP)
    show(review.front(title="T", subtitle="S", description="D"))
    assert capsys.readouterr() == ("", "")


# What can be reached


COUNT = definition("A03", "count", "unemployed", unit="persons")


def small_and_planted() -> Panel:
    month = "2021-03"
    return observed(
        [("KU001", "_T", "_T", month, "unemployed", 3), ("KU002", "_T", "_T", month, "unemployed", PLANTED)]
    )


def test_no_repr_tells_a_figure() -> None:
    source = small_and_planted()
    table = protected(source, COUNT, members={"KU001": ["KU001"], "KU002": ["KU002"]}, threshold=5)
    assert table.look_up("A03", areas=["KU002"], months=["2021-03"])[0][0] == PLANTED
    for thing in (source, source.measures["unemployed"], table, table.cells, table.until("2021-03")):
        for text in (repr(thing), str(thing)):
            assert "987654321" not in text
            assert "9.87" not in text


def test_an_error_s_traceback_tells_no_figure() -> None:
    source = small_and_planted()
    with pytest.raises(KeyError) as raised:
        protected(source, COUNT, members={"KU002": ["KU002"]}).look_up("A99", areas=["KU002"], months=["2021-03"])
    told = "".join(traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())
    assert "look_up" in told
    assert "987654321" not in told


def test_a_protected_table_holds_nothing_of_what_it_hides() -> None:
    """A copy, a pickle and every array within it: the small count is not behind the symbol."""
    table = protected(small_and_planted(), COUNT, members={"KU001": ["KU001"], "KU002": ["KU002"]}, threshold=5)
    for held in (table, copy.deepcopy(table), pickle.loads(pickle.dumps(table)), table.until("2021-03")):
        values = held.cells["A03"].values
        while values is not None:
            assert not (values == 3).any()
            values = values.base
    assert np.isnan(table.look_up("A03", areas=["KU001"], months=["2021-03"])[0]).all()
    with pytest.raises(ValueError, match="door"):
        replace(table)


def test_figures_once_protected_leave_no_observations_behind(figures: Figures) -> None:
    """What a page is forked with holds no unprotected figure, however one looks for it."""
    table = figures.table("ministry")
    assert table.log["hidden"] > 0
    gc.collect()
    sources = [thing for thing in gc.get_objects() if isinstance(thing, Panel)]
    frames = [thing for thing in gc.get_objects() if isinstance(thing, pd.DataFrame) and "OBS_VALUE" in thing]
    assert (sources, frames) == ([], [])


def test_a_closed_project_reads_no_further_source(figures: Figures, tmp_path: Path) -> None:
    text = json.dumps({"cells": [{"source": 'review.figure("Y02", source="ttl-kykyviisari")'}]})
    (tmp_path / "area.ipynb").write_text(text, encoding="utf-8")
    closed = replace(figures, _tables={}).read_for(tmp_path)
    assert closed.table("ttl-kykyviisari").source == "ttl-kykyviisari"
    with pytest.raises(UsageError, match="not read before the page"):
        closed.table("kela-assistance")


# Names and marks of definitions


def test_a_notebook_names_sources_by_name_or_indicator(figures: Figures) -> None:
    named = lambda text: sources_named(figures.project, text)  # noqa: E731
    assert named('review.figure("A03")') == {"statfin-12r5"}
    assert named('review.figure("A03", source="ministry")') == {"statfin-12r5", "ministry"}
    assert named('"B03:coaching"') == {figures.project.indicators["B03"].sources[0]}
    assert named("A039 xA03 E01 Z99 ministry2") == set()


@pytest.mark.parametrize("key", ["Z99", "B03:nothing", "A03:coaching", ""])
def test_an_unknown_indicator_is_refused(figures: Figures, key: str) -> None:
    with pytest.raises(UsageError, match="unknown indicator"):
        definition_of(figures.project, key)


@pytest.mark.parametrize(("key", "source"), [("E01", ""), ("A03", "ttl-kykyviisari"), ("B03", ""), ("A01", "nowhere")])
def test_what_is_not_published_has_no_source(figures: Figures, key: str, source: str) -> None:
    with pytest.raises(UsageError, match="not published"):
        figures.source_of(key, source)


def test_a_fingerprint_is_of_what_figures_hang_on(figures: Figures) -> None:
    project = figures.project
    marks = fingerprints(project)

    def changed(**update: Any) -> set[str]:
        items = project.indicators | {"A01": project.indicators["A01"].model_copy(update=update)}
        now = fingerprints(replace(project, indicators=items))
        return {name for name in marks if marks[name] != now[name]}

    assert changed(definition={"fi": "a", "sv": "b", "en": "c"}, direction="up_good") == set()
    assert changed(numerator=project.indicators["A03"].numerator) == {"A01"}

    def ruled(source: str, **update: Any) -> set[str]:
        rules = tuple(rule.model_copy(update=update if rule.source == source else {}) for rule in project.rules)
        now = fingerprints(replace(project, rules=rules))
        return {name for name in marks if marks[name] != now[name]}

    def of(source: str) -> set[str]:
        return {name for name, item in project.indicators.items() if source in item.sources}

    assert ruled("ministry", threshold=7) == of("ministry")
    assert ruled("ministry", reason={"fi": "a", "sv": "b"}, owner="x") == set()
    (withheld,) = next(rule.withheld for rule in project.rules if rule.source == "statfin-12r5")
    reworded, elsewhere = (withheld.model_copy(update=new) for new in ({"reason": {"fi": "a"}}, {"region": "MK01"}))
    assert ruled("statfin-12r5", withheld=(reworded,)) == set()
    assert ruled("statfin-12r5", withheld=(elsewhere,)) == of("statfin-12r5")


def test_municipalities_without_a_vacancy_figure_are_told_for_every_month(review: Review) -> None:
    """Also where a table is asked for more months than there are."""
    table = review.by_month(review.figures("C11", months=90), caption="C").as_json()
    assert table["csv"].splitlines()[-1].startswith("2018-01,")
    assert any("Ristijärvi" in note for note in table["notes"])
