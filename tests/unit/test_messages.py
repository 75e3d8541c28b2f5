"""The commonest mistakes in a notebook: what the message says, where, and what may have been meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import pytest

from katsaus.config.matrix import Page
from katsaus.errors import KatsausError
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.page import open_review
from katsaus.pages.figures import read

HEAD = (
    'area = "x"\nmonth = "y"\nlang = "z"',
    "import altair as alt\nfrom katsaus.page import open_review\nreview = open_review(area, month, lang)",
    'review.front(title="T", subtitle="S", description="D")',
)
CELL = len(HEAD) + 1
PAGE = Page("area", "kainuu", "2023-06", "fi", "x/", False)


@pytest.fixture(autouse=True)
def _renderer_of_a_fresh_process() -> Iterator[None]:
    with alt.renderers.enable("default"):
        yield


@pytest.fixture(autouse=True)
def in_the_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def told(folder: Path, *sources: str, kind: str = "code") -> str:
    """What is said of a notebook with these cells, each line without its indentation."""
    ran = {"execution_count": None, "outputs": []} if kind == "code" else {}
    cells = [{"cell_type": "code", "metadata": {}, "source": s, "execution_count": None, "outputs": []} for s in HEAD]
    cells[0]["metadata"] = {"tags": ["parameters"]}
    cells += [{"cell_type": kind, "metadata": {}, "source": source, **ran} for source in sources]
    path = folder / "area.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8")
    with pytest.raises(KatsausError) as caught:
        read(finish(run_notebook(prepare(path, PAGE), lambda _: None)), PAGE.name)
    return "\n".join(line.strip() for line in str(caught.value).splitlines())


CODE = [
    ('x = review.figures("A03", areas=["helsinki"])', "no area helsinki\nwrite its code KK20"),
    ('x = review.figures("A03", areas="KK20")', 'areas is a text\nwrite a list: areas=["KK20"]'),
    (
        'x = review.figures("A03", source="ministry", responsible=["muni"])',
        "called muni\nchoose from: _T, te_office, trial",
    ),
    ('x = review.figures("A03", source="ministry", groups=["Y_LT20"])', "did you mean Y_LT30 or Y_LT25?"),
    ('x = review.figures("A03", responsible=["trial"])', "no responsible organisation in statfin-12r5 called trial"),
    ('x = review.figures("A03", source="minstry")', "its sources are: statfin-12r5, ministry"),
    ('x = review.figures("A3")', "unknown indicator A3\ndid you mean A13 or A03?"),
    ("x = review.figures()", 'figures of no indicator\nname one of reviews/indicators.yml: review.figures("A03")'),
    ('x = review.figures("A03", months=0)', "ask for one month at least"),
    ('x = review.figures("A03", mnths=3)', "unexpected keyword argument 'mnths'"),
    ('x = review.figures("A03", mnths=3)', "did you mean months?"),
    ('x = review.by_month(review.figures("A03"), captoin="x")', "did you mean caption?"),
    ('x = review.figurs("A03")', "a review has no figurs: did you mean figures"),
    ('x = review.figure("B03")', "B03 has parts\nname one of them: B03:labour_market_training, "),
    ('x = review.value(review.figure("A03"), "chnage")', "no measure chnage\ndid you mean change?"),
    (
        'x = review.by_area(review.figures("A03"), ["A03.chnage"], caption="x")',
        "no measure chnage\ndid you mean change?",
    ),
    ('x = review.by_area(review.figures("A03"), ["D01"], caption="x")', "no indicator among the rows called D01"),
    ('x = review.by_row(review.figures("A03"), rows="responsable", caption="x")', "did you mean responsible?"),
    ('x = review.ranked(review.figures("A03"), "chnage")', "did you mean change?"),
    ('x = review.colour("tral")', "no colour tral\ndid you mean trial?"),
    ('x = review.choose(float("nan"), up="a", same="b", down="c")', "review.choose of a figure that is not there"),
    ('x = review.claims.change("A03", against="mnth")', "did you mean month?"),
    ('x = review.claims.change("A03", agaist="month")', "no parameter agaist\ndid you mean against"),
    ('review.chart(alt.Chart(), title="a", subtitle="b", alt="c")', "a chart without table"),
    ("print(1)", "the cell shows what it prints, which no page can hold\nremove print()"),
    (
        'review.figures("A03")',
        "the cell shows a bare frame, or HTML, which no page can hold\nshow it by review.by_area",
    ),
    ('alt.Chart(review.figures("A03")).mark_bar().encode(x="value:Q")', "the cell shows a bare chart"),
]


@pytest.mark.parametrize(("source", "said"), CODE, ids=[source for source, _ in CODE])
def test_a_mistake_in_code_is_told_with_what_may_have_been_meant(tmp_path: Path, source: str, said: str) -> None:
    message = told(tmp_path, source)
    assert message.startswith(f"notebooks/area.ipynb cell {CELL} · kainuu · 2023-06 · fi: ")
    assert said in message


def both(finnish: str, swedish: str) -> str:
    return "\n\n".join(
        f'::: {{.content-visible when-profile="{lang}"}}\n{text}\n:::'
        for lang, text in (("fi", finnish), ("sv", swedish))
    )


def test_an_inline_value_that_fails_is_named_with_its_line_in_the_notebook(tmp_path: Path) -> None:
    text = "Luku `{python} review.name` on\n`{python} review.value(nwo)`."
    message = told(tmp_path, both(text, text), kind="markdown")
    assert "NameError: name 'nwo' is not defined\nline 3: `{python} review.value(nwo)`" in message
    number = told(tmp_path, both(text, text).replace("review.value(nwo)", "5"), kind="markdown")
    assert "an inline value is a number" in number
    assert "line 3: `{python} 5`" in number


UNLIKE = [
    ("## Ohi", "### Ohi", "headings"),
    ("- a\n- b", "- a", "list items"),
    ("@fig-a", "@fig-b", "references"),
    ("`{python} review.name`", "`{python} review.area`", "inline values"),
    ("vuonna 2023", "år 2022", "numbers"),
]


@pytest.mark.parametrize(("finnish", "swedish", "name"), UNLIKE, ids=[name for *_, name in UNLIKE])
def test_twins_have_the_same_parts(tmp_path: Path, finnish: str, swedish: str, name: str) -> None:
    message = told(tmp_path, both(finnish, swedish), kind="markdown")
    assert f"cell {CELL} line" in message
    assert f"the two languages differ in their {name}" in message


def test_addresses_and_values_may_hold_other_numbers(tmp_path: Path) -> None:
    text = "[x](https://a.fi/{}) `{{python}} review.nme`"
    assert "AttributeError" in told(tmp_path, both(text.format(1), text.format(2)), kind="markdown")


def test_labels_options_headings_and_images_are_told_together_before_any_cell_runs(tmp_path: Path) -> None:
    first = told(tmp_path, "#| label: fig-a\n1/0", "#| echo: true\n#| label: fig_B", "#| label: fig-a")
    assert f"cell {CELL + 2} line 1: the label fig-a is given to more than one cell: {CELL} and {CELL + 2}" in first
    assert f"cell {CELL + 1} line 1: the option #| echo: true is not supported" in first
    assert f"cell {CELL + 1} line 2: the label fig_B is not allowed" in first
    assert "ZeroDivisionError" not in first
    prose = told(tmp_path, both("# Iso\n```\n# koodia\n```\n![k](a.png)", "# Stor"), kind="markdown")
    assert prose.count("a heading of level 1 is not supported") == 2
    assert "the image a.png is not supported" in prose


def test_a_review_that_there_is_not_is_refused_once_with_everything() -> None:
    with pytest.raises(KatsausError) as caught:
        open_review("helsinky", "2023-6", "en")
    said = str(caught.value)
    for part in ("no month 2023-6", 'write it as "2023-06"', "no language en", "choose from: fi, sv", "mean helsinki?"):
        assert part in said
    assert "/work" not in said


def test_no_more_months_are_given_than_there_are() -> None:
    months = open_review("kainuu", "2023-06", "fi").figures("A03", months=3000)["month"]
    assert (months.iloc[0], months.iloc[-1]) == ("2018-01", "2023-06")
