"""A fetch that is killed, as a power cut would kill it, goes on where it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from server import PxServer, running
from statfin_tables import tables

FETCH = """
import sys
from datetime import date
from pathlib import Path
from katsaus.sources.request import Fetching
from katsaus.sources.statfin import fetch_statfin

wish = Fetching(date(2026, 8, 1), tables=("12r5",), base_url=sys.argv[2])
fetch_statfin(Path(sys.argv[1]), wish, tell=lambda *_, **__: None)
"""
KILLED_AFTER = (3, 4)
"""Answered queries of a run before it is killed."""


def start(project: Path, server: PxServer) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", FETCH, str(project), server.url])


def kept(project: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in sorted((project / "data" / "sources").rglob("*.*")) if path.is_file()
    }


def server(root: Path) -> PxServer:
    """One month a query, slowly; calls are not limited, so that the test need not wait for a minute to pass."""
    made = PxServer(tables(root, count=10))
    made.limits |= {"maxCells": 23 * 10, "maxCalls": 10_000, "timeWindow": 1}
    made.pause = 0.05
    return made


def test_a_killed_run_ends_with_the_same_bytes_and_asks_for_no_kept_part_again(root: Path, project: Path) -> None:
    with running(calm := server(root)):
        assert start(project, calm).wait(30) == 0
    undisturbed = kept(project)
    queries = [query for query, _ in calm.seen.answered.items()]
    assert len(queries) == 10
    for path in (project / "data" / "sources" / "statfin").glob("*.*"):
        if path.is_file():
            path.unlink()

    with running(harsh := server(root)):
        for count in KILLED_AFTER:
            harsh.seen.answered.clear()
            reached = threading.Event()
            harsh.after_query = lambda n, count=count, reached=reached: reached.set() if n == count else None
            run = start(project, harsh)
            assert reached.wait(30)
            os.kill(run.pid, signal.SIGKILL)
            assert run.wait(30) == -signal.SIGKILL
            assert not [name for name in kept(project) if name.endswith((".gz", ".yml"))]
        parts = [name for name in kept(project) if name.endswith(".json")]
        assert len(parts) >= sum(KILLED_AFTER) - len(KILLED_AFTER), "what was answered is kept, but the last"
        harsh.seen.answered.clear()
        harsh.after_query = lambda _: None
        assert start(project, harsh).wait(30) == 0
    assert kept(project) == undisturbed
    assert set(harsh.seen.answered) == set(queries[len(parts) :])
    assert set(harsh.seen.answered.values()) == {1}


def command(project: Path, server: PxServer) -> subprocess.Popen[bytes]:
    """The real command, which fetches all tables."""
    environment = {"KATSAUS_STATFIN_URL": server.url, "SOURCE_DATE_EPOCH": "1785542400"}
    katsaus = str(Path(sys.executable).with_name("katsaus"))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([katsaus, "fetch", "statfin"], cwd=project, env=os.environ | environment, **quiet)  # type: ignore[call-overload]


def test_a_killed_command_ends_with_the_same_bytes(root: Path, project: Path) -> None:
    shutil.copy(root / "_quarto.yml", project)
    undisturbed = project.with_name("undisturbed")
    shutil.copytree(project, undisturbed)
    with running(calm := server(root)):
        assert command(undisturbed, calm).wait(30) == 0
    asked = set(calm.seen.answered)

    with running(harsh := server(root)):
        reached = threading.Event()
        harsh.after_query = lambda n: reached.set() if n == len(asked) // 2 else None
        run = command(project, harsh)
        assert reached.wait(30)
        os.kill(run.pid, signal.SIGKILL)
        assert run.wait(30) == -signal.SIGKILL
        answered = set(harsh.seen.answered)
        harsh.seen.answered.clear()
        harsh.after_query = lambda _: None
        assert command(project, harsh).wait(30) == 0
    assert kept(project) == kept(undisturbed)
    assert len([name for name in kept(project) if name.endswith(".yml")]) == 3
    assert len(asked & answered & set(harsh.seen.answered)) <= 1, "the one that was answered as it was killed"
