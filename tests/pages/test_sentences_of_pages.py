"""Every sentence that a page claims is derived anew from the protected figures: numbers, direction words, areas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claims_checker import evidence_of, faults
from katsaus.config.matrix import Page
from katsaus.figures import Figures, load_figures
from katsaus.notebooks.execute import page_pool, run_page
from katsaus.output import CLAIM, prose

MONTH = "2023-06"
MARK = {"fi": r"^synteettinen\ aineisto^", "sv": r"^syntetiska\ uppgifter^"}
PROSE = prose("").mimetype
SAMPLE = ("trial", "helsinki", "kainuu", "ristijarvi", "vantaa")


@pytest.fixture(scope="module")
def figures(root: Path) -> Figures:
    return load_figures(root)


def executed(root: Path, pages: tuple[Page, ...]) -> Iterator[tuple[Page, list[dict[str, Any]]]]:
    """Each page with what its cells show, by kind."""
    with page_pool(root, jobs=2) as pool:
        running = [(page, pool.submit(run_page, page, root)) for page in pages]
        for page, done in running:
            outputs = [output for cell in done.result().notebook["cells"] for output in cell.get("outputs", ())]
            yield page, [output.get("data", {}) for output in outputs]


def claims_in(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [data[CLAIM] for data in shown if CLAIM in data]


@pytest.mark.parametrize("areas", [SAMPLE, pytest.param((), marks=pytest.mark.slow)], ids=["some areas", "every area"])
def test_every_sentence_agrees_with_the_protected_figures(root: Path, figures: Figures, areas: tuple[str, ...]) -> None:
    """And each paragraph of a page ends with the mark of synthetic figures exactly where it tells one."""
    pages = figures.project.matrix.select([MONTH], areas)
    wrong: list[str] = []
    made: dict[str, int] = {}
    marked = 0
    for page, shown in executed(root, pages):
        for claim in claims_in(shown):
            made[claim["kind"]] = made.get(claim["kind"], 0) + 1
            wrong.extend(
                f"{page.name}: {fault}: {claim['sentence']}" for fault in faults(claim, evidence_of(claim, figures))
            )
        for paragraph, synthetic in told(shown, figures.synthetic):
            marked += synthetic
            if paragraph.endswith(MARK[page.lang]) is not synthetic:
                wrong.append(f"{page.name}: {'no mark' if synthetic else 'a mark'}: {paragraph}")
    assert wrong == []
    assert {"level", "change", "direction", "rank"} <= made.keys()
    assert sum(made.values()) > 5 * len(SAMPLE)
    assert marked > 10


def told(shown: list[dict[str, Any]], synthetic: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Each generated paragraph that tells what is claimed, and whether one of its claims is of synthetic figures."""
    claims = claims_in(shown)
    for data in shown:
        for paragraph in data.get(PROSE, {"text": ""})["text"].split("\n\n"):
            held = {claim["source"] for claim in claims if claim["sentence"].rstrip(".") in paragraph}
            if held:
                yield paragraph, bool(held & synthetic)
