"""The one place that knows the time: fixed by SOURCE_DATE_EPOCH, or not told at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from katsaus import clock


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1689919200", datetime(2023, 7, 21, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_fixed_moment(monkeypatch: pytest.MonkeyPatch, seconds: str, moment: datetime) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert clock.fixed_moment() == moment


@pytest.mark.parametrize("text", ["", "yesterday", "-1", "1.5"])
def test_what_is_no_moment_fixes_nothing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    assert clock.fixed_moment() is None


def test_nothing_is_fixed_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert clock.fixed_moment() is None
