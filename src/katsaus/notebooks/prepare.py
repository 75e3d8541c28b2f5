"""A notebook of notebooks/ made ready for one page, and after execution made into the notebook that the pages read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from katsaus.config.matrix import Page
from katsaus.errors import (
    BuildError,
    FigureError,
    KatsausError,
    NotebookError,
    ParameterError,
    Problem,
    RenderError,
    TermError,
)
from katsaus.notebooks.faults import code_faults, prose_faults
from katsaus.notebooks.node import node
from katsaus.notebooks.parameters import INJECTED, TAG, Fault, injected_source, parameter_faults
from katsaus.notebooks.places import INLINE_TAG, inline_source
from katsaus.notebooks.prose import (
    expression_faults,
    expressions,
    fill,
    keep_language,
    language_blocks,
    unlike_faults,
    values,
)
from katsaus.output import CLAIM, FRONT, INLINE, SYNTHETIC

FORMAT = 4


@dataclass
class _Findings:
    """What is wrong with a notebook, by the kind of error; it is the notebook's fault, not the page's."""

    path: str
    found: dict[type[KatsausError], list[Problem]] = field(default_factory=dict)

    def add(self, kind: type[KatsausError], number: int, *, faults: Iterable[Fault]) -> None:
        for fault in faults:
            cell = f" cell {number}" if number else ""
            line = f" line {fault.line}" if fault.line else ""
            problem = Problem(fault.what, f"{self.path}{cell}{line}", do=fault.do)
            self.found.setdefault(kind, []).append(problem)

    def refuse(self) -> None:
        errors = [kind(problems) for kind, problems in self.found.items()]
        if len(errors) > 1:
            raise BuildError(errors)
        if errors:
            raise errors[0]


def prepare(path: Path, page: Page) -> NotebookNode:
    """The notebook at `path`: the parameters given, the language kept and inline values made code.

    Every cell's metadata say which cell of the notebook it comes from. Raises NotebookError, ParameterError, TermError,
    or BuildError where there are several kinds, with everything that is wrong.
    """
    nb = _read(path, page.path)
    findings = _Findings(page.path)
    given = page.parameters
    _check_tags(nb, findings)
    for number, fault in code_faults(nb.cells):
        findings.add(FigureError, number, faults=[fault])
    cells: list[NotebookNode] = []
    for number, cell in enumerate(nb.cells, 1):
        own = _fresh(cell, number)
        cells.append(_one_language(own, page.lang, findings=findings) if cell.cell_type == "markdown" else own)
        if TAG in _tags(cell):
            findings.add(ParameterError, number, faults=parameter_faults(cell.source, given))
            cells.append(_code_cell(INJECTED, number, source=injected_source(given), tag=INJECTED))
    findings.refuse()
    kernel = {name: nb.metadata[name] for name in ("kernelspec",) if name in nb.metadata}
    metadata = kernel | {"katsaus": _page(page)}
    return node({"nbformat": FORMAT, "nbformat_minor": 5, "cells": cells, "metadata": metadata})


def finish(nb: NotebookNode) -> NotebookNode:
    """The executed notebook with its inline values in the prose; among its metadata what `review.front` said, what its
    sentences claim, and whether any cell was handed a synthetic figure.
    """
    front: dict[str, Any] = {}
    synthetic: dict[str, Any] = {}
    claims: list[Any] = []
    cells: list[NotebookNode] = []
    for cell in nb.cells:
        outputs = [output.get("data", {}) for output in cell.get("outputs", ())]
        front = front or next((data[FRONT] for data in outputs if FRONT in data), {})
        if any(SYNTHETIC in data for data in outputs):
            synthetic = {"synthetic": True}
        claims.extend(data[CLAIM] for data in outputs if CLAIM in data)
        cells.append(_filled(cell, outputs) if INLINE_TAG in _tags(cell) else cell)
    known = {name: front[name] for name in ("title", "subtitle", "description") if name in front}
    said = {"claims": claims} if claims else {}
    metadata = {**nb.metadata, "katsaus": {**nb.metadata.katsaus, **known, **synthetic, **said}}
    return node({**nb, "cells": cells, "metadata": metadata})


def _read(path: Path, where: str) -> NotebookNode:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        do = "Make it, or take it out of reviews/matrix.yml."
        raise NotebookError(Problem("the notebook does not exist", where, do=do)) from None
    except (ValueError, OSError) as error:
        do = "Save it again in JupyterLab."
        raise NotebookError(Problem("the notebook can't be read", where, str(error), do)) from None
    if not isinstance(content, dict) or content.get("nbformat") != FORMAT or not isinstance(content.get("cells"), list):
        do = "Open it in JupyterLab and save it again."
        raise NotebookError(Problem("this is no notebook of format 4", where, do=do))
    for cell in content["cells"]:
        if isinstance(cell.get("source"), list):
            cell["source"] = "".join(cell["source"])
    return node(content)


def _check_tags(nb: NotebookNode, findings: _Findings) -> None:
    tagged = [number for number, cell in enumerate(nb.cells, 1) if TAG in _tags(cell) and cell.cell_type == "code"]
    if not tagged:
        do = f"Tag the code cell that assigns area, month and lang with `{TAG}`."
        findings.add(ParameterError, 0, faults=[Fault(f"no cell is tagged `{TAG}`", do=do)])
    for number in tagged[1:]:
        fault = Fault(f"cell {tagged[0]} is tagged `{TAG}` already", do="Keep the tag on one of them.")
        findings.add(ParameterError, number, faults=[fault])
    for number, cell in enumerate(nb.cells, 1):
        if INJECTED in _tags(cell):
            do = "Delete this cell; it is left from another run."
            findings.add(
                ParameterError, number, faults=[Fault("the notebook brings injected parameters of its own", do=do)]
            )


def _one_language(cell: NotebookNode, lang: str, *, findings: _Findings) -> NotebookNode:
    """A Markdown cell in the page's language; a code cell where it has inline values."""
    number: int = cell.metadata.katsaus.cell
    blocks, faults = language_blocks(cell.source)
    wrong = [fault for block in blocks for fault in expression_faults(block)]
    findings.add(TermError, number, faults=faults if faults or wrong else unlike_faults(blocks))
    findings.add(NotebookError, number, faults=wrong)
    for block in blocks:
        findings.add(RenderError, number, faults=prose_faults(block.lines, block.line + 1))
    cell.source = keep_language(blocks, lang)
    inline = [] if wrong else expressions(cell.source)
    if not inline:
        return cell
    code = _code_cell(cell.id, number, source=inline_source(inline), tag=INLINE_TAG)
    code.metadata.katsaus.markdown = cell.source
    code.metadata.katsaus["values"] = [[value.line, value.text] for value in values(blocks, lang)]
    return code


def _filled(cell: NotebookNode, outputs: list[dict[str, Any]]) -> NotebookNode:
    values: list[str] = next((data[INLINE]["values"] for data in outputs if INLINE in data), [])
    origin = cell.metadata.katsaus
    metadata = {"katsaus": {"cell": origin.cell}}
    source = fill(origin.markdown, values)
    return node({"cell_type": "markdown", "id": cell.id, "metadata": metadata, "source": source})


def _fresh(cell: NotebookNode, number: int) -> NotebookNode:
    """A cell without what an earlier run left in it, and with an id where an older Jupyter gave it none."""
    metadata = {**cell.get("metadata", {}), "katsaus": {"cell": number}}
    name = cell.get("id", f"cell-{number}")
    fresh = {"cell_type": cell.cell_type, "id": name, "metadata": metadata, "source": cell.source}
    if cell.cell_type == "code":
        fresh |= {"execution_count": None, "outputs": []}
    return node(fresh)


def _code_cell(name: str, number: int, *, source: str, tag: str) -> NotebookNode:
    metadata = {"tags": [tag], "katsaus": {"cell": number}}
    ran: dict[str, object] = {"execution_count": None, "outputs": []}
    return node({"cell_type": "code", "id": name, "metadata": metadata, "source": source} | ran)


def _page(page: Page) -> dict[str, object]:
    return {"notebook": page.notebook, **page.parameters, "prepared": True}


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", ()))
