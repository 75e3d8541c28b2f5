"""How messages name a notebook and a cell, and what a failing cell becomes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from katsaus.errors import CellError, KatsausError, PageMemoryError, Problem
from katsaus.spelling import near

LONGEST = 300
"""Characters of a foreign exception's message that are shown: some carry whole frames."""

INLINE_TAG = "inline"
"""Marks the code cell that the inline values of a Markdown cell are made into."""

_HEAD = ("import katsaus.output", "", "katsaus.output.inline([")
_KEYWORD = re.compile(r"(?P<call>[\w.]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COMPILED_FROM = re.compile(r" \([^()]*, line \d+\)$")
_CELL_LINE = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")


def inline_source(expressions: Sequence[str]) -> str:
    """The code of a cell of inline values: a line for each, so that the traceback of one that fails tells which."""
    return "\n".join([*_HEAD, *(f"    katsaus.output.told({expression})," for expression in expressions), "])"])


def cell_place(nb: NotebookNode, cell: NotebookNode) -> str:
    """Where a cell of a prepared notebook is: ``notebooks/area.ipynb cell 4 · helsinki · 2023-06 · fi``."""
    notebook, _, parameters = page_place(nb).partition(" · ")
    return f"{notebook} cell {cell.metadata.katsaus.cell} · {parameters}"


def page_place(nb: NotebookNode) -> str:
    """Which page a prepared notebook is: ``notebooks/area.ipynb · helsinki · 2023-06 · fi``."""
    page = nb.metadata.katsaus
    parameters = [page[name] for name in ("area", "month", "lang", "indicator") if name in page]
    return " · ".join([f"notebooks/{page.notebook}.ipynb", *parameters])


def cell_failure(
    nb: NotebookNode, cell: NotebookNode, *, error: tuple[str, str], traceback: Sequence[str]
) -> KatsausError:
    """What a cell raised, as an error of the project that never repeats what the cell printed.

    `error` is the exception's name and message as Jupyter reports them, `traceback` its lines; no executor has more.
    An error of the project that was raised in a cell keeps its kind, and with it its exit code.
    """
    name, message = error
    line = _offending_line(cell, traceback)
    where = cell_place(nb, cell)
    if name == "MemoryError":
        do = "Work on fewer columns or rows at a time."
        return PageMemoryError(Problem("the page wants more memory than a page may have", where, line, do))
    own = dict(_kinds(KatsausError)).get(name)
    if own is not None:
        return own(Problem(message, where, line))
    lines = message.strip().splitlines()
    # A SyntaxError names the file it was compiled from, which here is none that anyone could open.
    what = f"{name}: {_COMPILED_FROM.sub('', lines[0])[:LONGEST]}" if lines else name
    return CellError(Problem(what, where, line, _remedy(cell, what)))


def _remedy(cell: NotebookNode, what: str) -> str:
    if keyword := _KEYWORD.search(what):
        return near(keyword["name"], _parameters(keyword["call"]))
    if INLINE_TAG not in cell.metadata.get("tags", ()):
        return "Run the notebook in JupyterLab with the same parameters to see all of it."
    if "an inline value is " in what:
        return "Give an inline value as text, for example `{python} review.number(x)`."
    return "Correct the expression; what it names is made in a cell above."


def _parameters(call: str) -> list[str]:
    """What may be given by name to a method of a review ("Tables.by_month"); nothing of what notebooks call else."""
    from katsaus import chart, review  # noqa: PLC0415  (only where a cell failed)

    first, *rest = call.split(".")
    found = getattr(review, first, None) or getattr(chart, first, None)
    for name in rest:
        found = getattr(found, name, None)
    return [name for name in inspect.signature(found).parameters if name != "self"] if callable(found) else []


def _offending_line(cell: NotebookNode, traceback: Sequence[str]) -> str:
    """``line 2: figures.loc[month]``, or nothing where the traceback does not say."""
    lines = cell.source.splitlines()
    for executed, number in _CELL_LINE.findall(_ANSI.sub("", "\n".join(traceback))):
        if int(executed) != cell.execution_count or int(number) > len(lines):
            continue
        at = int(number) - 1
        if INLINE_TAG not in cell.metadata.get("tags", ()):
            return f"line {number}: {lines[at].strip()}"
        if 0 <= at - len(_HEAD) < len(values := cell.metadata.katsaus.get("values", ())):
            written, text = values[at - len(_HEAD)]
            return f"line {written}: {text}"
    return ""


def _kinds(base: type[KatsausError]) -> Iterator[tuple[str, type[KatsausError]]]:
    for kind in base.__subclasses__():
        if kind.__name__ != "BuildError":  # carries errors, not problems
            yield kind.__name__, kind
            yield from _kinds(kind)
