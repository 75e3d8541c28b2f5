"""What every figure of an indicator is told with: its notes, whatever part of it is shown, and that it is synthetic."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from katsaus.config.project import Project, load_project
from page_reader import LANGS, PageReader, Pages

SYNTHETIC = {"fi": "synteettinen aineisto", "sv": "syntetiska uppgifter"}
AREAS = 25
FLOWS = ("C04", "C05", "C13", "C14")
FIGURE = re.compile(r"^[+−]?\d[\d ,]*( %| \w+)? \(")


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    return load_project(root)


def described(pages: Pages, lang: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each download with the indicators and sources of its figures, and what is noted of them."""
    for path in sorted((pages.site / lang).rglob("*.csv-metadata.json")):
        content = json.loads(path.read_text("utf-8"))
        figures = [note["figures"] for note in content["notes"]]
        yield (
            path.relative_to(pages.site).as_posix(),
            {
                "notes": content.get("dc:description", []),
                **{
                    name: sorted({one for each in figures for one in values(each[name])})
                    for name in ("indicator", "source")
                },
            },
        )


def values(told: str | dict[str, list[str]]) -> list[str]:
    return [told] if isinstance(told, str) else [one.partition(":")[0] for one in next(iter(told.values()))]


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_has_the_notes_of_its_indicator(pages: Pages, project: Project, lang: str) -> None:
    """Those that hold always and everywhere; for each part of an indicator as for the whole."""
    always = [note for note in project.notes if note.months == "all" and note.areas == "all" and not note.beside]
    looked_at = 0
    for place, about in described(pages, lang):
        keys = {key.partition(":")[0] for key in about["indicator"]}
        for note in always:
            if keys & set(note.indicators) and (note.sources == "all" or set(note.sources) & set(about["source"])):
                looked_at += 1
                assert note.text[lang] in about["notes"], f"{place}: {note.id}"
    assert looked_at > 100


def test_reasons_of_exits_are_told_to_be_unknown_for_many(project: Project) -> None:
    (unknown,) = (note for note in project.notes if note.id == "unknown-reasons")
    (registered,) = (note for note in project.notes if note.id == "flows-as-registered")
    assert set(FLOWS) <= set(unknown.indicators)
    flows = {key for key, item in project.indicators.items() if item.group == "flows" and item.sources == ("ministry",)}
    assert flows - {"C08", "C10"} <= set(registered.indicators)


def own_figures(page: PageReader) -> list[str]:
    """The paragraphs of a page of comparison that tell an area's figure above what it says that it does."""
    texts = [part.text.replace("\N{NO-BREAK SPACE}", " ").strip() for part in page.parts if part.kind == "p."]
    return [text for text in texts if FIGURE.match(text)]


def test_the_figures_beside_what_areas_do_are_marked_and_have_their_caveat(pages: Pages) -> None:
    marked: set[bool] = set()
    for place, page in pages.every():
        if not re.search(r"/vertailu/\w+$", place):
            continue
        mark = SYNTHETIC[place[:2]]
        synthetic = any(mark in part.text for part in page.parts if part.kind == "dd.value")
        figures = own_figures(page)
        assert len(figures) == AREAS, place
        assert {text.endswith(mark) for text in figures} == {synthetic}, place
        marked.add(synthetic)
        caveats = {part.text.strip() for part in page.parts if part.kind == "p.caveat"}
        assert caveats <= {part.text.strip() for part in page.parts if part.kind == "p."}, place
    assert marked == {False, True}
