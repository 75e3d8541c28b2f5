"""The authors' guide is true: its code is a notebook that runs, its names are those of the API, its messages exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from katsaus.config.matrix import Page
from katsaus.config.project import load_project
from katsaus.notebooks.prepare import finish, prepare
from katsaus.notebooks.run import run_notebook
from katsaus.page import open_review
from katsaus.pages.document import compose
from katsaus.pages.figures import Content, read
from katsaus.terms import load_words

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authors-guide.md").read_text(encoding="utf-8")
REST, _, REFUSED = GUIDE.partition("\n## What is refused\n")
EXAMPLE = REST.partition("\n## An example, whole\n")[2].partition("\n## A change, whole\n")[0]
BLOCK = re.compile(r"^```(python|markdown)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIGURES = ["fig-rate", "fig-vacancy-count", "fig-open-jobs"]


def cells_of(text: str) -> list[dict[str, object]]:
    """The code and Markdown blocks of a text as a notebook's cells; the first code is its parameters."""
    cells: list[dict[str, object]] = []
    for kind, source in BLOCK.findall(text):
        if kind == "markdown":
            cells.append({"cell_type": "markdown", "metadata": {}, "source": source})
        else:
            tags = [] if any(cell["cell_type"] == "code" for cell in cells) else ["parameters"]
            cells.append({"cell_type": "code", "metadata": {"tags": tags}, "source": source})
    return cells


def published(cells: list[dict[str, object]], lang: str, *, folder: Path) -> Content:
    """What a page takes of a notebook of these cells, after its prose has been converted too."""
    path = folder / "guide.ipynb"
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    page = Page("guide", "helsinki", "2023-06", lang, "2023-06/alue/helsinki/", pdf=False)
    executed = finish(run_notebook(prepare(path, page), lambda _: None))
    content = read(executed, page.name)
    site = load_project(ROOT).sites[lang]
    compose(content, site.crossref, term=load_words(ROOT, lang).term, where=page.name)
    return content


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_code_of_the_guide_is_a_notebook_that_works(lang: str, tmp_path: Path) -> None:
    content = published(cells_of(GUIDE), lang, folder=tmp_path)
    assert content.front["title"] == {"fi": "Helsinki", "sv": "Helsingfors"}[lang]
    assert [figure.label for figure in content.figures] == FIGURES
    assert [table.label for table in content.tables] == ["tbl-comparison"]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_example_runs_where_the_guide_puts_it(lang: str, tmp_path: Path) -> None:
    area = json.loads((ROOT / "notebooks" / "area.ipynb").read_text(encoding="utf-8"))["cells"]
    example = [{**cell, "metadata": {}} for cell in cells_of(EXAMPLE)]
    assert [cell["cell_type"] for cell in example] == ["markdown", "code"]
    content = published([*area[:-1], *example, area[-1]], lang, folder=tmp_path)
    assert content.figures[-1].label == "fig-vacancy-count"


def test_the_guide_names_everything_that_a_review_has_and_nothing_else() -> None:
    named = set(re.findall(r"(?<!/)\breview\.([a-z_]+)", GUIDE))
    assert named == {name for name in dir(open_review("helsinki", "2023-06", "fi")) if not name.startswith("_")}


def messages() -> list[str]:
    rows = re.findall(r"^\| (.+?) \|", REFUSED, re.MULTILINE)
    return [message for row in rows if not row.startswith(("message", "-")) for message in row.split(" · ")]


@pytest.mark.parametrize("message", messages())
def test_a_message_of_the_guide_is_one_of_the_package(message: str) -> None:
    sources = (ROOT / "src" / "katsaus").rglob("*")
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.suffix in {".py", ".lua"})
    assert [part for part in message.split("…") if part.strip(" :") not in said] == []
