"""The one place that knows what time it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def fixed_moment() -> datetime | None:
    """The moment that `SOURCE_DATE_EPOCH` (seconds since 1970) fixes, in UTC; None where it is not set.

    A build writes no other time anywhere, so that the same inputs give the same bytes.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() else None


def today() -> date:
    """The day that snapshots and vintages are dated with: that of `fixed_moment`, or today's."""
    return (fixed_moment() or datetime.now(UTC)).date()
