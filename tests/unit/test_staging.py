"""The site is swapped in whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from katsaus.errors import BuildError, DiskFullError, OutputError, Problem, RenderError
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
    fail(out, made=1)
    assert (out / "fi/index.html").read_text() == "old"
    assert (out.parent / "_site.failed/made").is_file()
    with staged(out, ENTRIES, keep=False):
        pass
    assert folders(out) == ["_site"]


def test_an_error_before_any_page_leaves_nothing(out: Path) -> None:
    fail(out, made=0)
    assert folders(out) == ["_site"]


def fail(out: Path, *, made: int) -> None:
    def build() -> None:
        with staged(out, ENTRIES, keep=False) as new:
            (new / "made").write_text("x", encoding="utf-8")
            raise BuildError([RenderError(Problem("a page failed"))], made)

    with pytest.raises(BuildError):
        build()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_a_swap_that_is_cut_short_is_undone(
    out: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if ".new-" in self.name:
            raise kind
        return rename(self, target)

    with pytest.raises(kind), staged(out, ENTRIES, keep=False):
        monkeypatch.setattr(Path, "rename", interrupted)
    assert (out / "fi/index.html").read_text() == "old"
    assert folders(out) == ["_site"]


def test_a_site_that_a_killed_swap_moved_away_is_put_back(out: Path) -> None:
    out.rename(out.with_name("_site.old"))
    fail(out, made=0)
    assert (out / "fi/index.html").read_text() == "old"
    assert folders(out) == ["_site"]


def test_builds_into_one_folder_take_turns(out: Path) -> None:
    with (
        staged(out, ENTRIES, keep=True),
        pytest.raises(OutputError, match="another build"),
        staged(out, ENTRIES, keep=True),
    ):
        pytest.fail("the second must not begin")
    assert folders(out) == ["_site"]


def test_what_is_no_fault_of_the_disk_stays_a_bug(out: Path) -> None:
    with pytest.raises(FileNotFoundError), staged(out, ENTRIES, keep=False):
        subprocess.run(["/nowhere/pandoc"], check=True)


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
        raise OSError(code, os.strerror(code), str(out.parent / "_site.new-1/fi"))
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


def test_what_a_killed_build_left_is_cleared(out: Path) -> None:
    out.with_name("_site.new-123").mkdir()
    with staged(out, ENTRIES, keep=False):
        pass
    assert folders(out) == ["_site"]
