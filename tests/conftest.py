"""What tests of several kinds share: the repository, and one site built from it once a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MONTH = "2023-06"
AREAS = ("trial", "helsinki", "kainuu", "hanko-raasepori", "ristijarvi", "kajaani", "vantaa")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--site DIR` takes a built site instead of building one, for quick rounds while working on pages."""
    parser.addoption("--site", type=Path, help="a built site to test, instead of building one")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their event loop stays in the process."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site: general pages, review, Kela, comparison, three areas and three municipalities of June 2023 in both
    languages, PDFs included.
    """
    if given := request.config.getoption("--site"):
        return Path(given).resolve()
    out = tmp_path_factory.mktemp("build") / "site"
    choice = [word for area in AREAS for word in ("--area", area)]
    command = [str(Path(sys.executable).with_name("katsaus")), "build", "--strict", "--month", MONTH, *choice]
    done = subprocess.run([*command, "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the site can't be built:\n{done.stdout}\n{done.stderr}"
    return out
