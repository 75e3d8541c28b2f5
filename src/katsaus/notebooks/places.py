"""How messages name a notebook and a cell, and what a failing cell becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from katsaus.errors import CellError, KatsausError, PageMemoryError, Problem

LONGEST = 300
"""Characters of a foreign exception's message that are shown: some carry whole frames."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COMPILED_FROM = re.compile(r" \([^()]*, line \d+\)$")
_CELL_LINE = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")


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
    return CellError(Problem(what, where, line, _remedy(cell, name)))


def _remedy(cell: NotebookNode, name: str) -> str:
    if "inline" in cell.metadata.get("tags", ()) and name == "TypeError":
        return "Give an inline value as text, for example `{python} review.number(x)`."
    return "Run the notebook in JupyterLab with the same parameters to see all of it."


def _offending_line(cell: NotebookNode, traceback: Sequence[str]) -> str:
    """``line 2: figures.loc[month]``, or nothing where the traceback does not say."""
    lines = cell.source.splitlines()
    for executed, number in _CELL_LINE.findall(_ANSI.sub("", "\n".join(traceback))):
        if int(executed) == cell.execution_count and int(number) <= len(lines):
            return f"line {number}: {lines[int(number) - 1].strip()}"
    return ""


def _kinds(base: type[KatsausError]) -> Iterator[tuple[str, type[KatsausError]]]:
    for kind in base.__subclasses__():
        if kind.__name__ != "BuildError":  # carries errors, not problems
            yield kind.__name__, kind
            yield from _kinds(kind)
