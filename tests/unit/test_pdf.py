import io
import time

import pikepdf
import pytest
import sample_notebook as sample
from sample_site import CROSSREFS, MADE, English

from katsaus.errors import RenderError
from katsaus.pages.document import compose
from katsaus.pages.figures import Content, Figure, read
from katsaus.pages.pdf import Sheet, render_pdf

CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)


def made(lang, content=None, moment=MADE):
    content = content or read(sample.executed(lang), "page")
    document = compose(content, CROSSREFS[lang], term=English().term, where="page")
    sheet = Sheet(
        lang, content.front["title"], "Subtitle", "Description", head="Site", name=content.front["title"], made=moment
    )
    charts = {block.label: CHART for block in content.blocks if isinstance(block, Figure)}
    return render_pdf(document, sheet, charts=charts, words=English(), where="page")


def elements(pdf):
    """Every structure element of the tag tree, in reading order."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary):
            found.append(element)
            kids = element.get("/K", [])
            waiting.extend(reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids]))
    return [element for element in found if "/S" in element]


@pytest.fixture(scope="module", params=["fi", "sv"])
def paper(request):
    with pikepdf.open(io.BytesIO(made(request.param))) as pdf:
        yield request.param, pdf, elements(pdf)


def test_language_title_and_tags(paper):
    lang, pdf, _ = paper
    assert str(pdf.Root.Lang) == f"{lang}-FI"
    assert str(pdf.docinfo["/Title"]) == sample.WORDS[lang]["title"]
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)


def test_it_declares_pdf_ua_1(paper):
    _, pdf, _ = paper
    with pdf.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_bookmarks_are_the_headings(paper):
    _, pdf, _ = paper
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root[0].children]
    assert titles[-2:] == ["Notes", "Figures as tables"]
    assert len(titles) == 4


def test_every_figure_carries_its_alt(paper):
    lang, _, tags = paper
    alts = [str(tag.Alt) for tag in tags if tag.S == "/Figure" and "/Alt" in tag]
    assert alts == [sample.WORDS[lang][key] for key in ("alt", "bars_alt", "dots_alt")]


def test_every_table_has_column_headers(paper):
    _, _, tags = paper
    kinds = [str(tag.S) for tag in tags]
    assert kinds.count("/Table") == kinds.count("/THead") == 5 + 2  # two of them long, in halves
    assert kinds.count("/TH") == 4 + 2 * 5 + 2 * 5 + 4 + 4
    assert kinds.count("/H1") == 1


def test_only_the_house_fonts_are_used(paper):
    _, pdf, _ = paper
    names = {str(o.BaseFont) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o}
    assert names
    assert all("KatsausSans" in name for name in names)


@pytest.mark.parametrize("moment", [MADE, None])
def test_two_runs_give_the_same_bytes(moment):
    first = made("fi", moment=moment)
    time.sleep(1.1)  # longer than the second that a date of now would be told by
    assert first == made("fi", moment=moment)


def test_a_pdf_without_a_moment_tells_none():
    with pikepdf.open(io.BytesIO(made("fi", moment=None))) as pdf:
        assert "/CreationDate" not in pdf.docinfo


def test_marks_of_typst_in_figures_stay_text():
    notebook = sample.executed("fi")
    bad = '#panic("x") ] $ \\ " <fig-rate> /* @x'
    words = notebook["cells"][3]["outputs"][0]["data"]["application/vnd.katsaus.figure+json"]
    words |= {"title": bad, "alt": f"{bad}!", "notes": [bad], "source": bad}
    words["table"] |= {"caption": bad, "rows": [[bad] * 5]}
    notebook["metadata"]["katsaus"]["title"] = bad
    with pikepdf.open(io.BytesIO(made("fi", read(notebook, "page")))) as pdf:
        assert str(pdf.docinfo["/Title"]) == bad


def test_what_typst_refuses_is_an_error_of_the_page():
    content = read(sample.executed("fi"), "page")
    blocks = tuple(block for block in content.blocks if isinstance(block, Figure))
    document = compose(Content(content.front, blocks), CROSSREFS["fi"], term=English().term, where="page")
    sheet = Sheet("fi", "T", "S", "D", head="H", name="T, M", made=MADE)
    with pytest.raises(RenderError, match="the PDF can't be made"):
        render_pdf(
            document,
            sheet,
            charts={block.label: '<svg width="9" height="9" no svg' for block in blocks},
            words=English(),
            where="page",
        )
