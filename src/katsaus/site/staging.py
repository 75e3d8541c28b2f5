"""The site is written beside the old one and swapped in whole: a reader meets the old or the new, never a mix."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from katsaus.errors import DiskFullError, KatsausError, OutputError, Problem

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def staged(out: Path, entries: Iterable[str], *, keep: bool) -> Iterator[Path]:
    """An empty folder (with `keep` a copy of the site at `out`) that takes the place of `out` when the block ends well.

    `entries` are the names that a site holds at its top: a folder with anything else is not a site and is never
    replaced. When the block ends with an error of the project, `out` is untouched and what was written stays in
    `<out>.failed`. Raises OutputError if the place can't be written to and DiskFullError if it is full.
    """
    new, old, failed = (out.with_name(f"{out.name}.{what}") for what in (f"new-{os.getpid()}", "old", "failed"))
    _refuse_foreign(out, frozenset(entries))
    try:
        _clear(new, old, *_left_behind(out))
        if keep and out.exists():
            shutil.copytree(out, new, copy_function=os.link)
        else:
            new.mkdir(parents=True)
        try:
            yield new
        except KatsausError:
            _clear(failed)
            new.rename(failed)
            raise
        _swap(new, out, old=old)
        _clear(failed)
    except OSError as error:
        raise _output_error(error, out) from None
    finally:
        _clear(new)


def make_way(folder: Path) -> None:
    """Remove the files of `folder` (not its folders) from a staged site: they share their bytes with the old site's."""
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file():
            path.unlink()


def _swap(new: Path, out: Path, *, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    _clear(old)


def _refuse_foreign(out: Path, entries: frozenset[str]) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(Problem("the output is a file", str(out), do="give a folder with --out"))
    if out.is_dir() and (foreign := sorted({path.name for path in out.iterdir()} - entries)):
        why = f"it holds {foreign[0]}, which no build has written, and would be replaced"
        raise OutputError(Problem("the output folder is not a site", str(out), why, "give another folder with --out"))


def _left_behind(out: Path) -> Iterator[Path]:
    """Folders of builds that were killed."""
    for path in out.parent.glob(f"{out.name}.new-*"):
        number = path.name.rpartition("-")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            yield path


def _clear(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _output_error(error: OSError, out: Path) -> OutputError:
    why = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in FULL:
        return DiskFullError(Problem("there is no room for the site", str(out), why, "free space and build again"))
    return OutputError(Problem("the site can't be written", str(out), why, "give a writable folder with --out"))
