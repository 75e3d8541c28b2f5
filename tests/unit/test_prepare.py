import json
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from katsaus.config.matrix import Page
from katsaus.errors import BuildError, KatsausError, NotebookError, ParameterError, TermError
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.prose import fill
from katsaus.output import INLINE

PAGE = Page("area", "helsinki", "2023-06", "sv", "2023-06/alue/helsinki/", True)
FIRST = new_code_cell('area = "x"\nmonth = "y"\nlang = "z"', metadata={"tags": ["parameters"]})


def block(lang: str, text: str) -> str:
    return f'::: {{.content-visible when-profile="{lang}"}}\n{text}\n:::'


def both(finnish: str, swedish: str) -> str:
    return block("fi", finnish) + "\n\n" + block("sv", swedish)


def made(folder: Path, *cells: NotebookNode) -> NotebookNode:
    nbformat.write(new_notebook(cells=[FIRST, *cells]), folder / "area.ipynb")
    return prepare(folder / "area.ipynb", PAGE)


def refused(folder: Path, kind: type[KatsausError], *cells: NotebookNode) -> list[str]:
    with pytest.raises(kind) as caught:
        made(folder, *cells)
    return [f"{problem.where}: {problem.what}" for problem in caught.value.problems]


def test_parameters_are_injected_after_their_cell(tmp_path: Path) -> None:
    nb = made(tmp_path, new_code_cell("1"))
    assert nb.cells[1].source == '# Parameters\narea = "helsinki"\nmonth = "2023-06"\nlang = "sv"'
    assert nb.cells[1].metadata.tags == ["injected-parameters"]
    assert [cell.metadata.katsaus.cell for cell in nb.cells] == [1, 1, 2]
    nbformat.validate(nb)


def test_stored_outputs_and_counts_are_left_behind(tmp_path: Path) -> None:
    nb = made(tmp_path, new_code_cell("1", outputs=[new_output("stream", text="old")], execution_count=7))
    assert (nb.cells[2].outputs, nb.cells[2].execution_count) == ([], None)


def test_the_same_page_gives_the_same_bytes(tmp_path: Path) -> None:
    content = new_notebook(cells=[deepcopy(FIRST), new_markdown_cell(both("a `{python} x`", "b `{python} x`"))])
    content.nbformat_minor = 4  # an older Jupyter, which wrote no ids
    for cell in content.cells:
        cell.pop("id", None)
    (tmp_path / "area.ipynb").write_text(json.dumps(content), encoding="utf-8")
    first, second = (nbformat.writes(prepare(tmp_path / "area.ipynb", PAGE)) for _ in range(2))
    assert first == second


def test_only_the_pages_language_is_kept(tmp_path: Path) -> None:
    nested = "::: {.callout-note}\nså\n:::\n\n```\n:::\n```\nslut"
    nb = made(tmp_path, new_markdown_cell(both("näin", nested) + "\n" + both("toinen", "två")))
    assert nb.cells[2].source == nested + "\n\ntvå"


def test_inline_values_become_a_cell_and_come_back(tmp_path: Path) -> None:
    cell = new_markdown_cell(
        both("On `{python} f(1)` ja `{python} g`.", "Det finns `{python} g` och `{python} f(1)`."), id="prose"
    )
    nb = made(tmp_path, cell)
    code = nb.cells[2]
    assert (code.id, code.metadata.tags) == ("prose", ["inline"])
    values = "    katsaus.output.told(g),\n    katsaus.output.told(f(1)),\n"
    assert code.source == f"import katsaus.output\n\nkatsaus.output.inline([\n{values}])"
    code.outputs = [new_output("execute_result", {INLINE: {"values": ["39 233", "a*b*"]}}, execution_count=3)]
    done = finish(nb)
    assert done.cells[2].cell_type == "markdown"
    assert done.cells[2].source == r"Det finns 39 233 och a\*b\*."
    nbformat.validate(done)


def test_an_inline_value_stays_what_it_is() -> None:
    assert fill("`{python} a`, `{python} b`", ["...", r"\1 5,5 %"]) == r"\.\.\., \\1 5,5 %"
    assert fill("``{python} not this``", []) == "``{python} not this``"


def test_the_front_gives_title_and_description(tmp_path: Path) -> None:
    nb = made(tmp_path, new_code_cell("front"))
    front = {"title": "T", "subtitle": "S", "description": "D"}
    nb.cells[2].outputs = [
        new_output("execute_result", {"application/vnd.katsaus.front+json": front}, execution_count=3)
    ]
    about = finish(nb).metadata.katsaus
    assert about == {
        "notebook": "area",
        "area": "helsinki",
        "month": "2023-06",
        "lang": "sv",
        "prepared": True,
        "title": "T",
        "subtitle": "S",
        "description": "D",
    }


@pytest.mark.parametrize(
    ("markdown", "line", "what"),
    [
        ("# Outside\n" + both("a", "b"), 1, "text stands outside the language blocks"),
        (block("fi", "vain suomeksi"), 1, "the block of fi has no twin in sv"),
        (both("a", "b") + "\n" + block("sv", "bara på svenska"), 8, "the block of sv has no twin in fi"),
        (both("a", " "), 5, "the block of sv is empty"),
        (both("a", "b") + "\n" + block("en", "c"), 8, 'the language "en" is unknown'),
        (both("a", "b").removesuffix(":::"), 5, "the language block is not closed"),
    ],
)
def test_prose_that_one_language_lacks_is_refused(tmp_path: Path, markdown: str, line: int, what: str) -> None:
    problems = refused(tmp_path, TermError, new_markdown_cell(markdown))
    assert f"notebooks/area.ipynb cell 2 line {line}: {what}" in problems


def test_a_broken_inline_value_is_refused_in_either_language(tmp_path: Path) -> None:
    problems = refused(tmp_path, NotebookError, new_markdown_cell(both("on\n`{python} f(`", "finns `{python} g`")))
    assert problems == ["notebooks/area.ipynb cell 2 line 3: the inline value `{python} f(` is not a Python expression"]


def test_two_cells_of_parameters_are_refused(tmp_path: Path) -> None:
    second = new_code_cell(FIRST.source, metadata={"tags": ["parameters"]})
    assert refused(tmp_path, ParameterError, second) == [
        "notebooks/area.ipynb cell 2: cell 1 is tagged `parameters` already"
    ]


def test_parameters_left_from_papermill_are_refused(tmp_path: Path) -> None:
    left = new_code_cell('area = "x"', metadata={"tags": ["injected-parameters"]})
    assert refused(tmp_path, ParameterError, left) == [
        "notebooks/area.ipynb cell 2: the notebook brings injected parameters of its own"
    ]


def test_a_notebook_without_parameters_is_refused(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), tmp_path / "area.ipynb")
    with pytest.raises(ParameterError, match=r"notebooks/area.ipynb: no cell is tagged `parameters`"):
        prepare(tmp_path / "area.ipynb", PAGE)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = new_code_cell("area = 1", metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[wrong, new_markdown_cell("text")]), tmp_path / "area.ipynb")
    with pytest.raises(BuildError) as caught:
        prepare(tmp_path / "area.ipynb", PAGE)
    assert [type(error) for error in caught.value.errors] == [ParameterError, TermError]
    assert len(caught.value.problems) == 4
    assert caught.value.exit_code == ParameterError.exit_code


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{", "can't be read"),
        (b"\xff", "can't be read"),
        (b"[]", "no notebook of format 4"),
        (b'{"nbformat": 3}', "no notebook of format 4"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "area.ipynb").write_bytes(content)
    with pytest.raises(NotebookError, match=what):
        prepare(tmp_path / "area.ipynb", PAGE)


def test_a_missing_notebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"notebooks/area.ipynb: the notebook does not exist"):
        prepare(tmp_path / "area.ipynb", PAGE)
