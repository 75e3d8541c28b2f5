"""Notebooks for download: no output, no data of a chart, nothing in their metadata but what Jupyter writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from katsaus.audit.findings import Finding
from katsaus.audit.site import Site

_OF_NOTEBOOK: Final = {"kernelspec", "language_info"}
_KEYS: Final = {"cells", "metadata", "nbformat", "nbformat_minor"}
_METADATA: Final[tuple[dict[str, list[str]], ...]] = ({}, {"tags": ["parameters"]})
_OF_CELL: Final = {"cell_type", "execution_count", "id", "metadata", "outputs", "source"}


def read_notebook(site: Site, path: Path) -> Iterator[Finding]:
    """A notebook as statisticians write it holds no figure at all: with outputs, attachments or metadata of its cells
    it would carry the data of its charts, hidden cells among them.
    """
    file = site.name(path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        yield from _notebook(site, file, notebook=notebook)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield Finding(file, "", "no notebook")


def _notebook(site: Site, file: str, *, notebook: Mapping[str, Any]) -> Iterator[Finding]:
    if notebook.keys() - _KEYS or notebook["metadata"].keys() - _OF_NOTEBOOK:
        yield Finding(file, "metadata", "data that no reader knows")
    for number, cell in enumerate(notebook["cells"], 1):
        if cell.get("outputs"):
            yield Finding(file, f"cell {number}, output", "figures that no table explains")
        if cell["metadata"] not in _METADATA or cell.keys() - _OF_CELL:
            yield Finding(file, f"cell {number}, metadata", "data that no reader knows")
        text = "".join(cell["source"])
        if text not in _sources(site):
            yield Finding(file, f"cell {number}", "text that is in no notebook of the project")


def _sources(site: Site) -> set[str]:
    folder = site.figures.project.root / "notebooks"
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.ipynb"))]
    return {"".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"]}
