"""Where figures come from, by the name that the command line uses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from katsaus.errors import DiskFullError, OutputError, Problem, UsageError
from katsaus.sources.kela import fetch_kela
from katsaus.sources.request import Fetching, Tell
from katsaus.sources.snapshot import FOLDER
from katsaus.sources.statfin import fetch_statfin

SOURCES: dict[str, Callable[..., list[Path]]] = {"statfin": fetch_statfin, "kela": fetch_kela}
"""Each takes the project's root, a Fetching and `tell`, and returns the sidecars of the snapshots that it wrote."""

ADDRESSES = {"statfin": "KATSAUS_STATFIN_URL", "kela": "KATSAUS_KELA_URL"}
"""Variables of the environment that replace the address of a source, for tests and mirrors."""


def fetch(root: Path, wish: Fetching, *, source: str, tell: Tell) -> list[Path]:
    """Sidecars of the snapshots that `source` gave for `wish`; none where it has nothing new.

    Raises UsageError for an unknown source or a wish that it can't fulfil, SourceError when it does not answer or not
    as promised, OutputError when it can't be written; snapshots that were written before stay.
    """
    if source not in SOURCES:
        raise UsageError(Problem("there is no such source", do=f"choose of {', '.join(SOURCES)}"))
    address = wish.base_url or os.environ.get(ADDRESSES.get(source, "")) or None
    try:
        return SOURCES[source](root, replace(wish, base_url=address), tell=tell)
    except OSError as error:
        kind = DiskFullError if error.errno == errno.ENOSPC else OutputError
        why = error.strerror or ""
        raise kind(Problem("what was fetched can't be written", FOLDER, why, "make room, and fetch again")) from None
