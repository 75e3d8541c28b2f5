"""The site is written beside the old one and swapped in whole: a reader meets the old or the new, never a mix."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from katsaus.errors import BuildError, DiskFullError, OutputError, Problem

try:
    import fcntl
except ImportError:  # no such locks on Windows: there the user sees to it that builds take turns
    fcntl = None  # type: ignore[assignment]

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def staged(out: Path, entries: Iterable[str], *, keep: bool) -> Iterator[Path]:
    """An empty folder (with `keep` a copy of the site at `out`) that takes the place of `out` when the block ends well.

    `entries` are the names that a site holds at its top: a folder with anything else is not a site and is never
    replaced. When the block ends with an error, `out` is untouched; pages that were made beside failed ones stay in
    `<out>.failed`. Raises OutputError if the place can't be written to or another build writes to it, and DiskFullError
    if it is full.
    """
    if not out.name:
        raise OutputError(Problem("the output is no folder of its own", str(out), do="give another folder with --out"))
    new, old, failed, lock = (
        out.with_name(f"{out.name}.{what}") for what in (f"new-{os.getpid()}", "old", "failed", "lock")
    )
    try:
        with _alone(lock, out):
            _mend(out, old)
            _refuse_foreign(out, frozenset(entries))
            _clear(new, failed, *out.parent.glob(f"{out.name}.new-*"))  # the latter of killed builds
            _begin(new, out if keep and out.exists() else None)
            try:
                yield new
                _swap(new, out, old=old)
            except BuildError as error:
                if error.made:
                    new.rename(failed)
                raise
            finally:
                _clear(new)
    except OSError as error:
        if error.errno in FULL or _on_the_way(error, out):
            raise _output_error(error, out) from None
        raise  # not of our writing: a bug, or an installation that lacks something


def make_way(folder: Path) -> None:
    """Remove the files of `folder` (not its folders) from a staged site: they share their bytes with the old site's."""
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file():
            path.unlink()


@contextlib.contextmanager
def _alone(lock: Path, out: Path) -> Iterator[None]:
    """Two builds into one folder would each take the other's pages away."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            if fcntl:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                Problem("another build is writing here", str(out), do="wait until it has ended")
            ) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _begin(new: Path, kept: Path | None) -> None:
    if kept:
        shutil.copytree(kept, new, copy_function=os.link)
    else:
        new.mkdir()


def _swap(new: Path, out: Path, *, old: Path) -> None:
    try:
        if out.exists():
            out.rename(old)
        new.rename(out)
    except BaseException:  # an interrupt in between, too
        _mend(out, old)
        raise
    _clear(old)


def _mend(out: Path, old: Path) -> None:
    """Put the old site back where a swap was cut short."""
    if old.exists() and not out.exists():
        old.rename(out)
    _clear(old)


def _refuse_foreign(out: Path, entries: frozenset[str]) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(Problem("the output is a file", str(out), do="give a folder with --out"))
    if out.is_dir() and (foreign := sorted({path.name for path in out.iterdir()} - entries)):
        why = f"it holds {foreign[0]}, which no build has written, and would be replaced"
        raise OutputError(Problem("the output folder is not a site", str(out), why, "give another folder with --out"))


def _clear(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _on_the_way(error: OSError, out: Path) -> bool:
    """Whether the file that could not be had is within the site, beside it or one of the folders above it."""
    name = str(error.filename or "")
    return name.startswith(str(out)) or Path(name) in out.parents if name else False


def _output_error(error: OSError, out: Path) -> OutputError:
    why = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in FULL:
        return DiskFullError(Problem("there is no room for the site", str(out), why, "free space and build again"))
    return OutputError(Problem("the site can't be written", str(out), why, "give a writable folder with --out"))
