"""The pages of the site, each read once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from page_reader import Pages


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    found = Pages(site)
    assert len(found.addresses) > 15
    return found
