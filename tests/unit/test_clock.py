"""One clock, and one way to fix it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from katsaus import clock


def test_the_fixed_time_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1689919200")
    assert clock.now() == datetime(2023, 7, 21, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("unset", ["", None])
def test_else_it_is_the_present(monkeypatch: pytest.MonkeyPatch, unset: str | None) -> None:
    if unset is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", unset)
    before = datetime.now(UTC)
    assert before <= clock.now() <= before + timedelta(seconds=5)


def test_the_time_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert clock.now().utcoffset() == timedelta(0)
