"""Run a prepared notebook through nbclient and its own kernel: the measure of `run`, and its stand-in without fork."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from katsaus.errors import CellError, PageTimeoutError, Problem
from katsaus.notebooks.node import node
from katsaus.notebooks.places import cell_failure, cell_place, page_place
from katsaus.notebooks.run import OnCell

SECONDS = 120
"""What a page may take here; a kernel alone takes several to start."""


def run_notebook(nb: NotebookNode, on_cell: OnCell, *, seconds: float = SECONDS) -> NotebookNode:
    """The notebook with its code cells executed in order; as `katsaus.notebooks.run.run_notebook`, one kernel a call.

    Raises the same errors, and PageTimeoutError when it takes longer than `seconds`.
    """
    done = node(nb)
    deadline = time.monotonic() + seconds
    now = page_place(done)
    replies: list[tuple[NotebookNode, Mapping[str, Any]]] = []

    def start(cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG001  (nbclient passes it by name)
        nonlocal now
        now = cell_place(done, cell)
        on_cell(now)

    def failed(cell: NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]) -> None:  # noqa: ARG001
        replies.append((cell, execute_reply["content"]))

    client = _client(done, deadline, on_cell_execute=start, on_cell_error=failed)
    try:
        _in_own_loop(client)
    except CellExecutionError:
        _refuse_errors(done)
        # The exception's text repeats what the cell printed; the kernel's reply does not.
        cell, reply = replies[-1]
        raise cell_failure(
            done, cell, error=(reply["ename"], reply["evalue"]), traceback=reply.get("traceback") or []
        ) from None
    except CellTimeoutError:
        raise PageTimeoutError(Problem(f"the page takes longer than {seconds:g} seconds", now)) from None
    except DeadKernelError:
        raise CellError(Problem("Python ended while the cell ran", now)) from None
    _refuse_errors(done)
    done.metadata = node(nb).metadata  # without the kernel's language and version
    return done


def _in_own_loop(client: NotebookClient) -> None:
    """Execute in a thread of its own: client.execute() leaves a loop open, and the caller may have one running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(client.async_execute())).result()


def _refuse_errors(nb: NotebookNode) -> None:
    """Raise for the first error among the outputs; a failed representation is one that nbclient lets pass."""
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise cell_failure(nb, cell, error=(output.ename, output.evalue), traceback=output.traceback) from None


def _client(nb: NotebookNode, deadline: float, **hooks: Any) -> NotebookClient:
    return NotebookClient(
        nb,
        kernel_name="python3",
        timeout_func=lambda _: max(1, int(deadline - time.monotonic())),
        force_raise_errors=True,  # a tag must not let a failed cell through
        record_timing=False,  # would differ from build to build
        coalesce_streams=True,  # which pieces arrive is chance
        store_widget_state=False,
        **hooks,
    )
