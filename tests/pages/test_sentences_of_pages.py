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
from katsaus.output import CLAIM

MONTH = "2023-06"
SAMPLE = ("trial", "helsinki", "kainuu", "ristijarvi", "vantaa")


@pytest.fixture(scope="module")
def figures(root: Path) -> Figures:
    return load_figures(root)


def claims_of(root: Path, pages: tuple[Page, ...]) -> Iterator[tuple[Page, dict[str, Any]]]:
    with page_pool(root, jobs=2) as pool:
        executed = [(page, pool.submit(run_page, page, root)) for page in pages]
        for page, running in executed:
            for cell in running.result().notebook["cells"]:
                for output in cell.get("outputs", ()):
                    if CLAIM in output.get("data", {}):
                        yield page, output["data"][CLAIM]


@pytest.mark.parametrize("areas", [SAMPLE, pytest.param((), marks=pytest.mark.slow)], ids=["some areas", "every area"])
def test_every_sentence_agrees_with_the_protected_figures(root: Path, figures: Figures, areas: tuple[str, ...]) -> None:
    pages = figures.project.matrix.select([MONTH], areas)
    wrong: list[str] = []
    made: dict[str, int] = {}
    for page, claim in claims_of(root, pages):
        made[claim["kind"]] = made.get(claim["kind"], 0) + 1
        wrong.extend(
            f"{page.name}: {fault}: {claim['sentence']}" for fault in faults(claim, evidence_of(claim, figures))
        )
    assert wrong == []
    assert {"level", "change", "direction", "rank"} <= made.keys()
    assert sum(made.values()) > 5 * len(SAMPLE)
