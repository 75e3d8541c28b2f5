"""Copies of the tiny project, fresh and built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tiny_project import Done, Tiny, copy_tiny


@pytest.fixture(scope="session")
def tiny_saved(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The tiny project with its vintage, and nothing built. Not to be changed."""
    return copy_tiny(root, tmp_path_factory.mktemp("saved") / "tiny")


@pytest.fixture
def tiny(tiny_saved: Tiny, tmp_path: Path) -> Tiny:
    return Tiny(Path(shutil.copytree(tiny_saved.folder, tmp_path / "tiny")))


@pytest.fixture(scope="session")
def tiny_built(tiny_saved: Tiny, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiny, Done]:
    """The tiny project with its pages of April 2021 built, and what the build said. Not to be changed."""
    project = Tiny(Path(shutil.copytree(tiny_saved.folder, tmp_path_factory.mktemp("built") / "tiny")))
    done = project.build("--strict", "--month", "2021-04")
    assert done.code == 0, done.said
    return project, done
