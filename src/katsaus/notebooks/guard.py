"""What a forked page may not do: a notebook gets its figures from open_review and leaves nothing but its outputs.

A house rule that catches mistakes, not a prison: Python code that wants out gets out.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import zoneinfo
from pathlib import Path

FILES = "a notebook opens no files; figures come from open_review"
NETWORK = "a notebook reaches no network; figures come from open_review"
PROCESSES = "a notebook starts no programs"

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CALLS = {
    NETWORK: "socket: connect bind sendto sendmsg getaddrinfo gethostbyname gethostbyaddr getnameinfo",
    PROCESSES: "os: system exec fork forkpty posix_spawn spawn kill killpg startfile",
    FILES: "os: remove rename rmdir mkdir link symlink truncate chmod chown",
}
_EVENTS = {
    f"{module}.{call}": refusal
    for refusal, calls in _CALLS.items()
    for module, _, names in [calls.partition(":")]
    for call in names.split()
} | {"subprocess.Popen": PROCESSES, "pty.spawn": PROCESSES, "sqlite3.connect": FILES}


def forbid() -> None:
    """From now on refuse files, network and programs in this process, with a PermissionError; there is no way back."""
    readable = _readable()

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in _EVENTS:
            raise PermissionError(_EVENTS[event])
        if event == "open":
            _check_open(args, readable)
        elif event in ("os.listdir", "os.scandir") and not _within(args[0], readable):
            raise PermissionError(FILES)

    sys.dont_write_bytecode = True  # a late import must not look like a notebook that writes
    sys.addaudithook(hook)


def _check_open(args: tuple[object, ...], readable: tuple[str, ...]) -> None:
    path, mode, flags = args
    if isinstance(path, int):
        return
    writing = set(mode) & set("wax+") if isinstance(mode, str) else isinstance(flags, int) and flags & _WRITING
    if writing or not _within(path, readable):
        raise PermissionError(FILES)


def _within(path: object, readable: tuple[str, ...]) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return isinstance(path, int)  # what is open already
    name = _absolute(os.fsdecode(path))
    return name.startswith(readable) or name == os.devnull


def _readable() -> tuple[str, ...]:
    """Where Python, its packages, this package and the time zones are: late imports read there."""
    folders = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *zoneinfo.TZPATH, *filter(None, sys.path)]
    folders.append(str(Path(__file__).resolve().parents[1]))
    return tuple({_absolute(folder) + os.sep for folder in folders})


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100  (without a look at the disk, which would be refused in turn)
