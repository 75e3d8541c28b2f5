import pytest
import sample_notebook as sample
from sample_site import CROSSREFS, English

from katsaus.errors import RenderError
from katsaus.pages.document import compose
from katsaus.pages.figures import Content, Figure, Prose, read

WHERE = "notebooks/area.ipynb · helsinki · 2023-06 · fi"


def composed(*texts):
    blocks = tuple(Prose(number, text) for number, text in enumerate(texts, 1))
    return compose(Content({"title": "T"}, blocks), CROSSREFS["fi"], term=English().term, where=WHERE)


@pytest.fixture(scope="module")
def whole():
    return compose(read(sample.executed("fi"), WHERE), CROSSREFS["fi"], term=English().term, where=WHERE)


def test_prose_becomes_both_formats_from_one_parse(whole):
    assert '<h2 id="työttömyys">Työttömyys</h2>' in whole.html
    assert "== Työttömyys" in whole.typst
    assert "<strong>39 233</strong>" in whole.html
    assert "#strong[39 233]" in whole.typst


def test_figures_and_tables_are_counted_apart_and_referred_to(whole):
    assert whole.numbers["fig-dots"] == "Kuvio\N{NO-BREAK SPACE}3"
    assert whole.numbers["tbl-months"] == "Taulukko\N{NO-BREAK SPACE}2"
    assert '<a href="#fig-rate">kuvio\N{NO-BREAK SPACE}1</a>' in whole.html
    assert "#link(<tbl-areas>)[taulukko\N{NO-BREAK SPACE}1]" in whole.typst


@pytest.mark.parametrize("form", ["html", "typst"])
def test_slots_keep_their_order(whole, form):
    labels = []
    whole.filled(form, lambda block: labels.append(block.label) or "" if isinstance(block, Figure) else "")
    assert labels == ["fig-rate", "fig-bars", "fig-dots"]


def test_contents_know_the_headings_but_not_the_titles_of_callouts(whole):
    assert [(heading.level, heading.text) for heading in whole.contents] == [
        (2, "Työttömyys"),
        (2, "Alueet"),
        (3, "Kunnittain"),
    ]


def test_equal_headings_of_two_cells_get_different_ids():
    assert [heading.id for heading in composed("## A\n\nx", "## A\n\ny").contents] == ["a", "a-2"]


@pytest.mark.parametrize(
    ("kind", "title"),
    [("note", "Note"), ("tip", "Tip"), ("important", "Important"), ("caution", "Caution"), ("warning", "Warning")],
)
def test_callouts_without_a_heading_get_the_name_of_their_kind(kind, title):
    document = composed(f"::: {{.callout-{kind}}}\nText\n:::")
    assert f'class="callout callout-{kind}" role="note"' in document.html
    assert title in document.html
    assert f"#callout[\n{title}" in document.typst


def test_tables_of_prose_carry_no_inline_style():
    document = composed("| a | b |\n|---|--:|\n| x | 1 |\n")
    assert "style=" not in document.html
    assert '<td class="right">1</td>' in document.html


def test_long_tables_of_prose_get_no_column_widths():
    line = "x" * 90
    assert "style=" not in composed(f"| a | b |\n|-----|--:|\n| {line} | 1 |\n").html


def test_quotation_marks_are_those_of_finnish_and_swedish():
    assert "”sana”" in composed('Hän sanoi "sana".').html


def test_relative_links_stay_on_the_page_but_not_on_paper():
    document = composed("[alue](../espoo/index.html) ja [sivu](https://stat.fi/)")
    assert 'href="../espoo/index.html"' in document.html
    assert "espoo" not in document.typst
    assert "https://stat.fi/" in document.typst


def test_marks_of_typst_and_html_in_prose_stay_text():
    document = composed("Hinta \\#let x 5 < 6 \\$ & @ \\<b>")
    assert "5 &lt; 6" in document.html
    assert "&lt;b&gt;" in document.html
    assert "\\#let" in document.typst


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{< video x.mp4 >}}", "shortcodes are not supported: {{<"),
        ("<b>x", "raw html is not supported: <b>"),
        ("<script>alert(1)</script>", "raw html is not supported: <script>alert(1)</script>"),
        ("`x`{=html}", "raw html is not supported: x"),
        ("```{=typst}\n#x\n```", "raw typst is not supported: #x"),
        ("\\newpage", "raw tex is not supported: \\newpage"),
        ("$x$", "mathematics is not supported"),
        ("![a](b.png)", "the image b.png is not supported"),
        ("[x]{.small}", "a span of class .small is not supported"),
        ("[x](y){.button}", "a link of class .button is not supported"),
        ("```{python}\nx\n```", "code to be run is left in the text: {python} x"),
        ("```python\nx\n```", "a code block of class .python is not supported"),
        ("## A {.unnumbered}", "a heading of class .unnumbered is not supported"),
        ("::: {.panel-tabset}\nx\n:::", "a block of class .panel-tabset is not supported"),
        ('::: {.content-visible when-profile="fi"}\nx\n:::', "a block of class .content-visible is not supported"),
        ("::: {.callout-danger}\nx\n:::", "the callout .callout-danger is unknown"),
        ('::: {.callout-note collapse="true"}\nx\n:::', "a callout with collapse= is not supported"),
        (
            "::: {.callout-note}\nx\n",
            "the Markdown is not whole: Div at line 1 column 1 unclosed at line 5 column 1, closing implicitly.",
        ),
        ("See @fig-none", "the reference @fig-none leads to no figure or table"),
        ("x[^1]", "the footnote [^1] has no text in its cell"),
        ("# A", "a heading of level 1 is not supported"),
        ("### A", "a heading skips a level: A"),
    ],
)
def test_what_the_dialect_lacks_is_refused_by_name_and_cell(text, what):
    with pytest.raises(RenderError) as error:
        composed("Fine.", text)
    assert what in [problem.what for problem in error.value.problems]
    assert {problem.where for problem in error.value.problems} == {
        "notebooks/area.ipynb cell 2 · helsinki · 2023-06 · fi"
    }


def test_all_refusals_are_told_at_once():
    with pytest.raises(RenderError) as error:
        composed("<b>", "$x$", "fine")
    assert [problem.where.split(" · ")[0] for problem in error.value.problems] == [
        "notebooks/area.ipynb cell 1",
        "notebooks/area.ipynb cell 2",
    ]
