"""What is wanted of a source on the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from katsaus.config.findings import Reader


class Tell(Protocol):
    """Is told of progress: what is being fetched, how many steps of it are `done` and how many there are in all."""

    def __call__(self, what: str, *, done: int, total: int) -> None:
        """Tell of `what`."""


@dataclass(frozen=True)
class Fetching:
    """A wish. `first` and `last` are months ("2021-03"), both included; without them all that belongs to the series.

    `tables` are those of the source ("12r5"), all of them if empty; `files` are what a deliverer sent; `today` is
    written down as the day of retrieval; `base_url` replaces the source's own address, for tests and mirrors;
    `lang` is the language in which what is found in delivered files is told.
    """

    today: date
    tables: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    first: str | None = None
    last: str | None = None
    base_url: str | None = None
    lang: Reader = "en"
