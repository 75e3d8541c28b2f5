import contextlib
import json
import math
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, wait
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from katsaus.config.matrix import Page
from katsaus.errors import CellError, KatsausError, PageMemoryError, PageTimeoutError
from katsaus.notebooks.execute import page_pool, run_page
from katsaus.notebooks.pool import WarmPool

PARAMETERS = new_code_cell('area = "x"\nmonth = "y"\nlang = "z"', metadata={"tags": ["parameters"]})

SPAN = "(lambda time: (time.monotonic(), time.sleep(0.4), time.monotonic()))(__import__('time'))"
PATIENCE = 60
"""Seconds that are waited for what a busy machine does late."""


@pytest.fixture(scope="module")
def pool() -> Iterator[WarmPool]:
    with WarmPool(None, jobs=2, seconds=120, megabytes=300) as pool:
        yield pool


def page(root: Path, *sources: str) -> Page:
    """A page whose notebook has `sources` after its parameters."""
    (root / "notebooks").mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=[PARAMETERS, *map(new_code_cell, sources)]), root / "notebooks/small.ipynb")
    return Page("small", "helsinki", "2023-06", "fi", "", False)


def outcome(pool: WarmPool, root: Path, *sources: str) -> dict[str, Any]:
    return pool.submit(run_page, page(root, *sources), root, executor="fork").result().notebook


def failure(pool: WarmPool, root: Path, kind: type[KatsausError], *sources: str) -> str:
    with pytest.raises(kind) as caught:
        outcome(pool, root, *sources)
    assert type(caught.value) is kind
    return str(caught.value)


def test_a_page_comes_back_executed(pool: WarmPool, tmp_path: Path) -> None:
    done = outcome(pool, tmp_path, "print(area, month, lang)")
    assert done["cells"][2]["outputs"][0]["text"] == "helsinki 2023-06 fi\n"
    assert done["metadata"]["katsaus"]["prepared"] is True
    assert json.loads(json.dumps(done)) == done


def test_a_page_gives_the_same_bytes_twice(pool: WarmPool, tmp_path: Path) -> None:
    small = page(tmp_path, "import pandas as pd", "pd.DataFrame({'a': [1]})", "hash('a'), {'b', 'a', 'c'}")
    first, second = (pool.submit(run_page, small, tmp_path, executor="fork").result().notebook for _ in range(2))
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("source", ["while True: pass", "import time\ntime.sleep(99)"])
def test_a_cell_that_hangs_is_stopped_and_named(tmp_path: Path, source: str) -> None:
    with WarmPool(None, jobs=1, seconds=4, megabytes=300) as pool:
        message = failure(pool, tmp_path, PageTimeoutError, "1", source)
    assert message.startswith(
        "notebooks/small.ipynb cell 3 · helsinki · 2023-06 · fi: the page takes longer than 4 seconds"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import numpy\nnumpy.ones(10**9)",
        "kept = []\nwhile True: kept.append(bytearray(10**6))",
        "kept = []\nwhile True: kept.append(object())",
        "bytes(10**12)",
    ],
)
def test_a_cell_that_eats_memory_is_stopped_and_named(pool: WarmPool, tmp_path: Path, source: str) -> None:
    assert failure(pool, tmp_path, PageMemoryError, source).startswith("notebooks/small.ipynb cell 2 · helsinki")


def test_a_cell_that_raises_is_named(pool: WarmPool, tmp_path: Path) -> None:
    assert "cell 2 · helsinki · 2023-06 · fi: ZeroDivisionError" in failure(pool, tmp_path, CellError, "1/0")


@pytest.mark.parametrize(
    ("source", "kind", "how"),
    [
        ("import ctypes\nctypes.string_at(0)", CellError, "by SIGSEGV"),
        ("import os\nos.abort()", CellError, "by SIGABRT"),
        ("import os\nos._exit(3)", CellError, "with status 3"),
        ("import signal\nsignal.raise_signal(signal.SIGKILL)", PageMemoryError, "want of memory"),
    ],
)
def test_a_cell_that_kills_python_is_named(
    pool: WarmPool, tmp_path: Path, source: str, *, kind: type[KatsausError], how: str
) -> None:
    message = failure(pool, tmp_path, kind, source)
    assert "cell 2 · helsinki" in message
    assert how in message


FORBIDDEN = {
    "open('/etc/passwd')": "opens no files",
    "open('figures.csv', 'w')": "opens no files",
    "import pathlib; pathlib.Path('notebooks/small.ipynb').read_text()": "opens no files",
    "import os; os.listdir('/')": "opens no files",
    "import tempfile; tempfile.mkstemp()": "No usable temporary directory",
    "import pandas; pandas.read_csv('/etc/hosts')": "opens no files",
    "import os; os.remove('/nothing')": "opens no files",
    "import katsaus; open(katsaus.__file__, 'a')": "opens no files",
    "import socket; socket.create_connection(('127.0.0.1', 9))": "no network",
    "import socket; socket.getaddrinfo('localhost', 80)": "no network",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')": "no network",
    "import os; os.system('true')": "starts no programs",
    "import subprocess; subprocess.run(['true'])": "starts no programs",
    "!true": "starts no programs",
    "import os; os.fork()": "starts no programs",
    "import os; os.kill(os.getppid(), 9)": "starts no programs",
}


@pytest.mark.parametrize("source", FORBIDDEN)
def test_a_notebook_stays_within_its_process(pool: WarmPool, tmp_path: Path, source: str) -> None:
    assert FORBIDDEN[source] in failure(pool, tmp_path, CellError, source)


def test_what_notebooks_do_every_day_is_allowed(pool: WarmPool, tmp_path: Path) -> None:
    done = outcome(
        pool,
        tmp_path,
        "import colorsys, wave, inspect, zoneinfo, pandas as pd, altair as alt\nfrom pandas.io.formats import style",
        "def f():\n    return 1\ninspect.getsource(f), inspect.getsource(inspect.getsource)[:3]",
        "zoneinfo.ZoneInfo('Europe/Helsinki')",
        "alt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a:Q').to_dict()['mark']",
        "import babel.numbers; babel.numbers.format_decimal(1234.5, locale='se')",
        "import warnings; warnings.warn('x')",
        "%time 1",
        "pd.Series([1]).to_csv()",
    )
    assert len(done["cells"]) == 10


def test_the_warm_process_has_one_thread(pool: WarmPool) -> None:
    warm = pool.submit(os.getppid).result()
    assert len(list(Path(f"/proc/{warm}/task").iterdir())) == 1


def test_the_slow_converter_is_not_in_the_warm_process(pool: WarmPool) -> None:
    assert pool.submit(eval, "'vl_convert' in __import__('sys').modules").result() is False


def test_no_page_is_lost_because_of_another(pool: WarmPool) -> None:
    bad = [pool.submit(os._exit, 1), pool.submit(operator.mul, b"x", 10**10), pool.submit(operator.truediv, 1, 0)]
    good = [pool.submit(math.factorial, n) for n in range(20)]
    assert [future.result() for future in good] == [math.factorial(n) for n in range(20)]
    assert [type(future.exception()) for future in bad] == [CellError, PageMemoryError, ZeroDivisionError]


def test_named_arguments_arrive(pool: WarmPool) -> None:
    assert pool.submit(int, "ff", base=16).result() == 255


def test_a_bug_keeps_its_traceback(pool: WarmPool) -> None:
    error = pool.submit(operator.truediv, 1, 0).exception()
    assert "Traceback" in "".join(error.__notes__)


def test_what_waits_can_be_cancelled(pool: WarmPool) -> None:
    running = [pool.submit(time.sleep, 0.5) for _ in range(2)]
    waiting = pool.submit(time.sleep, 0)
    assert waiting.cancel()
    assert pool.submit(abs, -1).result() == 1
    wait(running)


def test_no_more_jobs_run_at_a_time_than_asked_for(pool: WarmPool) -> None:
    spans = [pool.submit(eval, SPAN) for _ in range(4)]
    begun_and_ended = [span.result() for span in spans]
    assert max(sum(begun <= at < ended for begun, _, ended in begun_and_ended) for at, *_ in begun_and_ended) == 2


def test_left_in_order_it_finishes_and_left_by_an_error_it_ends() -> None:
    with WarmPool(None, jobs=1) as pool:
        pids = [pool.submit(os.getppid).result()]
        last = pool.submit(time.sleep, 0.2)
    assert last.done()
    with pytest.raises(KeyboardInterrupt), WarmPool(None, jobs=2) as pool:  # noqa: PT012  (leaving it is what is tested)
        pids.append(pool.submit(os.getppid).result())
        hanging = [pool.submit(time.sleep, 99) for _ in range(3)]
        pids += children(pids[-1], number=2)
        raise KeyboardInterrupt
    assert all(future.cancelled() or isinstance(future.exception(), BrokenExecutor) for future in hanging)
    assert gone(pids)
    with pytest.raises(RuntimeError):
        pool.submit(abs, 1)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_when_the_owner_is_killed(sign: signal.Signals) -> None:
    code = (
        "import os, time\nfrom katsaus.notebooks.pool import WarmPool\nwith WarmPool(None) as pool:\n"
        "    print(pool.submit(os.getppid).result(), flush=True)\n"
        "    pool.submit(time.sleep, 50)\n    pool.submit(time.sleep, 50).result()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as owner:
        assert owner.stdout is not None
        warm = int(owner.stdout.readline())
        pids = [warm, *children(warm, number=2)]
        owner.send_signal(sign)
    assert gone(pids)


def test_children_of_a_killed_warm_process_are_gone_and_their_jobs_told() -> None:
    with WarmPool(None) as pool:
        warm = pool.submit(os.getppid).result()
        hanging = pool.submit(time.sleep, 50)
        pids = [warm, *children(warm, number=1)]
        os.kill(warm, signal.SIGKILL)
        assert isinstance(hanging.exception(timeout=60), BrokenExecutor)
        with pytest.raises(BrokenExecutor):
            pool.submit(abs, 1)
    assert gone(pids)


def test_a_project_that_cannot_be_loaded_is_told_to_every_job(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("a: 1\na: 2\n")
    with WarmPool(tmp_path) as pool:
        futures: list[Future[int]] = []
        with contextlib.suppress(KatsausError):
            futures += [pool.submit(abs, n) for n in (1, 2)]
        assert all(isinstance(future.exception(), KatsausError) for future in futures)


def test_nbclient_can_be_chosen(tmp_path: Path) -> None:
    small = page(tmp_path, "print(area)")
    with page_pool(tmp_path, jobs=1, executor="nbclient") as pool:
        done = pool.submit(run_page, small, tmp_path, executor="nbclient").result().notebook
    assert done["cells"][2]["outputs"][0]["text"] == "helsinki\n"


def children(pid: int, *, number: int) -> list[int]:
    """The child processes, once there are as many as should be."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        if len(found) == number:
            return found
        time.sleep(0.05)
    pytest.fail(f"{len(found)} children, not {number}")


def gone(pids: list[int]) -> bool:
    """Whether the processes end; one that only waits to be collected has."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not [pid for pid in pids if alive(pid)]:
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
