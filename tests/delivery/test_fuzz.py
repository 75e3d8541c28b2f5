"""Whatever arrives: a clean table or findings, never a crash, never a figure in a message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import damaged_files
import pytest
from damaged_files import damaged, receive_damaged

FILES = 10_000
BATCH = 500


def test_a_hundred_damaged_files(tmp_path: Path) -> None:
    met = Counter(code for seed in range(100) for code in receive_damaged(seed, tmp_path))
    assert 5 < met["clean"] < 95
    assert len(met) > 20


def test_a_seed_gives_the_same_file() -> None:
    assert [damaged(seed) for seed in range(20)] == [damaged(seed) for seed in range(20)]


@pytest.mark.slow
def test_ten_thousand_damaged_files_within_limits_of_memory_and_time(tmp_path: Path) -> None:
    def batch(first: int) -> dict[str, object]:
        command = [sys.executable, damaged_files.__file__, str(tmp_path), str(first), str(first + BATCH)]
        limits = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, env=os.environ | limits, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"the last of these seeds ended it:\n{done.stderr[-3000:]}"
        return dict(json.loads(done.stdout))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(batch, range(0, FILES, BATCH)))
    met: Counter[str] = Counter()
    for result in results:
        met.update(result["met"])  # type: ignore[call-overload]
        assert int(str(result["peak"])) <= damaged_files.ADDRESSES
    assert met["clean"] > FILES // 10
    assert len(met) > 50
