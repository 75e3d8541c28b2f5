"""A pool of forks: `concurrent.futures` in front, the warm process behind.

The process is started at once and warms up while its owner does other things. A job that hangs, eats memory or
crashes is answered with an error of `katsaus.errors` and takes no other along.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing import Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from katsaus.notebooks.warm import FATAL

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 60.0
MEGABYTES = 1024


class WarmPool(Executor):
    """Runs functions of modules in forks of one warm process, `jobs` at a time.

    `root` is the project whose figures the warm process loads; without it none are. A job may take `seconds` of time
    and `megabytes` of memory beyond the warm process' own.
    """

    def __init__(
        self, root: Path | None, *, jobs: int = 2, seconds: float = SECONDS, megabytes: int = MEGABYTES
    ) -> None:
        self._jobs = jobs
        self._waiting: deque[tuple[Future[Any], bytes]] = deque()
        self._running: dict[int, Future[Any]] = {}
        self._number = 0
        self._closing = False
        self._broken: BaseException | None = None
        self._lock = threading.RLock()
        self._link, theirs = Pipe()
        where = root and str(root.absolute())
        options = {"link": theirs.fileno(), "root": where, "seconds": seconds, "megabytes": megabytes}
        options["rehearse"] = jobs > 1  # worth its time where several pages profit
        self._process = _start_warm(options, theirs.fileno())
        theirs.close()
        self._reader = threading.Thread(target=self._read, name="katsaus-pool", daemon=True)
        self._reader.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn`, a function of a module, called in a fork; its arguments and its result are pickled."""
        work = pickle.dumps((fn, args, kwargs))
        future: Future[T] = Future()
        with self._lock:
            if self._broken:
                raise self._broken
            if self._closing:
                raise RuntimeError("the pool is shut down")
            self._waiting.append((future, work))
            self._fill()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End once the submitted jobs are done; without those that have not begun if `cancel_futures`."""
        with self._lock:
            self._closing = True
            while cancel_futures and self._waiting:
                self._waiting.popleft()[0].cancel()
            self._close_if_done()
        if wait:
            self._reader.join()
            self._process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave when all is done, or, left by an error such as Ctrl-C, at once."""
        if kind is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # with all its forks
        self.shutdown(wait=True, cancel_futures=kind is not None)

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._jobs:
            future, work = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                self._number += 1
                self._running[self._number] = future
                self._send((self._number, work))

    def _send(self, message: tuple[int, bytes] | None) -> None:
        with contextlib.suppress(OSError):  # a warm process that is gone is noticed by the reader
            self._link.send(message)

    def _read(self) -> None:
        try:
            while True:
                number, answer = self._link.recv()
                self._settle(number, pickle.loads(answer))
        except (EOFError, OSError):
            self._break(BrokenExecutor(f"the warm process ended with status {self._process.wait()}"))
        finally:
            self._link.close()

    def _settle(self, number: int, answer: tuple[str, Any]) -> None:
        kind, content = answer
        if number == FATAL:
            self._break(content)
            return
        with self._lock:
            future = self._running.pop(number)
            self._fill()
            self._close_if_done()
        if kind == "value":
            future.set_result(content)
        else:
            future.set_exception(content)

    def _break(self, error: BaseException) -> None:
        with self._lock:
            self._broken = self._broken or error
            begun = [future for future, _ in self._waiting if future.set_running_or_notify_cancel()]
            lost = [*self._running.values(), *begun]
            self._running.clear()
            self._waiting.clear()
        for future in lost:
            future.set_exception(self._broken)

    def _close_if_done(self) -> None:
        if self._closing and not self._running and not self._waiting:
            self._send(None)


def _start_warm(options: dict[str, Any], link: int) -> subprocess.Popen[bytes]:
    """Start the warm process, in a session of its own: Ctrl-C is for the process that can end it in order."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    threads["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # Arrow's allocator would start a thread
    # -P: what lies in the folder is no module
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "katsaus.notebooks.warm", json.dumps(options)],
        pass_fds=[link],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **threads, "PYTHONHASHSEED": "0", "TZ": "UTC"},
        start_new_session=True,
    )
