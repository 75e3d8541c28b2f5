import copy

import pytest
import sample_notebook as sample

from katsaus.errors import FigureError, RenderError
from katsaus.output import FIGURE, TABLE
from katsaus.pages.figures import Figure, Headline, Prose, Table, read

WHERE = "notebooks/area.ipynb · helsinki · 2023-06 · fi"


@pytest.fixture
def notebook():
    return copy.deepcopy(sample.executed("fi"))


def cell(notebook, label):
    return next(cell for cell in notebook["cells"] if cell["id"] == label)


def problems(notebook, kind=FigureError):
    with pytest.raises(kind) as error:
        read(notebook, WHERE)
    assert type(error.value) is kind
    return [f"{problem.where}|{problem.what}" for problem in error.value.problems]


def test_blocks_come_in_the_order_of_the_page(notebook):
    kinds = [type(block) for block in read(notebook, WHERE).blocks]
    assert kinds == [Headline, Prose, Figure, Prose, Prose, Figure, Figure, Table, Table]


@pytest.mark.parametrize("key", ["title", "alt", "subtitle", "source"])
def test_a_chart_needs_its_words(notebook, key):
    del cell(notebook, "fig-rate")["outputs"][0]["data"][FIGURE][key]
    assert problems(notebook) == [
        f"notebooks/area.ipynb cell 4 · helsinki · 2023-06 · fi|the chart fig-rate has no {key}"
    ]


def test_blank_alt_is_no_alt(notebook):
    cell(notebook, "fig-rate")["outputs"][0]["data"][FIGURE]["alt"] = " \n"
    assert problems(notebook)[0].endswith("the chart fig-rate has no alt")


def test_alt_must_say_more_than_the_title(notebook):
    words = cell(notebook, "fig-rate")["outputs"][0]["data"][FIGURE]
    words["alt"] = words["title"].upper() + "."
    assert problems(notebook)[0].endswith("the chart fig-rate repeats its title as alt")


def test_a_chart_needs_a_table(notebook):
    cell(notebook, "fig-rate")["outputs"][0]["data"][FIGURE]["table"] = None
    assert problems(notebook)[0].endswith("the chart fig-rate has no table")


def test_a_figure_needs_a_chart(notebook):
    del cell(notebook, "fig-rate")["outputs"][0]["data"]["application/vnd.vegalite.v6+json"]
    assert problems(notebook)[0].endswith("the chart fig-rate has no specification")


def test_a_figure_needs_a_label(notebook):
    cell(notebook, "fig-rate")["source"] = "review.chart()"
    assert problems(notebook)[0].endswith("the figure or table has no label")


@pytest.mark.parametrize("label", ["tbl-rate", "rate", "fig-", "fig-Rate", "fig-../../x", "fig-a b"])
def test_a_label_is_safe_and_tells_the_kind(notebook, label):
    cell(notebook, "fig-rate")["source"] = f"#| label: {label}\nx"
    assert problems(notebook)[0].endswith(f"the label {label} is not allowed")


def test_labels_are_unique(notebook):
    cell(notebook, "fig-bars")["source"] = "#| label: fig-rate\nx"
    assert problems(notebook)[0].endswith("the label fig-rate is given to more than one cell")


def test_a_table_needs_caption_and_whole_rows(notebook):
    table = cell(notebook, "tbl-areas")["outputs"][0]["data"][TABLE]
    table["caption"] = ""
    table["rows"][0].pop()
    assert [found.partition("|")[2] for found in problems(notebook)] == [
        "the table of tbl-areas has no caption",
        "the table of tbl-areas has rows of different lengths",
    ]


def test_all_problems_are_told_at_once(notebook):
    cell(notebook, "fig-rate")["outputs"][0]["data"][FIGURE]["alt"] = ""
    cell(notebook, "fig-dots")["outputs"][0]["data"][FIGURE]["table"] = None
    cell(notebook, "tbl-areas")["source"] = "x"
    cell(notebook, "tbl-months")["outputs"].append({"output_type": "stream", "name": "stdout", "text": "987654321"})
    found = problems(notebook)
    assert len(found) == 4
    assert "987654321" not in str(found)


def test_one_figure_a_cell(notebook):
    outputs = cell(notebook, "fig-rate")["outputs"]
    outputs.append(copy.deepcopy(outputs[0]))
    assert any(found.endswith("shows more than one figure or table") for found in problems(notebook))


@pytest.mark.parametrize(
    ("output", "name"),
    [
        ({"output_type": "stream", "name": "stdout", "text": "x"}, "what it prints"),
        ({"output_type": "stream", "name": "stderr", "text": "x"}, "a warning"),
        ({"output_type": "error", "ename": "E", "evalue": "x", "traceback": []}, "error"),
        ({"output_type": "display_data", "data": {"text/html": "<b>"}, "metadata": {}}, "a bare frame, or HTML"),
        ({"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}}, "text/plain"),
        (
            {"output_type": "display_data", "data": {"application/vnd.vegalite.v6+json": {}}, "metadata": {}},
            "a bare chart",
        ),
    ],
)
def test_other_outputs_are_refused_by_name(notebook, output, name):
    notebook["cells"][0]["outputs"].append(output)
    assert problems(notebook, RenderError)[0].endswith(f"the cell shows {name}, which no page can hold")


def test_an_unexecuted_cell_is_refused(notebook):
    notebook["cells"][1] |= {"execution_count": None, "outputs": []}
    assert problems(notebook, RenderError)[0].endswith("the cell was not executed")


@pytest.mark.parametrize("option", ["fig-width: 3", "echo: true", "output: asis"])
def test_an_unknown_option_is_refused(notebook, option):
    notebook["cells"][1]["source"] = f"#| {option}\nx"
    assert problems(notebook, RenderError)[0].endswith(f"the option #| {option} is not supported")


def test_a_page_needs_a_title(notebook):
    notebook["metadata"]["katsaus"]["title"] = ""
    assert problems(notebook, RenderError)[0].endswith("the page has no title")


def test_messages_count_cells_as_the_notebook_does(notebook):
    cell(notebook, "fig-rate")["metadata"]["katsaus"]["cell"] = 12
    cell(notebook, "fig-rate")["source"] = "x"
    assert problems(notebook)[0].startswith("notebooks/area.ipynb cell 12 ·")
