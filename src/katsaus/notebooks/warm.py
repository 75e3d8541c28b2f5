"""The warm process: it imports once what notebooks import, and forks itself for each job.

``python -m katsaus.notebooks.warm '{"link": 5, …}'``, started by `katsaus.notebooks.pool`. Jobs arrive on the link as
(number, pickled function and arguments) and leave as (number, pickled ("value" | "error", …)). It has one thread: a
lock that another thread held would stay locked in the fork for ever.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from katsaus.errors import CellError, KatsausError, NotebookError, PageMemoryError, PageTimeoutError, Problem

FATAL = -1
"""The number under which the warm process tells that it can't serve at all."""

_mouth: Connection | None = None
"""In a fork: the pipe to the warm process."""

GARBAGE = 100_000
"""New objects before a fork looks for garbage: a page makes a million and ends, so that looking often is a third of its
time.
"""


def report(place: str) -> None:
    """Say where the job is now, for the message if it is stopped there. Outside a fork nobody listens."""
    if _mouth is not None:
        _mouth.send(("place", place))


@dataclass
class Child:
    """A fork at work on job `number`; `place` is where it last said it was."""

    pid: int
    number: int
    deadline: float
    place: str = ""
    answer: bytes = b""
    overdue: bool = False


@dataclass(frozen=True)
class Limits:
    """What one job may take: wall-clock seconds, and megabytes beyond what the warm process has."""

    seconds: float
    megabytes: int


class Server:
    """Forks for each job that arrives, and sees to it that each is answered."""

    def __init__(self, link: Connection, limits: Limits) -> None:
        self._link = link
        self._limits = limits
        self._children: dict[Connection, Child] = {}

    def serve(self) -> None:
        """Work until told to end or until the other end of the link is gone; then nothing is left running."""
        try:
            while True:
                for ready in wait([self._link, *self._children], self._patience()):
                    if ready is self._link:
                        job = self._link.recv()
                        if job is None:
                            return
                        self._start(*job)
                    elif isinstance(ready, Connection):
                        self._hear(ready)
                self._stop_overdue()
        except (EOFError, ConnectionError):
            return
        finally:
            for child in self._children.values():
                os.kill(child.pid, signal.SIGKILL)

    def _patience(self) -> float | None:
        deadlines = [child.deadline for child in self._children.values() if not child.overdue]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _start(self, number: int, work: bytes) -> None:
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ear)
            self._link.close()
            _be_child(Connection(mouth, readable=False), work, megabytes=self._limits.megabytes)
        os.close(mouth)
        self._children[Connection(ear, writable=False)] = Child(pid, number, time.monotonic() + self._limits.seconds)

    def _hear(self, ear: Connection) -> None:
        child = self._children[ear]
        try:
            kind, content = ear.recv()
        except (EOFError, OSError):
            del self._children[ear]
            ear.close()
            status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
            answer = child.answer or pickle.dumps(("error", self._death(child, status)))
            self._link.send((child.number, answer))
            return
        if kind == "place":
            child.place = content
        else:
            child.answer = content

    def _stop_overdue(self) -> None:
        for child in self._children.values():
            if not child.overdue and child.deadline <= time.monotonic():
                child.overdue = True
                os.kill(child.pid, signal.SIGKILL)

    def _death(self, child: Child, status: int) -> NotebookError:
        """Why a child that gave no answer ended; a negative status is the signal that killed it."""
        if child.overdue:
            what = f"the page takes longer than {self._limits.seconds:g} seconds"
            return PageTimeoutError(Problem(what, child.place, do="Look for a loop without an end."))
        if status == -signal.SIGKILL:
            return PageMemoryError(Problem("the system killed the page, most likely for want of memory", child.place))
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        return CellError(Problem(f"Python ended {how} while the cell ran", child.place))


def _be_child(mouth: Connection, work: bytes, *, megabytes: int) -> None:
    """Do the job, answer, and end without returning to the server's loop."""
    global _mouth  # noqa: PLW0603  (this process does one job)
    _mouth = mouth
    try:
        os.dup2(1, 2)  # to nowhere: what a page prints past sys.stdout reaches no log
        _die_with_parent()
        lift = _limit_memory(megabytes)
        mouth.send(("answer", _answer(work, lift)))
    finally:
        os._exit(0)


def _answer(work: bytes, lift: Callable[[], None]) -> bytes:
    try:
        function, args, named = pickle.loads(work)
        return pickle.dumps(("value", function(*args, **named)))
    except MemoryError:
        lift()
        return pickle.dumps(("error", PageMemoryError(Problem("the page wants more memory than a page may have"))))
    except KatsausError as error:
        lift()
        return pickle.dumps(("error", error))
    except BaseException as error:
        lift()
        return pickle.dumps(("error", _portable(error)))


def _portable(error: BaseException) -> BaseException:
    """A bug, with its traceback as a note, since tracebacks can't be pickled."""
    trace = "".join(traceback.format_exception(error))
    try:
        copy: BaseException = pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(trace)
    copy.add_note(trace)
    return copy


def _limit_memory(megabytes: int) -> Callable[[], None]:
    """Limit what this process may take from now on; returns what ends the limit.

    RLIMIT_DATA counts the private writable memory that a process asks for. RLIMIT_AS would count the libraries that the
    warm process has mapped as well, and a limit on resident memory does not exist. What the fork shares counts too, so
    it is added.
    """
    import resource  # noqa: PLC0415  (where there is fork there is this)

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    except FileNotFoundError:
        return lambda: None  # no Linux: the system's own limits hold
    limit = pages * os.sysconf("SC_PAGE_SIZE") + megabytes * 2**20
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _die_with_parent() -> None:
    """Let Linux kill this process when the warm one is gone, whatever became of it."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def _warm_up(root: Path | None, *, rehearse: bool) -> None:
    """Import and load what every page needs and, to `rehearse`, use it once."""
    # Comes with jupyterlab, takes 1.3 seconds, and only lets altair's jsonschema check a format that no chart has.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from katsaus.notebooks import exercise  # noqa: PLC0415  (slow, and only for the warm process)

    exercise.warm_up(root)
    if rehearse:
        exercise.rehearse()


def main() -> None:
    """Warm up, then serve; a project that can't be loaded is told under the number FATAL."""
    options = json.loads(sys.argv[1])
    link = Connection(options["link"])
    gc.disable()  # nothing that imports make is garbage
    try:
        _warm_up(Path(options["root"]) if options["root"] else None, rehearse=options["rehearse"])
    except KatsausError as error:
        link.send((FATAL, pickle.dumps(("error", error))))
        return
    if threading.active_count() > 1:
        raise RuntimeError(f"the warm process has threads: {threading.enumerate()}")
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, every object of the warm process
    gc.set_threshold(GARBAGE)
    gc.enable()
    Server(link, Limits(options["seconds"], options["megabytes"])).serve()


if __name__ == "__main__":
    from katsaus.notebooks.warm import main as importable_main  # one module, not two: `report` has state

    importable_main()
