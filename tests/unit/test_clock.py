"""The one place that knows the time: fixed by SOURCE_DATE_EPOCH, or not told at all."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

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


@pytest.mark.parametrize(
    ("seconds", "day"),
    [
        ("1679788799", date(2023, 3, 25)),  # in Helsinki it is the 26th, and an hour is skipped that night
        ("1679792400", date(2023, 3, 26)),
        ("1698537599", date(2023, 10, 28)),  # the night with an hour twice
        ("1709164800", date(2024, 2, 29)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_day_is_the_same_in_every_time_zone(
    monkeypatch: pytest.MonkeyPatch, seconds: str, day: date, zone: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clock.today() == day
    finally:
        monkeypatch.undo()
        time.tzset()
