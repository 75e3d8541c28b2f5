"""The project as it is, and small stores to damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_store import Store

from katsaus.config.project import Project, load_project


@pytest.fixture(scope="session")
def project(root: Path) -> Project:
    return load_project(root)


@pytest.fixture
def store(project: Project, tmp_path: Path) -> Store:
    return Store(project, tmp_path / "small")
