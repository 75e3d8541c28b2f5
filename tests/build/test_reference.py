"""The outputs of `run` are those of nbclient and a real kernel, cell by cell."""

import re
from collections.abc import Callable
from pathlib import Path

import altair as alt
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from katsaus.config.matrix import Page
from katsaus.errors import KatsausError
from katsaus.notebooks import reference, run
from katsaus.notebooks.prepare import finish, prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _own_theme() -> None:
    """A kernel starts without the house theme, which another test may have turned on in this process."""
    alt.theme.enable("default")


PARAMETERS = 'area = "x"\nmonth = "2023-01"\nlang = "fi"'
PAGE = Page("small", "helsinki", "2023-06", "fi", "2023-06/alue/helsinki/", False)

SMALL = {
    "streams": [
        "import sys\nprint('a'); print('b', file=sys.stderr); print('c')",
        "print('only', end=''); sys.stdout.flush(); print(' one')",
        "print('before', file=sys.stderr); sys.stderr.flush(); print('after')",
        "for i in range(3):\n    print(i, end='\\r')\nprint('done')",
        "print('x'); display('shown'); print('y'); 5",
    ],
    "results": ["1 + 1", "x = 3; x", "x;", "None", "_ + 1", "Out[3]", "'a\\nb'", "# nothing", "", "(1, {'a': 2})"],
    "display": [
        "from IPython.display import HTML, JSON, Markdown, clear_output, display, update_display",
        "display(1, 'two', Markdown('*three*')); HTML('<b>four</b>')",
        "h = display('old', display_id='h'); print(h)",
        "update_display('new', display_id='h'); 'this cell'",
        "h.update(Markdown('newest')); display('again', display_id='h')",
        "print('gone'); clear_output(); print('stays')",
        "print('gone'); clear_output(wait=True); print('stays')",
        "print('stays'); clear_output(wait=True)",
        "display('kept', display_id='k'); clear_output(); update_display('lost', display_id='k')",
        "JSON({'a': (1, 2)})",
        "display({'text/plain': 'raw', 'application/y+json': {'b': [None, 1.5]}}, raw=True, metadata={'m': 1})",
    ],
    "objects": [
        "class Rich:\n    def __repr__(self): return 'rich'\n    def _repr_html_(self): return '<i>rich</i>'\n"
        "    def _repr_png_(self): return b'\\x89PNG\\r\\n'\n    def _repr_svg_(self): return None",
        "Rich()",
        "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'b', 'application/x+json': {'k': (1, 2), 3: None}}, {'text/plain': {'z': 1}}",
        "Bundle()",
        "display(Bundle(), Rich())",
        "class Own:\n    def _ipython_display_(self): print('own')",
        "Own()",
        "class Broken:\n    def _repr_html_(self): raise ValueError('no')\n    def __repr__(self): return 'broken'",
    ],
    "frames": [
        "import pandas as pd, altair as alt\nalt.renderers.enable('json');",
        "frame = pd.DataFrame({'month': pd.date_range('2023-01', periods=70), 'value': range(70), 'g': 'a' * 90})",
        "frame",
        "print(frame)\nframe.describe()",
        "print(pd.DataFrame([range(40)] * 2)); frame['value']",
        "alt.Chart(frame.head(3)).mark_line().encode(x='month:T', y='value:Q')",
        "pd.Timestamp('2023-01-01')",
    ],
    "magics": ["%%capture kept\nprint('taken')", "kept.stdout", "%precision 2", "3.14159", "%who_ls str"],
    "awaiting": ["import asyncio\nawait asyncio.sleep(0)\n'done'", "__name__", "get_ipython().execution_count"],
    "warning": ["import warnings\nwarnings.warn('look')"],
}
FAILING = {
    "raises": ["print(987)", "y = 1\n\nprint('printed'); {}['key']"],
    "nested": ["def f(x):\n    return 1 / x", "f(1)\nf(0)"],
    "syntax": ["a = 1\nb = = 2"],
    "exits": ["import sys\nsys.exit(3)"],
    "magic": ["%no_such_magic"],
    "usage": ["%%no_such_magic\nx"],
    "group": ["raise ExceptionGroup('several', [ValueError('a')])"],
    "assertion": ["assert 1 == 2"],
    "interrupt": ["raise KeyboardInterrupt"],
    "repr": ["class R:\n    def __repr__(self): raise ValueError('no')", "R()"],
    "own": [
        "from katsaus.errors import FigureError, Problem",
        "raise FigureError(Problem('no alt text', do='write it'))",
    ],
    "long": ["raise ValueError('first\\n' + 'second')"],
    "memory": ["raise MemoryError"],
}


def prepared(folder: Path, sources: list[str]) -> NotebookNode:
    cells = [new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), folder / "small.ipynb")
    return prepare(folder / "small.ipynb", PAGE)


def comparable(nb: NotebookNode) -> NotebookNode:
    """All of it, but for the name of the file that a kernel says a cell is compiled from."""
    text = nbformat.writes(nb)
    text = re.sub(r"/[^\s:\"]*/ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>", "CELL", text)
    return nbformat.reads(text, as_version=4)


def failure(executor: Callable[..., NotebookNode], nb: NotebookNode) -> tuple[type, str]:
    with pytest.raises(KatsausError) as caught:
        executor(nb, lambda _: None)
    return caught.type, str(caught.value)


@pytest.mark.parametrize("name", SMALL)
def test_small_notebooks_give_the_same_outputs(name: str, tmp_path: Path) -> None:
    nb = prepared(tmp_path, SMALL[name])
    ours, theirs = run.run_notebook(nb, lambda _: None), reference.run_notebook(nb, lambda _: None)
    for own, other in zip(comparable(ours).cells, comparable(theirs).cells, strict=True):
        assert own == other
    assert ours.metadata == theirs.metadata == nb.metadata
    nbformat.validate(ours)


@pytest.mark.parametrize("name", FAILING)
def test_small_notebooks_fail_with_the_same_error(name: str, tmp_path: Path) -> None:
    nb = prepared(tmp_path, FAILING[name])
    ours = failure(run.run_notebook, nb)
    assert ours == failure(reference.run_notebook, nb)
    assert "notebooks/small.ipynb cell " in ours[1]
    assert "printed" not in ours[1].partition("line ")[0]
    assert "987" not in ours[1]


PLACES = {"area": "helsinki", "municipality": "hyrynsalmi"}
INDICATORS = {"compare": "B02"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda path: path.stem)
def test_the_projects_notebooks_give_the_same_outputs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    lang = "sv" if path.stem in PLACES else "fi"
    about = {"pdf": False, "indicator": INDICATORS.get(path.stem, "")}
    nb = prepare(path, Page(path.stem, PLACES.get(path.stem, "trial"), "2023-06", lang, "", **about))
    ours, theirs = run.run_notebook(nb, lambda _: None), reference.run_notebook(nb, lambda _: None)
    assert len(ours.cells) == len(theirs.cells) > 1
    for own, other in zip(ours.cells, theirs.cells, strict=True):
        assert own == other
    assert finish(ours) == finish(theirs)
