"""Warnings gathered, and in a strict build fatal."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from katsaus.errors import Problem, StrictError


class _Gatherer(logging.Handler):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(logging.WARNING)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        self._problems.append(Problem(record.getMessage().strip()))


@contextlib.contextmanager
def gathered_warnings(*, strict: bool) -> Iterator[list[Problem]]:
    """Gather what is logged as a warning or issued by `warnings` in the block, from every thread.

    With `strict`, StrictError is raised with all of them before the block's caller goes on.
    """
    problems: list[Problem] = []
    gatherer, root = _Gatherer(problems), logging.getLogger()
    logging.captureWarnings(True)
    root.addHandler(gatherer)
    try:
        yield problems
    finally:
        root.removeHandler(gatherer)
        logging.captureWarnings(False)
    if strict and problems:
        raise StrictError(problems)
