"""Run a prepared notebook in this process, with the outputs that nbclient and ipykernel would give."""

from __future__ import annotations

import builtins
import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets import Type
from traitlets.config import Config

from katsaus.notebooks.node import node
from katsaus.notebooks.outputs import Outputs
from katsaus.notebooks.places import cell_failure, cell_place

OnCell = Callable[[str], None]
"""Is told the place of each cell before it runs."""

_PANDAS_IN_JUPYTER = ("display.max_columns", 20)
"""pandas settles this when it is imported, by whether a kernel is there."""


def run_notebook(nb: NotebookNode, on_cell: OnCell) -> NotebookNode:
    """The notebook with its code cells executed in order.

    Raises the CellError, PageMemoryError or the project's own error of the first cell that fails; none runs after it.
    """
    done = node(nb)
    with _shell() as shell:
        for cell in done.cells:
            if cell.cell_type == "code" and cell.source.strip():
                on_cell(cell_place(done, cell))
                _run_cell(shell, done, cell=cell)
    return done


def _run_cell(shell: ZmqLikeShell, nb: NotebookNode, *, cell: NotebookNode) -> None:
    shell.outputs.begin()
    shell.failure, shell.traceback = None, []
    cell.execution_count = shell.execution_count
    ran = shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
    cell.outputs = shell.outputs.end()
    raised = ran.error_before_exec or ran.error_in_exec if ran else None
    failed = shell.failure or ((type(raised).__name__, str(raised)) if raised else None)
    if failed:
        raise cell_failure(nb, cell, error=failed, traceback=shell.traceback)


class _ResultHook(DisplayHook):
    """Takes the value of a cell's last expression."""

    def start_displayhook(self) -> None:
        self._shown: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None) -> None:
        self._shown = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        data, metadata = self._shown
        if data:
            self.shell.outputs.result(  # type: ignore[union-attr]
                data, metadata, count=self.prompt_count
            )


class _Publisher(DisplayPublisher):
    """Takes what a cell displays."""

    def publish(  # type: ignore[override]  # as ipykernel's: no `source`
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        self.shell.outputs.display(data, metadata or {}, name=(transient or {}).get("display_id"), update=update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait=wait)


class ZmqLikeShell(InteractiveShell):
    """IPython without files, history or threads.

    To know that they are in a notebook, pandas looks for "zmq" in the type's name and tqdm for an IPKernelApp in the
    configuration.
    """

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **settings: Any) -> None:
        self.outputs = Outputs()
        self.failure: tuple[str, str] | None = None
        self.traceback: list[str] = []
        super().__init__(**settings)  # type: ignore[no-untyped-call]

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Make no folder in the user's home."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Read no profile: a page must not depend on who builds it."""

    def init_virtualenv(self) -> None:
        """Leave sys.path alone."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.failure, self.traceback = (etype.__name__, str(evalue)), stb
        self.outputs.error(etype.__name__, str(evalue), traceback=stb)


def make_shell() -> ZmqLikeShell:
    """Make the shell that the next notebook of this process runs in, which a warm process does before it forks."""
    settings = Config()
    settings.HistoryManager.enabled = False  # no sqlite, and with it no thread
    settings.HistoryManager.hist_file = ":memory:"
    settings.InteractiveShell.colors = "nocolor"
    settings.IPKernelApp.notebook = True
    return ZmqLikeShell.instance(config=settings)


def _usual_warnings() -> None:
    """A fresh Python's filters, whatever this process has: what a notebook prints must not depend on who runs it."""
    warnings.resetwarnings()
    for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", kind)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _write_warning  # type: ignore[assignment]  # the file it may be given is never given here


def _write_warning(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object) -> None:
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno))


@contextlib.contextmanager
def _shell() -> Iterator[ZmqLikeShell]:
    """A shell in the place of this process' own `__main__`, streams and built-ins, which come back afterwards."""
    before = sys.modules["__main__"], sys.stdout, sys.stderr, sys.excepthook, sys.path[:]
    names = {name: getattr(builtins, name) for name in ("display", "get_ipython", "_") if hasattr(builtins, name)}
    shell = ZmqLikeShell.instance() if ZmqLikeShell.initialized() else make_shell()
    sys.modules["__main__"] = shell.user_module
    sys.stdout, sys.stderr = shell.outputs.stdout, shell.outputs.stderr
    try:
        with warnings.catch_warnings(), pd.option_context(*_PANDAS_IN_JUPYTER):
            _usual_warnings()
            yield shell
    finally:
        sys.modules["__main__"], sys.stdout, sys.stderr, sys.excepthook, sys.path[:] = before
        ZmqLikeShell.clear_instance()
        for name in ("display", "get_ipython", "_"):
            if name in names:
                setattr(builtins, name, names[name])
            elif hasattr(builtins, name):
                delattr(builtins, name)
