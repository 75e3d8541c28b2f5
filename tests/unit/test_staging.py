"""The site is swapped in whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from katsaus.errors import DiskFullError, OutputError, Problem, RenderError
from katsaus.site.staging import make_way, staged

ENTRIES = ("fi", "sv", "index.html")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    site = tmp_path / "_site"
    (site / "fi").mkdir(parents=True)
    (site / "fi/index.html").write_text("old", encoding="utf-8")
    return site


def folders(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


def test_a_new_site_takes_the_place_of_the_old(out: Path) -> None:
    with staged(out, ENTRIES, keep=False) as new:
        (new / "sv").mkdir()
        assert (out / "fi/index.html").read_text() == "old"
    assert [path.name for path in out.iterdir()] == ["sv"]
    assert folders(out) == ["_site"]


def test_a_kept_site_shares_no_changes_with_the_old_before_the_swap(out: Path) -> None:
    with staged(out, ENTRIES, keep=True) as new:
        make_way(new / "fi")
        (new / "fi/index.html").write_text("new", encoding="utf-8")
        assert (out / "fi/index.html").read_text() == "old"
    assert (out / "fi/index.html").read_text() == "new"


def test_an_error_leaves_the_old_site_and_what_was_made(out: Path) -> None:
    with pytest.raises(RenderError), staged(out, ENTRIES, keep=False) as new:
        (new / "made").write_text("x", encoding="utf-8")
        raise RenderError(Problem("a page failed"))
    assert (out / "fi/index.html").read_text() == "old"
    assert (out.parent / "_site.failed/made").is_file()
    with staged(out, ENTRIES, keep=False):
        pass
    assert folders(out) == ["_site"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EFBIG, DiskFullError),
        (errno.EROFS, OutputError),
    ],
)
def test_what_the_disk_refuses_is_told_and_leaves_nothing(out: Path, code: int, kind: type[OutputError]) -> None:
    with pytest.raises(kind) as error, staged(out, ENTRIES, keep=False):
        raise OSError(code, os.strerror(code))
    assert type(error.value) is kind
    assert os.strerror(code) in str(error.value)
    assert (out / "fi/index.html").read_text() == "old"
    assert folders(out) == ["_site"]


def test_a_bug_leaves_the_old_site_and_keeps_its_name(out: Path) -> None:
    with pytest.raises(ZeroDivisionError), staged(out, ENTRIES, keep=False):
        raise ZeroDivisionError
    assert folders(out) == ["_site"]


def test_what_is_not_a_site_is_never_replaced(out: Path) -> None:
    (out / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="thesis"), staged(out, ENTRIES, keep=False):
        pytest.fail("the block must not run")
    assert (out / "thesis.docx").is_file()


def test_what_a_killed_build_left_is_cleared_and_a_living_one_is_let_be(out: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, living = (out.with_name(f"_site.new-{number}") for number in (dead.pid, os.getppid()))
    left.mkdir()
    living.mkdir()
    with staged(out, ENTRIES, keep=False):
        pass
    assert not left.exists()
    assert living.exists()
    shutil.rmtree(living)
