"""The scripts' folder on the path, and a small world with its extracts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from synthetic_extracts.extracts import Extract, extracts  # noqa: E402
from synthetic_extracts.world import World, read_world  # noqa: E402

from katsaus.config.contract import Contract, load_contracts  # noqa: E402


@pytest.fixture(scope="session")
def contracts() -> dict[str, Contract]:
    return load_contracts(ROOT)


@pytest.fixture(scope="session")
def small() -> World:
    """Two trial areas and five municipalities elsewhere."""
    return read_world(ROOT, areas={"KK04", "KK23"}, others=5)


@pytest.fixture(scope="session")
def made(small: World, contracts: dict[str, Contract]) -> dict[str, Extract]:
    """Extracts of the small world by contract."""
    return {extract.contract: extract for extract in extracts(small, contracts, persons=80)}
