"""A project of six municipalities, and Statistics Finland with tables for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from server import Hourglass, PxServer, running
from statfin_tables import tables


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A folder with what fetching reads: the tiny project's areas, and the contracts."""
    shutil.copytree(root / "tests" / "tiny" / "reviews", tmp_path / "project" / "reviews")
    shutil.copytree(root / "data" / "contracts", tmp_path / "project" / "data" / "contracts")
    return tmp_path / "project"


@pytest.fixture
def glass() -> Hourglass:
    return Hourglass()


@pytest.fixture
def statfin(root: Path, glass: Hourglass) -> Iterator[PxServer]:
    server = PxServer(tables(root), now=glass.now)
    with running(server):
        yield server
