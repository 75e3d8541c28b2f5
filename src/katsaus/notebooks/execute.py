"""One page, from the notebook in notebooks/ to the executed notebook, and the pools that do many of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from nbformat import NotebookNode

from katsaus.config.matrix import Page
from katsaus.notebooks import warm
from katsaus.notebooks.pool import WarmPool
from katsaus.notebooks.prepare import finish, prepare

Way = Literal["fork", "nbclient"]
"""How cells are run: in a fork of the warm process, or by nbclient in a kernel each."""

DEFAULT: Way = "fork" if hasattr(os, "fork") else "nbclient"


def page_pool(root: Path, *, jobs: int, executor: Way = DEFAULT) -> Executor:
    """The pool to submit `run_page` to, `jobs` pages at a time. Left by an error, its `with` ends what still runs."""
    if executor == "fork":
        return WarmPool(root, jobs=jobs)
    return ThreadPoolExecutor(jobs)  # the kernels are processes already


@dataclass(frozen=True)
class Executed:
    """The executed, finished notebook of a page as what json can write, and the seconds it took."""

    notebook: dict[str, Any]
    seconds: float


def run_page(page: Page, root: Path, *, executor: Way = DEFAULT) -> Executed:
    """Execute the notebook of `page`.

    Raises NotebookError and its kinds, or an error of the project that a cell raised, each naming page and cell.
    """
    started = perf_counter()
    warm.report(page.name)
    prepared = prepare(root / page.path, page)
    notebook = finish(_runner(executor)(prepared, warm.report))
    return Executed(notebook, perf_counter() - started)


def _runner(executor: Way) -> Callable[[NotebookNode, Callable[[str], None]], NotebookNode]:
    """The function that runs the cells; imported here because the process that only submits needs neither."""
    if executor == "nbclient":
        from katsaus.notebooks import reference  # noqa: PLC0415

        return reference.run_notebook
    from katsaus.notebooks import guard, run  # noqa: PLC0415

    guard.forbid()
    return run.run_notebook
