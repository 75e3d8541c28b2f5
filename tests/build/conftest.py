"""Copies of the tiny project, fresh and built."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_project import Done, Tiny, copy_tiny


@pytest.fixture
def tiny(root: Path, tmp_path: Path) -> Tiny:
    return copy_tiny(root, tmp_path / "tiny")


@pytest.fixture(scope="session")
def tiny_built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiny, Done]:
    """The tiny project with its pages of April 2021 built, and what the build said. Not to be changed."""
    project = copy_tiny(root, tmp_path_factory.mktemp("built") / "tiny")
    done = project.build("--strict", "--month", "2021-04")
    assert done.code == 0, done.said
    return project, done
