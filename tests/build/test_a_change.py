"""A statistician's change as the authors' guide tells it: its cells, texts and note, on the built page."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from tiny_project import Tiny

MONTH = "2023-06"
BLOCK = re.compile(r"^```(python|text|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENTARY = re.compile(r"in `(reviews/commentary/[^`]+\.md)`:\n\n```text\n(.*?)```", re.DOTALL)
FOUND = {
    "fi": (
        "Avoimet työpaikat kuukauden lopussa",
        r"Koko maassa avoimia työpaikkoja oli ([\d\s]*\d)\.",
        "laskentapäivän tilannetta.",
    ),
    "sv": (
        "Lediga jobb i slutet av månaden",
        r"I hela landet fanns det ([\d\s]*\d) lediga jobb\.",
        "läget på månadens beräkningsdag.",
    ),
}


@pytest.fixture(scope="module")
def changed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The project with the guide's change made to it and its pages of the whole trial built."""
    guide = (root / "docs" / "authors-guide.md").read_text(encoding="utf-8")
    example = guide.partition("\n## A change, whole\n")[2].partition("\n## ")[0]
    blocks = BLOCK.findall(example)
    project = _copy(root, tmp_path_factory.mktemp("changed"))
    _add_cells(project.folder / "notebooks" / "review.ipynb", [source for kind, source in blocks if kind == "python"])
    for name, text in COMMENTARY.findall(example):
        path = project.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (note,) = (source for kind, source in blocks if kind == "yaml")
    with (project.folder / "reviews" / "notes.yml").open("a", encoding="utf-8") as notes:
        notes.write(f"\n{note}")
    done = project.build("--strict", "--month", MONTH, "--area", "trial", "--html")
    assert done.code == 0, done.said
    return project


def _copy(root: Path, to: Path) -> Tiny:
    for name in ("reviews", "notebooks", "data"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "commentary"))
    for file in root.glob("_quarto*.yml"):
        shutil.copy(file, to)
    return Tiny(to)


def _add_cells(notebook: Path, sources: list[str]) -> None:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"new-{n}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for n, source in enumerate(sources)
    ]
    content["cells"][-1:-1] = cells
    notebook.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_chart_sentence_and_note_are_on_the_page(changed: Tiny, lang: str) -> None:
    page = (changed.site / lang / MONTH / "index.html").read_text(encoding="utf-8")
    measure, sentence, note = FOUND[lang]
    figure = page.partition('id="fig-open-jobs"')[2].partition("</figure>")[0]
    assert "<svg" in figure
    assert measure in figure
    before, _, _ = page.partition('id="fig-open-jobs"')
    prose = html.unescape(re.sub(r"<[^>]+>", "", before))
    told = re.search(sentence, prose)
    assert told, "the sentence is not on the page"
    assert "{C12" not in page
    notes = page.partition('class="notes"')[2]
    assert notes.count(note) == 1


def test_both_pages_tell_the_same_figure(changed: Tiny) -> None:
    figures = set()
    for lang, (_, sentence, _) in FOUND.items():
        page = (changed.site / lang / MONTH / "index.html").read_text(encoding="utf-8")
        found = re.search(sentence, html.unescape(page))
        assert found
        figures.add(found[1])
    assert len(figures) == 1
