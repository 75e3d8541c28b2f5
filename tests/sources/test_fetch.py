"""Sources by name, with their addresses from the environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from server import PxServer

from katsaus.errors import OutputError, UsageError
from katsaus.fetch import ADDRESSES, SOURCES, fetch
from katsaus.sources.request import Fetching


def test_the_environment_may_replace_an_address(
    project: Path, statfin: PxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KATSAUS_STATFIN_URL", statfin.url)
    told: list[tuple[str, int, int]] = []

    def tell(what: str, *, done: int, total: int) -> None:
        told.append((what, done, total))

    wish = Fetching(date(2026, 8, 1), tables=("12u4",))
    (path,) = fetch(project, wish, source="statfin", tell=tell).sidecars
    assert path.name == "12u4-2021-06.yml"
    assert told == [("statfin-12u4", 1, 1)]
    assert "https://pxdata.stat.fi/" in path.read_text("utf-8"), "the sidecar names the source, not its stand-in"


def test_what_cannot_be_written_is_one_message(project: Path, statfin: PxServer) -> None:
    (project / "data" / "sources").write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="what was fetched can't be written"):
        fetch(project, Fetching(date(2026, 8, 1), base_url=statfin.url), source="statfin", tell=lambda *_, **__: None)


def test_an_unknown_source_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="there is no such source"):
        fetch(project, Fetching(date(2026, 8, 1)), source="x", tell=lambda *_, **__: None)


def test_every_address_is_that_of_a_source() -> None:
    assert set(ADDRESSES) <= set(SOURCES)
