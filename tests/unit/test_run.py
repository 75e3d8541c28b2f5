import builtins
import json
import sys
import threading
import warnings
from pathlib import Path

import pytest
from nbformat import NotebookNode

from katsaus.errors import CellError, FigureError, KatsausError, PageMemoryError, PageTimeoutError
from katsaus.notebooks import reference
from katsaus.notebooks.node import node
from katsaus.notebooks.outputs import Outputs
from katsaus.notebooks.run import run_notebook

ABOUT = {"notebook": "area", "area": "helsinki", "month": "2023-06", "lang": "fi"}


def notebook(*sources: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    cells = [
        {
            "cell_type": "code",
            "id": str(n),
            "metadata": {"tags": list(tags), "katsaus": {"cell": n}},
            "source": source,
            "outputs": [],
        }
        for n, source in enumerate(sources, 1)
    ]
    return node({"nbformat": 4, "nbformat_minor": 5, "metadata": {"katsaus": ABOUT}, "cells": cells})


def run(*sources: str) -> NotebookNode:
    return run_notebook(notebook(*sources), lambda _: None)


def failure(kind: type[KatsausError], *sources: str, tags: tuple[str, ...] = ()) -> str:
    with pytest.raises(kind) as caught:
        run_notebook(notebook(*sources, tags=tags), lambda _: None)
    return str(caught.value)


def test_a_failing_cell_is_named_without_what_it_printed() -> None:
    message = failure(CellError, "x = 1", "print('secret')\n{}['key']")
    assert message.startswith(
        "notebooks/area.ipynb cell 2 · helsinki · 2023-06 · fi: KeyError: 'key'\n    line 2: {}['key']"
    )
    assert "secret" not in message


def test_only_the_first_line_of_a_foreign_message_is_shown() -> None:
    message = failure(CellError, "raise ValueError('first' + 'x' * 999 + chr(10) + 'second')")
    assert "ValueError: firstx" in message
    assert "second" not in message.partition("line 1")[0]
    assert len(message) < 600


def test_no_cell_runs_after_one_that_failed() -> None:
    told: list[str] = []
    with pytest.raises(CellError):
        run_notebook(notebook("", "1/0", "2"), told.append)
    assert told == ["notebooks/area.ipynb cell 2 · helsinki · 2023-06 · fi"]


def test_an_error_of_the_project_keeps_its_kind() -> None:
    source = (
        "from katsaus.errors import FigureError, Problem\nraise FigureError(Problem('no alt text', do='Write alt=.'))"
    )
    message = failure(FigureError, source)
    assert "cell 1" in message
    assert "no alt text\n    Write alt=." in message


def test_a_failing_representation_fails_the_cell() -> None:
    source = "class Broken:\n    def _repr_html_(self): raise ValueError('no')"
    assert "ValueError: no" in failure(CellError, source, "display(Broken())")


def test_an_inline_value_that_is_no_text_says_what_to_do() -> None:
    message = failure(CellError, "import katsaus.output\n\nkatsaus.output.told(1)", tags=("inline",))
    assert "Give an inline value as text, for example `{python} review.number(x)`." in message


def test_inline_values_are_put_out() -> None:
    outputs = run("import katsaus.output\nkatsaus.output.inline(['a', 'b'])").cells[0].outputs
    assert outputs[0].data["application/vnd.katsaus.inline+json"] == {"values": ["a", "b"]}


def test_memory_that_runs_out_has_its_own_error() -> None:
    assert "wants more memory" in failure(PageMemoryError, "raise MemoryError")


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution"])
def test_a_tag_lets_no_failure_through(tag: str) -> None:
    assert "ZeroDivisionError" in failure(CellError, "1/0", tags=(tag,))


def test_a_run_leaves_the_process_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    def state() -> tuple[object, ...]:
        threads, hooks = threading.enumerate(), (sys.stdout, sys.stderr, sys.excepthook, sys.displayhook)
        return (
            sys.modules["__main__"],
            hooks,
            sys.path[:],
            threads,
            warnings.filters[:],
            hasattr(builtins, "get_ipython"),
        )

    before = state()
    run("import sys; sys.path.append('x'); sys.excepthook = None", "print('x'); 1")
    assert state() == before
    assert list(tmp_path.iterdir()) == []


def test_two_runs_share_nothing_and_give_the_same_bytes() -> None:
    sources = ("import pandas as pd", "'x' in globals()", "x = 1\nprint(x)", "pd.DataFrame({'a': [x]})")
    first, second = run(*sources), run(*sources)
    assert first.cells[1].outputs[0].data == {"text/plain": "False"}
    assert json.dumps(first) == json.dumps(second)


def test_the_notebook_given_stays_as_it_was() -> None:
    nb = notebook("1")
    run_notebook(nb, lambda _: None)
    assert nb == notebook("1")


def test_streams_come_in_the_order_a_kernel_gives() -> None:
    out = Outputs()
    out.begin()
    out.stderr.write("e")
    out.stdout.write("a\rb\n")
    out.display({"text/plain": "x"}, {}, name=None, update=False)
    out.stdout.write("c")
    assert [(o.output_type, o.get("text")) for o in out.end()] == [
        ("stream", "b\nc"),
        ("stream", "e"),
        ("display_data", None),
    ]


def test_nbclient_stops_a_page_that_hangs() -> None:
    with pytest.raises(PageTimeoutError, match=r"cell 2 .*\n?.*longer than 2 seconds"):
        reference.run_notebook(notebook("1", "while True: pass"), lambda _: None, seconds=2)


def test_nbclient_notices_a_kernel_that_died() -> None:
    with pytest.raises(CellError, match=r"cell 1 .*Python ended"):
        reference.run_notebook(notebook("import os; os._exit(1)"), lambda _: None)
