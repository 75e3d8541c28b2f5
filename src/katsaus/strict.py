"""Warnings counted, and in a strict build fatal."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from katsaus.errors import Problem, StrictError


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[Problem] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.problems.append(Problem(record.getMessage().strip(), record.name))


@contextlib.contextmanager
def no_warnings(strict: bool) -> Iterator[None]:
    """With `strict`, raise StrictError at the end of the block with every warning that was logged or issued in it."""
    collector, root = _Collector(), logging.getLogger()
    logging.captureWarnings(True)
    root.addHandler(collector)
    try:
        yield
    finally:
        root.removeHandler(collector)
        logging.captureWarnings(False)
    if strict and collector.problems:
        raise StrictError(collector.problems)
